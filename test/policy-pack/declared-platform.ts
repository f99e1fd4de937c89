import type { Sketch } from "./stack-sketch";

/** What a platform's component says of a provider. */
export interface SaidProvider {
  readonly id: string;
  readonly kind: "native" | "external";
  readonly hosts: readonly string[];
  readonly onFinding: Readonly<Record<string, string>>;
  readonly agreement: { readonly signed: string; readonly expires: string } | null;
}

const trustDomain = "hospital.example";

function identity(zone: string, id: string): string {
  return `spiffe://${trustDomain}/zone/${zone}/workload/${id}`;
}

/** Lets a platform of ours declare providers, with a service that calls them through the egress guard. */
export function declaringProviders(
  stack: Sketch,
  llmProviders: readonly SaidProvider[] | string,
  outputs: Readonly<Record<string, unknown>> = {},
): Sketch {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::bulkhead:index:Platform::bulkhead",
    type: "bulkhead:index:Platform",
    name: "bulkhead",
    inputs: {},
    outputs: {
      platform: "bulkhead",
      cloud: "aws",
      workloads: [
        { id: "rag-service", zone: "processing", spiffeId: identity("processing", "rag-service") },
        { id: "egress-guard", zone: "egress", spiffeId: identity("egress", "egress-guard") },
      ],
      flows: [
        {
          from: "workload/rag-service",
          to: "workload/egress-guard",
          protocol: "tcp",
          port: 443,
          transport: "mtls",
        },
      ],
      llmProviders,
      mesh: "envoy",
      ...outputs,
    },
    custom: false,
    parent: undefined,
    computed: [],
  });
  return stack;
}

/** What the egress guard of {@link declaringProviders} is told of providers, as the platform tells it. */
export function inspectionOf(providers: readonly SaidProvider[]): Readonly<Record<string, unknown>> {
  return {
    trustDomain,
    egressGuard: identity("egress", "egress-guard"),
    callers: { "rag-service": identity("processing", "rag-service") },
    providers: providers
      .filter(({ kind }) => kind === "external")
      .map(({ id, hosts, onFinding, agreement }) => ({
        id,
        api: "openai",
        fqdns: hosts,
        models: Object.entries(onFinding).map(([name, policy]) => ({ name, onFinding: policy })),
        ...(agreement === null ? {} : { agreement }),
      })),
    inspection: {},
  };
}
