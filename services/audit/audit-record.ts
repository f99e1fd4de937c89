import { z } from "zod";

import { trustLevels } from "../decision-point/trust-level";

/** The release of the Open Cybersecurity Schema Framework whose words the records use (https://schema.ocsf.io/1.8.0). */
export const schemaVersion = "1.8.0";

/** A SHA-256 as OCSF's object `fingerprint` says it. */
export const fingerprintSchema = z.strictObject({
  algorithm_id: z.literal(3),
  value: z.string().regex(/^[0-9a-f]{64}$/),
});

/**
 * How a record is bound to the one before it, in the words of OCSF's object `attestation`, which is of 1.9 and therefore
 * among the unmapped attributes here: the fingerprint is that of the whole record but for the fingerprint itself, in
 * canonical JSON (RFC 8785). The first record of a chain has no previous event.
 */
export const attestationSchema = z.strictObject({
  /** The SPIFFE ID of whoever wrote the record. */
  authority_uid: z.string().min(1),
  chain_uid: z.string().min(1),
  prev_event: z.strictObject({ uid: z.string().min(1), fingerprint: fingerprintSchema }).optional(),
  fingerprint: fingerprintSchema,
});

const metadataSchema = z.strictObject({
  version: z.literal(schemaVersion),
  profiles: z.array(z.literal("security_control")),
  product: z.strictObject({
    name: z.literal("Bulkhead"),
    vendor_name: z.literal("Bulkhead"),
    feature: z.strictObject({ name: z.string() }),
  }),
  /** The replica. */
  reporter: z.strictObject({ name: z.string(), uid: z.string(), hostname: z.string() }),
  log_name: z.string(),
  event_code: z.string(),
  uid: z.string(),
  sequence: z.int().nonnegative(),
  correlation_uid: z.string().optional(),
});

/** A decision or a tool call: OCSF's class API Activity (6003), with the profile Security Control. */
const activitySchema = z.strictObject({
  category_uid: z.literal(6),
  class_uid: z.literal(6003),
  activity_id: z.literal(99),
  activity_name: z.enum(["Access decision", "Tool call"]),
  type_uid: z.literal(600_399),
  severity_id: z.union([z.literal(1), z.literal(2)]),
  time: z.int(),
  message: z.string(),
  status_id: z.union([z.literal(0), z.literal(1), z.literal(2)]),
  /** The trust level. */
  status_code: z.enum(trustLevels),
  /** The reason. */
  status_detail: z.string(),
  action_id: z.union([z.literal(1), z.literal(2)]),
  disposition_id: z.union([z.literal(1), z.literal(2), z.literal(23)]),
  authorizations: z.array(
    z.strictObject({
      decision: z.enum(["allow", "deny"]),
      policy: z.strictObject({ uid: z.string(), is_applied: z.literal(true) }),
    }),
  ),
  actor: z.strictObject({
    app_uid: z.string(),
    user: z
      .strictObject({
        uid: z.string(),
        type_id: z.literal(1),
        groups: z.array(z.strictObject({ name: z.string(), type: z.literal("role") })).optional(),
      })
      .optional(),
  }),
  api: z.strictObject({ operation: z.string(), request: z.strictObject({ uid: z.string() }) }),
  src_endpoint: z.strictObject({ uid: z.string() }),
  /** The resource and the tool are its targets; agents are its actors, the nearest last. */
  resources: z.array(
    z.strictObject({
      uid: z.string(),
      type: z.enum(["resource", "tool", "agent"]),
      role_id: z.union([z.literal(1), z.literal(2)]),
    }),
  ),
  metadata: metadataSchema,
  unmapped: z.strictObject({
    device: z.string().optional(),
    location: z.string().optional(),
    attestation: attestationSchema,
  }),
});

/** A request for an external provider, or its answer: API Activity as well. What was found is among the unmapped attributes. */
const inspectionSchema = z.strictObject({
  category_uid: z.literal(6),
  class_uid: z.literal(6003),
  activity_id: z.literal(99),
  activity_name: z.enum(["Egress request", "Egress answer"]),
  type_uid: z.literal(600_399),
  severity_id: z.union([z.literal(1), z.literal(2)]),
  time: z.int(),
  message: z.string(),
  status_id: z.union([z.literal(1), z.literal(2)]),
  /** The reason. */
  status_code: z.string(),
  action_id: z.union([z.literal(1), z.literal(2), z.literal(4)]),
  disposition_id: z.union([z.literal(1), z.literal(2), z.literal(99)]),
  disposition: z.literal("Redacted").optional(),
  actor: z.strictObject({ app_uid: z.string() }),
  api: z.strictObject({ operation: z.string(), request: z.strictObject({ uid: z.string() }) }),
  src_endpoint: z.strictObject({ uid: z.string() }),
  resources: z.array(
    z.strictObject({
      uid: z.string(),
      type: z.enum(["llm-provider", "llm-model"]),
      role_id: z.literal(1),
    }),
  ),
  metadata: metadataSchema,
  unmapped: z.strictObject({
    inspection: z.strictObject({
      policy: z.enum(["block", "redact", "allow"]).optional(),
      identifiers: z.record(z.string(), z.int().positive()),
      unreadable: z.int().nonnegative(),
      prompt_hash: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    attestation: attestationSchema,
  }),
});

/** A chain's beginning, its going on after a restart, or a stop of its writer: OCSF's class Application Lifecycle (6002). */
const lifecycleSchema = z.strictObject({
  category_uid: z.literal(6),
  class_uid: z.literal(6002),
  activity_id: z.union([z.literal(3), z.literal(4)]),
  type_uid: z.union([z.literal(600_203), z.literal(600_204)]),
  severity_id: z.literal(1),
  time: z.int(),
  message: z.string(),
  app: z.strictObject({ name: z.string(), uid: z.string() }),
  metadata: metadataSchema.extend({ profiles: z.tuple([]) }),
  unmapped: z.strictObject({ attestation: attestationSchema }),
});

/** A record as it is written, every attribute of it. */
export const auditRecordSchema = z.union([activitySchema, inspectionSchema, lifecycleSchema]);

export type AuditRecord = z.output<typeof auditRecordSchema>;

/** A record of which the fingerprint is still to be taken. */
export type UnsealedRecord =
  | Unsealed<z.output<typeof activitySchema>>
  | Unsealed<z.output<typeof inspectionSchema>>
  | Unsealed<z.output<typeof lifecycleSchema>>;

type Unsealed<R extends AuditRecord> = Omit<R, "unmapped"> & {
  readonly unmapped: Omit<R["unmapped"], "attestation"> & { readonly attestation: UnsealedAttestation };
};

export type UnsealedAttestation = Omit<z.output<typeof attestationSchema>, "fingerprint"> & {
  readonly fingerprint: undefined;
};

export type RecordMetadata = z.output<typeof metadataSchema>;
