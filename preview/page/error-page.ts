import type { Finding } from "../../model/finding";

import { html, type Html } from "./html";
import { page } from "./page-frame";
import { counted } from "./words";

/** Why nothing could be judged. */
export interface Failure {
  /** The platform file, where that is at fault. */
  readonly file?: string;
  /** What is wrong with it, one by one. */
  readonly findings: readonly Finding[];
  /** What the preview says besides; all that it says, where nothing is told one by one. */
  readonly message: string | undefined;
}

function mistakes(findings: readonly Finding[]): Html {
  return html`<section aria-labelledby="mistakes">
    <header>
      <h2 id="mistakes">Mistakes</h2>
      <p class="aside">Put all of them right, and run the preview again.</p>
    </header>
    ${findings.map(
      ({ id, path, message, remedy }) =>
        html`<article class="rule mistake">
          <code>${id}</code>
          <div class="rule-body">
            <h3><code>${path === "" ? "(the whole file)" : path}</code></h3>
            <p>${message}</p>
            <p><strong>Remedy.</strong> ${remedy}</p>
          </div>
        </article>`,
    )}
  </section>`;
}

/**
 * The page of a preview that could not run: it accepts nothing, and says what to put right.
 *
 * @param options `served` is a script of a page that is served.
 */
export function errorPage(
  { file, findings, message }: Failure,
  { served }: { readonly served?: string } = {},
): string {
  const what =
    findings.length === 0 ? "" : `${file ?? "The platform"} has ${counted(findings.length, "mistake")}. `;
  return page({
    title: "Could not run - Bulkhead",
    sections:
      findings.length === 0 ? [] : [{ id: "mistakes", title: `Mistakes (${String(findings.length)})` }],
    main: html`<div class="verdict refused">
        <div>
          <h1 class="stamp">Could not run</h1>
          <p class="sentence">${what}Nothing was judged, so nothing is accepted.</p>
        </div>
      </div>
      ${findings.length === 0 ? undefined : mistakes(findings)}
      ${
        message === undefined
          ? undefined
          : html`<section class="wrong" aria-labelledby="message">
              <header>
                <h2 id="message">${findings.length === 0 ? "What went wrong" : "All that was said"}</h2>
              </header>
              <pre>${message}</pre>
            </section>`
      }`,
    footer: html`Made by Bulkhead. This file holds all of it, and asks no network.`,
    ...(served === undefined ? {} : { served }),
  });
}
