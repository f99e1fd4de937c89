import { world } from "../../policy-pack/finding";
import type { Report } from "../../policy-pack/report/report";

import type { DrawnEdge, DrawnGraph, DrawnNode, Place } from "./drawn-graph";
import {
  drawingLayout,
  shownTitle,
  type Box,
  type Curve,
  type Direction,
  type DrawingLayout,
  type Point,
} from "./drawing-layout";
import { html, type Html } from "./html";
import { transportClass, transportOf, transports } from "./transport";
import { counted } from "./words";

const placeTitles: Readonly<Record<Place, string>> = {
  gateway: "Gateway",
  processing: "Processing",
  phi: "PHI",
  egress: "Egress",
  services: "Platform services",
  unzoned: "In no zone",
  outside: "",
};

const margin = 10;

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function pair({ x, y }: Point): string {
  return `${rounded(x)} ${rounded(y)}`;
}

/** The names of what a node stands for, as connections name them. */
function endName(name: string): string {
  return name === world ? "the outside" : name;
}

function pathOf({ points }: Curve): string {
  const [first, ...rest] = points;
  return first === undefined
    ? ""
    : `M${pair(first)}${rest.length === 0 ? "" : `C${rest.map(pair).join(" ")}`}`;
}

/** The arrow's head: from the end of the line to its tip. */
function headOf({ points, tip }: Curve): string {
  const base = points.at(-1) ?? tip;
  const length = Math.hypot(tip.x - base.x, tip.y - base.y) || 1;
  const [along, across] = [(tip.x - base.x) / length, (tip.y - base.y) / length];
  const half = 3.6;
  const left = { x: base.x - across * half, y: base.y + along * half };
  const right = { x: base.x + across * half, y: base.y - along * half };
  return `M${pair(left)}L${pair(tip)}L${pair(right)}Z`;
}

/** The middle of the line, for a mark on it. */
function middleOf({ points }: Curve): Point {
  const curves = Math.floor((points.length - 1) / 3);
  const start = Math.floor((curves - 1) / 2) * 3;
  const [a, b, c, d] = points.slice(start, start + 4);
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    return points[0] ?? { x: 0, y: 0 };
  }
  // An even number of curves has its middle where two of them meet.
  return curves % 2 === 0
    ? d
    : { x: (a.x + 3 * b.x + 3 * c.x + d.x) / 8, y: (a.y + 3 * b.y + 3 * c.y + d.y) / 8 };
}

function nodeSentence(graph: DrawnGraph, { key, title, subtitle, rows, place }: DrawnNode): string {
  const out = graph.edges.filter(({ from, kind }) => from === key && kind === "connection");
  const into = graph.edges.filter(({ to, kind }) => to === key && kind === "connection");
  const shown = shownTitle(title);
  const parts = [
    shown,
    subtitle,
    ...rows,
    ...(shown === title ? [] : [title]),
    ...(place === "outside" || place === "services" ? [] : [placeTitles[place].toLowerCase()]),
  ];
  return `${parts.join(", ")}: opens ${counted(sum(out), "connection")}, takes ${String(sum(into))}`;
}

function sum(edges: readonly DrawnEdge[]): number {
  return edges.reduce((total, { connections }) => total + connections.length, 0);
}

const changeWords = {
  opened: " Opened by this change.",
  closed: " Closed by this change.",
  both: " This change opens some of them, and closes others.",
} as const;

/** What an edge says: every connection that it stands for. */
function edgeSentence(graph: DrawnGraph, edge: DrawnEdge): string {
  const title = (key: string): string => graph.nodes.find((node) => node.key === key)?.title ?? "";
  if (edge.kind === "witness") {
    return `From ${title(edge.from)} to ${title(edge.to)}: a way that a finding shows.`;
  }
  const [first] = edge.connections;
  const shown = edge.connections
    .slice(0, 8)
    .map(({ to, protocol, port, transport }) => `${endName(to)} ${protocol} ${port}, ${transport}`);
  const more = edge.connections.length - shown.length;
  const from = edge.connections.every((one) => one.from === first?.from)
    ? endName(first?.from ?? "")
    : title(edge.from);
  return (
    `From ${from} to ${shown.join("; ")}${more > 0 ? `; and ${String(more)} more` : ""}.` +
    (edge.change === undefined ? "" : changeWords[edge.change])
  );
}

/** The weakest transport of an edge's connections is the one that it is drawn as. */
function edgeTransport({ connections }: DrawnEdge): string {
  const ranks = connections.map(({ transport }) =>
    transports.findIndex(({ id }) => id === transportOf(transport).id),
  );
  const weakest = transports[Math.max(...ranks)];
  return weakest === undefined ? "" : transportClass(weakest);
}

/** A port is written where it is another than 443, on which everything of a platform speaks. */
function portLabel({ connections }: DrawnEdge): string | undefined {
  const ports = new Set(connections.map(({ protocol, port }) => `${protocol} ${port}`.trim()));
  const [only] = ports;
  return ports.size === 1 ? (only === "tcp 443" ? undefined : only) : undefined;
}

function badge({ x, y }: Point, sign: string, kind: string): Html {
  return html`<g class="badge badge-${kind}" aria-hidden="true">
    <circle cx="${rounded(x)}" cy="${rounded(y)}" r="8.5" />
    <text x="${rounded(x)}" y="${rounded(y + 4.2)}" text-anchor="middle">${sign}</text>
  </g>`;
}

function edgeMarkup(graph: DrawnGraph, edge: DrawnEdge, curve: Curve): Html {
  const path = pathOf(curve);
  const classes = [
    "edge",
    edge.kind,
    edgeTransport(edge),
    edge.change === undefined ? "" : `change-${edge.change}`,
    edge.kind === "witness" ? (edge.isMandatory ? "refuses" : "advises") : "",
  ].filter((name) => name !== "");
  const middle = middleOf(curve);
  const label = edge.kind === "connection" ? portLabel(edge) : undefined;
  const mark =
    edge.kind === "witness"
      ? badge(middle, "!", edge.isMandatory ? "refuses" : "advises")
      : edge.change === undefined
        ? undefined
        : badge(middle, { opened: "+", closed: "−", both: "±" }[edge.change], edge.change);
  return html`<g
    class="${classes.join(" ")}"
    data-key="${edge.key}"
    data-from="${edge.from}"
    data-to="${edge.to}"
    role="button"
    tabindex="-1"
    aria-label="${edgeSentence(graph, edge)}"
  >
    <path class="hit" d="${path}" />
    <path class="line" d="${path}" />
    <path class="core" d="${path}" />
    <path class="head" d="${headOf(curve)}" />
    ${
      label === undefined || mark !== undefined
        ? undefined
        : html`<text class="port" x="${rounded(middle.x)}" y="${rounded(middle.y - 5)}" text-anchor="middle">
            ${label}
          </text>`
    }
    ${mark}
  </g>`;
}

function shape(kind: DrawnNode["kind"], { x, y, width, height }: Box): Html {
  const [left, top] = [x - width / 2, y - height / 2];
  const rectangle = (radius: number): Html =>
    html`<rect
      class="shape"
      x="${rounded(left)}"
      y="${rounded(top)}"
      width="${rounded(width)}"
      height="${rounded(height)}"
      rx="${radius}"
    />`;
  if (kind !== "data-store") {
    return rectangle(kind === "world" ? 22 : kind === "workload" || kind === "end" ? 5 : 2);
  }
  const [right, bottom, bend] = [left + width, top + height, 5];
  const arc = `${rounded(width / 2)} ${String(bend)} 0 0`;
  return html`<path
      class="shape"
      d="M${rounded(left)} ${rounded(top + bend)}A${arc} 1 ${rounded(right)} ${rounded(top + bend)}V${rounded(bottom - bend)}A${arc} 1 ${rounded(left)} ${rounded(bottom - bend)}Z"
    /><path
      class="rim"
      d="M${rounded(left)} ${rounded(top + bend)}A${arc} 0 ${rounded(right)} ${rounded(top + bend)}"
    />`;
}

function nodeMarkup(graph: DrawnGraph, node: DrawnNode, box: Box): Html {
  const top = box.y - box.height / 2;
  const shift = node.kind === "data-store" ? 3 : 0;
  return html`<g
    class="node kind-${node.kind}${node.isMandatory === true ? " refuses" : ""}"
    data-key="${node.key}"
    role="button"
    tabindex="-1"
    aria-label="${nodeSentence(graph, node)}"
  >
    ${shape(node.kind, box)}
    <text class="title" x="${rounded(box.x)}" y="${rounded(top + 19 + shift)}" text-anchor="middle">
      ${shownTitle(node.title)}
    </text>
    <text class="subtitle" x="${rounded(box.x)}" y="${rounded(top + 33 + shift)}" text-anchor="middle">
      ${node.subtitle}
    </text>
    ${node.rows.map(
      (row, index) =>
        html`<text
          class="row"
          x="${rounded(box.x)}"
          y="${rounded(top + 57 + index * 19)}"
          text-anchor="middle"
        >
          ${row}
        </text>`,
    )}
    ${
      node.rows.length === 0
        ? undefined
        : html`<path
            class="rim"
            d="M${rounded(box.x - box.width / 2)} ${rounded(top + 41)}h${rounded(box.width)}"
          />`
    }
  </g>`;
}

function placeMarkup(place: Place, { x, y, width, height }: Box): Html {
  const [left, top] = [x - width / 2, y - height / 2];
  const wall = (inset: number, name: string): Html =>
    html`<rect
      class="${name}"
      x="${rounded(left + inset)}"
      y="${rounded(top + inset)}"
      width="${rounded(width - 2 * inset)}"
      height="${rounded(height - 2 * inset)}"
      rx="${4 - inset / 2}"
    />`;
  return html`<g class="place place-${place}">
    ${wall(0, "wall")}${place === "phi" ? wall(4, "inner-wall") : undefined}
  </g>`;
}

/** A place's title, above the edges that pass behind it. */
function placeTitle(place: Place, { x, y, width, height }: Box): Html {
  return html`<text
    class="place-title place-${place}"
    x="${rounded(x - width / 2 + 13)}"
    y="${rounded(y - height / 2 + 20)}"
  >
    ${placeTitles[place]}
  </text>`;
}

function drawn(graph: DrawnGraph, layout: DrawingLayout, direction: Direction, title: string): Html {
  const { x, y, ...area } = layout.area;
  const [width, height] = [area.width + 2 * margin, area.height + 2 * margin];
  return html`<svg
    class="drawing drawing-${direction}"
    viewBox="${rounded(x - width / 2)} ${rounded(y - height / 2)} ${rounded(width)} ${rounded(height)}"
    width="${rounded(width)}"
    height="${rounded(height)}"
    role="group"
    aria-label="${title}"
  >
    ${[...layout.places].map(([place, box]) => placeMarkup(place, box))}
    ${[...graph.edges]
      .sort((a, b) => Number(a.kind === "witness") - Number(b.kind === "witness"))
      .map((edge) => {
        const curve = layout.edges.get(edge.key);
        return curve === undefined ? undefined : edgeMarkup(graph, edge, curve);
      })}
    ${[...layout.places].map(([place, box]) => placeTitle(place, box))}
    ${graph.nodes.map((node) => {
      const box = layout.nodes.get(node.key);
      return box === undefined ? undefined : nodeMarkup(graph, node, box);
    })}
  </svg>`;
}

function sample(classes: string, mark?: Html): Html {
  return html`<svg class="sample" viewBox="0 0 46 18" width="46" height="18" aria-hidden="true">
    <g class="edge ${classes}">
      <path class="line" d="M2 9H37" />
      <path class="core" d="M2 9H37" />
      <path class="head" d="M37 5.2L44 9L37 12.8Z" />
      ${mark}
    </g>
  </svg>`;
}

function legend({ edges }: DrawnGraph, { changes, matrix }: Report): Html {
  const hasWitness = (isMandatory: boolean): boolean =>
    edges.some((edge) => edge.kind === "witness" && edge.isMandatory === isMandatory);
  const middle = { x: 20, y: 9 };
  return html`<ul class="legend" aria-label="Legend">
    ${transports
      .filter(({ id }) => matrix.some(({ transport }) => transportOf(transport).id === id))
      .map(
        (transport) =>
          html`<li>
            ${sample(`connection ${transportClass(transport)}`)}<span>${transport.meaning}</span>
          </li>`,
      )}
    ${
      hasWitness(true)
        ? html`<li>
            ${sample("witness refuses", badge(middle, "!", "refuses"))}<span
              >a way that refuses the stack</span
            >
          </li>`
        : undefined
    }
    ${
      hasWitness(false)
        ? html`<li>
            ${sample("witness advises", badge(middle, "!", "advises"))}<span
              >a way that is advised against</span
            >
          </li>`
        : undefined
    }
    ${
      changes === null
        ? undefined
        : html`<li>
              ${sample("connection change-opened", badge(middle, "+", "opened"))}<span
                >opened by this change</span
              >
            </li>
            <li>
              ${sample("connection change-closed", badge(middle, "−", "closed"))}<span
                >closed by this change</span
              >
            </li>`
    }
  </ul>`;
}

/** The drawing of a report, for wide and for narrow windows, with what its lines mean. */
export async function drawing(report: Report, graph: DrawnGraph): Promise<Html> {
  if (graph.nodes.length === 0) {
    return html`<p class="nothing">
      No zone holds anything that opens or takes connections, so there is nothing to draw.
    </p>`;
  }
  const title = `Zones and connections of stack ${report.stack}`;
  const [across, down] = await Promise.all(
    (["across", "down"] as const).map(async (direction) =>
      drawn(graph, await drawingLayout(graph, direction), direction, title),
    ),
  );
  return html`${legend(graph, report)} ${graph.notes.map((note) => html`<p class="note">${note}</p>`)}
    <figure class="stage" id="drawing">
      <div class="sheet">${across}${down}</div>
      <figcaption>
        <p class="said hint" id="said" role="status">
          Select a box, an arrow or a finding. Arrow keys go from one to the next, Escape clears.
        </p>
      </figcaption>
      <p class="sideways" hidden>The drawing is wider than the window: scroll it sideways.</p>
    </figure>`;
}
