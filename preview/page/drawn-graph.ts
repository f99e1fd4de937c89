import { zoneIds, type ZoneId } from "../../model/zone";
import { world } from "../../policy-pack/finding";
import type { Report, ReportedConnection, ReportedFinding } from "../../policy-pack/report/report";

import { counted, nameIn, typeIn } from "./words";

/** Where something is drawn: in a zone, beside the zones, or outside. */
export type Place = ZoneId | "services" | "unzoned" | "outside";

/** One box of the drawing. */
export interface DrawnNode {
  readonly key: string;
  readonly kind:
    "world" | "workload" | "data-store" | "load-balancer" | "services" | "end" | "zone" | "fault" | "nothing";
  readonly place: Place;
  readonly title: string;
  readonly subtitle: string;
  /** What it is made of, where it stands for several. */
  readonly rows: readonly string[];
  /** Whether a mandatory finding names it, where it is drawn for findings alone. */
  readonly isMandatory?: boolean;
}

/** One arrow of the drawing: connections of the same two boxes, or the way of a finding's packets. */
export interface DrawnEdge {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  readonly kind: "connection" | "witness";
  readonly connections: readonly ReportedConnection[];
  readonly change: "opened" | "closed" | "both" | undefined;
  /** Whether a mandatory finding goes along it. */
  readonly isMandatory: boolean;
}

/** The boxes and arrows that a report is drawn as. */
export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** Places that are drawn as a box around others, in the order of the way in. */
  readonly places: readonly Place[];
  /** The keys of nodes and edges that a finding lights up, by its fingerprint, in the order of its path. */
  readonly lit: ReadonlyMap<string, readonly string[]>;
  /** What the drawing leaves out. */
  readonly notes: readonly string[];
}

/** Beyond this many ends or pairs, zones are drawn and not what is in them. */
const mostEnds = 40;
const mostPairs = 150;

/** Beyond this many resources at fault in a zone, they are drawn as one. */
const mostFaults = 4;

/** The world on the way in is drawn on one side, and on the way out of what the Internet does not reach on the other. */
const worldIn = "world";
const worldOut = "world-out";
const servicesKey = "services";

const places: readonly Place[] = [...zoneIds, "services", "unzoned"];

const kindTitles: Readonly<Record<string, string>> = {
  workload: "workload",
  "data-store": "data store",
  "load-balancer": "entrance",
};

/** Whether a finding refuses the stack: it is mandatory, and no waiver stands against it. */
export function refuses({ level, waiver }: Pick<ReportedFinding, "level" | "waiver">): boolean {
  return level === "mandatory" && waiver === null;
}

type End = Report["ends"][number];

function endNode(end: End): DrawnNode {
  const [kind = "", ...rest] = end.name.split("/");
  const known = kind === "workload" || kind === "data-store" || kind === "load-balancer" ? kind : undefined;
  return {
    key: `end:${end.name}`,
    kind: known ?? "end",
    place: end.zone ?? "unzoned",
    title: known === undefined || rest.length === 0 ? end.name : rest.join("/"),
    subtitle: known === undefined ? "end" : (kindTitles[known] ?? ""),
    rows: [],
  };
}

/** Every end within the platform that a report names: those of its resources, and those that only connections name, such as closed ones. */
function endsOf({ ends, matrix, changes }: Report): readonly End[] {
  const found = new Map<string, End>();
  for (const { from, to, fromZone, toZone } of [
    ...matrix,
    ...(changes?.opened ?? []),
    ...(changes?.closed ?? []),
  ]) {
    for (const [name, zone] of [
      [from, fromZone],
      [to, toZone],
    ] as const) {
      if (zone !== world) {
        found.set(name, { name, zone, urns: [] });
      }
    }
  }
  for (const end of ends) {
    found.set(end.name, end);
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

const connectionKey = ({ from, to, protocol, port }: ReportedConnection): string =>
  [from, to, protocol, port].join("\n");

/** Gives each end, and each resource at fault, the box by which it is drawn. */
class Boxes {
  readonly nodes = new Map<string, DrawnNode>();
  readonly isByZone: boolean;
  readonly #nodeOfEnd = new Map<string, string>();
  readonly #nodeOfUrn = new Map<string, string>();
  readonly #places = new Map<string, Place>();
  readonly #report: Report;

  constructor(report: Report, pairs: number) {
    this.#report = report;
    const ends = endsOf(report);
    this.isByZone = ends.length > mostEnds || pairs > mostPairs;
    const services = ends.filter(({ name }) => name.startsWith("platform-service/"));
    for (const end of ends) {
      const isService = !this.isByZone && services.length > 1 && services.includes(end);
      this.#place(end, this.isByZone ? this.#zoneNode(end, ends) : isService ? undefined : endNode(end));
    }
    if (!this.isByZone && services.length > 1) {
      const key = servicesKey;
      this.#add({
        key,
        kind: "services",
        place: "services",
        title: "platform services",
        subtitle: "by private endpoint",
        rows: services.map(({ name }) => name.slice(name.indexOf("/") + 1)),
      });
      for (const end of services) {
        this.#place(end, this.nodes.get(key));
      }
    }
    for (const zone of zoneIds) {
      const isEmpty = ![...this.nodes.values()].some(({ place }) => place === zone);
      const count = report.resources.filter((resource) => resource.zone === zone).length;
      if (isEmpty && count > 0) {
        this.#add({
          key: `nothing:${zone}`,
          kind: "nothing",
          place: zone,
          title: counted(count, "resource"),
          subtitle: "none is an end of a connection",
          rows: [],
        });
      }
    }
  }

  #add(node: DrawnNode): void {
    this.nodes.set(node.key, node);
    this.#places.set(node.key, node.place);
  }

  #zoneNode({ zone }: End, ends: readonly End[]): DrawnNode {
    const own = ends.filter((end) => end.zone === zone);
    return {
      key: `zone:${zone ?? "unzoned"}`,
      kind: "zone",
      place: zone ?? "unzoned",
      title: counted(own.length, "end"),
      subtitle: "drawn as one",
      rows: [],
    };
  }

  #place(end: End, node: DrawnNode | undefined): void {
    if (node === undefined) {
      return;
    }
    this.#add(this.nodes.get(node.key) ?? node);
    this.#nodeOfEnd.set(end.name, node.key);
    for (const urn of end.urns) {
      this.#nodeOfUrn.set(urn, node.key);
    }
  }

  /** The box for the world beside another: the Internet's own side, or the other, where nothing should lead. */
  outside(beside: string | undefined, isWayOut: boolean): string {
    const place = beside === undefined ? undefined : this.#places.get(beside);
    const key = isWayOut && place !== "gateway" && place !== undefined ? worldOut : worldIn;
    if (!this.nodes.has(key)) {
      this.#add({
        key,
        kind: "world",
        place: "outside",
        title: key === worldIn ? "Internet" : "outside",
        subtitle: key === worldIn ? "and all else outside" : "of the platform",
        rows: [],
      });
    }
    return key;
  }

  /** The box of one end of a connection; that of the world for a provider, which is out there. */
  ofEnd(name: string, other: string, isWayOut: boolean): string {
    return this.#nodeOfEnd.get(name) ?? this.outside(this.#nodeOfEnd.get(other), isWayOut);
  }

  /** The boxes that a finding's witness passes, in order; none, where nothing of it has a place on the drawing. */
  along({ passes, urn }: ReportedFinding): readonly string[] {
    const inside = passes.map((passed) => this.#nodeOfUrn.get(passed));
    const atFault = inside.some((key) => key !== undefined) ? undefined : this.#faultNode(urn);
    const first = inside.find((key) => key !== undefined) ?? atFault;
    if (first === undefined) {
      return [];
    }
    const stops = passes.flatMap((passed, index) => {
      const key = inside[index];
      if (passed === world) {
        return [this.outside(first, index > 0)];
      }
      return key === undefined ? (passed === urn && atFault !== undefined ? [atFault] : []) : [key];
    });
    const path = stops.includes(first) ? stops : [first, ...stops];
    return path.filter((key, index) => key !== path[index - 1]);
  }

  #faultNode(urn: string): string | undefined {
    const resource = this.#report.resources.find((candidate) => candidate.urn === urn);
    if (resource?.zone === null || resource === undefined) {
      return undefined;
    }
    const { zone } = resource;
    const own = new Set(
      this.#report.findings
        .map((finding) => finding.urn)
        .filter((candidate) => !this.#nodeOfUrn.has(candidate))
        .filter(
          (candidate) =>
            this.#report.resources.find((described) => described.urn === candidate)?.zone === zone,
        ),
    );
    const isMany = this.isByZone || own.size > mostFaults;
    const isMandatory = this.#report.findings.some(
      (finding) => refuses(finding) && (isMany ? own.has(finding.urn) : finding.urn === urn),
    );
    const node: DrawnNode = isMany
      ? {
          key: `faults:${zone}`,
          kind: "fault",
          place: zone,
          title: counted(own.size, "resource"),
          subtitle: "named by findings",
          rows: [],
          isMandatory,
        }
      : {
          key: `fault:${urn}`,
          kind: "fault",
          place: zone,
          title: nameIn(urn),
          subtitle: typeIn(urn),
          rows: [],
          isMandatory,
        };
    if (!this.nodes.has(node.key)) {
      this.#add(node);
    }
    return node.key;
  }
}

function pairsOf(connections: readonly ReportedConnection[]): number {
  return new Set(connections.map(({ from, to }) => `${from}\n${to}`)).size;
}

/** What is drawn of a report, and what of it each finding lights up. */
export function drawnGraph(report: Report): DrawnGraph {
  const opened = new Set((report.changes?.opened ?? []).map(connectionKey));
  const present = new Set(report.matrix.map(connectionKey));
  const closed = (report.changes?.closed ?? []).filter((one) => !present.has(connectionKey(one)));
  const all = [...report.matrix, ...closed];
  const boxes = new Boxes(report, pairsOf(all));

  const between = new Map<string, { from: string; to: string; connections: ReportedConnection[] }>();
  for (const connection of all) {
    const from = boxes.ofEnd(connection.from, connection.to, false);
    const to = boxes.ofEnd(connection.to, connection.from, true);
    const pair = between.get(`${from}\n${to}`) ?? { from, to, connections: [] };
    pair.connections.push(connection);
    between.set(`${from}\n${to}`, pair);
  }
  const keyOf = new Map([...between.keys()].map((pair, index) => [pair, `e${String(index)}`]));
  const changeOf = (connections: readonly ReportedConnection[]): DrawnEdge["change"] => {
    const opens = connections.some((one) => opened.has(connectionKey(one)));
    const closes = connections.some((one) => closed.includes(one));
    return opens && closes ? "both" : opens ? "opened" : closes ? "closed" : undefined;
  };

  const ways = new Map<string, { from: string; to: string; isMandatory: boolean }>();
  const lit = new Map<string, readonly string[]>();
  for (const finding of report.findings) {
    const path = boxes.along(finding);
    const keys = path.flatMap((key, index) => {
      const from = path[index - 1];
      if (from === undefined) {
        return [key];
      }
      const pair = `${from}\n${key}`;
      const isMandatory = refuses(finding);
      if (!keyOf.has(pair)) {
        keyOf.set(pair, `e${String(keyOf.size)}`);
      }
      ways.set(pair, { from, to: key, isMandatory: isMandatory || (ways.get(pair)?.isMandatory ?? false) });
      return [keyOf.get(pair) ?? "", key];
    });
    lit.set(finding.fingerprint, keys);
  }

  const edges = [...keyOf].flatMap(([pair, key]): readonly DrawnEdge[] => {
    const connected = between.get(pair);
    const way = ways.get(pair);
    const ends = connected ?? way;
    if (ends === undefined || ends.from === ends.to) {
      return [];
    }
    return [
      {
        key,
        from: ends.from,
        to: ends.to,
        kind: connected === undefined ? "witness" : "connection",
        connections: connected?.connections ?? [],
        change: changeOf(connected?.connections ?? []),
        isMandatory: way?.isMandatory ?? false,
      },
    ];
  });
  // Keys go into the page, and names of a report are no part of them.
  const known = new Set([worldIn, worldOut, servicesKey]);
  const names = new Map(
    [...boxes.nodes.keys()].map((key, index) => [key, known.has(key) ? key : `n${String(index)}`]),
  );
  const named = (key: string): string => names.get(key) ?? key;
  const nodes = [...boxes.nodes.values()].map((node) => ({ ...node, key: named(node.key) }));
  return {
    nodes,
    edges: edges.map((edge) => ({ ...edge, from: named(edge.from), to: named(edge.to) })),
    places: places.filter((place) => nodes.some((node) => node.place === place)),
    lit: new Map([...lit].map(([fingerprint, keys]) => [fingerprint, keys.map(named)])),
    notes: boxes.isByZone
      ? [
          `${counted(endsOf(report).length, "end")} and ${counted(pairsOf(all), "pair")} of them are too many to be drawn one by one: zones are drawn instead. The matrix below lists every connection.`,
        ]
      : [],
  };
}
