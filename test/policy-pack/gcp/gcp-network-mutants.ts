import type { Mutant } from "../mutants";
import { put } from "../put";
import type { Properties } from "../service-mutants";
import { unknownText, type Sketch } from "../stack-sketch";

import { each, emailOf, more, one, projects, stranger, without } from "./single-fault";

const egress = "phi-zone-has-no-egress";
const declared = "zones-reach-only-declared-peers";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";

export const network = "bulkhead-processing-network";
const gatewayNetwork = "bulkhead-gateway-network";
const subnet = "bulkhead-fhir-proxy-subnet";
const policy = "bulkhead-processing-filter";
const inForce = "bulkhead-processing-filter-in-force";
const denial = "bulkhead-processing-deny-all-egress";
const denialOfIpv6 = "bulkhead-processing-deny-all-ipv6-egress";
const denialIn = "bulkhead-processing-deny-all-ingress";
const apis = "bulkhead-fhir-proxy-calls-google-apis-egress";
const fromGateway = "bulkhead-ai-gateway-to-fhir-proxy-ingress";
const fromRag = "bulkhead-rag-service-to-fhir-proxy-ingress";
const entrance = "bulkhead-load-balancer-to-ai-gateway-ingress";

/** Where what is added to processing is. */
export const ofProcessing = { project: projects.processing } as const;
const ofRegion = { ...ofProcessing, region: "us-central1" } as const;
const ofPhi = { project: projects.phi } as const;

/** Where networks and subnets are. */
export const networkId = "projects/hospital-ai/global/networks/bulkhead-processing";
const gatewayNetworkId = "projects/hospital-gateway/global/networks/bulkhead-gateway";
export const subnetId = "projects/hospital-ai/regions/us-central1/subnetworks/bulkhead-fhir-proxy";
const foreignNetwork = `projects/${projects.foreign}/global/networks/somebodys`;
const internetGateway = "projects/hospital-ai/global/gateways/default-internet-gateway";

/** What addresses are there. */
const blocks = { rag: "10.40.81.96/27", gateway: "10.40.28.128/27", apis: "10.40.96.5/32" } as const;

const ruleType = "gcp:compute/networkFirewallPolicyRule:NetworkFirewallPolicyRule";
const https = [{ ipProtocol: "tcp", ports: ["443"] }];

/** Adds one rule to the policy of processing, ahead of every other; `match` is changed by itself. */
function addRule(stack: Sketch, match: Properties, inputs: Properties = {}, type = ruleType): string {
  return stack.add(type, "hole", {
    ...ofProcessing,
    firewallPolicy: "bulkhead-processing-flows",
    ruleName: "hole",
    direction: "EGRESS",
    action: "allow",
    priority: 100,
    targetServiceAccounts: [emailOf("fhir-proxy")],
    match: { layer4Configs: https, ...match },
    ...inputs,
  });
}

export function letOut(stack: Sketch, match: Properties = {}, inputs: Properties = {}): void {
  addRule(stack, { destIpRanges: ["0.0.0.0/0"], ...match }, inputs);
}

function letIn(stack: Sketch, match: Properties = {}, inputs: Properties = {}): void {
  addRule(stack, { srcIpRanges: ["0.0.0.0/0"], ...match }, { direction: "INGRESS", ...inputs });
}

/** A rule of the classic kind. */
function classic(stack: Sketch, inputs: Properties = {}): string {
  return stack.add("gcp:compute/firewall:Firewall", "hole-classic", {
    ...ofProcessing,
    network: networkId,
    direction: "EGRESS",
    destinationRanges: ["0.0.0.0/0"],
    allows: [{ protocol: "tcp", ports: ["443"] }],
    ...inputs,
  });
}

const ruleMutants: readonly Mutant[] = [
  ...(
    [
      ["443 to the Internet", {}],
      ["to half the Internet", { destIpRanges: ["128.0.0.0/1"] }],
      ["to a public /8", { destIpRanges: ["52.0.0.0/8"] }],
      ["to all of IPv6", { destIpRanges: ["::/0"] }],
      ["by any protocol", { layer4Configs: [{ ipProtocol: "all" }] }],
      ["of every TCP port", { layer4Configs: [{ ipProtocol: "tcp" }] }],
      ["of ICMP", { layer4Configs: [{ ipProtocol: "icmp" }] }],
      ["of UDP 53", { layer4Configs: [{ ipProtocol: "udp", ports: ["53"] }] }],
      ["of a protocol by its number", { layer4Configs: [{ ipProtocol: "132" }] }],
      [
        "of two kinds, the last of which is not declared",
        { destIpRanges: [blocks.apis], layer4Configs: [...https, { ipProtocol: "tcp", ports: ["8443"] }] },
      ],
      ["on a range of ports", { layer4Configs: [{ ipProtocol: "tcp", ports: ["400-500"] }] }],
      ["to all of a private /8", { destIpRanges: ["10.0.0.0/8"] }],
      ["to a workload of processing that no flow names", { destIpRanges: [blocks.rag] }],
      ["to the gateway", { destIpRanges: [blocks.gateway] }],
      [
        "to Google's APIs on another port",
        { destIpRanges: [blocks.apis], layer4Configs: [{ ipProtocol: "tcp", ports: ["80"] }] },
      ],
      ["to several blocks, the last of which is public", { destIpRanges: [blocks.apis, "52.0.0.0/8"] }],
      ["to a name", { destIpRanges: undefined, destFqdns: ["attacker.example"] }],
      ["to a country", { destIpRanges: undefined, destRegionCodes: ["US"] }],
      [
        "to a list of Google's",
        { destIpRanges: undefined, destThreatIntelligences: ["iplist-public-clouds"] },
      ],
      [
        "to a group of addresses",
        {
          destIpRanges: undefined,
          destAddressGroups: ["projects/hospital-ai/locations/global/addressGroups/somewhere"],
        },
      ],
      ["to whatever is on the Internet", { destIpRanges: undefined, destNetworkScope: "INTERNET" }],
      ["to no address in particular", { destIpRanges: undefined }],
      ["to addresses that are not known", { destIpRanges: unknownText }],
      ["to an address that is not known", { destIpRanges: [blocks.apis, unknownText] }],
      ["by a protocol that is not known", { layer4Configs: [{ ipProtocol: unknownText }] }],
      ["on a port that is not known", { layer4Configs: [{ ipProtocol: "tcp", ports: [unknownText] }] }],
      ["by protocols that are not known", { layer4Configs: unknownText }],
    ] as const
  ).map(([what, match]): Mutant => ({
    fault: `processing: egress ${what}`,
    rule: declared,
    dig: (s) => {
      letOut(s, match);
    },
  })),
  ...(
    [
      ["just ahead of the last denial", { priority: 2147482999 }],
      ["in an order that is not known", { priority: unknownText }],
      ["in a direction that is not known", { direction: unknownText }],
      ["where it is not known whether it is allowed", { action: unknownText }],
      ["where it is not known whether it is off", { disabled: unknownText }],
      ["of whatever is in the network", { targetServiceAccounts: undefined }],
      ["of an account of another workload", { targetServiceAccounts: [emailOf("decision-point")] }],
      ["of an account that is not known", { targetServiceAccounts: [unknownText] }],
      ["of accounts that are not known", { targetServiceAccounts: unknownText }],
      ["that leaves it to the rules below", { action: "goto_next" }],
      [
        "that is inspected",
        { action: "apply_security_profile_group", securityProfileGroup: "somewhere", tlsInspect: false },
      ],
      ["in a policy that is not known", { firewallPolicy: unknownText }],
    ] as const
  ).map(([what, inputs]): Mutant => ({
    fault: `processing: egress to the Internet, ${what}`,
    rule: declared,
    dig: (s) => {
      letOut(s, {}, inputs);
    },
  })),
  ...(
    [
      ["from the Internet", {}],
      ["from all of IPv6", { srcIpRanges: ["::/0"] }],
      ["from the whole of the networks", { srcIpRanges: ["10.0.0.0/8"] }],
      ["from a workload that no flow names", { srcIpRanges: ["10.40.86.0/27"] }],
      ["from the load balancer, past ai-gateway", { srcIpRanges: ["35.191.0.0/16", "130.211.0.0/22"] }],
      [
        "from ai-gateway on every port",
        { srcIpRanges: [blocks.gateway], layer4Configs: [{ ipProtocol: "tcp" }] },
      ],
      ["from a name", { srcIpRanges: undefined, srcFqdns: ["attacker.example"] }],
      ["from whom is not known", { srcIpRanges: unknownText }],
      [
        "from whoever has a tag",
        { srcIpRanges: undefined, srcSecureTags: [{ name: "tagValues/281475000000000" }] },
      ],
    ] as const
  ).map(([what, match]): Mutant => ({
    fault: `processing: ingress ${what}`,
    rule: declared,
    dig: (s) => {
      letIn(s, match);
    },
  })),
  {
    fault: "processing: ingress of whatever is in the network, from the Internet",
    rule: declared,
    dig: (s) => {
      letIn(s, {}, { targetServiceAccounts: undefined });
    },
  },
  {
    fault: "processing: a rule bound to a tag that anybody may set",
    rule: declared,
    dig: (s) => {
      letOut(s, {}, { targetServiceAccounts: undefined, targetSecureTags: [{ name: "tagValues/1" }] });
    },
  },
  one("processing: a declared flow on every port", declared, apis, "match/layer4Configs", [
    { ipProtocol: "tcp" },
  ]),
  one("processing: a declared flow by every protocol", declared, apis, "match/layer4Configs/0", {
    ipProtocol: "all",
  }),
  one("processing: a declared flow to everywhere", declared, apis, "match/destIpRanges", ["0.0.0.0/0"]),
  one("processing: a declared flow to a block around it", declared, apis, "match/destIpRanges", [
    "10.40.96.0/24",
  ]),
  one("processing: a declared flow of every workload", declared, apis, "targetServiceAccounts", undefined),
  one(
    "processing: a declared flow of another's account as well",
    declared,
    fromRag,
    "targetServiceAccounts",
    [emailOf("fhir-proxy"), emailOf("decision-point")],
  ),
  one("processing: a declared ingress from everywhere", declared, fromGateway, "match/srcIpRanges", [
    "0.0.0.0/0",
  ]),
  one("gateway: the load balancer's ingress from everywhere", declared, entrance, "match/srcIpRanges", [
    "0.0.0.0/0",
  ]),
  one("gateway: the load balancer's ingress on another port", declared, entrance, "match/layer4Configs", [
    { ipProtocol: "tcp", ports: ["443", "22"] },
  ]),
  one(
    "gateway: the load balancer's ingress to whatever is there",
    declared,
    entrance,
    "targetServiceAccounts",
    undefined,
  ),
];

const denialMutants: readonly Mutant[] = [
  without("processing: no denial of egress", declared, denial),
  without("processing: no denial of ingress", sealed, denialIn),
  without("processing: no denial of egress of IPv6", sealed, denialOfIpv6),
  without("gateway: no denial of egress", declared, "bulkhead-gateway-deny-all-egress"),
  ...(
    [
      ["is off", "disabled", true],
      ["may be off", "disabled", unknownText],
      ["allows", "action", "allow"],
      ["leaves it to the rules below", "action", "goto_next"],
      ["does what is not known", "action", unknownText],
      ["is of the other direction", "direction", "INGRESS"],
      ["is of one workload only", "targetServiceAccounts", [emailOf("rag-service")]],
      ["is of TCP only", "match/layer4Configs", [{ ipProtocol: "tcp" }]],
      ["is of one port only", "match/layer4Configs", https],
      ["is of half the Internet", "match/destIpRanges", ["0.0.0.0/1"]],
      ["is of a block that is not known", "match/destIpRanges", unknownText],
      ["is in another policy", "firewallPolicy", "bulkhead-gateway-flows"],
      ["is in a policy that is not known", "firewallPolicy", unknownText],
    ] as const
  ).map(([what, path, value]) =>
    one(`processing: the last denial of egress ${what}`, declared, denial, path, value),
  ),
  without("processing: its policy is in force nowhere", declared, inForce),
  one(
    "processing: its policy is in force on the other network",
    declared,
    inForce,
    "attachmentTarget",
    gatewayNetworkId,
  ),
  one(
    "processing: where its policy is in force is not known",
    declared,
    inForce,
    "attachmentTarget",
    unknownText,
  ),
  one("processing: another policy is in force", declared, inForce, "firewallPolicy", "somebodys"),
  {
    fault: "processing: classic rules come first, and one lets everything out",
    rule: declared,
    dig: (s) => {
      put(s, network, "networkFirewallPolicyEnforcementOrder", "AFTER_CLASSIC_FIREWALL");
      classic(s);
    },
  },
  {
    fault: "processing: classic rules come first, as Google Cloud has it, and one lets everything in",
    rule: declared,
    dig: (s) => {
      put(s, network, "networkFirewallPolicyEnforcementOrder", undefined);
      classic(s, {
        direction: undefined,
        destinationRanges: undefined,
        sourceRanges: ["0.0.0.0/0"],
        allows: [{ protocol: "all" }],
      });
    },
  },
  {
    fault: "processing: which rules come first is not known, and a classic one lets everything out",
    rule: declared,
    dig: (s) => {
      put(s, network, "networkFirewallPolicyEnforcementOrder", unknownText);
      classic(s);
    },
  },
  ...each("processing: policies come", sealed, network, "networkFirewallPolicyEnforcementOrder", [
    ["after classic rules", "AFTER_CLASSIC_FIREWALL"],
    ["after classic rules, as Google Cloud has it", undefined],
    ["in an order that is not known", unknownText],
  ]),
  {
    fault: "processing: a policy above the projects lets everything out",
    rule: declared,
    dig: (s) => {
      const above = s.add("gcp:compute/firewallPolicy:FirewallPolicy", "hole-policy", {
        parent: "folders/123456789012",
        shortName: "hole",
      });
      s.add("gcp:compute/firewallPolicyRule:FirewallPolicyRule", "hole", {
        firewallPolicy: above,
        direction: "EGRESS",
        action: "allow",
        priority: 1,
        match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
      });
      s.add("gcp:compute/firewallPolicyAssociation:FirewallPolicyAssociation", "hole-in-force", {
        attachmentTarget: "folders/123456789012",
        firewallPolicy: above,
        name: "hole",
      });
    },
  },
  {
    fault: "processing: a policy with its rules within it, in force beside the own one",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "hole", {
        ...ofProcessing,
        name: "hole",
        rules: [
          {
            direction: "EGRESS",
            action: "allow",
            priority: 1,
            match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: [{ ipProtocol: "all" }] },
          },
        ],
      });
      put(s, inForce, "firewallPolicy", "hole");
    },
  },
  {
    fault: "processing: the policy in force is one of a region alone",
    rule: declared,
    dig: (s) => {
      s.remove(inForce);
      s.add("gcp:compute/regionNetworkFirewallPolicy:RegionNetworkFirewallPolicy", "hole-policy", {
        ...ofRegion,
        name: "hole",
      });
      s.add("gcp:compute/regionNetworkFirewallPolicyRule:RegionNetworkFirewallPolicyRule", "hole", {
        ...ofRegion,
        firewallPolicy: "hole",
        direction: "EGRESS",
        action: "allow",
        priority: 1,
        match: { destIpRanges: ["0.0.0.0/0"], layer4Configs: https },
      });
      s.add(
        "gcp:compute/regionNetworkFirewallPolicyAssociation:RegionNetworkFirewallPolicyAssociation",
        "hole-in-force",
        {
          ...ofRegion,
          name: "hole",
          firewallPolicy: "hole",
          attachmentTarget: networkId,
        },
      );
    },
  },
  without("processing: no policy", declared, policy),
];

/** A route of processing. */
function route(fault: string, inputs: Properties): Mutant {
  return more(fault, declared, "gcp:compute/route:Route", {
    ...ofProcessing,
    name: "hole",
    network: networkId,
    destRange: "0.0.0.0/0",
    ...inputs,
  });
}

const routeMutants: readonly Mutant[] = [
  route("processing: everything goes to the Internet", { nextHopGateway: "default-internet-gateway" }),
  route("processing: everything goes to the Internet, by its full name", { nextHopGateway: internetGateway }),
  route("processing: everything of what has a tag goes to the Internet", {
    nextHopGateway: internetGateway,
    tags: ["out"],
  }),
  route("processing: half of everything goes to the Internet", {
    destRange: "128.0.0.0/1",
    nextHopGateway: internetGateway,
  }),
  route("processing: a public /8 goes to the Internet", {
    destRange: "52.0.0.0/8",
    nextHopGateway: internetGateway,
  }),
  route("processing: APIs that no perimeter protects, by their own addresses", {
    destRange: "199.36.153.8/30",
    nextHopGateway: internetGateway,
  }),
  route("processing: everything goes to a machine", {
    nextHopInstance: "projects/hospital-ai/zones/us-central1-a/instances/somebodys",
  }),
  route("processing: everything goes to an address", { nextHopIp: "10.40.84.40" }),
  route("processing: everything goes to a load balancer", { nextHopIlb: "10.40.84.41" }),
  route("processing: everything goes into a tunnel", {
    nextHopVpnTunnel: "projects/hospital-ai/regions/us-central1/vpnTunnels/somebodys",
  }),
  route("processing: everything goes where it is not known", { nextHopGateway: unknownText }),
  route("processing: what is not known goes to the Internet", {
    destRange: unknownText,
    nextHopGateway: internetGateway,
  }),
  route("a route of a network that is not known", { network: unknownText, nextHopGateway: internetGateway }),
  more(
    "processing: a route by where packets come from",
    declared,
    "gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute",
    {
      ...ofProcessing,
      name: "hole",
      network: networkId,
      filter: { protocolVersion: "IPV4", destRange: "0.0.0.0/0" },
      nextHopIlbIp: "10.40.84.41",
    },
  ),
  ...each("processing: default routes", declared, network, "deleteDefaultRoutesOnCreate", [
    ["are kept", false],
    ["are as Google Cloud has them", undefined],
    ["may be kept", unknownText],
  ]),
  one("gateway: default routes are kept", declared, gatewayNetwork, "deleteDefaultRoutesOnCreate", false),
  ...each("processing: subnets of every region", sealed, network, "autoCreateSubnetworks", [
    ["are made", true],
    ["are made, as Google Cloud has it", undefined],
    ["may be made", unknownText],
  ]),
];

const addressMutants: readonly Mutant[] = [
  {
    fault: "processing: its addresses are translated to public ones, and its default routes are kept",
    rule: declared,
    dig: (s) => {
      put(s, network, "deleteDefaultRoutesOnCreate", false);
      s.add("gcp:compute/router:Router", "hole-router", { ...ofRegion, name: "hole", network: networkId });
      s.add("gcp:compute/routerNat:RouterNat", "hole", {
        ...ofRegion,
        name: "hole",
        router: "hole",
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      });
    },
  },
  {
    fault: "processing: a machine with an external address, and a default route",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/instance:Instance", "hole", {
        ...ofProcessing,
        zone: "us-central1-a",
        machineType: "e2-small",
        serviceAccount: { email: emailOf("fhir-proxy"), scopes: ["cloud-platform"] },
        networkInterfaces: [{ subnetwork: subnetId, accessConfigs: [{ natIp: "203.0.113.7" }] }],
      });
      put(s, network, "deleteDefaultRoutesOnCreate", false);
    },
  },
  {
    fault: "processing: IPv6, with a way out",
    rule: declared,
    dig: (s) => {
      put(s, subnet, "stackType", "IPV4_IPV6");
      put(s, subnet, "ipv6AccessType", "EXTERNAL");
      s.remove(denialOfIpv6);
    },
  },
];

/** A joint of the network of processing with another. */
function joint(fault: string, type: string, inputs: Properties): Mutant {
  return more(fault, declared, type, { ...ofProcessing, ...inputs });
}

const jointMutants: readonly Mutant[] = [
  joint(
    "processing: joined to somebody's network, with its routes",
    "gcp:compute/networkPeering:NetworkPeering",
    {
      name: "hole",
      network: networkId,
      peerNetwork: foreignNetwork,
      importCustomRoutes: true,
    },
  ),
  one(
    "peering: takes over the routes of the other",
    declared,
    "bulkhead-processing-to-gateway-peering",
    "importCustomRoutes",
    true,
  ),
  one(
    "peering: hands its own routes on",
    declared,
    "bulkhead-processing-to-gateway-peering",
    "exportCustomRoutes",
    true,
  ),
  one(
    "peering: leads to somebody's network",
    declared,
    "bulkhead-gateway-to-processing-peering",
    "peerNetwork",
    foreignNetwork,
  ),
  one(
    "peering: leads where is not known",
    declared,
    "bulkhead-gateway-to-processing-peering",
    "peerNetwork",
    unknownText,
  ),
  joint(
    "peering: its routes are opened by a resource of their own",
    "gcp:compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig",
    {
      network: "bulkhead-processing",
      peering: "bulkhead-processing-to-gateway",
      exportCustomRoutes: true,
      importCustomRoutes: true,
    },
  ),
  joint("processing: a VPN gateway", "gcp:compute/haVpnGateway:HaVpnGateway", {
    name: "hole",
    region: "us-central1",
    network: networkId,
  }),
  joint("processing: a VPN gateway of the older kind", "gcp:compute/vPNGateway:VPNGateway", {
    name: "hole",
    region: "us-central1",
    network: networkId,
  }),
  {
    fault: "processing: an interconnect",
    rule: declared,
    dig: (s) => {
      s.add("gcp:compute/router:Router", "hole-router", { ...ofRegion, name: "hole", network: networkId });
      s.add("gcp:compute/interconnectAttachment:InterconnectAttachment", "hole", {
        ...ofRegion,
        name: "hole",
        router: "projects/hospital-ai/regions/us-central1/routers/hole",
      });
    },
  },
  joint("processing: a spoke of somebody's hub", "gcp:networkconnectivity/spoke:Spoke", {
    name: "hole",
    location: "global",
    hub: `projects/${projects.foreign}/locations/global/hubs/somebodys`,
    linkedVpcNetwork: { uri: networkId },
  }),
  joint("processing: peered with machines of VMware", "gcp:vmwareengine/networkPeering:NetworkPeering", {
    name: "hole",
    peerNetwork: networkId,
    peerNetworkType: "STANDARD",
  }),
  joint(
    "processing: peered with a producer that keeps its way out",
    "gcp:servicenetworking/connection:Connection",
    {
      network: networkId,
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: ["somewhere"],
    },
  ),
  joint(
    "processing: its names are answered to producers",
    "gcp:servicenetworking/peeredDnsDomain:PeeredDnsDomain",
    {
      name: "hole",
      network: "bulkhead-processing",
      dnsSuffix: "hospital.example.",
    },
  ),
  joint("processing: an endpoint of somebody's service", "gcp:compute/forwardingRule:ForwardingRule", {
    name: "hole",
    region: "us-central1",
    network: networkId,
    ipAddress: "10.40.96.9",
    loadBalancingScheme: "",
    target: `projects/${projects.foreign}/regions/us-central1/serviceAttachments/somebodys`,
  }),
  joint("processing: an interface for a producer", "gcp:compute/networkAttachment:NetworkAttachment", {
    name: "hole",
    region: "us-central1",
    connectionPreference: "ACCEPT_AUTOMATIC",
    subnetworks: [subnetId],
  }),
  joint(
    "processing: services make endpoints by themselves",
    "gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy",
    {
      name: "hole",
      location: "us-central1",
      serviceClass: "gcp-memorystore-redis",
      network: networkId,
      pscConfig: { subnetworks: [subnetId] },
    },
  ),
  joint(
    "processing: a service of it is published to everybody",
    "gcp:compute/serviceAttachment:ServiceAttachment",
    {
      name: "hole",
      region: "us-central1",
      connectionPreference: "ACCEPT_AUTOMATIC",
      enableProxyProtocol: false,
      natSubnets: [subnetId],
      targetService: "projects/hospital-ai/regions/us-central1/forwardingRules/somewhere",
    },
  ),
  joint(
    "processing: an endpoint of a region's APIs, reached from every region",
    "gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint",
    {
      name: "hole",
      location: "us-central1",
      network: networkId,
      accessType: "GLOBAL",
      targetGoogleApi: "storage.us-central1.p.rep.googleapis.com",
    },
  ),
  joint("processing: code from outside of it comes in by a connector", "gcp:vpcaccess/connector:Connector", {
    name: "hole",
    region: "us-central1",
    network: "bulkhead-processing",
    ipCidrRange: "10.8.0.0/28",
  }),
  joint(
    "processing: others put things into a subnet",
    "gcp:compute/subnetworkIAMMember:SubnetworkIAMMember",
    {
      region: "us-central1",
      subnetwork: "bulkhead-fhir-proxy",
      role: "roles/compute.networkUser",
      member: stranger,
    },
  ),
  joint("processing: packets are copied elsewhere", "gcp:compute/packetMirroring:PacketMirroring", {
    name: "hole",
    region: "us-central1",
    network: { url: networkId },
    mirroredResources: { subnetworks: [{ url: subnetId }] },
    collectorIlb: { url: "projects/hospital-ai/regions/us-central1/forwardingRules/somewhere" },
  }),
  joint(
    "processing: packets are copied to somebody's group",
    "gcp:networksecurity/mirroringEndpointGroupAssociation:MirroringEndpointGroupAssociation",
    {
      location: "global",
      network: networkId,
      mirroringEndpointGroup: `projects/${projects.foreign}/locations/global/mirroringEndpointGroups/somebodys`,
    },
  ),
  joint("processing: a joint of a network that is not known", "gcp:compute/haVpnGateway:HaVpnGateway", {
    name: "hole",
    region: "us-central1",
    network: unknownText,
  }),
];

/** What has no place in the PHI zone's project at all: it has no network. */
const phiMutants: readonly Mutant[] = [
  more("PHI project: a network", egress, "gcp:compute/network:Network", {
    ...ofPhi,
    name: "hole",
    autoCreateSubnetworks: false,
    deleteDefaultRoutesOnCreate: true,
  }),
  more("PHI project: a network of subnets of every region", egress, "gcp:compute/network:Network", {
    ...ofPhi,
    name: "hole",
  }),
  {
    fault: "PHI project: a network with its subnet and no rule",
    rule: egress,
    dig: (s) => {
      const id = s.add("gcp:compute/network:Network", "hole-network", {
        ...ofPhi,
        name: "hole",
        autoCreateSubnetworks: false,
        deleteDefaultRoutesOnCreate: true,
      });
      s.add("gcp:compute/subnetwork:Subnetwork", "hole", {
        ...ofPhi,
        name: "hole",
        region: "us-central1",
        network: id,
        ipCidrRange: "10.99.0.0/24",
      });
    },
  },
  more("PHI project: a machine", egress, "gcp:compute/instance:Instance", {
    ...ofPhi,
    zone: "us-central1-a",
    machineType: "e2-small",
    networkInterfaces: [{ network: "default", accessConfigs: [{}] }],
  }),
  more("PHI project: an external address", egress, "gcp:compute/address:Address", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
  }),
  more("PHI project: a router", understood, "gcp:compute/router:Router", {
    ...ofPhi,
    name: "hole",
    region: "us-central1",
    network: "default",
  }),
  more(
    "PHI project: uses the networks of somebody's project",
    understood,
    "gcp:compute/sharedVPCServiceProject:SharedVPCServiceProject",
    {
      hostProject: projects.foreign,
      serviceProject: projects.phi,
    },
  ),
  more(
    "PHI project: shares its networks",
    understood,
    "gcp:compute/sharedVPCHostProject:SharedVPCHostProject",
    {
      ...ofPhi,
    },
  ),
  more(
    "PHI project: a service that runs code, answering everybody",
    egress,
    "gcp:cloudrunv2/service:Service",
    {
      ...ofPhi,
      name: "hole",
      location: "us-central1",
      ingress: "INGRESS_TRAFFIC_ALL",
      template: { containers: [{ image: "somebodys" }] },
    },
  ),
  more("PHI project: a function", egress, "gcp:cloudfunctionsv2/function:Function", {
    ...ofPhi,
    name: "hole",
    location: "us-central1",
    serviceConfig: { vpcConnectorEgressSettings: "PRIVATE_RANGES_ONLY" },
  }),
  more("PHI project: a job that runs code", egress, "gcp:cloudrunv2/job:Job", {
    ...ofPhi,
    name: "hole",
    location: "us-central1",
    template: { template: { containers: [{ image: "somebodys" }] } },
  }),
  more(
    "PHI project: an application of App Engine",
    egress,
    "gcp:appengine/flexibleAppVersion:FlexibleAppVersion",
    {
      ...ofPhi,
      service: "default",
      runtime: "nodejs",
    },
  ),
  more("PHI project: a cluster", egress, "gcp:container/cluster:Cluster", {
    ...ofPhi,
    name: "hole",
    location: "us-central1",
  }),
  more("PHI project: a notebook", egress, "gcp:workbench/instance:Instance", {
    ...ofPhi,
    name: "hole",
    location: "us-central1-a",
  }),
];

const opaqueMutants: readonly Mutant[] = [
  more("a command beside the platform that names the PHI project", understood, "command:local:Command", {
    create: "gcloud --project hospital-phi storage buckets update --no-public-access-prevention",
  }),
  more("a deployment that nobody can read", understood, "gcp:deploymentmanager/deployment:Deployment", {
    ...ofPhi,
    name: "hole",
    target: { config: { content: "resources: []" } },
  }),
  more("a build of Cloud Build's with the PHI project", understood, "gcp:cloudbuild/trigger:Trigger", {
    ...ofPhi,
    name: "hole",
  }),
  more("a resource of the other Google provider", understood, "google-native:compute/v1:Firewall", {
    ...ofPhi,
    name: "hole",
  }),
  more("an extra resource in the PHI zone whose type nobody knows", understood, "gcp:somewhere/thing:Thing", {
    ...ofPhi,
    name: "hole",
    labels: { "bulkhead-zone": "phi" },
  }),
];

export const gcpNetworkMutants: readonly Mutant[] = [
  ...ruleMutants,
  ...denialMutants,
  ...routeMutants,
  ...addressMutants,
  ...jointMutants,
  ...phiMutants,
  ...opaqueMutants,
];

/** Changes by which nothing is more open. */
export const harmlessChanges: readonly {
  readonly change: string;
  readonly dig: (stack: Sketch) => unknown;
}[] = [
  {
    change: "an allowance of egress behind the denial of everything",
    dig: (s) => {
      put(s, denial, "priority", 2147483100);
      letOut(s, {}, { priority: 2147483200 });
    },
  },
  {
    change: "an allowance of egress that is off",
    dig: (s) => {
      letOut(s, {}, { disabled: true });
    },
  },
  {
    change: "a classic rule that lets everything out, behind the policy",
    dig: (s) => {
      classic(s);
    },
  },
  {
    change: "a rule that denies what is denied anyway",
    dig: (s) => {
      letOut(s, { destIpRanges: ["52.0.0.0/8"] }, { action: "deny", enableLogging: true });
    },
  },
];
