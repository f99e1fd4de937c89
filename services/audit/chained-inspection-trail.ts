import type { InspectionDocument } from "../../model/inspection-document";

import type { ChainWriter } from "./chain-writer";
import type { InspectionEvent, InspectionTrail } from "./inspection-event";
import { inspectionRecord } from "./inspection-record";
import { declaredInspection } from "./inspection-vocabulary";

/** The trail of inspections of one replica: a chain of hashes, in declared names alone. */
export class ChainedInspectionTrail implements InspectionTrail {
  readonly #writer: ChainWriter;
  readonly #document: InspectionDocument;

  constructor(writer: ChainWriter, document: InspectionDocument) {
    this.#writer = writer;
    this.#document = document;
  }

  append(event: InspectionEvent): void {
    this.#writer.write((place) => inspectionRecord(declaredInspection(event, this.#document), place));
  }

  /**
   * Writes the last record.
   *
   * @throws {AuditUnavailable} if it cannot be written; the trail is closed all the same.
   */
  close(): void {
    this.#writer.close();
  }
}
