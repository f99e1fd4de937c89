// Previews the base and then the head with the policy pack, its configuration and the waivers of the base, and writes down
// what came of it. It decides nothing: the head's program runs here, so nothing of this machine is to be trusted
// afterwards. decide.mjs decides, on another one.

import { Buffer } from "node:buffer";
import { spawn } from "node:child_process";
import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { clearTimeout, setTimeout } from "node:timers";

import { commits, fileIn, placeIn, places, previewMode, Refusal, required } from "./gate-settings.mjs";
import { previewEnvironment, previewOptions } from "./preview-options.mjs";
import { annotate, quote, runStep } from "./workflow-command.mjs";

/** How much of what a preview says is kept; what is beyond counts as missing. */
const mostBytes = 32 * 1024 * 1024;

/** How much of it is shown in the log. */
const mostShown = 20_000;

/** How long one preview may take. */
const timeoutMs = Number(process.env["BULKHEAD_PREVIEW_MINUTES"] || "20") * 60_000;

/** Events of the engine by which the gate decides. The others hold the stack's configuration and inputs, and are not kept. */
const events = [
  "policyEvent",
  "policyLoadEvent",
  "policyAnalyzeStackSummaryEvent",
  "summaryEvent",
  "cancelEvent",
];

/** Whether a line that the engine writes is kept. */
function isKept(line) {
  let event;
  try {
    event = JSON.parse(line);
  } catch {
    return line.trim() !== "";
  }
  return (
    events.some((name) => event?.[name] !== undefined) ||
    (event?.diagnosticEvent !== undefined && event.diagnosticEvent.severity !== "debug")
  );
}

/**
 * Runs a preview to its end.
 *
 * @param {object} preview its command, and besides: `into`, the file of what is kept; `keep` and `show`, which lines are kept, and
 * shown in the log.
 */
async function run({ command, args, cwd, env, into, keep, show }) {
  const file = createWriteStream(into);
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let bytes = 0;
  let isTruncated = false;
  let tail = "";
  const take = (line) => {
    bytes += Buffer.byteLength(line) + 1;
    isTruncated ||= bytes > mostBytes;
    if (!isTruncated) {
      file.write(`${line}\n`);
    }
  };
  for (const stream of ["stdout", "stderr"]) {
    createInterface({ input: child[stream] }).on("line", (line) => {
      if (keep(line, stream)) {
        take(line);
      }
      if (show(line)) {
        tail = `${tail}${line}\n`.slice(-mostShown);
      }
    });
  }
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill(-child.pid, "SIGKILL");
  }, timeoutMs);
  const exitCode = await new Promise((done, fail) => {
    child.on("error", (error) => fail(new Refusal(`${command} could not be started: ${error.message}`)));
    child.on("close", done);
  }).finally(() => clearTimeout(timer));
  await new Promise((done) => file.end(done));
  quote(tail);
  return { exitCode, isTruncated, isLate };
}

const out = resolve(required("BULKHEAD_OUT"));

/** The command that previews one of the checkouts, and where it writes. */
function commandFor(which, mode, where, options, environment, baseReport) {
  const { base, gate, program, policyConfig, waivers } = where;
  const checkout = where[which];
  const folder = placeIn(checkout, program);
  if (folder === undefined) {
    throw new Refusal(`${program} is not in the ${which}.`);
  }
  const stack = required("BULKHEAD_STACK");
  if (!/^[A-Za-z0-9][A-Za-z0-9_./-]*$/.test(stack)) {
    throw new Refusal(`BULKHEAD_STACK is ${stack}, which is no name of a stack.`);
  }
  const pack = join(base, gate, "policy-pack");
  const [config, waived] = [fileIn(base, policyConfig), fileIn(base, waivers)];
  const report = join(out, which);
  mkdirSync(report, { recursive: true });
  const into = join(out, `${which}.log`);
  const packOptions = [
    "--policy-pack",
    pack,
    ...(config === undefined ? [] : ["--policy-pack-config", config]),
  ];
  if (mode === "offline") {
    return {
      command: "npm",
      args: [
        ...["run", "--silent", "preview", "--", "--program", folder, "--stack", stack, ...packOptions],
        ...(waived === undefined ? [] : ["--waivers", waived]),
        ...["--report", report, ...(baseReport === undefined ? [] : ["--base", baseReport]), ...options],
      ],
      cwd: join(base, gate),
      env: environment,
      into,
      // The report is on the standard output, and in its own file; what the program says can be in it.
      keep: (_, stream) => stream === "stderr",
      show: () => true,
    };
  }
  return {
    command: "pulumi",
    args: ["preview", "--non-interactive", "--json", "--stack", stack, ...packOptions, ...options],
    cwd: folder,
    env: {
      ...environment,
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      BULKHEAD_REPORT_DIRECTORY: report,
      ...(waived === undefined ? {} : { BULKHEAD_WAIVERS: waived }),
      ...(baseReport === undefined ? {} : { BULKHEAD_REPORT_BASE: baseReport }),
    },
    into,
    keep: isKept,
    show: isKept,
  };
}

await runStep(async () => {
  const mode = previewMode();
  const where = places();
  const { base, head } = commits();
  const options = previewOptions(process.env["BULKHEAD_PREVIEW_OPTIONS"] ?? "", mode);
  const environment = previewEnvironment(process.env);
  if (mode === "cloud" && environment["PULUMI_BACKEND_URL"] === undefined) {
    throw new Refusal(
      "PULUMI_BACKEND_URL is not set: without it, the head's project file names the backend.",
    );
  }
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });

  // Of the base only its report is wanted. It may be refused, and there may be none: then nothing is compared.
  let ofBase;
  try {
    ofBase = await run(commandFor("base", mode, where, options, environment, undefined));
  } catch (error) {
    annotate("notice", `The base was not previewed, so nothing is compared: ${error.message}`);
  }
  const baseReport = fileIn(out, join("base", "report.json"));
  if (ofBase !== undefined && baseReport === undefined) {
    annotate("notice", "The base's preview gave no report, so nothing is compared.");
  }
  const ofHead = await run(commandFor("head", mode, where, options, environment, baseReport));
  writeFileSync(
    join(out, "run.json"),
    JSON.stringify({
      version: 1,
      mode,
      base,
      head,
      policyPack: join(where.base, where.gate, "policy-pack"),
      hasBase: baseReport !== undefined,
      ...ofHead,
    }),
  );
  process.stdout.write(
    `The head's preview ended with exit code ${String(ofHead.exitCode)}; the gate decides what that means.\n`,
  );
  return 0;
});
