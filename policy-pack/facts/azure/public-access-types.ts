import type { ResourceType } from "../../resource-type";
import type { Setting } from "../setting";

import { mayBe, mayNot, must } from "./side-channel-type";

/** Settings without which a service answers past its private endpoint. */
export interface PublicAccessType {
  readonly settings: readonly Setting[];
  /** Settings that say nothing where it answers nobody. */
  readonly rules?: readonly Setting[];
  /** Settings that bind what is in the PHI zone alone: services of Azure's write records to what is elsewhere. */
  readonly inPhi?: readonly Setting[];
  /**
   * Settings that say nothing of a vault in which there are keys and nothing else: they never leave it, and a service of
   * Azure's that encrypts with one needs a role on it besides.
   */
  readonly besidesKeys?: readonly Setting[];
  /** Whether it may be put into a subnet, by a property, and then answers nobody else by default. */
  readonly subnet?: string;
}

const closed = ["Disabled"];
const perimeter = ["Disabled", "SecuredByPerimeter"];
const anybody = "answers past its private endpoint";
const trusted = "answers services of Azure's past its private endpoint";
const named = "answers those whom its own firewall names, past its private endpoint";

/** Whether it answers the Internet at all. The cloud's default is that it does. */
function access(path: string, right: readonly string[] = closed): Setting {
  return must(path, right, anybody);
}

/** What a service's own firewall lets in besides, under a property. It is not asked where the service answers nobody. */
function firewall(prefix: string): readonly Setting[] {
  return ["ipRules", "virtualNetworkRules"].map((list) => mayNot(`${prefix}${list}`, named));
}

const monitored: PublicAccessType = {
  settings: [
    access("publicNetworkAccessForIngestion", perimeter),
    access("publicNetworkAccessForQuery", perimeter),
  ],
};

const plain: PublicAccessType = { settings: [access("publicNetworkAccess", perimeter)] };

const placedDatabase: PublicAccessType = {
  settings: [access("network.publicNetworkAccess")],
  subnet: "network.delegatedSubnetResourceId",
};

/** How services of Azure say whom they answer past their private endpoints (@pulumi/azure-native 3.28). */
export const publicAccessTypes: ReadonlyMap<ResourceType, PublicAccessType> = new Map<
  ResourceType,
  PublicAccessType
>([
  [
    "azure-native:storage:storageaccount",
    {
      settings: [
        access("publicNetworkAccess", perimeter),
        must("networkRuleSet.defaultAction", ["Deny"], anybody),
        mayNot("networkRuleSet.resourceAccessRules", named),
      ],
      rules: firewall("networkRuleSet."),
      inPhi: [must("networkRuleSet.bypass", ["None"], trusted)],
    },
  ],
  [
    "azure-native:keyvault:vault",
    {
      settings: [
        access("properties.publicNetworkAccess", perimeter),
        must("properties.networkAcls.defaultAction", ["Deny"], anybody),
      ],
      rules: firewall("properties.networkAcls."),
      besidesKeys: [must("properties.networkAcls.bypass", ["None"], trusted)],
    },
  ],
  [
    "azure-native:cognitiveservices:account",
    {
      settings: [
        access("properties.publicNetworkAccess", perimeter),
        must("properties.networkAcls.defaultAction", ["Deny"], anybody),
        must("properties.networkAcls.bypass", ["None"], trusted),
      ],
      rules: firewall("properties.networkAcls."),
    },
  ],
  [
    "azure-native:search:service",
    {
      settings: [access("publicNetworkAccess", perimeter), mayBe("networkRuleSet.bypass", ["None"], trusted)],
      rules: [mayNot("networkRuleSet.ipRules", named)],
    },
  ],
  [
    "azure-native:containerregistry:registry",
    {
      settings: [access("publicNetworkAccess"), must("networkRuleBypassOptions", ["None"], trusted)],
      rules: [mayNot("networkRuleSet.ipRules", named)],
    },
  ],
  ["azure-native:sql:server", plain],
  ["azure-native:dbforpostgresql:server", placedDatabase],
  ["azure-native:dbformysql:server", placedDatabase],
  [
    "azure-native:cosmosdb:databaseaccount",
    {
      settings: [
        access("publicNetworkAccess", perimeter),
        mayBe("networkAclBypass", ["None"], trusted),
        mayNot("networkAclBypassResourceIds", trusted),
      ],
      rules: firewall(""),
    },
  ],
  ["azure-native:redis:redis", plain],
  ["azure-native:eventhub:namespace", plain],
  [
    "azure-native:eventhub:namespacenetworkruleset",
    {
      settings: [
        access("publicNetworkAccess", perimeter),
        mayBe("trustedServiceAccessEnabled", [false], trusted),
      ],
      rules: firewall(""),
    },
  ],
  ["azure-native:servicebus:namespace", plain],
  ["azure-native:eventgrid:topic", plain],
  ["azure-native:eventgrid:domain", plain],
  ["azure-native:operationalinsights:workspace", monitored],
  ["azure-native:applicationinsights:component", monitored],
  [
    "azure-native:monitor:datacollectionendpoint",
    { settings: [access("networkAcls.publicNetworkAccess", perimeter)] },
  ],
  [
    "azure-native:monitor:privatelinkscope",
    {
      settings: [
        must("accessModeSettings.ingestionAccessMode", ["PrivateOnly"], "lets logs be sent to any workspace"),
        must("accessModeSettings.queryAccessMode", ["PrivateOnly"], "lets any workspace be asked"),
        mayBe(
          "accessModeSettings.exclusions.ingestionAccessMode",
          ["PrivateOnly"],
          "lets logs be sent to any workspace",
        ),
        mayBe(
          "accessModeSettings.exclusions.queryAccessMode",
          ["PrivateOnly"],
          "lets any workspace be asked",
        ),
      ],
    },
  ],
  ["azure-native:recoveryservices:vault", { settings: [access("properties.publicNetworkAccess")] }],
  [
    "azure-native:machinelearningservices:workspace",
    {
      settings: [access("publicNetworkAccess"), mayBe("allowPublicAccessWhenBehindVnet", [false], anybody)],
    },
  ],
  ["azure-native:datafactory:factory", plain],
  ["azure-native:synapse:workspace", plain],
  ["azure-native:purview:account", plain],
  ["azure-native:digitaltwins:digitaltwin", plain],
  ["azure-native:appconfiguration:configurationstore", plain],
]);
