import type { AuditEvent, AuditTrail } from "./audit-event";

/** A trail that knows whether the last record could be written: a program whose records cannot be is not well, since it denies everything. */
export class WatchedTrail implements AuditTrail {
  readonly #trail: AuditTrail;
  #isWritable = true;

  constructor(trail: AuditTrail) {
    this.#trail = trail;
  }

  append(event: AuditEvent): void {
    this.#isWritable = false;
    this.#trail.append(event);
    this.#isWritable = true;
  }

  /** What is wrong with it; `undefined` while records are written. */
  get illness(): string | undefined {
    return this.#isWritable ? undefined : "Records cannot be written.";
  }
}
