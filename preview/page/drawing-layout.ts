import { instance, type Viz } from "@viz-js/viz";
import { z } from "zod";

import type { DrawnGraph, DrawnNode, Place } from "./drawn-graph";

/** Which way the way in runs: from left to right, or from top to bottom where there is little width. */
export type Direction = "across" | "down";

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle, by its middle. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where everything of a drawing is, in pixels. */
export interface DrawingLayout {
  /** What all of it takes. */
  readonly area: Box;
  readonly nodes: ReadonlyMap<string, Box>;
  readonly places: ReadonlyMap<Place, Box>;
  readonly edges: ReadonlyMap<string, Curve>;
}

/** A line of cubic curves: the first point, and three for each curve; and the tip of the arrow at its end. */
export interface Curve {
  readonly points: readonly Point[];
  readonly tip: Point;
}

/** The pixels of a character of the drawing's names, which are set in a font of one width. */
export const characterWidth = 7.25;

/** The longest name that is drawn in full. */
const mostCharacters = 24;

const rowHeight = 19;

/** What a place's wall keeps from the edge of its area. */
const wallGap = 4;

/** A title as it is drawn: cut where it is too long. */
export function shownTitle(title: string): string {
  const characters = Array.from(title);
  return characters.length > mostCharacters
    ? `${characters.slice(0, mostCharacters - 9).join("")}…${characters.slice(-8).join("")}`
    : title;
}

/** The size of a node's box, by what is written in it. */
export function nodeSize({ title, subtitle, rows }: DrawnNode): { width: number; height: number } {
  const longest = Math.max(
    ...[shownTitle(title), subtitle, ...rows].map((text) => Array.from(text).length),
    8,
  );
  return { width: Math.ceil(longest * characterWidth) + 26, height: 44 + rows.length * rowHeight };
}

const layoutSchema = z.object({
  bb: z.string(),
  objects: z
    .array(
      z.object({
        name: z.string(),
        bb: z.string().optional(),
        pos: z.string().optional(),
        width: z.string().optional(),
        height: z.string().optional(),
      }),
    )
    .default([]),
  edges: z.array(z.object({ id: z.string().optional(), pos: z.string().optional() })).default([]),
});

function numbers(text: string): readonly number[] {
  return text.split(/[ ,]/).map(Number);
}

/** Graphviz' spline: `e,x,y` is the arrow's tip, and the rest are the points of the curves. */
function curve(pos: string, place: (x: number, y: number) => Point): Curve {
  const points = pos.split(" ").map((text) => {
    const [x = 0, y = 0] = numbers(text.replace(/^[es],/, ""));
    return place(x, y);
  });
  const hasTip = pos.startsWith("e,");
  const line = hasTip ? points.slice(1) : points;
  const tip = hasTip ? points[0] : points.at(-1);
  return { points: line, tip: tip ?? { x: 0, y: 0 } };
}

/** The smallest box around boxes and curves. */
function areaOf(boxes: readonly Box[], curves: readonly Curve[]): Box {
  const points = [
    ...boxes.flatMap(({ x, y, width, height }) => [
      { x: x - width / 2, y: y - height / 2 },
      { x: x + width / 2, y: y + height / 2 },
    ]),
    ...curves.flatMap(({ points: line, tip }) => [...line, tip]),
  ];
  const [left, right] = [Math.min(...points.map(({ x }) => x)), Math.max(...points.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...points.map(({ y }) => y)), Math.max(...points.map(({ y }) => y))];
  return { x: (left + right) / 2, y: (top + bottom) / 2, width: right - left, height: bottom - top };
}

/** Order of the way in: what stands left of what, where edges do not say. */
const order: readonly (readonly Place[])[] = [["gateway"], ["egress", "processing"], ["phi", "services"]];

function laidOut(viz: Viz, graph: DrawnGraph, direction: Direction, isMirrored: boolean): DrawingLayout {
  const ids = new Map(graph.nodes.map(({ key }, index) => [key, `n${String(index)}`]));
  const idOf = (key: string): string => ids.get(key) ?? "";
  const inPlace = (place: Place): readonly DrawnNode[] => graph.nodes.filter((node) => node.place === place);
  const inches = (pixels: number): number => pixels / 72;
  const placeOf = new Map(graph.nodes.map(({ key, place }) => [key, place]));
  const rankOf = (key: string): number => {
    const place = placeOf.get(key) ?? "outside";
    if (place === "outside") {
      return key === "world" ? -1 : order.length;
    }
    const rank = order.findIndex((places) => places.includes(place));
    return rank < 0 ? 0 : rank;
  };
  const gates = order.slice(1).map((_, index) => `g${String(index)}`);
  const inOrder = graph.nodes.filter(({ place }) => order.some((places) => places.includes(place)));
  const drawn = viz.renderString(
    {
      directed: true,
      graphAttributes: {
        rankdir: direction === "across" ? "LR" : "TB",
        nodesep: inches(direction === "across" ? 20 : 16),
        ranksep: inches(direction === "across" ? 31 : 26),
        compound: true,
        pad: 0,
        margin: 0,
        splines: "spline",
      },
      nodeAttributes: { shape: "box", fixedsize: true, label: "" },
      edgeAttributes: { arrowsize: 0.6 },
      nodes: [
        ...graph.nodes.map((node) => {
          const { width, height } = nodeSize(node);
          return { name: idOf(node.key), attributes: { width: inches(width), height: inches(height) } };
        }),
        ...gates.map((name) => ({ name, attributes: { style: "invis", width: 0.01, height: 0.01 } })),
      ],
      edges: [
        ...graph.edges.map(({ key, from, to }) => ({
          tail: idOf(from),
          head: idOf(to),
          attributes: {
            id: key,
            // An edge against the way in must not turn the zones round.
            constraint: rankOf(from) <= rankOf(to),
            weight: rankOf(from) === rankOf(to) ? 1 : 2,
          },
        })),
        // What is in one zone stands before what is in the next, whether or not anything connects them.
        ...gates.flatMap((gate, index) => [
          ...inOrder
            .filter(({ key }) => rankOf(key) === index)
            .map(({ key }) => ({ tail: idOf(key), head: gate, attributes: { style: "invis", weight: 0 } })),
          ...inOrder
            .filter(({ key }) => rankOf(key) === index + 1)
            .map(({ key }) => ({ tail: gate, head: idOf(key), attributes: { style: "invis", weight: 0 } })),
        ]),
      ],
      subgraphs: graph.places.map((place) => ({
        name: `cluster_${place}`,
        // The label keeps room for the place's title, and is not drawn.
        graphAttributes: {
          margin: 17,
          label: "x",
          fontsize: 17,
          labelloc: isMirrored && direction === "across" ? "b" : "t",
        },
        nodes: inPlace(place).map(({ key }) => ({ name: idOf(key) })),
      })),
    },
    { format: "json0" },
  );
  const layout = layoutSchema.parse(JSON.parse(drawn));
  const [, , width = 0, height = 0] = numbers(layout.bb);
  // Graphviz counts upwards.
  const placed = (x: number, y: number): Point => ({
    x: isMirrored && direction === "down" ? width - x : x,
    y: isMirrored && direction === "across" ? y : height - y,
  });
  const nodes = new Map<string, Box>();
  const boxes = new Map<Place, Box>();
  for (const { name, bb, pos, ...size } of layout.objects) {
    const place = graph.places.find((candidate) => name === `cluster_${candidate}`);
    if (place !== undefined && bb !== undefined) {
      const [left = 0, bottom = 0, right = 0, top = 0] = numbers(bb);
      boxes.set(place, {
        ...placed((left + right) / 2, (bottom + top) / 2),
        // Walls of two places that touch would look like one.
        width: right - left - 2 * wallGap,
        height: top - bottom - 2 * wallGap,
      });
    }
    const node = graph.nodes.find(({ key }) => idOf(key) === name);
    if (node !== undefined && pos !== undefined) {
      const [x = 0, y = 0] = numbers(pos);
      nodes.set(node.key, {
        ...placed(x, y),
        width: Number(size.width) * 72,
        height: Number(size.height) * 72,
      });
    }
  }
  const edges = new Map(
    layout.edges.flatMap(({ id, pos }) =>
      id === undefined || pos === undefined ? [] : [[id, curve(pos, placed)] as const],
    ),
  );
  return {
    area: areaOf([...nodes.values(), ...boxes.values()], [...edges.values()]),
    nodes,
    places: boxes,
    edges,
  };
}

/**
 * Lays a drawing out by Graphviz. No name of the report is handed to it: it sees numbers and sizes alone, so that no name
 * is taken for its language.
 */
export async function drawingLayout(graph: DrawnGraph, direction: Direction): Promise<DrawingLayout> {
  const viz = await instance();
  const layout = laidOut(viz, graph, direction, false);
  const [phi, services] = [layout.places.get("phi"), layout.places.get("services")];
  // The way to the stores is straight, and what is beside it stands below it or to its right.
  const isBefore =
    phi !== undefined &&
    services !== undefined &&
    (direction === "across" ? services.y < phi.y : services.x < phi.x);
  return isBefore ? laidOut(viz, graph, direction, true) : layout;
}
