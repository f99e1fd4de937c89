import { html } from "./html";
import { page } from "./page-frame";

/** The page before there is a first result. The script loads the page again when there is one. */
export function waitingPage(served: string): string {
  return page({
    title: "Running - Bulkhead",
    sections: [],
    main: html`<div class="verdict">
      <div>
        <h1 class="stamp">Running</h1>
        <p class="sentence">The first run is going on. This page shows its result by itself.</p>
      </div>
    </div>`,
    footer: html`Made by Bulkhead.`,
    served,
  });
}
