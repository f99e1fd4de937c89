import { ownProject, unknownText, type Sketch, type SketchOptions } from "../stack-sketch";

import { chain } from "./aws-certificates";
import { authority, besideNetworks, gcpEntrance } from "./gcp-entrance";
import { gcp, pair } from "./gcp-network-pieces";
import { amend, changed, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

const signing: Inputs = {
  caOptions: { isCa: true },
  keyUsage: { baseKeyUsage: { certSign: true, crlSign: true }, extendedKeyUsage: {} },
};

const subjectConfig: Inputs = { subject: { commonName: "Clinic services", organization: "Clinic" } };

/**
 * A private authority of Google's and a certificate of a service, within the bounds.
 *
 * Names: `pool`, `root`, `issuer`, `leaf-key`, `leaf-request`, `leaf`, `issuance`.
 */
function issued(stack: Sketch): Sketch {
  const location = "us-central1";
  const pool = stack.add(gcp("certificateauthority", "CaPool"), "pool", {
    name: "pool",
    location,
    tier: "ENTERPRISE",
    issuancePolicy: {
      maximumLifetime: "7776000s",
      allowedKeyTypes: [{ ellipticCurve: { signatureAlgorithm: "ECDSA_P256" } }],
      allowedIssuanceModes: { allowCsrBasedIssuance: true, allowConfigBasedIssuance: false },
    },
    publishingOptions: { publishCaCert: true, publishCrl: true },
  });
  const roots = stack.add(gcp("certificateauthority", "CaPool"), "roots", {
    name: "roots",
    location,
    tier: "ENTERPRISE",
    publishingOptions: { publishCaCert: true, publishCrl: true },
  });
  const root = stack.add(gcp("certificateauthority", "Authority"), "root", {
    certificateAuthorityId: "root",
    location,
    pool: `${roots}.name`,
    type: "SELF_SIGNED",
    lifetime: "315360000s",
    keySpec: { algorithm: "EC_P384_SHA384" },
    config: { subjectConfig, x509Config: signing },
    deletionProtection: true,
  });
  const issuer = stack.add(gcp("certificateauthority", "Authority"), "issuer", {
    certificateAuthorityId: "issuer",
    location,
    pool: `${pool}.name`,
    type: "SUBORDINATE",
    lifetime: "31536000s",
    keySpec: { algorithm: "EC_P256_SHA256" },
    subordinateConfig: { certificateAuthority: root },
    config: { subjectConfig, x509Config: signing },
    deletionProtection: true,
  });
  const key = stack.add("tls:index/privateKey:PrivateKey", "leaf-key", {
    algorithm: "ECDSA",
    ecdsaCurve: "P256",
  });
  const request = stack.add("tls:index/certRequest:CertRequest", "leaf-request", {
    privateKeyPem: `${key}.privateKeyPem`,
    subject: { commonName: "rag-service" },
    dnsNames: ["rag-service.clinic.internal"],
  });
  stack.add(gcp("certificateauthority", "Certificate"), "leaf", {
    name: "leaf",
    location,
    pool: `${pool}.name`,
    certificateAuthority: `${issuer}.certificateAuthorityId`,
    lifetime: "7776000s",
    pemCsr: `${request}.certRequestPem`,
  });
  stack.add(gcp("certificatemanager", "CertificateIssuanceConfig"), "issuance", {
    name: "issuance",
    location: "global",
    keyAlgorithm: "ECDSA_P256",
    lifetime: "2592000s",
    rotationWindowPercentage: 34,
    certificateAuthorityConfig: { certificateAuthorityServiceConfig: { caPool: pool } },
  });
  return stack;
}

/** The same, with a certificate of the pool of roots, which bounds nothing that it issues. */
function unbounded(stack: Sketch): Sketch {
  return amend(issued(stack), "leaf", {
    pool: `${stack.id("roots")}.name`,
    certificateAuthority: `${stack.id("root")}.certificateAuthorityId`,
  });
}

function leafCase(name: string, bad: Inputs): CorpusCase {
  return changed("GM-09", name, unbounded, "leaf", bad);
}

function issuedCase(name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed("GM-09", name, issued, resource, bad, good);
}

const policyOf = (more: Inputs): Inputs => ({
  issuancePolicy: Object.fromEntries(
    Object.entries<unknown>({
      maximumLifetime: "7776000s",
      allowedKeyTypes: [{ ellipticCurve: { signatureAlgorithm: "ECDSA_P256" } }],
      ...more,
    }).filter(([, value]) => value !== undefined),
  ),
});

const authorities: readonly CorpusCase[] = [
  leafCase("a certificate of a second too many", { lifetime: "7776001s" }),
  leafCase("a certificate of a year", { lifetime: "31536000s" }),
  leafCase("a certificate that does not say how long it lives, which is ten years", {
    lifetime: undefined,
  }),
  leafCase("a certificate of which nobody knows how long it lives", { lifetime: unknownText }),
  issuedCase("a root of eleven years", "root", { lifetime: "346896000s" }),
  issuedCase("an intermediate authority of two years", "issuer", { lifetime: "63072000s" }),
  issuedCase("an intermediate authority that does not say how long it lives, which is ten years", "issuer", {
    lifetime: undefined,
  }),
  issuedCase("an authority that is none", "issuer", {
    config: {
      subjectConfig,
      x509Config: { ...signing, caOptions: { isCa: false } },
    },
  }),
  issuedCase(
    "a pool whose certificates live for a year",
    "pool",
    policyOf({ maximumLifetime: "31536000s" }),
    policyOf({}),
  ),
  issuedCase(
    "a pool that does not say how long certificates live",
    "pool",
    policyOf({ maximumLifetime: undefined }),
    policyOf({}),
  ),
  issuedCase(
    "a pool that takes weak keys",
    "pool",
    policyOf({ allowedKeyTypes: [{ rsa: { minModulusSize: "1024" } }] }),
    policyOf({ allowedKeyTypes: [{ rsa: { minModulusSize: "3072" } }] }),
  ),
  issuedCase(
    "an authority with a weak key",
    "issuer",
    { keySpec: { algorithm: "RSA_PKCS1_2048_SHA1" } },
    { keySpec: { algorithm: "RSA_PSS_3072_SHA256" } },
  ),
  issuedCase(
    "certificates that are renewed too late",
    "issuance",
    // How much of its life is over when it is renewed.
    { lifetime: "7776000s", rotationWindowPercentage: 90 },
    { lifetime: "7776000s", rotationWindowPercentage: 34 },
  ),
  issuedCase("certificates that live for half a year", "issuance", { lifetime: "15552000s" }),
  issuedCase("certificates of which nobody knows how long they live", "issuance", { lifetime: unknownText }),
  pair(
    "GM-09",
    "a certificate whose lifetime is that of old state",
    (stack) => issued(stack).withOptions("leaf", { ignoreChanges: ["lifetime"] }),
    issued,
  ),
];

/** A certificate that the entrance shows. */
function managed(stack: Sketch, inputs: Inputs): Sketch {
  gcpEntrance(stack);
  const certificate = stack.add(gcp("certificatemanager", "Certificate"), "portal", {
    name: "portal",
    ...inputs,
  });
  const map = stack.add(gcp("certificatemanager", "CertificateMap"), "map", { name: "map" });
  stack.add(gcp("certificatemanager", "CertificateMapEntry"), "entry", {
    name: "entry",
    map: `${map}.name`,
    certificates: [certificate],
    hostname: "api.clinic.example",
  });
  return stack;
}

const publicly: Inputs = {
  managed: {
    domains: ["api.clinic.example"],
    dnsAuthorizations: [`projects/${ownProject}/locations/global/dnsAuthorizations/api`],
  },
};

const brought: Inputs = { selfManaged: { pemCertificate: authority, pemPrivateKey: "of no importance" } };

const ofEntrance: readonly CorpusCase[] = [
  pair(
    "GM-09",
    "an entrance's certificate that was brought once, and that nothing renews",
    (stack) => managed(stack, brought),
    (stack) => managed(stack, publicly),
  ),
  pair(
    "GM-09",
    "an entrance's certificate that was brought once, and what a private authority issues",
    (stack) => managed(issued(stack), brought),
    (stack) =>
      managed(issued(stack), {
        managed: { domains: ["api.clinic.example"], issuanceConfig: stack.id("issuance") },
      }),
  ),
  pair(
    "GM-09",
    "an entrance's certificate of the old kind that was brought once",
    (stack) => {
      gcpEntrance(stack);
      const certificate = stack.add(gcp("compute", "SSLCertificate"), "portal", {
        name: "portal",
        certificate: authority,
        privateKey: "of no importance",
      });
      amend(stack, "proxy", { certificateMap: undefined, sslCertificates: [certificate] });
    },
    (stack) => {
      gcpEntrance(stack);
      const certificate = stack.add(gcp("compute", "ManagedSslCertificate"), "portal", {
        name: "portal",
        managed: { domains: ["api.clinic.example."] },
      });
      amend(stack, "proxy", { certificateMap: undefined, sslCertificates: [certificate] });
    },
  ),
];

function tls(name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed("GM-09", name, chain, resource, bad, good);
}

function pinned(name: string, bad: SketchOptions): CorpusCase {
  return pair("GM-09", name, (stack) => chain(stack).withOptions("leaf", bad), chain);
}

const own: readonly CorpusCase[] = [
  tls("a leaf of an hour too many", "leaf", { validityPeriodHours: 2161 }),
  tls("a leaf that is never renewed early", "leaf", { earlyRenewalHours: undefined }),
  tls("a key without a curve, which is P224", "leaf-key", { ecdsaCurve: undefined }),
  pinned("a leaf that may not be replaced", { protect: true }),
];

/** Certificates that Google gives to what runs. */
function identities(stack: Sketch, issuance: Inputs, more: Inputs = {}): string {
  const caPools = { "us-central1": `projects/${ownProject}/locations/us-central1/caPools/pool` };
  return stack.add(gcp("iam", "WorkloadIdentityPool"), "identities", {
    workloadIdentityPoolId: "identities",
    mode: "TRUST_DOMAIN",
    inlineCertificateIssuanceConfig: Object.fromEntries(
      Object.entries<unknown>({
        caPools,
        keyAlgorithm: "ECDSA_P256",
        lifetime: "2592000s",
        rotationWindowPercentage: 50,
        ...issuance,
      }).filter(([, value]) => value !== undefined),
    ),
    ...more,
  });
}

function identityCase(name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return pair(
    "GM-10",
    `identities ${name}`,
    (stack) => identities(stack, bad),
    (stack) => identities(stack, good),
  );
}

const pools: readonly CorpusCase[] = [
  identityCase(
    "of an authority that all of Google shares",
    { useDefaultSharedCa: true, caPools: undefined },
    { useDefaultSharedCa: false },
  ),
  identityCase("of an authority that may be shared, nobody knows", { useDefaultSharedCa: unknownText }),
  identityCase("that live too long", { lifetime: "7776001s" }, { lifetime: "86400s" }),
  identityCase("of which nobody knows how long they live", { lifetime: unknownText }),
  identityCase("of weak keys", { keyAlgorithm: "RSA_1024" }, { keyAlgorithm: "RSA_3072" }),
  pair(
    "GM-10",
    "identities that trust somebody else's",
    (stack) =>
      identities(
        stack,
        {},
        {
          inlineTrustConfig: {
            additionalTrustBundles: [
              { trustDomain: "other.example", trustAnchors: [{ pemCertificate: authority }] },
            ],
          },
        },
      ),
    (stack) => identities(stack, {}),
  ),
];

/** The checklist of what skips mutual TLS on Google Cloud, as to certificates: rows GM-09 and GM-10. */
export const gcpCertificates: readonly CorpusCase[] = [
  ...authorities,
  ...ofEntrance.map(besideNetworks),
  ...own,
  ...pools,
];
