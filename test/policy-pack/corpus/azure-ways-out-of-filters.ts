import type { Sketch } from "../stack-sketch";

import { addressesOf, nsgRule, textId, type Inputs } from "./azure-base";
import {
  add,
  address,
  addRules,
  allowOut,
  azure,
  changeRules,
  generated,
  giveRule,
  giveSubnet,
  halves,
  halvesInside,
  inside,
  networkInterface,
  nsg,
  onBoth,
  onSubnets,
  pair,
  removeRules,
  respell,
  setting,
  versioned,
  type Change,
} from "./azure-network-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

const nothing: Change = () => undefined;

const nsgOf = (name: string): Inputs => ({
  networkSecurityGroup: { id: textId("Microsoft.Network/networkSecurityGroups", name) },
});

/** A second subnet of PHI, as a resource. */
function subnetResource(stack: Sketch, type: string, inputs: Inputs): string {
  return add(stack, type, "second-subnet", {
    virtualNetworkName: "vnet",
    subnetName: "second",
    addressPrefix: "10.0.9.0/24",
    defaultOutboundAccess: false,
    privateEndpointNetworkPolicies: "Enabled",
    routeTable: { id: stack.id("phi-routes") },
    ...inputs,
  });
}

const missing: readonly CorpusCase[] = [
  ...[
    pair(
      "ZE-02",
      "no group on PHI's subnet, or PHI's",
      (stack) => giveSubnet(stack, "phi", { networkSecurityGroup: undefined }),
      nothing,
    ),
    pair(
      "ZE-02",
      "a group that names none on PHI's subnet, or PHI's",
      (stack) => giveSubnet(stack, "phi", { networkSecurityGroup: {} }),
      (stack) => giveSubnet(stack, "phi", nsgOf("phi-nsg")),
    ),
    pair(
      "ZE-02",
      "the gateway's group on PHI's subnet, or PHI's in capitals",
      (stack) => giveSubnet(stack, "phi", nsgOf("gateway-nsg")),
      (stack) =>
        giveSubnet(stack, "phi", {
          networkSecurityGroup: {
            id: textId("Microsoft.Network/networkSecurityGroups", "phi-nsg")
              .toUpperCase()
              .replace("/SUBSCRIPTIONS/", "/subscriptions/"),
          },
        }),
    ),
    pair(
      "ZE-02",
      "a group on PHI's subnet that the stack does not show, or PHI's",
      (stack) => giveSubnet(stack, "phi", nsgOf("somebody-elses")),
      (stack) => giveSubnet(stack, "phi", nsgOf("phi-nsg")),
    ),
    pair(
      "ZE-02",
      "a group without zone and rules on PHI's subnet, or one that is closed",
      (stack) => {
        nsg(stack, "quiet-nsg", { securityRules: [] });
        return giveSubnet(stack, "phi", nsgOf("quiet-nsg"));
      },
      (stack) => {
        nsg(stack, "quiet-nsg");
        return giveSubnet(stack, "phi", nsgOf("quiet-nsg"));
      },
    ),
  ].flatMap(onBoth),
  ...[versioned("network", "v20230201", "Subnet"), generated("network", "v20240501", "Subnet")].map((type) =>
    onSubnets(
      setting(
        "ZE-02",
        `no group on a second subnet of PHI, or PHI's, by ${type}`,
        (stack, inputs: Inputs) => subnetResource(stack, type, inputs),
        {},
        nsgOf("phi-nsg"),
      ),
    ),
  ),
];

/** A row of rules out of PHI: what one case adds that is wrong, and what it adds that is right. */
type Row = readonly [name: string, bad: Inputs, good: Inputs];

function added(id: string, list: readonly Row[]): readonly CorpusCase[] {
  return list.map(([name, bad, good]) =>
    setting(id, name, (stack, inputs: Inputs) => addRules(stack, inputs), bad, good),
  );
}

const toPhi = allowOut({ destinationAddressPrefix: inside });

/** A group whose members are interfaces in a zone, and a rule of PHI's that lets out to it. */
function allowOutToMembers(stack: Sketch, zone: "processing" | "phi"): unknown {
  const members = add(stack, azure("network", "ApplicationSecurityGroup"), "members", {
    applicationSecurityGroupName: "members",
  });
  networkInterface(stack, zone, {
    ipConfigurations: [address(stack, zone, { applicationSecurityGroups: [{ id: members }] })],
  });
  return addRules(
    stack,
    allowOut({
      destinationAddressPrefix: undefined,
      destinationApplicationSecurityGroups: [
        { id: textId("Microsoft.Network/applicationSecurityGroups", "members") },
      ],
    }),
  );
}

const openRules: readonly CorpusCase[] = [
  pair("ZE-03", "no denial of all that goes out, or one", (stack) => removeRules(stack, "deny-out"), nothing),
  pair(
    "ZE-03",
    "no rules at all, or denials in both directions",
    (stack) => amend(stack, "phi-nsg", { securityRules: undefined }),
    (stack) => removeRules(stack, "processing-to-phi-in"),
  ),
  pair(
    "ZE-03",
    "an empty list of rules, or denials in both directions",
    (stack) => changeRules(stack, "phi", () => []),
    (stack) => removeRules(stack, "processing-to-phi-in"),
  ),
  setting(
    "ZE-03",
    "the denial is of what comes in, or of what goes out",
    (stack, direction) => giveRule(stack, "deny-out", { direction, priority: 4095 }),
    "Inbound",
    "Outbound",
  ),
  setting(
    "ZE-03",
    "what should be denied is allowed",
    (stack, access) => giveRule(stack, "deny-out", { access }),
    "Allow",
    "Deny",
  ),
  ...added("ZE-03", [
    ["allow: 443 to everywhere, or to PHI's subnet", allowOut(), toPhi],
    [
      "allow: everything to everywhere, or to PHI's subnet",
      allowOut({ protocol: "*", destinationPortRange: "*" }),
      allowOut({ protocol: "*", destinationPortRange: "*", destinationAddressPrefix: inside }),
    ],
    ["allow: to 0.0.0.0/0, or to PHI's subnet", allowOut({ destinationAddressPrefix: "0.0.0.0/0" }), toPhi],
    ["allow: to all of IPv6, or to PHI's subnet", allowOut({ destinationAddressPrefix: "::/0" }), toPhi],
    [
      "allow: to one public address without a length, or one of PHI's",
      allowOut({ destinationAddressPrefix: "203.0.113.7" }),
      allowOut({ destinationAddressPrefix: "10.0.3.7" }),
    ],
    [
      "allow: to both halves of the Internet, or of PHI's subnet",
      allowOut({ destinationAddressPrefix: undefined, destinationAddressPrefixes: halves }),
      allowOut({ destinationAddressPrefix: undefined, destinationAddressPrefixes: halvesInside }),
    ],
    [
      "allow: the second prefix of two is outside, or neither",
      allowOut({
        destinationAddressPrefix: undefined,
        destinationAddressPrefixes: [inside, "198.51.100.0/24"],
      }),
      allowOut({
        destinationAddressPrefix: undefined,
        destinationAddressPrefixes: [inside, "10.0.3.64/26"],
      }),
    ],
    [
      "allow: to the whole network, or to PHI's subnet",
      allowOut({ destinationAddressPrefix: "10.0.0.0/16" }),
      toPhi,
    ],
    [
      "allow: to the subnet of processing, or to PHI's",
      allowOut({ destinationAddressPrefix: addressesOf.processing }),
      toPhi,
    ],
    [
      "allow: names to a resolver in processing, or in PHI",
      allowOut({ protocol: "Udp", destinationPortRange: "53", destinationAddressPrefix: "10.0.2.53/32" }),
      allowOut({ protocol: "Udp", destinationPortRange: "53", destinationAddressPrefix: "10.0.3.53/32" }),
    ],
    [
      "allow: pings to everywhere, or to PHI's subnet",
      allowOut({ protocol: "Icmp", destinationPortRange: "*" }),
      allowOut({ protocol: "Icmp", destinationPortRange: "*", destinationAddressPrefix: inside }),
    ],
    [
      "allow: many ports by their list, to everywhere or to PHI's subnet",
      allowOut({ destinationPortRange: undefined, destinationPortRanges: ["22", "8000-8999"] }),
      allowOut({
        destinationPortRange: undefined,
        destinationPortRanges: ["22", "8000-8999"],
        destinationAddressPrefix: inside,
      }),
    ],
    [
      "allow: from one address of PHI's to everywhere, or denied",
      allowOut({ sourceAddressPrefix: "10.0.3.9/32" }),
      allowOut({ sourceAddressPrefix: "10.0.3.9/32", access: "Deny" }),
    ],
    [
      "allow: in small letters, or deny in capitals",
      allowOut({ access: "allow", direction: "outbound", protocol: "tcp" }),
      allowOut({ access: "DENY", direction: "OUTBOUND", protocol: "TCP" }),
    ],
    [
      "allow: what comes in from everywhere, or from processing",
      nsgRule("case-in", 200, "Inbound", "Allow", { protocol: "Tcp", destinationPortRange: "443" }),
      nsgRule("case-in", 200, "Inbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: addressesOf.processing,
      }),
    ],
    [
      "allow: what comes in from the gateway, or from processing",
      nsgRule("case-in", 200, "Inbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ["10.0.2.7/32", "10.0.1.7/32"],
      }),
      nsgRule("case-in", 200, "Inbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: undefined,
        sourceAddressPrefixes: ["10.0.2.7/32", "10.0.2.8/32"],
      }),
    ],
  ]),
  ...onBoth(
    pair(
      "ZE-03",
      "allow: to a group of interfaces in processing, or in PHI",
      (stack) => allowOutToMembers(stack, "processing"),
      (stack) => allowOutToMembers(stack, "phi"),
    ),
  ),
  ...[
    versioned("network", "v20230201", "NetworkSecurityGroup"),
    generated("network", "v20240501", "NetworkSecurityGroup"),
  ].map((type) =>
    setting(
      "ZE-03",
      `allow: to everywhere, or to PHI's subnet, by ${type}`,
      (stack, inputs: Inputs) => respell(addRules(stack, inputs), "phi-nsg", type),
      allowOut(),
      toPhi,
    ),
  ),
];

const tags = [
  "Internet",
  "internet",
  "VirtualNetwork",
  "AzureCloud",
  "AzureCloud.eastus2",
  "Storage",
  "Storage.EastUS2",
  "Sql",
  "AzureActiveDirectory",
  "AzureMonitor",
  "AzureKeyVault",
  "EventHub",
  "AzureFrontDoor.Frontend",
  "SomethingNewOfAzures",
] as const;

const serviceTags: readonly CorpusCase[] = [
  ...added(
    "ZE-04",
    tags.map((tag) => [
      `${tag}: allowed, or denied`,
      allowOut({ destinationAddressPrefix: tag }),
      allowOut({ destinationAddressPrefix: tag, access: "Deny" }),
    ]),
  ),
  ...added("ZE-04", [
    [
      "a tag in a list of prefixes, or a prefix of PHI's",
      allowOut({ destinationAddressPrefix: undefined, destinationAddressPrefixes: [inside, "Storage"] }),
      allowOut({ destinationAddressPrefix: undefined, destinationAddressPrefixes: halvesInside }),
    ],
    [
      "what comes in from VirtualNetwork, or from processing",
      nsgRule("case-in", 200, "Inbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: "VirtualNetwork",
      }),
      nsgRule("case-in", 200, "Inbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: addressesOf.processing,
      }),
    ],
  ]),
  setting(
    "ZE-04",
    "a second group of PHI's that allows Storage, or nothing",
    (stack, access) => {
      nsg(stack, "second-nsg", {
        tags: inZone("phi"),
        securityRules: [
          allowOut({ destinationAddressPrefix: "Storage", access }),
          ...["AzurePlatformDNS", "AzurePlatformIMDS", "AzurePlatformLKM"].map(
            (destinationAddressPrefix, index) =>
              nsgRule(destinationAddressPrefix, 4000 + index, "Outbound", "Deny", {
                destinationAddressPrefix,
              }),
          ),
          nsgRule("deny-in", 4096, "Inbound", "Deny"),
          nsgRule("deny-out", 4096, "Outbound", "Deny"),
        ],
      });
      return giveSubnet(stack, "phi", nsgOf("second-nsg"));
    },
    "Allow",
    "Deny",
  ),
];

/** ZE-02 to ZE-04: network security groups that are missing, or let out. */
export const azureWaysOutOfFilters: readonly CorpusCase[] = [...missing, ...openRules, ...serviceTags];
