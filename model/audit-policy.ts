import { z } from "zod";

import { decisionPointId, toolGatewayId } from "./access-policy";
import { egressGuardId } from "./egress-guard";

/** HIPAA keeps its documentation for six years (45 CFR §164.316(b)(2)(i)); two of six years can be leap years. */
export const minimumRetentionDays = 2192;

export const auditRecords = [
  "network-flows",
  "name-queries",
  "api-calls",
  "data-events",
  "access-decisions",
  "tool-calls",
  "egress-inspections",
] as const;

/** What is recorded. */
export type AuditRecord = (typeof auditRecords)[number];

/** The records that programs of the platform write by what they print, a record a line, and whose programs those are. */
export const recordingPrograms = [
  { records: "access-decisions", workload: decisionPointId },
  { records: "tool-calls", workload: toolGatewayId },
  { records: "egress-inspections", workload: egressGuardId },
] as const satisfies readonly { readonly records: AuditRecord; readonly workload: string }[];

/** How the audit trail is kept (45 CFR §164.312(b)). Nothing that is recorded can be left out. */
export interface AuditPolicy {
  /** How long records are kept, in days: 2192 at least. */
  readonly retentionDays: number;
  /** With what they are encrypted. */
  readonly encryption: "customer-managed-key";
  /** What is recorded: everything. */
  readonly records: readonly AuditRecord[];
}

export const auditPolicySchema = z
  .strictObject({
    retentionDays: z.int().min(1).default(minimumRetentionDays).meta({
      description: "How long records are kept, in days: 2192, HIPAA's six years, when left out, and no less.",
    }),
    encryption: z.literal("customer-managed-key").default("customer-managed-key"),
    records: z
      .array(z.enum(auditRecords))
      .default([...auditRecords])
      .meta({
        description: "What is recorded: everything, and nothing may be left out.",
      }),
  })
  .meta({ description: "How the audit trail is kept." });

export type AuditPolicyDocument = z.output<typeof auditPolicySchema>;
