// Makes the comment, the summary and the SARIF file that are published, out of what the preview left. The verdict is the
// gate's own. What the report says was written on a machine where the head's program ran: it is shown, and not believed.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";

import { readObject, readText } from "./evidence.mjs";
import { commits, required } from "./gate-settings.mjs";
import { annotate, runStep, setOutput, summarise } from "./workflow-command.mjs";

/** The first line of the comment, by which it is found again. */
const marker = "<!-- bulkhead-report -->";

/** The most characters of a comment that GitHub takes. */
const mostCharacters = 65_536;

/** The most bytes of a SARIF file that are sent on. */
const mostSarif = 20 * 1024 * 1024;

/** A text of ours or of others in one line of Markdown, where it means nothing. */
function plain(text) {
  return text
    .replaceAll(/[\p{C}\s]+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_~[\]<>&|$#@:]/g, (character) => `&#${String(character.codePointAt(0))};`)
    .replaceAll(/&#(?:35|64);/g, "$&&#8203;");
}

/** Markdown of others: no hidden text, no mention of anybody, no second marker. */
function tamed(markdown) {
  return markdown
    .replaceAll("\r\n", "\n")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}]/gu, (character) =>
      character === "\n" || character === "\t" ? character : "",
    )
    .replaceAll("<!--", "&lt;!--")
    .replaceAll(/@(?=[A-Za-z0-9_])/g, "@&#8203;");
}

/** A list of texts that an earlier job of ours gives. */
function listOf(name) {
  let value;
  try {
    value = JSON.parse(process.env[name] || "[]");
  } catch {
    value = [];
  }
  return Array.isArray(value) ? value.map(String) : [];
}

function cut(text, most, note) {
  if (text.length <= most) {
    return text;
  }
  const end = text.lastIndexOf("\n", most - note.length);
  return `${text.slice(0, end > 0 ? end : most - note.length)}${note}`;
}

/** The SARIF file, if it is one that GitHub can take. */
function checkedSarif(folder) {
  const read = readObject(folder, "head/report.sarif", mostSarif);
  if ("why" in read) {
    return read;
  }
  const { version, runs } = read.value;
  if (version !== "2.1.0" || !Array.isArray(runs) || runs.length === 0) {
    return { why: "it is no SARIF 2.1.0" };
  }
  const locations = runs
    .flatMap((run) => (Array.isArray(run?.results) ? run.results : []))
    .flatMap((result) => (Array.isArray(result?.locations) ? result.locations : []));
  const uris = locations.map((location) => location?.physicalLocation?.artifactLocation?.uri);
  const isOutside = (uri) =>
    uri !== undefined &&
    (typeof uri !== "string" || /^(?:[a-z][a-z0-9+.-]*:|\/)|(?:^|\/)\.\.(?:\/|$)/i.test(uri));
  return uris.some(isOutside) ? { why: "it points out of the repository" } : read;
}

await runStep(() => {
  const folder = resolve(required("BULKHEAD_OUT"));
  const into = resolve(required("BULKHEAD_PUBLISH"));
  const { head, base } = commits();
  const verdict = process.env["BULKHEAD_VERDICT"] === "accepted" ? "accepted" : "refused";
  const problems = [...listOf("BULKHEAD_PROBLEMS"), ...listOf("BULKHEAD_CONFIGURATION_PROBLEMS")];
  const changed = listOf("BULKHEAD_CHANGED_FILES");
  mkdirSync(into, { recursive: true });

  const lines = [
    marker,
    `# ${verdict === "accepted" ? "✅" : "❌"} Bulkhead gate: ${verdict}`,
    `Commit \`${head}\`, judged by the policy pack, configuration and waivers of \`${base}\`.`,
    ...(process.env["BULKHEAD_OPENS"] === "true" ? ["⚠️ The change opens connections."] : []),
    ...(verdict === "accepted"
      ? []
      : problems.length === 0
        ? ["The gate did not run to its end, and so accepts nothing. See the run."]
        : [["Why:", "", ...problems.map((problem) => `- ${plain(problem)}`)].join("\n")]),
    ...(changed.length === 0
      ? []
      : [
          `This pull request changes the gate itself, which counts after the merge and not here: ${changed.map((path) => plain(path)).join(", ")}.`,
        ]),
  ];
  const ours = cut(lines.join("\n\n"), mostCharacters / 2, "\n\nMore is left out here. See the run.");
  const markdown = readText(folder, "head/report.md", 1024 * 1024);
  const theirs =
    "why" in markdown
      ? `There is no report to show: ${markdown.why}.`
      : [
          "---",
          "What follows is the report as the preview of that commit wrote it.",
          tamed(markdown.text.replace(marker, "")),
        ].join("\n\n");
  const comment = cut(`${ours}\n\n${theirs}`, mostCharacters, "\n\n_The rest is in the report of the run._");
  writeFileSync(join(into, "comment.md"), comment);
  summarise(comment);

  const sarif = checkedSarif(folder);
  if ("why" in sarif) {
    annotate("warning", `Nothing is sent to code scanning, report.sarif is not to be used: ${sarif.why}.`);
  } else {
    writeFileSync(join(into, "report.sarif"), JSON.stringify(sarif.value));
  }
  setOutput("sarif", String("value" in sarif));
  return 0;
});
