import { z } from "zod";

import { attestationSchema } from "./audit-record";
import { stopCode } from "./lifecycle-record";
import { canonicalHash, type ChainHead } from "./record-chain";

/** What of a record verification needs. Everything else in it counts by its fingerprint alone. */
const placedSchema = z.looseObject({
  metadata: z.looseObject({ uid: z.string(), sequence: z.int().nonnegative() }),
  unmapped: z.looseObject({ attestation: attestationSchema }),
});

/** A record as it was found somewhere. */
export interface FoundRecord extends ChainHead {
  /** Its own number, as it says. */
  readonly uid: string;
  /** The SPIFFE ID of whoever wrote it. */
  readonly authority: string;
  /** The one before it; `undefined` of the first of a chain. */
  readonly previous: { readonly uid: string; readonly fingerprint: string } | undefined;
  /** Whether it is what its fingerprint is of. */
  readonly isIntact: boolean;
  /** Whether it says that its writer stops. */
  readonly isStop: boolean;
}

/** Whether a value has a hash; what has no canonical form, such as a number beyond all numbers, has none. */
function isHashedTo(value: object, hash: string): boolean {
  try {
    return canonicalHash(value) === hash;
  } catch {
    return false;
  }
}

/** A value as a record of a chain; `undefined` if it is none. */
export function foundRecord(value: object): FoundRecord | undefined {
  const { data } = placedSchema.safeParse(value);
  if (data === undefined) {
    return undefined;
  }
  const { metadata, unmapped } = data;
  const { fingerprint, ...attestation } = unmapped.attestation;
  const { prev_event: previous } = attestation;
  // All of the value as it was found, also what a schema would leave out.
  const bound = {
    ...value,
    unmapped: { ...("unmapped" in value ? (value.unmapped as object) : {}), attestation },
  };
  return {
    chain: attestation.chain_uid,
    sequence: metadata.sequence,
    fingerprint: fingerprint.value,
    uid: metadata.uid,
    authority: attestation.authority_uid,
    previous:
      previous === undefined ? undefined : { uid: previous.uid, fingerprint: previous.fingerprint.value },
    isIntact: isHashedTo(bound, fingerprint.value),
    isStop: metadata["event_code"] === stopCode,
  };
}
