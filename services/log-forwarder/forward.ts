import { rename, writeFile } from "node:fs/promises";

import { journalLine } from "./journal-records";
import { upload, type Send } from "./log-upload";
import { RecordQueue } from "./record-queue";
import { textLines } from "./text-lines";

/** What has come and gone since the forwarder was started. Whatever was read was sent, refused, or waits. */
export interface Counts {
  /** Lines that were read. */
  read: number;
  /** Lines that were no entries of the journal; they were sent as they are. */
  unreadable: number;
  /** Entries whose text the journal's reader left out. */
  withoutText: number;
  /** Rows that Azure has taken. */
  sent: number;
  /** Rows that Azure will never take. */
  refused: number;
}

/** What the forwarder says of itself, as one line of JSON. */
export type Say = (line: { readonly event: string } & Readonly<Record<string, unknown>>) => void;

export interface ForwardArgs {
  readonly input: AsyncIterable<Buffer>;
  readonly send: Send;
  readonly say: Say;
  /** Where the last entry that arrived is written down. */
  readonly cursorFile: string | undefined;
  /** How long a batch waits for more, and how often counts are told, in seconds. */
  readonly lingerSeconds: number;
  readonly tellSeconds: number;
  /** Gives up what has not arrived yet. */
  readonly signal: AbortSignal;
}

async function writeCursor(path: string, cursor: string): Promise<void> {
  await writeFile(`${path}.unfinished`, `${cursor}\n`);
  await rename(`${path}.unfinished`, path);
}

/**
 * Sends each line that comes, in its order. While Azure takes nothing, nothing more is read than fits into a few megabytes,
 * and whoever writes the lines has to wait. An entry is sent again, rather than lost, if it is not known to have arrived.
 *
 * @returns what has come and gone, when there is no more input and all of it was sent or refused.
 * @throws if the signal is given before that.
 */
export async function forward(args: ForwardArgs): Promise<Counts> {
  const { input, send, say, cursorFile, lingerSeconds, tellSeconds, signal } = args;
  const counts: Counts = { read: 0, unreadable: 0, withoutText: 0, sent: 0, refused: 0 };
  const queue = new RecordQueue(lingerSeconds * 1000);

  const tell = (): void => {
    say({ event: "forwarded", ...counts, waiting: queue.size });
  };

  async function read(): Promise<void> {
    try {
      for await (const text of textLines(input)) {
        const line = journalLine(text, new Date());
        counts.read += 1;
        counts.unreadable += line.fault === "unreadable" ? 1 : 0;
        counts.withoutText += line.fault === "without-text" ? 1 : 0;
        await queue.put(line);
      }
    } finally {
      queue.end();
    }
  }

  async function write(): Promise<void> {
    for (;;) {
      const { records, cursor, isLast } = await queue.batch();
      if (records.length > 0) {
        const { sent, refused } = await upload(
          records,
          send,
          (problem, retryInSeconds) => {
            say({ event: "not-forwarded", problem, rows: records.length, retryInSeconds });
          },
          signal,
        );
        counts.sent += sent;
        counts.refused += refused;
        if (cursorFile !== undefined && cursor !== undefined) {
          await writeCursor(cursorFile, cursor);
        }
      }
      if (isLast) {
        return;
      }
    }
  }

  const teller = setInterval(tell, tellSeconds * 1000);
  try {
    await Promise.all([read(), write()]);
    return counts;
  } finally {
    clearInterval(teller);
    tell();
  }
}
