import { itemsOf, known, textOf, unknown, type Reading } from "../reading";

import type { KeyAlgorithm } from "./key-algorithm";

/** What is said of a resource, and where a person finds it. */
interface OfResource {
  readonly urn: string;
  readonly label: string;
  /** Whether no other resource can make it right. */
  readonly isGuiltyAlone: boolean;
}

/** Where a certificate stands in a chain: it identifies a workload, or is an authority's, which another signed or itself. */
export type ChainPlace = "leaf" | "intermediate" | "root";

/** What a certificate may be used for, as far as TLS asks. */
export type CertificateUsage = "server" | "client" | "signing" | "anything";

/** What renews a certificate. */
export type Renewal =
  /** Its issuer, by itself. */
  | { readonly kind: "by-issuer" }
  /** What issued it, some hours before it expires. */
  | { readonly kind: "before-expiry"; readonly hours: Reading<number>; readonly property: string }
  /** Nothing that the resources show; it may be somebody's task. */
  | { readonly kind: "not-shown"; readonly remedy: string }
  /** Nothing. */
  | {
      readonly kind: "never";
      readonly why: string;
      /** Why it may be otherwise; `undefined` where it is certain. */
      readonly assumption: string | undefined;
      readonly remedy: string;
    };

/** How long a certificate may live. */
export interface Lifetime {
  /** The longest that it may be; never absent. */
  readonly hours: Reading<number>;
  /** The property that sets it. */
  readonly property: string;
  /** What to do about one that is too long; `undefined` where the property can be set shorter. */
  readonly remedy?: string;
}

/** What shows of a certificate that a resource of the stack gets on request: whose it is, for which key, and until when. */
export interface IssuedOnRequest {
  /** Its SPIFFE ID, or in the place of one the names that it carries; never absent. */
  readonly holder: Reading<string>;
  /** The private keys of the stack, by URN, for one of which it is. */
  readonly keys: readonly string[];
  /** When it ends, in milliseconds since 1970; absent where it is not issued yet, and its end follows from its life. */
  readonly ends: Reading<number>;
  /** The peer of the model to which its resource belongs, where something says so. */
  readonly peer: string | undefined;
  /** Whether it is not issued yet. */
  readonly isPlanned: boolean;
  /** Its serial number in hexadecimal digits, where that is known. */
  readonly serial: string | undefined;
  /** The epoch whose it is, of which a platform of ours tells; it decides nothing. */
  readonly epoch: CertificateEpoch | undefined;
}

/** A stretch of time for which an authority of ours issues certificates with new keys. */
export interface CertificateEpoch {
  readonly number: number;
  /** When the next begins, as the authority tells it. */
  readonly ends: string;
  /** The number of the one that is current. */
  readonly current: number;
}

/** What a resource promises of a certificate. */
export interface Certificate extends OfResource {
  /** Never absent. */
  readonly place: Reading<ChainPlace>;
  /** `undefined` where it is no matter of the stack's. */
  readonly lifetime: Lifetime | undefined;
  readonly renewal: Renewal;
  /** `undefined` where nothing that can be read says it; never absent. */
  readonly usages: Reading<ReadonlySet<CertificateUsage>> | undefined;
  readonly isSelfSigned: Reading<boolean>;
  /** `undefined` where the stack does not ask for it. */
  readonly issue?: IssuedOnRequest;
}

/** A private key. */
export interface CertificateKey extends OfResource {
  readonly algorithm: Reading<KeyAlgorithm>;
  /** The property that sets it. */
  readonly property: string;
}

/** What signs, and by which hash: `SHA256`, or the name of a scheme that has one of its own. */
export interface Signature extends OfResource {
  readonly hash: Reading<string>;
  readonly property: string;
}

/** Something else that keeps certificates from being renewed as they should be, or taken back. */
export interface CertificateFault extends OfResource {
  readonly what: string;
  /** Why it may not be so; `undefined` where it is certain. */
  readonly assumption: string | undefined;
  readonly remedy: string;
  /** Whether it refuses any stack. What is merely missing refuses a platform of ours alone. */
  readonly refuses: boolean;
}

/** All that is read of certificates and their keys, of whatever cloud. */
export interface PublicKeyInfrastructure {
  readonly certificates: readonly Certificate[];
  readonly keys: readonly CertificateKey[];
  readonly signatures: readonly Signature[];
  readonly faults: readonly CertificateFault[];
}

/** The names of usages, without what providers put between their words. */
const usageNames: Readonly<Record<string, CertificateUsage>> = {
  serverauth: "server",
  clientauth: "client",
  certsign: "signing",
  certsigning: "signing",
  any: "anything",
  anyextended: "anything",
};

/** The usages in a list such as `["server_auth", "client_auth"]`; others than those of TLS and signing are left out. */
export function usagesIn(list: Reading<unknown>): Reading<ReadonlySet<CertificateUsage>> {
  const names = itemsOf(list).map(textOf);
  const texts = names.flatMap((name) => (name.kind === "known" ? [name.value] : []));
  return texts.length < names.length
    ? unknown
    : known(new Set(texts.flatMap((text) => usageNames[text.toLowerCase().replaceAll(/[ _-]/g, "")] ?? [])));
}
