import type { ReportedCertificate } from "../../policy-pack/report/report";
import { daysLeftText } from "../../policy-pack/report/reported-certificates";

import { html, type Html } from "./html";

/** The certificates of a report: whose, how long they are of use, and what renews them. */
export function certificatesSection(certificates: readonly ReportedCertificate[]): Html {
  return html`<section aria-labelledby="certificates">
    <header>
      <h2 id="certificates">Certificates</h2>
      <p class="aside">The newest of a peer counts. What is not issued yet has all of its life left.</p>
    </header>
    <div class="scroll" tabindex="0" role="region" aria-label="Certificates">
      <table>
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">Epoch</th>
            <th scope="col">Days left</th>
            <th scope="col">Renewed by</th>
          </tr>
        </thead>
        <tbody>
          ${certificates.map(
            (certificate) =>
              html`<tr>
                <td class="mono">${certificate.peer}</td>
                <td>${certificate.epoch === null ? "" : String(certificate.epoch)}</td>
                <td>
                  ${daysLeftText(certificate)}
                  ${certificate.due ? html`<span class="chip bad">due</span>` : undefined}
                </td>
                <td>${certificate.renewal}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}
