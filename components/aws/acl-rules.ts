import { purposesOf, subnetBlock, type SubnetLetter, type SubnetPurpose } from "../../model/address-plan";
import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import type { Peer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort } from "../../model/workload";
import { zoneIds, type Zone, type ZoneId } from "../../model/zone";

import { endpointZones, networkOf } from "./zone-network";

/** The subnets of one zone that have one purpose: they share a route table and a network ACL. */
export interface SubnetGroup {
  readonly zone: Zone;
  readonly purpose: SubnetPurpose;
}

/**
 * The ports from which clients connect, and so to which replies go. Linux uses 32768-60999, but load balancers and
 * managed services use 1024-65535 (Amazon VPC user guide, "Custom network ACLs", ephemeral ports).
 */
export const replyPorts = { from: 1024, to: 65535 } as const;

/** One rule of a network ACL: it allows, since everything else is denied by the ACL's last rule. */
export interface AclRule {
  /** What tells the rule from the others of its ACL; it does not change when other flows do. */
  readonly id: string;
  readonly egress: boolean;
  readonly ruleNumber: number;
  readonly cidrBlock: string;
  readonly fromPort: number;
  readonly toPort: number;
}

/** Where the packets of a flow come from or go to: subnets of the platform, or anywhere. */
type Side = SubnetGroup | "world";

/** The groups of subnets that a platform has, in the order of the model's lists. */
export function subnetGroups(spec: PlatformSpec): readonly SubnetGroup[] {
  return spec.zones.flatMap((zone) => purposesOf[zone.id].map((purpose) => ({ zone, purpose })));
}

export function groupName({ zone, purpose }: SubnetGroup): string {
  return `${zone.id}-${purpose}`;
}

/** Every group that a platform could have; a rule's number is made of a place in this list, so that none ever moves. */
const allGroupNames: readonly string[] = zoneIds.flatMap((zone) =>
  purposesOf[zone].map((purpose) => `${zone}-${purpose}`),
);

type Placement = { readonly zone: ZoneId; readonly purpose: SubnetPurpose } | "world";

/** Where a peer is. Of the endpoints of a platform service, a caller uses the one in its own network. */
function placementOf(peer: Peer, callerZone: ZoneId): Placement {
  switch (peer.kind) {
    case "world":
    case "llm-provider":
      return "world";
    case "load-balancer":
      return { zone: "gateway", purpose: "load-balancer" };
    case "workload":
      return { zone: peer.zone, purpose: "workload" };
    case "zone":
      return { zone: peer.zone, purpose: "workload" };
    case "data-store":
      return { zone: "phi", purpose: "private-endpoint" };
    case "platform-service":
      return { zone: endpointZones[networkOf(callerZone)], purpose: "private-endpoint" };
  }
}

function sideOf(placement: Placement, groups: readonly SubnetGroup[]): Side {
  if (placement === "world") {
    return placement;
  }
  const group = groups.find(
    ({ zone, purpose }) => zone.id === placement.zone && purpose === placement.purpose,
  );
  if (group === undefined) {
    throw new Error(`no subnets for ${placement.purpose} in zone ${placement.zone}`);
  }
  return group;
}

/** A stretch of a connection's way, as the network ACLs of some subnets see it. */
interface Leg {
  readonly source: Placement;
  readonly destination: Placement;
  /** The subnets that its packets only pass; those at its ends see it as well, where they are in one network. */
  readonly passing: readonly Placement[];
  /** Whether its packets come from another network, whose subnets do not see it. */
  readonly isFromOtherNetwork?: true;
}

/**
 * The stretches of a connection's way. What goes into another network goes to an endpoint in its own, comes out of a load
 * balancer in the other, and from there to its destination; that load balancer knows its client's own address. What leaves
 * for a provider passes what inspects it and what translates its address.
 */
function legsOf(from: Peer, to: Peer): readonly Leg[] {
  const origin = placementOf(from, "processing");
  const callerZone = origin === "world" ? "processing" : origin.zone;
  const end = placementOf(to, callerZone);
  if (to.kind === "llm-provider") {
    const passing = (["inspection", "address-translation"] as const).map((purpose) => ({
      zone: callerZone,
      purpose,
    }));
    return [{ source: origin, destination: end, passing }];
  }
  if (origin === "world" || end === "world" || networkOf(origin.zone) === networkOf(end.zone)) {
    return [{ source: origin, destination: end, passing: [] }];
  }
  const endpoint: Placement = { zone: origin.zone, purpose: "private-endpoint" };
  const balancer: Placement = { zone: end.zone, purpose: "private-endpoint" };
  return [
    { source: origin, destination: endpoint, passing: [] },
    { source: origin, destination: balancer, passing: [], isFromOtherNetwork: true },
    { source: balancer, destination: end, passing: [] },
  ];
}

function sameSide(a: Side, b: Side): boolean {
  return a === b || (a !== "world" && b !== "world" && groupName(a) === groupName(b));
}

/** The blocks of a side, each with what tells it from the others and its place in the numbering. */
function blocksOf(
  side: Side,
  letters: readonly SubnetLetter[],
): readonly { readonly name: string; readonly place: number; readonly cidrBlock: string }[] {
  if (side === "world") {
    return [{ name: "world", place: allGroupNames.length * 10, cidrBlock: "0.0.0.0/0" }];
  }
  const name = groupName(side);
  return letters.map((letter) => ({
    name: `${name}-${letter}`,
    place: allGroupNames.indexOf(name) * 10 + letter.charCodeAt(0) - "a".charCodeAt(0),
    cidrBlock: subnetBlock(side.zone, side.purpose, letter).text,
  }));
}

/** The numbers of requests begin at 100 and those of replies at 500; no place is as high as the 400 between them. */
const firstNumber = { request: 100, reply: 500 } as const;

/**
 * The rules of the network ACL of one group of subnets: each flow that ends in the group, in the direction in which it
 * is opened, and its replies in the other, since a network ACL is stateless (rendering of every flow in both halves).
 *
 * A network ACL is not consulted between two addresses of one subnet, but is between subnets of one group.
 */
export function aclRules(
  group: SubnetGroup,
  spec: PlatformSpec,
  letters: readonly SubnetLetter[],
): readonly AclRule[] {
  const groups = subnetGroups(spec);
  const rules = new Map<string, AclRule>();
  const allow = (kind: "request" | "reply", egress: boolean, other: Side): void => {
    const ports = kind === "request" ? { from: platformPort, to: platformPort } : replyPorts;
    for (const { name, place, cidrBlock } of blocksOf(other, letters)) {
      const id = `${kind}-${egress ? "to" : "from"}-${name}`;
      rules.set(id, {
        id,
        egress,
        ruleNumber: firstNumber[kind] + place,
        cidrBlock,
        fromPort: ports.from,
        toPort: ports.to,
      });
    }
  };
  const isHere = (side: Side): boolean => sameSide(side, group);
  for (const { from, to } of [...spec.flows, ...controlPlaneFlowsOf(spec.edge, "aws")]) {
    for (const leg of legsOf(from, to)) {
      const source = sideOf(leg.source, groups);
      const destination = sideOf(leg.destination, groups);
      const passes = leg.passing.some((placement) => isHere(sideOf(placement, groups)));
      if (passes || (isHere(source) && leg.isFromOtherNetwork === undefined)) {
        allow("request", true, destination);
        allow("reply", false, destination);
      }
      if (passes || isHere(destination)) {
        allow("request", false, source);
        allow("reply", true, source);
      }
    }
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
