import { accessDocument } from "../../../model/access-document";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";
import type { AuditEvent } from "../../../services/audit/audit-event";
import { auditVocabulary } from "../../../services/audit/audit-vocabulary";
import { ChainedTrail } from "../../../services/audit/chained-trail";
import type { RecordSink } from "../../../services/audit/record-sink";

export const document = accessDocument(platformSpec(referencePlatform));

export function spiffeIdOf(workload: string): string {
  const id = document.workloads[workload];
  if (id === undefined) {
    throw new Error(`the reference platform has no ${workload}`);
  }
  return id;
}

export const reporter = {
  name: "decision-point",
  uid: spiffeIdOf("decision-point"),
  hostname: "decision-point-1",
};

/** A decision, allowed. */
export const decision: AuditEvent = {
  kind: "access-decision",
  time: new Date("2026-11-30T06:00:00.000Z"),
  requestId: "0b9f6a3e-8b0d-4a60-9d0e-5a2b3c4d5e6f",
  user: "u-17",
  role: "nurse",
  agents: [],
  enforcementPoint: spiffeIdOf("ai-gateway"),
  resource: "phi_clinical_rag",
  action: "use",
  tool: undefined,
  device: "compliant",
  location: "vpn",
  allowed: true,
  trustLevel: "VERIFIED",
  reason: "The role nurse may use phi_clinical_rag.",
  policyIds: ["role.nurse"],
  outcome: undefined,
};

/** A place for lines that keeps them. */
export class KeptLines implements RecordSink {
  readonly lines: string[] = [];

  write(line: string): void {
    this.lines.push(line);
  }

  close(): void {
    // Lines that were kept stay.
  }

  get text(): string {
    return this.lines.join("");
  }

  get records(): readonly unknown[] {
    return this.lines.map((line): unknown => JSON.parse(line));
  }
}

/** The lines of a chain: its beginning, a decision for each user, and the stop of its writer. */
export function chainLines(users: readonly string[], chain = "chain-1"): readonly string[] {
  const kept = new KeptLines();
  const trail = ChainedTrail.open(kept, reporter, auditVocabulary(document), { chain });
  users.forEach((user) => {
    trail.append({ ...decision, user });
  });
  trail.close();
  return kept.lines.map((line) => line.trimEnd());
}
