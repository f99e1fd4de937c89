import { AuditUnavailable } from "./audit-event";
import type { UnsealedRecord } from "./audit-record";
import { lifecycleRecord } from "./lifecycle-record";
import { sealed, type ChainHead, type NewChain } from "./record-chain";
import type { RecordPlace, Reporter } from "./record-place";
import type { RecordSink } from "./record-sink";

/** Azure's forwarder cuts longer texts into parts, and Docker cuts lines at 16 KiB. */
const mostBytes = 15_000;

/**
 * Writes the records of one replica as a chain of hashes: it says when the chain begins, goes on and is stopped, and each
 * record is bound to the one before it. A record that could not be written has no place in the chain.
 */
export class ChainWriter {
  readonly #sink: RecordSink;
  readonly #reporter: Reporter;
  #last: ChainHead | NewChain;
  #isClosed = false;

  private constructor(sink: RecordSink, reporter: Reporter, last: ChainHead | NewChain) {
    this.#sink = sink;
    this.#reporter = reporter;
    this.#last = last;
  }

  /**
   * Begins to write, with the record of that.
   *
   * @param last the last record of the chain that goes on, or the id of a new one.
   * @throws {AuditUnavailable} if that cannot be written.
   */
  static open(sink: RecordSink, reporter: Reporter, last: ChainHead | NewChain): ChainWriter {
    const writer = new ChainWriter(sink, reporter, last);
    writer.write((place) => lifecycleRecord("sequence" in last ? "continued" : "began", new Date(), place));
    return writer;
  }

  /**
   * Writes a record. Whatever goes wrong on the way, the record is not there.
   *
   * @throws {AuditUnavailable} if it is not written.
   */
  write(make: (place: RecordPlace) => UnsealedRecord): void {
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
      this.write((place) => lifecycleRecord("stopped", new Date(), place));
    } finally {
      this.#isClosed = true;
      this.#sink.close();
    }
  }
}
