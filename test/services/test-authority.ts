import { webcrypto } from "node:crypto";

import "./decorator-metadata";

import * as x509 from "@peculiar/x509";

import type { WorkloadCredential } from "../../model/workload-credential";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const oneHour = 3_600_000;

/** A key pair with its certificate and those of its issuers. */
export interface Issued {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  /** The certificate and then its issuers, without the root, in PEM. */
  readonly chain: string;
  /** The key, in PEM. */
  readonly key: string;
}

/** What a certificate is to say, where it differs from a good one. */
export interface LeafWishes {
  readonly uris?: readonly string[];
  readonly dnsNames?: readonly string[];
  /** In hours from now. */
  readonly from?: number;
  readonly until?: number;
  readonly usages?: readonly x509.ExtendedKeyUsage[];
  readonly isAuthority?: boolean;
}

let serial = 0;
function nextSerial(): string {
  serial += 1;
  return (0x10_0000 + serial).toString(16).padStart(8, "0");
}

function hoursFromNow(hours: number): Date {
  return new Date(Date.now() + hours * oneHour);
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY") + "\n";
}

function authorityExtensions(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

/** An authority made for one test: a root, and an intermediate that issues. */
export class TestAuthority {
  /** The root's certificate, in PEM. */
  readonly bundle: string;
  readonly #intermediate: Issued;

  private constructor(bundle: string, intermediate: Issued) {
    this.bundle = bundle;
    this.#intermediate = intermediate;
  }

  /** @param rootHours how long the root is valid. */
  static async create(name = "root", rootHours = 24 * 3650): Promise<TestAuthority> {
    const rootKeys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: nextSerial(),
      name: `CN=${name}`,
      notBefore: hoursFromNow(-24),
      notAfter: hoursFromNow(rootHours),
      signingAlgorithm: algorithm,
      keys: rootKeys,
      extensions: authorityExtensions(),
    });
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: nextSerial(),
      subject: `CN=${name} intermediate`,
      issuer: root.subject,
      notBefore: hoursFromNow(-24),
      notAfter: hoursFromNow(24 * 365),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: rootKeys.privateKey,
      extensions: authorityExtensions(),
    });
    return new TestAuthority(`${root.toString("pem")}\n`, {
      certificate,
      keys,
      chain: `${certificate.toString("pem")}\n`,
      key: await pemOf(keys.privateKey),
    });
  }

  /** A workload's certificate, by the authority's intermediate if nobody else is named. */
  async issue(
    spiffeId: string,
    wishes: LeafWishes = {},
    issuer: Issued = this.#intermediate,
  ): Promise<Issued> {
    const keys = await newKeys();
    const { uris = [spiffeId], dnsNames = ["localhost"], from = -1, until = 2160 } = wishes;
    const { usages = [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth] } = wishes;
    const names = [
      ...uris.map((value) => ({ type: "url" as const, value })),
      ...dnsNames.map((value) => ({ type: "dns" as const, value })),
    ];
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: nextSerial(),
      subject: "CN=workload",
      issuer: issuer.certificate.subject,
      notBefore: hoursFromNow(from),
      notAfter: hoursFromNow(until),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: issuer.keys.privateKey,
      extensions: [
        new x509.BasicConstraintsExtension(wishes.isAuthority === true, undefined, true),
        new x509.KeyUsagesExtension(
          wishes.isAuthority === true ? x509.KeyUsageFlags.keyCertSign : x509.KeyUsageFlags.digitalSignature,
          true,
        ),
        ...(usages.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension([...usages])]),
        ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
      ],
    });
    return {
      certificate,
      keys,
      chain: `${certificate.toString("pem")}\n${issuer.chain}`,
      key: await pemOf(keys.privateKey),
    };
  }

  /** A certificate that nobody but its own key signed. */
  async selfSigned(spiffeId: string): Promise<Issued> {
    const keys = await newKeys();
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: nextSerial(),
      name: "CN=workload",
      notBefore: hoursFromNow(-1),
      notAfter: hoursFromNow(2160),
      signingAlgorithm: algorithm,
      keys,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "url", value: spiffeId }])],
    });
    return {
      certificate,
      keys,
      chain: `${certificate.toString("pem")}\n`,
      key: await pemOf(keys.privateKey),
    };
  }

  /** A workload's credential with one certificate for each epoch. */
  async credential(
    spiffeId: string,
    epochs: Readonly<Record<number, LeafWishes>> = { 100: {} },
  ): Promise<WorkloadCredential> {
    const certificates = await Promise.all(
      Object.entries(epochs).map(async ([epoch, wishes]) => {
        const { chain, key } = await this.issue(spiffeId, wishes);
        return { epoch: Number(epoch), certificateChain: chain, privateKey: key };
      }),
    );
    return {
      spiffeId,
      trustBundle: this.bundle,
      certificates: certificates.toSorted((a, b) => b.epoch - a.epoch),
    };
  }
}

export { ExtendedKeyUsage } from "@peculiar/x509";
