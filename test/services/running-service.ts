import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";

const root = resolve(__dirname, "../..");

/** Lines of JSON that a service wrote. */
export type Line = Readonly<Record<string, unknown>>;

/** A service in a process of its own. */
export class RunningService {
  readonly process: ChildProcess;
  readonly lines: Line[] = [];
  errors = "";
  #rest = "";
  readonly #ended: Promise<number | null>;

  /** @param main its file: TypeScript from the root of the repository, or a bundle by its absolute path. */
  constructor(main: string, args: readonly string[], environment: Readonly<Record<string, string>>) {
    const path = resolve(root, main);
    const loader = path.endsWith(".ts") ? ["--require", "tsx/cjs"] : [];
    this.process = spawn(process.execPath, [...loader, path, ...args], {
      cwd: root,
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.process.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const parts = (this.#rest + text).split("\n");
      this.#rest = parts.pop() ?? "";
      this.lines.push(...parts.map((line) => JSON.parse(line) as Line));
    });
    this.process.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.errors += text;
    });
    this.#ended = once(this.process, "close").then(([code]) => code as number | null);
  }

  /** Its exit code, when it has ended. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  /** Waits for a line. */
  async line(which: (line: Line) => boolean, seconds = 60): Promise<Line> {
    const until = Date.now() + seconds * 1000;
    for (;;) {
      const found = this.lines.find(which);
      if (found !== undefined) {
        return found;
      }
      if (Date.now() > until || this.process.exitCode !== null) {
        throw new Error(
          `no such line in:\n${this.lines.map((line) => JSON.stringify(line)).join("\n")}\n${this.errors}`,
        );
      }
      await new Promise((wake) => setTimeout(wake, 20));
    }
  }

  /** Ends it as a container is ended. */
  async stop(): Promise<number | null> {
    this.process.kill("SIGTERM");
    return this.#ended;
  }
}
