import { rules } from "../../policy-pack/rules";
import type { Report, ReportedFinding } from "../../policy-pack/report/report";

import type { DrawnGraph } from "./drawn-graph";
import { html, type Html } from "./html";
import { frameworkList } from "./rules-section";
import { counted } from "./words";

function levelChip({ level, waiver }: ReportedFinding): Html {
  if (waiver !== null) {
    return html`<span class="chip plain">waived</span>`;
  }
  return level === "mandatory"
    ? html`<span class="chip bad">mandatory</span>`
    : html`<span class="chip advice">advisory</span>`;
}

/** A term and what stands for it; nothing, where there is nothing. */
function entry(term: string, content: Html | string | null): Html | undefined {
  return content === null
    ? undefined
    : html`<dt>${term}</dt>
        <dd>${content}</dd>`;
}

function isOfOurPack(rule: string): boolean {
  return rules.some(({ name }) => name === rule);
}

function findingMarkup(finding: ReportedFinding, { waivers }: Report, lit: readonly string[]): Html {
  const { fingerprint, id, rule, title, level, severity, verdict, urn, summary, packet, path } = finding;
  const { openedBy, notes, remedy, frameworks, position } = finding;
  const [headline = "", ...rest] = summary.split("\n");
  const waiver = finding.waiver === null ? undefined : waivers[finding.waiver];
  const described = `${id} ${title === rule ? "" : title}`.trim();
  return html`<details
    class="finding ${level}${waiver === undefined ? "" : " waived"}"
    name="finding"
    id="finding-${fingerprint}"
    data-lit="${JSON.stringify(lit)}"
    data-level="${level}"
    data-severity="${severity}"
    data-rule="${rule}"
  >
    <summary>
      ${levelChip(finding)}<span class="what">${headline}</span
      ><span class="by"
        >${id === rule ? rule : `${id} ${rule}`}${severity === "unspecified" ? "" : `, ${severity}`}</span
      >
    </summary>
    <dl class="body">
      ${entry("Said", rest.length === 0 ? null : html`<span style="white-space: pre-wrap">${rest.join("\n")}</span>`)}
      ${entry("Verdict", verdict === "undetermined" ? "undetermined: what is not known counts as open" : null)}
      ${entry("Packet", packet === null ? null : html`<code>${packet}</code>`)}
      ${entry(
        "Path",
        path.length === 0
          ? null
          : html`<ol class="steps">
              ${path.map((step) => html`<li>${step}</li>`)}
            </ol>`,
      )}
      ${entry(
        "Opened by",
        openedBy.length === 0
          ? null
          : html`<ul class="evidence">
              ${openedBy.map((evidence) => html`<li>${evidence.label}<code>${evidence.urn}</code></li>`)}
            </ul>`,
      )}
      ${notes.map((note) => entry("Note", note))}
      ${entry("Remedy", remedy === null ? null : html`<span class="remedy">${remedy}</span>`)}
      ${entry(
        "Where",
        position === null ? null : html`<code>${position.file}:${position.line}:${position.column}</code>`,
      )}
      ${entry("Resource", openedBy.some((evidence) => evidence.urn === urn) ? null : html`<code>${urn}</code>`)}
      ${entry(
        "Waiver",
        waiver === undefined
          ? null
          : html`${waiver.reason} (${waiver.owner}, until ${waiver.expires};
              <a href="#waivers">all waivers</a>)`,
      )}
      ${entry(
        "Rule",
        html`${isOfOurPack(rule) ? html`<a href="#rule-${rule}">${described}</a>` : described}${
          frameworks.length === 0 ? undefined : frameworkList(frameworks)
        }`,
      )}
    </dl>
  </details>`;
}

/** What refuses before what advises, and what is waived last. */
function order({ level, waiver }: ReportedFinding): number {
  return waiver !== null ? 2 : level === "mandatory" ? 0 : 1;
}

/** The findings, each with all that is known of it. */
export function findingsSection(report: Report, { lit }: DrawnGraph): Html {
  const findings = [...report.findings].sort((a, b) => order(a) - order(b));
  const names = [...new Set(findings.map(({ rule }) => rule))].sort();
  const severities = ["critical", "high", "medium", "low"].filter((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  return html`<section aria-labelledby="findings">
    <div class="section-head findings-head">
      <h2 id="findings">Findings</h2>
      ${
        findings.length === 0
          ? undefined
          : html`<p class="aside">
              Open one to see its way on the drawing. J and K go to the next and to the one before.
            </p>`
      }
    </div>
    ${
      findings.length === 0
        ? html`<p class="nothing">None. Every rule of the policy pack holds for this stack.</p>`
        : html`<div class="filters" role="search" aria-label="Filter the findings">
              <label class="unseen" for="filter-text">Text in a finding</label>
              <input id="filter-text" type="search" placeholder="Filter by any text" />
              <label class="unseen" for="filter-level">Level or severity</label>
              <select id="filter-level">
                <option value="">Every level</option>
                <option value="mandatory">Mandatory</option>
                <option value="advisory">Advisory</option>
                ${severities.map((severity) => html`<option value="${severity}">Severity ${severity}</option>`)}
              </select>
              <label class="unseen" for="filter-rule">Rule</label>
              <select id="filter-rule">
                <option value="">Every rule</option>
                ${names.map((name) => html`<option value="${name}">${name}</option>`)}
              </select>
              <output id="filter-count" for="filter-text filter-level filter-rule"
                >${counted(findings.length, "finding")}</output
              >
            </div>
            ${findings.map((finding) => findingMarkup(finding, report, lit.get(finding.fingerprint) ?? []))}`
    }
  </section>`;
}
