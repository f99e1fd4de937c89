import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { EdgeClients } from "../../components/mesh/edge-clients";
import type { Manifest } from "../../components/mesh/istio/manifest";
import { istioManifests } from "../../components/mesh/istio/manifests";
import { istiodValues } from "../../components/mesh/istio/mesh-values";
import { accessDocumentSchema } from "../../model/access-document";
import { inspectionDocumentSchema } from "../../model/inspection-document";
import type { IstioMesh } from "../../model/mesh";
import { parseCidr } from "../../model/cidr";
import type { PlatformFile } from "../../model/platform-file";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { platformFile } from "../model/platform-arbitrary";

import { publishedSchemas } from "./published-schemas";

const mesh: IstioMesh = {
  kind: "istio",
  issuer: { kind: "ClusterIssuer", name: "vault-issuer", group: "cert-manager.io" },
};
const block = parseCidr("10.40.0.0/20");
if (block === undefined) {
  throw new Error("not a block");
}
const balancerId = "spiffe://ai.hospital.example/zone/gateway/load-balancer";
const edges: Readonly<Record<EdgeClients["certificate"], EdgeClients>> = {
  none: { certificate: "none", addresses: [block] },
  "load-balancer": { certificate: "load-balancer", spiffeId: balancerId },
  clients: { certificate: "clients", authorities: "PEM", revocations: "CRL" },
};

function specOf(file: PlatformFile): PlatformSpec {
  return platformSpec({ ...file, mesh });
}

/** The reference platform with a zone that calls a provider on the Internet. */
const withEgress: PlatformFile = {
  ...referencePlatform,
  zones: [...referencePlatform.zones, { id: "egress", addressBlock: "10.40.192.0/18" }],
  workloads: [
    ...referencePlatform.workloads,
    { id: "egress-guard", zone: "egress", image: `egress-guard@sha256:${"8".repeat(64)}` },
  ],
  llmProviders: [
    ...(referencePlatform.llmProviders ?? []),
    {
      id: "outside-models",
      kind: "external",
      api: "openai",
      fqdns: ["api.models.example"],
      models: ["large"],
      onFinding: "block",
    },
  ],
  flows: [
    ...referencePlatform.flows,
    { from: "workload/rag-service", to: "workload/egress-guard" },
    { from: "workload/egress-guard", to: "llm-provider/outside-models" },
  ],
};

const spec = specOf(referencePlatform);

interface Selecting {
  readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
}
interface AuthorizationSpec extends Selecting {
  readonly action?: string;
  readonly provider?: { readonly name: string };
  readonly rules?: readonly {
    readonly from?: readonly {
      readonly source: { readonly principals?: readonly string[]; readonly ipBlocks?: readonly string[] };
    }[];
    readonly to?: readonly { readonly operation: { readonly ports: readonly string[] } }[];
  }[];
}
interface SidecarSpec {
  readonly workloadSelector?: { readonly labels: Readonly<Record<string, string>> };
  readonly ingress?: readonly unknown[];
  readonly egress: readonly { readonly hosts: readonly string[] }[];
}
interface Peers {
  readonly namespaceSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly podSelector?: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly ipBlock?: { readonly cidr: string };
}
interface NetworkPolicySpec {
  readonly podSelector: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly ingress?: readonly { readonly from?: readonly Peers[]; readonly ports: readonly unknown[] }[];
  readonly egress?: readonly { readonly to?: readonly Peers[]; readonly ports: readonly unknown[] }[];
}

/** What the resources of a kind say, as far as it is read here. */
interface Specs {
  readonly AuthorizationPolicy: AuthorizationSpec;
  readonly Certificate: { readonly uris: readonly string[] };
  readonly Gateway: { readonly servers: readonly { readonly tls: unknown }[] };
  readonly NetworkPolicy: NetworkPolicySpec;
  readonly PeerAuthentication: unknown;
  readonly ServiceEntry: {
    readonly hosts: readonly string[];
    readonly addresses?: readonly string[];
    readonly exportTo: readonly string[];
  };
  readonly Sidecar: SidecarSpec;
  readonly VirtualService: {
    readonly http: readonly {
      readonly headers: {
        readonly request: {
          readonly remove: readonly string[];
          readonly set: Readonly<Record<string, string>>;
        };
      };
    }[];
  };
}

function ofKind<K extends keyof Specs>(
  manifests: readonly Manifest[],
  kind: K,
): readonly (Manifest & { readonly spec: Specs[K] })[] {
  return manifests.filter(
    (manifest): manifest is Manifest & { readonly spec: Specs[K] } => manifest.kind === kind,
  );
}

/** Something in the cluster: a pod with its labels, its namespace and its identity. */
interface Pod {
  readonly id: string;
  readonly namespace: string;
  readonly principal: string;
}

function selects(labels: Readonly<Record<string, string>> | undefined, { id }: Pod): boolean {
  return Object.entries(labels ?? {}).every(([key, value]) => key === "bulkhead-workload" && value === id);
}

/**
 * Whether Istio lets one pod call another on a port (Istio, "Authorization Policy": ALLOW, and nothing where none matches),
 * unless whom it asks before says no.
 */
function isAuthorized(manifests: readonly Manifest[], from: Pod, to: Pod, port: string): boolean {
  const inForce = ofKind(manifests, "AuthorizationPolicy").filter(
    ({ metadata, spec: own }) =>
      own.action !== "CUSTOM" &&
      metadata.namespace === to.namespace &&
      selects(own.selector?.matchLabels, to),
  );
  expect(inForce.length).toBeGreaterThan(0);
  return inForce.some(({ spec: own }) => {
    expect(["ALLOW", undefined]).toContain(own.action);
    return (own.rules ?? []).some(
      (rule) =>
        (rule.to === undefined || rule.to.some(({ operation }) => operation.ports.includes(port))) &&
        (rule.from === undefined ||
          rule.from.some(({ source }) => source.principals?.includes(from.principal) === true)),
    );
  });
}

/** Whether the caller's own sidecar knows the way to another pod's service. */
function isKnown(manifests: readonly Manifest[], from: Pod, to: Pod): boolean {
  const own = ofKind(manifests, "Sidecar").filter(
    ({ metadata, spec: { workloadSelector } }) =>
      metadata.namespace === from.namespace &&
      workloadSelector !== undefined &&
      selects(workloadSelector.labels, from),
  );
  expect(own).toHaveLength(1);
  return own.some(({ spec: { egress } }) =>
    egress.some(({ hosts }) => hosts.includes(`${to.namespace}/${to.id}.${to.namespace}.svc.cluster.local`)),
  );
}

function names(peer: Peers, pod: Pod): boolean {
  const namespace = peer.namespaceSelector?.matchLabels["kubernetes.io/metadata.name"];
  return namespace === pod.namespace && selects(peer.podSelector?.matchLabels, pod);
}

/** Whether the network lets a packet on 443 through at one of its ends. */
function passes(manifests: readonly Manifest[], from: Pod, to: Pod, end: "ingress" | "egress"): boolean {
  const [own, other] = end === "ingress" ? [to, from] : [from, to];
  return ofKind(manifests, "NetworkPolicy")
    .filter(
      ({ metadata, spec: { podSelector } }) =>
        metadata.namespace === own.namespace && selects(podSelector.matchLabels, own),
    )
    .some(({ spec: policy }) =>
      (policy[end] ?? []).some((rule) => {
        const peers = "from" in rule ? rule.from : "to" in rule ? rule.to : undefined;
        const isOn443 = JSON.stringify(rule.ports) === '[{"protocol":"TCP","port":443}]';
        // No peers are all peers (Kubernetes API reference, NetworkPolicyPeer).
        return (
          isOn443 && (peers === undefined || peers.length === 0 || peers.some((peer) => names(peer, other)))
        );
      }),
    );
}

function podsOf({ workloads, trustDomain }: PlatformSpec): readonly Pod[] {
  return workloads.map(({ id, zone }) => ({
    id,
    namespace: zone,
    principal: `${trustDomain}/ns/${zone}/sa/${id}`,
  }));
}

/** The pairs of workloads that a file's flows name, read without the code that is tested. */
function declaredPairs({ flows }: PlatformFile): ReadonlySet<string> {
  return new Set(
    flows.flatMap(({ from, to }) =>
      from.startsWith("workload/") && to.startsWith("workload/")
        ? [`${from.slice("workload/".length)} ${to.slice("workload/".length)}`]
        : [],
    ),
  );
}

function pairsBy(pods: readonly Pod[], isOpen: (from: Pod, to: Pod) => boolean): ReadonlySet<string> {
  return new Set(
    pods.flatMap((from) => pods.flatMap((to) => (isOpen(from, to) ? [`${from.id} ${to.id}`] : []))),
  );
}

const kinds = ["none", "load-balancer", "clients"] as const;

describe("the manifests of the mesh of Istio", () => {
  it.each(kinds)("hold to the schemas that Istio and cert-manager publish, behind an edge of %s", (kind) => {
    const seen = new Set<string>();
    for (const file of [referencePlatform, withEgress]) {
      for (const manifest of istioManifests(specOf(file), mesh, edges[kind])) {
        const name = `${manifest.apiVersion} ${manifest.kind}`;
        const validate = publishedSchemas.get(name);
        if (validate === undefined) {
          expect(["v1", "networking.k8s.io/v1"]).toContain(manifest.apiVersion);
          continue;
        }
        seen.add(name);
        validate(manifest);
        expect({ manifest, errors: validate.errors ?? [] }).toEqual({ manifest, errors: [] });
      }
    }
    expect(seen).toEqual(new Set(publishedSchemas.keys()));
  });

  it("would not hold to them with a value or a field that there is not", () => {
    const refused = (kind: string, edit: (own: Record<string, unknown>) => void): boolean => {
      const manifests = structuredClone(istioManifests(spec, mesh, edges.none)) as Manifest[];
      const manifest = manifests.find((candidate) => candidate.kind === kind);
      const own = manifest?.["spec"] as Record<string, unknown>;
      edit(own);
      return publishedSchemas.get(`${String(manifest?.apiVersion)} ${kind}`)?.(manifest) === false;
    };
    expect(refused("PeerAuthentication", () => undefined)).toBe(false);
    expect(refused("PeerAuthentication", (own) => Object.assign(own, { mtls: { mode: "STRICTLY" } }))).toBe(
      true,
    );
    expect(refused("PeerAuthentication", (own) => Object.assign(own, { mtlss: {} }))).toBe(true);
    expect(refused("AuthorizationPolicy", (own) => Object.assign(own, { action: "PERMIT" }))).toBe(true);
    expect(refused("Certificate", (own) => delete own["issuerRef"])).toBe(true);
    expect(refused("Certificate", (own) => Object.assign(own, { usages: ["anything"] }))).toBe(true);
    expect(refused("Sidecar", (own) => Object.assign(own, { egress: [{ host: ["~/*"] }] }))).toBe(true);
    expect(refused("Gateway", (own) => Object.assign(own, { servers: [{ hosts: ["*"] }] }))).toBe(true);
    expect(refused("ServiceEntry", (own) => delete own["hosts"])).toBe(true);
    expect(refused("VirtualService", (own) => Object.assign(own, { http: [{ routes: [] }] }))).toBe(true);
  });

  it("let exactly the pairs of workloads call each other that the flows name, of any platform", () => {
    fc.assert(
      fc.property(platformFile, fc.constantFrom(...kinds), (file, kind) => {
        const read = specOf(file);
        const manifests = istioManifests(read, mesh, edges[kind]);
        const pods = podsOf(read);
        const declared = declaredPairs(file);
        expect(pairsBy(pods, (from, to) => isAuthorized(manifests, from, to, "443"))).toEqual(declared);
        expect(pairsBy(pods, (from, to) => isKnown(manifests, from, to))).toEqual(declared);
        expect(pairsBy(pods, (from, to) => passes(manifests, from, to, "ingress"))).toEqual(declared);
        expect(pairsBy(pods, (from, to) => passes(manifests, from, to, "egress"))).toEqual(declared);
      }),
      { numRuns: 60 },
    );
  });

  it("name each flow to a workload once", () => {
    const principals = ofKind(
      istioManifests(specOf(withEgress), mesh, edges.none),
      "AuthorizationPolicy",
    ).flatMap(({ metadata, spec: own }) =>
      (own.rules ?? []).flatMap(({ from }) =>
        (from ?? []).flatMap(({ source }) =>
          (source.principals ?? source.ipBlocks ?? []).map((caller) => `${caller} ${metadata.name}`),
        ),
      ),
    );
    const td = "ai.hospital.example/ns";
    expect([...principals].sort()).toEqual(
      [
        "10.40.0.0/20 istio-ingress-declared-flows",
        `${td}/gateway/sa/istio-ingress ai-gateway-declared-flows`,
        `${td}/gateway/sa/ai-gateway rag-service-declared-flows`,
        `${td}/gateway/sa/ai-gateway async-ai-workers-declared-flows`,
        `${td}/gateway/sa/ai-gateway fhir-proxy-declared-flows`,
        `${td}/gateway/sa/ai-gateway decision-point-declared-flows`,
        `${td}/processing/sa/fhir-proxy decision-point-declared-flows`,
        `${td}/processing/sa/agent-tools decision-point-declared-flows`,
        `${td}/processing/sa/agent-tools fhir-proxy-declared-flows`,
        `${td}/processing/sa/rag-service agent-tools-declared-flows`,
        `${td}/processing/sa/async-ai-workers agent-tools-declared-flows`,
        `${td}/processing/sa/rag-service embedding-service-declared-flows`,
        `${td}/processing/sa/rag-service fhir-proxy-declared-flows`,
        `${td}/processing/sa/rag-service egress-guard-declared-flows`,
        `${td}/processing/sa/async-ai-workers rag-service-declared-flows`,
        `${td}/processing/sa/async-ai-workers embedding-service-declared-flows`,
        `${td}/processing/sa/async-ai-workers fhir-proxy-declared-flows`,
      ].sort(),
    );
  });

  it("refuse whoever is of another trust domain, another namespace or another account, or calls another port", () => {
    const manifests = istioManifests(spec, mesh, edges.none);
    const to: Pod = { id: "rag-service", namespace: "processing", principal: "" };
    const from = (principal: string): Pod => ({ id: "x", namespace: "gateway", principal });
    expect(isAuthorized(manifests, from("ai.hospital.example/ns/gateway/sa/ai-gateway"), to, "443")).toBe(
      true,
    );
    for (const principal of [
      "cluster.local/ns/gateway/sa/ai-gateway",
      "ai.hospital.example/ns/processing/sa/ai-gateway",
      "ai.hospital.example/ns/gateway/sa/default",
      "ai.hospital.example/ns/gateway/sa/istio-ingress",
      "",
    ]) {
      expect(isAuthorized(manifests, from(principal), to, "443")).toBe(false);
    }
    expect(isAuthorized(manifests, from("ai.hospital.example/ns/gateway/sa/ai-gateway"), to, "8080")).toBe(
      false,
    );
    const stranger: Pod = { id: "stranger", namespace: "processing", principal: "" };
    expect(
      isAuthorized(manifests, from("ai.hospital.example/ns/gateway/sa/ai-gateway"), stranger, "443"),
    ).toBe(false);
  });

  it("ask for mutual TLS on every port of the mesh and of each namespace", () => {
    expect(ofKind(istioManifests(specOf(withEgress), mesh, edges.none), "PeerAuthentication")).toEqual(
      ["istio-system", "gateway", "processing", "egress"].map((namespace) => ({
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        metadata: { name: "default", namespace },
        spec: { mtls: { mode: "STRICT" } },
      })),
    );
  });

  it("let each sidecar reach what its workload's flows name, and nothing else", () => {
    const manifests = istioManifests(specOf(withEgress), mesh, edges.none);
    const reached = Object.fromEntries(
      ofKind(manifests, "Sidecar").map(({ metadata, spec: { egress, ingress } }) => [
        `${String(metadata.namespace)}/${metadata.name}`,
        { hosts: egress.flatMap(({ hosts }) => hosts), ingress },
      ]),
    );
    const ingress = [
      { port: { number: 443, name: "http", protocol: "HTTP" }, defaultEndpoint: "127.0.0.1:8080" },
    ];
    const service = (id: string): string => `processing/${id}.processing.svc.cluster.local`;
    const endpoints = (id: string): string => `./private-endpoints.${id}.ai.hospital.example`;
    const nobody = { hosts: ["~/*"], ingress: undefined };
    expect(reached).toEqual({
      "gateway/default": nobody,
      "processing/default": nobody,
      "egress/default": nobody,
      "gateway/ai-gateway": {
        hosts: [
          service("async-ai-workers"),
          service("decision-point"),
          service("fhir-proxy"),
          service("rag-service"),
          endpoints("ai-gateway.gateway"),
        ],
        ingress,
      },
      "processing/agent-tools": {
        hosts: [service("decision-point"), service("fhir-proxy"), endpoints("agent-tools.processing")],
        ingress,
      },
      "processing/decision-point": {
        hosts: [endpoints("decision-point.processing")],
        ingress: ingress.map((one) => ({ ...one, connectionPool: { http: { useClientProtocol: true } } })),
      },
      "processing/async-ai-workers": {
        hosts: [
          service("agent-tools"),
          service("embedding-service"),
          service("fhir-proxy"),
          service("rag-service"),
          endpoints("async-ai-workers.processing"),
        ],
        ingress,
      },
      "egress/egress-guard": { hosts: ["./api.models.example"], ingress },
      "processing/embedding-service": { hosts: [endpoints("embedding-service.processing")], ingress },
      "processing/fhir-proxy": {
        hosts: [service("decision-point"), endpoints("fhir-proxy.processing")],
        ingress,
      },
      "processing/rag-service": {
        hosts: [
          service("agent-tools"),
          "egress/egress-guard.egress.svc.cluster.local",
          service("embedding-service"),
          service("fhir-proxy"),
          endpoints("rag-service.processing"),
        ],
        ingress,
      },
    });
    const entries = ofKind(manifests, "ServiceEntry");
    expect(entries.every(({ spec: { exportTo } }) => exportTo.join() === ".")).toBe(true);
    expect(
      Object.fromEntries(
        entries.map(({ metadata, spec: { addresses, hosts } }) => [metadata.name, addresses ?? hosts]),
      ),
    ).toEqual({
      // Each third quarter of a zone's block, where the private endpoints are: its own, processing's, and those of the stores.
      "agent-tools-private-endpoints": ["10.40.96.0/20"],
      "ai-gateway-private-endpoints": ["10.40.32.0/20", "10.40.96.0/20"],
      "async-ai-workers-private-endpoints": ["10.40.96.0/20"],
      "decision-point-private-endpoints": ["10.40.96.0/20"],
      "egress-guard-outside-models": ["api.models.example"],
      "embedding-service-private-endpoints": ["10.40.96.0/20"],
      "fhir-proxy-private-endpoints": ["10.40.96.0/20", "10.40.160.0/20"],
      "rag-service-private-endpoints": ["10.40.96.0/20", "10.40.160.0/20"],
    });
  });

  it("ask cert-manager for a certificate of each account, whose issuer, lifetime and renewal are the platform's", () => {
    const issuer = { kind: "Issuer", name: "pca", group: "awspca.cert-manager.io" } as const;
    const read = specOf({
      ...referencePlatform,
      certificates: { lifetimeHours: 1440, renewBeforeHours: 800 },
    });
    const certificates = ofKind(istioManifests(read, { kind: "istio", issuer }, edges.none), "Certificate");
    expect(certificates.map(({ spec: { uris } }) => uris)).toEqual(
      [
        "gateway/sa/istio-ingress",
        "processing/sa/agent-tools",
        "gateway/sa/ai-gateway",
        "processing/sa/async-ai-workers",
        "processing/sa/decision-point",
        "processing/sa/embedding-service",
        "processing/sa/fhir-proxy",
        "processing/sa/rag-service",
      ].map((account) => [`spiffe://ai.hospital.example/ns/${account}`]),
    );
    expect(certificates[0]).toEqual({
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: {
        name: "istio-ingress",
        namespace: "gateway",
        labels: { "bulkhead-workload": "istio-ingress", "bulkhead-zone": "gateway" },
      },
      spec: {
        secretName: "istio-ingress-certificate",
        duration: "1440h",
        renewBefore: "800h",
        privateKey: { algorithm: "ECDSA", size: 256, encoding: "PKCS8", rotationPolicy: "Always" },
        usages: ["digital signature", "server auth", "client auth"],
        uris: ["spiffe://ai.hospital.example/ns/gateway/sa/istio-ingress"],
        dnsNames: [
          "istio-ingress.gateway.svc",
          "istio-ingress.gateway.svc.cluster.local",
          "gateway.ai.hospital.example",
        ],
        issuerRef: { name: "pca", kind: "Issuer", group: "awspca.cert-manager.io" },
      },
    });
  });

  it("end the load balancer's connections with TLS 1.3, and ask for a certificate wherever there can be one", () => {
    const tlsOf = (edge: EdgeClients): unknown =>
      ofKind(istioManifests(spec, mesh, edge), "Gateway").flatMap(({ spec: { servers } }) =>
        servers.map(({ tls }) => tls),
      );
    const own = { minProtocolVersion: "TLSV1_3", credentialName: "istio-ingress-certificate" };
    expect(tlsOf(edges.none)).toEqual([{ ...own, mode: "SIMPLE" }]);
    expect(tlsOf(edges["load-balancer"])).toEqual([
      { ...own, mode: "MUTUAL", subjectAltNames: [balancerId] },
    ]);
    expect(tlsOf(edges.clients)).toEqual([{ ...own, mode: "MUTUAL" }]);
    const secrets = istioManifests(spec, mesh, edges.clients).filter(({ kind }) => kind === "Secret");
    expect(secrets).toEqual([
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: {
          name: "istio-ingress-certificate-cacert",
          namespace: "gateway",
          labels: { "bulkhead-workload": "istio-ingress", "bulkhead-zone": "gateway" },
        },
        type: "Opaque",
        stringData: { cacert: "PEM", crl: "CRL" },
      },
    ]);
  });

  it("admit to the gateway the load balancer's addresses, its identity, or whoever its authorities know", () => {
    const sourcesOf = (edge: EdgeClients): unknown =>
      ofKind(istioManifests(spec, mesh, edge), "AuthorizationPolicy")
        .filter(({ metadata }) => metadata.name === "istio-ingress-declared-flows")
        .map(({ spec: { rules } }) => rules);
    const to = [{ operation: { ports: ["443"] } }];
    expect(sourcesOf(edges.none)).toEqual([[{ from: [{ source: { ipBlocks: ["10.40.0.0/20"] } }], to }]]);
    expect(sourcesOf(edges["load-balancer"])).toEqual([
      [
        {
          from: [{ source: { principals: ["ai.hospital.example/zone/gateway/load-balancer"] } }],
          to,
        },
      ],
    ]);
    expect(sourcesOf(edges.clients)).toEqual([[{ to }]]);
  });

  it("take from clients what only a load balancer may say of them, where it passes them through", () => {
    const removed = (edge: EdgeClients): readonly string[] =>
      ofKind(istioManifests(spec, mesh, edge), "VirtualService").flatMap(({ spec: { http } }) =>
        http.flatMap(({ headers }) => headers.request.remove),
      );
    expect(removed(edges.none)).toEqual(["x-bulkhead-context"]);
    expect(removed(edges["load-balancer"])).toEqual(["x-bulkhead-context"]);
    const words = removed(edges.clients);
    expect(words).toContain("x-amzn-mtls-clientcert-subject");
    expect(words).toContain("x-amzn-oidc-identity");
    expect(words).toContain("x-client-certificate-spiffe-id");
    expect(new Set(words).size).toBe(20);
  });

  it.each(kinds)(
    "write at the gateway where a client is, over what it says, behind an edge of %s",
    (kind) => {
      expect(
        ofKind(istioManifests(spec, mesh, edges[kind]), "VirtualService").flatMap(({ spec: { http } }) =>
          http.map(({ headers }) => headers.request.set),
        ),
      ).toEqual([{ "x-bulkhead-source-address": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" }]);
    },
  );

  it("ask the decision point before every request to each workload that a route names, and to no other", () => {
    const manifests = istioManifests(spec, mesh, edges.none);
    const asking = ofKind(manifests, "AuthorizationPolicy").filter(
      ({ spec: own }) => own.action === "CUSTOM",
    );
    expect(asking.map(({ metadata, spec: own }) => [metadata.namespace, own])).toEqual(
      [
        ["gateway", "ai-gateway"],
        ["processing", "fhir-proxy"],
      ].map(([namespace, id]) => [
        namespace,
        {
          selector: { matchLabels: { "bulkhead-workload": id } },
          action: "CUSTOM",
          provider: { name: "bulkhead-decision-point" },
          rules: [{}],
        },
      ]),
    );
    const keys = manifests.map(({ metadata }) => metadata.name);
    for (const { metadata } of asking) {
      const opening = metadata.name.replace("access-decisions", "declared-flows");
      expect(keys.indexOf(metadata.name)).toBeLessThan(keys.indexOf(opening));
    }
  });

  it("tell Istio whom to ask, that its silence is a no, and that programs are told of callers what is verified", () => {
    const { meshConfig } = istiodValues(spec) as {
      readonly meshConfig: Readonly<Record<string, unknown>>;
    };
    expect(meshConfig["extensionProviders"]).toEqual([
      {
        name: "bulkhead-decision-point",
        envoyExtAuthzGrpc: {
          service: "processing/decision-point.processing.svc.cluster.local",
          port: 81,
          timeout: "0.25s",
          failOpen: false,
          statusOnError: "403",
        },
      },
    ]);
    expect(meshConfig["defaultConfig"]).toMatchObject({
      proxyHeaders: {
        forwardedClientCert: "SANITIZE_SET",
        setCurrentClientCertDetails: { subject: false, dns: false, uri: true },
      },
    });
    const ports = istioManifests(spec, mesh, edges.none).flatMap((manifest) =>
      manifest.kind === "Service" && manifest.metadata.name === "decision-point"
        ? [(manifest["spec"] as { readonly ports: unknown }).ports]
        : [],
    );
    expect(ports).toEqual([
      [
        { name: "http", appProtocol: "http", protocol: "TCP", port: 80, targetPort: 443 },
        { name: "grpc", appProtocol: "grpc", protocol: "TCP", port: 81, targetPort: 443 },
      ],
    ]);
  });

  it("tell the decision point and the gateway of tools the access policy, with the identities of the cluster", () => {
    const told = istioManifests(spec, mesh, edges.none).filter(({ kind }) => kind === "ConfigMap");
    expect(told.map(({ metadata }) => `${String(metadata.namespace)}/${metadata.name}`)).toEqual([
      "processing/agent-tools-access",
      "processing/decision-point-access",
    ]);
    for (const manifest of told) {
      const data = manifest["data"] as Readonly<Record<string, string>>;
      const document = accessDocumentSchema.parse(JSON.parse(data["access.json"] ?? ""));
      expect(document.decisionPoint).toBe("spiffe://ai.hospital.example/ns/processing/sa/decision-point");
      expect(document.workloads["ai-gateway"]).toBe("spiffe://ai.hospital.example/ns/gateway/sa/ai-gateway");
      expect(document.entrances).toEqual(["ai-gateway"]);
      // Agents are known to policies by the same identities.
      expect(JSON.stringify(document.cedar.policies)).toContain("/ns/processing/sa/async-ai-workers");
      expect(JSON.stringify(document)).not.toContain("/zone/processing");
    }
  });

  it("tell the egress guard whom it may call for whom, with the identities of the cluster", () => {
    const told = istioManifests(specOf(withEgress), mesh, edges.none).filter(
      ({ metadata }) => metadata.name === "egress-guard-inspection",
    );
    expect(told.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([["ConfigMap", "egress"]]);
    const data = told[0]?.["data"] as Readonly<Record<string, string>>;
    const document = inspectionDocumentSchema.parse(JSON.parse(data["inspection.json"] ?? ""));
    expect(document.egressGuard).toBe("spiffe://ai.hospital.example/ns/egress/sa/egress-guard");
    expect(document.callers).toEqual({
      "rag-service": "spiffe://ai.hospital.example/ns/processing/sa/rag-service",
    });
  });

  it("have no gateway where the load balancer calls nobody", () => {
    const alone = specOf({
      ...referencePlatform,
      flows: referencePlatform.flows.filter(({ from }) => from !== "load-balancer"),
    });
    expect(JSON.stringify(istioManifests(alone, mesh, edges.clients))).not.toContain("istio-ingress");
  });

  it("close each namespace before anything is opened, and name nothing twice", () => {
    const manifests = istioManifests(specOf(withEgress), mesh, edges.clients);
    const keys = manifests.map(
      ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ""}/${metadata.name}`,
    );
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.slice(0, 3)).toEqual(["Namespace /gateway", "Namespace /processing", "Namespace /egress"]);
    const opening = keys.findIndex((key) => key.endsWith("-declared-flows"));
    for (const zone of ["gateway", "processing", "egress"]) {
      for (const closing of [
        `PeerAuthentication ${zone}/default`,
        `AuthorizationPolicy ${zone}/deny-all`,
        `NetworkPolicy ${zone}/deny-all`,
        `Sidecar ${zone}/default`,
      ]) {
        expect(keys.indexOf(closing)).toBeGreaterThan(-1);
        expect(keys.indexOf(closing)).toBeLessThan(opening);
      }
    }
    expect(manifests.find(({ kind }) => kind === "AuthorizationPolicy")?.["spec"]).toEqual({});
  });
});
