import { createPrivateKey } from "node:crypto";

/** What a private key is, as far as its strength goes. */
export type KeyAlgorithm =
  | { readonly family: "rsa" | "elliptic-curve"; readonly bits: number }
  /** It comes in no strength that is too weak: an Edwards curve, or ML-DSA. */
  | { readonly family: "fixed"; readonly name: string };

/** How long the numbers of a curve are, which all its names say: `P224`, `prime256v1`, `EC_secp384r1`. */
function curveBits(name: string): number | undefined {
  const digits = /\d{3}/.exec(name);
  return digits === null ? undefined : Number(digits[0]);
}

/** An elliptic curve by one of its names. */
export function curveNamed(name: string): KeyAlgorithm | undefined {
  const bits = curveBits(name);
  return bits === undefined ? undefined : { family: "elliptic-curve", bits };
}

/** The algorithm that a text such as `RSA_2048`, `EC_prime256v1` or `ML_DSA_65` names; `undefined` for others. */
export function algorithmNamed(text: string): KeyAlgorithm | undefined {
  const rsa = /^RSA[_-](\d+)$/i.exec(text);
  if (rsa !== null) {
    return { family: "rsa", bits: Number(rsa[1]) };
  }
  if (/^EC[_-]/i.test(text)) {
    return curveNamed(text);
  }
  return /^(?:ED25519|ED448|ML[_-]DSA[_-](?:44|65|87))$/i.test(text)
    ? { family: "fixed", name: text }
    : undefined;
}

/** The algorithm of a private key in PEM; `undefined` if it is no key that can be read. */
export function algorithmOfPem(pem: string): KeyAlgorithm | undefined {
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPrivateKey(pem);
    if (details?.modulusLength !== undefined) {
      return { family: "rsa", bits: details.modulusLength };
    }
    return details?.namedCurve === undefined ? algorithmNamed(type ?? "") : curveNamed(details.namedCurve);
  } catch {
    return undefined;
  }
}
