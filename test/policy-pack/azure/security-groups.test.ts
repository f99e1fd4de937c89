import { describe, expect, it } from "vitest";

import { ownGroup, Sketch, unknownText } from "../stack-sketch";

import { factsOf, filterOf, passing } from "./azure-facts";

type Inputs = Readonly<Record<string, unknown>>;

const phi = { "bulkhead-zone": "phi" };
const nsg = "azure-native:network:NetworkSecurityGroup";

function rule(priority: number, access: string, inputs: Inputs = {}): Inputs {
  return {
    name: `rule-${String(priority)}`,
    priority,
    direction: "Outbound",
    access,
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix: "*",
    destinationPortRange: "*",
    ...inputs,
  };
}

const denials = ["Outbound", "Inbound"].map((direction) => rule(4096, "Deny", { direction }));

/** A network 10.0.0.0/16 with a subnet 10.0.3.0/24 of the PHI zone, whose group has some rules. */
function stackWith(rules: readonly Inputs[], more: Inputs = {}): Sketch {
  const stack = new Sketch("deployed");
  const group = stack.add(nsg, "phi-nsg", {
    resourceGroupName: ownGroup,
    networkSecurityGroupName: "phi-nsg",
    securityRules: rules,
    tags: phi,
  });
  stack.add("azure-native:network:VirtualNetwork", "vnet", {
    resourceGroupName: ownGroup,
    virtualNetworkName: "vnet",
    addressSpace: { addressPrefixes: ["10.0.0.0/16"] },
    subnets: [
      {
        name: "phi",
        addressPrefix: "10.0.3.0/24",
        defaultOutboundAccess: false,
        privateEndpointNetworkPolicies: "Enabled",
        networkSecurityGroup: { id: group },
        ...more,
      },
    ],
  });
  return stack;
}

function egress(rules: readonly Inputs[], more: Inputs = {}): readonly string[] {
  return passing(filterOf(factsOf(stackWith(rules, more)), "NetworkSecurityGroup phi-nsg"), "egress");
}

function toward(destinationAddressPrefix: string): Inputs {
  return { ...https, destinationAddressPrefix };
}

const https: Inputs = { protocol: "Tcp", destinationPortRange: "443" };
const toProcessing = "tcp 443 10.0.2.0 to 10.0.2.255";
const inNetwork = "any protocol 10.0.0.0 to 10.0.255.255";

describe("a network security group", () => {
  it("lets nothing out that a denial of everything comes before", () => {
    expect(egress(denials)).toEqual([]);
  });

  it("lets out what Azure's own rules let out, where nothing is denied: its network, and the Internet, but not the host", () => {
    expect(egress([])).toEqual([
      "any protocol 0.0.0.0 to 9.255.255.255",
      inNetwork,
      "any protocol 10.1.0.0 to 168.63.129.15",
      "any protocol 168.63.129.17 to 169.254.169.253",
      "any protocol 169.254.169.255 to 255.255.255.255",
    ]);
  });

  it("opens no family by Azure's own rules that its subnet does not have", () => {
    const dual = egress([], { addressPrefix: undefined, addressPrefixes: ["10.0.3.0/24", "fd00::/64"] });
    expect(dual.filter((text) => text.includes("::"))).not.toEqual([]);
    expect(egress([]).filter((text) => text.includes("::"))).toEqual([]);
  });

  it.each([
    ["the smaller number first", [rule(100, "Deny"), rule(200, "Allow", https)], []],
    [
      "whatever the order of the list",
      [rule(200, "Deny"), rule(100, "Allow", toward("10.0.2.0/24"))],
      [toProcessing],
    ],
    [
      "of two with one number the one that lets more pass",
      [rule(100, "Deny"), rule(100, "Allow", toward("10.0.2.0/24"))],
      [toProcessing],
    ],
    [
      "only what a narrower denial leaves",
      [
        rule(100, "Deny", { destinationAddressPrefix: "10.0.2.0/25" }),
        rule(200, "Allow", toward("10.0.2.0/24")),
      ],
      ["tcp 443 10.0.2.128 to 10.0.2.255"],
    ],
    [
      "words in whatever case",
      [rule(100, "allow", { ...toward("10.0.2.0/24"), protocol: "TCP", direction: "outbound" })],
      [toProcessing],
    ],
    [
      "prefixes and ports in the plural",
      [
        rule(100, "Allow", {
          protocol: "Tcp",
          destinationAddressPrefix: undefined,
          destinationAddressPrefixes: ["10.0.2.0/25", "10.0.2.128/25"],
          destinationPortRange: undefined,
          destinationPortRanges: ["443", "8000-8001"],
        }),
      ],
      [
        "tcp 443 10.0.2.0 to 10.0.2.127",
        "tcp 443 10.0.2.128 to 10.0.2.255",
        "tcp 8000-8001 10.0.2.0 to 10.0.2.127",
        "tcp 8000-8001 10.0.2.128 to 10.0.2.255",
      ],
    ],
    [
      "one address without a mask",
      [rule(100, "Allow", { ...https, destinationAddressPrefix: "10.0.2.7" })],
      ["tcp 443 10.0.2.7 to 10.0.2.7"],
    ],
    [
      "protocols that have no ports",
      [rule(100, "Allow", { protocol: "Esp", destinationAddressPrefix: "10.0.2.0/24" })],
      ["protocol 50 10.0.2.0 to 10.0.2.255"],
    ],
    [
      "the network by its tag",
      [rule(100, "Allow", { ...https, destinationAddressPrefix: "virtualnetwork" })],
      ["tcp 443 10.0.0.0 to 10.0.255.255"],
    ],
    [
      "nothing for the probes of load balancers, which come from the host",
      [rule(100, "Allow", { destinationAddressPrefix: "AzureLoadBalancer" })],
      [],
    ],
    [
      "nothing by a rule that is for addresses of others",
      [rule(100, "Allow", { ...toward("10.0.2.0/24"), sourceAddressPrefix: "10.0.9.0/24" })],
      [],
    ],
    ["nothing in", [rule(100, "Allow", { ...toward("10.0.2.0/24"), direction: "Inbound" })], []],
  ])("takes %s", (_what, rules, expected) => {
    expect(egress([...rules, ...denials])).toEqual(expected);
  });

  it("takes a service tag for any address outside of its network", () => {
    expect(
      egress([rule(100, "Allow", { ...https, destinationAddressPrefix: "Storage.EastUS2" }), ...denials]),
    ).toContain("tcp 443 10.1.0.0 to 168.63.129.15?");
  });

  it.each([
    ["that is for some of its addresses only", { sourceAddressPrefix: "10.0.3.0/25" }],
    ["that is for some source ports only", { sourcePortRange: "1024-65535" }],
    ["of a service tag", { destinationAddressPrefix: "AzureCloud" }],
    ["whose addresses are not known", { destinationAddressPrefix: unknownText }],
    ["whose priority is not known", { priority: unknownText }],
    ["whose protocol is not known", { protocol: unknownText }],
  ])("leaves open what a denial %s speaks of", (_what, said) => {
    expect(egress([rule(100, "Deny", said)])).toContain(inNetwork);
  });

  it("closes with a denial of all ports in parts, and not with one of all but one", () => {
    const ports = (...destinationPortRanges: readonly string[]): Inputs => ({
      destinationPortRange: undefined,
      destinationPortRanges,
    });
    expect(egress([rule(100, "Deny", ports("0-442", "443-65535"))])).toEqual([]);
    expect(egress([rule(100, "Deny", ports("0-442", "444-65535"))])).toContain(
      "tcp 443 10.0.0.0 to 10.0.255.255",
    );
  });

  it.each([
    ["access", { access: unknownText }],
    ["direction", { direction: unknownText }],
    ["priority", { priority: unknownText }],
    ["address", { destinationAddressPrefix: unknownText }],
  ])("takes a rule whose %s is not known for one that opens", (_what, said) => {
    const open = egress([...denials, rule(200, "Allow", { ...https, ...said })]);
    expect(open.length).toBeGreaterThan(0);
    expect(open.every((text) => text.endsWith("?"))).toBe(true);
  });

  it("reads `VirtualNetwork` with and without what user routes lead to", () => {
    const stack = stackWith([rule(4096, "Deny", { destinationAddressPrefix: "Internet" })]);
    const routes = stack.add("azure-native:network:RouteTable", "routes", {
      resourceGroupName: ownGroup,
      routeTableName: "routes",
      disableBgpRoutePropagation: true,
      routes: [{ addressPrefix: "203.0.113.0/24", nextHopType: "None" }],
    });
    const before = passing(filterOf(factsOf(stack), "NetworkSecurityGroup phi-nsg"), "egress");
    stack.change("vnet", (inputs) => ({
      ...inputs,
      subnets: (inputs["subnets"] as readonly Inputs[]).map((one) => ({
        ...one,
        routeTable: { id: routes },
      })),
    }));
    const after = passing(filterOf(factsOf(stack), "NetworkSecurityGroup phi-nsg"), "egress");
    expect(before).toEqual([inNetwork]);
    expect(after).toEqual([inNetwork, "any protocol 203.0.113.0 to 203.0.113.255"]);
  });

  it("reads rules that are resources of their own, by the group's name in whatever case", () => {
    const stack = stackWith(denials);
    stack.add("azure-native:network/v20240501:SecurityRule", "own-rule", {
      resourceGroupName: ownGroup.toUpperCase(),
      networkSecurityGroupName: "PHI-NSG",
      securityRuleName: "own-rule",
      ...rule(150, "Allow", { ...https, destinationAddressPrefix: "10.0.2.0/24" }),
    });
    const facts = factsOf(stack);
    expect(passing(filterOf(facts, "NetworkSecurityGroup phi-nsg"), "egress")).toEqual([toProcessing]);
    expect(facts.missingSeals.map(({ what }) => what)).toContain(
      "Its rules are both parts of it and resources of their own, each of which takes away what the other says.",
    );
  });

  it("is what its interface's group and its subnet's let pass together", () => {
    const stack = stackWith([
      rule(100, "Allow", { ...https, destinationAddressPrefix: "10.0.2.0/24" }),
      ...denials,
    ]);
    const own = stack.add(nsg, "own-nsg", {
      resourceGroupName: ownGroup,
      networkSecurityGroupName: "own-nsg",
      securityRules: [rule(100, "Allow", { destinationAddressPrefix: "10.0.2.0/25" }), ...denials],
    });
    stack.add("azure-native:network:NetworkInterface", "nic", {
      resourceGroupName: ownGroup,
      networkInterfaceName: "nic",
      networkSecurityGroup: { id: own },
      ipConfigurations: [{ name: "ip", subnet: { id: `${stack.id("vnet")}/subnets/phi` } }],
    });
    const facts = factsOf(stack);
    const [nic] = facts.interfaces.filter(({ label }) => label === "NetworkInterface nic");
    expect(nic?.zone).toBe("phi");
    expect(nic?.filters.map(({ label }) => label)).toEqual([
      "NetworkSecurityGroup own-nsg with NetworkSecurityGroup phi-nsg",
    ]);
    expect(nic?.filters.flatMap((filter) => passing(filter, "egress"))).toEqual([
      "tcp 443 10.0.2.0 to 10.0.2.127",
    ]);
  });
});

describe("the filters of a subnet", () => {
  it.each([
    ["it has none", undefined],
    ["the stack does not show it", { id: Sketch.idOf(nsg, "elsewhere") }],
  ])("let everything pass where %s", (_what, networkSecurityGroup) => {
    const stack = stackWith(denials, { networkSecurityGroup });
    const routes = stack.add("azure-native:network:RouteTable", "routes", {
      resourceGroupName: ownGroup,
      routeTableName: "routes",
      tags: phi,
    });
    stack.change("vnet", (inputs) => ({
      ...inputs,
      subnets: (inputs["subnets"] as readonly Inputs[]).map((one) => ({
        ...one,
        routeTable: { id: routes },
      })),
    }));
    const [subnet] = factsOf(stack).subnets;
    const filters = factsOf(stack).interfaceFilters.filter(
      ({ subnets }) => subnets?.[0]?.key === subnet?.key,
    );
    expect(subnet?.zone).toBe("phi");
    expect(
      filters.flatMap((filter) => [filter.egress, filter.ingress].map(([one]) => one?.remote.kind)),
    ).toEqual(["anything", "anything"]);
  });

  it.each([
    ["Disabled", ["anything"]],
    ["RouteTableEnabled", ["anything"]],
    [undefined, ["anything"]],
    ["Enabled", []],
    ["NetworkSecurityGroupEnabled", []],
    ["enabled", []],
  ])("bind private endpoints as privateEndpointNetworkPolicies %s says", (policies, expected) => {
    const stack = stackWith(denials, { privateEndpointNetworkPolicies: policies });
    stack.add("azure-native:network:PrivateEndpoint", "endpoint", {
      resourceGroupName: ownGroup,
      privateEndpointName: "endpoint",
      subnet: { id: `${stack.id("vnet")}/subnets/phi` },
    });
    const [endpoint] = factsOf(stack).interfaces;
    expect(endpoint?.filters.flatMap(({ ingress }) => ingress).map(({ remote }) => remote.kind)).toEqual(
      expected,
    );
  });
});

describe("the peers of a group", () => {
  it("are as many as its tag names", () => {
    const stack = stackWith(denials).change("phi-nsg", (inputs) => ({
      ...inputs,
      tags: { "bulkhead-zone": "processing", "bulkhead-platform-service": "logs metrics" },
    }));
    expect(
      factsOf(stack)
        .interfaceFilters.filter(({ urn }) => urn.endsWith("::phi-nsg"))
        .map(({ peer }) => peer),
    ).toEqual(["platform-service/logs", "platform-service/metrics"]);
  });

  it.each([
    ["nothing denies the metadata", [], true],
    ["they are denied", [rule(3000, "Deny", { destinationAddressPrefix: "AzurePlatformIMDS" })], false],
    ["everything is denied, which does not reach them", denials, true],
    [
      "they are denied by their address, which does not reach them",
      [rule(3000, "Deny", { destinationAddressPrefix: "169.254.169.254/32" })],
      true,
    ],
    [
      "they are allowed before they are denied",
      [
        rule(200, "Allow", {
          protocol: "Tcp",
          destinationPortRange: "80",
          destinationAddressPrefix: "AzurePlatformIMDS",
        }),
        rule(3000, "Deny", { destinationAddressPrefix: "azureplatformimds" }),
      ],
      true,
    ],
  ])("reach the service of identities where %s", (_what, rules, isOpen) => {
    const stack = stackWith([...rules, ...denials]).change("phi-nsg", (inputs) => ({
      ...inputs,
      tags: {
        "bulkhead-platform": "hospital",
        "bulkhead-zone": "processing",
        "bulkhead-workload": "rag-service",
      },
    }));
    const facts = factsOf(stack);
    const own = filterOf(facts, "NetworkSecurityGroup phi-nsg");
    expect(passing(own, "egress").filter((text) => text.endsWith("platform-service/identity"))).toEqual(
      isOpen ? ["tcp 443 platform-service/identity"] : [],
    );
    expect(
      facts.interfaceFilters
        .filter(({ peer }) => peer === "platform-service/identity")
        .flatMap((filter) => passing(filter, "ingress")),
    ).toEqual(isOpen ? ["tcp 443 workload/rag-service"] : []);
  });
});
