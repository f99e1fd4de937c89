import { ownProject, unknownText, type Sketch } from "../stack-sketch";

import { addressesOf, sealed } from "./gcp-base";
import {
  api,
  foreignProject,
  gcp,
  halves,
  inNetwork,
  machine,
  onFirewalls,
  onNetworks,
  onPerimeter,
  pair,
  plainNetwork,
  route,
  secondSubnet,
  setting,
  silentResolver,
} from "./gcp-network-pieces";
import { amend, changed, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** Routes that Google puts into a network. */
const defaults: readonly CorpusCase[] = [
  ...(
    [
      ["keeps its default routes", { deleteDefaultRoutesOnCreate: false }],
      ["does not say that default routes are deleted", { deleteDefaultRoutesOnCreate: undefined }],
      ["nobody knows the default routes of", { deleteDefaultRoutesOnCreate: unknownText }],
    ] as const
  ).flatMap(([name, bad]) => [
    changed("GE-08", `a network that ${name}`, (stack) => stack, "vpc", bad),
    onNetworks(changed("GE-08", `a network that ${name}`, (stack) => stack, "phi-vpc", bad)),
  ]),
  onNetworks(
    pair(
      "GE-08",
      "a network that keeps its default routes, of PHI or of the gateway",
      (stack) => amend(stack, "phi-vpc", { deleteDefaultRoutesOnCreate: false }),
      (stack) => amend(stack, "vpc", { deleteDefaultRoutesOnCreate: false }),
    ),
  ),
  onNetworks(
    setting(
      "GE-08",
      "a network of PHI in which Google makes a subnet for each region",
      (stack, more: Inputs) => amend(stack, "phi-vpc", more),
      { autoCreateSubnetworks: undefined, deleteDefaultRoutesOnCreate: undefined },
      { autoCreateSubnetworks: false },
    ),
  ),
];

const machineText = `projects/${ownProject}/zones/us-central1-a/instances/appliance`;

/** A route of one kind, in the network of PHI or in that of the others. */
const nextHops: readonly CorpusCase[] = (
  [
    ["to the Internet", {}],
    [
      "to the Internet by its whole name",
      {
        nextHopGateway: `projects/${ownProject}/global/gateways/default-internet-gateway`,
      },
    ],
    [
      "to the Internet by its address",
      {
        nextHopGateway: `${api}projects/${ownProject}/global/gateways/default-internet-gateway`,
      },
    ],
    ["to one address of the Internet", { destRange: "198.51.100.7/32" }],
    ["to all of IPv6", { destRange: "::/0" }],
    ["to one half of all addresses", { destRange: halves[0] }],
    ["to Google's addresses of every service", { destRange: "199.36.153.8/30" }],
    ["to a machine by its address", { nextHopGateway: undefined, nextHopIp: "10.0.1.7" }],
    [
      "to a machine",
      { nextHopGateway: undefined, nextHopInstance: machineText, nextHopInstanceZone: "us-central1-a" },
    ],
    [
      "to a load balancer",
      {
        nextHopGateway: undefined,
        nextHopIlb: `projects/${ownProject}/regions/us-central1/forwardingRules/appliances`,
      },
    ],
    ["to a load balancer by its address", { nextHopGateway: undefined, nextHopIlb: "10.0.1.9" }],
    [
      "to a tunnel",
      {
        nextHopGateway: undefined,
        nextHopVpnTunnel: `projects/${ownProject}/regions/us-central1/vpnTunnels/home`,
      },
    ],
    [
      "to a partner by a tunnel",
      {
        destRange: "172.16.0.0/12",
        nextHopGateway: undefined,
        nextHopVpnTunnel: `projects/${ownProject}/regions/us-central1/vpnTunnels/home`,
      },
    ],
    ["to where nobody knows", { destRange: unknownText }],
    ["by what nobody knows", { nextHopGateway: unknownText }],
    ["to the Internet, of the least weight", { priority: 65535 }],
  ] as const
).map(([name, inputs]) =>
  inNetwork("GE-08", `a route ${name}`, (stack, network) => route(stack, network, inputs)),
);

/** Routes of a network that all zones share. */
const shared: readonly CorpusCase[] = [
  setting(
    "GE-08",
    "a route to the Internet for all that is in the network, or for those of the gateway",
    (stack, tags: readonly string[] | undefined) => route(stack, stack.id("vpc"), { tags }),
    undefined,
    ["gateway"],
  ),
  setting(
    "GE-08",
    "a route to the Internet for machines with a tag, and a machine of PHI has it or not",
    (stack, tags) => {
      route(stack, stack.id("vpc"), { tags: ["out"] });
      machine(silentResolver(stack, stack.id("vpc")), "phi", { tags });
    },
    ["out"],
    ["inner"],
  ),
  setting(
    "GE-08",
    "a route to the Internet for machines with a tag, and nobody knows those of a machine of PHI",
    (stack, tags: readonly string[] | string) => {
      route(stack, stack.id("vpc"), { tags: ["out"] });
      machine(silentResolver(stack, stack.id("vpc")), "phi", { tags });
    },
    unknownText as readonly string[] | string,
    ["inner"],
  ),
  setting(
    "GE-08",
    "a route to the Internet for whom nobody knows",
    (stack, tags: readonly string[] | string) => route(stack, stack.id("vpc"), { tags }),
    unknownText as readonly string[] | string,
    ["gateway"],
  ),
  pair(
    "GE-08",
    "two routes to halves of all addresses",
    (stack) =>
      halves.forEach((destRange, index) =>
        route(stack, stack.id("vpc"), { destRange }, `half-${String(index)}`),
      ),
    (stack) =>
      halves.forEach((destRange, index) =>
        route(stack, stack.id("vpc"), { destRange, tags: ["gateway"] }, `half-${String(index)}`),
      ),
  ),
  pair(
    "GE-08",
    "a route to the Internet of this network, or of another",
    (stack) => {
      plainNetwork(stack);
      route(stack, `${stack.id("vpc")}.selfLink`);
    },
    (stack) => route(stack, `${plainNetwork(stack)}.selfLink`),
  ),
  setting(
    "GE-08",
    "a route to the Internet of a network by its name",
    (stack, network) => {
      plainNetwork(stack);
      route(stack, network);
    },
    "vpc",
    "other-vpc",
  ),
  setting(
    "GE-08",
    "a route to the Internet of a network that nobody knows",
    (stack, network) => route(stack, network),
    unknownText,
    `${api}projects/${foreignProject}/global/networks/theirs`,
  ),
  setting(
    "GE-08",
    "a route by the default gateway to all services of Google, or to those within perimeters",
    (stack, destRange) => route(stack, stack.id("vpc"), { destRange }),
    "199.36.153.8/30",
    "199.36.153.4/30",
  ),
  setting(
    "GE-08",
    "a route to addresses within perimeters and to those around them, or to those alone",
    (stack, destRange) => route(stack, stack.id("vpc"), { destRange }),
    "199.36.153.0/24",
    "199.36.153.4/30",
  ),
  onFirewalls(
    setting(
      "GE-08",
      "a route to the Internet for all that is in the network, or for those of the gateway",
      (stack, tags: readonly string[] | undefined) => route(stack, stack.id("vpc"), { tags }),
      undefined,
      ["gateway"],
    ),
  ),
];

function policyRoute(stack: Sketch, network: string, inputs: Inputs = {}): Sketch {
  stack.add(gcp("networkconnectivity", "PolicyBasedRoute"), "policy-route", {
    name: "policy-route",
    network,
    priority: 100,
    filter: { protocolVersion: "IPV4", ipProtocol: "ALL", srcRange: "0.0.0.0/0", destRange: "0.0.0.0/0" },
    nextHopIlbIp: "10.0.1.9",
    ...inputs,
  });
  return stack;
}

const policyRoutes: readonly CorpusCase[] = [
  inNetwork("GE-08", "a route by what is sent", (stack, network) => policyRoute(stack, network)),
  setting(
    "GE-08",
    "a route by what is sent, of all machines or of those of the gateway",
    (stack, inputs: Inputs) => policyRoute(stack, stack.id("vpc"), inputs),
    {},
    { virtualMachine: { tags: ["gateway"] } },
  ),
  setting(
    "GE-08",
    "a route by who sends: PHI, or the gateway",
    (stack, srcRange) =>
      policyRoute(stack, stack.id("vpc"), {
        filter: { protocolVersion: "IPV4", ipProtocol: "TCP", srcRange, destRange: "0.0.0.0/0" },
      }),
    addressesOf.phi,
    addressesOf.gateway,
  ),
];

function router(stack: Sketch, network: string, inputs: Inputs = {}, name = "router"): string {
  return stack.add(gcp("compute", "Router"), name, { name, network, region: "us-central1", ...inputs });
}

/** A translation of addresses: of every subnet, where nothing else is said. */
function nat(stack: Sketch, network: string, inputs: Inputs = {}): Sketch {
  const of = router(stack, network);
  const said: Inputs = {
    name: "nat",
    router: `${of}.name`,
    region: "us-central1",
    natIpAllocateOption: "AUTO_ONLY",
    sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
    ...inputs,
  };
  stack.add(
    gcp("compute", "RouterNat"),
    "nat",
    Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)),
  );
  return stack;
}

const listed = (...names: readonly string[]): Inputs => ({
  sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
  subnetworks: names.map((name) => ({ name, sourceIpRangesToNats: ["ALL_IP_RANGES"] })),
});

const translations: readonly CorpusCase[] = [
  inNetwork("GE-11", "translation of every subnet", (stack, network) => nat(stack, network)),
  inNetwork("GE-11", "translation of the first addresses of every subnet", (stack, network) =>
    nat(stack, network, { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES" }),
  ),
  inNetwork("GE-11", "translation with an address of its own", (stack, network) =>
    nat(stack, network, {
      natIpAllocateOption: "MANUAL_ONLY",
      natIps: [
        stack.add(gcp("compute", "Address"), "nat-address", { name: "nat-address", region: "us-central1" }),
      ],
    }),
  ),
  inNetwork("GE-11", "translation into a private network's addresses", (stack, network) =>
    nat(stack, network, {
      type: "PRIVATE",
      natIpAllocateOption: undefined,
      rules: [
        {
          ruleNumber: 100,
          match:
            'nexthop.hub == "//networkconnectivity.googleapis.com/projects/hospital-ai/locations/global/hubs/hub"',
          action: {
            sourceNatActiveRanges: [
              secondSubnet(stack, network, network.includes("phi") ? "phi" : "gateway", {
                purpose: "PRIVATE_NAT",
              }),
            ],
          },
        },
      ],
    }),
  ),
  inNetwork("GE-11", "translation of IPv6 into IPv4", (stack, network) =>
    nat(stack, network, { sourceSubnetworkIpRangesToNat64: "ALL_IPV6_SUBNETWORKS" }),
  ),
  pair(
    "GE-11",
    "translation of all subnets of the network, or of the gateway's",
    (stack) => nat(stack, stack.id("vpc")),
    (stack) => nat(stack, stack.id("vpc"), listed(stack.id("gateway-subnet"))),
  ),
  pair(
    "GE-11",
    "translation of two subnets, of which one is PHI's",
    (stack) => nat(stack, stack.id("vpc"), listed(stack.id("gateway-subnet"), stack.id("phi-subnet"))),
    (stack) => nat(stack, stack.id("vpc"), listed(stack.id("gateway-subnet"))),
  ),
  setting(
    "GE-11",
    "translation of a subnet by its name, PHI's or the gateway's",
    (stack, name) => nat(stack, stack.id("vpc"), listed(name)),
    "phi-subnet",
    "gateway-subnet",
  ),
  setting(
    "GE-11",
    "translation of a subnet by its address, PHI's or the gateway's",
    (stack, name) =>
      nat(
        stack,
        stack.id("vpc"),
        listed(`${api}projects/${ownProject}/regions/us-central1/subnetworks/${name}`),
      ),
    "phi-subnet",
    "gateway-subnet",
  ),
  setting(
    "GE-11",
    "translation of a subnet that nobody knows",
    (stack, name) => nat(stack, stack.id("vpc"), listed(name)),
    unknownText,
    "gateway-subnet",
  ),
  setting(
    "GE-11",
    "translation of what nobody knows",
    (stack, inputs: Inputs) => nat(stack, stack.id("vpc"), inputs),
    { sourceSubnetworkIpRangesToNat: unknownText },
    listed("gateway-subnet"),
  ),
  setting(
    "GE-11",
    "translation of the second addresses of PHI's subnet, or of the gateway's",
    (stack, zone) => {
      amend(stack, `${zone}-subnet`, {
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.20.0.0/16" }],
      });
      nat(stack, stack.id("vpc"), {
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [
          {
            name: stack.id(`${zone}-subnet`),
            sourceIpRangesToNats: ["LIST_OF_SECONDARY_IP_RANGES"],
            secondaryIpRangeNames: ["pods"],
          },
        ],
      });
    },
    "phi",
    "gateway",
  ),
  pair(
    "GE-11",
    "a router of which nobody knows the network, with a translation",
    (stack) => nat(stack, unknownText),
    (stack) => nat(stack, plainNetwork(stack)),
  ),
  inNetwork("GE-11", "a router that learns routes from others", (stack, network) => {
    const of = router(stack, network, { bgp: { asn: 64514 } });
    stack.add(gcp("compute", "RouterInterface"), "interface", {
      name: "interface",
      router: `${of}.name`,
      region: "us-central1",
      vpnTunnel: "home",
      ipRange: "169.254.0.1/30",
    });
    stack.add(gcp("compute", "RouterPeer"), "peer", {
      name: "peer",
      router: `${of}.name`,
      region: "us-central1",
      interface: "interface",
      peerAsn: 64515,
      peerIpAddress: "169.254.0.2",
    });
  }),
];

/** What is in the project of PHI, where a project is what holds it. */
const inProject: readonly CorpusCase[] = [
  onPerimeter(
    setting(
      "GE-08",
      "a network with its default routes, in the project of PHI or in another",
      (stack, project) =>
        stack.add(gcp("compute", "Network"), "more-vpc", {
          name: "more-vpc",
          project,
          ...sealed,
          deleteDefaultRoutesOnCreate: false,
        }),
      "hospital-phi",
      "hospital-ai",
    ),
  ),
];

/** The checklist of ways out of the PHI zone of Google Cloud, as to routes: rows GE-08 and GE-11. */
export const gcpWaysOutOfRoutes: readonly CorpusCase[] = [
  ...defaults,
  ...nextHops,
  ...shared,
  ...policyRoutes,
  ...translations,
  ...inProject,
];
