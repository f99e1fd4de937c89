import { cloudOfUrn } from "../cloud-of-urn";
import type { Subnet } from "../facts/fact";
import { world, type Evidence, type Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { everyPacket, intersect, type Box, type PacketSet } from "../packet-set";
import type { PolicyRule } from "../policy-rule";
import type { Position } from "../reachability";
import { bindingPlatform } from "../undeclared";
import type { UninspectedPath } from "../uninspected-paths";
import { routable, witnessOf } from "../witness";

import { isHeldProxy, isHeldToInspection, uninspectedPathsOf, type PathsOf } from "./held-to-inspection";
import { internetEgressIsInspectedProofs } from "./internet-egress-is-inspected-proofs";
import { sentence } from "./sentence";
import { undeclaredEgress } from "./undeclared-egress";

const name = "internet-egress-is-inspected";

const remedies = {
  aws: "Lead the route to the endpoint of a Network Firewall whose policy hands every packet to rules that refuse, or of a Gateway Load Balancer; or take it away.",
  azure:
    "Lead the route to the private address of an AzureFirewall whose policy ends TLS and passes requests by their names alone; or take it away.",
  gcp: "Lead the route to a Secure Web Proxy whose policy ends TLS and allows requests by the names of hosts alone; or take it away.",
} as const;

/** What to do, in the words of the cloud that a resource is of. */
function remedyFor(urn: string): string {
  return remedies[cloudOfUrn(urn) ?? "aws"];
}

/** From where a path begins. */
type Start = Pick<Position, "urn" | "label" | "zone">;

/** Packets that take uninspected paths, by what is at fault. */
type Escape = readonly [Evidence, PacketSet];

function isAssumed({ steps }: Box): boolean {
  return steps.some(({ assumption }) => assumption !== undefined);
}

/** The packets of a set that take some paths, by what is at fault. */
function escapes(packets: PacketSet, paths: readonly UninspectedPath[]): readonly Escape[] {
  const byFault = new Map<string, Escape>();
  for (const path of paths) {
    const taking = intersect(packets, [path.packets]);
    if (taking.length > 0) {
      const key = `${path.fault.urn} ${path.fault.label}`;
      const [, others] = byFault.get(key) ?? [path.fault, []];
      byFault.set(key, [path.fault, [...others, ...taking]]);
    }
  }
  return [...byFault.values()];
}

/** The finding that packets on a way past every inspection amount to. */
function finding(
  { urn: place, label, zone }: Start,
  [{ urn, label: at }, packets]: Escape,
  unshown: string | undefined,
): Finding {
  const certain = packets.filter((one) => !isAssumed(one));
  const isOpen = unshown === undefined && certain.length > 0;
  const packet = witnessOf(certain.length > 0 ? certain : packets);
  const steps = packet?.from.steps ?? [];
  const address = packet?.address ?? "any address";
  const assumptions = [
    ...(unshown === undefined ? [] : [unshown]),
    ...steps.flatMap(({ assumption }) => assumption ?? []),
  ];
  return {
    rule: name,
    severity: isOpen ? "critical" : "high",
    level: "mandatory",
    verdict: isOpen ? "open" : "undetermined",
    urn,
    summary: sentence(
      `${label} of zone ${zone} ${isOpen ? "reaches" : "may reach"} the Internet past every inspection.`,
    ),
    packet: `${packet?.protocol ?? "any packet"}, from ${label} to ${address}`,
    path: [label, ...steps.map((step) => step.label), address],
    passes: [place, ...steps.map((step) => step.urn), world],
    openedBy: [{ urn, label: at }],
    notes: [...new Set(assumptions)].map((assumption) => `Not known: ${assumption}.`),
    remedy: remedyFor(urn),
    isGuiltyAlone: false,
  };
}

/** What the filters of each place let out to the Internet on a path on which nothing inspects it. */
function uninspectedPlaces(stack: JudgedStack, pathsOf: PathsOf): readonly Finding[] {
  const { reachability } = stack;
  return reachability.positions
    .filter((position) => isHeldToInspection(stack, position))
    .flatMap((position) => {
      const filtered = reachability.filtered(position, "egress");
      if (filtered.length === 0) {
        return [];
      }
      return reachability.classes(position).flatMap((subnet): readonly Finding[] => {
        if (subnet !== undefined) {
          return escapes(filtered, pathsOf(position).from(subnet)).map((escape) =>
            finding(position, escape, undefined),
          );
        }
        const leaving = routable(filtered);
        return leaving.length === 0
          ? []
          : [
              finding(
                position,
                [position, leaving],
                "where its packets go, since its subnets are not in the stack",
              ),
            ];
      });
    });
}

/**
 * Whether whatever comes into a subnet has to be inspected on its way to the Internet: into any of `processing`, and on our
 * platform into those of the gateway zone besides the load balancer's. Of the egress zone the firewall's own are held to
 * nothing, since what has looked into packets sends them on.
 */
function mustBeInspected(stack: JudgedStack, { zone, platform, purpose }: Subnet): boolean {
  return (
    zone === "processing" ||
    (zone === "gateway" && purpose === "workload" && bindingPlatform(stack, platform) !== undefined)
  );
}

/** The routes of such subnets in which the stack shows nothing: whatever comes there takes them. */
function uninspectedSubnets(stack: JudgedStack, pathsOf: PathsOf): readonly Finding[] {
  const { facts, reachability } = stack;
  const filtered = new Set<Subnet>(reachability.positions.flatMap(({ subnets }) => subnets));
  return facts.subnets
    .filter((subnet) => mustBeInspected(stack, subnet) && !filtered.has(subnet))
    .flatMap((subnet) =>
      escapes(
        everyPacket,
        // Where the stack shows neither routes nor filters, it says nothing of the subnet.
        pathsOf(subnet)
          .from(subnet)
          .filter(({ packets }) => packets.steps.some((step) => "nextHop" in step)),
      ).map((escape) =>
        finding(
          { urn: subnet.urn, label: subnet.label, zone: subnet.zone ?? "processing" },
          escape,
          "what is let out of the subnet, since the stack shows no filter that is in force in it",
        ),
      ),
    );
}

/** What proxies let by unread, or for others than they should, for whoever calls them by their address. */
function uninspectedProxies(stack: JudgedStack): readonly Finding[] {
  return stack.facts.internetProxies
    .filter((proxy) => isHeldProxy(stack, proxy))
    .flatMap(({ urn: proxy, label, zone, faults }) =>
      faults.map(({ urn, label: at, what, assumption }): Finding => ({
        rule: name,
        severity: assumption === undefined ? "critical" : "high",
        level: "mandatory",
        verdict: assumption === undefined ? "open" : "undetermined",
        urn,
        summary: sentence(
          `${at} ${what}, so that what calls ${label} of zone ${zone ?? ""} ${assumption === undefined ? "reaches" : "may reach"} the Internet past inspection.`,
        ),
        packet: `a connection through ${label}`,
        path: [label, at, "any address"],
        passes: [proxy, urn, world],
        openedBy: [{ urn, label: at }],
        notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
        remedy:
          "Let each rule of the proxy end TLS by an authority of the stack, and allow the egress guard's service account to the hosts of declared providers alone.",
        isGuiltyAlone: false,
      })),
    );
}

/** Whatever leaves for the Internet is looked at on its way. */
export const internetEgressIsInspected: PolicyRule = {
  id: "BH-106",
  name,
  title: "Internet egress is inspected",
  description:
    "Each path by which packets of the processing zone get to the Internet leads through a next hop that inspects them: on AWS the endpoint of a network firewall whose policy hands them to rules that refuse some of what they look into, or of a gateway load balancer; on Azure a firewall of the stack whose policy looks into TLS; on Google Cloud a Secure Web Proxy of the stack whose rules look into TLS. On a platform of ours this holds for every zone but the load balancer's subnets, and a network firewall has to end TLS of what leaves, try its rules in strict order, drop what none of them names, and let through the hosts of declared providers alone; nothing but the load balancer has a public address or a translator of addresses outside of the egress zone, and a platform that declares no external provider has nothing in an egress zone at all. What a rule passes by headers alone, to whatever addresses, has not been looked at, unless one before it refuses all of that; nor has what a rule refuses by headers alone been that for the rest. A proxy that clients call by its address has to end TLS and pass requests by the names of hosts; on a platform of ours for the egress guard alone, and to the hosts of declared providers alone. What leads to another network counts as uninspected, unless no address of the Internet is routed there.",
  severity: "critical",
  level: { group: "first" },
  frameworks: [hipaa("164.312(e)(1)"), nist80053("SC-7"), nist80053("SI-4(18)"), nist800207("Section 3.4.1")],
  remediation:
    "Lead the default route of the zone's subnets to a firewall that inspects (on AWS its endpoint, on Google Cloud a Secure Web Proxy), and the firewall's own to the Internet; take routes around it away.",
  check: (stack) => {
    const pathsOf = uninspectedPathsOf(stack);
    return [
      ...uninspectedPlaces(stack, pathsOf),
      ...uninspectedSubnets(stack, pathsOf),
      ...uninspectedProxies(stack),
      ...undeclaredEgress(stack, name),
    ];
  },
  proofs: internetEgressIsInspectedProofs,
  unconcerned: (stack) =>
    stack.reachability.positions.some((position) => isHeldToInspection(stack, position)) ||
    stack.facts.subnets.some(({ zone }) => zone === "processing")
      ? undefined
      : "Nothing in the stack is in the processing zone.",
};
