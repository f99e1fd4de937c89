import type { Report, ReportedWaiver } from "../../policy-pack/report/report";

import { html, type Html } from "./html";

const statusWords: Readonly<
  Record<ReportedWaiver["status"], { readonly text: string; readonly kind: string }>
> = {
  used: { text: "used", kind: "advice" },
  unused: { text: "unused", kind: "plain" },
  expired: { text: "expired", kind: "bad" },
  "too-broad": { text: "too broad", kind: "bad" },
  refused: { text: "refused", kind: "bad" },
};

/** Waivers, with what became of each. */
export function waiverTable(waivers: readonly ReportedWaiver[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Waivers">
    <table>
      <thead>
        <tr>
          <th scope="col">Status</th>
          <th scope="col">Rule</th>
          <th scope="col">Resource</th>
          <th scope="col">Reason</th>
          <th scope="col">Owner</th>
          <th scope="col">Expires</th>
        </tr>
      </thead>
      <tbody>
        ${waivers.map(
          ({ rule, resource, reason, owner, expires, status, problem }) =>
            html`<tr>
              <td><span class="chip ${statusWords[status].kind}">${statusWords[status].text}</span></td>
              <td>${rule}</td>
              <td class="mono">${resource}</td>
              <td>${reason}${problem === null ? undefined : html`<br /><strong>${problem}</strong>`}</td>
              <td>${owner}</td>
              <td>${expires}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** The waivers of a report. */
export function waiversSection({ waivers }: Report): Html {
  return html`<section aria-labelledby="waivers">
    <header>
      <h2 id="waivers">Waivers</h2>
      <p class="aside">A waiver lets a finding refuse nothing until its day. It hides nothing.</p>
    </header>
    ${waiverTable(waivers)}
  </section>`;
}
