import { peerName } from "../../model/peer";
import { platformPort } from "../../model/workload";

import { everyAddress, type AddressRange } from "../address-range";
import { declaredConnections, defaultZoneEdges } from "../declared-flows";
import type { Filter, Subnet } from "../facts/fact";
import type { JudgedStack } from "../judged-stack";
import { subtract, type PacketSet, type Step } from "../packet-set";
import { replyPorts, tcpPackets, allPackets, type Direction } from "../reachability";
import { bindingPlatform } from "../undeclared";

const port = { from: platformPort, to: platformPort + 1 } as const;
const everywhere: readonly AddressRange[] = [everyAddress.ipv4, everyAddress.ipv6];

/**
 * What the filter of some subnets may let pass: the flows of what is in them, in the direction in which they are opened,
 * and the replies to those in the other direction, since a filter of subnets is stateless.
 */
function permitted(stack: JudgedStack, filter: Filter, direction: Direction): PacketSet {
  const { facts, reachability, declarations } = stack;
  const subnets = reachability.subnetsUnder(filter);
  const platform = bindingPlatform(stack, filter.platform);
  if (platform === undefined) {
    const zone = filter.zone;
    const ranges = (other: (typeof defaultZoneEdges)[number]["from"]): readonly AddressRange[] =>
      other === "world" ? everywhere : reachability.knownRangesOfZone(other, undefined);
    return [
      ...defaultZoneEdges.flatMap(({ from, to }) => {
        const [source, destination] = direction === "egress" ? [from, to] : [to, from];
        return [
          ...(source === zone ? tcpPackets(ranges(destination), port) : []),
          ...(destination === zone ? tcpPackets(ranges(source), replyPorts) : []),
        ];
      }),
      ...(zone === "phi" ? allPackets(reachability.knownRangesOfZone("phi", filter.network)) : []),
    ];
  }
  const local = facts.interfaceFilters.filter(
    (candidate) =>
      candidate.platform === platform &&
      reachability.placements(candidate).some((subnet) => subnets.includes(subnet)),
  );
  const passages = facts.passages.filter((passage) => passage.platform === platform);
  const isPassage = (candidate: Filter): boolean =>
    passages.some(({ filters }) => filters.includes(candidate));
  // What leads to a workload opens no connection of the workload's.
  const sources = new Set(local.filter((one) => !isPassage(one)).flatMap(({ peer }) => peer ?? []));
  const names = new Set(local.flatMap(({ peer }) => peer ?? []));
  const leadsThrough = passingThrough(stack, subnets);
  const declared = declarations.platforms.get(platform);
  const connections = declared === undefined ? [] : declaredConnections(declared);
  const passing = new Set(
    connections.some(({ to }) => to.kind === "llm-provider")
      ? facts.interfaceFilters
          .filter((candidate) => candidate.platform === platform && !isPassage(candidate))
          .filter((candidate) => reachability.placements(candidate).some(leadsThrough))
          .flatMap(({ peer }) => peer ?? [])
      : [],
  );
  const rangesOf = (peer: string): readonly AddressRange[] =>
    peer === "world" || peer.startsWith("llm-provider/")
      ? everywhere
      : facts.interfaceFilters
          .filter((candidate) => candidate.platform === platform && candidate.peer === peer)
          .flatMap((candidate) => reachability.knownRangesOf(candidate));
  const ofFlows = connections.flatMap(({ from, to, ports }) => {
    const [source, destination] = [peerName(from), peerName(to)];
    const ways = [
      ...(sources.has(source) ? [{ own: source, other: destination, opens: true }] : []),
      ...(names.has(destination) ? [{ own: destination, other: source, opens: false }] : []),
      // Subnets that packets only pass on their way out see both ends of them.
      ...(passing.has(source) && to.kind === "llm-provider"
        ? [
            { own: source, other: destination, opens: true },
            { own: destination, other: source, opens: false },
          ]
        : []),
    ];
    return ways.flatMap(({ other, opens }) =>
      tcpPackets(rangesOf(other), opens === (direction === "egress") ? ports : replyPorts),
    );
  });
  const ofPassages = passages.flatMap(({ filters, behind }) => {
    const ranges = (ends: readonly Filter[]): readonly AddressRange[] =>
      ends.flatMap((end) => reachability.knownRangesOf(end));
    const isLocal = (ends: readonly Filter[]): boolean => ends.some((end) => local.includes(end));
    return [
      ...(isLocal(filters) ? tcpPackets(ranges(behind), direction === "egress" ? port : replyPorts) : []),
      ...(isLocal(behind) ? tcpPackets(ranges(filters), direction === "egress" ? replyPorts : port) : []),
    ];
  });
  return [...ofFlows, ...ofPassages];
}

/** Whether routes lead packets to the Internet from a subnet through any of some others. */
function passingThrough({ facts }: JudgedStack, through: readonly Subnet[]): (from: Subnet) => boolean {
  const byKey = new Map(facts.subnets.map((subnet) => [subnet.key, subnet]));
  const answers = new Map<Subnet, boolean>();
  const leads = (from: Subnet): boolean => {
    const seen = new Set<Subnet>([from]);
    for (const subnet of seen) {
      for (const { nextHop } of subnet.routeTables.flatMap(({ routes }) => routes)) {
        for (const { onward } of nextHop.forwarders) {
          for (const key of onward.kind === "subnets" ? onward.keys : []) {
            const next = byKey.get(key);
            if (next !== undefined) {
              seen.add(next);
            }
          }
        }
      }
    }
    return through.some((subnet) => subnet !== from && seen.has(subnet));
  };
  return (from) => {
    const answer = answers.get(from) ?? leads(from);
    answers.set(from, answer);
    return answer;
  };
}

/** The rules of a filter of subnets that let more pass than is declared for what is in them. */
export function undeclaredSubnetRules(
  stack: JudgedStack,
  filter: Filter,
  direction: Direction,
): readonly { readonly step: Step; readonly packets: PacketSet }[] {
  const beyond = subtract(stack.reachability.allowed(filter, direction), permitted(stack, filter, direction));
  const byStep = new Map<Step, PacketSet>();
  for (const one of beyond) {
    const [step] = one.steps;
    if (step !== undefined) {
      byStep.set(step, [...(byStep.get(step) ?? []), one]);
    }
  }
  return [...byStep].map(([step, packets]) => ({ step, packets }));
}
