import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

import { bits, context, contextText, integer, objectId, octets, sequence, set, text, time, yes } from "./der";

const hour = 3_600_000;

/** What a certificate of a test says. */
export interface CertificateText {
  /** Its one URI, which is its identity. */
  readonly spiffeId: string;
  readonly dnsNames?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A certificate with its key. */
export interface IssuedCertificate {
  /** In PEM. */
  readonly certificate: string;
  /** The certificate and then that of its issuer, as they are presented. */
  readonly chain: string;
  /** In PEM. */
  readonly key: string;
  /** Its number in hexadecimal digits, as Envoy and Node say it. */
  readonly serial: string;
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

function name(commonName: string): Buffer {
  return sequence(set(sequence(objectId("2.5.4.3"), text(commonName))));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [yes] : []), octets(value));
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** Whoever signs a certificate, or has one. */
interface Holder {
  readonly commonName: string;
  readonly publicKey: KeyObject;
}

interface Signer extends Holder {
  readonly privateKey: KeyObject;
}

function newSigner(commonName: string): Signer {
  return { commonName, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function keyId({ publicKey }: Holder): Buffer {
  return createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

/** A certificate (RFC 5280 §4.1), signed by ECDSA with SHA-256. */
function signed(
  subject: Holder,
  issuer: Signer,
  validity: { readonly from: Date; readonly to: Date },
  extensions: readonly Buffer[],
): { readonly certificate: string; readonly serial: string } {
  const serial = Buffer.concat([Buffer.from([0x41]), randomBytes(15)]);
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(serial),
    ecdsaWithSha256,
    name(issuer.commonName),
    sequence(time(validity.from), time(validity.to)),
    name(subject.commonName),
    subject.publicKey.export({ type: "spki", format: "der" }),
    context(
      3,
      sequence(
        ...extensions,
        extension("2.5.29.14", octets(keyId(subject))),
        extension("2.5.29.35", sequence(contextText(0, keyId(issuer)))),
      ),
    ),
  );
  const certificate = sequence(body, ecdsaWithSha256, bits(sign("sha256", body, issuer.privateKey)));
  return { certificate: pem("CERTIFICATE", certificate), serial: serial.toString("hex") };
}

/** The usages of an authority: it signs certificates and lists of revoked ones, under so many further authorities. */
function authorityExtensions(pathLength: number): readonly Buffer[] {
  return [
    extension("2.5.29.19", sequence(yes, integer(Buffer.from([pathLength]))), true),
    extension("2.5.29.15", bits(Buffer.from([0x06]), 1), true),
  ];
}

/** The usages of a workload: it signs, as a server and as a client. */
function leafExtensions({ spiffeId, dnsNames = [] }: CertificateText): readonly Buffer[] {
  return [
    extension("2.5.29.19", sequence(), true),
    extension("2.5.29.15", bits(Buffer.from([0x80]), 7), true),
    extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"), objectId("1.3.6.1.5.5.7.3.2"))),
    extension(
      "2.5.29.17",
      sequence(
        contextText(6, Buffer.from(spiffeId)),
        ...dnsNames.map((dns) => contextText(2, Buffer.from(dns))),
      ),
    ),
  ];
}

/**
 * An authority of a test: a root, an intermediate and what that issues, as the platform has them. Keys and certificates are
 * new each time, and are never written anywhere but where a test puts them.
 */
export class TestAuthority {
  /** The root's certificate, in PEM. */
  readonly root: string;
  readonly #root: Signer;
  #intermediate: Signer & { readonly certificate: string };

  constructor(commonName = "Test Root") {
    this.#root = newSigner(commonName);
    this.root = signed(this.#root, this.#root, this.#years(10), authorityExtensions(1)).certificate;
    this.#intermediate = this.#newIntermediate();
  }

  /** The certificate in PEM of the intermediate that issues at present. */
  get intermediate(): string {
    return this.#intermediate.certificate;
  }

  /** From now on, another intermediate issues. */
  replaceIntermediate(): void {
    this.#intermediate = this.#newIntermediate();
  }

  issue(says: CertificateText): IssuedCertificate {
    const leaf = newSigner("workload");
    const { certificate, serial } = this.#leaf(leaf, this.#intermediate, says);
    return {
      certificate,
      chain: certificate + this.intermediate,
      key: leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      serial,
    };
  }

  /** A certificate that nobody but its own holder signed. */
  selfSigned(says: CertificateText): IssuedCertificate {
    const leaf = newSigner("workload");
    const { certificate, serial } = this.#leaf(leaf, leaf, says);
    const key = leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return { certificate, chain: certificate, key, serial };
  }

  /** The present intermediate's list of the certificates that it took back (RFC 5280 §5.1), in PEM, by their numbers. */
  revocations(serials: readonly string[]): string {
    const { from, to } = this.#years(1);
    const body = sequence(
      integer(Buffer.from([1])),
      ecdsaWithSha256,
      name(this.#intermediate.commonName),
      time(from),
      time(to),
      sequence(...serials.map((serial) => sequence(integer(Buffer.from(serial, "hex")), time(from)))),
    );
    return pem(
      "X509 CRL",
      sequence(body, ecdsaWithSha256, bits(sign("sha256", body, this.#intermediate.privateKey))),
    );
  }

  #leaf(leaf: Signer, issuer: Signer, says: CertificateText): ReturnType<typeof signed> {
    const now = Date.now();
    const from = says.notBefore ?? new Date(now - hour);
    const to = says.notAfter ?? new Date(now + 2160 * hour);
    return signed(leaf, issuer, { from, to }, leafExtensions(says));
  }

  #newIntermediate(): Signer & { readonly certificate: string } {
    const intermediate = newSigner(`Test Intermediate ${randomBytes(4).toString("hex")}`);
    const { certificate } = signed(intermediate, this.#root, this.#years(1), authorityExtensions(0));
    return { ...intermediate, certificate };
  }

  #years(count: number): { readonly from: Date; readonly to: Date } {
    const now = Date.now();
    return { from: new Date(now - 48 * hour), to: new Date(now + count * 365 * 24 * hour) };
  }
}
