import { peerName } from "../../model/peer";
import { platformPort } from "../../model/workload";

import { everyAddress, type AddressRange } from "../address-range";
import { declaredConnections, defaultZoneEdges } from "../declared-flows";
import type { Filter } from "../facts/fact";
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
  const names = new Set(local.flatMap(({ peer }) => peer ?? []));
  const rangesOf = (peer: string): readonly AddressRange[] =>
    peer === "world" || peer.startsWith("llm-provider/")
      ? everywhere
      : facts.interfaceFilters
          .filter((candidate) => candidate.platform === platform && candidate.peer === peer)
          .flatMap((candidate) => reachability.knownRangesOf(candidate));
  const declared = declarations.platforms.get(platform);
  return (declared === undefined ? [] : declaredConnections(declared)).flatMap(({ from, to, ports }) => {
    const [source, destination] =
      direction === "egress" ? [peerName(from), peerName(to)] : [peerName(to), peerName(from)];
    return [
      ...(names.has(source) ? tcpPackets(rangesOf(destination), ports) : []),
      ...(names.has(destination) ? tcpPackets(rangesOf(source), replyPorts) : []),
    ];
  });
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
