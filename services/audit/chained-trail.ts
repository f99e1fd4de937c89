import type { AuditEvent, AuditTrail } from "./audit-event";
import { activityRecord } from "./activity-record";
import { inVocabulary, type AuditVocabulary } from "./audit-vocabulary";
import { ChainWriter } from "./chain-writer";
import type { ChainHead, NewChain } from "./record-chain";
import type { Reporter } from "./record-place";
import type { RecordSink } from "./record-sink";

/** The trail of decisions and tool calls of one replica: a chain of hashes, in declared names alone. */
export class ChainedTrail implements AuditTrail {
  readonly #writer: ChainWriter;
  readonly #vocabulary: AuditVocabulary;

  constructor(writer: ChainWriter, vocabulary: AuditVocabulary) {
    this.#writer = writer;
    this.#vocabulary = vocabulary;
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
    return new ChainedTrail(ChainWriter.open(sink, reporter, last), vocabulary);
  }

  append(event: AuditEvent): void {
    this.#writer.write((place) => activityRecord(inVocabulary(event, this.#vocabulary), place));
  }

  /**
   * Writes the last record. Whatever comes after it cannot be recorded, and is denied.
   *
   * @throws {AuditUnavailable} if it cannot be written; the trail is closed all the same.
   */
  close(): void {
    this.#writer.close();
  }
}
