import { spawnSync } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { awsWorkloadCertificates } from "../../components/aws/workload-certificates";
import { azureWorkloadCertificates } from "../../components/azure/workload-certificates";
import { PhysicalNames as AwsNames } from "../../components/aws/physical-names";
import type { CertificateAuthority } from "../../components/certificate-authority";
import { PhysicalNames as GcpNames } from "../../components/gcp/physical-names";
import { gcpWorkloadCertificates } from "../../components/gcp/workload-certificates";
import type { CloudKind } from "../../model/cloud-target";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { workloadCredentialSchema, type WorkloadCredential } from "../../model/workload-credential";
import type { Finding } from "../../policy-pack/finding";
import { judge } from "../../policy-pack/judge";
import { noWaivers } from "../../policy-pack/waivers";
import { gcpTarget, renderedStack, target } from "../policy-pack/rendered-stack";
import type { Knowledge, Sketch } from "../policy-pack/stack-sketch";

import { issuedBy, type Issued } from "./issuing-providers";
import { smallPlatform } from "./small-platform";

type Issuer = PlatformSpec["certificates"]["issuer"];

const now = new Date("2026-11-30T10:00:00Z");
const today = "2026-11-30";
/** The epoch of that day: the number of times thirty days since 1970. */
const epoch = 692;

function specOf(issuer: Issuer): PlatformSpec {
  return platformSpec({ ...smallPlatform, certificates: { issuer } });
}

/** What the judge is to know of a platform of ours, without all else of it. */
class Declared extends pulumi.ComponentResource {
  constructor({ name, workloads, mesh }: PlatformSpec, cloud: CloudKind) {
    super("bulkhead:index:Platform", name, {}, {});
    this.registerOutputs({
      platform: name,
      cloud,
      workloads: workloads.map(({ id, zone, spiffeId }) => ({ id, zone, spiffeId })),
      flows: [],
      mesh: mesh.kind,
    });
  }
}

function authorityOn(
  cloud: CloudKind,
  issuer: Issuer,
  at: Date,
  parent: pulumi.Resource,
): CertificateAuthority {
  const spec = specOf(issuer);
  const name = `${spec.name}-certificate-authority`;
  const opts = { parent };
  switch (cloud) {
    case "aws":
      return awsWorkloadCertificates(name, { spec, now: at, names: new AwsNames(spec, target) }, opts);
    case "azure":
      return azureWorkloadCertificates(name, { spec, now: at }, opts);
    case "gcp":
      return gcpWorkloadCertificates(
        name,
        { spec, now: at, names: new GcpNames(spec, gcpTarget), dependsOn: [] },
        opts,
      );
  }
}

function renderedOn(cloud: CloudKind, issuer: Issuer, knowledge: Knowledge, at: Date = now): Promise<Sketch> {
  return renderedStack(() => {
    authorityOn(cloud, issuer, at, new Declared(specOf(issuer), cloud));
  }, knowledge);
}

function found(stack: Sketch, day: string = today): readonly Finding[] {
  return judge(stack.resources(), {
    dryRun: stack.knowledge === "preview",
    waivers: { ...noWaivers, today: day },
  }).findings.filter(({ rule }) => rule === "certificates-rotate");
}

const cases = [
  { cloud: "aws", issuer: "built-in" },
  { cloud: "azure", issuer: "built-in" },
  { cloud: "gcp", issuer: "built-in" },
  { cloud: "aws", issuer: "managed" },
  { cloud: "gcp", issuer: "managed" },
] as const;

/** What was really issued, with what the secrets say. */
interface Issuing {
  readonly issued: Issued;
  readonly credentials: ReadonlyMap<string, WorkloadCredential>;
  /** Whether each text that holds a key is a secret. */
  readonly areSecret: readonly boolean[];
  readonly trustBundle: string;
  /** The current certificate of the load balancer, if it has one. */
  readonly loadBalancer: { readonly chain: string; readonly privateKey: string } | undefined;
}

async function issuing(cloud: CloudKind, issuer: Issuer, at: Date = now): Promise<Issuing> {
  const credentials = new Map<string, WorkloadCredential>();
  const areSecret: Promise<boolean>[] = [];
  const bundles: string[] = [];
  const ofLoadBalancer: { readonly chain: string; readonly privateKey: string }[] = [];
  const issued = await issuedBy(() => {
    const { issued: all } = authorityOn(cloud, issuer, at, new Declared(specOf(issuer), cloud));
    all.trustBundle.apply((bundle) => bundles.push(bundle));
    for (const [id, text] of all.credentials) {
      areSecret.push(pulumi.isSecret(text));
      text.apply((known) => credentials.set(id, workloadCredentialSchema.parse(JSON.parse(known))));
    }
    for (const certificate of [...all.certificates.values()].flat()) {
      areSecret.push(pulumi.isSecret(certificate.privateKey));
    }
    const [current] = all.certificates.get("load-balancer") ?? [];
    if (current !== undefined) {
      pulumi
        .all([current.chain, current.privateKey])
        .apply(([chain, privateKey]) => ofLoadBalancer.push({ chain, privateKey }));
    }
  }, at);
  const [trustBundle = ""] = bundles;
  return {
    issued,
    credentials,
    areSecret: await Promise.all(areSecret),
    trustBundle,
    loadBalancer: ofLoadBalancer[0],
  };
}

const folder = mkdtempSync(join(tmpdir(), "bulkhead-certificates-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function certificatesIn(pem: string): readonly X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? []).map(
    (one) => new X509Certificate(one),
  );
}

/** What OpenSSL says of a chain, for a use of its first certificate, at a time. */
function verified(trustBundle: string, chain: string, purpose: "sslserver" | "sslclient", at: Date): string {
  const [leaf = "", ...issuers] = chain.split(/(?<=-----END CERTIFICATE-----\n)/);
  const files = { roots: trustBundle, issuers: issuers.join(""), leaf };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  const seconds = String(Math.floor(at.getTime() / 1000));
  const { stdout, stderr } = spawnSync(
    "openssl",
    ["verify", "-x509_strict", "-purpose", purpose, "-attime", seconds].concat([
      "-CAfile",
      "roots",
      "-untrusted",
      "issuers",
      "leaf",
    ]),
    { cwd: folder, encoding: "utf8" },
  );
  return `${stdout}${stderr}`.trim();
}

const hours = (count: number): number => count * 3_600_000;

describe.each(cases)("the certificates of workloads on $cloud, issuer $issuer", ({ cloud, issuer }) => {
  let preview: Sketch;
  let real: Issuing;
  beforeAll(async () => {
    preview = await renderedOn(cloud, issuer, "preview");
    real = await issuing(cloud, issuer);
  });

  it("are accepted before they are issued", () => {
    expect(found(preview).map(({ summary, verdict }) => `${verdict}: ${summary}`)).toEqual([]);
  });

  it("are two of each workload, with keys of their own, each verified by OpenSSL for both ends", () => {
    expect([...real.credentials.keys()].sort()).toEqual(["ai-gateway", "decision-point", "fhir-proxy"]);
    const keys = new Set<string>();
    for (const { spiffeId, trustBundle, certificates } of real.credentials.values()) {
      expect(trustBundle).toBe(real.trustBundle);
      expect(certificates.map(({ epoch }) => epoch)).toEqual([epoch, epoch - 1]);
      for (const { certificateChain, privateKey } of certificates) {
        const soon = new Date(now.getTime() + 1000);
        expect(verified(trustBundle, certificateChain, "sslserver", soon)).toBe("leaf: OK");
        expect(verified(trustBundle, certificateChain, "sslclient", soon)).toBe("leaf: OK");
        const [leaf, intermediate, ...others] = certificatesIn(certificateChain);
        expect(others).toEqual([]);
        expect(intermediate?.ca).toBe(true);
        expect(leaf?.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
        expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
        expect(leaf?.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
        const names = leaf?.subjectAltName?.split(", ").sort();
        const id = spiffeId.split("/").at(-1) ?? "";
        const zone = spiffeId.split("/").at(-3) ?? "";
        expect(names).toEqual(
          [
            `DNS:${id}.${zone}.ai.hospital.example`,
            ...(id === "ai-gateway" ? ["DNS:gateway.ai.hospital.example"] : []),
            `URI:${spiffeId}`,
          ].sort(),
        );
        keys.add(leaf?.publicKey.export({ type: "spki", format: "pem" }).toString() ?? "");
      }
    }
    expect(keys.size).toBe(6);
  });

  it("live as long as the platform allows, and what issued them longer", () => {
    for (const { trustBundle, certificates } of real.credentials.values()) {
      const [root] = certificatesIn(trustBundle);
      for (const { certificateChain } of certificates) {
        const [leaf, intermediate] = certificatesIn(certificateChain);
        const ends = [leaf, intermediate, root].map((one) => Date.parse(one?.validTo ?? ""));
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect((ends[0] ?? 0) - now.getTime()).toBeLessThanOrEqual(hours(2160));
        expect((ends[1] ?? 0) - now.getTime()).toBeLessThanOrEqual(hours(8784));
        expect((ends[2] ?? 0) - now.getTime()).toBeLessThanOrEqual(hours(87672));
      }
      const newest = Date.parse(certificatesIn(certificates[0]?.certificateChain ?? "")[0]?.validTo ?? "");
      expect(newest - Date.parse("2026-11-30T00:00:00Z")).toBeGreaterThan(hours(2160 - 720));
    }
  });

  it("are secrets wherever they come with a key", () => {
    expect(real.areSecret.length).toBeGreaterThan(4);
    expect(real.areSecret).not.toContain(false);
  });

  it("are no other's: a foreign root does not verify them", async () => {
    const { trustBundle } = await issuing(cloud, issuer);
    const [credential] = real.credentials.values();
    const chain = credential?.certificates[0]?.certificateChain ?? "";
    expect(verified(trustBundle, chain, "sslserver", new Date(now.getTime() + 1000))).toContain(
      "verification failed",
    );
  });

  it("keep their keys, requests and issuers while their epoch lives, and are others in the next", async () => {
    const ofWorkloads = (names: readonly string[]): readonly string[] =>
      names.filter((name) => /-(?:key|request|certificate)-\d+$/.test(name) && !name.includes("authority"));
    const names = async (at: string): Promise<readonly string[]> =>
      ofWorkloads((await renderedOn(cloud, issuer, "preview", new Date(at))).names());
    const current = ofWorkloads(preview.names());
    expect(await names("2026-12-01T00:00:00Z")).toEqual(current);
    const later = await names("2026-12-31T00:00:00Z");
    expect(later.filter((name) => current.includes(name))).toEqual(
      current.filter((name) => name.endsWith(`-${String(epoch)}`)),
    );
  });
});

describe("the load balancer of Google Cloud", () => {
  it.each(["built-in", "managed"] as const)("has a certificate of its own, issuer %s", async (issuer) => {
    const { loadBalancer, trustBundle, credentials } = await issuing("gcp", issuer);
    const chain = loadBalancer?.chain ?? "";
    expect(verified(trustBundle, chain, "sslclient", new Date(now.getTime() + 1000))).toBe("leaf: OK");
    const [leaf] = certificatesIn(chain);
    expect(leaf?.subjectAltName).toBe("URI:spiffe://ai.hospital.example/zone/gateway/load-balancer");
    expect(leaf?.checkPrivateKey(createPrivateKey(loadBalancer?.privateKey ?? ""))).toBe(true);
    expect(credentials.has("load-balancer")).toBe(false);
  });
});
