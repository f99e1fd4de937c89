import { describe, expect, it } from "vitest";

import { rangeText } from "../../../policy-pack/address-range";
import type { Route } from "../../../policy-pack/facts/fact";
import { factsOf, filterOf, passing, refusalsOf } from "../azure/azure-facts";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;

const everyKnowledge: readonly Knowledge[] = ["preview", "deployed"];

function urn(type: string, name: string): string {
  return `urn:pulumi:test::bulkhead::${type}::${name}`;
}

const vpc = urn("gcp:compute/network:Network", "vpc");

/** Puts resources into the PHI zone, as a component says it of what can have no labels. */
function inPhi(stack: Sketch, ...members: readonly string[]): Sketch {
  stack.addRaw({
    urn: urn("hospital:index:Zones", "zones"),
    type: "hospital:index:Zones",
    name: "zones",
    inputs: {},
    outputs: { zoneMembers: { phi: members } },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

/** A network of the PHI zone with one subnet 10.0.0.0/20, out of which nothing leads and into which nothing comes. */
function closed(knowledge: Knowledge = "deployed", network: Inputs = {}, subnet: Inputs = {}): Sketch {
  const stack = new Sketch(knowledge);
  const id = stack.add("gcp:compute/network:Network", "vpc", {
    name: "vpc",
    autoCreateSubnetworks: false,
    deleteDefaultRoutesOnCreate: true,
    ...network,
  });
  stack.add("gcp:compute/subnetwork:Subnetwork", "subnet", {
    name: "subnet",
    network: id,
    region: "us-central1",
    ipCidrRange: "10.0.0.0/20",
    ...subnet,
  });
  stack.add("gcp:compute/firewall:Firewall", "deny", {
    name: "deny",
    network: id,
    direction: "EGRESS",
    denies: [{ protocol: "all" }],
    destinationRanges: ["0.0.0.0/0", "::/0"],
  });
  return inPhi(stack, vpc);
}

function text({ destination, nextHop, assumption }: Route): string {
  return `${destination === "anything" ? destination : rangeText(destination)} ${nextHop.kind}${assumption === undefined ? "" : "?"}`;
}

function routesOf(stack: Sketch): readonly string[] {
  return factsOf(stack).routeTables.flatMap(({ routes }) => routes.map(text));
}

function route(stack: Sketch, inputs: Inputs, name = "route"): Sketch {
  stack.add("gcp:compute/route:Route", name, { name, network: stack.id("vpc"), ...inputs });
  return stack;
}

function addressesOf(stack: Sketch): readonly string[] {
  return factsOf(stack).publicAddresses.map(
    ({ label, zone, what, assumption }) =>
      `${label} (${zone}): ${what}${assumption === undefined ? "" : "?"}`,
  );
}

function connectionsOf(stack: Sketch): readonly string[] {
  return factsOf(stack).networkConnections.map(
    ({ label, what, assumption }) => `${label}: ${what}${assumption === undefined ? "" : "?"}`,
  );
}

const gateway = "the default Internet gateway";

describe("a network of the PHI zone", () => {
  it.each(everyKnowledge)("is closed where every layer is (%s)", (knowledge) => {
    expect(refusalsOf(closed(knowledge)).filter((one) => one.startsWith("phi-zone-has-no-egress"))).toEqual(
      [],
    );
    expect(factsOf(closed(knowledge)).blind).toEqual([]);
  });

  it.each([
    ["a rule", (stack: Sketch): Sketch => stack.remove("deny")],
    [
      "a route",
      (stack: Sketch): Sketch => stack.change("vpc", ({ deleteDefaultRoutesOnCreate: _, ...rest }) => rest),
    ],
    [
      "an address",
      (stack: Sketch): Sketch => {
        stack.add("gcp:compute/instance:Instance", "vm", {
          machineType: "e2-small",
          networkInterfaces: [{ subnetwork: stack.id("subnet"), accessConfigs: [{}] }],
        });
        return stack;
      },
    ],
  ])("is refused for one layer alone: %s", (_what, open) => {
    expect(refusalsOf(open(closed())).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(true);
  });

  it("has the addresses of its subnets, and no others", () => {
    const [network] = factsOf(
      closed("deployed", {}, { secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.8.0.0/16" }] }),
    ).subnets.map((subnet) => subnet.network);
    expect(network?.ranges?.map(rangeText)).toEqual(["10.0.0.0/20", "10.8.0.0/16"]);
  });

  it("may be anywhere where the range of a subnet is not known", () => {
    const [subnet] = factsOf(closed("deployed", {}, { ipCidrRange: unknownText })).subnets;
    expect(subnet?.ranges.map(rangeText)).toEqual(["0.0.0.0/0"]);
    expect(subnet?.knownRanges).toEqual([]);
  });

  it.each([
    [undefined, ["subnet", "automatic"]],
    [true, ["subnet", "automatic"]],
    [unknownText, ["subnet", "automatic"]],
    [false, ["subnet"]],
  ])("has subnets of Google's where autoCreateSubnetworks is %s", (autoCreateSubnetworks, expected) => {
    const { subnets } = factsOf(closed("deployed", { autoCreateSubnetworks }));
    expect(subnets.map(({ key }) => (key.endsWith("automatic") ? "automatic" : "subnet"))).toEqual(expected);
    expect(subnets.every(({ zone }) => zone === "phi")).toBe(true);
  });
});

describe("routes of a network", () => {
  it.each([
    [true, []],
    ["true", []],
    [false, [`0.0.0.0/0 ${gateway}`]],
    [undefined, [`0.0.0.0/0 ${gateway}`]],
    [unknownText, [`0.0.0.0/0 ${gateway}?`]],
  ])("are Google's where deleteDefaultRoutesOnCreate is %s", (deleteDefaultRoutesOnCreate, expected) => {
    expect(routesOf(closed("deployed", { deleteDefaultRoutesOnCreate }))).toEqual(expected);
  });

  it.each([
    [
      "the gateway",
      { destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway" },
      [`0.0.0.0/0 ${gateway}`],
    ],
    [
      "the gateway by its address",
      {
        destRange: "203.0.113.0/24",
        nextHopGateway:
          "https://www.googleapis.com/compute/v1/projects/hospital-ai/global/gateways/default-internet-gateway",
      },
      [`203.0.113.0/24 ${gateway}`],
    ],
    ["restricted APIs", { destRange: "199.36.153.4/30", nextHopGateway: "default-internet-gateway" }, []],
    [
      "more than restricted APIs",
      { destRange: "199.36.153.0/29", nextHopGateway: "default-internet-gateway" },
      [`199.36.153.0/29 ${gateway}`],
    ],
    [
      "every API",
      { destRange: "199.36.153.8/30", nextHopGateway: "default-internet-gateway" },
      ["199.36.153.8/30 Google's APIs at"],
    ],
    [
      "a machine",
      { destRange: "0.0.0.0/0", nextHopInstance: "vm", nextHopInstanceZone: "us-central1-a" },
      ["0.0.0.0/0 instance"],
    ],
    ["an address", { destRange: "0.0.0.0/0", nextHopIp: "10.0.0.9" }, ["0.0.0.0/0 address"]],
    ["a load balancer", { destRange: "0.0.0.0/0", nextHopIlb: "10.0.0.9" }, ["0.0.0.0/0 load balancer"]],
    ["a tunnel", { destRange: "10.50.0.0/16", nextHopVpnTunnel: "tunnel" }, ["10.50.0.0/16 VPN tunnel"]],
    ["something that is not known", { destRange: "0.0.0.0/0" }, ["0.0.0.0/0 a next hop that is not known"]],
    [
      "an address that is not known",
      { destRange: unknownText, nextHopGateway: "default-internet-gateway" },
      [`anything ${gateway}?`],
    ],
  ])("lead to %s", (_what, inputs, expected) => {
    expect(routesOf(route(closed(), inputs))).toEqual(expected);
  });

  it("go by the longest prefix, and then by the smaller priority", () => {
    const stack = route(closed(), { destRange: "0.0.0.0/0", nextHopIp: "10.0.0.9", priority: 10 }, "first");
    route(
      stack,
      { destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway", priority: 20 },
      "second",
    );
    route(stack, { destRange: "10.9.0.0/16", nextHopVpnTunnel: "tunnel", priority: 30 }, "third");
    expect(routesOf(stack)).toEqual([
      "10.9.0.0/16 VPN tunnel",
      "0.0.0.0-10.8.255.255 address",
      "10.10.0.0-255.255.255.255 address",
    ]);
  });

  it("for tagged machines leave the others theirs", () => {
    const stack = route(closed(), {
      destRange: "0.0.0.0/0",
      nextHopIp: "10.0.0.9",
      priority: 10,
      tags: ["web"],
    });
    route(stack, { destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway" }, "second");
    expect(routesOf(stack)).toEqual(["0.0.0.0/0 address", `0.0.0.0/0 ${gateway}`]);
  });

  it("of a network that is not known may be any's", () => {
    const stack = closed();
    stack.add("gcp:compute/route:Route", "route", {
      network: unknownText,
      destRange: "0.0.0.0/0",
      nextHopGateway: "default-internet-gateway",
    });
    const { blind } = factsOf(stack);
    expect(routesOf(stack)).toEqual([`0.0.0.0/0 ${gateway}?`]);
    expect(blind.map(({ label }) => label)).toEqual(["Route route"]);
  });

  it.each([
    [{ nextHopIlbIp: "10.0.0.9" }, ["anything load balancer"]],
    [{ nextHopOtherRoutes: "DEFAULT_ROUTING" }, []],
  ])("are those of policies: %s", (inputs, expected) => {
    const stack = closed();
    stack.add("gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute", "policy", {
      network: stack.id("vpc"),
      filter: { protocolVersion: "IPV4" },
      ...inputs,
    });
    expect(routesOf(stack)).toEqual(expected);
  });

  it("lead IPv6 to the Internet where a subnet has public IPv6", () => {
    expect(routesOf(closed("deployed", {}, { stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL" }))).toEqual([
      `::/0 ${gateway}`,
    ]);
  });
});

describe("routes for some of a network that zones share", () => {
  function shared(inputs: Inputs, tags?: readonly string[] | string): readonly string[] {
    const stack = closed().remove("zones");
    route(stack, { destRange: "0.0.0.0/0", nextHopGateway: "default-internet-gateway", ...inputs });
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      ...(tags === undefined ? {} : { tags }),
      networkInterfaces: [{ subnetwork: stack.id("subnet") }],
    });
    inPhi(stack, urn("gcp:compute/subnetwork:Subnetwork", "subnet"));
    return factsOf(stack).subnets.flatMap(({ routeTables }) =>
      routeTables.flatMap(({ routes }) => routes.map(text)),
    );
  }

  it.each([
    ["nothing there has its tag", { tags: ["out"] }, ["in"], 0],
    ["something there has its tag", { tags: ["out"] }, ["in", "out"], 1],
    ["something there may have its tag", { tags: ["out"] }, unknownText, 1],
    ["nobody knows its tags", { tags: unknownText }, ["in"], 1],
    ["one of its tags is not known", { tags: [unknownText] }, ["in"], 1],
    ["it is for all", {}, ["in"], 1],
  ])("are in force on a subnet where %s", (_what, inputs, tags, count) => {
    expect(shared(inputs, tags)).toHaveLength(count);
  });

  it("are those of policies for what sends from there", () => {
    for (const [srcRange, count] of [
      ["10.0.0.0/24", 1],
      ["10.0.16.0/20", 0],
      [unknownText, 1],
    ] as const) {
      const stack = closed().remove("zones");
      stack.add("gcp:networkconnectivity/policyBasedRoute:PolicyBasedRoute", "policy", {
        network: stack.id("vpc"),
        filter: { protocolVersion: "IPV4", srcRange },
        nextHopIlbIp: "10.0.0.9",
      });
      inPhi(stack, urn("gcp:compute/subnetwork:Subnetwork", "subnet"));
      expect(
        factsOf(stack).subnets.flatMap(({ routeTables }) => routeTables.flatMap(({ routes }) => routes)),
      ).toHaveLength(count);
    }
  });
});

describe("network tags", () => {
  it("are no labels, and say nothing of a zone", () => {
    const stack = closed();
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      tags: ["bulkhead-zone"],
      networkInterfaces: [{ subnetwork: stack.id("subnet") }],
    });
    expect(refusalsOf(stack).filter((one) => one.startsWith("zone-assignment"))).toEqual([]);
  });

  it("of a cluster are beside its labels", () => {
    const stack = new Sketch("deployed");
    stack.add("gcp:container/cluster:Cluster", "cluster", {
      location: "us-central1",
      resourceLabels: { "bulkhead-zone": "phi" },
    });
    expect(factsOf(stack).interfaces.map(({ zone }) => zone)).toEqual(["phi"]);
  });
});

describe("what joins a network to others", () => {
  const peered = "it is peered with another network";

  it.each(everyKnowledge)("is a peering, from both ends (%s)", (knowledge) => {
    for (const [one, other] of [
      ["vpc", "other"],
      ["other", "vpc"],
    ] as const) {
      const stack = closed(knowledge);
      stack.add("gcp:compute/network:Network", "other", {
        name: "other",
        autoCreateSubnetworks: false,
        deleteDefaultRoutesOnCreate: true,
      });
      stack.add("gcp:compute/networkPeering:NetworkPeering", "peering", {
        network: stack.id(one),
        peerNetwork: stack.id(other),
      });
      expect(connectionsOf(stack)).toEqual([`NetworkPeering peering: ${peered}`]);
    }
  });

  it("may be a peering of a network that is not known", () => {
    const stack = closed();
    stack.add("gcp:compute/networkPeering:NetworkPeering", "peering", {
      network: unknownText,
      peerNetwork: "projects/other/global/networks/other",
    });
    expect(connectionsOf(stack)).toEqual([`NetworkPeering peering: ${peered}?`]);
  });

  it("is no peering of other networks", () => {
    const stack = closed();
    stack.add("gcp:compute/networkPeering:NetworkPeering", "peering", {
      network: "projects/one/global/networks/one",
      peerNetwork: "projects/other/global/networks/other",
    });
    expect(connectionsOf(stack)).toEqual([]);
  });

  it.each([
    ["without perimeters", [], true],
    ["within perimeters", [{ enabled: true }], false],
    ["no longer within perimeters", [{ enabled: false }], true],
    ["perhaps within perimeters", [{ enabled: unknownText }], true],
    ["within perimeters of another service", [{ enabled: true, service: "other.googleapis.com" }], true],
  ])("is a connection to Google's services %s", (_what, controls, isOpen) => {
    const stack = closed();
    stack.add("gcp:servicenetworking/connection:Connection", "connection", {
      network: stack.id("vpc"),
      service: "servicenetworking.googleapis.com",
      reservedPeeringRanges: ["range"],
    });
    for (const inputs of controls) {
      stack.add("gcp:servicenetworking/vpcServiceControls:VpcServiceControls", "controls", {
        network: "vpc",
        service: "servicenetworking.googleapis.com",
        ...inputs,
      });
    }
    expect(connectionsOf(stack).length > 0).toBe(isOpen);
    expect(routesOf(stack).length > 0).toBe(isOpen);
  });

  it.each([
    ["gcp:compute/haVpnGateway:HaVpnGateway", { network: "vpc" }],
    ["gcp:compute/vPNGateway:VPNGateway", { network: "vpc" }],
    ["gcp:compute/vPNTunnel:VPNTunnel", { router: "router" }],
    ["gcp:compute/interconnectAttachment:InterconnectAttachment", { router: "router" }],
    ["gcp:compute/routerPeer:RouterPeer", { router: "router" }],
    ["gcp:networkconnectivity/spoke:Spoke", { hub: "hub", linkedVpcNetwork: { uri: "vpc" } }],
    ["gcp:vmwareengine/networkPeering:NetworkPeering", { peerNetwork: "vpc" }],
    ["gcp:compute/networkAttachment:NetworkAttachment", { subnetworks: ["subnet"] }],
    ["gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy", { network: "vpc" }],
    ["gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint", { network: "vpc", accessType: "GLOBAL" }],
    ["gcp:servicenetworking/peeredDnsDomain:PeeredDnsDomain", { network: "vpc" }],
    ["gcp:vpcaccess/connector:Connector", { network: "vpc", ipCidrRange: "10.8.0.0/28" }],
    [
      "gcp:compute/networkPeeringRoutesConfig:NetworkPeeringRoutesConfig",
      { network: "vpc", peering: "theirs", importCustomRoutes: true, exportCustomRoutes: false },
    ],
    ["gcp:compute/subnetworkIAMMember:SubnetworkIAMMember", { subnetwork: "subnet", member: "user:a@b.c" }],
    [
      "gcp:compute/serviceAttachment:ServiceAttachment",
      {
        natSubnets: ["subnet"],
        connectionPreference: "ACCEPT_MANUAL",
        consumerAcceptLists: [{ projectIdOrNum: "somebody-else", connectionLimit: 4 }],
      },
    ],
    [
      "gcp:compute/serviceAttachment:ServiceAttachment",
      { natSubnets: ["subnet"], connectionPreference: "ACCEPT_AUTOMATIC" },
    ],
    ["gcp:compute/packetMirroring:PacketMirroring", { network: { url: "vpc" } }],
    [
      "gcp:networksecurity/mirroringEndpointGroupAssociation:MirroringEndpointGroupAssociation",
      { network: "vpc" },
    ],
    [
      "gcp:networksecurity/interceptEndpointGroupAssociation:InterceptEndpointGroupAssociation",
      { network: "vpc" },
    ],
    [
      "gcp:compute/forwardingRule:ForwardingRule",
      {
        network: "vpc",
        loadBalancingScheme: "",
        target: "projects/other/regions/us-central1/serviceAttachments/theirs",
      },
    ],
  ])("is a %s", (type, inputs) => {
    const stack = closed();
    stack.add("gcp:compute/router:Router", "router", { name: "router", network: stack.id("vpc") });
    const ids = (value: unknown): unknown =>
      typeof value === "string" && ["vpc", "subnet", "router"].includes(value)
        ? stack.id(value)
        : Array.isArray(value)
          ? value.map(ids)
          : typeof value === "object" && value !== null
            ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ids(item)]))
            : value;
    stack.add(type, "join", ids(inputs) as Inputs);
    expect(connectionsOf(stack)).toHaveLength(1);
    expect(refusalsOf(stack).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(true);
  });

  it.each([
    [
      "gcp:compute/serviceAttachment:ServiceAttachment",
      { natSubnets: ["subnet"], connectionPreference: "ACCEPT_MANUAL" },
    ],
    ["gcp:networkconnectivity/regionalEndpoint:RegionalEndpoint", { accessType: "REGIONAL" }],
    ["gcp:compute/packetMirroring:PacketMirroring", { enable: "FALSE" }],
  ])("is no %s that lets nobody in", (type, inputs) => {
    const stack = closed();
    stack.add(type, "join", { ...inputs, network: stack.id("vpc") });
    expect(connectionsOf(stack)).toEqual([]);
  });
});

describe("a project of the PHI zone", () => {
  function withPhiProject(): Sketch {
    const stack = new Sketch("deployed");
    stack.add("gcp:organizations/project:Project", "phi", {
      projectId: "phi-project",
      labels: { "bulkhead-zone": "phi" },
    });
    return stack;
  }

  it.each([
    ["SharedVPCServiceProject", { serviceProject: "phi-project", hostProject: "theirs" }, 1],
    ["SharedVPCServiceProject", { serviceProject: "theirs", hostProject: "phi-project" }, 1],
    ["SharedVPCServiceProject", { serviceProject: "ours", hostProject: "theirs" }, 0],
    ["SharedVPCServiceProject", { serviceProject: unknownText, hostProject: "theirs" }, 1],
    ["SharedVPCHostProject", { project: "phi-project" }, 1],
  ])("shares no network by a %s: %s", (type, inputs, count) => {
    const stack = withPhiProject();
    stack.add(`gcp:compute/s${type.slice(1)}:${type}`, "shared", inputs);
    expect(connectionsOf(stack)).toHaveLength(count);
  });

  it("has a network that is judged by its layers", () => {
    const stack = withPhiProject();
    stack.add("gcp:compute/network:Network", "vpc", { name: "vpc", project: "phi-project" });
    expect(refusalsOf(stack).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(true);
  });
});

describe("public addresses", () => {
  it.each([
    ["a NAT of all subnets", { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" }, 1],
    [
      "a NAT of all primary ranges",
      { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES" },
      1,
    ],
    ["a NAT that may be of all", { sourceSubnetworkIpRangesToNat: unknownText }, 1],
    [
      "a NAT of its subnet",
      {
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
        subnetworks: [{ name: "subnet", sourceIpRangesToNats: ["ALL_IP_RANGES"] }],
      },
      1,
    ],
    [
      "a NAT of a subnet that is not known",
      { sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS", subnetworks: [{ name: unknownText }] },
      1,
    ],
    [
      "a NAT of another subnet",
      { sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS", subnetworks: [{ name: "other" }] },
      0,
    ],
    [
      "a NAT of another region",
      { sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES", region: "europe-west1" },
      0,
    ],
    ["a private NAT", { type: "PRIVATE", sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES" }, 1],
  ])("are those of %s", (_what, inputs, count) => {
    const stack = closed();
    stack.add("gcp:compute/router:Router", "router", { name: "router", network: stack.id("vpc") });
    stack.add("gcp:compute/routerNat:RouterNat", "nat", {
      router: `${stack.id("router")}.name`,
      region: "us-central1",
      ...inputs,
    });
    expect(addressesOf(stack)).toHaveLength(count);
  });

  const machine = { machineType: "e2-small" };

  it.each([
    ["an access configuration without an address", { accessConfigs: [{}] }, {}, 1],
    ["an access configuration", { accessConfigs: [{ natIp: "203.0.113.4" }] }, {}, 1],
    ["an access configuration that is not known", { accessConfigs: unknownText }, {}, 1],
    ["no access configuration", { accessConfigs: [] }, {}, 0],
    ["nothing", {}, {}, 0],
    ["an IPv6 access configuration", { ipv6AccessConfigs: [{ networkTier: "PREMIUM" }] }, {}, 1],
    ["both families", { stackType: "IPV4_IPV6" }, {}, 1],
    ["the network of another", { networkAttachment: "projects/p/regions/r/networkAttachments/a" }, {}, 1],
    ["IP forwarding", {}, { canIpForward: true }, 1],
    ["no IP forwarding", {}, { canIpForward: false }, 0],
  ])("are those of a machine with %s", (_what, nic, more, count) => {
    for (const type of [
      "gcp:compute/instance:Instance",
      "gcp:compute/instanceTemplate:InstanceTemplate",
      "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
    ]) {
      const stack = closed();
      stack.add(type, "vm", {
        ...machine,
        ...more,
        networkInterfaces: [{ subnetwork: stack.id("subnet"), ...nic }],
      });
      expect(addressesOf(stack)).toHaveLength(count);
    }
  });

  it("are those of a machine that is made from a template", () => {
    const stack = closed();
    const template = stack.add("gcp:compute/instanceTemplate:InstanceTemplate", "template", {
      ...machine,
      networkInterfaces: [{ subnetwork: stack.id("subnet"), accessConfigs: [{}] }],
    });
    stack.add("gcp:compute/instanceFromTemplate:InstanceFromTemplate", "vm", {
      zone: "us-central1-a",
      sourceInstanceTemplate: template,
    });
    const { interfaces } = factsOf(stack);
    expect(interfaces.map(({ label, zone }) => `${label} ${zone ?? ""}`)).toEqual([
      "InstanceTemplate template phi",
      "InstanceFromTemplate vm phi",
    ]);
    expect(addressesOf(stack)).toEqual([
      "InstanceTemplate template (phi): it has a public address (accessConfigs)",
    ]);
  });

  it("are those of a second interface elsewhere", () => {
    const stack = closed();
    stack.add("gcp:compute/instance:Instance", "vm", {
      ...machine,
      networkInterfaces: [
        { subnetwork: stack.id("subnet") },
        { network: "projects/other/global/networks/other" },
      ],
    });
    expect(addressesOf(stack)).toEqual([
      "Instance vm (phi): it has an interface outside of the PHI zone (projects/other/global/networks/other), by which it may send on what it reads",
    ]);
  });

  it.each([
    ["IPv6", { stackType: "IPV4_IPV6" }],
    ["public IPv6", { stackType: "IPV4_IPV6", ipv6AccessType: "EXTERNAL" }],
    ["a stack that is not known", { stackType: unknownText }],
    ["APIs by IPv6", { privateIpv6GoogleAccess: "ENABLE_OUTBOUND_VM_ACCESS_TO_GOOGLE" }],
  ])("are those of a subnet with %s", (_what, subnet) => {
    expect(addressesOf(closed("deployed", {}, subnet))).toHaveLength(1);
  });

  it.each([
    ["gcp:compute/address:Address", {}, 1],
    ["gcp:compute/address:Address", { addressType: "INTERNAL" }, 0],
    ["gcp:compute/address:Address", { addressType: unknownText }, 1],
    ["gcp:compute/globalAddress:GlobalAddress", {}, 1],
    ["gcp:compute/globalAddress:GlobalAddress", { addressType: "INTERNAL", purpose: "VPC_PEERING" }, 0],
    ["gcp:compute/forwardingRule:ForwardingRule", {}, 1],
    ["gcp:compute/forwardingRule:ForwardingRule", { loadBalancingScheme: "INTERNAL" }, 0],
    ["gcp:compute/forwardingRule:ForwardingRule", { loadBalancingScheme: "EXTERNAL_MANAGED" }, 1],
    [
      "gcp:compute/globalForwardingRule:GlobalForwardingRule",
      { loadBalancingScheme: "", target: "vpc-sc" },
      0,
    ],
  ])("are those of a %s in the zone: %s", (type, inputs, count) => {
    const stack = closed();
    stack.add(type, "thing", { labels: { "bulkhead-zone": "phi" }, ...inputs });
    expect(addressesOf(stack)).toHaveLength(count);
  });
});

describe("serverless code of the PHI zone", () => {
  const run = { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY", labels: { "bulkhead-zone": "phi" } };

  it.each([
    ["nothing", undefined, 1],
    ["all traffic", "ALL_TRAFFIC", 0],
    ["private addresses alone", "PRIVATE_RANGES_ONLY", 1],
    ["what is not said", "", 1],
    ["what is not known", unknownText, 1],
  ])("sends through its network %s", (_what, egress, count) => {
    const stack = closed();
    stack.add("gcp:cloudrunv2/service:Service", "service", {
      ...run,
      location: "us-central1",
      template:
        egress === undefined
          ? {}
          : {
              vpcAccess: {
                egress,
                networkInterfaces: [{ network: "vpc", subnetwork: "subnet", tags: ["run"] }],
              },
            },
    });
    expect(addressesOf(stack)).toHaveLength(count);
    if (egress === "ALL_TRAFFIC") {
      const { interfaces } = factsOf(stack);
      expect(interfaces.map(({ filters }) => filters.map(({ label }) => label))).toEqual([
        ["network tag run in Network vpc"],
      ]);
    }
  });

  it.each([undefined, "INGRESS_TRAFFIC_ALL", unknownText])(
    "is reached by the Internet where ingress is %s",
    (ingress) => {
      const stack = closed();
      stack.add("gcp:cloudrunv2/service:Service", "service", {
        ...run,
        ingress,
        template: { vpcAccess: { egress: "ALL_TRAFFIC", networkInterfaces: [{ subnetwork: "subnet" }] } },
      });
      expect(addressesOf(stack)).toHaveLength(1);
    },
  );

  it("is in the network of its connector", () => {
    const stack = closed();
    const connector = stack.add("gcp:vpcaccess/connector:Connector", "connector", {
      name: "connector",
      region: "us-central1",
      subnet: { name: "subnet" },
    });
    stack.add("gcp:cloudfunctionsv2/function:Function", "function", {
      location: "us-central1",
      serviceConfig: {
        vpcConnector: connector,
        vpcConnectorEgressSettings: "ALL_TRAFFIC",
        ingressSettings: "ALLOW_INTERNAL_ONLY",
      },
    });
    const facts = factsOf(stack);
    expect(facts.interfaces.map(({ label, zone }) => `${label} ${zone ?? ""}`).sort()).toEqual([
      "Connector connector phi",
      "Function function phi",
    ]);
    expect(new Set(facts.interfaces.flatMap(({ filters }) => filters.map(({ label }) => label)))).toEqual(
      new Set([
        "network tag vpc-connector and network tag vpc-connector-us-central1-connector in Network vpc",
      ]),
    );
    expect(facts.publicAddresses).toEqual([]);
  });
});

describe("what is in a network", () => {
  it.each(everyKnowledge)("is held by the rules for all that it is (%s)", (knowledge) => {
    const stack = closed(knowledge);
    const account = stack.add("gcp:serviceaccount/account:Account", "app", { accountId: "app" });
    stack.add("gcp:compute/firewall:Firewall", "tagged", {
      network: stack.id("vpc"),
      direction: "EGRESS",
      priority: 10,
      targetTags: ["web"],
      allows: [{ protocol: "udp" }],
      destinationRanges: ["10.9.0.0/16"],
    });
    stack.add("gcp:compute/firewall:Firewall", "known", {
      network: stack.id("vpc"),
      direction: "EGRESS",
      priority: 10,
      targetServiceAccounts: [`${account}.email`],
      allows: [{ protocol: "tcp", ports: ["443"] }],
      destinationRanges: ["10.9.0.0/16"],
    });
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      tags: ["web"],
      serviceAccount: { email: `${account}.email`, scopes: ["cloud-platform"] },
      networkInterfaces: [{ network: stack.id("vpc") }],
    });
    const facts = factsOf(stack);
    const label = "network tag web and service account app in Network vpc";
    expect(facts.interfaces.map(({ filters }) => filters.map((one) => one.label))).toEqual([[label]]);
    expect(passing(filterOf(facts, label), "egress")).toEqual([
      "tcp 443 10.9.0.0 to 10.9.255.255",
      "udp any port 10.9.0.0 to 10.9.255.255",
    ]);
  });

  it("may be anybody where its tags are not known", () => {
    const stack = closed();
    stack.add("gcp:compute/firewall:Firewall", "tagged", {
      network: stack.id("vpc"),
      direction: "EGRESS",
      priority: 10,
      targetTags: ["web"],
      allows: [{ protocol: "udp" }],
      destinationRanges: ["10.9.0.0/16"],
    });
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      tags: unknownText,
      networkInterfaces: [{ network: stack.id("vpc") }],
    });
    const facts = factsOf(stack);
    expect(
      facts.interfaces.flatMap(({ filters }) => filters.flatMap((one) => passing(one, "egress"))),
    ).toEqual(["udp any port 10.9.0.0 to 10.9.255.255?"]);
  });

  it("has the secure tags that are bound to it", () => {
    const stack = closed();
    const tag = stack.add("gcp:tags/tagValue:TagValue", "web", { parent: "tagKeys/1", shortName: "web" });
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      zone: "us-central1-a",
      networkInterfaces: [{ network: stack.id("vpc") }],
    });
    stack.add("gcp:tags/locationTagBinding:LocationTagBinding", "binding", {
      parent: stack.id("vm"),
      tagValue: tag,
      location: "us-central1-a",
    });
    expect(factsOf(stack).interfaces.map(({ filters }) => filters.map(({ label }) => label))).toEqual([
      ["secure tag web in Network vpc"],
    ]);
  });

  it("is not known to be in one network with two interfaces", () => {
    const stack = closed();
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      networkInterfaces: [{ subnetwork: stack.id("subnet") }, { subnetwork: unknownText }],
    });
    expect(factsOf(stack).blind.map(({ label, zone }) => `${label} ${zone ?? ""}`)).toEqual([
      "Instance vm phi",
    ]);
  });

  it.each([
    ["phi", "projects/hospital-ai/locations/us-central1/connectors/theirs", 1],
    ["processing", "projects/hospital-ai/locations/us-central1/connectors/theirs", 0],
    ["processing", unknownText, 1],
  ])("is not known by a connector of another stack's: %s %s", (zone, connector, count) => {
    const stack = closed();
    stack.add("gcp:cloudrunv2/job:Job", "job", {
      location: "us-central1",
      labels: { "bulkhead-zone": zone },
      template: { template: { vpcAccess: { egress: "ALL_TRAFFIC", connector } } },
    });
    expect(factsOf(stack).blind).toHaveLength(count);
  });

  it("takes the zone of its label into a network of none", () => {
    const stack = closed().remove("zones");
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      labels: { "bulkhead-zone": "phi" },
      networkInterfaces: [{ network: stack.id("vpc") }],
    });
    stack.remove("deny");
    expect(refusalsOf(stack).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(true);
  });

  it("is refused in a network that the stack only names", () => {
    const stack = new Sketch("deployed");
    stack.add("gcp:compute/instance:Instance", "vm", {
      machineType: "e2-small",
      labels: { "bulkhead-zone": "phi" },
      networkInterfaces: [{ network: "default" }],
    });
    expect(refusalsOf(stack).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(true);
  });
});

describe("networks that zones share", () => {
  function shared(): Sketch {
    const stack = closed().remove("zones");
    stack.add("gcp:compute/subnetwork:Subnetwork", "app", {
      name: "app",
      network: stack.id("vpc"),
      region: "us-central1",
      ipCidrRange: "10.0.16.0/20",
    });
    return inPhi(stack, urn("gcp:compute/subnetwork:Subnetwork", "subnet"));
  }

  it("are judged for the subnets of the PHI zone", () => {
    const stack = shared();
    expect(refusalsOf(stack).filter((one) => one.startsWith("phi-zone-has-no-egress"))).toEqual([]);
    expect(refusalsOf(stack.remove("deny")).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(
      true,
    );
  });

  it.each([
    ["nobody in the stack has", undefined, false],
    ["something of another zone has", "app", false],
    ["something of the zone has", "subnet", true],
  ])("let nothing out for a tag that %s", (_what, subnet, isRefused) => {
    const stack = shared();
    stack.add("gcp:compute/firewall:Firewall", "tagged", {
      network: stack.id("vpc"),
      direction: "EGRESS",
      priority: 10,
      targetTags: ["web"],
      allows: [{ protocol: "tcp", ports: ["443"] }],
      destinationRanges: ["10.9.0.0/16"],
    });
    if (subnet !== undefined) {
      stack.add("gcp:compute/instance:Instance", "vm", {
        machineType: "e2-small",
        tags: ["web"],
        networkInterfaces: [{ subnetwork: stack.id(subnet) }],
      });
    }
    expect(refusalsOf(stack).some((one) => one.startsWith("phi-zone-has-no-egress"))).toBe(isRefused);
  });
});

describe("endpoints of Google's APIs", () => {
  it.each([
    ["vpc-sc", []],
    ["all-apis", [""]],
    [unknownText, ["?"]],
  ])("lead where %s says", (target, expected) => {
    const stack = closed();
    stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "apis", {
      name: "apis",
      network: stack.id("vpc"),
      loadBalancingScheme: "",
      target,
    });
    const { perimeterOpenings } = factsOf(stack);
    expect(
      perimeterOpenings
        .filter(({ what }) => what.includes("(all-apis)"))
        .map(({ assumption }) => (assumption === undefined ? "" : "?")),
    ).toEqual(expected);
  });
});

describe("what Google opens by default", () => {
  const deny = (name: string, inputs: Inputs): ((stack: Sketch) => void) => {
    return (stack) => {
      stack.add("gcp:compute/firewall:Firewall", name, {
        network: stack.id("vpc"),
        denies: [{ protocol: "all" }],
        ...inputs,
      });
    };
  };
  const out = deny("out", {
    direction: "EGRESS",
    destinationRanges: ["0.0.0.0/0", "::/0"],
    logConfig: { metadata: "INCLUDE_ALL_METADATA" },
  });
  const into = deny("into", { sourceRanges: ["0.0.0.0/0", "::/0"], enableLogging: true });

  function sealed(network: Inputs = {}): Sketch {
    const stack = closed("deployed", {
      networkFirewallPolicyEnforcementOrder: "BEFORE_CLASSIC_FIREWALL",
      ...network,
    }).remove("deny");
    out(stack);
    into(stack);
    return stack;
  }

  function sealsOf(stack: Sketch): readonly string[] {
    return factsOf(stack)
      .missingSeals.filter(({ label }) => /^(?:Network|Firewall|NetworkFirewallPolicy) /.test(label))
      .filter(({ what }) => !what.includes("name"))
      .map(({ label, what }) => `${label}: ${what.split(/[ :(]/).slice(0, 6).join(" ")}`);
  }

  it("is sealed where nothing is missing", () => {
    expect(sealsOf(sealed())).toEqual([]);
    const { seals } = factsOf(sealed()).safeguards();
    expect(seals.map(({ what }) => what.split(" ").slice(0, 5).join(" "))).toEqual([
      "the network is made without",
      "rules of the network's own",
    ]);
  });

  it.each([
    [
      "default routes",
      { deleteDefaultRoutesOnCreate: false },
      "Network vpc: Google gives it a default route",
    ],
    ["subnets of Google's", { autoCreateSubnetworks: true }, "Network vpc: Google makes a subnet of it"],
    [
      "an order that puts policies last",
      { networkFirewallPolicyEnforcementOrder: undefined },
      "Network vpc: Rules of the network itself come",
    ],
  ])("is told of %s", (_what, network, expected) => {
    expect(sealsOf(sealed(network))).toEqual([expected]);
  });

  it.each(["0.0.0.0/0", "::/0"])("is told of what no rule denies: all but %s", (range) => {
    const stack = sealed().change("out", (inputs) => ({ ...inputs, destinationRanges: [range] }));
    expect(sealsOf(stack)).toEqual(["Network vpc: No rule of its own denies"]);
  });

  it.each([
    ["out", { logConfig: undefined }],
    ["into", { enableLogging: undefined }],
    ["into", { enableLogging: false }],
    ["into", { enableLogging: unknownText }],
  ])("is told of a denial %s that is not recorded: %s", (name, inputs) => {
    const stack = sealed().change(name, (before) => ({ ...before, ...inputs }));
    expect(sealsOf(stack)).toEqual([`Firewall ${name}: It denies everything that no other`]);
  });
});

describe("a project that Google makes a network in", () => {
  it.each([
    [undefined, 1],
    [true, 1],
    [unknownText, 1],
    [false, 0],
  ])("has a way out where autoCreateNetwork is %s", (autoCreateNetwork, count) => {
    const stack = new Sketch("deployed");
    stack.add("gcp:organizations/project:Project", "phi", {
      projectId: "phi-project",
      labels: { "bulkhead-zone": "phi" },
      autoCreateNetwork,
    });
    expect(addressesOf(stack)).toHaveLength(count);
  });
});

describe("packets that are copied in a network that zones share", () => {
  it.each([
    ["of another subnet", { subnetworks: [{ url: "app" }] }, 0],
    ["of a subnet of the zone", { subnetworks: [{ url: "subnet" }] }, 1],
    ["of another subnet, and of whatever has a tag", { subnetworks: [{ url: "app" }], tags: ["web"] }, 1],
    ["of nobody knows what", { subnetworks: [{ url: unknownText }] }, 1],
    ["of all of it", {}, 1],
  ])("are those %s", (_what, mirroredResources, count) => {
    const stack = closed().remove("zones");
    stack.add("gcp:compute/subnetwork:Subnetwork", "app", {
      name: "app",
      network: stack.id("vpc"),
      region: "us-central1",
      ipCidrRange: "10.0.16.0/20",
    });
    inPhi(stack, urn("gcp:compute/subnetwork:Subnetwork", "subnet"));
    stack.add("gcp:compute/packetMirroring:PacketMirroring", "mirror", {
      region: "us-central1",
      network: { url: stack.id("vpc") },
      mirroredResources,
    });
    expect(connectionsOf(stack)).toHaveLength(count);
  });
});
