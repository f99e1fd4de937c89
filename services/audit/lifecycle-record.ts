/* eslint sort-keys: "error" -- Keys in order make what JSON.stringify writes canonical (RFC 8785). */
import type { UnsealedRecord } from "./audit-record";
import { attestationAt, metadataAt, type RecordPlace } from "./record-place";

/** What of a chain is recorded in itself. */
export type Lifecycle = "began" | "continued" | "stopped";

const messages: Readonly<Record<Lifecycle, string>> = {
  began: "A chain of records begins.",
  continued: "The chain of records goes on after a restart.",
  stopped: "The writer of the chain stops.",
};

/** What a record of a writer's end has as its event code. */
export const stopCode = "chain-stopped";

/** The record of what becomes of a chain (OCSF, class Application Lifecycle). */
export function lifecycleRecord(lifecycle: Lifecycle, time: Date, place: RecordPlace): UnsealedRecord {
  const isStop = lifecycle === "stopped";
  const { name, uid } = place.reporter;
  return {
    activity_id: isStop ? 4 : 3,
    app: { name, uid },
    category_uid: 6,
    class_uid: 6002,
    message: messages[lifecycle],
    metadata: metadataAt(place, {
      code: isStop ? stopCode : `chain-${lifecycle}`,
      log: "audit-chain",
      profiles: [],
      requestId: undefined,
    }),
    severity_id: 1,
    time: time.getTime(),
    type_uid: isStop ? 600_204 : 600_203,
    unmapped: { attestation: attestationAt(place) },
  };
}
