import { zoneIds } from "../../model/zone";
import { world } from "../../policy-pack/finding";
import type { Report, ReportedConnection } from "../../policy-pack/report/report";

import { html, type Html } from "./html";
import { transportClass, transportOf, transports } from "./transport";
import { counted } from "./words";

/** Beyond this many rows or columns a grid is not read any more. */
const mostInGrid = 24;

/** Beyond this many connections the list would make the page slow; the report in JSON has them all. */
const mostInList = 1500;

interface Header {
  readonly name: string;
  readonly zone: string;
}

const zoneOrder: readonly string[] = [world, ...zoneIds, "no zone"];

function zoneTitle(zone: string): string {
  return zone === world ? "outside" : zone;
}

function headers(ends: readonly (readonly [string, string | null])[]): readonly Header[] {
  const found = new Map(ends.map(([name, zone]) => [name, zone ?? "no zone"]));
  const rank = ({ name, zone }: Header): string =>
    [String(zoneOrder.indexOf(zone)), name.startsWith("platform-service/") ? "1" : "0", name].join(" ");
  return [...found]
    .map(([name, zone]) => ({ name, zone }))
    .sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0));
}

function runs(list: readonly Header[]): readonly { readonly zone: string; readonly count: number }[] {
  const found: { zone: string; count: number }[] = [];
  for (const { zone } of list) {
    const last = found.at(-1);
    if (last?.zone === zone) {
      last.count += 1;
    } else {
      found.push({ zone, count: 1 });
    }
  }
  return found;
}

function sample(kind: string): Html {
  return html`<svg class="sample" viewBox="0 0 46 18" aria-hidden="true">
    <g class="edge connection ${kind}">
      <path class="line" d="M2 9H36" />
      <path class="core" d="M2 9H36" />
      <path class="head" d="M36 4L45 9L36 14Z" />
    </g>
  </svg>`;
}

function endTitle(name: string): string {
  return name === world ? "Internet" : name;
}

function cell(connections: readonly ReportedConnection[], isOpened: boolean): Html {
  if (connections.length === 0) {
    return html`<td class="none"><span class="unseen">closed</span></td>`;
  }
  const weakest =
    transports[
      Math.max(
        ...connections.map(({ transport }) =>
          transports.findIndex(({ id }) => id === transportOf(transport).id),
        ),
      )
    ];
  const ports = [...new Set(connections.map(({ protocol, port }) => `${protocol} ${port}`.trim()))];
  const shownPorts =
    ports.length > 1 ? `${String(ports.length)} ports` : ports[0] === "tcp 443" ? "" : ports[0];
  return weakest === undefined
    ? html`<td></td>`
    : html`<td class="${isOpened ? "opened" : ""}">
        ${sample(transportClass(weakest))}<span class="cell"
          >${isOpened ? "+ " : ""}${weakest.short}${shownPorts === "" ? undefined : html`<br />${shownPorts}`}</span
        >
      </td>`;
}

function grid(report: Report, rows: readonly Header[], columns: readonly Header[]): Html {
  const key = (from: string, to: string): string => `${from}\n${to}`;
  const cells = new Map<string, ReportedConnection[]>();
  for (const connection of report.matrix) {
    const pair = key(connection.from, connection.to);
    cells.set(pair, [...(cells.get(pair) ?? []), connection]);
  }
  const opened = new Set((report.changes?.opened ?? []).map(({ from, to }) => key(from, to)));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Who reaches whom, as a grid">
    <table class="grid">
      <caption class="unseen">
        Rows open connections, columns take them.
      </caption>
      <thead>
        <tr>
          <th rowspan="2" scope="col">From, to</th>
          ${runs(columns).map(
            ({ zone, count }) =>
              html`<th class="zone-head" colspan="${count}" scope="colgroup">${zoneTitle(zone)}</th>`,
          )}
        </tr>
        <tr>
          ${columns.map(({ name }) => html`<th class="end-head" scope="col"><span>${endTitle(name)}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row, index) =>
            html`${
                rows[index - 1]?.zone === row.zone
                  ? undefined
                  : html`<tr class="zone-row">
                      <th colspan="${columns.length + 1}" scope="rowgroup">${zoneTitle(row.zone)}</th>
                    </tr>`
              }
              <tr>
                <th scope="row">${endTitle(row.name)}</th>
                ${columns.map((column) =>
                  cell(cells.get(key(row.name, column.name)) ?? [], opened.has(key(row.name, column.name))),
                )}
              </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function list({ matrix }: Report): Html {
  return html`<div class="filters" role="search" aria-label="Filter the connections">
      <label class="unseen" for="matrix-filter">Text in a connection</label>
      <input id="matrix-filter" type="search" placeholder="Filter by end, zone, port or rule" />
      <output id="matrix-count" for="matrix-filter">${counted(matrix.length, "connection")}</output>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label="Who reaches whom, as a list">
      <table id="connections">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">To</th>
            <th scope="col">Port</th>
            <th scope="col">Transport</th>
            <th scope="col">What lets it pass</th>
          </tr>
        </thead>
        <tbody>
          ${matrix.slice(0, mostInList).map(
            ({ from, to, fromZone, toZone, protocol, port, transport, openedBy }) =>
              html`<tr>
                <td>
                  <code>${endTitle(from)}</code><br /><span class="aside"
                    >${zoneTitle(fromZone ?? "no zone")}</span
                  >
                </td>
                <td>
                  <code>${endTitle(to)}</code><br /><span class="aside"
                    >${zoneTitle(toZone ?? "no zone")}</span
                  >
                </td>
                <td>${protocol} ${port}</td>
                <td>${transport}</td>
                <td>
                  <ul>
                    ${openedBy.map(({ label }) => html`<li>${label}</li>`)}
                  </ul>
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${
      matrix.length > mostInList
        ? html`<p class="note">
            ${matrix.length - mostInList} more connections are in the report's JSON and not on this page.
          </p>`
        : undefined
    }`;
}

/** Who can open a connection to whom. */
export function matrixSection(report: Report): Html {
  const { matrix, ends } = report;
  const rows = headers(matrix.map(({ from, fromZone }) => [from, fromZone]));
  const columns = headers(matrix.map(({ to, toZone }) => [to, toZone]));
  const fits = rows.length <= mostInGrid && columns.length <= mostInGrid;
  return html`<section aria-labelledby="matrix">
    <header>
      <h2 id="matrix">Who reaches whom</h2>
      <p class="aside">Computed from the resources, not from what was declared.</p>
    </header>
    ${
      matrix.length === 0
        ? html`<p class="nothing">
            ${
              ends.length > 200
                ? "There are too many filters for a matrix of every pair. Findings are not affected: rules look at all of them."
                : "No connection can be opened by or to anything that is in a zone."
            }
          </p>`
        : html`${
              fits
                ? grid(report, rows, columns)
                : html`<p class="note">
                    ${rows.length} that open connections and ${columns.length} that take them are too many for
                    a grid.
                  </p>`
            }
            <details class="fold below" ${fits ? undefined : openAttribute}>
              <summary>
                Every connection, with the rules that let it pass
                <span class="aside">${counted(matrix.length, "connection")}</span>
              </summary>
              ${list(report)}
            </details>`
    }
  </section>`;
}

const openAttribute = html`open`;
