import { createSecretKey, type KeyObject } from "node:crypto";

import { z } from "zod";

/** The least length of the key of hashes, in bytes: that of the hash (RFC 2104 §3). */
const leastHashKeyBytes = 32;

/** What the hospital puts into the secret. A key goes into a header, so that it is visible characters alone. */
const secretSchema = z.strictObject({
  hashKey: z.base64(),
  providers: z.record(z.string(), z.string().regex(/^[\x21-\x7e]{1,4096}$/)),
});

/** The keys of the providers, and the one with which prompts are hashed. */
export interface ProviderKeys {
  readonly hashKey: KeyObject;
  /** By the ids of the providers. */
  readonly providers: ReadonlyMap<string, string>;
}

/** Reads the secret with the keys. @throws if it is not as it should be. */
export function providerKeys(text: string): ProviderKeys {
  const { hashKey, providers } = secretSchema.parse(JSON.parse(text));
  const bytes = Buffer.from(hashKey, "base64");
  if (bytes.length < leastHashKeyBytes) {
    throw new RangeError("the key of hashes is too short");
  }
  return { hashKey: createSecretKey(bytes), providers: new Map(Object.entries(providers)) };
}
