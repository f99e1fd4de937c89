import { randomUUID } from "node:crypto";
import { hostname } from "node:os";

import { AuditUnavailable } from "./audit-event";
import { ChainWriter } from "./chain-writer";
import { FileSink } from "./file-sink";
import { foundRecord, type FoundRecord } from "./found-record";
import { PipeSink } from "./pipe-sink";

/** Who writes a chain of records, and where to. */
export interface ChainSettings {
  /** The id of the workload that writes it, such as `decision-point`. */
  readonly workload: string;
  /** Its SPIFFE ID. */
  readonly uid: string;
  /** Where `BULKHEAD_AUDIT_FILE` may name a file for the records; they go to standard output without it. */
  readonly environment: NodeJS.ProcessEnv;
}

function recordIn(line: string): FoundRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? foundRecord(value) : undefined;
  } catch {
    return undefined;
  }
}

/** The last record of a file, which the next one is bound to: one that was changed is nothing to go on from. */
function lastRecord(sink: FileSink, path: string, authority: string): FoundRecord | undefined {
  const found = sink.lastLines().findLast((line) => recordIn(line) !== undefined);
  const last = found === undefined ? undefined : recordIn(found);
  if (last !== undefined && (!last.isIntact || last.authority !== authority)) {
    throw new AuditUnavailable(
      `The last record of ${path} ${last.isIntact ? `is that of ${last.authority}` : "was changed"}. Keep the file for whoever looks into it, and name another one.`,
    );
  }
  return last;
}

/**
 * Opens the chain of a replica. In a file the chain goes on behind its last record; to standard output, which
 * cannot be read, each start begins a chain.
 *
 * @throws {AuditUnavailable} if records cannot be written: the program must not answer anything.
 */
export function openChain({ workload, uid, environment }: ChainSettings): ChainWriter {
  const reporter = { name: workload, uid, hostname: hostname() };
  const newChain = { chain: randomUUID() };
  const path = environment["BULKHEAD_AUDIT_FILE"];
  if (path === undefined) {
    return ChainWriter.open(PipeSink.standardOutput(), reporter, newChain);
  }
  const sink = FileSink.open(path);
  try {
    const last = lastRecord(sink, path, uid);
    sink.endTornLine();
    return ChainWriter.open(sink, reporter, last ?? newChain);
  } catch (error) {
    sink.close();
    throw error;
  }
}
