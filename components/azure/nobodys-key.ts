import { createHash } from "node:crypto";

/** What the key is made of. Its hash is a point of the curve, which one in two is. */
const seed = "Nobody has the private half of this key of Bulkhead 0";

const algorithm = "ssh-ed25519";

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/**
 * A public key for SSH (RFC 8709 §4) of which nobody has the private half, nor ever had: a hash in the place of a point
 * that is made from one.
 *
 * Azure creates no Linux machine without a password or a key. Nobody signs in to the platform's machines, so that a key
 * that somebody holds would be one more to keep.
 */
export const nobodysKey = `${algorithm} ${Buffer.concat([
  field(Buffer.from(algorithm)),
  field(createHash("sha256").update(seed).digest()),
]).toString("base64")}`;
