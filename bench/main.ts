import { spawnSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";

import { judge } from "../policy-pack/judge";

import { syntheticStack } from "./synthetic-stack";

const root = join(__dirname, "..");

function line(what: string, value: string, goal: string): void {
  process.stdout.write(`${what.padEnd(52)}${value.padStart(14)}   ${goal}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Median time of some runs, in milliseconds. */
function timed(runs: number, run: () => void): number {
  return median(
    Array.from({ length: runs }, () => {
      const begin = performance.now();
      run();
      return performance.now() - begin;
    }),
  );
}

function command(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${program} ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
  }
}

process.stdout.write(`node ${process.version}, ${String(cpus().length)} cores, medians\n`);

for (const size of [1_000, 10_000]) {
  const resources = syntheticStack(size);
  const refusing = judge(resources, { dryRun: false }).findings.filter(({ level }) => level === "mandatory");
  if (refusing.length > 0) {
    throw new Error(`the synthetic stack is refused: ${refusing[0]?.summary ?? ""}`);
  }
  const [cold, warm] = [
    timed(1, () => judge(syntheticStack(size + 1), { dryRun: false })),
    timed(9, () => judge(resources, { dryRun: false })),
  ];
  line(`judge, ${String(resources.length)} resources, first run`, `${cold.toFixed(0)} ms`, "");
  line(
    `judge, ${String(resources.length)} resources`,
    `${warm.toFixed(0)} ms`,
    size === 10_000 ? "goal: under 100 ms" : "goal: a tenth of the next",
  );
}

process.stdout.write("previewing and checking types ...\n");
const preview = timed(3, () => {
  command("npm", ["run", "--silent", "preview", "--", "--cloud", "aws"]);
});
line("offline preview of the reference platform", `${(preview / 1000).toFixed(1)} s`, "goal: under 4 s");

const { status, stdout } = spawnSync(
  process.execPath,
  ["node_modules/typescript/bin/tsc", "--noEmit", "--extendedDiagnostics"],
  { cwd: root, encoding: "utf8" },
);
const diagnostic = (name: string): string => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "?";
if (status !== 0) {
  throw new Error(`types do not check: ${stdout}`);
}
line("type check", diagnostic("Total time"), "");
line("type check, memory", diagnostic("Memory used"), "");
