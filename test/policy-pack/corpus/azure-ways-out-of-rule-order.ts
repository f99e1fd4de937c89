import { ownGroup, type Sketch } from "../stack-sketch";

import { addressesOf, nsgRule, platformTags, type Inputs } from "./azure-base";
import {
  add,
  addRules,
  allowOut,
  azure,
  besideMachine,
  changeRules,
  generated,
  giveRule,
  halves,
  inside,
  inPhiOrGateway,
  pair,
  removeRules,
  setting,
  versioned,
} from "./azure-network-pieces";
import type { CorpusCase } from "./corpus-case";

const everywhere = allowOut({ protocol: "*", destinationPortRange: "*" });

/** Denials in place of the one of all that goes out of PHI; Azure's own rules stay behind them. */
function denials(stack: Sketch, list: readonly Inputs[]): Sketch {
  return addRules(
    removeRules(stack, "deny-out"),
    ...list.map((inputs, index) =>
      nsgRule(`deny-${String(index)}`, 3900 + index, "Outbound", "Deny", inputs),
    ),
  );
}

/** Denials that leave something open, and such that do not. */
function narrower(name: string, bad: readonly Inputs[], good: readonly Inputs[]): CorpusCase {
  return setting("ZE-05", `denials: ${name}`, denials, bad, good);
}

const order: readonly CorpusCase[] = [
  setting(
    "ZE-05",
    "order: allowed before it is denied, or after",
    (stack, priority) =>
      addRules(giveRule(stack, "deny-out", { priority: 4090 }), { ...everywhere, priority }),
    4089,
    4091,
  ),
  pair(
    "ZE-05",
    "order: allowed last in the list and first by its number, or the reverse",
    (stack) => addRules(stack, { ...everywhere, priority: 100 }),
    (stack) =>
      changeRules(giveRule(stack, "deny-out", { priority: 4000 }), "phi", (rules) => [
        { ...everywhere, priority: 4096 },
        ...rules.filter(({ name }) => !String(name).startsWith("deny-AzurePlatform")),
        ...rules
          .filter(({ name }) => String(name).startsWith("deny-AzurePlatform"))
          .map((rule, index) => ({ ...rule, priority: 3000 + index })),
      ]),
  ),
  setting(
    "ZE-05",
    "order: between two denials, of which the first is of part or of all",
    (stack, destinationAddressPrefix) =>
      addRules(
        stack,
        nsgRule("deny-first", 3000, "Outbound", "Deny", { destinationAddressPrefix }),
        allowOut({ priority: 3500, destinationAddressPrefix: "203.0.113.0/24" }),
      ),
    addressesOf.gateway,
    "*",
  ),
  pair(
    "ZE-05",
    "order: the same number for what is allowed and what is denied, or another",
    (stack) => addRules(stack, { ...everywhere, priority: 4096 }),
    (stack) => addRules(giveRule(stack, "deny-out", { priority: 4095 }), { ...everywhere, priority: 4096 }),
  ),
  pair(
    "ZE-05",
    "order: two rules of one number, in one direction or one in each",
    (stack) =>
      addRules(
        stack,
        allowOut({ priority: 300, destinationAddressPrefix: "203.0.113.0/24" }),
        allowOut({ name: "case-not", priority: 300, access: "Deny" }),
      ),
    (stack) =>
      addRules(
        stack,
        nsgRule("case-in", 300, "Inbound", "Allow", {
          protocol: "Tcp",
          destinationPortRange: "443",
          sourceAddressPrefix: addressesOf.processing,
        }),
        allowOut({ name: "case-not", priority: 300, access: "Deny" }),
      ),
  ),
  pair(
    "ZE-05",
    "order: the list turned round, with what is allowed or without",
    (stack) => changeRules(addRules(stack, everywhere), "phi", (rules) => [...rules].reverse()),
    (stack) => changeRules(stack, "phi", (rules) => [...rules].reverse()),
  ),
  narrower("of TCP alone, or of all protocols", [{ protocol: "Tcp" }], [{ protocol: "*" }]),
  narrower(
    "of 443 alone, or of all ports",
    [{ protocol: "Tcp", destinationPortRange: "443" }],
    [{ destinationPortRange: "0-65535" }],
  ),
  narrower(
    "of the ports on both sides of 443, or of all",
    [{ destinationPortRange: undefined, destinationPortRanges: ["0-442", "444-65535"] }],
    [{ destinationPortRange: undefined, destinationPortRanges: ["0-442", "443-65535"] }],
  ),
  narrower(
    "of the Internet alone, or of the network too",
    [{ destinationAddressPrefix: "Internet" }],
    [{ destinationAddressPrefix: "Internet" }, { destinationAddressPrefix: "VirtualNetwork" }],
  ),
  narrower(
    "of the network alone, or of the Internet too",
    [{ destinationAddressPrefix: "VirtualNetwork" }],
    [{ destinationAddressPrefix: "VirtualNetwork" }, { destinationAddressPrefix: "Internet" }],
  ),
  narrower(
    "of one half of all addresses, or of both",
    [{ destinationAddressPrefix: undefined, destinationAddressPrefixes: ["0.0.0.0/1"] }],
    [{ destinationAddressPrefix: undefined, destinationAddressPrefixes: halves }],
  ),
  narrower(
    "of all but PHI's network, of which processing is a part, or of all",
    [{ destinationAddressPrefix: "Internet" }, { destinationAddressPrefix: inside }],
    [{ destinationAddressPrefix: "0.0.0.0/0" }],
  ),
  narrower(
    "of what half of PHI sends, or all of it",
    [{ sourceAddressPrefix: "10.0.3.0/25" }],
    [{ sourceAddressPrefix: inside }],
  ),
  narrower(
    "of what PHI sends from one port, or from all",
    [{ sourcePortRange: "1024-65535" }],
    [{ sourcePortRange: "0-65535" }],
  ),
];

/** A rule that is a resource of its own, beside those within the group. */
function standalone(
  stack: Sketch,
  inputs: Inputs,
  networkSecurityGroupName = "phi-nsg",
  type = azure("network", "SecurityRule"),
): string {
  return add(stack, type, "rule", {
    networkSecurityGroupName,
    securityRuleName: "rule",
    ...everywhere,
    ...inputs,
  });
}

const standaloneRules: readonly CorpusCase[] = [
  setting(
    "ZE-06",
    "standalone: all allowed, or denied",
    (stack, access) => standalone(stack, { access }),
    "Allow",
    "Deny",
  ),
  setting(
    "ZE-06",
    "standalone: allowed to Storage, or PHI's subnet",
    (stack, destinationAddressPrefix) => standalone(stack, { destinationAddressPrefix }),
    "Storage",
    inside,
  ),
  setting(
    "ZE-06",
    "standalone: allowed to a list of prefixes, outside or inside",
    (stack, destinationAddressPrefixes: readonly string[]) =>
      standalone(stack, { destinationAddressPrefix: undefined, destinationAddressPrefixes }),
    [inside, "203.0.113.0/24"],
    [inside, "10.0.3.64/26"],
  ),
  inPhiOrGateway("ZE-06", "standalone: to processing, in the group of which zone", (stack, zone) =>
    standalone(
      stack,
      { protocol: "Tcp", destinationPortRange: "443", destinationAddressPrefix: addressesOf.processing },
      `${zone}-nsg`,
    ),
  ),
  setting(
    "ZE-06",
    "standalone: before the denial, or after",
    (stack, priority) => standalone(giveRule(stack, "deny-out", { priority: 4050 }), { priority }),
    4049,
    4051,
  ),
  setting(
    "ZE-06",
    "standalone: the group's name in capitals, allowed or denied",
    (stack, access) => standalone(stack, { access }, "PHI-NSG"),
    "Allow",
    "Deny",
  ),
  setting(
    "ZE-06",
    "standalone: in a group of that name in the resource group, or in another",
    (stack, resourceGroupName) => standalone(stack, { resourceGroupName }),
    ownGroup.toUpperCase(),
    "laboratory",
  ),
  setting(
    "ZE-06",
    "standalone: what comes in from everywhere, or from processing",
    (stack, sourceAddressPrefix) =>
      standalone(stack, {
        direction: "Inbound",
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix,
      }),
    "*",
    addressesOf.processing,
  ),
  ...[
    versioned("network", "v20230201", "SecurityRule"),
    generated("network", "v20240501", "SecurityRule"),
  ].map((type) =>
    setting(
      "ZE-06",
      `standalone: all allowed, or denied, by ${type}`,
      (stack, access) => standalone(stack, { access }, "phi-nsg", type),
      "Allow",
      "Deny",
    ),
  ),
];

/** Only code asks for names, for tokens of the host, or for licences. */
const platform: readonly CorpusCase[] = [
  ...platformTags.flatMap((tag) => [
    pair(
      "ZE-07",
      `${tag}: not denied, or denied`,
      (stack) => removeRules(stack, `deny-${tag}`),
      (stack) => giveRule(stack, `deny-${tag}`, { destinationAddressPrefix: tag.toLowerCase() }),
    ),
    setting(
      "ZE-07",
      `${tag}: allowed, or denied once more`,
      (stack, access) =>
        addRules(stack, nsgRule("case-platform", 150, "Outbound", access, { destinationAddressPrefix: tag })),
      "Allow",
      "Deny",
    ),
  ]),
  pair(
    "ZE-07",
    "platform: denied after everything, which does not reach it, or not denied twice",
    (stack) => removeRules(stack, ...platformTags.map((tag) => `deny-${tag}`)),
    (stack) =>
      changeRules(giveRule(stack, "deny-out", { priority: 3000 }), "phi", (rules) => [...rules].reverse()),
  ),
  pair(
    "ZE-07",
    "platform: denied by its addresses, which does not reach it, or by its tags",
    (stack) =>
      addRules(
        removeRules(stack, ...platformTags.map((tag) => `deny-${tag}`)),
        nsgRule("deny-platform", 4000, "Outbound", "Deny", {
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: ["168.63.129.16/32", "169.254.169.254/32"],
        }),
      ),
    (stack) =>
      addRules(
        stack,
        nsgRule("deny-platform", 3999, "Outbound", "Deny", {
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: ["168.63.129.16/32", "169.254.169.254/32"],
        }),
      ),
  ),
  setting(
    "ZE-07",
    "names: denied by TCP alone, or by all protocols",
    (stack, protocol) => giveRule(stack, "deny-AzurePlatformDNS", { protocol }),
    "Tcp",
    "*",
  ),
  setting(
    "ZE-07",
    "metadata: denied to half of PHI, or to all",
    (stack, sourceAddressPrefix) => giveRule(stack, "deny-AzurePlatformIMDS", { sourceAddressPrefix }),
    "10.0.3.0/25",
    "VirtualNetwork",
  ),
].map(besideMachine);

/** ZE-05 to ZE-07: rules in an order that lets out, rules of their own, and what no other rule is about. */
export const azureWaysOutOfRuleOrder: readonly CorpusCase[] = [...order, ...standaloneRules, ...platform];
