import type { Sketch } from "../stack-sketch";
import { ownGroup, unknownText } from "../stack-sketch";
import { addressesOf, nsgRule, subnetId, textId, type Inputs } from "./azure-base";
import { but } from "./azure-entrance";
import { foreignId, here } from "./azure-service-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

/** Opens the filter of the processing zone on 443. */
function letOut(stack: Sketch, destinationAddressPrefix = "Internet"): Sketch {
  return stack.change("processing-nsg", (inputs) => ({
    ...inputs,
    securityRules: [
      ...(inputs["securityRules"] as readonly Inputs[]),
      nsgRule("processing-to-internet-out", 300, "Outbound", "Allow", {
        protocol: "Tcp",
        destinationPortRange: "443",
        sourceAddressPrefix: addressesOf.processing,
        destinationAddressPrefix,
      }),
    ],
  }));
}

/** A machine of the processing zone. */
function machine(stack: Sketch, publicIPAddress?: string): Sketch {
  const nic = stack.add("azure-native:network:NetworkInterface", "worker-nic", {
    ...here,
    networkInterfaceName: "worker-nic",
    ipConfigurations: [
      {
        name: "ip",
        subnet: { id: subnetId(stack, "processing") },
        ...(publicIPAddress === undefined ? {} : { publicIPAddress: { id: publicIPAddress } }),
      },
    ],
  });
  stack.add("azure-native:compute:VirtualMachine", "worker", {
    ...here,
    vmName: "worker",
    hardwareProfile: { vmSize: "Standard_D2s_v5" },
    networkProfile: { networkInterfaces: [{ id: nic, primary: true }] },
    tags: inZone("processing"),
  });
  return stack;
}

/** Gives the processing zone routes beside those that it has. */
function routes(stack: Sketch, ...more: readonly Inputs[]): Sketch {
  return stack.change("processing-routes", (inputs) => ({
    ...inputs,
    routes: [
      ...(inputs["routes"] as readonly Inputs[]).filter(
        ({ addressPrefix }) => !more.some((one) => one["addressPrefix"] === addressPrefix),
      ),
      ...more,
    ],
  }));
}

const route = (addressPrefix: string, nextHopType: string, more: Inputs = {}): Inputs => ({
  name: addressPrefix.replace("/", "-"),
  addressPrefix,
  nextHopType,
  ...more,
});

/** The address of the firewall, which is the first that its subnet has to give. */
const firewallAddress = "10.0.6.4";
export const toFirewall = (addressPrefix = "0.0.0.0/0"): Inputs =>
  route(addressPrefix, "VirtualAppliance", { nextHopIpAddress: firewallAddress });

function subnet(stack: Sketch, name: string, addressPrefix: string): string {
  stack.change("vnet", (inputs) => ({
    ...inputs,
    subnets: [
      ...(inputs["subnets"] as readonly Inputs[]),
      { name, addressPrefix, defaultOutboundAccess: false },
    ],
  }));
  return textId("Microsoft.Network/virtualNetworks", `vnet/subnets/${name}`);
}

function address(stack: Sketch, name: string): string {
  return stack.add("azure-native:network:PublicIPAddress", name, {
    ...here,
    publicIpAddressName: name,
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    publicIPAddressVersion: "IPv4",
  });
}

/** Looks into TLS, and drops what it knows for an attack. */
const premium: Inputs = {
  sku: { tier: "Premium" },
  threatIntelMode: "Deny",
  intrusionDetection: { mode: "Deny" },
  transportSecurity: {
    certificateAuthority: {
      name: "inspection",
      keyVaultSecretId: "https://clinic-certificates.vault.azure.net/secrets/inspection",
    },
  },
  dnsSettings: { enableProxy: true },
  identity: {
    type: "UserAssigned",
    userAssignedIdentities: [textId("Microsoft.ManagedIdentity/userAssignedIdentities", "inspection")],
  },
};

/** Lets one provider's name through, and looks into what is said. */
export const provider: Inputs = {
  name: "provider",
  ruleType: "ApplicationRule",
  protocols: [{ protocolType: "Https", port: 443 }],
  sourceAddresses: [addressesOf.processing],
  targetFqdns: ["api.provider.example"],
  terminateTLS: true,
};

export const filter = (name: string, priority: number, rules: readonly Inputs[]): Inputs => ({
  ruleCollectionType: "FirewallPolicyFilterRuleCollection",
  name,
  priority,
  action: { type: "Allow" },
  rules,
});

export const networkRule = (more: Inputs): Inputs => ({
  name: "past",
  ruleType: "NetworkRule",
  ipProtocols: ["TCP"],
  sourceAddresses: [addressesOf.processing],
  destinationAddresses: ["*"],
  destinationPorts: ["443"],
  ...more,
});

const firewallType = "azure-native:network:AzureFirewall";

interface Inspection {
  readonly policy?: Inputs;
  readonly collections?: readonly Inputs[];
  readonly firewall?: Inputs;
  readonly routes?: readonly Inputs[];
  readonly type?: string;
}

const whole: readonly Inputs[] = [filter("providers", 200, [provider])];

/**
 * The way out through an inspection: processing → a firewall in a subnet of its own → the Internet. No filter opens it.
 *
 * Names: `firewall-policy`, `firewall-rules`, `firewall`, `firewall-address`.
 */
export function inspected({
  policy = {},
  collections = whole,
  firewall = {},
  routes: own = [toFirewall()],
  type = firewallType,
}: Inspection = {}): (stack: Sketch) => Sketch {
  return (stack) => {
    const policyId = stack.add(
      "azure-native:network:FirewallPolicy",
      "firewall-policy",
      but({ ...here, firewallPolicyName: "firewall-policy", ...premium }, policy),
    );
    stack.add("azure-native:network:FirewallPolicyRuleCollectionGroup", "firewall-rules", {
      resourceGroupName: ownGroup,
      firewallPolicyName: `${policyId}.name`,
      ruleCollectionGroupName: "firewall-rules",
      priority: 200,
      ruleCollections: collections,
    });
    const place = subnet(stack, "AzureFirewallSubnet", "10.0.6.0/26");
    stack.add(
      type,
      "firewall",
      but(
        {
          ...here,
          azureFirewallName: "firewall",
          sku: { name: "AZFW_VNet", tier: "Premium" },
          firewallPolicy: { id: policyId },
          ipConfigurations: [
            {
              name: "ip",
              subnet: { id: place },
              publicIPAddress: { id: address(stack, "firewall-address") },
            },
          ],
        },
        firewall,
      ),
    );
    return routes(machine(stack), ...own);
  };
}

/** The same, with a filter that lets the processing zone go there. */
export function passed(what: Inspection = {}): (stack: Sketch) => Sketch {
  return (stack) => letOut(inspected(what)(stack));
}

function inspection(
  name: string,
  bad: (stack: Sketch) => unknown,
  good: (stack: Sketch) => unknown = inspected(),
): CorpusCase {
  return { id: "inspection", name, expected: "refused", bad, good };
}

/** What opens nothing that is closed, and leaves an attack unseen. */
function unseen(name: string, what: Inspection): CorpusCase {
  return { id: "inspection", name, expected: "advised", bad: inspected(what), good: inspected() };
}

function looks(name: string, bad: Inspection, good: Inspection = {}): CorpusCase {
  return { id: "ZM-12", name, expected: "refused", bad: passed(bad), good: inspected(good) };
}

const onProcessing = (inputs: Inputs): ((stack: Sketch) => Sketch) => {
  return (stack) =>
    stack.change("vnet", (vnet) => ({
      ...vnet,
      subnets: (vnet["subnets"] as readonly Inputs[]).map((one) =>
        one["name"] === "processing" ? but(one, inputs) : one,
      ),
    }));
};

function translated(stack: Sketch): Sketch {
  const nat = stack.add("azure-native:network:NatGateway", "nat", {
    ...here,
    natGatewayName: "nat",
    sku: { name: "Standard" },
    publicIpAddresses: [{ id: address(stack, "nat-address") }],
  });
  return onProcessing({ natGateway: { id: nat } })(stack);
}

/** What processing may reach of the Internet, and what looks at it on the way. */
const ways: readonly CorpusCase[] = [
  inspection("processing straight to the Internet, with a public address", (stack) =>
    letOut(routes(machine(stack, address(stack, "worker-address")), route("0.0.0.0/0", "Internet"))),
  ),
  inspection("processing out through address translation alone", (stack) =>
    letOut(routes(machine(translated(stack)), route("0.0.0.0/0", "Internet"))),
  ),
  inspection("processing out by the addresses that Azure gives to whoever has none", (stack) =>
    letOut(
      onProcessing({ defaultOutboundAccess: true })(routes(machine(stack), route("0.0.0.0/0", "Internet"))),
    ),
  ),
  inspection("processing without routes of its own, out by the addresses that Azure gives", (stack) =>
    letOut(onProcessing({ routeTable: undefined, defaultOutboundAccess: undefined })(machine(stack))),
  ),
  inspection("processing out by a gateway of a private network, and nobody knows what is beyond", (stack) =>
    letOut(routes(machine(stack), route("0.0.0.0/0", "VirtualNetworkGateway"))),
  ),
  inspection("processing out by an appliance that nobody knows", (stack) =>
    letOut(routes(machine(stack), route("0.0.0.0/0", "VirtualAppliance", { nextHopIpAddress: "10.0.9.9" }))),
  ),
  inspection(
    "processing out by two halves of a default route",
    (stack) =>
      letOut(
        routes(machine(translated(stack)), route("0.0.0.0/1", "Internet"), route("128.0.0.0/1", "Internet")),
      ),
    inspected({ routes: [toFirewall("0.0.0.0/1"), toFirewall("128.0.0.0/1")] }),
  ),
  inspection("processing around the firewall by a longer prefix", (stack) =>
    translated(passed({ routes: [toFirewall(), route("198.51.100.0/24", "Internet")] })(stack)),
  ),
  inspection("processing around the firewall by a service's own addresses", (stack) =>
    translated(passed({ routes: [toFirewall(), route("AzureCloud", "Internet")] })(stack)),
  ),
  inspection("processing past a firewall that no route leads to", (stack) =>
    translated(passed({ routes: [route("0.0.0.0/0", "Internet")] })(stack)),
  ),
  inspection("processing with a firewall, and without routes of its own", (stack) =>
    onProcessing({ routeTable: undefined, defaultOutboundAccess: true })(passed()(stack)),
  ),
  inspection(
    "processing let out to an address, and a route that leads there",
    (stack) =>
      letOut(routes(machine(translated(stack)), route("198.51.100.0/24", "Internet")), "198.51.100.0/24"),
    (stack) => letOut(machine(stack), "198.51.100.0/24"),
  ),
  inspection("the PHI zone by the firewall", (stack) =>
    amend(inspected()(stack), "phi-routes", { routes: [toFirewall()] }),
  ),
];

/** What the firewall lets through unseen. */
const firewalls: readonly CorpusCase[] = [
  inspection(
    "a firewall that first lets all on 443 through",
    passed({
      collections: [filter("past", 100, [networkRule({})]), ...whole],
    }),
  ),
  inspection(
    "a firewall that lets all on 443 through, however late it says so",
    passed({
      collections: [...whole, filter("past", 900, [networkRule({})])],
    }),
  ),
  inspection(
    "a firewall that lets all through",
    passed({
      collections: [
        filter("past", 100, [
          networkRule({ ipProtocols: ["Any"], sourceAddresses: ["*"], destinationPorts: ["*"] }),
        ]),
      ],
    }),
  ),
  inspection(
    "a firewall that lets one address through unseen",
    passed({
      collections: [...whole, filter("past", 100, [networkRule({ destinationAddresses: ["198.51.100.7"] })])],
    }),
  ),
  inspection(
    "a firewall that lets one name through by its address",
    passed({
      collections: [
        ...whole,
        filter("past", 100, [
          networkRule({ destinationAddresses: undefined, destinationFqdns: ["api.provider.example"] }),
        ]),
      ],
    }),
  ),
  inspection(
    "a firewall that lets a service's addresses through unseen",
    passed({
      collections: [...whole, filter("past", 100, [networkRule({ destinationAddresses: ["Storage"] })])],
    }),
  ),
  inspection(
    "a firewall that passes what calls its own address on to one of the Internet",
    passed({
      collections: [
        ...whole,
        {
          ruleCollectionType: "FirewallPolicyNatRuleCollection",
          name: "past",
          priority: 100,
          action: { type: "DNAT" },
          rules: [
            networkRule({
              ruleType: "NatRule",
              destinationAddresses: [firewallAddress],
              translatedAddress: "203.0.113.7",
              translatedPort: "443",
            }),
          ],
        },
      ],
    }),
  ),
  inspection(
    "a firewall that passes what calls its own address on to a provider of models by its name",
    passed({
      collections: [
        ...whole,
        {
          ruleCollectionType: "FirewallPolicyNatRuleCollection",
          name: "past",
          priority: 100,
          action: { type: "DNAT" },
          rules: [
            networkRule({
              ruleType: "NatRule",
              destinationAddresses: [firewallAddress],
              translatedFqdn: "api.openai.com",
              translatedPort: "443",
            }),
          ],
        },
      ],
    }),
  ),
  inspection(
    "a firewall that lets any name through",
    passed({
      collections: [filter("providers", 200, [{ ...provider, targetFqdns: ["*"] }])],
    }),
  ),
  inspection(
    "a firewall that lets any name of all storages through",
    passed({
      collections: [filter("providers", 200, [{ ...provider, targetFqdns: ["*.blob.core.windows.net"] }])],
    }),
  ),
  inspection(
    "a firewall that lets a kind of pages through",
    passed({
      collections: [
        filter("providers", 200, [
          but(provider, { targetFqdns: undefined, webCategories: ["SearchEnginesAndPortals"] }),
        ]),
      ],
    }),
  ),
  inspection(
    "a firewall that lets names through that nobody knows",
    passed({
      collections: [filter("providers", 200, [{ ...provider, targetFqdns: [unknownText] }])],
    }),
  ),
  inspection(
    "a firewall that has rules of its own, which let all through",
    passed({
      firewall: {
        firewallPolicy: undefined,
        networkRuleCollections: [
          {
            name: "past",
            priority: 100,
            action: { type: "Allow" },
            rules: [
              {
                name: "past",
                protocols: ["TCP"],
                sourceAddresses: ["*"],
                destinationAddresses: ["*"],
                destinationPorts: ["443"],
              },
            ],
          },
        ],
      },
    }),
  ),
  inspection(
    "a firewall whose rules come after a stranger's",
    passed({
      policy: { basePolicy: { id: foreignId("Microsoft.Network/firewallPolicies", "elsewhere") } },
    }),
  ),
  unseen("a firewall that looks past some addresses", {
    policy: {
      intrusionDetection: {
        mode: "Deny",
        configuration: {
          bypassTrafficSettings: [
            {
              name: "past",
              protocol: "TCP",
              sourceAddresses: ["*"],
              destinationAddresses: ["*"],
              destinationPorts: ["443"],
            },
          ],
        },
      },
    },
  }),
  unseen("a firewall that is a proxy for whoever asks", {
    policy: { explicitProxy: { enableExplicitProxy: true, httpPort: 8080, httpsPort: 8443 } },
  }),
  unseen("a firewall that only tells of known attackers", { policy: { threatIntelMode: "Alert" } }),
  unseen("a firewall that knows no attackers", { policy: { threatIntelMode: "Off" } }),
  unseen("a firewall without a word of attackers", { policy: { threatIntelMode: undefined } }),
  unseen("a firewall that only tells of attacks", { policy: { intrusionDetection: { mode: "Alert" } } }),
  unseen("a firewall that looks for no attacks", { policy: { intrusionDetection: undefined } }),
];

/** Whether the firewall looks into TLS at all. */
const tlsInspection: readonly CorpusCase[] = [
  looks("a firewall without an authority to look into TLS", { policy: { transportSecurity: undefined } }),
  looks("a firewall with a policy of the kind that cannot look into TLS", {
    policy: { sku: { tier: "Standard" }, transportSecurity: undefined, intrusionDetection: undefined },
    firewall: { sku: { name: "AZFW_VNet", tier: "Standard" } },
  }),
  looks("a firewall with a policy that does not say of which kind it is", { policy: { sku: undefined } }),
  looks("a firewall of the kind that cannot look into TLS, with a policy that would", {
    firewall: { sku: { name: "AZFW_VNet", tier: "Standard" } },
  }),
  looks("a rule that does not look into TLS", {
    collections: [filter("providers", 200, [{ ...provider, terminateTLS: false }])],
  }),
  looks("a rule without a word of looking into TLS", {
    collections: [filter("providers", 200, [but(provider, { terminateTLS: undefined })])],
  }),
  looks("a second rule that does not look into TLS", {
    collections: [
      filter("providers", 200, [
        provider,
        { ...provider, name: "second", targetFqdns: ["api.second.example"], terminateTLS: false },
      ]),
    ],
  }),
  looks(
    "a firewall by a package of one version without an authority to look into TLS",
    {
      policy: { transportSecurity: undefined },
      type: "azure-native_network_v20240501:network:AzureFirewall",
    },
    { type: "azure-native_network_v20240501:network:AzureFirewall" },
  ),
];

/** What processing may reach of the Internet on Azure, and what looks at it: row ZM-12, and inspection. */
export const azureInspection: readonly CorpusCase[] = [...ways, ...firewalls, ...tlsInspection];
