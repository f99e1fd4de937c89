import { describe, expect, it } from "vitest";

import type { EdgeClients } from "../../../components/mesh/edge-clients";
import type { Manifest } from "../../../components/mesh/istio/manifest";
import { istioManifests } from "../../../components/mesh/istio/manifests";
import { parseCidr } from "../../../model/cidr";
import type { IstioMesh } from "../../../model/mesh";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import type { Finding } from "../../../policy-pack/finding";
import type { StackResource } from "../../../policy-pack/stack-resource";

import { judge } from "../judge-on-a-day";
import { put } from "../put";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

const mesh: IstioMesh = {
  kind: "istio",
  issuer: { kind: "ClusterIssuer", name: "vault-issuer", group: "cert-manager.io" },
};
const balancer: EdgeClients = {
  certificate: "load-balancer",
  spiffeId: "spiffe://ai.hospital.example/zone/gateway/load-balancer",
};

/** The token by which Pulumi registers a resource of Kubernetes. */
function tokenOf({ apiVersion, kind }: Manifest): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

/** Our own manifests, as a program would create them with `@pulumi/kubernetes`. */
function cluster(knowledge: Knowledge, edge: EdgeClients = balancer): Sketch {
  const stack = new Sketch(knowledge);
  for (const manifest of istioManifests(platformSpec({ ...referencePlatform, mesh }), mesh, edge)) {
    const { namespace, name } = manifest.metadata;
    stack.add(tokenOf(manifest), `${manifest.kind}-${namespace ?? ""}-${name}`, { ...manifest });
  }
  return stack;
}

const rule = "flows-require-mtls";

function found(resources: readonly StackResource[], knowledge: Knowledge): readonly Finding[] {
  return judge(resources, { dryRun: knowledge === "preview" }).findings.filter(
    (finding) => finding.rule === rule && finding.level === "mandatory",
  );
}

/** What a change of the manifests is refused for. */
function refusals(
  knowledge: Knowledge,
  dig: (stack: Sketch) => void,
): readonly Pick<Finding, "verdict" | "summary">[] {
  const stack = cluster(knowledge);
  dig(stack);
  return found(stack.resources(), knowledge).map(({ verdict, summary }) => ({ verdict, summary }));
}

const rag = "AuthorizationPolicy-processing-rag-service-declared-flows";
const principal = "ai.hospital.example/ns/gateway/sa/ai-gateway";
const destination = "kubernetes:networking.istio.io/v1:DestinationRule";
const toRag =
  (spec: Readonly<Record<string, unknown>>) =>
  (stack: Sketch): void => {
    stack.add(destination, "to-rag", {
      metadata: { namespace: "processing" },
      spec: { host: "rag-service", ...spec },
    });
  };

const withoutCertificate = "its sidecars take callers without a certificate";
const notNamed = "a rule of it lets callers in whose identity it does not name";
const holes: readonly {
  readonly name: string;
  readonly dig: (stack: Sketch) => void;
  readonly what: string;
}[] = [
  ...["PERMISSIVE", "DISABLE", "UNSET"].map((mode) => ({
    name: `mode ${mode} in a namespace`,
    dig: (stack: Sketch) => {
      put(stack, "PeerAuthentication-processing-default", "spec/mtls/mode", mode);
    },
    what: withoutCertificate,
  })),
  {
    name: "no mode in a namespace",
    dig: (stack) => {
      put(stack, "PeerAuthentication-processing-default", "spec/mtls", undefined);
    },
    what: withoutCertificate,
  },
  {
    name: "a port that is an exception",
    dig: (stack) => {
      put(stack, "PeerAuthentication-gateway-default", "spec/portLevelMtls", {
        8443: { mode: "PERMISSIVE" },
      });
    },
    what: withoutCertificate,
  },
  {
    name: "a rule without callers",
    dig: (stack) => {
      put(stack, rag, "spec/rules", [{ to: [{ operation: { ports: ["443"] } }] }]);
    },
    what: notNamed,
  },
  {
    name: "a rule that is empty",
    dig: (stack) => {
      put(stack, "AuthorizationPolicy-processing-deny-all", "spec", { rules: [{}] });
    },
    what: notNamed,
  },
  ...[["*"], ["ai.hospital.example/*"], [principal, "*"], [], [""]].map((principals) => ({
    name: `the callers ${JSON.stringify(principals)}`,
    dig: (stack: Sketch) => {
      put(stack, rag, "spec/rules", [{ from: [{ source: { principals } }] }]);
    },
    what: notNamed,
  })),
  {
    name: "callers that are told by their namespace",
    dig: (stack) => {
      put(stack, rag, "spec/rules", [{ from: [{ source: { namespaces: ["gateway"] } }] }]);
    },
    what: notNamed,
  },
  {
    name: "callers that are told by their address beside others",
    dig: (stack) => {
      put(stack, rag, "spec/rules", [
        { from: [{ source: { principals: [principal] } }, { source: { ipBlocks: ["10.0.0.0/8"] } }] },
      ]);
    },
    what: notNamed,
  },
  ...[
    { trafficPolicy: { tls: { mode: "DISABLE" } } },
    { trafficPolicy: { tls: { mode: "SIMPLE" } } },
    { trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "DISABLE" } }] } },
    { subsets: [{ name: "v1", trafficPolicy: { tls: { mode: "SIMPLE" } } }] },
  ].map((spec) => ({
    name: `a destination rule ${JSON.stringify(spec)}`,
    dig: toRag(spec),
    what: "callers show no certificate to what it is about",
  })),
  {
    name: "a destination rule that does not verify",
    dig: toRag({ trafficPolicy: { tls: { mode: "MUTUAL", insecureSkipVerify: true } } }),
    what: "callers do not verify who answers",
  },
  {
    name: "a gateway that asks for no certificate",
    dig: (stack) => {
      put(stack, "Gateway-gateway-istio-ingress", "spec/servers/0/tls/mode", "SIMPLE");
    },
    what: "a listener of it takes clients without a certificate",
  },
  {
    name: "a gateway with old TLS",
    dig: (stack) => {
      put(stack, "Gateway-gateway-istio-ingress", "spec/servers/0/tls/minProtocolVersion", undefined);
    },
    what: "a listener of it speaks TLS older than 1.3",
  },
];

const unseen: readonly (readonly [name: string, path: string])[] = [
  ["PeerAuthentication-processing-default", "spec"],
  ["PeerAuthentication-processing-default", "spec/mtls"],
  ["PeerAuthentication-processing-default", "spec/mtls/mode"],
  [rag, "spec/rules/0"],
  [rag, "spec/rules/0/from"],
  [rag, "spec/rules/0/from/0/source"],
  [rag, "spec/rules/0/from/0/source/principals"],
  [rag, "spec/rules/0/from/0/source/principals/0"],
  ["Gateway-gateway-istio-ingress", "spec/servers/0/tls"],
  ["Gateway-gateway-istio-ingress", "spec/servers/0/tls/mode"],
  ["Gateway-gateway-istio-ingress", "spec/servers/0/tls/minProtocolVersion"],
];

describe.each(["preview", "deployed"] as const)("a mesh of Istio's, %s", (knowledge) => {
  it("is accepted as we write it", () => {
    expect(refusals(knowledge, () => undefined)).toEqual([]);
  });

  it.each(holes)("is refused with $name", ({ dig, what }) => {
    const refused = refusals(knowledge, dig);
    expect(refused).toHaveLength(1);
    expect(refused[0]?.verdict).toBe("open");
    expect(refused[0]?.summary).toMatch(/ of zone (?:gateway|processing): /);
    expect(refused[0]?.summary).toContain(what);
  });

  it.each(holes)("is refused with $name, whatever the order and the version", ({ dig }) => {
    const stack = cluster(knowledge);
    dig(stack);
    const resources = stack.resources();
    const respelt = (text: string): string => text.replace(".istio.io/v1:", ".istio.io/v1beta1:");
    const other = resources
      .map((one) => ({ ...one, type: respelt(one.type), urn: respelt(one.urn) }))
      .reverse();
    expect(found(other, knowledge).map(({ summary }) => summary)).toEqual(
      found(resources, knowledge).map(({ summary }) => summary),
    );
  });

  it.each(unseen)("is refused as undetermined where %s does not show %s", (name, path) => {
    const refused = refusals(knowledge, (stack) => {
      put(stack, name, path, unknownText);
    });
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every(({ verdict }) => verdict === "undetermined")).toBe(true);
  });

  it("is refused where nothing says that callers need a certificate, which Istio takes for no", () => {
    const rest = cluster(knowledge)
      .resources()
      .filter(
        ({ type, name }) =>
          !type.endsWith(":PeerAuthentication") || name === "PeerAuthentication-gateway-default",
      );
    expect(found(rest, knowledge).map(({ summary }) => summary)).toEqual([
      "Namespace Namespace--processing of zone processing: no PeerAuthentication holds for it, and its sidecars then take callers without a certificate.",
    ]);
  });

  it("is accepted with what changes nothing", () => {
    for (const dig of [
      toRag({}),
      toRag({ trafficPolicy: { tls: { mode: "ISTIO_MUTUAL" } } }),
      toRag({ trafficPolicy: { loadBalancer: { simple: "ROUND_ROBIN" } } }),
      (stack: Sketch): void => {
        put(stack, rag, "spec/action", undefined);
      },
      (stack: Sketch): void => {
        stack.add("kubernetes:security.istio.io/v1:AuthorizationPolicy", "denies", {
          metadata: { namespace: "processing" },
          spec: { action: "DENY", rules: [{}] },
        });
      },
    ]) {
      expect(refusals(knowledge, dig)).toEqual([]);
    }
  });

  it("is read in patches as well, which leave to what they patch what they do not say", () => {
    const patched = (spec: unknown): readonly string[] =>
      refusals(knowledge, (stack) => {
        stack.add("kubernetes:security.istio.io/v1:PeerAuthenticationPatch", "patch", {
          metadata: { namespace: "processing", name: "default" },
          spec,
        });
      }).map(({ verdict }) => verdict);
    expect(patched({ mtls: { mode: "STRICT" } })).toEqual([]);
    expect(patched({ mtls: { mode: "PERMISSIVE" } })).toEqual(["open"]);
    expect(patched({})).toEqual(["undetermined"]);
  });

  it("is refused at the gateway alone behind a load balancer that shows no certificate", () => {
    const block = parseCidr("10.40.0.0/20");
    const stack = cluster(knowledge, { certificate: "none", addresses: block === undefined ? [] : [block] });
    expect(found(stack.resources(), knowledge).map(({ summary }) => summary)).toEqual([
      "Gateway Gateway-gateway-istio-ingress of zone gateway: a listener of it takes clients without a certificate.",
    ]);
  });
});
