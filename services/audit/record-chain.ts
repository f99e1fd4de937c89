import { hash } from "node:crypto";

import canonicalize from "canonicalize";

import type { UnsealedRecord } from "./audit-record";

/** A record's place in its chain, by which the next one is bound to it. */
export interface ChainHead {
  readonly chain: string;
  readonly sequence: number;
  /** The SHA-256 of the record, in hexadecimal digits. */
  readonly fingerprint: string;
}

/** A chain that has no record yet. */
export interface NewChain {
  readonly chain: string;
}

/** A record's own number: that of its chain and its place there. */
export function recordUid({ chain, sequence }: Pick<ChainHead, "chain" | "sequence">): string {
  return `${chain}/${String(sequence)}`;
}

/**
 * The SHA-256 of what was read, in canonical JSON (RFC 8785): it is the same whoever wrote the value down again, in whatever
 * order and with whatever spaces.
 */
export function canonicalHash(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) {
    throw new TypeError("a record is no JSON");
  }
  return hash("sha256", text, "hex");
}

/** A record as a line, with its fingerprint. */
export interface SealedRecord {
  readonly line: string;
  readonly head: ChainHead;
}

/** Takes a record's fingerprint. Its keys are in order already, so that it is canonical as it is written. */
export function sealed(record: UnsealedRecord): SealedRecord {
  const { metadata, unmapped } = record;
  const fingerprint = hash("sha256", JSON.stringify(record), "hex");
  const attestation = { ...unmapped.attestation, fingerprint: { algorithm_id: 3, value: fingerprint } };
  return {
    line: `${JSON.stringify({ ...record, unmapped: { ...unmapped, attestation } })}\n`,
    head: { chain: attestation.chain_uid, sequence: metadata.sequence, fingerprint },
  };
}
