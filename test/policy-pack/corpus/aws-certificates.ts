import type { Sketch, SketchOptions } from "../stack-sketch";
import { amend, changed, type Inputs } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";
import { entrance } from "./entrance";

const processing = inZone("processing");

/** A case of advice alone: what is missing opens nothing. */
function advised(...[id, name, stackOf, resource, bad]: Parameters<typeof changed>): CorpusCase {
  return { ...changed(id, name, stackOf, resource, bad), expected: "advised" };
}

const keyType = "tls:index/privateKey:PrivateKey";
const strongKey = { algorithm: "ECDSA", ecdsaCurve: "P256" };
const signing = ["cert_signing", "crl_signing"];
const leafUses = ["digital_signature", "server_auth", "client_auth"];

/** A key of a service and its request for a certificate: `leaf-key` and `leaf-request`. */
function request(stack: Sketch): string {
  const key = stack.add(keyType, "leaf-key", strongKey);
  return stack.add("tls:index/certRequest:CertRequest", "leaf-request", {
    privateKeyPem: `${key}.privateKeyPem`,
    subject: { commonName: "rag-service" },
    dnsNames: ["rag-service.clinic.internal"],
    uris: ["spiffe://clinic.example/zone/processing/workload/rag-service"],
  });
}

/**
 * A private authority and a certificate of a service, within the bounds to the hour.
 *
 * Names: `root-key`, `root`, `intermediate-key`, `intermediate-request`, `intermediate`, `leaf-key`, `leaf-request`,
 * `leaf`.
 */
export function chain(stack: Sketch): Sketch {
  const rootKey = stack.add(keyType, "root-key", strongKey);
  const root = stack.add("tls:index/selfSignedCert:SelfSignedCert", "root", {
    privateKeyPem: `${rootKey}.privateKeyPem`,
    subject: { commonName: "Clinic root" },
    isCaCertificate: true,
    validityPeriodHours: 87600,
    earlyRenewalHours: 8760,
    allowedUses: signing,
  });
  const key = stack.add(keyType, "intermediate-key", strongKey);
  const intermediateRequest = stack.add("tls:index/certRequest:CertRequest", "intermediate-request", {
    privateKeyPem: `${key}.privateKeyPem`,
    subject: { commonName: "Clinic services" },
  });
  const intermediate = stack.add("tls:index/locallySignedCert:LocallySignedCert", "intermediate", {
    certRequestPem: `${intermediateRequest}.certRequestPem`,
    caPrivateKeyPem: `${rootKey}.privateKeyPem`,
    caCertPem: `${root}.certPem`,
    isCaCertificate: true,
    validityPeriodHours: 8760,
    earlyRenewalHours: 2160,
    allowedUses: signing,
  });
  stack.add("tls:index/locallySignedCert:LocallySignedCert", "leaf", {
    certRequestPem: `${request(stack)}.certRequestPem`,
    caPrivateKeyPem: `${key}.privateKeyPem`,
    caCertPem: `${intermediate}.certPem`,
    validityPeriodHours: 2160,
    earlyRenewalHours: 720,
    allowedUses: leafUses,
  });
  return stack;
}

function tls(name: string, resource: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return changed("AM-13", name, chain, resource, bad, good);
}

/** A certificate that a service signs for itself, which nobody can tell from another's. */
function selfSigned(stack: Sketch): void {
  const key = stack.add(keyType, "leaf-key", strongKey);
  stack.add("tls:index/selfSignedCert:SelfSignedCert", "leaf", {
    privateKeyPem: `${key}.privateKeyPem`,
    subject: { commonName: "rag-service" },
    validityPeriodHours: 2160,
    earlyRenewalHours: 720,
    allowedUses: leafUses,
  });
}

function pinned(name: string, bad: SketchOptions): CorpusCase {
  return {
    id: "AM-14",
    name,
    expected: "refused",
    bad: (stack) => chain(stack).withOptions("leaf", bad),
    good: chain,
  };
}

const authorityType = "aws:acmpca/certificateAuthority:CertificateAuthority";

function subject(
  commonName: string,
  keyAlgorithm = "EC_prime256v1",
  signingAlgorithm = "SHA256WITHECDSA",
): Inputs {
  return { keyAlgorithm, signingAlgorithm, subject: { commonName } };
}

function template(name: string): string {
  return `arn:aws:acm-pca:::template/${name}/V1`;
}

/** A private authority in use: `authority`, its certificate of a year, and what installs that. */
function authority(stack: Sketch): string {
  const root =
    "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/b3c0d4e5-1f2a-4b6c-8d7e-9f0a1b2c3d4e";
  const id = stack.add(authorityType, "authority", {
    type: "SUBORDINATE",
    usageMode: "GENERAL_PURPOSE",
    certificateAuthorityConfiguration: subject("Clinic services"),
    revocationConfiguration: { ocspConfiguration: { enabled: true } },
    tags: processing,
  });
  const certificate = stack.add("aws:acmpca/certificate:Certificate", "authority-certificate", {
    certificateAuthorityArn: root,
    certificateSigningRequest: `${id}.certificateSigningRequest`,
    signingAlgorithm: "SHA256WITHECDSA",
    templateArn: template("SubordinateCACertificate_PathLen0"),
    validity: { type: "YEARS", value: "1" },
  });
  stack.add(
    "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
    "authority-installed",
    {
      certificateAuthorityArn: `${id}.arn`,
      certificate: `${certificate}.certificate`,
      certificateChain: `${certificate}.certificateChain`,
    },
  );
  return id;
}

/** A certificate of a service from the private authority: `issued`. */
function issued(stack: Sketch): Sketch {
  stack.add("aws:acmpca/certificate:Certificate", "issued", {
    certificateAuthorityArn: `${authority(stack)}.arn`,
    certificateSigningRequest: `${request(stack)}.certRequestPem`,
    signingAlgorithm: "SHA256WITHECDSA",
    templateArn: template("EndEntityCertificate"),
    validity: { type: "DAYS", value: "90" },
  });
  return stack;
}

/** The same through Cloud Control's provider. */
function nativeIssued(stack: Sketch): Sketch {
  stack.add("aws-native:acmpca:Certificate", "issued", {
    certificateAuthorityArn: `${authority(stack)}.arn`,
    certificateSigningRequest: `${request(stack)}.certRequestPem`,
    signingAlgorithm: "SHA256WITHECDSA",
    templateArn: template("EndEntityCertificate"),
    validity: { type: "DAYS", value: 90 },
  });
  return stack;
}

function validFor(name: string, type: string, value: string, good: Inputs = {}): CorpusCase {
  return changed("AM-09", name, issued, "issued", { validity: { type, value } }, good);
}

/** A root authority that signs itself: `authority` and `authority-certificate`. */
function rootAuthority(
  years: number,
  keyAlgorithm: string,
  signingAlgorithm: string,
): (stack: Sketch) => Sketch {
  return (stack) => {
    const id = stack.add(authorityType, "authority", {
      type: "ROOT",
      usageMode: "GENERAL_PURPOSE",
      certificateAuthorityConfiguration: subject("Clinic root", keyAlgorithm, signingAlgorithm),
      revocationConfiguration: { ocspConfiguration: { enabled: true } },
      tags: processing,
    });
    const certificate = stack.add("aws:acmpca/certificate:Certificate", "authority-certificate", {
      certificateAuthorityArn: `${id}.arn`,
      certificateSigningRequest: `${id}.certificateSigningRequest`,
      signingAlgorithm,
      templateArn: template("RootCACertificate"),
      validity: { type: "YEARS", value: String(years) },
    });
    stack.add(
      "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
      "authority-installed",
      {
        certificateAuthorityArn: `${id}.arn`,
        certificate: `${certificate}.certificate`,
      },
    );
    return stack;
  };
}

/** An authority whose certificates live too short to be revoked, and one that it issues. */
function shortLived(days: number): (stack: Sketch) => unknown {
  return (stack) => {
    amend(issued(stack), "authority", {
      usageMode: "SHORT_LIVED_CERTIFICATE",
      revocationConfiguration: undefined,
    });
    return amend(stack, "issued", { validity: { type: "DAYS", value: String(days) } });
  };
}

const acmType = "aws:acm/certificate:Certificate";

/** What Amazon issues and renews. */
const amazonIssued: Inputs = {
  domainName: "portal.clinic.example",
  validationMethod: "DNS",
  keyAlgorithm: "EC_prime256v1",
};

/** The entrance, with a certificate in the certificate manager that its listener shows. */
function shown(inputs: (stack: Sketch) => Inputs): (stack: Sketch) => Sketch {
  return (stack) => {
    const certificate = entrance(stack).add(acmType, "shown", { ...inputs(stack), tags: inZone("gateway") });
    return amend(stack, "listener", { certificateArn: `${certificate}.arn` });
  };
}

function privatelyIssued(stack: Sketch): Inputs {
  return {
    domainName: "portal.clinic.internal",
    certificateAuthorityArn: `${authority(stack)}.arn`,
    keyAlgorithm: "EC_prime256v1",
  };
}

/** The certificate of the chain, which each deployment renews where it is due, in the certificate manager. */
function importedFromChain(stack: Sketch): Inputs {
  chain(stack);
  return {
    certificateBody: `${stack.id("leaf")}.certPem`,
    privateKey: `${stack.id("leaf-key")}.privateKeyPem`,
    certificateChain: `${stack.id("intermediate")}.certPem`,
  };
}

function secondCertificate(inputs: (stack: Sketch) => Inputs): (stack: Sketch) => unknown {
  return (stack) => {
    const certificate = entrance(stack).add(acmType, "second", inputs(stack));
    return stack.add("aws:lb/listenerCertificate:ListenerCertificate", "second-shown", {
      listenerArn: `${stack.id("listener")}.arn`,
      certificateArn: `${certificate}.arn`,
    });
  };
}

/** The entrance, with the bucket of its authorities beside it, which those of the ARN may write. */
function bundleOf(writer: string): (stack: Sketch) => unknown {
  return (stack) => {
    const bucket = entrance(stack).add("aws:s3/bucket:Bucket", "authorities", {
      bucket: "clinic-authorities",
      tags: inZone("gateway"),
    });
    stack.add("aws:s3/bucketPolicy:BucketPolicy", "authorities-policy", {
      bucket,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { AWS: writer },
            Action: "s3:PutObject",
            Resource: "arn:aws:s3:::clinic-authorities/*",
          },
        ],
      }),
    });
    return amend(stack, "trust-store", { caCertificatesBundleS3Bucket: `${bucket}.bucket` });
  };
}

/** The checklist of what skips mutual TLS, as to certificates and those who issue them. */
export const certificates: readonly CorpusCase[] = [
  validFor("a service's certificate of 91 days", "DAYS", "91"),
  validFor("a service's certificate of a year in days", "DAYS", "365"),
  validFor("a service's certificate of three months, which may have 92 days", "MONTHS", "3", {
    validity: { type: "MONTHS", value: "2" },
  }),
  validFor("a service's certificate of a year", "YEARS", "1"),
  validFor("a service's certificate until a date far off", "END_DATE", "20991231235959"),
  validFor("a service's certificate until a second far off", "ABSOLUTE", "4102444799"),
  changed("AM-09", "a service's certificate from an authority's template", issued, "issued", {
    templateArn: template("SubordinateCACertificate_PathLen0"),
  }),
  changed(
    "AM-09",
    "a service's certificate of a year from the default template",
    issued,
    "issued",
    { templateArn: undefined, validity: { type: "DAYS", value: "365" } },
    { templateArn: undefined },
  ),
  changed("AM-09", "a service's certificate signed with SHA-1", issued, "issued", {
    signingAlgorithm: "SHA1WITHRSA",
  }),
  changed("AM-09", "a request for a certificate with a key of RSA 1024", issued, "leaf-key", {
    algorithm: "RSA",
    ecdsaCurve: undefined,
    rsaBits: 1024,
  }),
  changed("AM-09", "an aws-native certificate of a year", nativeIssued, "issued", {
    validity: { type: "DAYS", value: 365 },
  }),

  {
    id: "AM-10",
    name: "a listener's certificate of 395 days from a private authority",
    expected: "refused",
    bad: shown(privatelyIssued),
    good: shown(() => amazonIssued),
  },
  {
    id: "AM-10",
    name: "a listener's certificate of 395 days, however early it is renewed",
    expected: "refused",
    bad: shown((stack) => ({ ...privatelyIssued(stack), earlyRenewalDuration: "P90D" })),
    good: shown(importedFromChain),
  },
  {
    id: "AM-10",
    name: "a listener's certificate that was brought once, and that nothing renews",
    expected: "refused",
    bad: shown(() => ({
      certificateBody: "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2s=\n-----END CERTIFICATE-----\n",
      privateKey: "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgE=\n-----END PRIVATE KEY-----\n",
    })),
    good: shown(importedFromChain),
  },
  {
    id: "AM-10",
    name: "a listener's certificate with a key of RSA 1024",
    expected: "refused",
    bad: shown(() => ({ ...amazonIssued, keyAlgorithm: "RSA_1024" })),
    good: shown(() => ({ ...amazonIssued, keyAlgorithm: "RSA_2048" })),
  },
  {
    id: "AM-10",
    name: "a second certificate of a listener, of 395 days",
    expected: "refused",
    bad: secondCertificate(privatelyIssued),
    good: secondCertificate(() => amazonIssued),
  },

  {
    id: "AM-11",
    name: "a root authority of eleven years",
    expected: "refused",
    bad: rootAuthority(11, "EC_prime256v1", "SHA256WITHECDSA"),
    good: rootAuthority(10, "EC_prime256v1", "SHA256WITHECDSA"),
  },
  {
    id: "AM-11",
    name: "a root authority of twenty years with RSA 2048",
    expected: "refused",
    bad: rootAuthority(20, "RSA_2048", "SHA256WITHRSA"),
    good: rootAuthority(10, "RSA_4096", "SHA512WITHRSA"),
  },
  changed("AM-11", "an intermediate authority of three years", issued, "authority-certificate", {
    validity: { type: "YEARS", value: "3" },
  }),
  changed(
    "AM-11",
    "an authority that is switched off, and renews nothing",
    issued,
    "authority",
    { enabled: false },
    { enabled: true },
  ),
  {
    id: "AM-11",
    name: "90 days from an authority that issues for seven at most",
    expected: "refused",
    bad: shortLived(90),
    good: shortLived(7),
  },
  advised("AM-11", "an authority that can revoke nothing", issued, "authority", {
    revocationConfiguration: undefined,
  }),

  advised("AM-12", "a trust store of whatever version lies in the bucket", entrance, "trust-store", {
    caCertificatesBundleS3ObjectVersion: undefined,
  }),
  {
    id: "AM-12",
    name: "a trust store that knows of no revocation",
    expected: "advised",
    bad: (stack) => entrance(stack).remove("revocations"),
    good: entrance,
  },
  {
    id: "AM-12",
    name: "a trust store whose authorities anybody may write",
    expected: "refused",
    bad: bundleOf("*"),
    good: bundleOf("arn:aws:iam::111122223333:role/authorities"),
  },

  tls("a leaf of an hour too many", "leaf", { validityPeriodHours: 2161 }),
  tls("a leaf of a year", "leaf", { validityPeriodHours: 8760 }),
  tls("a leaf that is never renewed early", "leaf", { earlyRenewalHours: undefined }),
  tls("a leaf that is renewed when it has expired", "leaf", { earlyRenewalHours: 0 }),
  tls(
    "a leaf that is renewed an hour too late",
    "leaf",
    { earlyRenewalHours: 719 },
    { validityPeriodHours: 1440, earlyRenewalHours: 960 },
  ),
  tls("a leaf that cannot serve", "leaf", { allowedUses: ["digital_signature", "client_auth"] }),
  tls("a leaf that cannot call", "leaf", { allowedUses: ["digital_signature", "server_auth"] }),
  tls("a leaf for no use at all", "leaf", { allowedUses: [] }),
  tls("a leaf that is an authority", "leaf", { isCaCertificate: true }, { isCaCertificate: false }),
  {
    id: "AM-13",
    name: "a service that signs for itself",
    expected: "refused",
    bad: selfSigned,
    good: chain,
  },
  tls(
    "a key of RSA 1024",
    "leaf-key",
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 1024 },
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 2048 },
  ),
  tls(
    "a key of RSA 2047",
    "leaf-key",
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 2047 },
    { algorithm: "RSA", ecdsaCurve: undefined },
  ),
  tls("a key without a curve, which is P224", "leaf-key", { ecdsaCurve: undefined }),
  tls("a key of P224", "leaf-key", { ecdsaCurve: "P224" }, { ecdsaCurve: "P384" }),
  tls("an authority's key without a curve", "root-key", { ecdsaCurve: undefined }, { ecdsaCurve: "P521" }),
  tls(
    "an intermediate authority's key of RSA 1024",
    "intermediate-key",
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 1024 },
    { algorithm: "RSA", ecdsaCurve: undefined, rsaBits: 3072 },
  ),
  tls("a root of eleven years", "root", { validityPeriodHours: 96360 }),
  tls("an intermediate authority of two years", "intermediate", { validityPeriodHours: 17520 }),
  tls("a root that serves", "root", { allowedUses: [...signing, "server_auth"] }),
  tls("an intermediate authority that calls", "intermediate", { allowedUses: [...signing, "client_auth"] }),

  pinned("a leaf whose lifetime is that of old state", { ignoreChanges: ["validityPeriodHours"] }),
  pinned("a leaf whose renewal is that of old state", { ignoreChanges: ["earlyRenewalHours"] }),
  pinned("a leaf that is not replaced when it is due", { ignoreChanges: ["readyForRenewal"] }),
  pinned("a leaf of which nothing changes any more", { ignoreChanges: ["*"] }),
  pinned("a leaf that may not be replaced", { protect: true }),
  {
    id: "AM-14",
    name: "a private authority's certificate whose lifetime is that of old state",
    expected: "refused",
    bad: (stack) => issued(stack).withOptions("issued", { ignoreChanges: ["validity"] }),
    good: issued,
  },
  {
    id: "AM-14",
    name: "a certificate that stays when the one that it was brought from is renewed",
    expected: "refused",
    bad: (stack) =>
      shown(importedFromChain)(stack).withOptions("shown", {
        ignoreChanges: ["certificateBody", "privateKey"],
      }),
    good: shown(importedFromChain),
  },
];
