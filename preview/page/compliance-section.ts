import type { Report, ReportedGuarantee } from "../../policy-pack/report/report";

import { html, type Html } from "./html";
import { frameworkList } from "./rules-section";
import { counted } from "./words";

const statusWords: Readonly<
  Record<ReportedGuarantee["status"], { readonly text: string; readonly kind: string }>
> = {
  held: { text: "held", kind: "good" },
  broken: { text: "broken", kind: "bad" },
  "not-applicable": { text: "not applicable", kind: "plain" },
};

function guaranteeMarkup(
  { id, title, status, rules, frameworks, proofs, findings, notShown }: ReportedGuarantee,
  report: Report,
): Html {
  const broken = report.findings.filter(({ fingerprint }) => findings.includes(fingerprint));
  return html`<article class="guarantee" id="guarantee-${id}" aria-labelledby="guarantee-title-${id}">
    <div class="head">
      <span class="chip ${statusWords[status].kind}">${statusWords[status].text}</span>
      <h3 id="guarantee-title-${id}">${title}</h3>
      <code>${id}</code>
    </div>
    ${frameworkList(frameworks)}
    <p class="frameworks">
      Judged by
      ${rules.map((rule, index) => html`${index === 0 ? "" : ", "}<a href="#rule-${rule}">${rule}</a>`)}
    </p>
    ${
      broken.length === 0
        ? undefined
        : html`<div>
            <strong>Broken by</strong>
            <ul>
              ${broken.map(
                ({ fingerprint, summary }) =>
                  html`<li><a href="#finding-${fingerprint}">${summary.split("\n")[0]}</a></li>`,
              )}
            </ul>
          </div>`
    }
    ${proofs.map(
      ({ statement, evidence }) =>
        html`<div>
          <p>${statement}</p>
          ${
            evidence.length === 0
              ? undefined
              : html`<details class="fold">
                  <summary>
                    Evidence <span class="aside">${counted(evidence.length, "resource")}</span>
                  </summary>
                  <ul class="evidence">
                    ${evidence.map(({ label, urn }) => html`<li>${label}<code>${urn}</code></li>`)}
                  </ul>
                </details>`
          }
        </div>`,
    )}
    ${
      notShown.length === 0
        ? undefined
        : html`<div>
            <strong>Not shown here</strong>
            <ul>
              ${notShown.map((text) => html`<li>${text}</li>`)}
            </ul>
          </div>`
    }
  </article>`;
}

/** Each guarantee with the paragraphs that it serves, the evidence of this stack, and what that does not show. */
export function complianceSection(report: Report): Html {
  return html`<section aria-labelledby="compliance">
    <header>
      <h2 id="compliance">Compliance</h2>
      <p class="aside">
        What this stack's resources show of each guarantee. It is evidence for an assessor, and no
        certificate.
      </p>
    </header>
    ${report.guarantees.map((guarantee) => guaranteeMarkup(guarantee, report))}
  </section>`;
}
