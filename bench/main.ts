import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";

import { cloudKinds } from "../model/cloud-target";
import { utcDay } from "../policy-pack/calendar-day";
import { judge, type JudgeOptions } from "../policy-pack/judge";
import type { StackResource } from "../policy-pack/stack-resource";
import { noWaivers } from "../policy-pack/waivers";
import { acceptedAfterChange } from "../test/policy-pack/corpus/random-change";

import { engineCost, memoryOverAMillion } from "./access-decisions";
import { accessInterfaces } from "./access-interfaces";
import { auditCost } from "./audit-cost";
import { measureEgress, usualEffort, type EgressEffort } from "./egress-cost";
import { median } from "./median";
import { meshCost } from "./mesh-cost";
import { packedPolicyPack } from "./packed-policy-pack";
import { comparePeers, type InstalledPeers } from "./peers";
import { measureDetection } from "./phi-detection";
import { memoryText } from "./process-cost";
import { setNames, type SetName } from "./prompts/labelled-prompt";
import { registered } from "./registered";
import { servedJudgement } from "./served-pack";
import { startTime, type StartTime } from "./start-time";
import { syntheticAzureStack } from "./synthetic-azure-stack";
import { syntheticGcpStack } from "./synthetic-gcp-stack";
import { syntheticStack } from "./synthetic-stack";

const root = join(__dirname, "..");
const policyPack = join(root, "policy-pack");
const emptyPack = join(__dirname, "packs", "empty");

function line(what: string, value: string, goal = ""): void {
  process.stdout.write(`${what.padEnd(60)}${value.padStart(14)}   ${goal}`.trimEnd() + "\n");
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
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

/** A stranger's stack of a cloud. */
interface Synthetic {
  readonly cloud: string;
  readonly make: (size: number) => readonly StackResource[];
}

const synthetics: readonly Synthetic[] = [
  { cloud: "AWS", make: syntheticStack },
  { cloud: "Azure", make: syntheticAzureStack },
  { cloud: "Google Cloud", make: syntheticGcpStack },
];

/** How stacks are judged that stand. */
const deployed: JudgeOptions = { dryRun: false, waivers: { ...noWaivers, today: utcDay(new Date()) } };

/** What the judge costs without a server, on a cloud. */
function measureJudge({ cloud, make }: Synthetic): void {
  for (const size of [1_000, 10_000]) {
    const resources = make(size);
    const { findings } = judge(resources, deployed);
    const refusing = findings.find(({ level }) => level === "mandatory");
    if (refusing !== undefined) {
      throw new Error(`the synthetic stack is refused: ${refusing.summary}`);
    }
    const [cold, warm] = [
      timed(1, () => judge(make(size + 1), deployed)),
      timed(9, () => judge(resources, deployed)),
    ];
    line(`judge, ${String(resources.length)} resources on ${cloud}, first run`, milliseconds(cold));
    line(
      `judge, ${String(resources.length)} resources on ${cloud}`,
      milliseconds(warm),
      cloud !== "AWS" ? "" : size === 10_000 ? "goal: under 100 ms" : "goal: a tenth of the next",
    );
  }
}

/** How long the pack takes to serve, from its source and as a package. */
async function measureStart(): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), "bulkhead-bench-"));
  try {
    const packs = [
      ["policy pack, start from its source", policyPack, "goal: under 1 s"],
      ["policy pack, start as a package", packedPolicyPack(temporary).installed, "goal: under 1 s"],
      ["empty policy pack, start", emptyPack, ""],
    ] as const;
    for (const [what, pack, goal] of packs) {
      await startTime(pack); // The first reads files that the others find in memory.
      const times: StartTime[] = [];
      for (let run = 0; run < 5; run += 1) {
        times.push(await startTime(pack));
      }
      line(what, milliseconds(median(times.map(({ wall }) => wall))), goal);
      const processors = times.flatMap(({ processor }) => processor ?? []);
      if (processors.length > 0) {
        line(`${what}, CPU time`, milliseconds(median(processors)));
      }
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** What a stack costs over CrossGuard's protocol: with our pack, and with one that looks at nothing. */
async function measureServed(): Promise<void> {
  for (const size of [100, 1_000, 10_000]) {
    const resources = syntheticStack(size).map(registered);
    for (const [what, pack] of [
      ["policy pack", policyPack],
      ["empty policy pack", emptyPack],
    ] as const) {
      const { analyze, analyzeStack, stackProcessor, cost, violations } = await servedJudgement(
        pack,
        resources,
        5,
      );
      const refusing = violations.find(({ level }) => level === "mandatory");
      if (refusing !== undefined) {
        throw new Error(`the synthetic stack is refused: ${refusing.message}`);
      }
      const stack = `${what}, ${String(resources.length)} resources`;
      line(`${stack}, AnalyzeStack`, milliseconds(analyzeStack));
      if (stackProcessor !== undefined) {
        line(`${stack}, AnalyzeStack, CPU time`, milliseconds(stackProcessor));
      }
      line(`${stack}, one Analyze`, `${(analyze / resources.length).toFixed(2)} ms`);
      line(`${stack}, memory`, memoryText(cost));
    }
  }
}

/** What it costs to ask a decision point, which shares this machine with who asks. */
async function measureInterfaces(): Promise<void> {
  process.stdout.write("asking a decision point ...\n");
  for (const { way, median: middle, slowest, rate, perCore } of await accessInterfaces()) {
    line(`${way}, median`, `${middle.toFixed(2)} ms`);
    line(`${way}, 99 of 100 within`, `${slowest.toFixed(2)} ms`, "goal: under 1 ms");
    line(`${way}, decisions a second, 16 at once`, rate.toFixed(0));
    line(
      `${way}, decisions a second of CPU time`,
      perCore === undefined ? "not measured" : perCore.toFixed(0),
    );
  }
}

/** What the proxies between two workloads cost, which share this machine with both programs. */
async function measureMesh(): Promise<void> {
  process.stdout.write("sending requests past two proxies and through them ...\n");
  const { direct, proxied } = await meshCost();
  for (const [what, { median: middle, slowest, rate }] of [
    ["request from program to program", direct],
    ["request through two proxies", proxied],
  ] as const) {
    line(`${what}, median`, `${middle.toFixed(2)} ms`);
    line(`${what}, slowest of a hundred`, `${slowest.toFixed(2)} ms`);
    line(`${what}, 16 at a time`, `${rate.toFixed(0)} a second`);
  }
  line("two proxies add, median", `${(proxied.median - direct.median).toFixed(2)} ms`);
}

/** What the record of a decision costs, and its verification later. */
function measureAudit(): void {
  process.stdout.write("recording decisions ...\n");
  const { pipeProcessor, file, verification } = auditCost();
  const microseconds = (value: number): string => `${value.toFixed(0)} µs`;
  line("record of a decision to a pipe, CPU time", microseconds(pipeProcessor));
  line("record of a decision to a file, until the disk has it", microseconds(file));
  line("verification of a record", microseconds(verification));
}

/** What decisions cost in process, validated against the schema and not remembered. */
function measureDecisions(): void {
  process.stdout.write("deciding ...\n");
  const { allowed, any, toolCall } = engineCost();
  for (const [what, { rate, median: middle, slowest }, goal] of [
    ["decision in process, allowed", allowed, true],
    ["decision in process, of all that can be asked", any, true],
    ["decision in process, tool call", toolCall, false],
  ] as const) {
    line(what, `${rate.toFixed(0)} a second`, goal ? "of a core; goal: 8000" : "of a core");
    line(`${what}, median`, `${middle.toFixed(3)} ms`);
    line(`${what}, slowest of a hundred`, `${slowest.toFixed(3)} ms`, goal ? "goal: under 1 ms" : "");
  }
  for (const { decisions, megabytes } of memoryOverAMillion()) {
    line(`memory after ${String(decisions)} decisions`, `${megabytes.toFixed(0)} MB`, "goal: the same");
  }
}

/** How many refused stacks are accepted once less of them is shown; by another chance than that of the tests. */
function measureChanges(seed: number): void {
  const cases = 10_000;
  process.stdout.write(`changing refused stacks by chance, seed ${String(seed)} ...\n`);
  for (const cloud of cloudKinds) {
    const begin = performance.now();
    const accepted = acceptedAfterChange({ cloud, seed, cases });
    line(
      `${String(cases)} changed stacks on ${cloud}`,
      `${((performance.now() - begin) / 1000).toFixed(1)} s`,
    );
    line("accepted after the change", String(accepted.length), "goal: 0");
    accepted.forEach((text) => process.stdout.write(`  ${text}\n`));
  }
}

function measurePreview(): void {
  process.stdout.write("previewing and checking types ...\n");
  const previews = [
    ...cloudKinds.map((cloud) => ({
      what: cloud,
      args: ["--", "--cloud", cloud],
      goal: cloud === "aws" ? "goal: under 4 s" : "",
    })),
    { what: "all clouds", args: [], goal: "goal: under 8 s" },
  ];
  for (const { what, args, goal } of previews) {
    const preview = timed(3, () => {
      command("npm", ["run", "--silent", "preview", ...args]);
    });
    line(`offline preview of the reference platform, ${what}`, `${(preview / 1000).toFixed(1)} s`, goal);
  }
}

function measureTypeCheck(): void {
  const { status, stdout } = spawnSync(
    process.execPath,
    ["node_modules/typescript/bin/tsc", "--noEmit", "--extendedDiagnostics"],
    { cwd: root, encoding: "utf8" },
  );
  const diagnostic = (name: string): string =>
    new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(stdout)?.[1] ?? "?";
  if (status !== 0) {
    throw new Error(`types do not check: ${stdout}`);
  }
  line("type check", diagnostic("Total time"));
  line("type check, memory", diagnostic("Memory used"));
}

/** A number of a command line that has to be more than nothing. */
function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) {
    throw new InvalidArgumentError("It has to be a number above 0.");
  }
  return value;
}

async function main(): Promise<void> {
  const options = new Command("npm run bench --")
    .description(
      "Measures what judging, serving, previewing and checking cost. Nothing here passes or fails.",
    )
    .option("--peers", "compare with Checkov and AWSGuard, which are installed into a temporary folder")
    .addOption(
      new Option("--checkov <command>", "the path of Checkov's command, so that it is not installed").implies(
        {
          peers: true,
        },
      ),
    )
    .addOption(
      new Option(
        "--awsguard <folder>",
        "a policy pack that uses AWSGuard, so that it is not installed",
      ).implies({ peers: true }),
    )
    .option("--interfaces", "only ask a decision point by AuthZEN and as enforcement points do")
    .option("--mesh", "only send requests past the proxies of two workloads and through them")
    .option("--audit", "only record decisions, and verify the records")
    .option("--access", "only decide requests, in process")
    .addOption(
      new Option(
        "--phi [set]",
        "only find identifiers in labelled prompts, beside Presidio, which is installed into a cache",
      )
        .choices(setNames)
        .preset("reported"),
    )
    .option("--egress", "only send prompts through the egress guard, and through nginx as a plain proxy")
    .addOption(
      new Option("--seconds <seconds>", "how long --egress sends prompts of a size at a time")
        .argParser(positive)
        .default(usualEffort.seconds),
    )
    .addOption(
      new Option("--requests <count>", "how many requests --egress sends to see what memory becomes")
        .argParser(positive)
        .default(usualEffort.requests),
    )
    .option("--changes [seed]", "only change refused stacks by chance, and judge them again")
    .parse()
    .opts<
      Partial<InstalledPeers> &
        EgressEffort & {
          readonly peers?: true;
          readonly interfaces?: true;
          readonly mesh?: true;
          readonly audit?: true;
          readonly access?: true;
          readonly phi?: SetName;
          readonly egress?: true;
          readonly changes?: true | string;
        }
    >();
  process.stdout.write(`node ${process.version}, ${String(cpus().length)} cores, medians\n`);
  if (options.peers === true) {
    await comparePeers(policyPack, { checkov: options.checkov, awsguard: options.awsguard });
    return;
  }
  if (options.interfaces === true) {
    await measureInterfaces();
    return;
  }
  if (options.mesh === true) {
    await measureMesh();
    return;
  }
  if (options.audit === true) {
    measureAudit();
    return;
  }
  if (options.access === true) {
    measureDecisions();
    return;
  }
  if (options.phi !== undefined) {
    await measureDetection(options.phi);
    return;
  }
  if (options.egress === true) {
    await measureEgress(options);
    return;
  }
  const seed = Math.floor(Date.now() / 1000);
  if (options.changes !== undefined) {
    measureChanges(options.changes === true ? seed : Number(options.changes));
    return;
  }
  synthetics.forEach(measureJudge);
  measureChanges(seed);
  await measureStart();
  await measureServed();
  await measureMesh();
  measureAudit();
  measureDecisions();
  measurePreview();
  measureTypeCheck();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
