import type { Sketch } from "../stack-sketch";

import { addressesOf, type Inputs } from "./azure-base";
import {
  add,
  advice,
  azure,
  generated,
  inOwnNetwork,
  managed,
  managedGroup,
  onBoth,
  ownNetwork,
  pair,
  versioned,
} from "./azure-network-pieces";
import type { CorpusCase } from "./corpus-case";

/** A rule of the manager's, ahead of every network security group of a network. */
function adminRule(
  stack: Sketch,
  network: string,
  inputs: Inputs,
  type = azure("network", "AdminRule"),
): string {
  const collection = { ...managed, ruleCollectionName: "collection" };
  add(stack, azure("network", "SecurityAdminConfiguration"), "configuration", managed);
  add(stack, azure("network", "AdminRuleCollection"), "collection", {
    ...collection,
    appliesToGroups: [{ networkGroupId: managedGroup(stack, network) }],
  });
  return add(stack, type, "admin-rule", {
    ...collection,
    ruleName: "admin-rule",
    kind: "Custom",
    priority: 100,
    direction: "Outbound",
    access: "Deny",
    protocol: "Any",
    sources: [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }],
    destinations: [{ addressPrefix: "*", addressPrefixType: "IPPrefix" }],
    sourcePortRanges: ["0-65535"],
    destinationPortRanges: ["0-65535"],
    ...inputs,
  });
}

/** Puts the configuration of the manager in force. */
function commit(stack: Sketch, commitType: string): string {
  return add(stack, azure("network", "Commit"), "commit", {
    networkManagerName: "manager",
    commitName: "commit",
    properties: {
      commitType,
      configurationIds: [stack.id("configuration")],
      targetLocations: ["eastus2"],
    },
  });
}

/** A rule of the manager's in force, for the network of PHI alone: what it says that is wrong, and that is right. */
function managerCase(name: string, bad: Inputs, good: Inputs, type?: string): CorpusCase {
  const build = (stack: Sketch, inputs: Inputs): string => {
    adminRule(stack, ownNetwork(stack, "phi"), inputs, type);
    return commit(stack, "SecurityAdmin");
  };
  return pair(
    "ZE-19",
    name,
    (stack) => build(stack, bad),
    (stack) => build(stack, good),
  );
}

const alwaysOut: Inputs = { access: "AlwaysAllow" };

/** ZE-19: rules of a manager of networks, ahead of those of every network. */
export const azureWaysOutOfManagers: readonly CorpusCase[] = [
  managerCase("always allowed out, or denied", alwaysOut, {}),
  managerCase(
    "always allowed out to some addresses, or denied",
    {
      access: "AlwaysAllow",
      destinations: [{ addressPrefix: "203.0.113.0/24", addressPrefixType: "IPPrefix" }],
    },
    { destinations: [{ addressPrefix: "203.0.113.0/24", addressPrefixType: "IPPrefix" }] },
  ),
  managerCase(
    "always allowed out to a service by its tag, or denied",
    {
      access: "AlwaysAllow",
      destinations: [{ addressPrefix: "Storage", addressPrefixType: "ServiceTag" }],
    },
    { destinations: [{ addressPrefix: "Storage", addressPrefixType: "ServiceTag" }] },
  ),
  managerCase("allowed out, or denied", { access: "Allow" }, {}),
  managerCase(
    "always allowed in, or denied",
    { access: "AlwaysAllow", direction: "Inbound" },
    { direction: "Inbound" },
  ),
  managerCase(
    "always allowed out in small letters, or denied",
    { access: "alwaysallow", direction: "outbound" },
    { access: "deny", direction: "outbound" },
  ),
  ...[versioned("network", "v20230201", "AdminRule"), generated("network", "v20240501", "AdminRule")].map(
    (type) => managerCase(`always allowed out, or denied, by ${type}`, alwaysOut, {}, type),
  ),
  inOwnNetwork("ZE-19", "always allowed out, for a network of which zone", (stack, network) => {
    adminRule(stack, network, alwaysOut);
    return commit(stack, "SecurityAdmin");
  }),
  inOwnNetwork(
    "ZE-19",
    "always allowed out, put in force by another stack, for a network of which zone",
    (stack, network) => adminRule(stack, network, alwaysOut),
  ),
  ...onBoth(
    pair(
      "ZE-19",
      "always allowed out of the network of all zones, or denied",
      (stack) => {
        adminRule(stack, stack.id("vnet"), {
          ...alwaysOut,
          sources: [{ addressPrefix: addressesOf.phi, addressPrefixType: "IPPrefix" }],
        });
        return commit(stack, "SecurityAdmin");
      },
      (stack) => {
        adminRule(stack, stack.id("vnet"), {
          sources: [{ addressPrefix: addressesOf.phi, addressPrefixType: "IPPrefix" }],
        });
        return commit(stack, "SecurityAdmin");
      },
    ),
  ),
  inOwnNetwork("ZE-19", "a rule of Azure's own, for a network of which zone", (stack, network) => {
    adminRule(stack, network, {});
    add(stack, azure("network", "DefaultAdminRule"), "default-rule", {
      ...managed,
      ruleCollectionName: "collection",
      ruleName: "default-rule",
      kind: "Default",
      flag: "AllowVnetOutbound",
    });
    return commit(stack, "SecurityAdmin");
  }),
  advice(
    "ZE-19",
    "a denial that nobody puts in force, or that is",
    (stack) => adminRule(stack, ownNetwork(stack, "phi"), {}),
    (stack) => {
      adminRule(stack, ownNetwork(stack, "phi"), {});
      return commit(stack, "SecurityAdmin");
    },
  ),
  advice(
    "ZE-19",
    "what is put in force is of another kind, or the denial",
    (stack) => {
      adminRule(stack, ownNetwork(stack, "phi"), {});
      return commit(stack, "Connectivity");
    },
    (stack) => {
      adminRule(stack, ownNetwork(stack, "phi"), {});
      return commit(stack, "SecurityAdmin");
    },
  ),
];
