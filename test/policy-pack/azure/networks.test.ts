import { describe, expect, it } from "vitest";

import { azureBase, azureBaseWithSubnets, textId, type Inputs } from "../corpus/azure-base";
import { judge } from "../judge-on-a-day";
import { ownGroup, unknownText, type Sketch } from "../stack-sketch";

import { factsOf, refusalsOf } from "./azure-facts";

const knowledges = ["preview", "deployed"] as const;

function changeSubnet(stack: Sketch, name: string, inputs: Inputs): Sketch {
  return stack.change("vnet", (before) => ({
    ...before,
    subnets: (before["subnets"] as readonly Inputs[]).map((one) =>
      one["name"] === name ? { ...one, ...inputs } : one,
    ),
  }));
}

describe.each(knowledges)("the subnets of a stack, %s", (knowledge) => {
  it("are in the zones of their groups and tables, whether parts of their network or resources", () => {
    const shown = (stack: Sketch): readonly (readonly unknown[])[] =>
      factsOf(stack).subnets.map(({ zone, knownRanges, network, routeTables }) => [
        zone,
        knownRanges.length,
        network.label,
        routeTables.length,
      ]);
    const expected = [
      ["gateway", 1, "VirtualNetwork vnet", 1],
      ["processing", 1, "VirtualNetwork vnet", 1],
      ["phi", 1, "VirtualNetwork vnet", 1],
    ];
    expect(shown(azureBase(knowledge))).toEqual(expected);
    expect([...shown(azureBaseWithSubnets(knowledge))].sort()).toEqual([...expected].sort());
  });

  it("have keys of their own where they share the URN of their network", () => {
    const { subnets } = factsOf(azureBase(knowledge));
    expect(new Set(subnets.map(({ urn }) => urn)).size).toBe(1);
    expect(subnets.map(({ key, urn }) => key.slice(urn.length))).toEqual([
      "/subnets/gateway",
      "/subnets/processing",
      "/subnets/phi",
    ]);
  });

  it("are refused where group and table say different zones", () => {
    const stack = changeSubnet(azureBase(knowledge), "phi", {
      routeTable: { id: textId("Microsoft.Network/routeTables", "processing-routes") },
    });
    expect(refusalsOf(stack)).toContain(
      "resources-are-understood: Subnet phi of VirtualNetwork vnet: Its network security group and its route table say different zones: phi and processing.",
    );
  });

  it("are refused where they are parts of their network and resources of their own", () => {
    const stack = azureBase(knowledge);
    stack.add("azure-native:network:Subnet", "more", {
      resourceGroupName: ownGroup,
      virtualNetworkName: "vnet",
      subnetName: "more",
      addressPrefix: "10.0.9.0/24",
      networkSecurityGroup: { id: textId("Microsoft.Network/networkSecurityGroups", "phi-nsg") },
      routeTable: { id: textId("Microsoft.Network/routeTables", "phi-routes") },
      defaultOutboundAccess: false,
      privateEndpointNetworkPolicies: "Enabled",
    });
    expect(refusalsOf(stack)).toEqual([
      "resources-are-understood: VirtualNetwork vnet: Its subnets are both parts of it and resources of their own, each of which takes away what the other says.",
    ]);
  });

  it.each([
    ["azure-native:network:NetworkSecurityGroup", { networkSecurityGroupName: "PHI-nsg", securityRules: [] }],
    ["azure-native:network/v20230901:RouteTable", { routeTableName: "PHI-routes" }],
    ["azure-native:network:Subnet", { virtualNetworkName: "VNET", subnetName: "Phi" }],
  ])("are refused where a second %s is the same one in Azure, in other letters", (type, inputs) => {
    const stack = azureBaseWithSubnets(knowledge);
    stack.add(type, "second", { resourceGroupName: ownGroup, ...inputs });
    const found = refusalsOf(stack).filter((text) => text.includes("is the same one in Azure"));
    expect(found).toHaveLength(2);
  });

  it("are accepted where a second resource reads the same one", () => {
    const stack = azureBaseWithSubnets(knowledge);
    const [group] = stack.resources().filter(({ name }) => name === "phi-nsg");
    stack.add("azure-native:network:NetworkSecurityGroup", "second", group?.inputs ?? {});
    expect(refusalsOf(stack)).toEqual([]);
  });

  it.each([
    ["parts of their network", azureBase],
    ["resources of their own", azureBaseWithSubnets],
  ])("have an address of a NAT gateway of the whole network, as %s", (_what, base) => {
    const stack = base(knowledge);
    stack.add("azure-native:network:NatGateway", "nat", {
      resourceGroupName: ownGroup,
      natGatewayName: "nat",
      sku: { name: "StandardV2" },
      sourceVirtualNetwork: { id: stack.id("vnet") },
    });
    const found = factsOf(stack).publicAddresses.filter(({ what }) => what.startsWith("a NAT gateway"));
    expect(found.map(({ zone }) => zone).sort()).toEqual(["gateway", "phi", "processing"]);
  });

  it("are refused where it is not known which there are", () => {
    const stack = azureBase(knowledge).change("vnet", (inputs) => ({ ...inputs, subnets: unknownText }));
    expect(refusalsOf(stack)).toContain(
      "resources-are-understood: VirtualNetwork vnet: Which subnets it has cannot be known: `subnets` is unknown.",
    );
  });

  it("are in the zone that a component says, and so are their group and table", () => {
    const stack = azureBaseWithSubnets(knowledge);
    for (const name of ["phi-nsg", "phi-routes"]) {
      stack.change(name, ({ tags: _tags, ...inputs }) => inputs);
    }
    const zonesOf = (): readonly unknown[] => {
      const { zoneOf } = judge(stack.resources(), { dryRun: knowledge === "preview" });
      return ["Subnet::phi-subnet", "NetworkSecurityGroup::phi-nsg", "RouteTable::phi-routes"].map((name) =>
        zoneOf(`urn:pulumi:test::bulkhead::azure-native:network:${name}`),
      );
    };
    expect(zonesOf()).toEqual([undefined, undefined, undefined]);
    stack.addRaw({
      urn: "urn:pulumi:test::bulkhead::clinic:index:Zone::zone",
      type: "clinic:index:Zone",
      name: "zone",
      inputs: {},
      outputs: {
        zoneMembers: { phi: ["urn:pulumi:test::bulkhead::azure-native:network:Subnet::phi-subnet"] },
      },
      custom: false,
      parent: undefined,
      computed: [],
    });
    expect(zonesOf()).toEqual(["phi", "phi", "phi"]);
  });
});

describe("after a deployment", () => {
  it("a network that shows the subnets that are resources of their own has each once", () => {
    const stack = azureBaseWithSubnets("deployed");
    const resources = stack.resources().map((resource) =>
      resource.name === "vnet"
        ? {
            ...resource,
            outputs: {
              ...resource.outputs,
              subnets: [{ name: "PHI", id: stack.id("phi-subnet"), addressPrefix: "10.0.3.0/24" }],
            },
          }
        : resource,
    );
    expect(judge(resources, { dryRun: false }).findings.filter(({ level }) => level === "mandatory")).toEqual(
      [],
    );
  });
});
