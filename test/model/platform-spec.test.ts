import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";

import type { Flow } from "../../model/flow";
import { peerName, zoneOf, type DataStorePeer, type WorldPeer } from "../../model/peer";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { platformFile } from "./platform-arbitrary";

describe("the reference platform", () => {
  const spec = platformSpec(referencePlatform, { today: "2026-11-23" });

  it("has every flow, each between single peers", () => {
    expect(
      spec.flows.map(({ from, to, transport }) => `${peerName(from)} ${peerName(to)} ${transport}`),
    ).toEqual([
      "load-balancer workload/ai-gateway one-way-tls",
      "workload/agent-tools platform-service/identity provider-tls+iam",
      "workload/agent-tools platform-service/keys provider-tls+iam",
      "workload/agent-tools platform-service/logs provider-tls+iam",
      "workload/agent-tools platform-service/metrics provider-tls+iam",
      "workload/agent-tools platform-service/registry provider-tls+iam",
      "workload/agent-tools platform-service/secrets provider-tls+iam",
      "workload/agent-tools workload/decision-point mtls",
      "workload/agent-tools workload/fhir-proxy mtls",
      "workload/ai-gateway platform-service/identity provider-tls+iam",
      "workload/ai-gateway platform-service/keys provider-tls+iam",
      "workload/ai-gateway platform-service/logs provider-tls+iam",
      "workload/ai-gateway platform-service/metrics provider-tls+iam",
      "workload/ai-gateway platform-service/registry provider-tls+iam",
      "workload/ai-gateway platform-service/secrets provider-tls+iam",
      "workload/ai-gateway workload/async-ai-workers mtls",
      "workload/ai-gateway workload/decision-point mtls",
      "workload/ai-gateway workload/fhir-proxy mtls",
      "workload/ai-gateway workload/rag-service mtls",
      "workload/async-ai-workers platform-service/identity provider-tls+iam",
      "workload/async-ai-workers platform-service/keys provider-tls+iam",
      "workload/async-ai-workers platform-service/logs provider-tls+iam",
      "workload/async-ai-workers platform-service/metrics provider-tls+iam",
      "workload/async-ai-workers platform-service/model-inference provider-tls+iam",
      "workload/async-ai-workers platform-service/registry provider-tls+iam",
      "workload/async-ai-workers platform-service/secrets provider-tls+iam",
      "workload/async-ai-workers workload/agent-tools mtls",
      "workload/async-ai-workers workload/embedding-service mtls",
      "workload/async-ai-workers workload/fhir-proxy mtls",
      "workload/async-ai-workers workload/rag-service mtls",
      "workload/decision-point platform-service/identity provider-tls+iam",
      "workload/decision-point platform-service/keys provider-tls+iam",
      "workload/decision-point platform-service/logs provider-tls+iam",
      "workload/decision-point platform-service/metrics provider-tls+iam",
      "workload/decision-point platform-service/registry provider-tls+iam",
      "workload/decision-point platform-service/secrets provider-tls+iam",
      "workload/embedding-service platform-service/identity provider-tls+iam",
      "workload/embedding-service platform-service/keys provider-tls+iam",
      "workload/embedding-service platform-service/logs provider-tls+iam",
      "workload/embedding-service platform-service/metrics provider-tls+iam",
      "workload/embedding-service platform-service/model-inference provider-tls+iam",
      "workload/embedding-service platform-service/registry provider-tls+iam",
      "workload/embedding-service platform-service/secrets provider-tls+iam",
      "workload/fhir-proxy data-store/document-store provider-tls+iam",
      "workload/fhir-proxy data-store/fhir-store provider-tls+iam",
      "workload/fhir-proxy platform-service/identity provider-tls+iam",
      "workload/fhir-proxy platform-service/keys provider-tls+iam",
      "workload/fhir-proxy platform-service/logs provider-tls+iam",
      "workload/fhir-proxy platform-service/metrics provider-tls+iam",
      "workload/fhir-proxy platform-service/registry provider-tls+iam",
      "workload/fhir-proxy platform-service/secrets provider-tls+iam",
      "workload/fhir-proxy workload/decision-point mtls",
      "workload/rag-service data-store/vector-index provider-tls+iam",
      "workload/rag-service platform-service/identity provider-tls+iam",
      "workload/rag-service platform-service/keys provider-tls+iam",
      "workload/rag-service platform-service/logs provider-tls+iam",
      "workload/rag-service platform-service/metrics provider-tls+iam",
      "workload/rag-service platform-service/model-inference provider-tls+iam",
      "workload/rag-service platform-service/registry provider-tls+iam",
      "workload/rag-service platform-service/secrets provider-tls+iam",
      "workload/rag-service workload/agent-tools mtls",
      "workload/rag-service workload/embedding-service mtls",
      "workload/rag-service workload/fhir-proxy mtls",
      "world load-balancer one-way-tls",
    ]);
  });

  it("gives each workload the identity of its zone and id", () => {
    expect(spec.workloads.map(({ spiffeId }) => spiffeId)).toContain(
      "spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy",
    );
  });
});

describe("a valid platform", () => {
  it("has no flow out of the PHI zone, and on 443 only", () => {
    fc.assert(
      fc.property(platformFile, (file) => {
        const { flows } = platformSpec(file);
        expect(flows.filter(({ from }) => zoneOf(from) === "phi")).toEqual([]);
        const ways: readonly string[] = flows.map(({ port, protocol }) => `${protocol}/${String(port)}`);
        expect(ways.filter((way) => way !== "tcp/443")).toEqual([]);
        const betweenWorkloads = flows.filter(
          ({ from, to }) => from.kind === "workload" && to.kind === "workload",
        );
        expect(betweenWorkloads.every(({ transport }) => transport === "mtls")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("is the same whatever the order of its lists", () => {
    fc.assert(
      fc.property(platformFile, (file) => {
        const turned = {
          ...file,
          zones: [...file.zones].reverse(),
          workloads: [...file.workloads].reverse(),
          dataStores: [...file.dataStores].reverse(),
          flows: [...file.flows].reverse(),
        };
        expect(platformSpec(turned)).toEqual(platformSpec(file));
      }),
      { numRuns: 300 },
    );
  });
});

describe("the type of a flow", () => {
  it("has no member that leaves the PHI zone, or reaches the world", () => {
    expectTypeOf<Extract<Flow, { from: DataStorePeer }>>().toEqualTypeOf<never>();
    expectTypeOf<Extract<Flow, { to: WorldPeer }>>().toEqualTypeOf<never>();
    const store: DataStorePeer = { kind: "data-store", id: "fhir-store" };
    const flow = {
      from: store,
      to: { kind: "world" },
      protocol: "tcp",
      port: 443,
      transport: "mtls",
    } as const;
    // @ts-expect-error -- the PHI zone opens no connection
    const impossible: Flow = flow;
    expect(impossible).toBe(flow);
  });
});
