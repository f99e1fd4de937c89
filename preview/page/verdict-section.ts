import type { Report } from "../../policy-pack/report/report";

import { refuses } from "./drawn-graph";
import { html, type Html } from "./html";
import { cloudTitle, counted } from "./words";

const subjects: Readonly<Record<Report["subject"], string>> = {
  preview: "offline preview",
  state: "exported state",
  engine: "Pulumi's run",
};

/** How many refusing findings are told at the top; the others are counted. */
const mostTold = 3;

/** Findings that refuse the stack: mandatory, and not waived. */
export function refusing({ findings }: Report): Report["findings"] {
  return findings.filter(refuses);
}

function stamp(verdict: Report["verdict"]): Html {
  return verdict === "accepted"
    ? html`<svg viewBox="0 0 34 34" width="34" height="34" aria-hidden="true">
          <path d="M3 3h28v28H3z" fill="none" stroke="currentColor" stroke-width="3.5" />
          <path d="M10 17.5l5 5 9-11" fill="none" stroke="currentColor" stroke-width="3.5" />
        </svg>
        Accepted`
    : html`<svg viewBox="0 0 34 34" width="34" height="34" aria-hidden="true">
          <path d="M3 3h28v9M31 22v9H3V3" fill="none" stroke="currentColor" stroke-width="3.5" />
          <path
            d="M13 17h18M25 10.5l6.5 6.5-6.5 6.5"
            fill="none"
            stroke="currentColor"
            stroke-width="3.5"
          /></svg
        >Refused`;
}

function sentence(report: Report): string {
  const { verdict, findings, matrix, waivers } = report;
  const advice = findings.filter(({ level }) => level === "advisory").length;
  const waived = findings.filter(({ waiver }) => waiver !== null).length;
  const more = [
    advice === 0 ? "" : ` ${counted(advice, "advisory finding")}.`,
    waived === 0 ? "" : ` ${counted(waived, "finding")} refused nothing because of a waiver.`,
    waivers.length > 0 && waived === 0 ? ` ${counted(waivers.length, "waiver")}, none of which is used.` : "",
  ].join("");
  if (verdict === "accepted") {
    return `No mandatory rule is broken. ${counted(matrix.length, "connection")} can be opened; each is listed below.${more}`;
  }
  const mandatory = refusing(report);
  const open = mandatory.filter((finding) => finding.verdict === "open").length;
  const undetermined = mandatory.filter((finding) => finding.verdict === "undetermined").length;
  const [one] = mandatory;
  const kinds = [
    open === 0 ? "" : `${String(open)} proved open`,
    undetermined === 0 ? "" : `${String(undetermined)} undetermined, which counts as open`,
  ].filter((kind) => kind !== "");
  const which =
    mandatory.length === 1
      ? { open: ", proved open", undetermined: ", undetermined, which counts as open" }[
          one?.verdict ?? "open"
        ]
      : `: ${kinds.join(", ")}`;
  return `${counted(mandatory.length, "mandatory finding")}${kinds.length === 0 ? "" : which}.${more}`;
}

function titleBlock({
  project,
  stack,
  cloud,
  subject,
  resources,
  matrix,
  findings,
  durationMs,
}: Report): Html {
  const cell = (name: string, value: string, kind = ""): Html =>
    html`<div class="${kind}">
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<dl class="block">
    ${cell("Project", project, "wide")}${cell("Stack", stack)}${cell("Judged", `${subjects[subject]}, ${(durationMs / 1000).toFixed(1)} s`, "wide")}${cell(
      "Cloud",
      cloudTitle(cloud),
    )}${cell("Resources", String(resources.length))}${cell("Connections", String(matrix.length))}${cell(
      "Findings",
      String(findings.length),
    )}
  </dl>`;
}

function whatToDo(report: Report): Html | undefined {
  const mandatory = refusing(report);
  if (mandatory.length === 0) {
    return undefined;
  }
  const rest = mandatory.length - mostTold;
  return html`<div class="todo">
    <h2>Why, and what to do</h2>
    <ol>
      ${mandatory.slice(0, mostTold).map(
        ({ summary, remedy, fingerprint, position }) =>
          html`<li>
            <span class="cause"
              ><a href="#finding-${fingerprint}">${summary.split("\n")[0]}</a>${
                position === null ? undefined : html` <code>${position.file}:${position.line}</code>`
              }</span
            ><span>${remedy}</span>
          </li>`,
      )}
    </ol>
    ${
      rest > 0
        ? html`<p class="more"><a href="#findings">And ${counted(rest, "more mandatory finding")}</a></p>`
        : undefined
    }
  </div>`;
}

/** What a reader has to know first: closed or not, of what, and what to do. */
export function verdictSection(report: Report): Html {
  return html`<div class="verdict ${report.verdict}">
    <div>
      <h1 class="stamp">${stamp(report.verdict)}</h1>
      <p class="sentence">${sentence(report)}</p>
    </div>
    ${titleBlock(report)} ${whatToDo(report)}
  </div>`;
}
