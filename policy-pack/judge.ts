import { peerName } from "../model/peer";
import { sharedZone } from "../model/tag";
import { platformPort } from "../model/workload";

import { declarations, declaredConnections } from "./declared-flows";
import { extentText } from "./extent-text";
import { awsFacts } from "./facts/aws";
import { inClassicShape } from "./facts/aws/native-resources";
import type { Filter } from "./facts/fact";
import { certificateTypes, publicKeyInfrastructure } from "./facts/public-key-infrastructure";
import { checked, failure } from "./failed-rule";
import type { Finding, Severity } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { PacketSet } from "./packet-set";
import { Reachability } from "./reachability";
import { ignoredChanges } from "./ignored-changes";
import { isOfNetwork } from "./network-resources";
import { rules } from "./rules";
import { noSettings, type Settings } from "./settings";
import { StackGraph } from "./stack-graph";
import type { StackResource } from "./stack-resource";
import { zoneClaims } from "./zone-claims";
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
function read(
  resources: readonly StackResource[],
  { dryRun, settings }: Required<JudgeOptions>,
): JudgedStack {
  const graph = new StackGraph(resources.map(inClassicShape), { dryRun });
  const { claims, unreadable, unused } = zoneClaims(graph, settings.zones);
  const zones = new Zones(claims);
  const declared = declarations(graph);
  const platforms = new Map([...declared.platforms.values()].map(({ urn, name }) => [urn, name]));
  const facts = awsFacts(graph, zones, platforms);
  const publicKeys = publicKeyInfrastructure(graph);
  return {
    facts,
    publicKeys,
    // What has been read is known only now.
    ignoredChanges: ignoredChanges(graph, zones),
    reachability: new Reachability(facts),
    declarations: declared,
    unreadableClaims: unreadable,
    zoneConflicts: zones.conflicts(),
    unusedZoneRules: unused,
    firstOfNetwork: graph.nodes.find(({ resourceType }) => isOfNetwork(resourceType))?.urn,
    firstInPhi: graph.nodes.find(({ urn }) => zones.of(urn) === "phi")?.urn,
    root: graph.root,
    settings,
  };
}

export interface JudgeOptions {
  /** Whether nothing has been created yet, so that every resource must have shown its inputs. */
  readonly dryRun: boolean;
  /** What the pack's user has configured; nothing, by default. */
  readonly settings?: Settings;
}

/**
 * Judges a stack.
 *
 * @param resources all resources of the stack, in any order.
 */
export function judge(
  resources: readonly StackResource[],
  { dryRun, settings = noSettings }: JudgeOptions,
): Judgement {
  let stack: JudgedStack;
  try {
    stack = read(resources, { dryRun, settings });
  } catch (error) {
    return { findings: [failure("resources-are-understood", resources[0]?.urn ?? "", error)], matrix: [] };
  }
  let drawn: readonly MatrixRow[] | undefined;
  return {
    findings: distinct(rules.flatMap((rule) => checked(rule, stack))),
    get matrix() {
      drawn ??= matrix(stack);
      return drawn;
    },
  };
}

/**
 * Judges one resource before it is created, by what no other resource can make right.
 *
 * @param settings what the pack's user has configured, which may put the resource into a zone.
 */
export function judgeAlone(resource: StackResource, settings: Settings = noSettings): readonly Finding[] {
  // By itself a resource is in a zone only if its tags or the configuration say so; what is in none is guilty of nothing,
  // unless it is a certificate.
  const graph = new StackGraph([inClassicShape(resource)], { dryRun: false });
  const { claims } = zoneClaims(graph, settings.zones);
  const isInZone = (claims.get(resource.urn) ?? []).some(({ zone }) => zone !== sharedZone);
  if (!isInZone && !graph.nodes.some(({ resourceType }) => certificateTypes.has(resourceType))) {
    return [];
  }
  return judge([resource], { dryRun: false, settings }).findings.filter(
    ({ isGuiltyAlone, level }) => isGuiltyAlone && level === "mandatory",
  );
}
