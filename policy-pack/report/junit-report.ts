import { rules } from "../rules";

import { findingText } from "./finding-text";
import { printable } from "./printable";
import { refuses } from "./refuses";
import type { Report, ReportedFinding } from "./report";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
  "\t": "&#9;",
};

/** Text as content of an XML element. What XML 1.0 has no way to write is left out by {@link printable}. */
function content(text: string): string {
  return printable(text).replaceAll(/[&<>]/g, (character) => entities[character] ?? "");
}

/** Attributes of an XML element; a parser would make spaces of line breaks that are not written out. */
function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(
      ([name, value]) =>
        ` ${name}="${printable(String(value)).replaceAll(/[&<>"\n\t]/g, (character) => entities[character] ?? "")}"`,
    )
    .join("");
}

function element(name: string, values: Readonly<Record<string, string | number>>, inner: string): string {
  const begin = `<${name}${attributes(values)}`;
  return inner === "" ? `${begin}/>` : `${begin}>${inner}</${name}>`;
}

function testcase(policy: string, name: string, inner: string): string {
  return element("testcase", { classname: `bulkhead.${policy}`, name, time: 0 }, inner);
}

/** A waiver's reason, with who answers for it and until when. */
function waiverText(index: number, waivers: Report["waivers"]): string {
  const waiver = waivers[index];
  return waiver === undefined
    ? "Waived."
    : `Waived until ${waiver.expires} by ${waiver.owner}: ${waiver.reason}`;
}

function findingCase(finding: ReportedFinding, waivers: Report["waivers"]): string {
  const { rule, id, title, urn, fingerprint, summary, waiver } = finding;
  const inner =
    waiver === null
      ? element("failure", { type: id, message: summary }, content(findingText(finding)))
      : element("skipped", {}, content(waiverText(waiver, waivers)));
  return testcase(rule, `${id} ${title} (${urn}, ${fingerprint})`, inner);
}

/**
 * The report as JUnit's XML, in which a stack is a suite.
 *
 * A policy that was asked and that nothing breaks is a test that passes. In the place of one that is broken there is a
 * test for each mandatory finding, which fails, or which is skipped if a waiver lets it pass. Advice is the suite's
 * output. A report that does not say which policies were asked lets none pass.
 *
 * @param at when the stack was judged.
 */
export function junitReport(report: Report, at: Date): string {
  const { project, stack, cloud, verdict, subject, findings, waivers, warnings, durationMs } = report;
  const isWaived = ({ waiver }: ReportedFinding): boolean => waiver !== null;
  const mandatory = findings.filter((finding) => refuses(finding) || isWaived(finding));
  const failures = mandatory.filter(refuses).length;
  const skipped = mandatory.length - failures;
  const broken = new Set(mandatory.map(({ rule }) => rule));
  const kept = (report.policies ?? []).filter((policy) => !broken.has(policy));
  const cases = [
    ...kept.map((policy) => {
      const rule = rules.find(({ name }) => name === policy);
      return testcase(policy, rule === undefined ? policy : `${rule.id} ${rule.title}`, "");
    }),
    ...mandatory.map((finding) => findingCase(finding, waivers)),
  ];
  const advice = findings
    .filter((finding) => !refuses(finding) && !isWaived(finding))
    .map((finding) => `${finding.rule}\n${findingText(finding)}`)
    .join("\n\n");
  const properties = Object.entries({ project, stack, cloud, subject, verdict })
    .map(([name, value]) => element("property", { name, value }, ""))
    .join("");
  const suite = element(
    "testsuite",
    {
      id: 0,
      package: "bulkhead",
      name: `bulkhead ${project}/${stack}`,
      hostname: "localhost",
      timestamp: at.toISOString().slice(0, "YYYY-MM-DDTHH:mm:ss".length),
      tests: cases.length,
      failures,
      errors: 0,
      // The schema of Apache Ant has no such attribute, so it is there only if it says something.
      ...(skipped === 0 ? {} : { skipped }),
      time: (durationMs / 1000).toFixed(3),
    },
    [
      element("properties", {}, properties),
      ...cases,
      element("system-out", {}, content(advice)),
      element("system-err", {}, content(warnings.join("\n"))),
    ]
      .map((line) => `\n${line}`)
      .join(""),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>${suite}</testsuites>\n`;
}
