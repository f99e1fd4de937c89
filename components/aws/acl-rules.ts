import { purposesOf, subnetBlock, type SubnetLetter, type SubnetPurpose } from "../../model/address-plan";
import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import type { Peer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { platformPort } from "../../model/workload";
import { zoneIds, type Zone, type ZoneId } from "../../model/zone";

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

function placementOf(peer: Peer): { readonly zone: ZoneId; readonly purpose: SubnetPurpose } | "world" {
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
      return { zone: "processing", purpose: "private-endpoint" };
  }
}

function sideOf(peer: Peer, groups: readonly SubnetGroup[]): Side {
  const placement = placementOf(peer);
  if (placement === "world") {
    return placement;
  }
  const group = groups.find(
    ({ zone, purpose }) => zone.id === placement.zone && purpose === placement.purpose,
  );
  if (group === undefined) {
    throw new Error(`no subnets for ${peer.kind} in zone ${placement.zone}`);
  }
  return group;
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
  for (const { from, to } of [...spec.flows, ...controlPlaneFlowsOf(spec.edge, "aws")]) {
    const source = sideOf(from, groups);
    const destination = sideOf(to, groups);
    if (sameSide(source, group)) {
      allow("request", true, destination);
      allow("reply", false, destination);
    }
    if (sameSide(destination, group)) {
      allow("request", false, source);
      allow("reply", true, source);
    }
  }
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
