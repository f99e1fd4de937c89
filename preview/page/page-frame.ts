import { pageFile } from "../page-file";

import { html, trusted, type Html } from "./html";

/** A part of a page that can be gone to. */
export interface Section {
  readonly id: string;
  /** What the bar calls it. */
  readonly title: string;
  readonly content: Html;
}

export interface Frame {
  readonly title: string;
  readonly sections: readonly Pick<Section, "id" | "title">[];
  readonly main: Html;
  readonly footer: Html;
  /** A script besides the page's own, for a page that is served: it may then ask its own server, and nobody else. */
  readonly served?: string;
}

/** What a page from disk may do: nothing but draw itself. Whatever a report might smuggle in has nowhere to call. */
const nothingElse =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A bulkhead: a wall, with a door in it that is shut. */
const mark = html`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
  <path
    d="M2 2h16v16H2zM6.5 5.5h7v9h-7z"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linejoin="round"
  />
  <circle cx="11" cy="10" r="1.1" fill="currentColor" />
</svg>`;

/** A whole page in one file: it needs no other, and asks no network. */
export function page({ title, sections, main, footer, served }: Frame): string {
  const policy = served === undefined ? nothingElse : `${nothingElse}; connect-src 'self'`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${trusted(pageFile("page.css"))}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the verdict</a>
        ${
          sections.some(({ id }) => id === "findings")
            ? html`<a class="skip" href="#findings">Skip to the findings</a>`
            : undefined
        }
        <div class="bar" role="banner">
          <div class="bar-inner">
            <div class="mark">${mark}<span>Bulkhead</span></div>
            <nav aria-label="Sections">
              <ul>
                ${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}
              </ul>
            </nav>
            <button id="theme" type="button">Dark</button>
          </div>
        </div>
        <main id="main">${main}</main>
        <footer>${footer}</footer>
        <script>
          ${trusted(pageFile("page.js"))};
        </script>
        ${
          served === undefined
            ? undefined
            : html`<script>
                ${trusted(served)};
              </script>`
        }
      </body>
    </html> `.text;
}
