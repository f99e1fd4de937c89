import { spawn, type ChildProcess } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

/** A line of a proxy's access log. */
export type LogLine = Readonly<Record<string, string | number | null>>;

/** An Envoy that a test has started, with what it has written so far. */
export class RunningEnvoy {
  readonly lines: LogLine[] = [];
  /** What it says of itself: warnings and errors. */
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;

  private constructor(program: string, args: readonly string[]) {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.lines.push(JSON.parse(line) as LogLine);
    });
    createInterface({ input: child.stderr }).on("line", (line) => this.complaints.push(line));
  }

  /** Starts Envoy, and waits until it takes connections. */
  static async start(
    program: string,
    args: readonly string[],
    listening: { readonly address: string; readonly port: number },
  ): Promise<RunningEnvoy> {
    const envoy = new RunningEnvoy(program, args);
    const end = Date.now() + 60_000;
    while (!(await envoy.#accepts(listening.address, listening.port))) {
      if (envoy.#process.exitCode !== null || Date.now() > end) {
        envoy.#process.kill("SIGKILL");
        throw new Error(`Envoy does not take connections: ${envoy.complaints.join("\n")}`);
      }
      await sleep(25);
    }
    return envoy;
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) {
      throw new Error("Envoy did not start");
    }
    return pid;
  }

  /** The first line that satisfies a condition, once it is written. */
  async line(what: string, condition: (line: LogLine) => boolean): Promise<LogLine> {
    // Lines are kept back a second at most, and a machine may be busy.
    const end = Date.now() + 10_000;
    for (;;) {
      const found = this.lines.find(condition);
      if (found !== undefined) {
        return found;
      }
      if (Date.now() > end) {
        throw new Error(`Envoy wrote no line of ${what}`);
      }
      await sleep(25);
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const ended = new Promise((resolve) => this.#process.once("exit", resolve));
      this.#process.kill("SIGTERM");
      await ended;
    }
  }

  #accepts(address: string, port: number): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(port, address);
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => {
        resolve(false);
      });
    });
  }
}
