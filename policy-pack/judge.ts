import { peerName } from "../model/peer";
import { sharedZone } from "../model/tag";
import type { ZoneId } from "../model/zone";

import { appliedWaivers } from "./applied-waivers";
import { declarations, declaredConnections } from "./declared-flows";
import { extentText } from "./extent-text";
import { stackFacts } from "./facts/stack-facts";
import { inClassicShape } from "./facts/aws/native-resources";
import type { Filter, NetworkFacts } from "./facts/fact";
import { certificateTypes, publicKeyInfrastructure } from "./facts/public-key-infrastructure";
import { labelOf } from "./facts/label";
import { checked, failure, messageOf } from "./failed-rule";
import { world, type Evidence, type Finding, type Severity } from "./finding";
import type { JudgedStack } from "./judged-stack";
import type { PacketSet } from "./packet-set";
import { ReachedProviders } from "./reached-providers";
import { Reachability } from "./reachability";
import { ignoredChanges } from "./ignored-changes";
import { listedAccess, type ListedAccess } from "./listed-access";
import { listedProviders, type ListedProvider } from "./listed-providers";
import { listedCertificates, type ListedCertificate } from "./listed-certificates";
import { isOfNetwork } from "./network-resources";
import { tcp } from "./protocol";
import { rules } from "./rules";
import { unusedWaiver } from "./rules/waivers-are-in-order";
import { noSettings, type Settings } from "./settings";
import { proofsOf, type RuleProofs } from "./rule-proofs";
import { StackGraph } from "./stack-graph";
import type { StackResource } from "./stack-resource";
import type { WaiverOutcome } from "./waiver";
import { waiverStandings, type WaiverStanding } from "./waiver-standing";
import { noWaivers, type Waivers } from "./waivers";
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

/** A connection, and what shows that it is open. */
export interface Connection extends MatrixRow {
  /** The zone of each end; `undefined` for what is in none, `world` for all that is outside of the stack, providers included. */
  readonly fromZone: ZoneId | typeof world | undefined;
  readonly toZone: ZoneId | typeof world | undefined;
  /** What lets its packets pass, in order. */
  readonly openedBy: readonly Evidence[];
}

/** Who stands behind filters: an end of connections. */
export interface ConnectionEnd {
  /** A peer of the platform, or a filter's label on a stack without one. */
  readonly name: string;
  readonly zone: ZoneId | undefined;
  /** The filters that are in force on it, and their rules. */
  readonly urns: readonly string[];
}

export interface Judgement {
  /** In the order of rule, resource and text, whatever the order of the resources was. */
  readonly findings: readonly Finding[];
  /** What became of each waiver, whatever the order of the file was. */
  readonly waivers: readonly WaiverOutcome[];
  /** Who can open a connection to whom, read from the resources and not from what was declared. */
  readonly connections: readonly Connection[];
  /** Why connections are not listed, where they are not. */
  readonly connectionsOmitted: string | undefined;
  /** The ends that connections may have, with those that have none. */
  readonly ends: readonly ConnectionEnd[];
  /** Every certificate that the stack has issued, or asks for, and what renews it. */
  readonly certificates: readonly ListedCertificate[];
  /** Who may do what, as the decision points of each platform are told. It is no part of the verdict. */
  readonly access: readonly ListedAccess[];
  /** Providers of large language models, and what may go to each. It is no part of the verdict. */
  readonly providers: readonly ListedProvider[];
  /** What shows of each rule that it holds. It is worked out where it is asked for, and is no part of the verdict. */
  readonly proofs: readonly RuleProofs[];
  /** The zone in which a resource was judged. */
  readonly zoneOf: (urn: string) => ZoneId | undefined;
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

const onlyTcp = { from: tcp, to: tcp + 1 } as const;

/** An end of a connection: what is behind a filter, a provider on the Internet, or all that is outside. */
type End = Filter | { readonly provider: string } | typeof world;

function connections(stack: JudgedStack): readonly Connection[] {
  const { facts, reachability, declarations: declared } = stack;
  const filters = zonedFilters(facts);
  if (filters.length > mostFilters) {
    return [];
  }
  const reached = new ReachedProviders(stack);
  const row = (
    from: Filter | typeof world,
    to: End,
    packets: PacketSet,
    platform: string | undefined,
  ): readonly Connection[] => {
    const [fromName, toName] = [nameOf(from), nameOf(to)];
    const own = platform === undefined ? undefined : declared.platforms.get(platform);
    const flows =
      own === undefined
        ? []
        : declaredConnections(own).filter(
            ({ from: source, to: destination }) =>
              peerName(source) === fromName && peerName(destination) === toName,
          );
    const declaredAs = (extent: string): Connection["transport"] =>
      flows.find(({ ports: declared }) => extentText({ protocols: onlyTcp, ports: declared }) === extent)
        ?.transport ?? "undeclared";
    const extents = new Map(
      packets.map((one) => [
        extentText({
          protocols: { from: one.protocolFrom, to: one.protocolTo },
          ports: { from: one.portFrom, to: one.portTo },
        }),
        one.steps,
      ]),
    );
    return [...extents].map(([extent, steps]) => {
      const [protocol = "", ...ports] = extent.split(" ");
      const port = ports.join(" ");
      return {
        from: fromName,
        to: toName,
        protocol,
        port,
        transport: declaredAs(extent),
        fromZone: zoneOfEnd(from),
        toZone: zoneOfEnd(to),
        openedBy: steps.map(({ urn, label }) => ({ urn, label })),
      };
    });
  };
  const rows = filters.flatMap((from) => [
    ...row(world, from, reachability.openTo(from, "ingress"), from.platform),
    ...reached
      .waysOut(from)
      .flatMap(({ packets, providers }) =>
        providers === undefined
          ? row(from, world, packets, from.platform)
          : providers.flatMap((provider) => row(from, { provider }, packets, from.platform)),
      ),
    ...filters.flatMap((to) => {
      const packets = nameOf(from) === nameOf(to) ? [] : reachability.channel(from, to, true);
      return packets.length === 0 || reached.isHeldBack(from, to)
        ? []
        : row(from, to, packets, from.platform);
    }),
  ]);
  // Several filters of one peer are one end of a connection.
  const keyOf = ({ from, to, protocol, port }: Connection): string => [from, to, port, protocol].join(" ");
  const distinctRows = new Map(rows.map((one) => [keyOf(one), one]));
  return [...distinctRows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Filters that stand for an end of connections. */
function zonedFilters(facts: NetworkFacts): readonly Filter[] {
  return facts.interfaceFilters.filter(({ zone }) => zone !== undefined);
}

function nameOf(end: End): string {
  if (end === world) {
    return world;
  }
  return "provider" in end ? `llm-provider/${end.provider}` : (end.peer ?? end.label);
}

function zoneOfEnd(end: End): Connection["toZone"] {
  return end === world || "provider" in end ? world : end.zone;
}

function connectionEnds(facts: NetworkFacts): readonly ConnectionEnd[] {
  const ends = new Map<string, ConnectionEnd>();
  for (const filter of zonedFilters(facts)) {
    const name = nameOf(filter);
    const rules = [...filter.egress, ...filter.ingress].map(({ urn }) => urn);
    const urns = [...(ends.get(name)?.urns ?? []), filter.urn, ...rules];
    ends.set(name, { name, zone: filter.zone, urns: [...new Set(urns)].sort() });
  }
  return [...ends.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reads a stack: its facts, what is declared of it, and what reaches what. */
function reading(
  resources: readonly StackResource[],
  { dryRun, settings, waivers }: Required<JudgeOptions>,
  standings: readonly WaiverStanding[],
): { readonly stack: JudgedStack; readonly zones: Zones } {
  const graph = new StackGraph(resources.map(inClassicShape), { dryRun });
  const { claims, unreadable, unused } = zoneClaims(graph, settings.zones);
  const zones = new Zones(claims);
  const declared = declarations(graph);
  const platforms = new Map([...declared.platforms.values()].map(({ urn, name }) => [urn, name]));
  const facts = stackFacts(graph, zones, platforms);
  const publicKeys = publicKeyInfrastructure(graph, waivers.today);
  const stack: JudgedStack = {
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
    zonedResources: () =>
      graph.nodes.flatMap((node) => {
        const zone = zones.of(node.urn);
        return zone === undefined || graph.isComponent(node)
          ? []
          : [{ urn: node.urn, label: labelOf(node), zone, sources: zones.sourcesOf(node.urn) }];
      }),
    root: graph.root,
    settings,
    waivers,
    waiverStandings: standings,
  };
  return { stack, zones };
}

export interface JudgeOptions {
  /** Whether nothing has been created yet, so that every resource must have shown its inputs. */
  readonly dryRun: boolean;
  /** What the pack's user has configured; nothing, by default. */
  readonly settings?: Settings;
  /** What is waived, and the day of the judgement: certificates and agreements end on theirs. */
  readonly waivers: Waivers;
}

/** What all rules have found, as the waivers leave it, with what is to be said of waivers that nothing needs. */
function applied(stack: JudgedStack, found: readonly Finding[]): Pick<Judgement, "findings" | "waivers"> {
  const { findings, waivers } = appliedWaivers(distinct(found), stack.waiverStandings, stack.waivers.today);
  const unused = waivers.filter(({ status }) => status === "unused");
  return {
    findings: distinct([...findings, ...unused.map((waiver) => unusedWaiver(stack.root, waiver))]),
    waivers,
  };
}

/**
 * Judges a stack.
 *
 * @param resources all resources of the stack, in any order.
 */
export function judge(
  resources: readonly StackResource[],
  { dryRun, settings = noSettings, waivers }: JudgeOptions,
): Judgement {
  const standings = waiverStandings(
    waivers,
    resources.map(({ urn }) => urn),
  );
  let read: ReturnType<typeof reading>;
  try {
    read = reading(resources, { dryRun, settings, waivers }, standings);
  } catch (error) {
    return {
      ...appliedWaivers(
        [failure("resources-are-understood", resources[0]?.urn ?? "", error)],
        standings,
        waivers.today,
      ),
      connections: [],
      connectionsOmitted: "the judge failed.",
      ends: [],
      certificates: [],
      access: [],
      providers: [],
      proofs: rules.map(({ name }) => ({ kind: "failed", rule: name, why: messageOf(error) })),
      zoneOf: () => undefined,
    };
  }
  const { stack, zones } = read;
  const found = rules.flatMap((rule) => checked(rule, stack));
  let drawn: readonly Connection[] | undefined;
  let proved: readonly RuleProofs[] | undefined;
  return {
    ...applied(stack, found),
    get connections() {
      drawn ??= connections(stack);
      return drawn;
    },
    get connectionsOmitted() {
      const count = zonedFilters(stack.facts).length;
      return count > mostFilters
        ? `${String(count)} filters are in zones; with more than ${String(mostFilters)}, who reaches whom is not drawn.`
        : undefined;
    },
    get ends() {
      return connectionEnds(stack.facts);
    },
    get certificates() {
      return listedCertificates(stack.publicKeys, waivers.today);
    },
    get access() {
      return listedAccess(stack);
    },
    get providers() {
      return listedProviders(stack);
    },
    get proofs() {
      proved ??= proofsOf(stack, found);
      return proved;
    },
    zoneOf: (urn) => zones.of(urn),
  };
}

/** What is known besides of one resource that is judged before it is created. */
export interface JudgeAloneOptions extends Pick<JudgeOptions, "settings" | "waivers"> {
  /** The resources that were shown so far, with this one: a waiver may be like a few only. */
  readonly urns?: Iterable<string>;
}

/** Judges one resource before it is created, by what no other resource can make right. */
export function judgeAlone(
  resource: StackResource,
  { settings = noSettings, waivers, urns = [resource.urn] }: JudgeAloneOptions,
): readonly Finding[] {
  // By itself a resource is in a zone only if its tags or the configuration say so; what is in none is guilty of nothing,
  // unless it is a certificate.
  const graph = new StackGraph([inClassicShape(resource)], { dryRun: false });
  const { claims } = zoneClaims(graph, settings.zones);
  const isInZone = (claims.get(resource.urn) ?? []).some(({ zone }) => zone !== sharedZone);
  if (!isInZone && !graph.nodes.some(({ resourceType }) => certificateTypes.has(resourceType))) {
    return [];
  }
  // What is waived is taken out below, so that a waiver which nothing needs here is not spoken of.
  const guilty = judge([resource], {
    dryRun: false,
    settings,
    waivers: { ...noWaivers, today: waivers.today },
  }).findings.filter(({ isGuiltyAlone }) => isGuiltyAlone);
  // To count what a waiver is like takes time, and most resources are guilty of nothing.
  const { findings } =
    guilty.length === 0
      ? { findings: guilty }
      : appliedWaivers(guilty, waiverStandings(waivers, [...urns]), waivers.today);
  return findings.filter(({ level }) => level === "mandatory");
}
