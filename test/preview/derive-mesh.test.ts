import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";

import { referencePlatform } from "../../model/reference-platform";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-mesh-"));
const example = readFileSync(join(root, "examples/platform.yaml"), "utf8");

/** The example's platform, for a cluster with Istio. */
function istioPlatform(): string {
  const path = join(directory, "istio.yaml");
  const mesh = /^mesh:\n(?: {2}.*\n)+/m;
  expect(example).toMatch(mesh);
  writeFileSync(path, example.replace(mesh, "mesh:\n  kind: istio\n  issuer:\n    name: vault-issuer\n"));
  return path;
}

function mesh(...args: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgumentsOf("mesh"), ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}

const files = ["istio-ingress-values.yaml", "istiod-values.yaml", "manifests.yaml"];

describe("npm run mesh", () => {
  it("writes the manifests of Istio, and values for its charts, into a folder", () => {
    const out = join(directory, "new/folder");
    const { code, stdout, stderr } = mesh("--cloud", "aws", "--platform", istioPlatform(), "--out", out);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "",
      stderr: `manifests.yaml, istiod-values.yaml, istio-ingress-values.yaml are in ${out}.\n`,
    });
    expect(readdirSync(out).sort()).toEqual(files);

    const text = readFileSync(join(out, "manifests.yaml"), "utf8");
    const count = referencePlatform.workloads.length;
    const asking = new Set(referencePlatform.access.routes?.map(({ at }) => at));
    const kinds = parseAllDocuments(text).map((document) => {
      expect(document.errors).toEqual([]);
      return (document.toJS() as { readonly kind: string }).kind;
    });
    expect(
      Object.fromEntries(
        [...new Set(kinds)].map((kind) => [kind, kinds.filter((own) => own === kind).length]),
      ),
    ).toEqual({
      Namespace: 2,
      PeerAuthentication: 3,
      // With one more where decisions are asked for.
      AuthorizationPolicy: 2 + 1 + count + asking.size,
      NetworkPolicy: 2 + 1 + count,
      Sidecar: 2 + count,
      ServiceAccount: count,
      Service: count,
      Certificate: 1 + count,
      ServiceEntry: count,
      // The access policy, for the decision point and for the gateway of tools.
      ConfigMap: 2,
      Gateway: 1,
      VirtualService: 1,
    });
    // AWS's load balancer shows no certificate: its addresses are what is known of it.
    expect(text).toContain("ipBlocks:\n              - 10.40.0.0/23\n              - 10.40.2.0/23\n");

    expect(parse(readFileSync(join(out, "istiod-values.yaml"), "utf8"))).toMatchObject({
      meshConfig: {
        trustDomain: "ai.hospital.example",
        enableAutoMtls: true,
        meshMTLS: { minProtocolVersion: "TLSV1_3" },
        outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      },
      cni: { enabled: true },
      sidecarInjectorWebhook: { defaultTemplates: ["sidecar", "bulkhead-sidecar"] },
    });
    expect(parse(readFileSync(join(out, "istio-ingress-values.yaml"), "utf8"))).toMatchObject({
      name: "istio-ingress",
      labels: { "bulkhead-workload": "istio-ingress" },
      serviceAccount: { name: "istio-ingress" },
      podAnnotations: {
        "inject.istio.io/templates": "gateway,bulkhead-gateway",
        "proxy.istio.io/config":
          '{"gatewayTopology":{"numTrustedProxies":1,"forwardClientCertDetails":"SANITIZE"}}',
      },
      service: { type: "ClusterIP" },
      replicaCount: 3,
    });
  });

  it("asks on Google Cloud for what the load balancer and the workloads know each other by, which Kubernetes issues", () => {
    const { code, stdout, stderr } = mesh("--cloud", "gcp", "--platform", istioPlatform());
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("bulkhead:workloadAuthorities");
    expect(stderr).toContain("bulkhead:edgeClientCertificate");
  });

  it("writes the configuration of the Envoy beside each workload of a platform that runs them itself", () => {
    const out = join(directory, "envoy");
    expect(mesh("--cloud", "azure", "--out", out).code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(
      referencePlatform.workloads.map(({ id }) => `${id}.envoy.json`).sort(),
    );
    expect(JSON.parse(readFileSync(join(out, "rag-service.envoy.json"), "utf8"))).toMatchObject({
      node: { id: "spiffe://ai.hospital.example/zone/processing/workload/rag-service" },
    });
  });

  it("says in one error what is wrong with a platform, writes nothing, and exits with code 2", () => {
    const path = join(directory, "wrong.yaml");
    writeFileSync(
      path,
      readFileSync(istioPlatform(), "utf8")
        .replace("name: vault-issuer", "name: Vault Issuer")
        .replace("trustDomain: ai.hospital.example", "trustDomain: AI.hospital.example"),
    );
    const out = join(directory, "none");
    const { code, stdout, stderr } = mesh("--platform", path, "--out", out);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr.match(/^ {2}BH-\d+ {2}\S+$/gm)).toEqual([
      "  BH-001  mesh.issuer.name",
      "  BH-019  trustDomain",
    ]);
    expect(existsSync(out)).toBe(false);
  });

  it("says why it cannot write, leaves what was there, and exits with code 2", () => {
    const blocked = join(directory, "file");
    writeFileSync(blocked, "mine");
    const { code, stderr } = mesh("--platform", istioPlatform(), "--out", blocked);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^The mesh cannot be written to \S+file: .*\n$/);
    expect(readFileSync(blocked, "utf8")).toBe("mine");
  });
});
