import { rangeText, type AddressRange } from "../../address-range";

/** What is known of whoever is at the other end of a connection, by what was looked at of its certificate. */
export type ProvedIdentity =
  /** Nothing: it may have shown no certificate. */
  | { readonly kind: "none" }
  /** That some authority that is trusted has signed for it. */
  | { readonly kind: "any-certificate" }
  | { readonly kind: "exact"; readonly text: string }
  /** That its identity is one of many. */
  | { readonly kind: "pattern"; readonly what: string; readonly mayBe: (identity: string) => boolean };

/** One kind of caller that may be let in: nobody is let in who is of none of them. */
export interface Admission {
  readonly identity: ProvedIdentity;
  /** The addresses that it calls from; `undefined` where it may be any. */
  readonly addresses: AddressRange | undefined;
}

/** Whoever calls. */
export const anybody: readonly Admission[] = [{ identity: { kind: "none" }, addresses: undefined }];

/** Whoever has a certificate. */
export const anyCertificate: readonly Admission[] = [
  { identity: { kind: "any-certificate" }, addresses: undefined },
];

/** Beyond this many, nothing is told apart. */
const most = 500;

function narrower(one: ProvedIdentity, other: ProvedIdentity): ProvedIdentity | undefined {
  if (one.kind === "none" || other.kind === "none") {
    return one.kind === "none" ? other : one;
  }
  if (one.kind === "any-certificate" || other.kind === "any-certificate") {
    return one.kind === "any-certificate" ? other : one;
  }
  if (one.kind === "exact") {
    const isBoth = other.kind === "exact" ? one.text === other.text : other.mayBe(one.text);
    return isBoth ? one : undefined;
  }
  return other.kind === "exact" ? narrower(other, one) : one;
}

/**
 * Whoever is of one of some kinds, and of one of some others too; of no fewer than that. A certificate has one identity, as
 * those of a mesh have (SPIFFE, "X.509-SVID", 2).
 */
function ofBoth(some: readonly Admission[], others: readonly Admission[]): readonly Admission[] {
  if (some.length * others.length > most) {
    return some;
  }
  return some.flatMap((one) =>
    others.flatMap((other): readonly Admission[] => {
      const identity = narrower(one.identity, other.identity);
      return identity === undefined ? [] : [{ identity, addresses: one.addresses ?? other.addresses }];
    }),
  );
}

/** Whoever all of some conditions let in; anybody, where there are none. */
export function whoeverPassesAll(conditions: readonly (readonly Admission[])[]): readonly Admission[] {
  return conditions.reduce(ofBoth, anybody);
}

/** Whoever one of some conditions lets in; nobody, where there are none. */
export function whoeverPassesAny(conditions: readonly (readonly Admission[])[]): readonly Admission[] {
  return conditions.flat();
}

/** Who is let in, in words. */
export function admissionText({ identity, addresses }: Admission): string {
  const from = addresses === undefined ? "" : ` from ${rangeText(addresses)}`;
  switch (identity.kind) {
    case "none":
      return `whoever calls${from}`;
    case "any-certificate":
      return `whoever has a certificate${from}`;
    case "exact":
      return `${identity.text}${from}`;
    case "pattern":
      return `${identity.what}${from}`;
  }
}
