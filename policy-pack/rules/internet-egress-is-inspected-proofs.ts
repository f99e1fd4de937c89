import type { Route, Subnet } from "../facts/fact";
import type { JudgedStack } from "../judged-stack";
import { proof, type Proof } from "../proof";
import { bindingPlatform } from "../undeclared";
import { isWhollyRead } from "../wholly-read";

import { isHeldProxy, isHeldToInspection, uninspectedPathsOf } from "./held-to-inspection";

/** Whether all that a route may lead to is known, and inspects what comes. */
function isInspected({ nextHop, assumption }: Route): boolean {
  return (
    assumption === undefined &&
    nextHop.forwarders.length > 0 &&
    nextHop.forwarders.every((one) => one.assumption === undefined && one.uninspected !== undefined)
  );
}

function ofSubnet(stack: JudgedStack, subnet: Subnet): readonly Proof[] {
  const routes = subnet.routeTables.flatMap((table) => table.routes);
  if (subnet.unknownRoutes !== undefined || subnet.routeTables.length === 0) {
    return [];
  }
  if (routes.length === 0) {
    return [
      proof(
        `Route: no route leads out of the network from this subnet of zone ${subnet.zone ?? ""}, so that nothing gets to the Internet to be inspected.`,
        subnet,
        ...subnet.routeTables,
      ),
    ];
  }
  const inspected = routes.filter(isInspected);
  return inspected.length === 0
    ? [
        proof(
          `Way: nothing that is let out of this subnet of zone ${subnet.zone ?? ""} gets to the Internet.`,
          subnet,
          ...subnet.filters,
          ...subnet.routeTables,
        ),
      ]
    : [
        proof(
          bindingPlatform(stack, subnet.platform) === undefined
            ? `Inspection: packets to the Internet from this subnet of zone ${subnet.zone ?? ""} go to what inspects them.`
            : `Inspection: packets to the Internet from this subnet of zone ${subnet.zone ?? ""} go to what ends their TLS, and lets through those to hosts of declared providers alone.`,
          subnet,
          ...inspected,
          ...inspected.flatMap(({ nextHop }) => nextHop.forwarders),
        ),
      ];
}

/** The ways of the zones' packets that are inspected, or end in the network. */
export function internetEgressIsInspectedProofs(stack: JudgedStack): readonly Proof[] {
  const { facts, reachability } = stack;
  const pathsOf = uninspectedPathsOf(stack);
  const held = new Set([
    ...reachability.positions
      .filter((position) => isHeldToInspection(stack, position))
      .flatMap(({ subnets }) => subnets),
    ...facts.subnets.filter(({ zone }) => zone === "processing"),
  ]);
  const ofProxies = facts.internetProxies
    .filter((proxy) => isHeldProxy(stack, proxy) && proxy.faults.length === 0)
    .map((proxy) =>
      proof(
        bindingPlatform(stack, proxy.platform) === undefined
          ? `Inspection: a proxy of zone ${proxy.zone ?? ""} ends the TLS of what it lets through, and lets it through by the names of hosts alone.`
          : `Inspection: the proxy of zone ${proxy.zone ?? ""} ends the TLS of what it lets through, which is what the egress guard sends to hosts of declared providers.`,
        proxy,
        ...proxy.shownBy,
      ),
    );
  const ofSubnets = [...held]
    .filter(
      (subnet) =>
        (subnet.zone === undefined || isWhollyRead(stack, subnet.zone)) &&
        pathsOf(subnet).from(subnet).length === 0,
    )
    .flatMap((subnet) => ofSubnet(stack, subnet));
  return [...ofSubnets, ...ofProxies];
}
