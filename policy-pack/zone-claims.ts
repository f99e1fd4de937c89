import { namedPeerKinds } from "../model/peer";
import { loadBalancerTagValue, peerTags, platformTag, purposeTag, sharedZone, zoneTag } from "../model/tag";
import { zoneIds, type ZoneId } from "../model/zone";

import { absent, itemsOf, member, memberReading, reading, recordOf, textOf, type Reading } from "./reading";
import { isPartOfAnother } from "./parts-of-others";
import { rememberedByResource } from "./remembered-by-resource";
import type { Node, StackGraph } from "./stack-graph";
import { matchZone, zoneRuleText, type MatchedResource, type ZoneRule } from "./zone-matching";

/** A zone that something says a resource is in. */
export interface ZoneClaim {
  readonly zone: ZoneId | typeof sharedZone;
  /** What says so, such as `its tag bulkhead-zone`. */
  readonly source: string;
}

/** A claim that cannot be read. */
export interface UnreadableClaim {
  readonly urn: string;
  readonly what: string;
  readonly remedy: string;
}

/** What tags, labels, components and the pack's configuration say of the zones of resources. */
export interface ZoneClaims {
  readonly claims: ReadonlyMap<string, readonly ZoneClaim[]>;
  readonly unreadable: readonly UnreadableClaim[];
  /** Rules of the configuration that match no resource of the stack. */
  readonly unused: readonly ZoneRule[];
}

type Tags = Reading<Readonly<Record<string, unknown>>>;

/** Tags as a mapping, also where a provider writes them as a list of keys and values. */
function mapping(read: Reading<unknown>): Tags {
  if (read.kind === "known" && Array.isArray(read.value)) {
    const entries = (read.value as readonly unknown[]).map((item): readonly [string, unknown] | undefined => {
      const entry = recordOf(reading(item));
      if (entry.kind !== "known") {
        return undefined;
      }
      const { value } = entry;
      const key = textOf(member(value, "Key" in value ? "Key" : "key"));
      return key.kind === "known" ? [key.value, value["Value"] ?? value["value"]] : undefined;
    });
    return entries.includes(undefined)
      ? { kind: "unknown" }
      : { kind: "known", value: Object.fromEntries(entries.filter((entry) => entry !== undefined)) };
  }
  return recordOf(read);
}

/** A provider's configuration holds mappings as JSON texts. */
function decoded(read: Reading<unknown>): Reading<unknown> {
  if (read.kind !== "known" || typeof read.value !== "string") {
    return read;
  }
  try {
    return reading(JSON.parse(read.value));
  } catch {
    return { kind: "unknown" };
  }
}

/** The tags that a provider gives to each of its resources (`defaultTags` of the AWS provider, `defaultLabels` of Google's). */
function defaultTags(node: Node): Tags {
  const { providerInputs } = node;
  if (providerInputs === undefined) {
    return absent;
  }
  const ofAws = recordOf(decoded(member(providerInputs, "defaultTags")));
  if (ofAws.kind === "known") {
    return mapping(member(ofAws.value, "tags"));
  }
  return ofAws.kind === "unknown" ? ofAws : mapping(decoded(member(providerInputs, "defaultLabels")));
}

/** Types of Cloud Control that hold data, and of which the judge reads the settings. */
function isStoreType(typeName: string): boolean {
  return typeName === "AWS::HealthLake::FHIRDatastore";
}

/** The tags of a resource of Cloud Control, which stand in the text of what it is to be. */
function desiredTags(graph: StackGraph, node: Node): Tags {
  const typeName = textOf(graph.read(node, "typeName"));
  if (node.resourceType !== "aws:cloudcontrol:resource" || typeName.kind !== "known") {
    return absent;
  }
  const state = recordOf(decoded(graph.read(node, "desiredState")));
  const tags = state.kind === "known" ? mapping(member(state.value, "Tags")) : state;
  // Types have tags of every shape, or none; of a store it has to be known.
  return tags.kind === "known" || isStoreType(typeName.value) ? tags : absent;
}

/** Labels of Google Cloud's that are not called `labels`: those of clusters, of databases and of the data of instances. */
function otherLabels(graph: StackGraph, node: Node): readonly Tags[] {
  return [
    mapping(graph.read(node, "resourceLabels")),
    mapping(graph.read(node, "userLabels")),
    mapping(memberReading(recordOf(graph.read(node, "settings")), "userLabels")),
  ];
}

/** What gives tags to a resource: itself, before its provider. Each is asked for several tags, and read once. */
const tagSources = rememberedByResource((graph, node): readonly Tags[] => {
  const isOfGoogle = node.resourceType.startsWith("gcp:");
  return [
    // On Google Cloud `tags` are those of networks, and no two of them belong together.
    ...(isOfGoogle ? [] : [mapping(graph.read(node, "tags"))]),
    mapping(graph.read(node, "labels")),
    ...(isOfGoogle ? otherLabels(graph, node) : []),
    desiredTags(graph, node),
    defaultTags(node),
  ].filter(({ kind }) => kind !== "absent");
});

/** The value of one tag of a resource: its own tag, or else its provider's. */
export function tagOf(graph: StackGraph, node: Node, tag: string): Reading<string> {
  for (const source of tagSources(graph, node)) {
    const value = source.kind === "known" ? textOf(member(source.value, tag)) : source;
    if (value.kind !== "absent") {
      return value;
    }
  }
  const all = mapping(reading(node.outputs["tagsAll"]));
  return all.kind === "known" ? textOf(member(all.value, tag)) : absent;
}

function isZone(text: string): text is ZoneId {
  return (zoneIds as readonly string[]).includes(text);
}

const zoneNames = [...zoneIds, sharedZone].join(", ");

/** What the rules of the configuration look at of a resource. */
function matched(graph: StackGraph, node: Node): MatchedResource {
  return {
    urn: node.urn,
    name: node.name,
    tag: (key) => {
      const value = tagOf(graph, node, key);
      return value.kind === "absent" ? undefined : value.kind === "unknown" ? "unknown" : value;
    },
  };
}

/**
 * Collects every claim on a zone in the stack.
 *
 * @param rules what the pack's user has configured. A part of another resource is in no zone of its own, whatever its
 * name is like, and a component is nothing with the cloud.
 */
export function zoneClaims(graph: StackGraph, rules: readonly ZoneRule[] = []): ZoneClaims {
  const claims = new Map<string, ZoneClaim[]>();
  const unreadable: UnreadableClaim[] = [];
  const used = new Set<ZoneRule>();
  const claim = (urn: string, zone: ZoneClaim["zone"], source: string): void => {
    const others = claims.get(urn);
    if (others === undefined) {
      claims.set(urn, [{ zone, source }]);
    } else {
      others.push({ zone, source });
    }
  };

  for (const node of graph.nodes) {
    const word = node.resourceType.startsWith("gcp:") ? "label" : "tag";
    const zone = tagOf(graph, node, zoneTag);
    if (zone.kind === "known" && (isZone(zone.value) || zone.value === sharedZone)) {
      claim(node.urn, zone.value, `its ${word} ${zoneTag}`);
    } else if (zone.kind !== "absent") {
      unreadable.push({
        urn: node.urn,
        what:
          zone.kind === "known"
            ? `Its ${word} ${zoneTag} is "${zone.value}", which is no zone.`
            : `Its ${word} ${zoneTag} is not known before the deployment, so it may be in any zone.`,
        remedy: `Give the ${word} one of these as a literal value: ${zoneNames}.`,
      });
    }
    if (
      rules.length > 0 &&
      !isPartOfAnother(node.resourceType) &&
      !node.resourceType.startsWith("pulumi:") &&
      !graph.isComponent(node)
    ) {
      const match = matchZone(rules, matched(graph, node));
      match.matching.forEach((rule) => used.add(rule));
      match.deciding.forEach((rule) => {
        claim(node.urn, rule.zone, zoneRuleText(rule));
      });
      for (const key of match.unknownTags) {
        unreadable.push({
          urn: node.urn,
          what: `Its ${word} ${key}, by which the configuration of zone-assignment assigns zones, is not known before the deployment, so it may be in any of them.`,
          remedy: `Give the ${word} a literal value.`,
        });
      }
    }
    if (recordOf(reading(node.outputs["peerMembers"])).kind === "unknown") {
      unreadable.push({
        urn: node.urn,
        what: "Its output peerMembers is not known, so it may have made anything that of any peer.",
        remedy: "Register the URNs of what belongs to each peer, which a preview knows.",
      });
    }
    const members = recordOf(reading(node.outputs["zoneMembers"]));
    if (members.kind === "unknown") {
      unreadable.push({
        urn: node.urn,
        what: "Its output zoneMembers is not known, so it may have put anything into any zone.",
        remedy: "Register the URNs of the members of each zone, which a preview knows.",
      });
    } else if (members.kind === "known") {
      for (const zone of zoneIds) {
        for (const item of itemsOf(member(members.value, zone))) {
          const urn = textOf(item);
          if (urn.kind === "known") {
            claim(urn.value, zone, `the output zoneMembers of ${node.name}`);
          } else {
            unreadable.push({
              urn: node.urn,
              what: `What its output zoneMembers puts into zone ${zone} is not known, so it may be anything.`,
              remedy: "Register the URNs of the members of each zone, which a preview knows.",
            });
          }
        }
      }
    }
  }
  return { claims, unreadable, unused: rules.filter((rule) => !used.has(rule)) };
}

const peersOfMembers = new WeakMap<StackGraph, ReadonlyMap<string, string>>();

/** The peers of resources, by URN, as components register them for what cannot have tags. */
function registeredPeers(graph: StackGraph): ReadonlyMap<string, string> {
  const known = peersOfMembers.get(graph);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<string, string>();
  for (const { outputs } of graph.nodes) {
    const members = outputs["peerMembers"] === undefined ? absent : recordOf(reading(outputs["peerMembers"]));
    for (const [peer, urns] of Object.entries(members.kind === "known" ? members.value : {})) {
      for (const item of itemsOf(reading(urns))) {
        const urn = textOf(item);
        if (urn.kind === "known") {
          found.set(urn.value, peer);
        }
      }
    }
  }
  peersOfMembers.set(graph, found);
  return found;
}

/**
 * The peer whose filter, or whose identity, a resource is, such as `workload/rag-service`: as its tags say, or the output
 * `peerMembers` of a component, since not everything can have tags.
 */
export function peerOf(graph: StackGraph, node: Node): string | undefined {
  return taggedPeer(graph, node) ?? registeredPeers(graph).get(node.urn);
}

const taggedPeer = rememberedByResource((graph, node): string | undefined => {
  for (const kind of ["load-balancer", ...namedPeerKinds] as const) {
    if (kind === "zone" || kind === "llm-provider") {
      continue;
    }
    const value = tagOf(graph, node, peerTags[kind]);
    if (value.kind === "known") {
      return kind === "load-balancer" && value.value === loadBalancerTagValue
        ? kind
        : `${kind}/${value.value}`;
    }
  }
  return undefined;
});

/** What subnets, routes and filters of subnets are for, as their tag says. */
export function purposeOf(graph: StackGraph, node: Node): string | undefined {
  const purpose = tagOf(graph, node, purposeTag);
  return purpose.kind === "known" ? purpose.value : undefined;
}

/** The name of the platform to which a resource says that it belongs. */
export function platformTagOf(graph: StackGraph, node: Node): string | undefined {
  const platform = tagOf(graph, node, platformTag);
  return platform.kind === "known" ? platform.value : undefined;
}
