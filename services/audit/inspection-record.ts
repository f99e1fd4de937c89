/* eslint sort-keys: "error" -- Keys in order make what JSON.stringify writes canonical (RFC 8785). */
import type { InspectionEvent } from "./inspection-event";
import type { UnsealedRecord } from "./audit-record";
import { attestationAt, metadataAt, type RecordPlace } from "./record-place";

const names = { "egress-answer": "Egress answer", "egress-request": "Egress request" } as const;

const actionIds = { allowed: 1, blocked: 2, redacted: 4, refused: 2 } as const;
const dispositionIds = { allowed: 1, blocked: 2, redacted: 99, refused: 2 } as const;

function target(uid: string, type: "llm-provider" | "llm-model") {
  return { role_id: 1, type, uid } as const;
}

/** Counts by kind, in the order of the kinds' names. */
function counted(identifiers: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...identifiers].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The record of an inspection whose every name is declared (OCSF, class API Activity). */
export function inspectionRecord(event: InspectionEvent, place: RecordPlace): UnsealedRecord {
  const { kind, verdict, requestId, model, caller = "unknown" } = event;
  const isPassed = verdict === "allowed" || verdict === "redacted";
  return {
    action_id: actionIds[verdict],
    activity_id: 99,
    activity_name: names[kind],
    actor: { app_uid: caller },
    api: { operation: event.operation, request: { uid: requestId } },
    category_uid: 6,
    class_uid: 6003,
    disposition: verdict === "redacted" ? "Redacted" : undefined,
    disposition_id: dispositionIds[verdict],
    message: `${names[kind]}: ${verdict}.`,
    metadata: metadataAt(place, {
      code: kind,
      log: "egress-inspections",
      profiles: ["security_control"],
      requestId,
    }),
    resources: [
      target(event.provider, "llm-provider"),
      ...(model === undefined ? [] : [target(model, "llm-model")]),
    ],
    severity_id: isPassed ? 1 : 2,
    src_endpoint: { uid: caller },
    status_code: event.reason,
    status_id: isPassed ? 1 : 2,
    time: event.time.getTime(),
    type_uid: 600_399,
    unmapped: {
      attestation: attestationAt(place),
      inspection: {
        identifiers: counted(event.identifiers),
        policy: event.policy,
        prompt_hash: event.promptHash,
        unreadable: event.unreadable,
      },
    },
  };
}
