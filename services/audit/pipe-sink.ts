import { fstatSync, writeSync } from "node:fs";

import { AuditUnavailable } from "./audit-event";
import type { RecordSink } from "./record-sink";

/** How long a line waits for whoever reads the pipe: less than enforcement points wait for an answer (250 ms). */
const patienceMilliseconds = 100;

/** Linux, admin-guide/devices.txt: the null device is character device 1:3. */
const nullDevice = 0x103;

const asleep = new Int32Array(new SharedArrayBuffer(4));

function sleepOneMillisecond(): void {
  Atomics.wait(asleep, 0, 0, 1);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/**
 * The pipe of a container's log. A line is written once the pipe has taken all of it; who reads the pipe ships it from there.
 *
 * A pipe that is full is waited for, but not for long, and once it was waited for in vain, not again until it takes something:
 * every request would be as late as the first. Of a line that did not fit, a part may be in the pipe. The next line begins a
 * new one, so that a part is no record.
 */
export class PipeSink implements RecordSink {
  readonly #fd: number;
  #isStuck = false;
  #isMidLine = false;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @throws {AuditUnavailable} if what is written there is kept nowhere. */
  static standardOutput(): PipeSink {
    // Node.js makes a pipe non-blocking when it is first asked for. A write to a full pipe would never return otherwise.
    const { fd } = process.stdout;
    const state = fstatSync(fd);
    if (state.isCharacterDevice() && state.rdev === nullDevice) {
      throw new AuditUnavailable(
        "Records would go to the null device. Let whoever starts the program read its standard output, or set BULKHEAD_AUDIT_FILE.",
      );
    }
    return new PipeSink(fd);
  }

  write(line: string): void {
    const bytes = Buffer.from(this.#isMidLine ? `\n${line}` : line);
    const deadline = performance.now() + (this.#isStuck ? 0 : patienceMilliseconds);
    for (let written = 0; written < bytes.length;) {
      try {
        written += writeSync(this.#fd, bytes, written);
        this.#isMidLine = written < bytes.length;
      } catch (error) {
        if (codeOf(error) !== "EAGAIN") {
          throw new AuditUnavailable(`The record could not be written to the pipe: ${codeOf(error)}.`);
        }
        if (performance.now() >= deadline) {
          this.#isStuck = true;
          throw new AuditUnavailable("The record could not be written: nobody reads the pipe.");
        }
        sleepOneMillisecond();
      }
    }
    this.#isStuck = false;
  }

  close(): void {
    // The pipe is the program's own, for whatever else it says.
  }
}
