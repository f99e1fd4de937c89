import type { Finding } from "../../model/finding";

import { html } from "./html";
import { page } from "./page-frame";
import type { PageOptions } from "./report-page";
import { counted } from "./words";

/** Why nothing could be judged. */
export interface Failure {
  /** The platform file, where that is at fault. */
  readonly file?: string;
  /** What is wrong with it, one by one. */
  readonly findings: readonly Finding[];
  /** What the preview says of it. */
  readonly message: string;
}

/** The page of a preview that could not run: it accepts nothing, and says what to put right. */
export function errorPage({ file, findings, message }: Failure, { served }: PageOptions = {}): string {
  const sections =
    findings.length === 0 ? [] : [{ id: "mistakes", title: `Mistakes (${String(findings.length)})` }];
  return page({
    title: "Could not run - Bulkhead",
    sections,
    main: html`<div class="verdict refused">
        <div>
          <h1 class="stamp">Could not run</h1>
          <p class="sentence">
            ${
              findings.length === 0
                ? "Nothing was judged, so nothing is accepted."
                : `${file ?? "The platform"} has ${counted(findings.length, "mistake")}. Nothing was judged, so nothing is accepted.`
            }
          </p>
        </div>
      </div>
      ${
        findings.length === 0
          ? html`<section class="wrong" aria-labelledby="message">
              <header><h2 id="message">What went wrong</h2></header>
              <pre tabindex="0">${message}</pre>
            </section>`
          : html`<section aria-labelledby="mistakes">
              <header>
                <h2 id="mistakes">Mistakes</h2>
                <p class="aside">Put all of them right, and run the preview again.</p>
              </header>
              ${findings.map(
                ({ id, path, message: what, remedy }) =>
                  html`<article class="rule mistake">
                    <code>${id}</code>
                    <div class="rule-body">
                      <h3><code>${path === "" ? "(the whole file)" : path}</code></h3>
                      <p>${what}</p>
                      <p><strong>Remedy.</strong> ${remedy}</p>
                    </div>
                  </article>`,
              )}
            </section>`
      }`,
    footer: html`Made by Bulkhead. This file holds all of it, and asks no network.`,
    ...(served === undefined ? {} : { served }),
  });
}
