import type { Report, ReportedConnection } from "../../policy-pack/report/report";

import { html, type Html } from "./html";
import { waiverTable } from "./waivers-section";
import { counted } from "./words";

type Changes = NonNullable<Report["changes"]>;

function list(title: string, sign: "+" | "−", items: readonly Html[]): Html | undefined {
  return items.length === 0
    ? undefined
    : html`<div class="${sign === "+" ? "opens" : "closes"}">
        <h3>${title}</h3>
        <ul>
          ${items.map(
            (item) => html`<li><span class="sign" aria-hidden="true">${sign}</span><span>${item}</span></li>`,
          )}
        </ul>
      </div>`;
}

function connection({ from, to, protocol, port, transport, openedBy }: ReportedConnection): Html {
  return html`<code>${from}</code> to <code>${to}</code>, ${protocol} ${port},
    ${transport}${
      openedBy.length === 0
        ? undefined
        : html`<details class="fold">
            <summary>What lets it pass</summary>
            <ul class="evidence">
              ${openedBy.map(({ label, urn }) => html`<li>${label}<code>${urn}</code></li>`)}
            </ul>
          </details>`
    }`;
}

function zoneConnection({ fromZone, toZone, protocol, port }: Changes["zonesOpened"][number]): Html {
  return html`zone <code>${fromZone}</code> to <code>${toZone}</code>, ${protocol} ${port}`;
}

function headline({ opened, closed, newFindings, goneFindings }: Changes): string {
  const parts = [
    opened.length === 0
      ? "This change opens nothing"
      : `This change opens ${counted(opened.length, "connection")}`,
    closed.length === 0 ? "closes nothing" : `closes ${counted(closed.length, "connection")}`,
    newFindings.length === 0 ? "" : `brings ${counted(newFindings.length, "finding")}`,
    goneFindings.length === 0 ? "" : `settles ${counted(goneFindings.length, "finding")}`,
  ].filter((part) => part !== "");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}.`;
}

/** What differs from a report that was saved before. */
export function changesSection({ findings }: Report, changes: Changes): Html {
  const { base, opened, closed, zonesOpened, zonesClosed, newFindings, goneFindings } = changes;
  const fresh = findings.filter(({ fingerprint }) => newFindings.includes(fingerprint));
  return html`<section aria-labelledby="changes">
    <header>
      <h2 id="changes">What changed</h2>
      <p class="aside">against ${base.file} (stack ${base.stack}, ${base.verdict})</p>
    </header>
    <div class="diff">
      <p>${headline(changes)}</p>
      ${list("Zones that are open to each other now", "+", zonesOpened.map(zoneConnection))}
      ${list("Connections opened", "+", opened.map(connection))}
      ${list(
        "New findings",
        "+",
        fresh.map(
          ({ fingerprint, summary, level }) =>
            html`<a href="#finding-${fingerprint}">${summary.split("\n")[0]}</a> (${level})`,
        ),
      )}
      ${list("Zones that are closed to each other now", "−", zonesClosed.map(zoneConnection))}
      ${list("Connections closed", "−", closed.map(connection))}
      ${list(
        "Findings gone",
        "−",
        goneFindings.map(({ summary, level }) => html`${summary.split("\n")[0]} (${level})`),
      )}
      ${
        changes.newWaivers.length === 0
          ? undefined
          : html`<div>
              <h3>New waivers</h3>
              ${waiverTable(changes.newWaivers)}
            </div>`
      }
      ${
        changes.goneWaivers.length === 0
          ? undefined
          : html`<div>
              <h3>Waivers gone</h3>
              ${waiverTable(changes.goneWaivers)}
            </div>`
      }
    </div>
  </section>`;
}
