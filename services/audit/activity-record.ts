/* eslint sort-keys: "error" -- Keys in order make what JSON.stringify writes canonical (RFC 8785). */
import type { AuditEvent } from "./audit-event";
import type { UnsealedRecord } from "./audit-record";
import { attestationAt, metadataAt, type RecordPlace } from "./record-place";

const kinds = {
  "access-decision": { log: "access-decisions", name: "Access decision" },
  "tool-call": { log: "tool-calls", name: "Tool call" },
} as const;

const statusIds = { failure: 2, success: 1, unknown: 0 } as const;

/** Of a call that is allowed and not made yet nobody knows what comes of it. */
function statusOf({ kind, allowed, outcome }: AuditEvent): 0 | 1 | 2 {
  if (!allowed || outcome === "failed") {
    return statusIds.failure;
  }
  return kind === "tool-call" && outcome === undefined ? statusIds.unknown : statusIds.success;
}

/** "Challenge" asks for a proof, here the second factor; "Blocked" is final. */
function dispositionOf({ allowed, trustLevel }: AuditEvent): 1 | 2 | 23 {
  return allowed ? 1 : trustLevel === "AUTHORIZED" ? 23 : 2;
}

function target(uid: string, type: "resource" | "tool") {
  return { role_id: 1, type, uid } as const;
}

/** The record of an event whose every name is declared (OCSF, class API Activity). */
export function activityRecord(event: AuditEvent, place: RecordPlace): UnsealedRecord {
  const { kind, allowed, user, role, requestId, tool } = event;
  const { name, log } = kinds[kind];
  return {
    action_id: allowed ? 1 : 2,
    activity_id: 99,
    activity_name: name,
    actor: {
      app_uid: event.enforcementPoint,
      user:
        user === undefined
          ? undefined
          : {
              groups: role === undefined ? undefined : [{ name: role, type: "role" }],
              type_id: 1,
              uid: user,
            },
    },
    api: { operation: event.action, request: { uid: requestId } },
    authorizations: event.policyIds.map((uid) => ({
      decision: allowed ? "allow" : "deny",
      policy: { is_applied: true, uid },
    })),
    category_uid: 6,
    class_uid: 6003,
    disposition_id: dispositionOf(event),
    message: `${name}: ${allowed ? "allowed" : "denied"}.`,
    metadata: metadataAt(place, { code: kind, log, profiles: ["security_control"], requestId }),
    resources: [
      target(event.resource, "resource"),
      ...(tool === undefined ? [] : [target(tool, "tool")]),
      ...event.agents.map((uid) => ({ role_id: 2, type: "agent", uid }) as const),
    ],
    severity_id: allowed ? 1 : 2,
    src_endpoint: { uid: event.enforcementPoint },
    status_code: event.trustLevel,
    status_detail: event.reason,
    status_id: statusOf(event),
    time: event.time.getTime(),
    type_uid: 600_399,
    unmapped: {
      attestation: attestationAt(place),
      device: event.device,
      location: event.location,
    },
  };
}
