import { describe, expect, it } from "vitest";

import { amend } from "../corpus/changed-case";
import { judge } from "../judge-on-a-day";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

import type { Inputs } from "./entrance";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const ninetyDays = "7776000s";
const here = { location: "us-central1" };
const x509 = (isCa: boolean, usages: Inputs = {}): Inputs => ({
  caOptions: { isCa },
  keyUsage: {
    baseKeyUsage: { certSign: isCa, digitalSignature: !isCa },
    extendedKeyUsage: isCa ? {} : { serverAuth: true, clientAuth: true },
    ...usages,
  },
});

/** A pool with a root, and a workload's certificate of it: all right. */
function pool(stack: Sketch): Sketch {
  const id = stack.add("gcp:certificateauthority/caPool:CaPool", "pool", {
    name: "pool",
    ...here,
    tier: "ENTERPRISE",
    publishingOptions: { publishCrl: true, publishCaCert: true },
    issuancePolicy: {
      maximumLifetime: ninetyDays,
      allowedKeyTypes: [{ ellipticCurve: { signatureAlgorithm: "ECDSA_P256" } }],
      baselineValues: x509(false),
    },
  });
  stack.add("gcp:certificateauthority/authority:Authority", "root", {
    certificateAuthorityId: "root",
    pool: `${id}.name`,
    ...here,
    lifetime: "315360000s",
    keySpec: { algorithm: "EC_P384_SHA384" },
    config: { x509Config: x509(true) },
  });
  stack.add("gcp:certificateauthority/certificate:Certificate", "leaf", {
    name: "leaf",
    pool: `${id}.name`,
    ...here,
    lifetime: ninetyDays,
    pemCsr: "-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----",
  });
  return stack;
}

describe.each(knowledges)("certificates of Google Cloud's, %s", (knowledge) => {
  const findings = (change: Change): readonly string[] => {
    const stack = new Sketch(knowledge);
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ rule }) => rule === "certificates-rotate")
      .map(
        ({ level, verdict, urn, summary }) =>
          `${level} ${verdict} ${urn.split("::").at(-1) ?? ""}: ${summary.replace(/.*?: /, "")}`,
      )
      .filter((text) => !text.includes("Nothing in the stack renews it"))
      .sort();
  };
  const of =
    (name: string, inputs: Inputs): Change =>
    (stack) =>
      amend(pool(stack), name, inputs);
  const short = (hours: string): string =>
    `mandatory open leaf: It lives ${hours}; a workload's may live 2160 hours.`;

  it("of a pool that is right are right", () => {
    expect(findings(pool)).toEqual([]);
  });

  it("live as long as the shorter of what is asked for and what the pool or a template allows", () => {
    const unbound: Inputs = {
      issuancePolicy: { baselineValues: x509(false) },
    };
    const longer: Change = (stack) =>
      amend(amend(pool(stack), "pool", unbound), "leaf", { lifetime: undefined });
    const ofLeaf = (change: Change): readonly string[] =>
      findings(change).filter((one) => one.includes(" leaf:"));
    expect(ofLeaf(longer)).toEqual([short("87600 hours")]);
    expect(ofLeaf(of("leaf", { lifetime: undefined }))).toEqual([]);
    expect(ofLeaf(of("leaf", { lifetime: "7776001s" }))).toEqual([]);
    expect(ofLeaf((s) => amend(amend(pool(s), "pool", unbound), "leaf", { lifetime: "7779600s" }))).toEqual([
      short("2161 hours"),
    ]);
    const template: Change = (stack) => {
      longer(stack);
      stack.add("gcp:certificateauthority/certificateTemplate:CertificateTemplate", "template", {
        name: "template",
        ...here,
        maximumLifetime: "86400s",
      });
      amend(stack, "leaf", { certificateTemplate: stack.id("template") });
    };
    expect(ofLeaf(template)).toEqual([]);
    expect(ofLeaf((s) => amend(amend(pool(s), "pool", unbound), "leaf", { lifetime: unknownText }))).toEqual([
      "mandatory undetermined leaf: It may live longer than a workload's may.",
    ]);
  });

  it("bind their pool, which tells what was taken back on our platform alone", () => {
    const all =
      "It issues for longer than workloads' certificates may live (issuancePolicy.maximumLifetime).";
    const revoked = "Nothing tells who verifies that one of its certificates was taken back.";
    const ofPool = (inputs: Inputs): readonly string[] =>
      findings(of("pool", inputs)).filter((one) => one.includes(" pool:"));
    expect(ofPool({ issuancePolicy: undefined })).toEqual([`mandatory open pool: ${all}`]);
    expect(ofPool({ issuancePolicy: { maximumLifetime: "7776001s" } })).toEqual([
      `mandatory open pool: ${all}`,
    ]);
    expect(ofPool({ issuancePolicy: { maximumLifetime: unknownText } })).toEqual([
      `mandatory undetermined pool: ${all}`,
    ]);
    expect(ofPool({ tier: "DEVOPS" })).toEqual([`advisory open pool: ${revoked}`]);
    expect(ofPool({ publishingOptions: undefined })).toEqual([`advisory open pool: ${revoked}`]);
  });

  it("have keys that hold", () => {
    const keyed = (minModulusSize: unknown): readonly string[] =>
      findings(
        of("pool", {
          issuancePolicy: {
            maximumLifetime: ninetyDays,
            allowedKeyTypes: [{ rsa: { minModulusSize } }],
            baselineValues: x509(false),
          },
        }),
      );
    expect(keyed("1024")).toEqual(["mandatory open pool: Its key is weak: RSA of 1024 bits."]);
    expect(keyed("3072")).toEqual([]);
    expect(keyed(undefined)).toEqual([]);
    const authority = (algorithm: unknown): readonly string[] =>
      findings(of("root", { keySpec: { algorithm } }));
    expect(authority("RSA_PKCS1_4096_SHA256")).toEqual([]);
    expect(authority("RSA_PSS_1024_SHA256")).toEqual([
      "mandatory open root: Its key is weak: RSA of 1024 bits.",
    ]);
    expect(authority(unknownText)).toHaveLength(2);
    expect(findings(of("root", { keySpec: { cloudKmsKeyVersion: "projects/p/x" } }))).toEqual([]);
  });

  it("of authorities live as long as those may, and sign alone", () => {
    const root = (inputs: Inputs): readonly string[] =>
      findings(of("root", inputs)).filter((one) => one.includes(" root:"));
    expect(root({ lifetime: undefined })).toEqual([]);
    expect(root({ lifetime: "630720000s" })).toEqual([
      "mandatory open root: It lives 175200 hours; a root authority's may live 87672 hours.",
    ]);
    expect(root({ type: "SUBORDINATE" })).toEqual([
      "mandatory open root: It lives 87600 hours; an intermediate authority's may live 8784 hours.",
    ]);
    expect(root({ config: { x509Config: x509(true, { extendedKeyUsage: { serverAuth: true } }) } })).toEqual([
      "mandatory open root: It is an authority's, and may be used by a server as well.",
    ]);
    expect(root({ type: unknownText })).toHaveLength(1);
    expect(root({ desiredState: "DISABLED" })).toEqual([
      "advisory open root: It is disabled, so that it issues nothing.",
    ]);
  });

  it("of an authority that a pool signs may live longer than leaves do", () => {
    const child: Change = (stack) => {
      amend(pool(stack), "pool", { issuancePolicy: { baselineValues: x509(false) } });
      stack.add("gcp:certificateauthority/authority:Authority", "child", {
        certificateAuthorityId: "child",
        pool: "other",
        ...here,
        type: "SUBORDINATE",
        lifetime: "31536000s",
        keySpec: { algorithm: "EC_P256_SHA256" },
        config: { x509Config: x509(true) },
        subordinateConfig: { certificateAuthority: stack.id("root") },
      });
    };
    expect(findings(child)).toEqual([]);
  });

  it("may be an authority's where a request asks for it and nothing forbids it", () => {
    const csr = (extension: string): string =>
      `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(`3000${extension}`, "hex").toString("base64")}\n-----END CERTIFICATE REQUEST-----`;
    const asks = csr("0603551d130101ff040530030101ff");
    const unbound: Change = (s) =>
      amend(pool(s), "pool", { issuancePolicy: { maximumLifetime: ninetyDays } });
    const ofLeaf = (inputs: Inputs): readonly string[] =>
      findings((s) => amend(unbound(s) as Sketch, "leaf", inputs)).filter((one) => one.includes(" leaf:"));
    expect(ofLeaf({ pemCsr: csr("0603551d0f") })).toEqual([]);
    expect(ofLeaf({ pemCsr: asks, lifetime: "31536000s" })).toEqual([]);
    expect(ofLeaf({ pemCsr: unknownText })).toEqual([
      "mandatory undetermined leaf: It may be an authority's, or live longer than a workload's may.",
    ]);
    expect(ofLeaf({ pemCsr: undefined, config: { x509Config: x509(false) } })).toEqual([]);
    expect(
      ofLeaf({
        pemCsr: undefined,
        config: { x509Config: x509(false, { extendedKeyUsage: { serverAuth: true } }) },
      }),
    ).toEqual([
      "mandatory open leaf: It may not be used by a client; mutual TLS takes one certificate for both ends.",
    ]);
  });

  it("are renewed where Certificate Manager manages them, and not where somebody gave them", () => {
    const managed = (inputs: Inputs): readonly string[] =>
      findings((s) =>
        s.add("gcp:certificatemanager/certificate:Certificate", "edge", { name: "edge", ...inputs }),
      );
    const never =
      "Nothing renews it: it was made elsewhere and put into the program, and what is put there is not renewed.";
    expect(managed({ managed: { domains: ["ai.example"], dnsAuthorizations: ["a"] } })).toEqual([]);
    expect(managed({ selfManaged: { pemCertificate: "pem", pemPrivateKey: "key" } })).toEqual([
      `mandatory open edge: ${never}`,
    ]);
    const ofStack: Change = (s) => {
      const certificate = s.add("tls:index/locallySignedCert:LocallySignedCert", "signed", {
        validityPeriodHours: 2160,
        earlyRenewalHours: 720,
        allowedUses: ["server_auth", "client_auth"],
      });
      s.add("gcp:certificatemanager/certificate:Certificate", "edge", {
        name: "edge",
        selfManaged: { pemCertificate: `${certificate}.certPem` },
      });
    };
    expect(findings(ofStack)).toEqual([]);
    for (const type of [
      "gcp:compute/sSLCertificate:SSLCertificate",
      "gcp:compute/regionSslCertificate:RegionSslCertificate",
    ]) {
      expect(findings((s) => s.add(type, "classic", { certificate: "pem", privateKey: "key" }))).toEqual([
        "advisory open classic: It is kept by Compute Engine, where nothing renews a certificate that is given.",
        `mandatory open classic: ${never}`,
      ]);
    }
    expect(
      findings((s) =>
        s.add("gcp:compute/managedSslCertificate:ManagedSslCertificate", "classic", { managed: {} }),
      ),
    ).toEqual([]);
  });

  it("that Certificate Manager asks for by a configuration are renewed before they expire", () => {
    const config = (inputs: Inputs): readonly string[] =>
      findings((s) =>
        s.add("gcp:certificatemanager/certificateIssuanceConfig:CertificateIssuanceConfig", "config", {
          name: "config",
          lifetime: "2592000s",
          rotationWindowPercentage: 34,
          keyAlgorithm: "ECDSA_P256",
          ...inputs,
        }),
      );
    expect(config({})).toEqual([]);
    expect(config({ rotationWindowPercentage: 100 })).toEqual([
      "mandatory open config: It is renewed 0 hours before it expires; 1 hours are the least.",
    ]);
    expect(config({ keyAlgorithm: "RSA_1024" })).toEqual([
      "mandatory open config: Its key is weak: RSA of 1024 bits.",
    ]);
    expect(config({ lifetime: unknownText })).toHaveLength(2);
  });

  it("that workloads get of their pool are of an authority of the customer's", () => {
    const identities = (config: Inputs, more: Inputs = {}): readonly string[] =>
      findings((s) =>
        s.add("gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "identities", {
          workloadIdentityPoolId: "identities",
          mode: "TRUST_DOMAIN",
          inlineCertificateIssuanceConfig: {
            caPools: { "us-central1": "projects/p/locations/us-central1/caPools/pool" },
            lifetime: "2592000s",
            rotationWindowPercentage: 50,
            keyAlgorithm: "ECDSA_P256",
            ...config,
          },
          ...more,
        }),
      );
    expect(identities({})).toEqual([]);
    expect(identities({ lifetime: undefined, rotationWindowPercentage: undefined })).toEqual([]);
    expect(identities({ useDefaultSharedCa: true })).toEqual([
      "mandatory open identities: Google's shared authority signs its certificates, and not one of the customer's.",
    ]);
    expect(identities({ useDefaultSharedCa: unknownText })).toHaveLength(1);
    expect(identities({ lifetime: "7776001s" })).toHaveLength(1);
    expect(
      identities({}, { inlineTrustConfig: { additionalTrustBundles: [{ trustDomain: "other.example" }] } }),
    ).toEqual([
      "mandatory undetermined identities: It takes certificates of other trust domains: other.example.",
    ]);
    expect(
      findings((s) =>
        s.add("gcp:iam/workloadIdentityPool:WorkloadIdentityPool", "tokens", {
          workloadIdentityPoolId: "tokens",
        }),
      ),
    ).toEqual([]);
  });
});
