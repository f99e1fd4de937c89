import { peerName } from "../model/peer";
import { zoneTag } from "../model/tag";
import { platformPort } from "../model/workload";
import { zoneIds } from "../model/zone";

import { declarations, declaredConnections } from "./declared-flows";
import { extentText } from "./extent-text";
import { awsFacts } from "./facts/aws";
import type { Filter } from "./facts/fact";
import type { Finding, Severity } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { PacketSet } from "./packet-set";
import { Reachability } from "./reachability";
import { rules } from "./rules";
import { StackGraph } from "./stack-graph";
import type { StackResource } from "./stack-resource";
import { tagOf, zoneClaims } from "./zone-claims";
import { Zones } from "./zones";

/** One connection that the resources let pass, in both directions of its packets. */
export interface MatrixRow {
  /** Who opens it: a peer of the platform, or a filter's label on a stack without one. */
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: string;
  /** How the two ends know each other, where a platform declares the flow; `undeclared` otherwise. */
  readonly transport: string;
}

export interface Judgement {
  /** In the order of rule, resource and text, whatever the order of the resources was. */
  readonly findings: readonly Finding[];
  /** Who can open a connection to whom, read from the resources and not from what was declared. */
  readonly matrix: readonly MatrixRow[];
}

const severities: readonly Severity[] = ["low", "medium", "high", "critical"];

/** One finding for each thing that opens something, the worst of those that name it. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const key = [
      finding.rule,
      finding.urn,
      ...finding.openedBy.map(({ label }) => label),
      finding.openedBy.length === 0 ? finding.summary : "",
    ].join("\n");
    const known = worst.get(key);
    if (known === undefined || severities.indexOf(finding.severity) > severities.indexOf(known.severity)) {
      worst.set(key, finding);
    }
  }
  const order = rules.map(({ name }) => name);
  return [...worst.entries()]
    .sort(
      ([a, { rule: one }], [b, { rule: other }]) =>
        order.indexOf(one) - order.indexOf(other) || (a < b ? -1 : a > b ? 1 : 0),
    )
    .map(([, finding]) => finding);
}

/** Filters beyond which a matrix is not drawn: it has a row for each pair. */
const mostFilters = 200;

function matrix({ facts, reachability, declarations: declared }: JudgedStack): readonly MatrixRow[] {
  const ends = facts.interfaceFilters.filter(({ zone }) => zone !== undefined);
  if (ends.length > mostFilters) {
    return [];
  }
  const nameOf = (filter: Filter): string => filter.peer ?? filter.label;
  const row = (
    from: string,
    to: string,
    packets: PacketSet,
    platform: string | undefined,
  ): readonly MatrixRow[] => {
    const own = platform === undefined ? undefined : declared.platforms.get(platform);
    const flow =
      own === undefined
        ? undefined
        : declaredConnections(own).find(
            (candidate) => peerName(candidate.from) === from && peerName(candidate.to) === to,
          );
    const extents = packets.map(({ protocolFrom, protocolTo, portFrom, portTo }) =>
      extentText({
        protocols: { from: protocolFrom, to: protocolTo },
        ports: { from: portFrom, to: portTo },
      }),
    );
    return [...new Set(extents)].sort().map((extent) => {
      const [protocol = "", ...ports] = extent.split(" ");
      const port = ports.join(" ");
      return {
        from,
        to,
        protocol,
        port,
        transport: flow !== undefined && port === String(platformPort) ? flow.transport : "undeclared",
      };
    });
  };
  const rows = ends.flatMap((from) => [
    ...row("world", nameOf(from), reachability.openTo(from, "ingress"), from.platform),
    ...row(nameOf(from), "world", reachability.openTo(from, "egress"), from.platform),
    ...ends.flatMap((to) =>
      nameOf(from) === nameOf(to)
        ? []
        : row(nameOf(from), nameOf(to), reachability.channel(from, to, true), from.platform),
    ),
  ]);
  // Several filters of one peer are one end of a connection.
  const distinctRows = new Map(rows.map((one) => [Object.values(one).join(" "), one]));
  return [...distinctRows.values()].sort((a, b) =>
    `${a.from} ${a.to} ${a.port}` < `${b.from} ${b.to} ${b.port}` ? -1 : 1,
  );
}

/** Reads a stack: its facts, what is declared of it, and what reaches what. */
function read(resources: readonly StackResource[], dryRun: boolean): JudgedStack {
  const graph = new StackGraph(resources, { dryRun });
  const { claims, unreadable } = zoneClaims(graph);
  const zones = new Zones(claims);
  const declared = declarations(graph);
  const platforms = new Map([...declared.platforms.values()].map(({ urn, name }) => [urn, name]));
  const facts = awsFacts(graph, zones, platforms);
  return {
    facts,
    reachability: new Reachability(facts),
    declarations: declared,
    unreadableClaims: unreadable,
    zoneConflicts: zones.conflicts(),
  };
}

/**
 * Judges a stack.
 *
 * @param resources all resources of the stack, in any order.
 * @param options `dryRun` says that nothing has been created yet, so that every resource must have shown its inputs.
 */
export function judge(
  resources: readonly StackResource[],
  { dryRun }: { readonly dryRun: boolean },
): Judgement {
  const stack = read(resources, dryRun);
  let drawn: readonly MatrixRow[] | undefined;
  return {
    findings: distinct(rules.flatMap(({ check }) => check(stack))),
    get matrix() {
      drawn ??= matrix(stack);
      return drawn;
    },
  };
}

/** Judges one resource before it is created, by what no other resource can make right. */
export function judgeAlone(resource: StackResource): readonly Finding[] {
  // By itself a resource is in a zone only if its tags say so, and what is in none is guilty of nothing.
  const graph = new StackGraph([resource], { dryRun: false });
  const isInZone = graph.nodes.some((node) => {
    const zone = tagOf(graph, node, zoneTag);
    return zone.kind === "known" && (zoneIds as readonly string[]).includes(zone.value);
  });
  if (!isInZone) {
    return [];
  }
  return judge([resource], { dryRun: false }).findings.filter(
    ({ isGuiltyAlone, level }) => isGuiltyAlone && level === "mandatory",
  );
}
