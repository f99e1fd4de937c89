/** Where lines of records go. */
export interface RecordSink {
  /**
   * Writes a line, whole or not at all as far as readers of records can tell.
   *
   * @param line one record, with the line feed behind it.
   * @throws {AuditUnavailable} if it was not written.
   */
  write(line: string): void;
  /** Writes nothing any more. */
  close(): void;
}
