import { createHash, createHmac, createPrivateKey, X509Certificate } from "node:crypto";

/** A value in DER: its tag, the length of what it holds, and that (ITU-T X.690, 8.1). */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat([...parts]);
  const { length } = content;
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) {
    bytes.unshift(rest % 256);
  }
  return Buffer.concat([
    Buffer.from(length < 128 ? [tag, length] : [tag, 0x80 | bytes.length, ...bytes]),
    content,
  ]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]): Buffer => der(0x31, ...parts);
const octets = (content: Uint8Array): Buffer => der(0x04, content);
const explicit = (content: Uint8Array): Buffer => der(0xa0, content);
const nothing = der(0x05);

function integer(value: number): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
  return der(0x02, (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes);
}

/** An object identifier (ITU-T X.690, 8.19). */
function identifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((number) => {
    const sevens = [number % 128];
    for (let left = Math.floor(number / 128); left > 0; left = Math.floor(left / 128)) {
      sevens.unshift(0x80 | (left % 128));
    }
    return sevens;
  });
  return der(0x06, Buffer.from(bytes));
}

/** The identifiers of what such a file holds (RFC 7292, appendix D; RFC 5652; RFC 5754). */
const kinds = {
  data: identifier("1.2.840.113549.1.7.1"),
  keyBag: identifier("1.2.840.113549.1.12.10.1.1"),
  certificateBag: identifier("1.2.840.113549.1.12.10.1.3"),
  x509: identifier("1.2.840.113549.1.9.22.1"),
  localKey: identifier("1.2.840.113549.1.9.21"),
  sha256: identifier("2.16.840.1.101.3.4.2.1"),
} as const;

/** How often the key of the checksum is hashed; no password is there to be guessed. */
const iterations = 2048;

/** The bytes that SHA-256 gives, and those that it takes at a time. */
const sha256 = { gives: 32, takes: 64 } as const;

/** The key of the checksum of a file whose password is the empty one (RFC 7292, appendix B.2, with the identifier 3). */
function checksumKey(salt: Uint8Array): Buffer {
  const repeated = (text: Uint8Array): Buffer =>
    Buffer.from(Array.from({ length: sha256.takes }, (_, index) => text[index % text.length] ?? 0));
  // The empty password is its closing zero alone, in two bytes.
  let hash = Buffer.concat([Buffer.alloc(sha256.takes, 3), repeated(salt), repeated(Buffer.alloc(2))]);
  for (let round = 0; round < iterations; round += 1) {
    hash = createHash("sha256").update(hash).digest();
  }
  return hash.subarray(0, sha256.gives);
}

/**
 * A certificate with its key in one file without a password (PKCS #12, RFC 7292), as Azure Firewall takes an authority from a
 * secret of Key Vault ("Azure Firewall Premium certificates"); in base64. The same certificate gives the same file.
 *
 * @param certificate the one certificate, in PEM.
 * @param key its key, in PEM.
 * @throws Error if one of them cannot be read, or they do not belong together.
 */
export function passwordLessPfx(certificate: string, key: string): string {
  const read = new X509Certificate(certificate);
  const privateKey = createPrivateKey(key);
  if (!read.checkPrivateKey(privateKey)) {
    throw new Error(`the key is not that of the certificate of ${read.subject}`);
  }
  const fingerprint = createHash("sha256").update(read.raw).digest();
  const belongTogether = set(sequence(kinds.localKey, set(octets(fingerprint))));
  const bags = sequence(
    sequence(
      kinds.certificateBag,
      explicit(sequence(kinds.x509, explicit(octets(read.raw)))),
      belongTogether,
    ),
    sequence(kinds.keyBag, explicit(privateKey.export({ type: "pkcs8", format: "der" })), belongTogether),
  );
  const content = sequence(sequence(kinds.data, explicit(octets(bags))));
  const salt = fingerprint.subarray(0, 8);
  const checksum = createHmac("sha256", checksumKey(salt)).update(content).digest();
  return sequence(
    integer(3),
    sequence(kinds.data, explicit(octets(content))),
    sequence(sequence(sequence(kinds.sha256, nothing), octets(checksum)), octets(salt), integer(iterations)),
  ).toString("base64");
}
