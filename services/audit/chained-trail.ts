import { AuditUnavailable, type AuditEvent, type AuditTrail } from "./audit-event";
import { activityRecord } from "./activity-record";
import type { UnsealedRecord } from "./audit-record";
import { inVocabulary, type AuditVocabulary } from "./audit-vocabulary";
import { lifecycleRecord } from "./lifecycle-record";
import { sealed, type ChainHead, type NewChain } from "./record-chain";
import type { RecordPlace, Reporter } from "./record-place";
import type { RecordSink } from "./record-sink";

/** Azure's forwarder cuts longer texts into parts, and Docker cuts lines at 16 KiB. */
const mostBytes = 15_000;

/**
 * A trail whose records are a chain of hashes, of one replica: it says when the chain begins, goes on and is
 * stopped, and each record is bound to the one before it. A record that could not be written has no place in the chain.
 */
export class ChainedTrail implements AuditTrail {
  readonly #sink: RecordSink;
  readonly #reporter: Reporter;
  readonly #vocabulary: AuditVocabulary;
  #last: ChainHead | NewChain;
  #isClosed = false;

  private constructor(
    sink: RecordSink,
    reporter: Reporter,
    vocabulary: AuditVocabulary,
    last: ChainHead | NewChain,
  ) {
    this.#sink = sink;
    this.#reporter = reporter;
    this.#vocabulary = vocabulary;
    this.#last = last;
  }

  /**
   * Opens a trail, and writes its first record.
   *
   * @param last the last record of the chain that goes on, or the id of a new one.
   * @throws {AuditUnavailable} if that cannot be written.
   */
  static open(
    sink: RecordSink,
    reporter: Reporter,
    vocabulary: AuditVocabulary,
    last: ChainHead | NewChain,
  ): ChainedTrail {
    const trail = new ChainedTrail(sink, reporter, vocabulary, last);
    trail.#write((place) => lifecycleRecord("sequence" in last ? "continued" : "began", new Date(), place));
    return trail;
  }

  append(event: AuditEvent): void {
    this.#write((place) => activityRecord(inVocabulary(event, this.#vocabulary), place));
  }

  /**
   * Writes the last record. Whatever comes after it cannot be recorded, and is denied.
   *
   * @throws {AuditUnavailable} if it cannot be written; the trail is closed all the same.
   */
  close(): void {
    if (this.#isClosed) {
      return;
    }
    try {
      this.#write((place) => lifecycleRecord("stopped", new Date(), place));
    } finally {
      this.#isClosed = true;
      this.#sink.close();
    }
  }

  /** Whatever goes wrong on the way, the record is not there. */
  #write(make: (place: RecordPlace) => UnsealedRecord): void {
    if (this.#isClosed) {
      throw new AuditUnavailable("The trail of records is closed.");
    }
    try {
      const { line, head } = sealed(make({ reporter: this.#reporter, last: this.#last }));
      if (Buffer.byteLength(line) > mostBytes) {
        throw new AuditUnavailable(`The record is longer than ${String(mostBytes)} bytes.`);
      }
      this.#sink.write(line);
      this.#last = head;
    } catch (error) {
      throw error instanceof AuditUnavailable
        ? error
        : new AuditUnavailable("The record could not be made.", { cause: error });
    }
  }
}
