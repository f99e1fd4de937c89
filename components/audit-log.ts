import * as pulumi from "@pulumi/pulumi";

import { recordingPrograms, type AuditRecord } from "../model/audit-policy";
import type { Workload } from "../model/workload";

import type { ZoneMembers } from "./zone-facts";

/** Audit records that are written as a stream, each kept by itself: all but the cloud's own trail of calls, and the web firewall's. */
export type RecordStream = Exclude<AuditRecord, "api-calls" | "data-events"> | "web-firewall";

export const recordStreams: readonly RecordStream[] = [
  "network-flows",
  "name-queries",
  "web-firewall",
  "access-decisions",
  "tool-calls",
  "egress-inspections",
];

/** A stream that a program of the platform writes. Each is copied to storage that is written once. */
export type ProgramStream = (typeof recordingPrograms)[number]["records"];

/** The streams that programs write. */
export const programStreams: readonly ProgramStream[] = recordingPrograms.map(({ records }) => records);

/** The stream that is what the program of a workload prints; `undefined` where that is the workload's own log. */
export function streamOfProgram({ id }: Pick<Workload, "id">): ProgramStream | undefined {
  return recordingPrograms.find(({ workload }) => workload === id)?.records;
}

/** The audit trail: every stream of records, and the cloud's trail of calls, encrypted and kept for as long as the model says. */
export abstract class AuditLog extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:audit:AuditLog";

  /** The ids of the places into which streams are written. */
  abstract readonly streamIds: Readonly<Record<RecordStream, pulumi.Output<string>>>;
  /** The cloud's names of the logs into which workloads write, by workload. */
  abstract readonly workloadLogNames: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
}
