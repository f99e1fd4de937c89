import { Refused } from "./refusal";

/** An event of a stream of Server-Sent Events (WHATWG HTML, "Server-sent events"), as it came. */
export interface EventFrame {
  /** Its bytes, with the blank line behind them. */
  readonly bytes: Buffer;
  /** Its lines but for those of data, such as `event: ping`, and comments. */
  readonly others: readonly string[];
  /** Its data; `undefined` if it has none. */
  readonly data: string | undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function frameOf(bytes: Buffer): EventFrame {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new Refused("answer-unreadable");
  }
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  // Readers take a carriage return by itself for the end of a line, and a mark at the beginning for nothing.
  if (lines.some((line) => line.includes("\r") || line.startsWith("\uFEFF"))) {
    throw new Refused("answer-unreadable");
  }
  const isData = (line: string): boolean => line === "data" || line.startsWith("data:");
  const data = lines.filter(isData).map((line) => line.slice(5).replace(/^ /, ""));
  return {
    bytes,
    others: lines.filter((line) => !isData(line)),
    data: data.length === 0 ? undefined : data.join("\n"),
  };
}

/** Cuts the bytes of a stream into its events. */
export class EventFrames {
  readonly #mostBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  /** How far the rest was looked through for its end already. */
  #seen = 0;

  /** @param mostBytes how large an event may be. */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /**
   * The events that are whole with these bytes.
   *
   * @throws {Refused} if one is too large, or cannot be read.
   */
  take(chunk: Buffer): readonly EventFrame[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: EventFrame[] = [];
    let start = 0;
    for (;;) {
      const end = this.#endOfFrame(Math.max(start, this.#seen));
      if (end === undefined) {
        break;
      }
      frames.push(frameOf(this.#rest.subarray(start, end)));
      start = end;
      this.#seen = end;
    }
    this.#rest = this.#rest.subarray(start);
    // Three bytes of what ends an event may be there.
    this.#seen = Math.max(0, this.#rest.length - 3);
    if (this.#rest.length > this.#mostBytes) {
      throw new Refused("answer-unreadable");
    }
    return frames;
  }

  /** What is there behind the last event, which is none. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** The first byte behind a blank line. */
  #endOfFrame(from: number): number | undefined {
    for (let at = this.#rest.indexOf(lineFeed, from); at !== -1; at = this.#rest.indexOf(lineFeed, at + 1)) {
      const before = this.#rest[at - 1] === carriageReturn ? at - 2 : at - 1;
      if (this.#rest[before] === lineFeed) {
        return at + 1;
      }
    }
    return undefined;
  }
}

/** An event with other data: its lines are as they were, and its data is one line. */
export function frameWith({ others }: EventFrame, data: string): Buffer {
  return Buffer.from([...others, `data: ${data}`, "", ""].join("\n"));
}
