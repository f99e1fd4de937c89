import { describe, expect, it } from "vitest";

import { declarePlatform, type Part } from "../envoy/shown-envoys";
import { judge } from "../judge-on-a-day";
import { Sketch, unknownText } from "../stack-sketch";

const policyType = "kubernetes:security.istio.io/v1:AuthorizationPolicy";
const provider = "bulkhead-decision-point";

const right: Part = {
  selector: { matchLabels: { "bulkhead-workload": "ai-gateway" } },
  action: "CUSTOM",
  provider: { name: provider },
  rules: [{}],
};

interface Shown {
  readonly spec?: Part;
  readonly namespace?: string;
  readonly isOurs?: boolean;
  /** What Istio's own configuration says of the provider; nothing shows it, if left out. */
  readonly mesh?: { readonly [kind: string]: unknown };
}

/** A cluster with a namespace for each zone, and a policy that asks. */
function cluster({ spec = right, namespace = "gateway", isOurs = true, mesh }: Shown = {}): Sketch {
  const stack = new Sketch("deployed");
  if (isOurs) {
    declarePlatform(stack, "aws", { mesh: "istio" });
  }
  for (const zone of ["gateway", "processing"]) {
    stack.add("kubernetes:core/v1:Namespace", zone, {
      metadata: { name: zone, labels: { "bulkhead-zone": zone } },
    });
    stack.add("kubernetes:security.istio.io/v1:PeerAuthentication", `${zone}-strict`, {
      metadata: { name: "default", namespace: zone },
      spec: { mtls: { mode: "STRICT" } },
    });
  }
  stack.add(policyType, "decisions", { metadata: { name: "decisions", namespace }, spec });
  if (mesh !== undefined) {
    stack.add("kubernetes:core/v1:ConfigMap", "istio", {
      metadata: { name: "istio", namespace: "istio-system" },
      data: { mesh: JSON.stringify({ extensionProviders: [{ name: provider, ...mesh }] }) },
    });
  }
  return stack;
}

function found(stack: Sketch): readonly string[] {
  return judge(stack.resources(), { dryRun: false })
    .findings.filter(({ rule }) => rule === "requests-are-decided")
    .map(({ level, verdict, summary }) => `${level} ${verdict} ${summary}`);
}

const decisionPoint = { service: "processing/decision-point.processing.svc.cluster.local", port: 81 };

describe("a platform in a mesh of Istio's", () => {
  it.each<readonly [string, Shown]>([
    ["ai-gateway", {}],
    ["all that is in its namespace", { spec: { ...right, selector: undefined } }],
    ["the whole mesh", { spec: { ...right, selector: undefined }, namespace: "istio-system" }],
    ["ai-gateway, on its port", { spec: { ...right, rules: [{ to: [{ operation: { ports: ["443"] } }] }] } }],
    [
      "ai-gateway, of a provider that is shown",
      { mesh: { envoyExtAuthzGrpc: { ...decisionPoint, failOpen: false } } },
    ],
    [
      "ai-gateway, of a provider that fails closed without a word",
      { mesh: { envoyExtAuthzGrpc: decisionPoint } },
    ],
  ])("is accepted where a policy asks about every request to %s", (_, shown) => {
    expect(found(cluster(shown))).toEqual([]);
  });

  it.each<readonly [string, Shown, RegExp]>([
    [
      "lets in",
      { spec: { ...right, action: "ALLOW" } },
      /no AuthorizationPolicy .* asks about every request to workload\/ai-gateway/,
    ],
    ["only records", { spec: { ...right, action: "AUDIT" } }, /no AuthorizationPolicy/],
    [
      "has an action that is not known",
      { spec: { ...right, action: unknownText } },
      /no AuthorizationPolicy/,
    ],
    ["is in another zone", { namespace: "processing" }, /no AuthorizationPolicy/],
    [
      "is of another workload",
      { spec: { ...right, selector: { matchLabels: { "bulkhead-workload": "rag-service" } } } },
      /no AuthorizationPolicy/,
    ],
    [
      "is of some pods",
      {
        spec: { ...right, selector: { matchLabels: { "bulkhead-workload": "ai-gateway", track: "canary" } } },
      },
      /no AuthorizationPolicy/,
    ],
    [
      "is of something else than pods",
      { spec: { ...right, selector: undefined, targetRefs: [{ kind: "Gateway", name: "other" }] } },
      /no AuthorizationPolicy/,
    ],
    ["has no rule", { spec: { ...right, rules: [] } }, /mandatory open .* it asks about some requests only/],
    [
      "leaves paths out",
      { spec: { ...right, rules: [{ to: [{ operation: { notPaths: ["/public/*"] } }] }] } },
      /mandatory open .* it asks about some requests only/,
    ],
    [
      "is of another port",
      { spec: { ...right, rules: [{ to: [{ operation: { ports: ["8443"] } }] }] } },
      /it asks about some requests only/,
    ],
    [
      "is of some callers",
      { spec: { ...right, rules: [{ from: [{ source: { namespaces: ["gateway"] } }] }] } },
      /it asks about some requests only/,
    ],
    [
      "has rules that are not known",
      { spec: { ...right, rules: unknownText } },
      /mandatory undetermined .* some requests only/,
    ],
    [
      "names no provider",
      { spec: { ...right, provider: undefined } },
      /mandatory open .* it asks nobody about requests/,
    ],
    [
      "names a provider that is not known",
      { spec: { ...right, provider: { name: unknownText } } },
      /mandatory undetermined .* it asks nobody about requests/,
    ],
    [
      "has a provider that fails open",
      { mesh: { envoyExtAuthzGrpc: { ...decisionPoint, failOpen: true } } },
      /mandatory open .* does not answer/,
    ],
    [
      "has a provider that fails open, asked by HTTP",
      { mesh: { envoyExtAuthzHttp: { ...decisionPoint, failOpen: true } } },
      /mandatory open .* does not answer/,
    ],
    [
      "has another provider",
      { mesh: { envoyExtAuthzGrpc: { ...decisionPoint, service: "opa.processing.svc.cluster.local" } } },
      /its provider bulkhead-decision-point is opa\.processing.*, and not the decision point/,
    ],
    [
      "has a provider that is asked by HTTP",
      { mesh: { envoyExtAuthzHttp: decisionPoint } },
      /and not the decision point/,
    ],
  ])("is refused where the policy %s", (_, shown, what) => {
    const findings = found(cluster(shown));
    expect(findings.join("\n")).toMatch(what);
    expect(findings.filter((text) => !text.startsWith("mandatory"))).toEqual([]);
  });

  it.each([
    "kubernetes:networking.istio.io/v1alpha3:EnvoyFilter",
    "kubernetes:extensions.istio.io/v1alpha1:WasmPlugin",
  ])("is refused with a %s, which may take away that sidecars ask", (type) => {
    const stack = cluster();
    stack.add(type, "changes", {
      metadata: { name: "changes", namespace: "gateway" },
      spec: { configPatches: [{ applyTo: "HTTP_FILTER", patch: { operation: "REMOVE" } }] },
    });
    expect(found(stack).join("\n")).toMatch(
      /^mandatory undetermined .* it changes what sidecars do with requests/,
    );
    const elsewhere = cluster({ isOurs: false, spec: { ...right, selector: undefined } });
    elsewhere.add(type, "changes", { metadata: { name: "changes", namespace: "gateway" }, spec: {} });
    expect(found(elsewhere)).toEqual([]);
  });

  it("is advised of what nothing shows, where its mesh is not in the stack", () => {
    const stack = cluster();
    stack.remove("decisions");
    expect(found(stack)).toEqual([
      "advisory undetermined Platform bulkhead: no AuthorizationPolicy of the stack asks about every request to workload/ai-gateway.",
    ]);
  });
});

describe("a mesh of Istio's of somebody who knows nothing of our components", () => {
  it("is accepted whoever is asked, if that is about everything in the gateway zone", () => {
    const mesh = { envoyExtAuthzGrpc: { service: "opa.processing.svc.cluster.local", port: 9191 } };
    const of = (spec: Part): readonly string[] => found(cluster({ isOurs: false, spec, mesh }));
    expect(of({ ...right, selector: undefined })).toEqual([]);
  });

  it("is advised of a policy that fails open, and never refused for it", () => {
    const mesh = { envoyExtAuthzGrpc: { service: "opa.processing.svc.cluster.local", failOpen: true } };
    const findings = found(cluster({ isOurs: false, mesh }));
    expect(findings).toHaveLength(1);
    expect(findings.join("\n")).toMatch(/^advisory open .* does not answer/);
  });
});
