import type { Sketch } from "../stack-sketch";

import { subnetId, type Inputs, type Zone } from "./azure-base";
import {
  add,
  addSubnet,
  advice,
  azure,
  besideMachine,
  generated,
  hubNetwork,
  inPhiOrGateway,
  onBoth,
  onSubnets,
  ownNetwork,
  pair,
  removeRules,
  runningMachine,
  setting,
  versioned,
  type Change,
} from "./azure-network-pieces";
import { amend } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** Lets a machine of PHI ask Azure for names, as what runs there must; what is answered is for the policy of names to say. */
function openNames(stack: Sketch): Sketch {
  return removeRules(runningMachine(stack, "phi"), "deny-AzurePlatformDNS");
}

/** What a policy of names is made of. */
interface NamePolicy {
  /** Names that the rule is about; a dot at the end stands for the root. */
  readonly domains?: readonly string[];
  readonly rule?: Inputs;
  /** The token of the rule. */
  readonly type?: string;
  /** The network that the policy is for, by the name of its resource; none where it is for no network. */
  readonly network?: string | undefined;
}

/** A policy of names, `names`, that blocks every name in the network of all zones, where nothing else is said. */
function namePolicy(stack: Sketch, given: NamePolicy = {}): string {
  const {
    domains = ["."],
    rule = {},
    type = azure("dnsresolver", "DnsSecurityRule"),
    network,
  } = {
    network: "vnet",
    ...given,
  };
  const location = "eastus2";
  const policy = add(stack, azure("dnsresolver", "DnsResolverPolicy"), "names", {
    dnsResolverPolicyName: "names",
    location,
  });
  const list = add(stack, azure("dnsresolver", "DnsResolverDomainList"), "every-name", {
    dnsResolverDomainListName: "every-name",
    location,
    domains,
  });
  add(stack, type, "block-names", {
    dnsResolverPolicyName: "names",
    dnsSecurityRuleName: "block-names",
    location,
    priority: 1000,
    action: { actionType: "Block", blockResponseCode: "SERVFAIL" },
    dnsResolverDomainLists: [{ id: list }],
    dnsSecurityRuleState: "Enabled",
    ...rule,
  });
  if (network !== undefined) {
    add(stack, azure("dnsresolver", "DnsResolverPolicyVirtualNetworkLink"), "names-link", {
      dnsResolverPolicyName: "names",
      dnsResolverPolicyVirtualNetworkLinkName: "names-link",
      location,
      virtualNetwork: { id: stack.id(network) },
    });
  }
  return policy;
}

/** A second rule of the policy, that lets some names pass. */
function someNames(stack: Sketch, priority: number): string {
  return add(stack, azure("dnsresolver", "DnsSecurityRule"), "some-names", {
    dnsResolverPolicyName: "names",
    dnsSecurityRuleName: "some-names",
    location: "eastus2",
    priority,
    action: { actionType: "Allow" },
    dnsResolverDomainLists: [
      {
        id: add(stack, azure("dnsresolver", "DnsResolverDomainList"), "some-list", {
          dnsResolverDomainListName: "some-list",
          location: "eastus2",
          domains: ["exfiltration.example."],
        }),
      },
    ],
    dnsSecurityRuleState: "Enabled",
  });
}

/** A policy of names that does not block, and one that does. */
function policyCase(name: string, bad: NamePolicy, good: NamePolicy = {}): CorpusCase {
  return setting(
    "ZE-21",
    `policy: ${name}`,
    (stack, said: NamePolicy) => namePolicy(openNames(stack), said),
    bad,
    good,
  );
}

const rightPolicy: Change = (stack) => namePolicy(openNames(stack));

/** A network of one zone's own that asks Azure for names, every one of which a policy blocks. */
function guardedNetwork(stack: Sketch, zone: Zone): string {
  const network = ownNetwork(stack, zone);
  stack.change("own-nsg", (before) => ({
    ...before,
    securityRules: (before["securityRules"] as readonly Inputs[]).filter(
      ({ name }) => name !== "deny-AzurePlatformDNS",
    ),
  }));
  namePolicy(stack, { network: "own-vnet" });
  return network;
}

/** The same addition to a network of PHI's own and to one of the gateway's; no code runs there that could ask for a name. */
function inGuardedNetwork(name: string, change: (stack: Sketch, network: string) => unknown): CorpusCase {
  return advice(
    "ZE-21",
    name,
    (stack) => change(stack, guardedNetwork(stack, "phi")),
    (stack) => change(stack, guardedNetwork(stack, "gateway")),
  );
}

/** A setting of something in the network of all zones, where a machine of PHI asks for names that a policy blocks. */
function guardedSetting<const T>(
  name: string,
  build: (stack: Sketch, value: T) => unknown,
  bad: T,
  good: T,
): CorpusCase {
  return setting(
    "ZE-21",
    name,
    (stack, value: T) => {
      rightPolicy(stack);
      return build(stack, value);
    },
    bad,
    good,
  );
}

const policies: readonly CorpusCase[] = [
  ...onBoth(pair("ZE-21", "policy: none, or one that blocks every name", openNames, rightPolicy)),
  policyCase("for no network, or for PHI's", { network: undefined }),
  pair(
    "ZE-21",
    "policy: for another network, or for PHI's",
    (stack) => {
      hubNetwork(stack);
      return namePolicy(openNames(stack), { network: "hub-vnet" });
    },
    (stack) => {
      hubNetwork(stack);
      return namePolicy(openNames(stack));
    },
  ),
  policyCase("it warns of every name, or blocks it", { rule: { action: { actionType: "Alert" } } }),
  policyCase("it allows every name, or blocks it", { rule: { action: { actionType: "Allow" } } }),
  policyCase(
    "its rule is off, or on",
    { rule: { dnsSecurityRuleState: "Disabled" } },
    { rule: { dnsSecurityRuleState: "Enabled" } },
  ),
  policyCase("it blocks some names, or every name", { domains: ["exfiltration.example."] }),
  policyCase(
    "it blocks what is below com, or every name",
    { domains: ["com.", "net."] },
    { domains: ["com.", "."] },
  ),
  pair(
    "ZE-21",
    "policy: it allows some names before it blocks every name, or after",
    (stack) => {
      namePolicy(openNames(stack));
      return someNames(stack, 100);
    },
    (stack) => {
      namePolicy(openNames(stack));
      return someNames(stack, 2000);
    },
  ),
  ...[
    versioned("dnsresolver", "v20230701preview", "DnsSecurityRule"),
    generated("dnsresolver", "v20250501", "DnsSecurityRule"),
  ].map((type) =>
    policyCase(
      `it warns of every name, or blocks it, by ${type}`,
      { type, rule: { action: { actionType: "Alert" } } },
      { type },
    ),
  ),
];

const servers: readonly CorpusCase[] = [
  ...onBoth(
    setting(
      "ZE-21",
      "servers: of the network, a public one, or Azure's",
      (stack, dnsServers: readonly string[]) => amend(stack, "vnet", { dhcpOptions: { dnsServers } }),
      ["8.8.8.8"],
      [],
    ),
  ).map(besideMachine),
  besideMachine(
    setting(
      "ZE-21",
      "servers: of the network, one in processing, or none said",
      (stack, dhcpOptions: Inputs | undefined) => amend(stack, "vnet", { dhcpOptions }),
      { dnsServers: ["10.0.2.53"] },
      undefined,
    ),
  ),
  advice(
    "ZE-21",
    "servers: of a network of PHI's own, or of one of the gateway's",
    (stack) => ownNetwork(stack, "phi", { dhcpOptions: { dnsServers: ["9.9.9.9", "168.63.129.16"] } }),
    (stack) => ownNetwork(stack, "gateway", { dhcpOptions: { dnsServers: ["9.9.9.9", "168.63.129.16"] } }),
  ),
];

/** A resolver of its own with an endpoint in a subnet, by which names leave. */
function outboundEndpoint(stack: Sketch, subnet: string, network: string, type?: string): string {
  add(stack, azure("dnsresolver", "DnsResolver"), "resolver", {
    dnsResolverName: "resolver",
    location: "eastus2",
    virtualNetwork: { id: network },
  });
  return add(stack, type ?? azure("dnsresolver", "OutboundEndpoint"), "endpoint-out", {
    dnsResolverName: "resolver",
    outboundEndpointName: "endpoint-out",
    location: "eastus2",
    subnet: { id: subnet },
  });
}

/** Rules that send every name to a server elsewhere, for a network. */
function forwarding(stack: Sketch, network: string, rule: Inputs = {}): string {
  const hub = hubNetwork(stack);
  addSubnet(stack, "hub-vnet", { name: "resolver", addressPrefix: "10.8.1.0/28" });
  const endpoint = outboundEndpoint(stack, `${hub}/subnets/resolver`, hub);
  add(stack, azure("dnsresolver", "DnsForwardingRuleset"), "forwarding", {
    dnsForwardingRulesetName: "forwarding",
    location: "eastus2",
    dnsResolverOutboundEndpoints: [{ id: endpoint }],
  });
  add(stack, azure("dnsresolver", "ForwardingRule"), "forward-all", {
    dnsForwardingRulesetName: "forwarding",
    forwardingRuleName: "forward-all",
    domainName: ".",
    forwardingRuleState: "Enabled",
    targetDnsServers: [{ ipAddress: "8.8.8.8", port: 53 }],
    ...rule,
  });
  return add(stack, azure("dnsresolver", "PrivateResolverVirtualNetworkLink"), "forwarding-link", {
    dnsForwardingRulesetName: "forwarding",
    virtualNetworkLinkName: "forwarding-link",
    virtualNetwork: { id: network },
  });
}

const forwarders: readonly CorpusCase[] = [
  besideMachine(
    inPhiOrGateway("ZE-21", "forwarder: an endpoint in the subnet of which zone", (stack, zone) =>
      outboundEndpoint(stack, subnetId(stack, zone), stack.id("vnet")),
    ),
  ),
  besideMachine(
    onSubnets(
      inPhiOrGateway(
        "ZE-21",
        "forwarder: an endpoint of an API version in the subnet of which zone",
        (stack, zone) =>
          outboundEndpoint(
            stack,
            subnetId(stack, zone),
            stack.id("vnet"),
            versioned("dnsresolver", "v20220701", "OutboundEndpoint"),
          ),
      ),
    ),
  ),
  inGuardedNetwork("forwarder: every name of a network to a server elsewhere", (stack, network) =>
    forwarding(stack, network),
  ),
  inGuardedNetwork("forwarder: some names of a network to a server elsewhere", (stack, network) =>
    forwarding(stack, network, { domainName: "partner.example." }),
  ),
  guardedSetting(
    "forwarder: rules for the network of all zones, or for none of theirs",
    (stack, isOfAll: boolean) => forwarding(stack, isOfAll ? stack.id("vnet") : ownNetwork(stack, "gateway")),
    true,
    false,
  ),
];

/** A private zone of names that a network sees. */
function zoneLink(stack: Sketch, network: string, inputs: Inputs, type?: string): string {
  const name = "privatelink.blob.core.windows.net";
  add(stack, azure("privatedns", "PrivateZone"), "private-zone", {
    privateZoneName: name,
    location: "global",
  });
  return add(stack, type ?? azure("privatedns", "VirtualNetworkLink"), "zone-link", {
    privateZoneName: name,
    virtualNetworkLinkName: "zone-link",
    location: "global",
    registrationEnabled: false,
    resolutionPolicy: "Default",
    virtualNetwork: { id: network },
    ...inputs,
  });
}

const zoneLinks: readonly CorpusCase[] = [
  guardedSetting(
    "zone: names that it does not have are asked for outside, or are not there",
    (stack, resolutionPolicy: string) => zoneLink(stack, stack.id("vnet"), { resolutionPolicy }),
    "NxDomainRedirect",
    "Default",
  ),
  guardedSetting(
    "zone: machines register in it, or do not",
    (stack, registrationEnabled: boolean) => zoneLink(stack, stack.id("vnet"), { registrationEnabled }),
    true,
    false,
  ),
  inGuardedNetwork("zone: names asked for outside, in a network of which zone", (stack, network) =>
    zoneLink(stack, network, { resolutionPolicy: "NxDomainRedirect" }),
  ),
  inGuardedNetwork("zone: machines register in it, in a network of which zone", (stack, network) =>
    zoneLink(stack, network, { registrationEnabled: true }),
  ),
  guardedSetting(
    "zone: names asked for outside or not, by a token with its version",
    (stack, resolutionPolicy: string) =>
      zoneLink(
        stack,
        stack.id("vnet"),
        { resolutionPolicy },
        versioned("privatedns", "v20240601", "VirtualNetworkLink"),
      ),
    "NxDomainRedirect",
    "Default",
  ),
];

/** ZE-21: names. */
export const azureWaysOutOfNames: readonly CorpusCase[] = [
  ...policies,
  ...servers,
  ...forwarders,
  ...zoneLinks,
];
