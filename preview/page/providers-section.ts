import type { ReportedProvider } from "../../policy-pack/report/report";
import { providersNote, providerTable } from "../../policy-pack/report/reported-providers";

import { html, type Html } from "./html";

/** Providers of large language models, agreements with them, and what may go where. */
export function providersSection(providers: readonly ReportedProvider[]): Html {
  const [head = [], ...rows] = providerTable(providers);
  return html`<section aria-labelledby="providers">
    <header>
      <h2 id="providers">LLM providers</h2>
      <p class="aside">Who may be called, and what happens to PHI in a prompt.</p>
    </header>
    <div class="scroll" tabindex="0" role="region" aria-label="LLM providers">
      <table>
        <thead>
          <tr>
            ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ([id = "", ...cells]) =>
              html`<tr>
                <th scope="row">${id}</th>
                ${cells.map((cell) => html`<td>${cell}</td>`)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="aside">${providersNote}</p>
  </section>`;
}
