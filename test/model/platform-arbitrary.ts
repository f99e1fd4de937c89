import * as fc from "fast-check";

import type { PlatformFile } from "../../model/platform-file";
import { referencePlatform } from "../../model/reference-platform";

const image = `any/image@sha256:${"0".repeat(64)}`;
const processingIds = [
  "rag-service",
  "embedding-service",
  "async-ai-workers",
  "fhir-proxy",
  "reranker",
] as const;
const gatewayIds = ["ai-gateway", "batch-gateway"] as const;
const stores = [
  { id: "fhir-store", kind: "fhir" },
  { id: "documents", kind: "document" },
  { id: "vector-index", kind: "vector" },
] as const;
const services = ["model-inference", "secrets", "logs", "keys", "registry", "identity", "metrics"] as const;

interface Shape {
  readonly name: string;
  readonly space: number;
  readonly processing: readonly (typeof processingIds)[number][];
  readonly gateway: readonly (typeof gatewayIds)[number][];
  readonly dataStores: readonly (typeof stores)[number][];
  readonly edge: PlatformFile["edge"];
  readonly zonePrefix: 18 | 20;
  readonly zoneOrder: readonly number[];
}

/** Every edge that the model knows between what a platform has. */
function edgesOf({ processing, gateway, dataStores }: Shape): PlatformFile["flows"] {
  const workload = (id: string): string => `workload/${id}`;
  return [
    { from: "world", to: "load-balancer" },
    ...gateway.map((to) => ({ from: "load-balancer", to: workload(to) })),
    ...gateway.flatMap((from) => processing.map((to) => ({ from: workload(from), to: workload(to) }))),
    ...processing.flatMap((from) =>
      processing.filter((to) => to !== from).map((to) => ({ from: workload(from), to: workload(to) })),
    ),
    ...processing.flatMap((from) =>
      dataStores.map(({ id }) => ({ from: workload(from), to: `data-store/${id}` })),
    ),
    ...[...gateway, ...processing].flatMap((from) =>
      services.map((service) => ({ from: workload(from), to: `platform-service/${service}` })),
    ),
    ...(["gateway", "processing"] as const).map((zone) => ({
      from: `zone/${zone}`,
      to: "platform-service/logs",
    })),
  ];
}

const shape: fc.Arbitrary<Shape> = fc.record({
  name: fc.constantFrom("bulkhead", "ward", "north-1"),
  space: fc.integer({ min: 0, max: 255 }),
  processing: fc.uniqueArray(fc.constantFrom(...processingIds), { minLength: 1, maxLength: 4 }),
  gateway: fc.uniqueArray(fc.constantFrom(...gatewayIds), { minLength: 1, maxLength: 2 }),
  dataStores: fc.uniqueArray(fc.constantFrom(...stores), { maxLength: 3, selector: ({ id }) => id }),
  edge: fc.constantFrom<PlatformFile["edge"]>(
    { mode: "l7-terminate" },
    { mode: "l7-terminate", clients: ["machine"] },
    { mode: "l4-passthrough", clients: ["machine"] },
  ),
  zonePrefix: fc.constantFrom(18, 20),
  zoneOrder: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
});

/** What of an access policy goes with these flows: whatever gateway calls another workload asks for decisions. */
function decided(
  { gateway }: Shape,
  flows: PlatformFile["flows"],
): Pick<PlatformFile, "access" | "flows"> & { readonly decisionPoints: PlatformFile["workloads"] } {
  const { access } = referencePlatform;
  const asking = gateway.filter((id) =>
    flows.some(({ from, to }) => from === `workload/${id}` && to.startsWith("workload/")),
  );
  return {
    access: {
      ...access,
      agents: [],
      tools: [],
      routes: asking.map((at) => ({ at, path: "/v1/clinical-rag", resource: "phi_clinical_rag" })),
    },
    flows: [...flows, ...asking.map((id) => ({ from: `workload/${id}`, to: "workload/decision-point" }))],
    decisionPoints:
      asking.length === 0 ? [] : [{ id: "decision-point", zone: "processing", image, replicas: 1 }],
  };
}

/** Valid platforms with any of the edges that may be. */
export const platformFile: fc.Arbitrary<PlatformFile> = shape.chain((drawn) =>
  fc.subarray([...edgesOf(drawn)]).map((flows): PlatformFile => {
    const { name, space, processing, gateway, dataStores, edge, zonePrefix, zoneOrder } = drawn;
    const zoneIds = ["gateway", "processing", "phi"] as const;
    const { decisionPoints, ...rest } = decided(drawn, flows);
    return {
      ...structuredClone(referencePlatform),
      name,
      network: { addressSpace: `10.${String(space)}.0.0/16` },
      edge,
      zones: zoneOrder.flatMap((index) => {
        const id = zoneIds[index];
        return id === undefined
          ? []
          : [{ id, addressBlock: `10.${String(space)}.${String(index * 64)}.0/${String(zonePrefix)}` }];
      }),
      workloads: [
        ...gateway.map((id) => ({ id, zone: "gateway" as const, image, replicas: 2 })),
        ...processing.map((id) => ({ id, zone: "processing" as const, image, replicas: 2 })),
        ...decisionPoints,
      ],
      dataStores: [...dataStores],
      ...rest,
    };
  }),
);
