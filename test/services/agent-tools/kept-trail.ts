import { AuditUnavailable, type AuditEvent, type AuditTrail } from "../../../services/audit/audit-event";

/** Keeps records in memory, for as long as it is let. */
export class KeptTrail implements AuditTrail {
  readonly events: AuditEvent[] = [];
  /** After how many records no more can be written. */
  room = Infinity;

  append(event: AuditEvent): void {
    if (this.events.length >= this.room) {
      throw new AuditUnavailable("There is no room.");
    }
    this.events.push(event);
  }
}
