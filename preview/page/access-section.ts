import type { ReportedAccess } from "../../policy-pack/report/report";
import { accessNotes, callText, useTable } from "../../policy-pack/report/reported-access";

import { html, type Html } from "./html";

function ofPlatform(access: ReportedAccess): Html {
  if (access.notKnown !== null) {
    return html`<p class="note">Not known of ${access.platform}: ${access.notKnown}</p>`;
  }
  const [head = [], ...rows] = useTable(access);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Access on ${access.platform}">
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([role = "", ...cells]) =>
              html`<tr>
                <th scope="row">${role}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      access.calls.length === 0
        ? undefined
        : html`<ul>
            ${access.calls.map((call) => html`<li>${callText(call)}</li>`)}
          </ul>`
    }
    ${accessNotes(access).map((note) => html`<p class="aside">${note}</p>`)}`;
}

/** Who may do what, as the decision points of each platform are told. */
export function accessSection(access: readonly ReportedAccess[]): Html {
  return html`<section aria-labelledby="access">
    <header>
      <h2 id="access">Access</h2>
      <p class="aside">Who may do what, read from what the decision points are told.</p>
    </header>
    ${access.map(ofPlatform)}
  </section>`;
}
