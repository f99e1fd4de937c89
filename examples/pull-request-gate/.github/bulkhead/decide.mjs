// Decides whether the pull request passes, on a machine where nothing of the head has run. What is not proved is refused.

import { resolve } from "node:path";
import process from "node:process";

import { readLog, readObject } from "./evidence.mjs";
import { commits, previewMode, required } from "./gate-settings.mjs";
import { annotate, runStep, setOutput, summarise } from "./workflow-command.mjs";

/** The most of one text that is told, and the most texts of one kind. */
const most = { text: 1000, texts: 20 };

/** The fewest resources of a stack: its own root, and one that it is there for. */
const fewestResources = 2;

function listed(texts) {
  const shown = texts.slice(0, most.texts).map((text) => text.trim().slice(0, most.text));
  return texts.length > most.texts ? [...shown, `and ${String(texts.length - most.texts)} more`] : shown;
}

/** What is wrong with the jobs that came before. A job that was skipped, though it was wanted, has shown nothing. */
function problemsOfJobs(mode) {
  const results = {
    configuration: required("BULKHEAD_CONFIGURATION_RESULT"),
    [mode]: required(`BULKHEAD_${mode.toUpperCase()}_RESULT`),
  };
  return Object.entries(results)
    .filter(([, result]) => result !== "success")
    .map(([job, result]) =>
      job === "configuration"
        ? `The gate's configuration is not in order, or could not be checked (${result}); see the job "configuration".`
        : `The preview could not run (${result}); see the job "preview-${job}".`,
    );
}

/** What is wrong with what the engine and the pack said. */
function problemsOfLog(read, run, mode) {
  if ("why" in read) {
    return [`The preview's log is not to be used: ${read.why}.`];
  }
  const { heartbeats, gaveUp, refusing, errors, judgedBy, packs, isWhole } = read.log;
  const problems = [
    ...listed(gaveUp).map((text) => `A policy was given up, and has judged nothing: ${text}`),
    ...listed(refusing).map((text) => `Mandatory violation: ${text}`),
    ...listed(errors).map((text) => `The preview says: ${text}`),
  ];
  const [beat] = heartbeats;
  if (beat === undefined) {
    problems.push(
      "The heartbeat is missing: no line says that the policy pack judged the stack. Are its policies switched off?",
    );
  } else if (heartbeats.length > 1) {
    problems.push(
      "There is more than one heartbeat: only the policy pack may write that line, and it does so once.",
    );
  } else {
    if (beat.resources < fewestResources || beat.rules < 1) {
      problems.push(
        `The policy pack was shown ${String(beat.resources)} resources and has ${String(beat.rules)} rules: that is no stack.`,
      );
    }
    if (beat.mandatory > 0 && refusing.length === 0) {
      problems.push(`The policy pack counts ${String(beat.mandatory)} mandatory findings.`);
    }
  }
  if (mode === "cloud") {
    if (!isWhole) {
      problems.push("The preview's log is cut off: the engine's last event is missing.");
    }
    // The engine makes this event; no line that a program writes can.
    if (!judgedBy.some((policy) => policy.startsWith("bulkhead/"))) {
      problems.push(
        "The engine names no policy of the pack that has judged the stack. Are its policies switched off?",
      );
    }
    const expected = `bulkhead|local|${String(run.policyPack)}`;
    if (packs === undefined || packs.length !== 1 || packs[0] !== expected) {
      problems.push(`The engine ran other policy packs than the base's: ${packs?.join(", ") || "none"}.`);
    }
  }
  return problems;
}

/** What is wrong with the report. */
function problemsOfReport(read, mode) {
  if ("why" in read) {
    return [`report.json is not to be used: ${read.why}.`];
  }
  const { version, subject, verdict, findings, resources } = read.value;
  if (version !== 1 || !Array.isArray(findings) || !Array.isArray(resources)) {
    return ["report.json is not of the form that this gate knows."];
  }
  const problems = [];
  const wanted = mode === "cloud" ? "engine" : "preview";
  if (subject !== wanted) {
    problems.push(`report.json is on ${String(subject)}, and not on ${wanted}.`);
  }
  if (resources.length === 0) {
    problems.push("report.json shows no resource.");
  }
  const gaveUp = findings.filter((finding) => /^can't run policy/.test(String(finding?.summary)));
  problems.push(
    ...listed(gaveUp.map(({ summary }) => `A policy was given up, and has judged nothing: ${summary}`)),
  );
  const refusing = findings.filter(
    (finding) => finding?.level !== "advisory" && (finding?.waiver ?? null) === null,
  );
  problems.push(
    ...listed(refusing.map((finding) => `${String(finding?.rule)}: ${String(finding?.summary)}`)),
  );
  if (verdict !== "accepted" && refusing.length === 0) {
    problems.push(`report.json says ${String(verdict)}.`);
  }
  return problems;
}

/** How the preview ended, if that by itself refuses. 3 is the offline preview's word for: accepted, and opens connections. */
function problemsOfRun(run, mode, { base, head }) {
  const problems = [];
  if (run.version !== 1 || run.mode !== mode || run.head !== head || run.base !== base) {
    problems.push("The preview was not of this pull request's commits, or not the one that is wanted.");
  }
  if (run.isLate !== false) {
    problems.push("The preview did not end in time, and was stopped.");
  }
  if (run.isTruncated !== false) {
    problems.push("The preview said more than is kept, so that its log is cut off.");
  }
  if (run.exitCode !== 0 && !(mode === "offline" && run.exitCode === 3)) {
    problems.push(`The preview ended with exit code ${String(run.exitCode)}.`);
  }
  return problems;
}

/** The connections between zones that the change opens, as far as the report tells. */
function opened(report) {
  const rows = report?.changes?.opened;
  return Array.isArray(rows) ? rows : [];
}

await runStep(() => {
  const mode = previewMode();
  const folder = resolve(required("BULKHEAD_OUT"));
  const read = readObject(folder, "run.json", 64 * 1024);
  const run = "value" in read ? read.value : {};
  const report = readObject(folder, "head/report.json");
  const problems = [
    ...problemsOfJobs(mode),
    ...("why" in read
      ? [`The preview left no word on how it ended: ${read.why}.`]
      : [
          ...problemsOfRun(run, mode, commits()),
          ...problemsOfReport(report, mode),
          ...problemsOfLog(readLog(folder, mode), run, mode),
        ]),
  ];
  const opens = opened("value" in report ? report.value : undefined).length;
  const opensSomething = opens > 0 || run.exitCode === 3;
  if (opensSomething && process.env["BULKHEAD_FAIL_ON_OPENED"] === "true") {
    problems.push("The change opens connections, and BULKHEAD_FAIL_ON_OPENED refuses that.");
  } else if (opensSomething) {
    annotate("notice", `The change opens connections (${String(opens)}). See the report.`);
  }
  setOutput("verdict", problems.length === 0 ? "accepted" : "refused");
  setOutput("opens", String(opensSomething));
  setOutput("problems", JSON.stringify(listed(problems)));
  for (const problem of problems) {
    annotate("error", problem);
  }
  const word = problems.length === 0 ? "accepted" : "refused";
  summarise(`## Bulkhead gate: ${word}\n\nCommit ${commits().head}, ${mode} preview.`);
  process.stdout.write(`The gate has ${word} ${commits().head}.\n`);
  return problems.length === 0 ? 0 : 1;
});
