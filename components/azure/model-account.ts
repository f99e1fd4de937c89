import * as cognitiveservices from "@pulumi/azure-native/cognitiveservices";
import type * as pulumi from "@pulumi/pulumi";

import { nativeModelsOn } from "../../model/native-models";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import { zoneTags } from "../zone-facts";

import { asWritten } from "./as-written";
import type { CustomerKey } from "./customer-key";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import type { PhysicalNames } from "./physical-names";

export interface ModelAccountArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly key: CustomerKey;
  readonly records: RecordsDestination;
}

/** How many thousand tokens a minute each model answers; a subscription has a quota of them for each region and model. */
const thousandTokensPerMinute = 50;

/** What the policy of every model filters: harm in what is asked and answered, and attempts to talk a model out of its task. */
const harms = ["Hate", "Selfharm", "Sexual", "Violence"] as const;
const attacks = ["Jailbreak", "Indirect Attack"] as const;
const others = ["Protected Material Code", "Protected Material Text"] as const;

type Filter = {
  readonly name: (typeof harms)[number] | (typeof attacks)[number] | (typeof others)[number];
  readonly source: "Prompt" | "Completion";
  readonly enabled: true;
  readonly blocking: true;
  readonly severityThreshold?: "Medium";
};

/** The filters (Azure documentation, "Content filtering for Azure OpenAI"): each blocks, and none only remarks. */
function filters(): Filter[] {
  const blocks = { enabled: true, blocking: true } as const;
  return [
    ...harms.flatMap((name): readonly Filter[] => [
      // Clinical texts speak of injuries and bodies: the lowest level would refuse them.
      { name, source: "Prompt", severityThreshold: "Medium", ...blocks },
      { name, source: "Completion", severityThreshold: "Medium", ...blocks },
    ]),
    ...attacks.map((name): Filter => ({ name, source: "Prompt", ...blocks })),
    ...others.map((name): Filter => ({ name, source: "Completion", ...blocks })),
  ];
}

/**
 * The account of the cloud's own models: it answers by private endpoint alone and to identities alone, calls nobody, and
 * deploys the models that the platform names, each in the region itself, behind a policy that blocks.
 *
 * @returns the account; `ready` is what must stand before a workload asks a model.
 */
export function modelAccount(
  { spec, names, key, records }: ModelAccountArgs,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): { readonly account: cognitiveservices.Account; readonly ready: readonly pulumi.Resource[] } {
  const { parent } = opts;
  const tags = zoneTags(spec.name, sharedZone);
  const resourceGroupName = names.group("platform");
  const accountName = names.modelAccount;
  const properties = {
    customSubDomainName: accountName,
    publicNetworkAccess: "Disabled",
    networkAcls: { defaultAction: "Deny", bypass: "None", ipRules: [], virtualNetworkRules: [] },
    disableLocalAuth: true,
    restrictOutboundNetworkAccess: true,
    allowedFqdnList: [],
    allowProjectManagement: false,
    encryption: {
      keySource: "Microsoft.KeyVault",
      keyVaultProperties: {
        identityClientId: key.identity.clientId,
        keyName: names.key(key.purpose),
        keyVaultUri: names.vaultUri(key.purpose),
      },
    },
  } satisfies cognitiveservices.AccountArgs["properties"];
  const account = new cognitiveservices.Account(
    `${spec.name}-models`,
    {
      accountName,
      resourceGroupName,
      location: names.location,
      kind: "AIServices",
      sku: { name: "S0" },
      identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId(key.purpose)] },
      properties,
      tags,
    },
    {
      parent,
      dependsOn: [...opts.dependsOn, ...key.usable],
      // The id of the key's identity is not known in a preview; all else is.
      transformations: [asWritten("properties", properties)],
    },
  );
  diagnostics(`${spec.name}-models`, names.modelAccountId, records, {
    parent,
    dependsOn: [account, ...records.delivery],
  });
  const raiPolicyName = names.owned("models");
  const policy = new cognitiveservices.RaiPolicy(
    `${spec.name}-models-policy`,
    {
      raiPolicyName,
      accountName,
      resourceGroupName,
      properties: {
        basePolicyName: "Microsoft.DefaultV2",
        mode: "Blocking",
        contentFilters: filters(),
      },
      tags,
    },
    { parent, dependsOn: [account] },
  );
  // Azure deploys one model of an account at a time.
  let before: pulumi.Resource = policy;
  for (const model of nativeModelsOn("azure", spec)) {
    before = new cognitiveservices.Deployment(
      `${spec.name}-model-${model}`,
      {
        deploymentName: model,
        accountName,
        resourceGroupName,
        // Answers in the region itself; the other kinds answer from anywhere.
        sku: { name: "Standard", capacity: thousandTokensPerMinute },
        properties: {
          // Models of other publishers are not of Azure's own service.
          model: { format: "OpenAI", name: model },
          raiPolicyName,
          versionUpgradeOption: "NoAutoUpgrade",
        },
        tags,
      },
      { parent, dependsOn: [before] },
    );
  }
  return { account, ready: [account, policy, before] };
}
