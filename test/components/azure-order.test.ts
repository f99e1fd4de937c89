import { describe, expect, it } from "vitest";

import { azureRenderer } from "../../components/azure/renderer";
import type { Surroundings } from "../../components/surroundings";
import { platformSpec } from "../../model/platform-spec";
import { azureTarget, surroundingsOf } from "../policy-pack/rendered-stack";

import { CreationOrder } from "./creation-order";
import { smallPlatform } from "./small-platform";

/** The order in which a small platform comes up. */
function orderOf(around: Partial<Surroundings> = {}): Promise<CreationOrder> {
  const spec = platformSpec(smallPlatform);
  return CreationOrder.of(spec, azureRenderer(azureTarget, { ...surroundingsOf(spec, "azure"), ...around }));
}

describe("the order in which a platform on Azure comes up", () => {
  it("has each filter and each route table before the network whose subnets they are of", async () => {
    const order = await orderOf();
    const before = order.before("ward-network");
    const sealing = [...order.named("NetworkSecurityGroup"), ...order.named("RouteTable")];
    expect(sealing).toHaveLength(11);
    expect(sealing.filter((name) => !before.has(name))).toEqual([]);
  });

  it("has the network, its names and what blocks all others before anything that is reached by them", async () => {
    const order = await orderOf();
    const reached = [
      ...order.named("PrivateEndpoint"),
      ...order.named("ApplicationGateway"),
      ...order.named("NetworkInterface"),
      ...order.named("VirtualMachine"),
    ];
    expect(reached.length).toBeGreaterThan(11);
    expect(order.named("VirtualMachine")).toHaveLength(6);
    const sealing = [
      "ward-network",
      "ward-names-policy-link",
      "ward-names-queries-recording",
      ...order.named("VirtualNetworkLink"),
    ];
    for (const name of reached) {
      const before = order.before(name);
      expect(sealing.filter((needed) => !before.has(needed))).toEqual([]);
    }
  });

  it("has the rules for names in the policy before it is in force on the network", async () => {
    const order = await orderOf();
    const before = order.before("ward-names-policy-link");
    expect([...before]).toEqual(
      expect.arrayContaining(["ward-names-own-rule", "ward-names-others-rule", "ward-network"]),
    );
  });

  it("has what a private endpoint leads to before the endpoint, and the endpoint before its names", async () => {
    const order = await orderOf();
    expect([...order.before("ward-secrets-endpoint")]).toContain("ward-secrets-vault");
    expect([...order.before("ward-secrets-endpoint-names")]).toContain("ward-secrets-endpoint");
  });

  it("has a workload's identities, roles, credential and rule of records before its machines, one machine after the other", async () => {
    const order = await orderOf();
    const first = order.before("ward-fhir-proxy-1-machine");
    expect([...first]).toEqual(
      expect.arrayContaining([
        "ward-fhir-proxy-workload-identity",
        "ward-fhir-proxy-starting-identity",
        "ward-fhir-proxy-workload-secrets",
        "ward-fhir-proxy-credential",
        "ward-fhir-proxy-credential-access",
        "ward-fhir-proxy-output-rule",
        "ward-fhir-proxy-1-interface",
        "ward-machine-disks",
        "ward-names-fhir-proxy",
      ]),
    );
    expect([...order.before("ward-fhir-proxy-2-machine")]).toContain("ward-fhir-proxy-1-machine");
    expect([...first].filter((name) => name.startsWith("ward-ai-gateway-"))).not.toContain(
      "ward-ai-gateway-1-machine",
    );
  });

  it("records the flows of the network once it is there", async () => {
    const order = await orderOf();
    const [flows = ""] = order.named("FlowLog");
    expect([...order.before(flows)]).toContain("ward-network");
  });

  it("has the subnets of an existing network one after the other, each after all filters", async () => {
    const networkId = `/subscriptions/${azureTarget.subscriptionId}/resourceGroups/hospital/providers/Microsoft.Network/virtualNetworks/campus`;
    const order = await orderOf({ existingNetwork: { networkId, internetGatewayId: undefined } });
    const subnets = order.named("Subnet");
    const filters = order.named("NetworkSecurityGroup");
    const counts = subnets.map((name) => {
      const before = order.before(name);
      expect(filters.filter((filter) => !before.has(filter))).toEqual([]);
      return subnets.filter((other) => before.has(other)).length;
    });
    expect(counts.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    for (const name of [...order.named("PrivateEndpoint"), ...order.named("ApplicationGateway")]) {
      const before = order.before(name);
      expect(subnets.filter((subnet) => !before.has(subnet))).toEqual([]);
    }
  });
});
