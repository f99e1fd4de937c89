import { z } from "zod";

/** A row of a workload's table, in the columns that the collection rule declares. */
export interface LogRecord {
  readonly TimeGenerated: string;
  readonly Record: {
    readonly message: string;
    readonly host?: string;
    /** The container that said it, or the unit. */
    readonly container?: string;
    /** The syslog priority (RFC 5424 §6.2.1). */
    readonly priority?: string;
    /** Which entry of the journal it is: a row that arrived twice has the same. */
    readonly cursor?: string;
    /** Which part of the entry's text this is, and of how many, if one row does not hold it. */
    readonly part?: number;
    readonly parts?: number;
  };
}

/** A line of the journal as rows. */
export interface JournalLine {
  readonly records: readonly LogRecord[];
  /** What is wrong with the line: it is no entry, or its text is not in it. It is sent all the same. */
  readonly fault: "unreadable" | "without-text" | undefined;
  readonly cursor: string | undefined;
}

/** A field of the journal: a text; bytes that are no text; or nothing, if it is long and `--all` was not asked for. */
const field = z.union([z.string(), z.array(z.int().min(0).max(255)), z.null()]);

const entrySchema = z.object({
  __CURSOR: z.string().optional(),
  __REALTIME_TIMESTAMP: z.string().regex(/^\d+$/),
  MESSAGE: field.optional(),
  PRIORITY: z.string().optional(),
  _HOSTNAME: z.string().optional(),
  _SYSTEMD_UNIT: z.string().optional(),
});

/** Azure cuts what is longer than 64 KB in one column, and says nothing of it; four bytes are the most of a character. */
const mostCharacters = 15_000;

function entryOf(line: string): z.output<typeof entrySchema> | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** A text in parts that a column holds. No character is cut in two. */
function parts(text: string): readonly string[] {
  const found = [];
  for (let start = 0; start < text.length;) {
    let end = Math.min(start + mostCharacters, text.length);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) {
      end -= 1;
    }
    found.push(text.slice(start, end));
    start = end;
  }
  return found.length === 0 ? [""] : found;
}

function rows(time: string, text: string, said: Omit<LogRecord["Record"], "message">): readonly LogRecord[] {
  const texts = parts(text);
  return texts.map((message, index) => ({
    TimeGenerated: time,
    Record: {
      message,
      ...said,
      ...(texts.length === 1 ? {} : { part: index + 1, parts: texts.length }),
    },
  }));
}

/**
 * The rows of one line of `journalctl --output=json` (systemd documentation, "Journal Export Formats").
 *
 * @param now when a line came that does not say when it was written.
 */
export function journalLine(line: string, now: Date): JournalLine {
  const entry = entryOf(line);
  if (entry === undefined) {
    return { records: rows(now.toISOString(), line, {}), fault: "unreadable", cursor: undefined };
  }
  const {
    MESSAGE: message,
    __CURSOR: cursor,
    _HOSTNAME: host,
    _SYSTEMD_UNIT: unit,
    PRIORITY: priority,
  } = entry;
  const isMissing = message === null || message === undefined;
  const text = isMissing
    ? "The journal's reader left this text out."
    : typeof message === "string"
      ? message
      : Buffer.from(message).toString("utf8");
  const container = unit === undefined ? undefined : (/^bulkhead-(.*)\.service$/.exec(unit)?.[1] ?? unit);
  return {
    records: rows(new Date(Number(entry.__REALTIME_TIMESTAMP) / 1000).toISOString(), text, {
      ...(host === undefined ? {} : { host }),
      ...(container === undefined ? {} : { container }),
      ...(priority === undefined ? {} : { priority }),
      ...(cursor === undefined ? {} : { cursor }),
    }),
    fault: isMissing ? "without-text" : undefined,
    cursor,
  };
}
