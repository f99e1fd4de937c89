import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { AuditUnavailable } from "./audit-event";
import type { RecordSink } from "./record-sink";

/** How much of the end of a file is read to find its last record: many times what a record has at the most. */
const mostBytesAtEnd = 256 * 1024;

function described(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A new file is there after a crash only if its folder has been written as well. */
function syncFolder(file: string): void {
  const folder = openSync(dirname(file), constants.O_RDONLY);
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * A file of one replica. A line is written once the disk says that it has it (POSIX fdatasync).
 *
 * Nothing else may write into the file or take it away while it is open; that is seen before each line. After a disk has
 * once failed to say that it has a line, nobody knows what it has, so nothing is written until the program is started again.
 */
export class FileSink implements RecordSink {
  readonly #path: string;
  readonly #fd: number;
  #size: number;
  #ruin: string | undefined;

  private constructor(path: string, fd: number, size: number) {
    this.#path = path;
    this.#fd = fd;
    this.#size = size;
  }

  /** @throws {AuditUnavailable} if it cannot be opened. */
  static open(path: string): FileSink {
    try {
      const fd = openSync(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT, 0o600);
      const state = fstatSync(fd);
      if (!state.isFile()) {
        closeSync(fd);
        throw new Error("it is no regular file");
      }
      syncFolder(path);
      return new FileSink(path, fd, state.size);
    } catch (error) {
      throw new AuditUnavailable(`The file of records ${path} cannot be opened: ${described(error)}.`);
    }
  }

  /** The last lines of the file, the first of which may lack its beginning. */
  lastLines(): readonly string[] {
    const bytes = Buffer.alloc(Math.min(this.#size, mostBytesAtEnd));
    const read = readSync(this.#fd, bytes, 0, bytes.length, this.#size - bytes.length);
    return bytes.toString("utf8", 0, read).split("\n");
  }

  /** Ends a line that a crash cut off, so that what follows is a line of its own. */
  endTornLine(): void {
    if (this.lastLines().at(-1) !== "") {
      this.write("\n");
    }
  }

  write(line: string): void {
    if (this.#ruin !== undefined) {
      throw new AuditUnavailable(this.#ruin);
    }
    this.#refuseOthers();
    const bytes = Buffer.from(line);
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#fd, bytes, written);
      }
    } catch (error) {
      this.#takeBack();
      throw new AuditUnavailable(`${this.#path} does not take the record: ${described(error)}.`);
    }
    try {
      fdatasyncSync(this.#fd);
    } catch (error) {
      this.#fail(`${this.#path} may not be on the disk: ${described(error)}. Start the program again.`);
    }
    this.#size += bytes.length;
  }

  close(): void {
    this.#ruin ??= "The trail of records is closed.";
    closeSync(this.#fd);
  }

  #refuseOthers(): void {
    const { size, nlink } = fstatSync(this.#fd);
    if (nlink === 0) {
      this.#fail(`${this.#path} was taken away. Start the program again.`);
    }
    if (size !== this.#size) {
      this.#fail(
        `Something else writes to ${this.#path}. Give each replica a file of its own, and start it again.`,
      );
    }
  }

  /** Removes the part of a line that was written. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#fd, this.#size);
    } catch (error) {
      this.#fail(`${this.#path} holds a part of a record: ${described(error)}. Start the program again.`);
    }
  }

  #fail(problem: string): never {
    this.#ruin = problem;
    throw new AuditUnavailable(problem);
  }
}
