import { describe, expect, it } from "vitest";

import { azureBase, subnetId, type Inputs, type Zone } from "../corpus/azure-base";
import { ownGroup, unknownText, type Sketch } from "../stack-sketch";

import { factsOf } from "./azure-facts";

function withNic(zone: Zone, inputs: Inputs, ip: Inputs = {}): Sketch {
  const stack = azureBase("deployed");
  stack.add("azure-native:network/v20230201:NetworkInterface", "nic", {
    resourceGroupName: ownGroup,
    networkInterfaceName: "nic",
    ipConfigurations: [{ name: "ip", subnet: { id: subnetId(stack, zone) }, ...ip }],
    ...inputs,
  });
  return stack;
}

const addressesOf = (stack: Sketch): readonly string[] =>
  factsOf(stack).publicAddresses.map(
    ({ zone, what, assumption }) => `${zone}: ${what}${assumption === undefined ? "" : "?"}`,
  );

describe("what has an address on Azure", () => {
  it("takes the zone and the filters of its subnet", () => {
    const [nic] = factsOf(withNic("phi", {})).interfaces;
    expect(nic?.zone).toBe("phi");
    expect(nic?.filters.map(({ label }) => label)).toEqual(["NetworkSecurityGroup phi-nsg"]);
  });

  it.each([
    [
      "a public address",
      {},
      { publicIPAddress: { id: "/subscriptions/x/address" } },
      ["phi: it has a public address"],
    ],
    ["an address that is not known", {}, { publicIPAddress: unknownText }, ["phi: it has a public address?"]],
    [
      "IP forwarding",
      { enableIPForwarding: true },
      {},
      ["phi: it sends on packets of others (IP forwarding)"],
    ],
    ["an IPv6 address", {}, { privateIPAddressVersion: "IPv6" }, ["phi: it has an IPv6 address"]],
    ["none of these", { enableIPForwarding: false }, { privateIPAddressVersion: "IPv4" }, []],
  ])("is seen to have %s", (_what, inputs, ip, expected) => {
    expect(addressesOf(withNic("phi", inputs, ip))).toEqual(expected);
  });

  it.each([
    [{ enablePrivateCluster: true }, []],
    [
      { enablePrivateCluster: false },
      [
        "phi: the Internet reaches its API server, which runs commands in its containers (enablePrivateCluster)",
      ],
    ],
    [
      undefined,
      [
        "phi: the Internet reaches its API server, which runs commands in its containers (enablePrivateCluster)",
      ],
    ],
    [
      unknownText,
      [
        "phi: the Internet reaches its API server, which runs commands in its containers (enablePrivateCluster)?",
      ],
    ],
  ])(
    "is seen to be commanded from the Internet, as a cluster with %o",
    (apiServerAccessProfile, expected) => {
      const stack = azureBase("deployed");
      stack.add("azure-native:containerservice:ManagedCluster", "cluster", {
        resourceGroupName: ownGroup,
        resourceName: "cluster",
        agentPoolProfiles: [{ name: "nodes", vnetSubnetID: subnetId(stack, "phi") }],
        networkProfile: { outboundType: "none" },
        ...(apiServerAccessProfile === undefined ? {} : { apiServerAccessProfile }),
      });
      expect(addressesOf(stack)).toEqual(expected);
    },
  );

  it("is not seen outside of all zones", () => {
    const stack = azureBase("deployed");
    stack.add("azure-native:network:NetworkInterface", "nic", {
      resourceGroupName: ownGroup,
      ipConfigurations: [{ subnet: { id: "/subscriptions/x/subnets/y" }, publicIPAddress: { id: "z" } }],
    });
    expect(addressesOf(stack)).toEqual([]);
  });

  it("reaches the Internet by a machine that has an interface elsewhere as well", () => {
    const stack = withNic("phi", {});
    const other = stack.add("azure-native:network:NetworkInterface", "other-nic", {
      resourceGroupName: ownGroup,
      networkInterfaceName: "other-nic",
      ipConfigurations: [{ subnet: { id: subnetId(stack, "gateway") } }],
    });
    stack.add("azure-native:compute:VirtualMachine", "machine", {
      resourceGroupName: ownGroup,
      vmName: "machine",
      networkProfile: { networkInterfaces: [{ id: stack.id("nic") }, { id: other }] },
    });
    expect(addressesOf(stack)).toContain(
      "phi: it has an interface outside of the PHI zone as well (Subnet gateway of VirtualNetwork vnet), by which it may send on what it reads",
    );
  });

  it("runs code in the network of the PHI zone, unless it is a private endpoint", () => {
    const stack = azureBase("deployed");
    stack.add("azure-native:network:PrivateEndpoint", "endpoint", {
      resourceGroupName: ownGroup,
      privateEndpointName: "endpoint",
      subnet: { id: subnetId(stack, "phi") },
    });
    expect(factsOf(stack).networksWithCodeInPhi).toEqual([]);
    const labels = factsOf(withNic("phi", {})).networksWithCodeInPhi.map(({ label }) => label);
    expect([...new Set(labels)]).toEqual(["VirtualNetwork vnet"]);
  });
});
