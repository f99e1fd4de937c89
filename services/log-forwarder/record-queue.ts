import type { JournalLine, LogRecord } from "./journal-records";

/** What is sent at once. */
export interface Batch {
  readonly records: readonly LogRecord[];
  /** The last entry of the journal that is in it. */
  readonly cursor: string | undefined;
  /** Whether nothing comes after it. */
  readonly isLast: boolean;
}

/** Azure takes a megabyte at once. */
const batchBytes = 900_000;
/** What waits at most. Whoever reads more waits until it is less, and so do those who write to it. */
const queueBytes = 4 * batchBytes;

interface Waiting {
  readonly line: JournalLine;
  readonly bytes: number;
}

/** Lines between who reads them and who sends them. It holds a bounded number of bytes, and loses nothing. */
export class RecordQueue {
  readonly #lines: Waiting[] = [];
  readonly #lingerMilliseconds: number;
  #bytes = 0;
  #isEnded = false;
  #changed: () => void = () => undefined;
  #change: Promise<void>;

  /** @param lingerMilliseconds how long a batch waits for more. */
  constructor(lingerMilliseconds: number) {
    this.#lingerMilliseconds = lingerMilliseconds;
    this.#change = this.#nextChange();
  }

  /** How many lines wait. */
  get size(): number {
    return this.#lines.length;
  }

  /** Puts in a line, as soon as there is room for it. */
  async put(line: JournalLine): Promise<void> {
    const bytes = Buffer.byteLength(JSON.stringify(line.records));
    while (this.#bytes > 0 && this.#bytes + bytes > queueBytes) {
      await this.#change;
    }
    this.#lines.push({ line, bytes });
    this.#bytes += bytes;
    this.#tell();
  }

  /** Nothing more will come. */
  end(): void {
    this.#isEnded = true;
    this.#tell();
  }

  /** The next batch: as much as may be sent at once, or what has come until the time is over. */
  async batch(): Promise<Batch> {
    while (this.#lines.length === 0 && !this.#isEnded) {
      await this.#change;
    }
    const until = Date.now() + this.#lingerMilliseconds;
    while (this.#bytes < batchBytes && !this.#isEnded && Date.now() < until) {
      await this.#changeBefore(until);
    }
    return this.#take();
  }

  #take(): Batch {
    const taken: Waiting[] = [];
    let bytes = 0;
    for (let next = this.#lines[0]; next !== undefined; next = this.#lines[0]) {
      if (taken.length > 0 && bytes + next.bytes > batchBytes) {
        break;
      }
      this.#lines.shift();
      taken.push(next);
      bytes += next.bytes;
    }
    this.#bytes -= bytes;
    this.#tell();
    return {
      records: taken.flatMap(({ line }) => line.records),
      cursor: taken.findLast(({ line }) => line.cursor !== undefined)?.line.cursor,
      isLast: this.#isEnded && this.#lines.length === 0,
    };
  }

  #nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  #tell(): void {
    const changed = this.#changed;
    this.#change = this.#nextChange();
    changed();
  }

  async #changeBefore(until: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, until - Date.now());
    });
    await Promise.race([this.#change, late]);
    clearTimeout(timer);
  }
}
