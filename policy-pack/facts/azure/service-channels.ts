import type { ResourceType } from "../../resource-type";

import {
  mayBe,
  mayNot,
  must,
  out,
  part,
  readsNamed,
  store,
  to,
  toOwn,
  toSubnet,
  unless,
  type SideChannelType,
} from "./side-channel-type";
import { storageAccounts } from "./store-channels";

const aiAccounts = ["azure-native:cognitiveservices:account"] as const;
const learningWorkspaces = ["azure-native:machinelearningservices:workspace"] as const;
const vaults = ["azure-native:keyvault:vault"] as const;
const registries = ["azure-native:containerregistry:registry"] as const;

const ofAccount = readsNamed("accountName", ...aiAccounts);
const ofLearning = readsNamed("workspaceName", ...learningWorkspaces);
const ofVault = readsNamed("vaultName", ...vaults);
const ofRegistry = readsNamed("registryName", ...registries);

function everywhere(type: SideChannelType): SideChannelType {
  return { ...type, isHeldEverywhere: true };
}

/** A part of a service that is in its zone, and by which nothing leaves. */
function inert(of: SideChannelType["partOf"]): SideChannelType {
  return { ...store(), ...(of === undefined ? {} : { partOf: of }) };
}

const anywhere = "its calls may go anywhere";

/** The formats of models that Microsoft runs itself, under its agreement on health data. */
const ownFormats = ["OpenAI", "Microsoft"];

const isolated = (path: string): SideChannelType["exits"] =>
  unless(
    must(`${path}.isolationMode`, ["AllowOnlyApprovedOutbound"], "its managed network lets connections out"),
    mayNot(`${path}.outboundRules`, "its managed network lets connections out"),
  );

const tool = everywhere(
  part("a connection leads its agents to a service outside", ofAccount, to("properties.target")),
);

/** Services that are told PHI, or that hold what runs beside it, and the ways by which something leaves by them. */
export const serviceChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Models.
  [
    "azure-native:cognitiveservices:account",
    everywhere(
      store(
        to("properties.userOwnedStorage.resourceId", ...storageAccounts),
        toSubnet("properties.networkInjections.subnetArmId"),
        ...unless(
          must("properties.restrictOutboundNetworkAccess", [true], anywhere),
          mayNot("properties.allowedFqdnList", "its calls may go to hosts by their names"),
          mayBe(
            "properties.networkInjections.useMicrosoftManagedNetwork",
            [false],
            "its agents run in a network of Microsoft's",
          ),
          mayNot("properties.amlWorkspace", "it works in a workspace of machine learning"),
          mayNot("properties.locations", "it answers from several regions"),
          mayNot("properties.raiMonitorConfig", "what it is told is copied for monitoring"),
          mayNot("properties.apiProperties", "it sends what it is told to a store or a queue of its own"),
        ),
      ),
    ),
  ],
  [
    "azure-native:cognitiveservices:deployment",
    everywhere(
      part(
        "a model works on it",
        ofAccount,
        ...unless(
          must("sku.name", ["Standard", "ProvisionedManaged"], "a model works on it in other regions"),
          must("properties.model.format", ownFormats, "a model works on it that is not Microsoft's"),
          mayBe("properties.model.publisher", ownFormats, "a model works on it that is not Microsoft's"),
        ),
      ),
    ),
  ],
  [
    "azure-native:cognitiveservices:managednetworksetting",
    everywhere(
      part("its managed network lets connections out", ofAccount, ...isolated("properties.managedNetwork")),
    ),
  ],
  [
    "azure-native:cognitiveservices:outboundrule",
    everywhere(
      part(
        "its managed network lets a connection out",
        ofAccount,
        to("properties.destination.serviceResourceId"),
        ...unless(must("properties.type", ["PrivateEndpoint"], "its managed network lets connections out")),
      ),
    ),
  ],
  ["azure-native:cognitiveservices:accountconnection", tool],
  ["azure-native:cognitiveservices:projectconnection", tool],
  ["azure-native:cognitiveservices:project", inert(ofAccount)],
  ["azure-native:cognitiveservices:raipolicy", inert(ofAccount)],
  ["azure-native:cognitiveservices:raiblocklist", inert(ofAccount)],
  ["azure-native:cognitiveservices:raiblocklistitem", inert(ofAccount)],
  ["azure-native:cognitiveservices:encryptionscope", inert(ofAccount)],
  [
    "azure-native:machinelearningservices:workspace",
    everywhere(
      store(
        toOwn("storageAccount", ...storageAccounts),
        toOwn("keyVault", ...vaults),
        toOwn("containerRegistry", ...registries),
        ...isolated("managedNetwork"),
      ),
    ),
  ],
  [
    "azure-native:machinelearningservices:serverlessendpoint",
    everywhere(part("a model that is not Microsoft's works on it", ofLearning, out)),
  ],
  [
    "azure-native:machinelearningservices:marketplacesubscription",
    everywhere(part("a model that is not Microsoft's works on it", ofLearning, out)),
  ],

  // Vaults.
  [
    "azure-native:keyvault:vault",
    store(
      ...unless(
        mayBe("properties.enabledForDeployment", [false], "virtual machines are given its secrets"),
        mayBe("properties.enabledForDiskEncryption", [false], "its keys are given out for disks"),
        mayBe("properties.enabledForTemplateDeployment", [false], "templates are given its secrets"),
      ),
    ),
  ],
  ["azure-native:keyvault:key", inert(ofVault)],
  ["azure-native:keyvault:secret", inert(ofVault)],
  ["azure-native:keyvault:accesspolicy", inert(ofVault)],

  // Registries.
  [
    "azure-native:containerregistry:registry",
    everywhere(
      store(
        ...unless(
          must("policies.exportPolicy.status", ["disabled"], "what it holds may be exported"),
          mayBe("adminUserEnabled", [false], "whoever has its password is let in"),
          mayBe("anonymousPullEnabled", [false], "everybody is let in"),
        ),
      ),
    ),
  ],
  [
    "azure-native:containerregistry:exportpipeline",
    everywhere(part("what it holds is exported", ofRegistry, out)),
  ],
  [
    "azure-native:containerregistry:pipelinerun",
    everywhere(part("what it holds is exported", ofRegistry, out)),
  ],
  [
    "azure-native:containerregistry:replication",
    everywhere(part("what it holds is replicated to another region", ofRegistry, out)),
  ],
  [
    "azure-native:containerregistry:webhook",
    everywhere(part("what happens to it is told to an address", ofRegistry, out)),
  ],
  [
    "azure-native:containerregistry:connectedregistry",
    everywhere(part("what it holds is copied to a registry elsewhere", ofRegistry, out)),
  ],
];
