import type { Report, ReportedResource } from "../../policy-pack/report/report";

import { html, type Html } from "./html";
import { counted, shortType } from "./words";

const noZone = "no zone";

function byZone(resources: Report["resources"]): Html {
  const zones = new Map<string, Map<string, number>>();
  for (const { zone, type } of resources) {
    const types = zones.get(zone ?? noZone) ?? new Map<string, number>();
    types.set(shortType(type), (types.get(shortType(type)) ?? 0) + 1);
    zones.set(zone ?? noZone, types);
  }
  const order = ["gateway", "processing", "phi", "egress", noZone];
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Resources by zone">
    <table>
      <thead>
        <tr>
          <th scope="col">Zone</th>
          <th scope="col">Resources</th>
          <th scope="col">Of these types</th>
        </tr>
      </thead>
      <tbody>
        ${order.flatMap((zone) => {
          const types = zones.get(zone);
          return types === undefined
            ? []
            : [
                html`<tr>
                  <th scope="row">${zone}</th>
                  <td>${[...types.values()].reduce((total, count) => total + count, 0)}</td>
                  <td>
                    ${[...types]
                      .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
                      .map(([type, count]) => `${String(count)} ${type}`)
                      .join(", ")}
                  </td>
                </tr>`,
              ];
        })}
      </tbody>
    </table>
  </div>`;
}

/** Resources under the components that they are part of. */
function tree(resources: readonly ReportedResource[]): Html {
  const childrenOf = new Map<string | null, ReportedResource[]>();
  const known = new Set(resources.map(({ urn }) => urn));
  for (const resource of resources) {
    const parent = resource.parent !== null && known.has(resource.parent) ? resource.parent : null;
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), resource]);
  }
  const leaves = (list: readonly ReportedResource[]): Html | undefined =>
    list.length === 0
      ? undefined
      : html`<ul class="names">
          ${list.map(
            ({ name, type, zone, urn }) =>
              html`<li title="${urn}">
                ${name} <span class="aside">${shortType(type)}${zone === null ? "" : `, ${zone}`}</span>
              </li>`,
          )}
        </ul>`;
  const count = (parent: string): number =>
    (childrenOf.get(parent) ?? []).reduce((total, { urn }) => total + 1 + count(urn), 0);
  const under = (parent: string | null): Html => {
    const children = childrenOf.get(parent) ?? [];
    const isComponent = ({ urn }: ReportedResource): boolean => childrenOf.has(urn);
    return html`${children.filter(isComponent).map(
      ({ urn, name, type }) =>
        html`<details class="fold">
          <summary>
            ${name} <span class="aside">${shortType(type)}, ${counted(count(urn), "resource")}</span>
          </summary>
          ${under(urn)}
        </details>`,
    )}${leaves(children.filter((child) => !isComponent(child)))}`;
  };
  return under(null);
}

/** What there is, by zone and by component. */
export function resourcesSection({ resources }: Report): Html {
  return html`<section aria-labelledby="resources">
    <header>
      <h2 id="resources">Resources</h2>
      <p class="aside">${counted(resources.length, "resource")}, in the zones in which they were judged.</p>
    </header>
    ${byZone(resources)}
    <details class="fold below">
      <summary>Every resource, by component</summary>
      ${tree(resources)}
    </details>
  </section>`;
}
