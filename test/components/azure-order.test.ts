import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";

import { azureRenderer } from "../../components/azure/renderer";
import { Platform } from "../../components/platform";
import type { Surroundings } from "../../components/surroundings";
import { platformSpec } from "../../model/platform-spec";
import { azureTarget, surroundingsOf } from "../policy-pack/rendered-stack";
import { Sketch } from "../policy-pack/stack-sketch";

import { smallPlatform } from "./small-platform";

interface Registration {
  getType(): string;
  getName(): string;
  getDependenciesList(): readonly string[];
}

interface Monitor {
  registerResource: (request: Registration, callback: unknown) => unknown;
}

/** What others of the platform are made of, and no input says. */
const computed = {
  certPem: "",
  certRequestPem: "",
  clientId: "",
  immutableId: "",
  keyUriWithVersion: "",
  privateKeyPem: "",
  privateKeyPemPkcs8: "",
};

/** What each resource of the small platform waits for, directly or not, by logical names. */
class Order {
  readonly #direct = new Map<string, readonly string[]>();
  readonly #types = new Map<string, string>();

  static async of(around: Partial<Surroundings> = {}): Promise<Order> {
    const order = new Order();
    await pulumi.runtime.setMocks(
      {
        newResource: ({ type, name, inputs }) => ({
          id: Sketch.idOf(type, name, inputs as Record<string, unknown>),
          state: { ...computed, ...(inputs as Record<string, unknown>) },
        }),
        call: () => ({}),
      },
      "bulkhead",
      "test",
      false,
      "organization",
    );
    const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
    const register = monitor.registerResource.bind(monitor);
    monitor.registerResource = (request, callback) => {
      const name = request.getName();
      order.#types.set(name, request.getType().split(":").at(-1) ?? "");
      order.#direct.set(
        name,
        request.getDependenciesList().map((urn) => urn.split("::").at(-1) ?? ""),
      );
      return register(request, callback);
    };
    const spec = platformSpec(smallPlatform);
    const renderer = azureRenderer(azureTarget, { ...surroundingsOf(spec, "azure"), ...around });
    await pulumi.runtime.runInPulumiStack(() => Promise.resolve(new Platform({ spec, renderer })));
    await pulumi.runtime.disconnect();
    return order;
  }

  named(type: string): readonly string[] {
    return [...this.#types].filter(([, of]) => of === type).map(([name]) => name);
  }

  before(name: string): ReadonlySet<string> {
    const found = new Set<string>();
    const visit = (at: string): void => {
      for (const next of this.#direct.get(at) ?? []) {
        if (!found.has(next)) {
          found.add(next);
          visit(next);
        }
      }
    };
    visit(name);
    return found;
  }
}

describe("the order in which a platform on Azure comes up", () => {
  it("has each filter and each route table before the network whose subnets they are of", async () => {
    const order = await Order.of();
    const before = order.before("ward-network");
    const sealing = [...order.named("NetworkSecurityGroup"), ...order.named("RouteTable")];
    expect(sealing).toHaveLength(11);
    expect(sealing.filter((name) => !before.has(name))).toEqual([]);
  });

  it("has the network, its names and what blocks all others before anything that is reached by them", async () => {
    const order = await Order.of();
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
    const order = await Order.of();
    const before = order.before("ward-names-policy-link");
    expect([...before]).toEqual(
      expect.arrayContaining(["ward-names-own-rule", "ward-names-others-rule", "ward-network"]),
    );
  });

  it("has what a private endpoint leads to before the endpoint, and the endpoint before its names", async () => {
    const order = await Order.of();
    expect([...order.before("ward-secrets-endpoint")]).toContain("ward-secrets-vault");
    expect([...order.before("ward-secrets-endpoint-names")]).toContain("ward-secrets-endpoint");
  });

  it("has a workload's identities, roles, credential and rule of records before its machines, one machine after the other", async () => {
    const order = await Order.of();
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
    const order = await Order.of();
    const [flows = ""] = order.named("FlowLog");
    expect([...order.before(flows)]).toContain("ward-network");
  });

  it("has the subnets of an existing network one after the other, each after all filters", async () => {
    const networkId = `/subscriptions/${azureTarget.subscriptionId}/resourceGroups/hospital/providers/Microsoft.Network/virtualNetworks/campus`;
    const order = await Order.of({ existingNetwork: { networkId, internetGatewayId: undefined } });
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
