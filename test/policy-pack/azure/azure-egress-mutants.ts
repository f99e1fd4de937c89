import type { Mutant } from "../mutants";
import { alter, append, put } from "../put";
import type { Properties } from "../service-mutants";
import { ownSubscription, unknownText, type Sketch } from "../stack-sketch";

const inspected = "internet-egress-is-inspected";
const declared = "zones-reach-only-declared-peers";
const sealed = "network-defaults-are-sealed";
const audited = "traffic-is-audited";
const mtls = "flows-require-mtls";
const isPrivate = "platform-services-are-private";

const guardRoutes = "bulkhead-egress-workload-routes";
const firewallRoutes = "bulkhead-egress-inspection-routes";
const otherRoutes = "bulkhead-processing-workload-routes";
export const firewall = "bulkhead-firewall";
export const policy = "bulkhead-firewall-policy";
export const providers = "bulkhead-firewall-providers";
const collection = "ruleCollections/providers";
const rule = `${collection}/rules/openai`;
const guardFilter = "bulkhead-egress-guard-filter";
const guardSubnet = "subnets/bulkhead-egress-guard";
const network = "bulkhead-network";

const ofNetwork = { resourceGroupName: "bulkhead-network" };
const networkGroup = `/subscriptions/${ownSubscription}/resourceGroups/bulkhead-network/providers/Microsoft.Network`;
const roles = `/subscriptions/${ownSubscription}/providers/Microsoft.Authorization/roleDefinitions`;
const readsSecrets = `${roles}/4633458b-17de-408a-b874-0445c86b69e6`;

/** A rule of the network, as it is written in a policy. */
export const networkRule: Properties = {
  ruleType: "NetworkRule",
  name: "past",
  ipProtocols: ["TCP"],
  sourceAddresses: ["*"],
  destinationAddresses: ["*"],
  destinationPorts: ["443"],
};

const passing: Properties = {
  ruleCollectionType: "FirewallPolicyFilterRuleCollection",
  name: "past",
  priority: 200,
  action: { type: "Allow" },
  rules: [networkRule],
};

const translating: Properties = {
  ...passing,
  ruleCollectionType: "FirewallPolicyNatRuleCollection",
  action: { type: "DNAT" },
  rules: [
    {
      ...networkRule,
      ruleType: "NatRule",
      translatedAddress: "203.0.113.7",
      translatedPort: "443",
    },
  ],
};

function one(fault: string, of: Mutant["rule"], name: string, path: string, value: unknown): Mutant {
  return {
    fault,
    rule: of,
    dig: (stack) => {
      put(stack, name, path, value);
    },
  };
}

function send(fault: string, of: Mutant["rule"], table: string, more: Properties): Mutant {
  return one(fault, of, table, "routes/world", { name: "world", addressPrefix: "0.0.0.0/0", ...more });
}

/** A policy of somebody's with a rule past every look, on which the platform's is based. */
function base(stack: Sketch): void {
  stack.add("azure-native:network:FirewallPolicy", "hole-policy", {
    ...ofNetwork,
    firewallPolicyName: "hole",
    sku: { tier: "Premium" },
  });
  stack.add("azure-native:network:FirewallPolicyRuleCollectionGroup", "hole-rules", {
    ...ofNetwork,
    firewallPolicyName: "hole",
    ruleCollectionGroupName: "hole",
    priority: 200,
    ruleCollections: [passing],
  });
  put(stack, policy, "basePolicy", { id: `${networkGroup}/firewallPolicies/hole` });
}

/** Lets the identity of another workload read a secret. */
function readBy(
  stack: Sketch,
  scope: string,
  principalId = `${stack.id("bulkhead-rag-service-workload-identity")}.principalId`,
): void {
  stack.add("azure-native:authorization:RoleAssignment", "hole-role", {
    roleAssignmentName: "00000000-0000-8000-a000-000000000001",
    scope,
    roleDefinitionId: readsSecrets,
    principalId,
    principalType: "ServicePrincipal",
  });
}

const vaultOf = (stack: Sketch, name: string): string => stack.id(name).split("/secrets/")[0] ?? "";

/** Faults of the egress zone of a platform on Azure, and the rule that has to find each. */
export const azureEgressMutants: readonly Mutant[] = [
  // Routes
  send("the guard's route leads to the Internet", inspected, guardRoutes, { nextHopType: "Internet" }),
  send("the guard's route leads to another appliance", inspected, guardRoutes, {
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: "10.40.81.100",
  }),
  send("the guard's route leads nobody knows where", inspected, guardRoutes, {
    nextHopType: unknownText,
  }),
  send("the guard's route leads to an address that is not known", inspected, guardRoutes, {
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: unknownText,
  }),
  {
    fault: "a route of the guard's leads half of the Internet past the firewall",
    rule: inspected,
    dig: (stack) => {
      append(stack, guardRoutes, "routes", {
        name: "hole",
        addressPrefix: "128.0.0.0/1",
        nextHopType: "Internet",
      });
    },
  },
  send("the route of another zone leads to the firewall", declared, otherRoutes, {
    nextHopType: "VirtualAppliance",
    nextHopIpAddress: "10.40.240.4",
  }),
  send("the route of another zone leads to the Internet", declared, otherRoutes, {
    nextHopType: "Internet",
  }),
  send("the firewall's route leads to somebody's gateway", declared, firewallRoutes, {
    nextHopType: "VirtualNetworkGateway",
  }),
  // Rules
  {
    fault: "a rule of the network passes 443 to anybody",
    rule: inspected,
    dig: (stack) => {
      append(stack, providers, "ruleCollections", passing);
    },
  },
  {
    fault: "a rule of the network, of which nobody knows what it does",
    rule: inspected,
    dig: (stack) => {
      append(stack, providers, "ruleCollections", { ...passing, action: { type: unknownText } });
    },
  },
  {
    fault: "a rule of translation",
    rule: inspected,
    dig: (stack) => {
      append(stack, providers, "ruleCollections", translating);
    },
  },
  one("TLS is not ended", inspected, providers, `${rule}/terminateTLS`, false),
  one("TLS is not said to be ended", inspected, providers, `${rule}/terminateTLS`, undefined),
  one("TLS may not be ended", inspected, providers, `${rule}/terminateTLS`, unknownText),
  one("every host", inspected, providers, `${rule}/targetFqdns`, ["*"]),
  one("hosts that nobody knows", inspected, providers, `${rule}/targetFqdns`, unknownText),
  one("hosts by a tag of Azure's", inspected, providers, `${rule}/fqdnTags`, ["WindowsUpdate"]),
  one("hosts by a category", inspected, providers, `${rule}/webCategories`, ["generalweb"]),
  one("rules that nobody knows", inspected, providers, "ruleCollections", unknownText),
  one("whoever a route leads there", sealed, providers, `${rule}/sourceAddresses`, ["*"]),
  one("a workload of another zone", sealed, providers, `${rule}/sourceAddresses`, [
    "10.40.240.0/18",
    "10.40.81.96/27",
  ]),
  one("senders that nobody knows", sealed, providers, `${rule}/sourceAddresses`, unknownText),
  // Policy
  one("policy: of another tier", inspected, policy, "sku/tier", "Standard"),
  one("policy: of a tier that is not known", inspected, policy, "sku/tier", unknownText),
  one("firewall: of another tier", inspected, firewall, "sku/tier", "Standard"),
  one("policy: without an authority", inspected, policy, "transportSecurity", undefined),
  one("policy: attacks are told, and let by", sealed, policy, "intrusionDetection/mode", "Alert"),
  one("policy: nobody looks for attacks", sealed, policy, "intrusionDetection", undefined),
  one(
    "policy: it is not known whether attacks are let by",
    sealed,
    policy,
    "intrusionDetection/mode",
    unknownText,
  ),
  one("policy: some packets are not looked at", sealed, policy, "intrusionDetection/configuration", {
    bypassTrafficSettings: [{ name: "hole", protocol: "TCP", sourceAddresses: ["*"] }],
  }),
  one("policy: an attack is not looked for", sealed, policy, "intrusionDetection/configuration", {
    signatureOverrides: [{ id: "2024897", mode: "Off" }],
  }),
  one("policy: known attackers are let by", sealed, policy, "threatIntelMode", "Alert"),
  one("policy: some known attackers are let by", sealed, policy, "threatIntelWhitelist", {
    ipAddresses: ["203.0.113.7"],
  }),
  one("policy: it is a proxy", sealed, policy, "explicitProxy", {
    enableExplicitProxy: true,
    httpPort: 8080,
  }),
  one("policy: it may be a proxy", sealed, policy, "explicitProxy", { enableExplicitProxy: unknownText }),
  { fault: "policy: based on somebody's", rule: inspected, dig: base },
  one("policy: based on one that is not in the stack", inspected, policy, "basePolicy", {
    id: `${networkGroup}/firewallPolicies/somebodys`,
  }),
  {
    fault: "firewall: rules of its own in the place of a policy",
    rule: inspected,
    dig: (stack) => {
      put(stack, firewall, "firewallPolicy", undefined);
      put(stack, firewall, "applicationRuleCollections", [
        {
          name: "hole",
          priority: 100,
          action: { type: "Allow" },
          rules: [
            {
              name: "hole",
              protocols: [{ protocolType: "Https", port: 443 }],
              sourceAddresses: ["*"],
              targetFqdns: ["api.openai.com"],
            },
          ],
        },
      ]);
    },
  },
  one("firewall: a policy that nobody knows", inspected, firewall, "firewallPolicy/id", unknownText),
  // Ways round
  one(
    "guard: a public address",
    mtls,
    "bulkhead-egress-guard-1-interface",
    "ipConfigurations/private/publicIPAddress",
    {
      id: `${networkGroup}/publicIPAddresses/bulkhead-egress-firewall`,
    },
  ),
  {
    fault: "guard: a NAT gateway on its subnet",
    rule: sealed,
    dig: (stack) => {
      const id = stack.add("azure-native:network:NatGateway", "hole-gateway", {
        ...ofNetwork,
        natGatewayName: "hole",
      });
      put(stack, network, `${guardSubnet}/natGateway`, { id });
    },
  },
  one("guard: no filter on its subnet", declared, network, `${guardSubnet}/networkSecurityGroup`, undefined),
  {
    fault: "guard: its filter lets in another workload",
    rule: declared,
    dig: (stack) => {
      append(stack, guardFilter, "securityRules", {
        name: "hole",
        priority: 100,
        access: "Allow",
        direction: "Inbound",
        protocol: "Tcp",
        sourceAddressPrefix: "10.40.84.32/27",
        sourcePortRange: "*",
        destinationAddressPrefix: "*",
        destinationPortRange: "443",
      });
    },
  },
  {
    fault: "guard: its filter lets out more than 443",
    rule: declared,
    dig: (stack) => {
      alter(stack, guardFilter, "securityRules/to-providers/destinationPortRange", () => "*");
    },
  },
  {
    fault: "a machine beside the firewall, in its subnet",
    rule: inspected,
    dig: (stack) => {
      stack.add("azure-native:network:NetworkInterface", "hole-interface", {
        ...ofNetwork,
        networkInterfaceName: "hole-interface",
        ipConfigurations: [
          { name: "own", subnet: { id: `${stack.id(network)}/subnets/AzureFirewallSubnet` } },
        ],
      });
    },
  },
  one(
    "the firewall's subnet is not called as Azure prescribes",
    inspected,
    network,
    "subnets/AzureFirewallSubnet/name",
    "firewalls",
  ),
  // Records
  {
    fault: "firewall: nothing is recorded",
    rule: audited,
    dig: (stack) => {
      stack.remove("bulkhead-firewall-recording");
    },
  },
  one("firewall: some is recorded", audited, "bulkhead-firewall-recording", "logs", [
    { category: "AZFWThreatIntel", enabled: true },
  ]),
  one("firewall: recording is off", audited, "bulkhead-firewall-recording", "logs/0/enabled", false),
  {
    fault: "authority: the use of its vault is not recorded",
    rule: audited,
    dig: (stack) => {
      stack.remove("bulkhead-firewall-vault-recording");
    },
  },
  // Secrets
  {
    fault: "authority: another workload reads what the guard trusts",
    rule: mtls,
    dig: (stack) => {
      readBy(stack, stack.id("bulkhead-egress-guard-firewall-authority"));
    },
  },
  {
    fault: "authority: a workload reads its key",
    rule: mtls,
    dig: (stack) => {
      readBy(stack, stack.id("bulkhead-firewall-authority-115-secret"));
    },
  },
  {
    fault: "authority: the guard reads its key",
    rule: mtls,
    dig: (stack) => {
      readBy(
        stack,
        stack.id("bulkhead-firewall-authority-115-secret"),
        `${stack.id("bulkhead-egress-guard-workload-identity")}.principalId`,
      );
    },
  },
  {
    fault: "keys of providers: another workload reads them",
    rule: mtls,
    dig: (stack) => {
      readBy(stack, `${vaultOf(stack, "bulkhead-egress-guard-credential")}/secrets/egress-guard`);
    },
  },
  {
    fault: "keys of providers: somebody reads them",
    rule: mtls,
    dig: (stack) => {
      readBy(
        stack,
        `${vaultOf(stack, "bulkhead-egress-guard-credential")}/secrets/egress-guard`,
        "11111111-2222-3333-4444-555555555555",
      );
    },
  },
  one(
    "authority: its vault answers the public",
    isPrivate,
    "bulkhead-firewall-vault",
    "properties/publicNetworkAccess",
    "Enabled",
  ),
  {
    fault: "authority: its vault holds somebody's secret as well",
    rule: isPrivate,
    dig: (stack) => {
      stack.add("azure-native:keyvault:Secret", "hole-secret", {
        resourceGroupName: "bulkhead-platform",
        vaultName: stack.id("bulkhead-firewall-vault").split("/").at(-1),
        secretName: "hole",
        properties: { value: "hole" },
      });
    },
  },
  one(
    "authority: its vault lets in by policies of access",
    isPrivate,
    "bulkhead-firewall-vault",
    "properties/enableRbacAuthorization",
    false,
  ),
];
