import { fork, type ChildProcess } from "node:child_process";
import { resolve } from "node:path";

import { watch as watchFiles } from "chokidar";

import { reportSchema, type Report, type ReportedConnection } from "../policy-pack/report/report";

import { collected } from "./child-output";
import { failureOf } from "./failure";
import { LivePage, type DrawPage } from "./live-page";
import { errorPage } from "./page/error-page";
import { reportPage } from "./page/report-page";
import { waitingPage } from "./page/waiting-page";
import { exitCode } from "./run-command";
import type { ProgramStack } from "./stack-file";
import { isUnwatched, watchedPaths } from "./watched-paths";

/** Several files that are saved together are one change. */
const settleMs = 150;

/** How many connections are printed one by one, of those that a change opens, and of those that it closes. */
const mostPrinted = 8;

export interface Watched {
  /** Arguments of the preview, without the one that watches. */
  readonly args: readonly string[];
  /** The program's folder. */
  readonly program: string;
  /** Files and folders besides the program's that decide. */
  readonly others: readonly string[];
  /** Files that the preview itself writes. */
  readonly written: readonly string[];
  /** Reads the stack; it may fail while it is being edited. */
  readonly stack: () => ProgramStack;
}

/** What a run has said. */
type Result = { readonly report: Report } | { readonly failure: string };

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** A run of the preview in a process of its own, so that every source file is read anew. */
class Run {
  readonly #child: ChildProcess;
  readonly result: Promise<Result>;

  constructor(args: readonly string[]) {
    this.#child = fork(resolve(__dirname, "start.js"), ["main", ...args, "--json"], {
      execArgv: ["--max-semi-space-size=64", "--require", resolve(__dirname, "lean-runtime.js")],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    const { stdout, stderr } = this.#child;
    const said: Buffer[] = [];
    stdout?.on("data", (piece: Buffer) => said.push(piece));
    const wrong = stderr === null ? () => "" : collected(stderr);
    this.#child.on("message", (message) => {
      if (typeof message === "object" && "progress" in message && typeof message.progress === "string") {
        print(`  ${message.progress} ...`);
      }
    });
    this.result = new Promise((resolveResult) => {
      this.#child.on("error", (error) => {
        resolveResult({ failure: error.message });
      });
      this.#child.on("close", (code) => {
        if (code === exitCode.accepted || code === exitCode.refused) {
          try {
            resolveResult({ report: reportSchema.parse(JSON.parse(Buffer.concat(said).toString())) });
          } catch (error) {
            resolveResult({ failure: `The preview printed no report: ${String(error)}` });
          }
        } else {
          resolveResult({ failure: wrong().trim() || `The preview ended with ${String(code)}.` });
        }
      });
    });
  }

  stop(): void {
    this.#child.kill();
  }
}

function keyOf({ from, to, protocol, port }: ReportedConnection): string {
  return `${from} to ${to}, ${protocol} ${port}`;
}

/** What is open now and was not before, and the other way round. */
function changeLines(before: Report | undefined, now: Report): readonly string[] {
  if (before === undefined) {
    return [];
  }
  const [was, is] = [new Set(before.matrix.map(keyOf)), new Set(now.matrix.map(keyOf))];
  const listed = (sign: string, keys: readonly string[]): readonly string[] => [
    ...keys.slice(0, mostPrinted).map((key) => `  ${sign} ${key}`),
    ...(keys.length > mostPrinted ? [`  ${sign} ${String(keys.length - mostPrinted)} more`] : []),
  ];
  const lines = [
    ...listed(
      "+",
      [...is].filter((key) => !was.has(key)),
    ),
    ...listed(
      "-",
      [...was].filter((key) => !is.has(key)),
    ),
  ];
  return lines.length === 0 ? ["  opens nothing and closes nothing since the last run"] : lines;
}

function verdictLine({ verdict, findings, matrix, durationMs }: Report): string {
  const mandatory = findings.filter(({ level, waiver }) => level === "mandatory" && waiver === null);
  const [first] = mandatory;
  const why = first === undefined ? "" : `\n  ${first.rule}: ${first.summary.split("\n")[0] ?? ""}`;
  const more = mandatory.length > 1 ? `\n  and ${String(mandatory.length - 1)} more` : "";
  return `${verdict.toUpperCase()}  ${String(matrix.length)} connections, ${String(mandatory.length)} mandatory findings, ${(durationMs / 1000).toFixed(1)} s${why}${more}`;
}

/**
 * Previews again whenever something changes that a preview rests on, and shows each result on a page of its own, until
 * it is interrupted. Runs follow one another: what changes during one is judged by the next.
 */
export async function watch({ args, program, others, written, stack }: Watched): Promise<number> {
  const stackOrNot = (): ProgramStack | undefined => {
    try {
      return stack();
    } catch {
      return undefined; // The run says why.
    }
  };
  const watched = new Set(watchedPaths(program, stackOrNot(), others));
  const own = new Set(written.map((path) => resolve(path)));
  const files = watchFiles([...watched], {
    ignoreInitial: true,
    ignored: (path, stats) =>
      own.has(resolve(path)) || isUnwatched(resolve(path), stats?.isDirectory(), watched),
  });
  const live = await LivePage.open(waitingPage);
  print(`Watching. The page is at ${live.address}, Ctrl-C ends.`);

  let run: Run | undefined;
  let last: Report | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isDirty = false;
  let isOver = false;

  const show = async (result: Result): Promise<void> => {
    let draw: DrawPage;
    if ("report" in result) {
      const { report } = result;
      print([verdictLine(report), ...changeLines(last, report)].join("\n"));
      last = report;
      draw = (served) => reportPage(report, { served });
    } else {
      print(`COULD NOT RUN\n${result.failure.replaceAll(/^/gm, "  ")}`);
      const failure = failureOf(result.failure, stackOrNot());
      draw = (served) => errorPage(failure, { served });
    }
    await live.show(draw);
  };
  const start = (): void => {
    isDirty = false;
    run = new Run(args);
    void run.result
      .then((result) => (isOver ? undefined : show(result)))
      .catch((error: unknown) => {
        print(`COULD NOT RUN\n  ${String(error)}`);
      })
      .finally(() => {
        run = undefined;
        const added = watchedPaths(program, stackOrNot(), others).filter((path) => !watched.has(path));
        for (const path of added) {
          watched.add(path);
        }
        files.add(added);
        if (isDirty && !isOver) {
          start();
        }
      });
  };
  files.on("all", (_, path) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      print(`\n${path} changed`);
      if (run === undefined) {
        start();
      } else {
        isDirty = true;
      }
    }, settleMs);
  });
  start();

  await new Promise<void>((resolveEnd) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, resolveEnd);
    }
  });
  isOver = true;
  clearTimeout(timer);
  run?.stop();
  live.close();
  await files.close();
  return exitCode.accepted;
}
