/* eslint sort-keys: "error" -- Keys in order make what JSON.stringify writes canonical (RFC 8785). */
import { schemaVersion, type RecordMetadata, type UnsealedAttestation } from "./audit-record";
import { recordUid, type ChainHead, type NewChain } from "./record-chain";

/** Who writes records. */
export interface Reporter {
  /** The id of the workload. */
  readonly name: string;
  /** Its SPIFFE ID. */
  readonly uid: string;
  /** The name of the machine or container that the replica is. */
  readonly hostname: string;
}

/** Where a record stands: who writes it, and behind which other. */
export interface RecordPlace {
  readonly reporter: Reporter;
  /** The last record of the chain; the id of a new one before there is any. */
  readonly last: ChainHead | NewChain;
}

/** The number of the record that comes next. */
function nextSequence(last: ChainHead | NewChain): number {
  return "sequence" in last ? last.sequence + 1 : 0;
}

/** A record's attribute `metadata` but for what depends on its class. */
export function metadataAt<Profiles extends RecordMetadata["profiles"]>(
  { reporter, last }: RecordPlace,
  of: {
    readonly log: string;
    readonly code: string;
    readonly profiles: Profiles;
    readonly requestId: string | undefined;
  },
): RecordMetadata & { profiles: Profiles } {
  const { name, uid, hostname } = reporter;
  const sequence = nextSequence(last);
  return {
    correlation_uid: of.requestId,
    event_code: of.code,
    log_name: of.log,
    product: { feature: { name }, name: "Bulkhead", vendor_name: "Bulkhead" },
    profiles: of.profiles,
    reporter: { hostname, name, uid },
    sequence,
    uid: recordUid({ chain: last.chain, sequence }),
    version: schemaVersion,
  };
}

/** What binds a record to the one before it. */
export function attestationAt({ reporter, last }: RecordPlace): UnsealedAttestation {
  return {
    authority_uid: reporter.uid,
    chain_uid: last.chain,
    fingerprint: undefined,
    prev_event:
      "sequence" in last
        ? { fingerprint: { algorithm_id: 3, value: last.fingerprint }, uid: recordUid(last) }
        : undefined,
  };
}
