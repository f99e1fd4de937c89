import type { Report } from "../../policy-pack/report/report";

import { accessSection } from "./access-section";
import { providersSection } from "./providers-section";
import { certificatesSection } from "./certificates-section";
import { changesSection } from "./changes-section";
import { complianceSection } from "./compliance-section";
import { drawing } from "./drawing";
import { drawnGraph } from "./drawn-graph";
import { findingsSection } from "./findings-section";
import { html, type Html } from "./html";
import { matrixSection } from "./matrix-section";
import { page, type Section } from "./page-frame";
import { resourcesSection } from "./resources-section";
import { rulesSection } from "./rules-section";
import { verdictSection } from "./verdict-section";
import { waiversSection } from "./waivers-section";
import { cloudTitle } from "./words";

function warningsSection({ warnings }: Report): Html {
  return html`<section aria-labelledby="warnings">
    <header><h2 id="warnings">Warnings</h2></header>
    <ul>
      ${warnings.map((warning) => html`<li class="note">${warning}</li>`)}
    </ul>
  </section>`;
}

/**
 * A report as one page: a file that needs no other, and asks no network.
 *
 * @param options `served` is a script of a page that is served.
 */
export async function reportPage(
  report: Report,
  { served }: { readonly served?: string } = {},
): Promise<string> {
  const { changes, findings, guarantees, stack, verdict, waivers, warnings } = report;
  const { certificates = [], access = [], providers = [] } = report;
  const graph = drawnGraph(report);
  const picture = html`<section aria-labelledby="picture">
    <div class="section-head">
      <h2 id="picture">The platform</h2>
      <p class="aside">Who opens connections to whom, on ${cloudTitle(report.cloud)}.</p>
    </div>
    ${await drawing(report, graph)}
  </section>`;
  const before: readonly Section[] =
    changes === null ? [] : [{ id: "changes", title: "Changes", content: changesSection(report, changes) }];
  const after: readonly Section[] = [
    { id: "matrix", title: "Matrix", content: matrixSection(report) },
    { id: "resources", title: "Resources", content: resourcesSection(report) },
    ...(providers.length === 0
      ? []
      : [{ id: "providers", title: "LLM providers", content: providersSection(providers) }]),
    ...(access.length === 0 ? [] : [{ id: "access", title: "Access", content: accessSection(access) }]),
    ...(certificates.length === 0
      ? []
      : [{ id: "certificates", title: "Certificates", content: certificatesSection(certificates) }]),
    ...(waivers.length === 0 ? [] : [{ id: "waivers", title: "Waivers", content: waiversSection(report) }]),
    ...(guarantees.length === 0
      ? []
      : [{ id: "compliance", title: "Compliance", content: complianceSection(report) }]),
    ...(warnings.length === 0
      ? []
      : [{ id: "warnings", title: "Warnings", content: warningsSection(report) }]),
    { id: "rules", title: "Rules", content: rulesSection() },
  ];
  return page({
    title: `${verdict === "accepted" ? "Accepted" : "Refused"}: ${stack} - Bulkhead`,
    sections: [
      ...before,
      { id: "picture", title: "Drawing" },
      { id: "findings", title: `Findings (${String(findings.length)})` },
      ...after,
    ],
    main: html`${verdictSection(report)} ${before.map(({ content }) => content)}
      <div class="workbench${findings.length === 0 ? "" : " has-findings"}">
        ${picture} ${findingsSection(report, graph)}
      </div>
      ${after.map(({ content }) => content)}`,
    footer: html`Made by Bulkhead from the report of stack ${stack}. This file holds all of it, and asks no
    network.`,
    ...(served === undefined ? {} : { served }),
  });
}
