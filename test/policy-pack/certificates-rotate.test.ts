import { generateKeyPairSync } from "node:crypto";

import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { Finding } from "../../policy-pack/finding";
import { rules } from "../../policy-pack/rules";
import type { StackResource } from "../../policy-pack/stack-resource";
import { noWaivers, type Waivers } from "../../policy-pack/waivers";

import { hiding, keysOf, type Properties } from "./hidden-value";
import { judge, judgeAlone } from "./judge-on-a-day";
import { pemCertificates } from "./pem-certificates";
import { renderedPlatform } from "./rendered-stack";
import { Sketch, unknownText, type Knowledge } from "./stack-sketch";
import { stranger } from "./stranger-corpus";

const rule = "certificates-rotate";
const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const tls = {
  key: "tls:index/privateKey:PrivateKey",
  request: "tls:index/certRequest:CertRequest",
  signed: "tls:index/locallySignedCert:LocallySignedCert",
  selfSigned: "tls:index/selfSignedCert:SelfSignedCert",
} as const;

const aws = {
  authority: "aws:acmpca/certificateAuthority:CertificateAuthority",
  issued: "aws:acmpca/certificate:Certificate",
  installed: "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate",
  managed: "aws:acm/certificate:Certificate",
  uploaded: "aws:iam/serverCertificate:ServerCertificate",
} as const;

const certManager = "kubernetes:cert-manager.io/v1:Certificate";

/** A root, and a workload's certificate that it signs, as the `tls` provider makes them. */
function chain(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const authorityKey = stack.add(tls.key, "ca-key", { algorithm: "ECDSA", ecdsaCurve: "P384" });
  const authority = stack.add(tls.selfSigned, "ca", {
    privateKeyPem: `${authorityKey}.privateKeyPem`,
    isCaCertificate: true,
    validityPeriodHours: 87672,
    allowedUses: ["cert_signing", "crl_signing"],
    subject: { commonName: "root" },
  });
  const key = stack.add(tls.key, "key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const request = stack.add(tls.request, "request", { privateKeyPem: `${key}.privateKeyPem` });
  stack.add(tls.signed, "leaf", {
    caPrivateKeyPem: `${authorityKey}.privateKeyPem`,
    caCertPem: `${authority}.certPem`,
    certRequestPem: `${request}.certRequestPem`,
    validityPeriodHours: 2160,
    earlyRenewalHours: 720,
    allowedUses: ["digital_signature", "server_auth", "client_auth"],
  });
  return stack;
}

const template = (name: string): string => `arn:aws:acm-pca:::template/${name}/V1`;

/** A root of Private CA that has its certificate, and a workload's certificate that it issued. */
function privateCa(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const authority = stack.add(aws.authority, "authority", {
    type: "ROOT",
    certificateAuthorityConfiguration: {
      keyAlgorithm: "EC_prime256v1",
      signingAlgorithm: "SHA256WITHECDSA",
      subject: { commonName: "root" },
    },
    revocationConfiguration: { crlConfiguration: { enabled: true } },
  });
  const root = stack.add(aws.issued, "root", {
    certificateAuthorityArn: `${authority}.arn`,
    certificateSigningRequest: `${authority}.certificateSigningRequest`,
    signingAlgorithm: "SHA256WITHECDSA",
    templateArn: template("RootCACertificate"),
    validity: { type: "YEARS", value: "10" },
  });
  stack.add(aws.installed, "installed", {
    certificateAuthorityArn: `${authority}.arn`,
    certificate: `${root}.certificate`,
  });
  const key = stack.add(tls.key, "key", { algorithm: "ECDSA", ecdsaCurve: "P256" });
  const request = stack.add(tls.request, "request", { privateKeyPem: `${key}.privateKeyPem` });
  stack.add(aws.issued, "leaf", {
    certificateAuthorityArn: `${authority}.arn`,
    certificateSigningRequest: `${request}.certRequestPem`,
    signingAlgorithm: "SHA256WITHECDSA",
    templateArn: template("EndEntityCertificate"),
    validity: { type: "DAYS", value: "90" },
  });
  return stack;
}

function single(type: string, inputs: Properties): (knowledge: Knowledge) => Sketch {
  return (knowledge) => {
    const stack = new Sketch(knowledge);
    stack.add(type, "it", inputs);
    return stack;
  };
}

const publicCertificate = single(aws.managed, { domainName: "ai.example.org", validationMethod: "DNS" });

const spec = {
  secretName: "rag",
  duration: "2160h",
  renewBefore: "720h",
  privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
  usages: ["server auth", "client auth", "digital signature"],
  issuerRef: { name: "private-ca", kind: "ClusterIssuer" },
};

const inCluster = (knowledge: Knowledge): Sketch => {
  const stack = new Sketch(knowledge);
  stack.add(certManager, "it", { metadata: { name: "rag" }, spec });
  return stack;
};

/** The certificates of these tests are judged on a day before any of them ends: how long they live is the question. */
const waivers: Waivers = { ...noWaivers, today: "1970-01-01" };

const options = (knowledge: Knowledge): { readonly dryRun: boolean; readonly waivers: Waivers } => ({
  dryRun: knowledge === "preview",
  waivers,
});

function findings(
  stack: Sketch,
  resources: readonly StackResource[] = stack.resources(),
): readonly Finding[] {
  return judge(resources, options(stack.knowledge)).findings.filter((finding) => finding.rule === rule);
}

function mandatory(stack: Sketch, resources?: readonly StackResource[]): readonly string[] {
  return findings(stack, resources)
    .filter(({ level }) => level === "mandatory")
    .map(({ summary, verdict }) => `${verdict}: ${summary}`);
}

function advice(stack: Sketch): readonly string[] {
  return findings(stack)
    .filter(({ level }) => level === "advisory")
    .map(({ summary, verdict }) => `${verdict}: ${summary}`);
}

/** Sets properties of a resource; `undefined` takes one away. */
function setting(stack: Sketch, name: string, changed: Properties): Sketch {
  return stack.change(name, (inputs) => without({ ...inputs, ...changed }));
}

/** A change of the certificates of a stack, and what is to be said of it. */
interface Change {
  readonly name: string;
  readonly base: (knowledge: Knowledge) => Sketch;
  readonly of: string;
  readonly set: Properties;
  /** What refuses the stack; nothing, if it is accepted. */
  readonly refused?: readonly string[];
}

/** A change, which is accepted unless the texts of findings say otherwise. */
function change(base: Change["base"], of: string, set: Properties, ...refused: readonly string[]): Change {
  const text = (value: unknown): string => (value === undefined ? "not set" : JSON.stringify(value));
  const parts = Object.entries(set).map(([key, value]) => `${key} ${text(value)}`);
  return { name: `${of}: ${parts.join(", ")}`, base, of, set, refused };
}

/** Changes with their names, for titles of tests. */
function named(all: readonly Change[]): (readonly [string, Change])[] {
  return all.map((one) => [one.name, one]);
}

const ofLeaf = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `LocallySignedCert leaf: ${text}`);
const ofCa = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `SelfSignedCert ca: ${text}`);
const ofKey = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `PrivateKey key: ${text}`);
const ofIssued = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `Certificate leaf: ${text}`);
const ofRoot = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `Certificate root: ${text}`);
const ofAuthority = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `CertificateAuthority authority: ${text}`);
const ofIt = (...texts: readonly string[]): readonly string[] =>
  texts.map((text) => `Certificate it: ${text}`);

const open = (texts: readonly string[]): readonly string[] => texts.map((text) => `open: ${text}`);
const undetermined = (texts: readonly string[]): readonly string[] =>
  texts.map((text) => `undetermined: ${text}`);

const tooLong = (hours: number, whose: string, longest: number): string =>
  `It lives ${String(hours)} hours; ${whose} may live ${String(longest)} hours.`;
const tooLongForLeaf = (hours: number): string => tooLong(hours, "a workload's", 2160);
const tooLongForIntermediate = (hours: number): string => tooLong(hours, "an intermediate authority's", 8784);
const tooLongForRoot = (hours: number): string => tooLong(hours, "a root authority's", 87672);
const tooLate = (hours: number, least = 720): string =>
  `It is renewed ${String(hours)} hours before it expires; ${String(least)} hours are the least.`;
const always = (hours: number, life: number): string =>
  `It is due for renewal from the day it is issued: ${String(hours)} hours before it expires, of ${String(life)} hours.`;
const oneEnd = (lacking: string): string =>
  `It may not be used by a ${lacking}; mutual TLS takes one certificate for both ends.`;
const served = (usage: string): string => `It is an authority's, and may be used ${usage} as well.`;
const weak = (what: string): string => `Its key is weak: ${what}.`;
const mayLive = (whose: string): string => `It may live longer than ${whose} may.`;
const never = (why: string): string => `Nothing renews it: ${why}.`;
const byMail = never("it is validated by e-mail, and somebody has to answer one before each renewal");
const isImported = never("it was made elsewhere and imported, and what is imported is not renewed");
const isExported = never("it is exported, and nothing carries what is renewed to where it was exported");
const unread = "It may be an authority's, or live longer than a workload's may.";
const stray = "Its template makes an authority of whoever asks, and who asks is no authority of the stack.";
const keepsKey = "Its key is kept when it is renewed, so that a stolen one is of use for ever.";

const both = ["digital_signature", "server_auth", "client_auth"];
const intermediate = { isCaCertificate: true, earlyRenewalHours: undefined, validityPeriodHours: 8784 };
const signs = { allowedUses: ["cert_signing"] };

const tlsChanges: readonly Change[] = [
  change(chain, "leaf", {}),
  change(chain, "leaf", { validityPeriodHours: 2161 }, ...open(ofLeaf(tooLongForLeaf(2161)))),
  change(chain, "leaf", { validityPeriodHours: "2160", earlyRenewalHours: "720" }),
  change(chain, "leaf", { validityPeriodHours: "2161" }, ...open(ofLeaf(tooLongForLeaf(2161)))),
  change(chain, "leaf", { validityPeriodHours: undefined }, ...undetermined(ofLeaf(mayLive("a workload's")))),
  change(chain, "leaf", { earlyRenewalHours: 719 }, ...open(ofLeaf(tooLate(719)))),
  change(chain, "leaf", { earlyRenewalHours: 721 }),
  change(chain, "leaf", { earlyRenewalHours: 0 }, ...open(ofLeaf(tooLate(0)))),
  change(chain, "leaf", { earlyRenewalHours: undefined }, ...open(ofLeaf(tooLate(0)))),
  change(chain, "leaf", { earlyRenewalHours: 2159 }),
  change(chain, "leaf", { earlyRenewalHours: 2160 }, ...open(ofLeaf(always(2160, 2160)))),
  change(chain, "leaf", { validityPeriodHours: 721 }),
  change(chain, "leaf", { validityPeriodHours: 721, earlyRenewalHours: 719 }, ...open(ofLeaf(tooLate(719)))),
  change(chain, "leaf", { validityPeriodHours: 720, earlyRenewalHours: 240 }),
  change(chain, "leaf", { validityPeriodHours: 24, earlyRenewalHours: 8 }),
  change(chain, "leaf", { validityPeriodHours: 24, earlyRenewalHours: 24 }, ...open(ofLeaf(always(24, 24)))),
  change(chain, "leaf", { validityPeriodHours: 24, earlyRenewalHours: 0 }, ...open(ofLeaf(tooLate(0, 1)))),
  change(chain, "leaf", { allowedUses: ["server_auth"] }, ...open(ofLeaf(oneEnd("client")))),
  change(chain, "leaf", { allowedUses: ["client_auth"] }, ...open(ofLeaf(oneEnd("server")))),
  change(chain, "leaf", { allowedUses: ["any_extended"] }, ...open(ofLeaf(oneEnd("server or a client")))),
  change(chain, "leaf", { allowedUses: undefined }, ...open(ofLeaf(oneEnd("server or a client")))),
  change(chain, "leaf", { allowedUses: [...both].reverse() }),
  change(
    chain,
    "leaf",
    { allowedUses: [...both, "cert_signing"] },
    ...open(ofLeaf("It may sign other certificates.")),
  ),
  change(chain, "leaf", { ...intermediate, ...signs }),
  change(chain, "leaf", { ...intermediate, isCaCertificate: "true", ...signs }),
  change(
    chain,
    "leaf",
    { ...intermediate, ...signs, validityPeriodHours: 8785 },
    ...open(ofLeaf(tooLongForIntermediate(8785))),
  ),
  change(
    chain,
    "leaf",
    { ...intermediate, allowedUses: [...both, "cert_signing"] },
    ...open(ofLeaf(served("by a client"), served("by a server"))),
  ),
  change(
    chain,
    "leaf",
    { ...intermediate, allowedUses: ["cert_signing", "any_extended"] },
    ...open(ofLeaf(served("for anything"))),
  ),
  change(
    chain,
    "leaf",
    { ...intermediate, allowedUses: ["crl_signing"] },
    ...open(ofLeaf("It is an authority's, and may not sign certificates.")),
  ),
  change(
    chain,
    "leaf",
    { ...intermediate, ...signs, earlyRenewalHours: 8784 },
    ...open(ofLeaf(always(8784, 8784))),
  ),
  change(chain, "ca", { validityPeriodHours: 87673 }, ...open(ofCa(tooLongForRoot(87673)))),
  change(chain, "ca", { allowedUses: ["cert_signing", "server_auth"] }, ...open(ofCa(served("by a server")))),
  change(
    chain,
    "ca",
    { isCaCertificate: undefined, validityPeriodHours: 2160, earlyRenewalHours: 720, allowedUses: both },
    ...open(
      ofCa("It is signed by itself, so that who trusts it trusts this one certificate and no renewal of it."),
    ),
  ),
  change(chain, "key", { algorithm: "ED25519", ecdsaCurve: undefined }),
  change(chain, "key", { ecdsaCurve: undefined }, ...open(ofKey(weak("an elliptic curve of 224 bits")))),
  change(chain, "key", { ecdsaCurve: "P224" }, ...open(ofKey(weak("an elliptic curve of 224 bits")))),
  change(chain, "key", { ecdsaCurve: "P521" }),
  change(chain, "key", { algorithm: "RSA", rsaBits: undefined }),
  change(chain, "key", { algorithm: "RSA", rsaBits: 2048 }),
  change(chain, "key", { algorithm: "RSA", rsaBits: 2047 }, ...open(ofKey(weak("RSA of 2047 bits")))),
  change(chain, "key", { algorithm: "RSA", rsaBits: "1024" }, ...open(ofKey(weak("RSA of 1024 bits")))),
  change(chain, "key", { algorithm: "ECDSA", rsaBits: 1024 }),
  change(chain, "key", { algorithm: "DSA" }, ...undetermined(ofKey("Its key may be weak."))),
  change(chain, "key", { algorithm: undefined }, ...undetermined(ofKey("Its key may be weak."))),
];

const validity = (type: string, value: unknown): Properties => ({ validity: { type, value } });
const ofRootAt = (name: string): Properties => ({ templateArn: template(name) });

const privateCaChanges: readonly Change[] = [
  change(privateCa, "leaf", {}),
  change(privateCa, "leaf", validity("DAYS", "91"), ...open(ofIssued(tooLongForLeaf(2184)))),
  change(privateCa, "leaf", validity("DAYS", 90)),
  change(privateCa, "leaf", validity("MONTHS", "2")),
  change(privateCa, "leaf", validity("MONTHS", "3"), ...open(ofIssued(tooLongForLeaf(2232)))),
  change(privateCa, "leaf", validity("YEARS", "1"), ...open(ofIssued(tooLongForLeaf(8784)))),
  change(privateCa, "leaf", validity("days", "90")),
  // It may be issued from the day on which it is judged.
  change(
    privateCa,
    "leaf",
    validity("END_DATE", "2026-04-01T00:00:00Z"),
    ...open(ofIssued(tooLongForLeaf(493056))),
  ),
  change(privateCa, "leaf", validity("ABSOLUTE", "1775001600"), ...open(ofIssued(tooLongForLeaf(493056)))),
  change(privateCa, "leaf", { validity: undefined }, ...undetermined(ofIssued(mayLive("a workload's")))),
  change(privateCa, "leaf", { templateArn: undefined }),
  change(privateCa, "leaf", ofRootAt("EndEntityCertificate_APIPassthrough")),
  change(privateCa, "leaf", { templateArn: "arn:aws-us-gov:acm-pca:::template/EndEntityCertificate/V1" }),
  change(privateCa, "leaf", ofRootAt("EndEntityServerAuthCertificate"), ...open(ofIssued(oneEnd("client")))),
  change(
    privateCa,
    "leaf",
    ofRootAt("EndEntityClientAuthCertificate_CSRPassthrough"),
    ...open(ofIssued(oneEnd("server"))),
  ),
  change(
    privateCa,
    "leaf",
    ofRootAt("CodeSigningCertificate"),
    ...open(ofIssued(oneEnd("server or a client"))),
  ),
  change(
    privateCa,
    "leaf",
    ofRootAt("BlankEndEntityCertificate_CSRPassthrough"),
    ...undetermined(ofIssued("It may be used for what a workload's is not for.")),
  ),
  change(privateCa, "leaf", ofRootAt("SomethingNewCertificate"), ...undetermined(ofIssued(unread))),
  change(privateCa, "leaf", ofRootAt("SubordinateCACertificate_PathLen0"), ...open(ofIssued(stray))),
  change(privateCa, "root", { certificateSigningRequest: "-----BEGIN CERTIFICATE REQUEST-----" }),
  change(
    privateCa,
    "leaf",
    {
      ...ofRootAt("SubordinateCACertificate_PathLen0"),
      certificateSigningRequest: "-----BEGIN CERTIFICATE REQUEST-----",
    },
    ...undetermined(ofIssued(stray)),
  ),
  change(
    privateCa,
    "leaf",
    { signingAlgorithm: "SHA1WITHRSA" },
    ...open(ofIssued("Its signatures are weak: SHA1.")),
  ),
  change(privateCa, "leaf", { signingAlgorithm: "SHA512WITHRSA" }),
  change(privateCa, "leaf", { signingAlgorithm: "ML_DSA_65" }),
  change(privateCa, "root", validity("YEARS", "11"), ...open(ofRoot(tooLongForRoot(96432)))),
  change(privateCa, "root", validity("DAYS", "3653")),
  change(privateCa, "root", validity("DAYS", "3654"), ...open(ofRoot(tooLongForRoot(87696)))),
  change(privateCa, "root", validity("MONTHS", "120")),
  change(privateCa, "root", validity("MONTHS", "121"), ...open(ofRoot(tooLongForRoot(88416)))),
  change(privateCa, "root", { ...ofRootAt("SubordinateCACertificate_PathLen1"), ...validity("YEARS", "1") }),
  change(
    privateCa,
    "root",
    { ...ofRootAt("SubordinateCACertificate_PathLen1"), ...validity("DAYS", "367") },
    ...open(ofRoot(tooLongForIntermediate(8808))),
  ),
  ...(["RSA_2048", "RSA_4096", "EC_secp384r1", "EC_secp521r1", "ML_DSA_87"] as const).map((keyAlgorithm) =>
    change(privateCa, "authority", {
      certificateAuthorityConfiguration: { keyAlgorithm, signingAlgorithm: "SHA384WITHECDSA" },
    }),
  ),
  change(
    privateCa,
    "authority",
    { certificateAuthorityConfiguration: { keyAlgorithm: "RSA_1024", signingAlgorithm: "SHA1WITHRSA" } },
    ...open(ofAuthority(weak("RSA of 1024 bits"), "Its signatures are weak: SHA1.")),
  ),
  change(
    privateCa,
    "authority",
    { certificateAuthorityConfiguration: { keyAlgorithm: "SM2", signingAlgorithm: "SHA256WITHRSA" } },
    ...undetermined(ofAuthority("Its key may be weak.")),
  ),
  change(
    privateCa,
    "authority",
    { enabled: false },
    ...open(ofAuthority("It is disabled, so that nothing renews what it has issued: Certificate leaf.")),
  ),
  change(privateCa, "authority", { enabled: true }),
  change(
    privateCa,
    "authority",
    { usageMode: "SHORT_LIVED_CERTIFICATE" },
    ...open(
      ofAuthority("It issues for seven days at most, and so never what is to live longer: Certificate leaf."),
    ),
  ),
  change(privateCa, "authority", { usageMode: "GENERAL_PURPOSE" }),
  change(privateCa, "installed", { certificate: pemCertificates.rootOfTenYears }),
  change(
    privateCa,
    "installed",
    { certificate: pemCertificates.rootOfLonger },
    ...open([`CertificateAuthorityCertificate installed: ${tooLongForRoot(87673)}`]),
  ),
  change(
    privateCa,
    "installed",
    { certificate: pemCertificates.intermediateForServers },
    ...open([`CertificateAuthorityCertificate installed: ${served("by a server")}`]),
  ),
  change(privateCa, "installed", { certificate: "no certificate" }),
];

const managedChanges: readonly Change[] = [
  change(publicCertificate, "it", {}),
  change(publicCertificate, "it", { validationMethod: "HTTP" }),
  change(publicCertificate, "it", { validationMethod: undefined }),
  change(publicCertificate, "it", { validationMethod: "EMAIL" }, ...open(ofIt(byMail))),
  change(publicCertificate, "it", { options: { export: "ENABLED" } }, ...open(ofIt(isExported))),
  change(publicCertificate, "it", { options: { export: "DISABLED" } }),
  change(publicCertificate, "it", { keyAlgorithm: "RSA_2048" }),
  change(publicCertificate, "it", { keyAlgorithm: "EC_prime256v1" }),
  change(publicCertificate, "it", { keyAlgorithm: "RSA-1024" }, ...open(ofIt(weak("RSA of 1024 bits")))),
  change(publicCertificate, "it", { keyAlgorithm: "RSA_1024" }, ...open(ofIt(weak("RSA of 1024 bits")))),
  change(
    publicCertificate,
    "it",
    {
      validationMethod: undefined,
      certificateAuthorityArn: "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1",
    },
    ...open(ofIt(tooLongForLeaf(9480))),
  ),
  change(
    publicCertificate,
    "it",
    { validationMethod: undefined, domainName: undefined, certificateBody: "a body", privateKey: "a key" },
    ...open(ofIt(isImported)),
  ),
  change(
    publicCertificate,
    "it",
    { validationMethod: undefined, domainName: undefined, privateKeyWo: "a key" },
    ...open(ofIt(isImported)),
  ),
];

function without(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

const specification = (changed: Properties): Properties => ({ spec: without({ ...spec, ...changed }) });
const privateKey = (changed: Properties): Properties =>
  specification({ privateKey: { ...spec.privateKey, ...changed } });

const inClusterChanges: readonly Change[] = [
  change(inCluster, "it", {}),
  change(inCluster, "it", specification({ duration: "2161h" }), ...open(ofIt(tooLongForLeaf(2161)))),
  change(inCluster, "it", specification({ duration: "129600m", renewBefore: "720h0m0s" })),
  change(inCluster, "it", specification({ duration: undefined })),
  change(inCluster, "it", specification({ duration: "90d" }), ...undetermined(ofIt(mayLive("a workload's")))),
  change(inCluster, "it", specification({ renewBefore: "719h" }), ...open(ofIt(tooLate(719)))),
  change(inCluster, "it", specification({ renewBefore: undefined })),
  change(
    inCluster,
    "it",
    specification({ duration: "1440h", renewBefore: undefined }),
    ...open(ofIt(tooLate(480))),
  ),
  change(inCluster, "it", specification({ duration: "24h", renewBefore: undefined })),
  change(inCluster, "it", specification({ renewBefore: undefined, renewBeforePercentage: 34 })),
  change(
    inCluster,
    "it",
    specification({ renewBefore: undefined, renewBeforePercentage: 33 }),
    ...open(ofIt(tooLate(712.8))),
  ),
  change(inCluster, "it", specification({ usages: ["server auth"] }), ...open(ofIt(oneEnd("client")))),
  change(inCluster, "it", specification({ usages: undefined }), ...open(ofIt(oneEnd("server or a client")))),
  change(inCluster, "it", specification({ isCA: true, usages: ["cert sign"], duration: "8784h" })),
  change(inCluster, "it", specification({ isCA: true, usages: undefined })),
  change(
    inCluster,
    "it",
    specification({ isCA: true, usages: ["cert sign"], duration: "8785h" }),
    ...open(ofIt(tooLongForIntermediate(8785))),
  ),
  change(
    inCluster,
    "it",
    specification({ isCA: true }),
    ...open(ofIt(served("by a client"), served("by a server"))),
  ),
  change(inCluster, "it", privateKey({ rotationPolicy: "Never" }), ...open(ofIt(keepsKey))),
  change(inCluster, "it", privateKey({ algorithm: "RSA", size: 2048 })),
  change(inCluster, "it", privateKey({ algorithm: undefined, size: undefined })),
  change(inCluster, "it", privateKey({ algorithm: "Ed25519", size: undefined })),
  change(
    inCluster,
    "it",
    privateKey({ algorithm: "RSA", size: 1024 }),
    ...open(ofIt(weak("RSA of 1024 bits"))),
  ),
  change(
    inCluster,
    "it",
    privateKey({ algorithm: "Curve25519" }),
    ...undetermined(ofIt("Its key may be weak.")),
  ),
];

const changes = [...tlsChanges, ...privateCaChanges, ...managedChanges, ...inClusterChanges];

function changed({ base, of, set }: Change, knowledge: Knowledge): Sketch {
  return setting(base(knowledge), of, set);
}

describe.each(knowledges)("certificates, %s", (knowledge) => {
  it.each(named(changes))("%s", (_name, one) => {
    expect([...mandatory(changed(one, knowledge))].sort()).toEqual([...(one.refused ?? [])].sort());
  });

  const refused = named(changes.filter(({ refused: texts = [] }) => texts.length > 0));

  it.each(refused)("stay refused whichever value is hidden: %s", (_name, one) => {
    const stack = changed(one, knowledge);
    const resources = stack.resources();
    const places = resources.flatMap(({ inputs, outputs }, resource) =>
      keysOf({ ...outputs, ...inputs }).map((keys) => ({ resource, keys })),
    );
    expect(places.filter((place) => mandatory(stack, hiding(resources, place)).length === 0)).toEqual([]);
  });

  it.each(refused)("are found in any order, and in any spelling of a type: %s", (_name, one) => {
    const stack = changed(one, knowledge);
    const found = findings(stack).map(({ urn, summary }) => `${urn} ${summary}`);
    const other = (resources: readonly StackResource[]): readonly string[] =>
      findings(stack, resources).map(({ urn, summary }) => `${urn} ${summary}`);
    const spellings = [
      (type: string): string => type.replace(/^(\w+:\w+)\/\w+:/, "$1:"),
      (type: string): string => (type.startsWith("kubernetes:") ? type.replace("/v1", "/v1alpha2") : type),
      // The last part is what the finding calls the resource by.
      (type: string): string =>
        `${type.slice(0, type.lastIndexOf(":")).toUpperCase()}${type.slice(type.lastIndexOf(":"))}`,
    ];
    expect(other([...stack.resources()].reverse())).toEqual(found);
    for (const spell of spellings) {
      expect(
        other(stack.resources().map((resource) => ({ ...resource, type: spell(resource.type) }))),
      ).toEqual(found);
    }
  });

  it("are judged beside a PHI zone as they are anywhere", () => {
    const stack = stranger(knowledge);
    stack.add(tls.key, "key", { algorithm: "RSA", rsaBits: 1024 });
    expect(mandatory(stack)).toEqual(open(ofKey(weak("RSA of 1024 bits"))));
  });

  it("of types that are read are no strangers in a PHI zone", () => {
    const stack = stranger(knowledge);
    stack.add(aws.managed, "entrance", {
      domainName: "ai.example.org",
      validationMethod: "DNS",
      tags: { "bulkhead-zone": "phi" },
    });
    const entrance = stack.id("entrance");
    stack.add("aws:acm/certificateValidation:CertificateValidation", "validation", {
      certificateArn: `${entrance}.arn`,
    });
    const { findings: all } = judge(stack.resources(), options(knowledge));
    expect(all.filter(({ urn }) => /entrance|validation/.test(urn))).toEqual([]);
  });

  it("that nothing in the stack renews are advised of on a stranger's stack", () => {
    expect(advice(privateCa(knowledge))).toEqual(undetermined(ofIssued("Nothing in the stack renews it.")));
  });

  it("that nothing in the stack renews are refused beside a platform of ours", async () => {
    const stack = await renderedPlatform(referencePlatform, knowledge);
    stack.add(aws.issued, "leaf", {
      certificateAuthorityArn: "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1",
      certificateSigningRequest: "a request",
      signingAlgorithm: "SHA256WITHECDSA",
      validity: { type: "DAYS", value: "90" },
    });
    expect(mandatory(stack)).toEqual(undetermined(ofIssued("Nothing in the stack renews it.")));
  });

  it("of our platform are accepted", async () => {
    expect(findings(await renderedPlatform(referencePlatform, knowledge))).toEqual([]);
  });

  it("keep the key of another's making only if it can be read and is strong", () => {
    const pem = (bits: number): string =>
      generateKeyPairSync("rsa", { modulusLength: bits })
        .privateKey.export({ type: "pkcs8", format: "pem" })
        .toString();
    const curve = (namedCurve: string): string =>
      generateKeyPairSync("ec", { namedCurve }).privateKey.export({ type: "sec1", format: "pem" }).toString();
    const ed = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const of = (key: unknown): readonly string[] =>
      mandatory(setting(chain(knowledge), "request", { privateKeyPem: key }));
    const request = (text: string): readonly string[] => [`CertRequest request: ${text}`];
    expect(of(pem(2048))).toEqual([]);
    expect(of(curve("prime256v1"))).toEqual([]);
    expect(of(ed)).toEqual([]);
    expect(of("no key")).toEqual([]);
    expect(of(pem(1024))).toEqual(open(request(weak("RSA of 1024 bits"))));
    expect(of(curve("secp224r1"))).toEqual(open(request(weak("an elliptic curve of 224 bits"))));
    expect(of(unknownText)).toEqual(undetermined(request("Its key may be weak.")));
    expect(of("[secret]")).toEqual(undetermined(request("Its key may be weak.")));
    expect(mandatory(setting(chain(knowledge), "leaf", { caPrivateKeyPem: pem(1024) }))).toEqual(
      open(ofLeaf(weak("RSA of 1024 bits"))),
    );
    expect(mandatory(setting(chain(knowledge), "ca", { privateKeyPem: pem(1024) }))).toEqual(
      open(ofCa(weak("RSA of 1024 bits"))),
    );
  });

  it("that are imported are accepted only from one of the stack that is issued anew", () => {
    const importing = (type: string, body: string): readonly string[] => {
      const stack = chain(knowledge);
      stack.add(type, "it", {
        certificateBody: body === "leaf" ? `${stack.id("leaf")}.certPem` : body,
        privateKey: `${stack.id("key")}.privateKeyPem`,
      });
      return mandatory(stack);
    };
    for (const type of [aws.managed, aws.uploaded]) {
      const label = type === aws.managed ? "Certificate it" : "ServerCertificate it";
      expect(importing(type, "leaf")).toEqual([]);
      expect(importing(type, "-----BEGIN CERTIFICATE-----")).toEqual(open([`${label}: ${isImported}`]));
      expect(importing(type, unknownText)).toEqual(open([`${label}: ${isImported}`]));
    }
  });

  it("that are imported from one of the stack have its text, where both are known", () => {
    const stack = chain(knowledge);
    const leaf = stack.resources().find(({ name }) => name === "leaf");
    stack.add(aws.managed, "it", { certificateBody: `${stack.id("leaf")}.certPem`, privateKey: "a key" });
    const withTexts = (body: string): readonly StackResource[] =>
      stack.resources().map((resource) => {
        switch (resource.name) {
          case "leaf":
            return { ...resource, outputs: { ...resource.outputs, certPem: "one text\n" } };
          case "it":
            return {
              ...resource,
              inputs: { ...resource.inputs, certificateBody: body },
              outputs: { ...resource.outputs, certificateBody: body },
            };
          default:
            return resource;
        }
      });
    expect(leaf).toBeDefined();
    expect(mandatory(stack, withTexts("one text"))).toEqual([]);
    expect(mandatory(stack, withTexts("another text"))).toEqual(open(ofIt(isImported)));
    expect(mandatory(stack, withTexts(unknownText))).toEqual([]);
  });

  it("that a disabled authority has not issued are no matter of its", () => {
    const stack = setting(privateCa(knowledge), "authority", { enabled: false });
    const elsewhere = "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1";
    setting(stack, "leaf", { certificateAuthorityArn: elsewhere });
    expect(mandatory(stack)).toEqual([]);
    expect(advice(stack)).toContain(
      "open: CertificateAuthority authority: It is disabled, so that it issues nothing.",
    );
  });

  it("that may be a disabled authority's count as its", () => {
    const stack = setting(privateCa(knowledge), "authority", { enabled: false });
    setting(stack, "leaf", { certificateAuthorityArn: unknownText });
    expect(mandatory(stack)).toEqual(
      open(ofAuthority("It is disabled, so that nothing renews what it has issued: Certificate leaf.")),
    );
  });

  it("of an authority for short-lived ones are accepted if they live seven days", () => {
    const stack = setting(privateCa(knowledge), "authority", {
      usageMode: "SHORT_LIVED_CERTIFICATE",
      revocationConfiguration: undefined,
    });
    expect(findings(setting(stack, "leaf", validity("DAYS", "7"))).map(({ summary }) => summary)).toEqual(
      ofIssued("Nothing in the stack renews it."),
    );
  });

  it("that nobody can take back are advised of", () => {
    const irrevocable = ofAuthority(
      "Nothing tells who verifies that one of its certificates was taken back.",
    );
    const of = (revocationConfiguration: unknown): readonly string[] =>
      advice(setting(privateCa(knowledge), "authority", { revocationConfiguration })).filter((text) =>
        text.includes("CertificateAuthority"),
      );
    expect(of(undefined)).toEqual(open(irrevocable));
    expect(of({ crlConfiguration: { enabled: false } })).toEqual(open(irrevocable));
    expect(of({ crlConfiguration: { enabled: unknownText } })).toEqual(open(irrevocable));
    expect(of({ ocspConfiguration: { enabled: true } })).toEqual([]);
  });

  it("of cert-manager that say nothing of their key are advised of", () => {
    const stack = setting(inCluster(knowledge), "it", privateKey({ rotationPolicy: undefined }));
    expect(mandatory(stack)).toEqual([]);
    expect(advice(stack)).toEqual(undetermined(ofIt(keepsKey)));
  });

  it("of cert-manager that sign themselves are roots, or refused", () => {
    const signed = (set: Properties, issuer: Properties, type = "ClusterIssuer"): readonly string[] => {
      const stack = setting(inCluster(knowledge), "it", set);
      stack.add(`kubernetes:cert-manager.io/v1:${type}`, "issuer", issuer);
      return mandatory(stack);
    };
    const self = { metadata: { name: "private-ca" }, spec: { selfSigned: {} } };
    const root = specification({ isCA: true, usages: ["cert sign"], duration: "87672h" });
    const bySelf = ofIt(
      "It is signed by itself, so that who trusts it trusts this one certificate and no renewal of it.",
    );
    expect(signed({}, self)).toEqual(open(bySelf));
    expect(signed(root, self)).toEqual([]);
    expect(signed({}, { ...self, spec: { ca: { secretName: "ca" } } })).toEqual([]);
    expect(signed({}, { ...self, metadata: { name: "other" } })).toEqual([]);
    expect(signed({}, self, "Issuer")).toEqual([]);
    expect(signed({}, { ...self, metadata: { name: unknownText } })).toEqual(undetermined(bySelf));
    expect(signed(root, { ...self, metadata: { name: unknownText } })).toEqual(undetermined(ofIt(unread)));
    expect(signed(specification({ issuerRef: { name: unknownText, kind: "ClusterIssuer" } }), self)).toEqual(
      undetermined(bySelf),
    );
  });

  it("that a patch says too little of are undetermined", () => {
    const stack = new Sketch(knowledge);
    stack.add("kubernetes:cert-manager.io/v1:CertificatePatch", "it", { spec: { renewBefore: "720h" } });
    expect(mandatory(stack)).toEqual(
      undetermined([`CertificatePatch it: ${unread}`, "CertificatePatch it: Its key may be weak."]),
    );
  });

  it("are read in CloudFormation's spelling", () => {
    const managed = "aws-native:certificatemanager:Certificate";
    const of = (type: string, inputs: Properties): readonly string[] => {
      const stack = new Sketch(knowledge);
      stack.add(type, "it", inputs);
      return mandatory(stack);
    };
    expect(of(managed, { domainName: "ai.example.org", validationMethod: "DNS" })).toEqual([]);
    expect(of(managed, { domainName: "ai.example.org" })).toEqual(open(ofIt(byMail)));
    expect(
      of(managed, { domainName: "ai.example.org", validationMethod: "DNS", certificateExport: "ENABLED" }),
    ).toEqual(open(ofIt(isExported)));
    expect(
      of("aws-native:acmpca:Certificate", {
        signingAlgorithm: "SHA256WITHECDSA",
        validity: { type: "DAYS", value: 91 },
      }),
    ).toEqual(open(ofIt(tooLongForLeaf(2184))));
    expect(
      of("aws-native:acmpca:CertificateAuthority", {
        keyAlgorithm: "RSA_1024",
        signingAlgorithm: "SHA1WITHRSA",
        type: "ROOT",
      }),
    ).toEqual(
      open([
        "CertificateAuthority it: Its key is weak: RSA of 1024 bits.",
        "CertificateAuthority it: Its signatures are weak: SHA1.",
      ]),
    );
  });
});

/** The resources of a stack, with what their providers put out once they are issued. */
function issued(stack: Sketch, name: string, outputs: Properties): readonly StackResource[] {
  return stack
    .resources()
    .map((resource) =>
      resource.name === name ? { ...resource, outputs: { ...resource.outputs, ...outputs } } : resource,
    );
}

describe("what was issued", () => {
  const times = (start: string, end: string): Properties => ({
    validityStartTime: start,
    validityEndTime: end,
  });
  const long = times("2026-01-01T00:00:00+01:00", "2026-04-01T01:00:01+02:00");

  it("counts where it lives longer than what is asked for", () => {
    const stack = chain("deployed");
    // Ninety days, over a change of the clocks.
    const ninety = times("2026-01-01T00:00:00.5+01:00", "2026-04-01T01:00:00.5+02:00");
    expect(mandatory(stack, issued(stack, "leaf", ninety))).toEqual([]);
    expect(mandatory(stack, issued(stack, "leaf", long))).toEqual(open(ofLeaf(tooLongForLeaf(2160))));
    expect(mandatory(stack, issued(stack, "leaf", { validityStartTime: "2026-01-01T00:00:00Z" }))).toEqual(
      [],
    );
  });

  it("is not taken for known where it is hidden, but in a preview of what is not issued yet", () => {
    const hidden = times("2026-01-01T00:00:00Z", unknownText);
    const deployed = chain("deployed");
    const preview = chain("preview");
    expect(mandatory(deployed, issued(deployed, "leaf", hidden))).toEqual(
      undetermined(ofLeaf(mayLive("a workload's"))),
    );
    expect(mandatory(preview, issued(preview, "leaf", times(unknownText, unknownText)))).toEqual([]);
  });

  it("stands in for what is asked for once it is deployed, and not before", () => {
    const unasked = (knowledge: Knowledge): Sketch =>
      setting(chain(knowledge), "leaf", { validityPeriodHours: unknownText });
    const short = times("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z");
    expect(mandatory(unasked("deployed"), issued(unasked("deployed"), "leaf", short))).toEqual([]);
    expect(mandatory(unasked("deployed"), issued(unasked("deployed"), "leaf", long))).toEqual(
      open(ofLeaf(tooLongForLeaf(2160))),
    );
    expect(mandatory(unasked("preview"), issued(unasked("preview"), "leaf", short))).toEqual(
      undetermined(ofLeaf(mayLive("a workload's"))),
    );
    expect(
      mandatory(unasked("deployed"), issued(unasked("deployed"), "leaf", times("some day", "another"))),
    ).toEqual(undetermined(ofLeaf(mayLive("a workload's"))));
  });

  it.each(["END_DATE", "ABSOLUTE"])("says how long a certificate lives that ends on a date (%s)", (type) => {
    const stack = setting(privateCa("deployed"), "leaf", validity(type, "2026-04-01T00:00:00Z"));
    const of = (certificate: unknown): readonly string[] =>
      mandatory(stack, issued(stack, "leaf", { certificate }));
    expect(of(pemCertificates.leafOfNinetyDays)).toEqual([]);
    expect(of(pemCertificates.leafOfLonger)).toEqual(open(ofIssued(tooLongForLeaf(2161))));
    expect(of("no certificate")).toEqual(undetermined(ofIssued(mayLive("a workload's"))));
    expect(of(unknownText)).toEqual(undetermined(ofIssued(mayLive("a workload's"))));
  });

  it("bounds the certificate of an authority, of whichever making", () => {
    const of = (type: string | undefined, notAfter: string): readonly string[] => {
      const stack = setting(privateCa("deployed"), "authority", { type });
      return mandatory(stack, issued(stack, "authority", { notBefore: "2026-01-01T00:00:00Z", notAfter }));
    };
    expect(of("ROOT", "2036-01-02T01:00:00Z")).toEqual([]);
    expect(of("ROOT", "2036-01-02T02:00:00Z")).toEqual(open(ofAuthority(tooLongForRoot(87673))));
    expect(of("SUBORDINATE", "2027-01-02T01:00:00Z")).toEqual([]);
    expect(of("SUBORDINATE", "2027-01-02T02:00:00Z")).toEqual(
      open(ofAuthority(tooLongForIntermediate(8785))),
    );
    expect(of(undefined, "2027-01-02T02:00:00Z")).toEqual(open(ofAuthority(tooLongForIntermediate(8785))));
    expect(of(unknownText, "2027-01-02T02:00:00Z")).toEqual(undetermined(ofAuthority(unread)));
    expect(of("ROOT", unknownText)).toEqual(undetermined(ofAuthority(mayLive("a root authority's"))));
  });

  it("says who issued what is only read", () => {
    const of = (type: string | undefined, knowledge: Knowledge = "deployed"): readonly string[] => {
      const stack = new Sketch(knowledge);
      stack.add(aws.managed, "it", {});
      const outputs = { domainName: "ai.example.org", validationMethod: "DNS", type };
      return mandatory(
        stack,
        stack.resources().map((resource) => ({ ...resource, inputs: undefined, outputs })),
      );
    };
    expect(of("AMAZON_ISSUED")).toEqual([]);
    expect(of("IMPORTED")).toEqual(open(ofIt(isImported)));
    expect(of("PRIVATE")).toEqual(open(ofIt(tooLongForLeaf(9480))));
    expect(of("SOMETHING_NEW")).toEqual(undetermined(ofIt(isImported)));
    expect(of(unknownText)).toEqual(undetermined(ofIt(isImported)));
    expect(of(unknownText, "preview")).toEqual(undetermined(ofIt(isImported)));
  });

  it("by a private authority through Certificate Manager may live longer than it usually does", () => {
    const stack = setting(publicCertificate("deployed"), "it", {
      certificateAuthorityArn: "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/1",
    });
    expect(
      mandatory(
        stack,
        issued(stack, "it", { notBefore: "2026-01-01T00:00:00Z", notAfter: "2036-01-01T00:00:00Z" }),
      ),
    ).toEqual(open(ofIt(tooLongForLeaf(87648))));
  });
});

describe("a certificate before it is created", () => {
  const alone = (base: (knowledge: Knowledge) => Sketch, of: string, set: Properties): readonly string[] => {
    const resource = setting(base("deployed"), of, set)
      .resources()
      .find(({ name }) => name === of);
    // As the gate shows it: its inputs, and nothing of what it refers to.
    return resource === undefined
      ? ["no such resource"]
      : judgeAlone({
          ...resource,
          outputs: resource.inputs ?? {},
          dependencies: [],
          propertyDependencies: {},
          parent: undefined,
        }).map(({ summary }) => summary);
  };

  it.each(
    named([
      change(chain, "leaf", { validityPeriodHours: 2161 }, ...ofLeaf(tooLongForLeaf(2161))),
      change(chain, "leaf", { earlyRenewalHours: 719 }, ...ofLeaf(tooLate(719))),
      change(
        chain,
        "leaf",
        { earlyRenewalHours: unknownText },
        ...ofLeaf("It may be renewed too late, or for ever."),
      ),
      change(chain, "key", { ecdsaCurve: undefined }, ...ofKey(weak("an elliptic curve of 224 bits"))),
      change(chain, "ca", { validityPeriodHours: 87673 }, ...ofCa(tooLongForRoot(87673))),
      change(privateCa, "leaf", validity("DAYS", "91"), ...ofIssued(tooLongForLeaf(2184))),
      change(
        privateCa,
        "leaf",
        { signingAlgorithm: "SHA1WITHRSA" },
        ...ofIssued("Its signatures are weak: SHA1."),
      ),
      change(
        publicCertificate,
        "it",
        { certificateAuthorityArn: unknownText },
        ...ofIt(tooLongForLeaf(9480)),
      ),
      change(publicCertificate, "it", { validationMethod: "EMAIL" }, ...ofIt(byMail)),
      change(inCluster, "it", specification({ duration: "2161h" }), ...ofIt(tooLongForLeaf(2161))),
      change(inCluster, "it", privateKey({ rotationPolicy: "Never" }), ...ofIt(keepsKey)),
    ]),
  )("is refused by what it says itself: %s", (_name, { base, of, set, refused = [] }) => {
    expect(alone(base, of, set)).toEqual(refused);
  });

  it.each(
    named([
      change(chain, "leaf", {}),
      change(chain, "leaf", { caPrivateKeyPem: unknownText }),
      change(chain, "request", { privateKeyPem: unknownText }),
      change(privateCa, "leaf", {}),
      change(privateCa, "root", {}),
      change(privateCa, "authority", { enabled: false, revocationConfiguration: undefined }),
      change(privateCa, "installed", { certificate: unknownText }),
      change(publicCertificate, "it", {
        domainName: undefined,
        validationMethod: undefined,
        certificateBody: "x",
      }),
      change(inCluster, "it", specification({ isCA: true, usages: ["cert sign"], duration: "87672h" })),
    ]),
  )("is not refused by what another resource may make right: %s", (_name, { base, of, set }) => {
    expect(alone(base, of, set)).toEqual([]);
  });
});

describe("the rule", () => {
  it("says what it asks, and by which controls", () => {
    const described = rules.find(({ name }) => name === rule);
    expect(described?.frameworks.map(({ reference }) => reference)).toEqual([
      "45 CFR 164.312(d)",
      "SC-12",
      "SC-17",
      "IA-5(2)",
      "Section 2.1, tenet 6",
    ]);
    expect(described?.description).toContain("Mandatory for every certificate of a stack");
  });

  it("says what is not known, and what to do", () => {
    const [finding] = findings(setting(chain("preview"), "leaf", { validityPeriodHours: unknownText }));
    expect(finding).toMatchObject({
      severity: "high",
      verdict: "undetermined",
      notes: ["Not known: its validityPeriodHours."],
      remedy: "Let validityPeriodHours come to 2160 hours or less, as a literal value.",
      isGuiltyAlone: true,
    });
  });
});
