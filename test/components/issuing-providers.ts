import {
  createHash,
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import "../lean-mocks";
import {
  bits,
  context,
  contextText,
  integer,
  objectId,
  octets,
  sequence,
  set,
  text,
  time,
  yes,
} from "../mesh/der";

/*
 * Stands in for the providers that issue certificates, with real keys and real certificates: what each does with a request is
 * what its documentation says, so that OpenSSL can verify what a platform asks of it. A request is a text that stands for one.
 */

type Properties = Readonly<Record<string, unknown>>;

const hourMs = 3_600_000;

/** What was asked of each resource, what came of it, and with which options, by its logical name. */
export interface Issued {
  readonly inputs: ReadonlyMap<string, Properties>;
  readonly outputs: ReadonlyMap<string, Properties>;
  readonly options: ReadonlyMap<string, pulumi.CustomResourceOptions>;
}

interface Keys {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** Who asks, or signs. */
interface Subject {
  readonly name: Properties;
  readonly publicKey: KeyObject;
}

interface Request extends Subject {
  readonly uris: readonly string[];
  readonly dnsNames: readonly string[];
}

interface Authority {
  readonly keys: Keys;
  readonly name: Properties;
  /** When its own certificate ends; not known before it has one. */
  ends: Date | undefined;
}

/** What a certificate is to be, besides whose. */
interface Template {
  readonly begins: Date;
  readonly ends: Date;
  readonly authority: { readonly pathLength: number | undefined } | undefined;
}

const ecdsaWithSha256 = sequence(objectId("1.2.840.10045.4.3.2"));

function distinguishedName({ organization, commonName }: Properties): Buffer {
  const part = (id: string, value: unknown): Buffer =>
    set(sequence(objectId(id), text(typeof value === "string" ? value : "")));
  return sequence(part("2.5.4.10", organization), part("2.5.4.3", commonName));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(objectId(id), ...(isCritical ? [yes] : []), octets(value));
}

function keyId({ publicKey }: Pick<Keys, "publicKey">): Buffer {
  return createHash("sha1")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}

/** What a certificate may be used for: those of authorities sign certificates and lists, others sign as both ends of TLS. */
function usages(authority: Template["authority"]): readonly Buffer[] {
  return authority === undefined
    ? [
        extension("2.5.29.19", sequence(), true),
        extension("2.5.29.15", bits(Buffer.from([0x80]), 7), true),
        extension("2.5.29.37", sequence(objectId("1.3.6.1.5.5.7.3.1"), objectId("1.3.6.1.5.5.7.3.2"))),
      ]
    : [
        extension(
          "2.5.29.19",
          sequence(
            yes,
            ...(authority.pathLength === undefined ? [] : [integer(Buffer.from([authority.pathLength]))]),
          ),
          true,
        ),
        extension("2.5.29.15", bits(Buffer.from([0x06]), 1), true),
      ];
}

/** A certificate in PEM, by ECDSA with SHA-256 (RFC 5280 §4.1). */
function certificate(
  { name, publicKey, uris, dnsNames }: Request,
  issuer: Pick<Authority, "keys" | "name">,
  { begins, ends, authority }: Template,
): string {
  const names = [
    ...uris.map((uri) => contextText(6, Buffer.from(uri))),
    ...dnsNames.map((dns) => contextText(2, Buffer.from(dns))),
  ];
  const body = sequence(
    context(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x41]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(issuer.name),
    sequence(time(begins), time(ends)),
    distinguishedName(name),
    publicKey.export({ type: "spki", format: "der" }),
    context(
      3,
      sequence(
        ...usages(authority),
        extension("2.5.29.14", octets(keyId({ publicKey }))),
        extension("2.5.29.35", sequence(contextText(0, keyId(issuer.keys)))),
        ...(names.length === 0 ? [] : [extension("2.5.29.17", sequence(...names))]),
      ),
    ),
  );
  const signature = bits(sign("sha256", body, issuer.keys.privateKey));
  return pemOf("CERTIFICATE", sequence(body, ecdsaWithSha256, signature));
}

function newKeys(): Keys {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function textAt(inputs: Properties, key: string): string {
  const value = inputs[key];
  if (typeof value !== "string") {
    throw new Error(`${key} is no text`);
  }
  return value;
}

function textsAt(inputs: Properties, key: string): readonly string[] {
  const value = inputs[key];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

function recordAt(inputs: Properties, key: string): Properties {
  return (inputs[key] ?? {}) as Properties;
}

/** Without the names that it asks for, which nobody gives to an authority of these services. */
function unnamed({ name, publicKey }: Subject): Request {
  return { name, publicKey, uris: [], dnsNames: [] };
}

/** Issues what a program asks for, at a time. */
class Providers {
  readonly #at: Date;
  readonly #keys = new Map<string, Keys>();
  readonly #requests = new Map<string, Request>();
  /** The names of those who have certificates, by certificate. */
  readonly #names = new Map<string, Properties>();
  readonly #authorities = new Map<string, Authority>();

  constructor(at: Date) {
    this.#at = at;
  }

  /** What a resource puts out, besides what it was asked. */
  made(type: string, name: string, inputs: Properties): Properties {
    switch (type) {
      case "tls:index/privateKey:PrivateKey": {
        const keys = newKeys();
        const privateKeyPem = keys.privateKey.export({ type: "sec1", format: "pem" }).toString();
        this.#keys.set(privateKeyPem, keys);
        const privateKeyPemPkcs8 = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
        return { privateKeyPem, privateKeyPemPkcs8 };
      }
      case "tls:index/certRequest:CertRequest": {
        const { publicKey } = this.#found(this.#keys, textAt(inputs, "privateKeyPem"));
        return {
          certRequestPem: this.#request({
            name: recordAt(inputs, "subject"),
            publicKey,
            uris: textsAt(inputs, "uris"),
            dnsNames: textsAt(inputs, "dnsNames"),
          }),
        };
      }
      case "tls:index/selfSignedCert:SelfSignedCert": {
        const keys = this.#found(this.#keys, textAt(inputs, "privateKeyPem"));
        const subject = recordAt(inputs, "subject");
        const request = {
          name: subject,
          publicKey: keys.publicKey,
          uris: textsAt(inputs, "uris"),
          dnsNames: [],
        };
        return this.#signed(request, { keys, name: subject }, inputs, Number(inputs["maxPathLength"]));
      }
      case "tls:index/locallySignedCert:LocallySignedCert": {
        const request = this.#found(this.#requests, textAt(inputs, "certRequestPem"));
        const issuer = {
          keys: this.#found(this.#keys, textAt(inputs, "caPrivateKeyPem")),
          name: this.#found(this.#names, textAt(inputs, "caCertPem")),
        };
        // A length of none is not written down (terraform-provider-tls, `createCertificate`).
        return this.#signed(request, issuer, inputs, undefined);
      }
      case "aws:acmpca/certificateAuthority:CertificateAuthority": {
        const subject = recordAt(recordAt(inputs, "certificateAuthorityConfiguration"), "subject");
        const authority = this.#authority(subject);
        const arn = `arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/${name}`;
        this.#authorities.set(arn, authority);
        const asked = unnamed({ name: subject, publicKey: authority.keys.publicKey });
        return { arn, certificateSigningRequest: this.#request(asked) };
      }
      case "aws:acmpca/certificate:Certificate":
        return { certificate: this.#byPrivateCa(inputs).trimEnd() };
      case "aws:acmpca/certificateAuthorityCertificate:CertificateAuthorityCertificate": {
        const authority = this.#found(this.#authorities, textAt(inputs, "certificateAuthorityArn"));
        authority.ends = new Date(new X509Certificate(textAt(inputs, "certificate")).validTo);
        return {};
      }
      case "gcp:certificateauthority/authority:Authority":
        return { pemCaCertificates: this.#ofAuthorityService(inputs) };
      case "gcp:certificateauthority/certificate:Certificate": {
        const request = this.#found(this.#requests, textAt(inputs, "pemCsr"));
        const issuer = this.#found(this.#authorities, textAt(inputs, "certificateAuthority"));
        return { pemCertificate: certificate(request, issuer, this.#leafOf(textAt(inputs, "lifetime"))) };
      }
      default:
        return {};
    }
  }

  #after(hours: number): Date {
    return new Date(this.#at.getTime() + hours * hourMs);
  }

  #found<T>(kept: ReadonlyMap<string, T>, key: string): T {
    const found = kept.get(key);
    if (found === undefined) {
      throw new Error("asks for what is none of the stack's");
    }
    return found;
  }

  #request(request: Request): string {
    const standsFor = pemOf("CERTIFICATE REQUEST", randomBytes(32));
    this.#requests.set(standsFor, request);
    return standsFor;
  }

  #authority(name: Properties): Authority {
    return { keys: newKeys(), name, ends: undefined };
  }

  /** What the `tls` provider signs. */
  #signed(
    request: Request,
    issuer: Pick<Authority, "keys" | "name">,
    inputs: Properties,
    pathLength: number | undefined,
  ): Properties {
    const ends = this.#after(Number(inputs["validityPeriodHours"]));
    const authority = inputs["isCaCertificate"] === true ? { pathLength } : undefined;
    const certPem = certificate(request, issuer, { begins: this.#at, ends, authority });
    this.#names.set(certPem, request.name);
    return {
      certPem,
      validityStartTime: this.#at.toISOString(),
      validityEndTime: ends.toISOString(),
      readyForRenewal: false,
    };
  }

  #byPrivateCa(inputs: Properties): string {
    const issuer = this.#found(this.#authorities, textAt(inputs, "certificateAuthorityArn"));
    const request = this.#found(this.#requests, textAt(inputs, "certificateSigningRequest"));
    const [, kind, pathLength] =
      /template\/(\w+?)Certificate(?:_PathLen(\d))?\/V1$/.exec(textAt(inputs, "templateArn")) ?? [];
    const { type, value } = recordAt(inputs, "validity");
    const ends = type === "END_DATE" ? new Date(String(value)) : this.#after(Number(value) * 24);
    if (issuer.ends !== undefined && ends > issuer.ends) {
      throw new Error("Private CA issues nothing that ends after the authority does");
    }
    // An hour back, for clocks that are slow.
    const begins = this.#after(-1);
    return kind === "EndEntity"
      ? certificate(request, issuer, { begins, ends, authority: undefined })
      : certificate(unnamed(request), issuer, {
          begins,
          ends,
          authority: { pathLength: pathLength === undefined ? undefined : Number(pathLength) },
        });
  }

  #leafOf(lifetime: string): Template {
    return {
      begins: this.#at,
      ends: this.#after(Number.parseInt(lifetime, 10) / 3600),
      authority: undefined,
    };
  }

  /** The certificates that lead from an authority to its root, its own first. */
  #ofAuthorityService(inputs: Properties): readonly string[] {
    const own = this.#authority(recordAt(recordAt(recordAt(inputs, "config"), "subjectConfig"), "subject"));
    const parentName = recordAt(inputs, "subordinateConfig")["certificateAuthority"];
    const parent =
      typeof parentName === "string"
        ? this.#found(this.#authorities, parentName.split("/").at(-1) ?? "")
        : undefined;
    this.#authorities.set(textAt(inputs, "certificateAuthorityId"), own);
    const asked = unnamed({ name: own.name, publicKey: own.keys.publicKey });
    return [
      certificate(asked, parent ?? own, {
        ...this.#leafOf(textAt(inputs, "lifetime")),
        authority: { pathLength: parent === undefined ? 1 : 0 },
      }),
    ];
  }
}

/** What providers see of inputs: secrets as what they are. The mocks wrap them, as the engine does. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(revealed);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return pulumi.runtime.isRpcSecret(value)
    ? revealed(pulumi.runtime.unwrapRpcSecret(value))
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** Runs a program whose certificates are issued at a time. */
export async function issuedBy(program: () => void, at: Date): Promise<Issued> {
  const providers = new Providers(at);
  const inputsOf = new Map<string, Properties>();
  const outputsOf = new Map<string, Properties>();
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        const asked = revealed(inputs) as Properties;
        const state = { ...asked, ...providers.made(type, name, asked) };
        inputsOf.set(name, asked);
        outputsOf.set(name, state);
        return { id: name, state };
      },
      call: ({ token }) => {
        throw new Error(`no answer to ${token}`);
      },
    },
    "bulkhead",
    "test",
    false,
    "organization",
  );
  await pulumi.runtime.runInPulumiStack(() => {
    pulumi.runtime.registerStackTransformation(({ name, opts }) => {
      options.set(name, opts);
      return undefined;
    });
    program();
    return Promise.resolve(undefined);
  });
  await pulumi.runtime.disconnect();
  return { inputs: inputsOf, outputs: outputsOf, options };
}
