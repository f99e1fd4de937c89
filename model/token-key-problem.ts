import type { TokenAlgorithm, TokenKey } from "./identity-provider";

/** A curve y² = x³ − 3x + b over the integers modulo p (NIST SP 800-186 §3.2.1). */
interface Curve {
  readonly bytes: number;
  readonly p: bigint;
  readonly b: bigint;
}

const curves = {
  "P-256": {
    bytes: 32,
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  "P-384": {
    bytes: 48,
    p: 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffffn,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
} as const satisfies Record<string, Curve>;

/** Of which kind, on which curve and with which parameters the keys of an algorithm are (RFC 7518 §3.3 to §3.5, RFC 8037 §2). */
const keysFor = {
  RS256: { kty: "RSA", crv: undefined, parameters: ["n", "e"] },
  PS256: { kty: "RSA", crv: undefined, parameters: ["n", "e"] },
  ES256: { kty: "EC", crv: "P-256", parameters: ["x", "y"] },
  ES384: { kty: "EC", crv: "P-384", parameters: ["x", "y"] },
  EdDSA: { kty: "OKP", crv: "Ed25519", parameters: ["x"] },
} as const satisfies Record<
  TokenAlgorithm,
  { kty: TokenKey["kty"]; crv: string | undefined; parameters: readonly ("x" | "y" | "n" | "e")[] }
>;

const smallestModulusBits = 2048;
const ed25519Bytes = 32;

/** Base64url, without padding, as a number and its length in bytes. */
function numberIn(text: string): { readonly value: bigint; readonly bytes: number } {
  const bytes = Buffer.from(text, "base64url");
  return { value: BigInt(`0x0${bytes.toString("hex")}`), bytes: bytes.length };
}

function pointProblem({ bytes, p, b }: Curve, xText: string, yText: string): string | undefined {
  const [x, y] = [numberIn(xText), numberIn(yText)];
  if (x.bytes !== bytes || y.bytes !== bytes) {
    return `has coordinates that are not ${String(bytes)} bytes long`;
  }
  const difference = y.value ** 2n - (x.value ** 3n - 3n * x.value + b);
  return x.value < p && y.value < p && difference % p === 0n ? undefined : "is no point of its curve";
}

/** Says why nothing can be verified with a key, or `undefined` if something can. */
export function tokenKeyProblem(key: TokenKey): string | undefined {
  const { kty, crv, parameters } = keysFor[key.alg];
  if (key.kty !== kty || key.crv !== crv) {
    return `is not of the kind that ${key.alg} signs with: \`kty: ${kty}\`${crv === undefined ? " without a curve" : `, \`crv: ${crv}\``}`;
  }
  const missing = parameters.filter((name) => key[name] === undefined);
  if (missing.length > 0) {
    return `lacks ${missing.map((name) => `\`${name}\``).join(" and ")}`;
  }
  const { x = "", y = "", n = "", e = "" } = key;
  switch (key.alg) {
    case "RS256":
    case "PS256":
      if (numberIn(n).value >> BigInt(smallestModulusBits - 1) === 0n) {
        return `has a modulus of less than ${String(smallestModulusBits)} bits`;
      }
      return numberIn(e).value % 2n === 1n && numberIn(e).value > 1n
        ? undefined
        : "has an exponent that is not odd and greater than one";
    case "ES256":
      return pointProblem(curves["P-256"], x, y);
    case "ES384":
      return pointProblem(curves["P-384"], x, y);
    case "EdDSA":
      return numberIn(x).bytes === ed25519Bytes ? undefined : `is not ${String(ed25519Bytes)} bytes long`;
  }
}
