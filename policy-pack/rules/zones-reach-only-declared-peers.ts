import { peerName } from "../../model/peer";
import { platformPort } from "../../model/workload";

import { cloudOfUrn } from "../cloud-of-urn";
import type { Filter, Rule } from "../facts/fact";
import { world, type Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { intersect, type PacketSet } from "../packet-set";
import type { PolicyRule } from "../policy-rule";
import { allPackets, tcpPackets, type Direction, type Position } from "../reachability";
import { bindingPlatform, undeclaredRules } from "../undeclared";

import { configurationFindings } from "./configuration-findings";
import { misplacedWorkloads } from "./misplaced-workloads";
import { filterName, filterWord, openingFinding, subnetStep } from "./opening";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";
import { waysToProviders } from "./ways-to-providers";
import { zonesReachOnlyDeclaredPeersProofs } from "./zones-reach-only-declared-peers-proofs";

const name = "zones-reach-only-declared-peers";

const directions = ["egress", "ingress"] as const satisfies readonly Direction[];

function remedyOf(isOurs: boolean): string {
  return isOurs
    ? "Take the rule away, or declare the flow in the platform file: rules are made from flows."
    : "Take the rule away, or narrow it to what is declared: the Internet to gateway, gateway to processing, processing to itself and to the PHI zone, each on TCP 443; or configure the flow for this policy.";
}

/** On our platform every filter by itself holds to the declared flows, whatever the other layers let pass. */
function undeclaredOnOurs(stack: JudgedStack, position: Position, direction: Direction): readonly Finding[] {
  return undeclaredRules(stack, position, direction).map(({ rule, packets }) =>
    openingFinding({
      rule: name,
      severity: "high",
      direction,
      place: position,
      by: rule,
      packets,
      ...(rule.remote.kind === "filter"
        ? { other: filterName(rule.remote.filter), otherUrn: rule.remote.filter.urn }
        : {}),
      summary: `${position.peer ?? position.label} ${direction === "egress" ? "may open" : "admits"} a connection that no flow declares.`,
      path: [subnetStep(position.subnets[0], [])],
      remedy: remedyOf(true),
    }),
  );
}

/** The other end, within the networks of the stack, of what an undeclared rule lets pass; `undefined` where there is none. */
function reachedWithin(
  stack: JudgedStack,
  position: Position,
  rule: Rule,
  packets: PacketSet,
  direction: Direction,
): { readonly other: Filter; readonly packets: PacketSet } | undefined {
  const { facts, reachability } = stack;
  const candidates = rule.remote.kind === "filter" ? [rule.remote.filter] : facts.interfaceFilters;
  for (const other of candidates) {
    // What two zoned filters open between them is found at the source.
    if (
      position.filters.includes(other) ||
      (direction === "ingress" && other.zone !== undefined && other.zone !== "phi")
    ) {
      continue;
    }
    if (
      rule.remote.kind !== "filter" &&
      intersect(packets, allPackets(reachability.rangesOf(other))).length === 0
    ) {
      continue;
    }
    for (const own of position.filters) {
      const channel =
        direction === "egress" ? reachability.channel(own, other) : reachability.channel(other, own);
      const undeclared = channel.filter(({ steps }) => steps.includes(rule));
      const beyond =
        undeclared.length === 0
          ? []
          : intersect(
              undeclared,
              packets.map((one) => ({ ...one, ...everyAddressOf(one.family), steps: [] })),
            );
      if (beyond.length > 0) {
        return { other, packets: beyond };
      }
    }
  }
  return undefined;
}

function everyAddressOf(family: "ipv4" | "ipv6"): {
  readonly addressFrom: number | bigint;
  readonly addressTo: number | bigint;
} {
  return family === "ipv4"
    ? { addressFrom: 0, addressTo: 2 ** 32 }
    : { addressFrom: 0n, addressTo: 1n << 128n };
}

/** On any other stack a rule that lets too much pass counts only where a whole path is open. */
function undeclaredElsewhere(
  stack: JudgedStack,
  position: Position,
  direction: Direction,
): readonly Finding[] {
  const { reachability } = stack;
  const undeclared = undeclaredRules(stack, position, direction);
  if (undeclared.length === 0) {
    return [];
  }
  const outside = reachability.outside(position, direction);
  return undeclared.flatMap(({ rule, packets }): readonly Finding[] => {
    const leaving = intersect(
      outside.filter(({ steps }) => steps[0] === rule),
      packets.map((one) => ({ ...one, steps: [] })),
    );
    const within = leaving.length > 0 ? undefined : reachedWithin(stack, position, rule, packets, direction);
    if (leaving.length === 0 && within === undefined) {
      return [];
    }
    const steps = leaving[0]?.steps.slice(1).map(({ label }) => label) ?? [];
    return [
      openingFinding({
        rule: name,
        severity: "high",
        direction,
        place: position,
        by: rule,
        packets: within?.packets ?? leaving,
        ...(within === undefined ? {} : { other: filterName(within.other), otherUrn: within.other.urn }),
        summary: `${position.label} of zone ${position.zone} ${direction === "egress" ? "reaches" : "is reached by"} what is not declared.`,
        path:
          within === undefined
            ? steps.length > 0
              ? steps
              : [
                  `its subnets are not in the stack, so nothing shows that ${filterWord(position.filters) === "security group" ? "a route or network ACL" : "a route"} holds it`,
                ]
            : [],
        remedy: remedyOf(false),
      }),
    ];
  });
}

/** The filters of subnets of our platform hold to the declared flows and their replies. */
function undeclaredSubnetFilters(stack: JudgedStack): readonly Finding[] {
  return stack.facts.subnetFilters
    .filter(
      ({ zone, platform }) =>
        zone !== undefined && zone !== "phi" && bindingPlatform(stack, platform) !== undefined,
    )
    .flatMap((filter) =>
      directions.flatMap((direction) =>
        undeclaredSubnetRules(stack, filter, direction).map(({ step, packets }) =>
          openingFinding({
            rule: name,
            severity: "high",
            direction,
            place: { urn: filter.urn, label: filter.label, zone: filter.zone ?? "gateway" },
            by: step,
            packets,
            summary: `${filter.label} lets pass what is neither a declared flow nor a reply to one.`,
            path: ["security groups: judged by themselves"],
            remedy: remedyOf(true),
          }),
        ),
      ),
    );
}

/** Routes out of our platform's network lead only from the load balancer's subnets, where a cloud has such, and to providers. */
function undeclaredRoutes(stack: JudgedStack): readonly Finding[] {
  const { facts, reachability } = stack;
  const leadsToProviders = waysToProviders(stack);
  return facts.subnets
    .filter(
      ({ zone, platform, purpose }) =>
        zone !== undefined &&
        zone !== "phi" &&
        purpose !== "load-balancer" &&
        bindingPlatform(stack, platform) !== undefined,
    )
    .flatMap((subnet) =>
      subnet.routeTables.flatMap((table) =>
        table.routes
          .filter((route) => !leadsToProviders(subnet, route))
          .map((route) =>
            openingFinding({
              rule: name,
              severity: "high",
              direction: "egress",
              place: { urn: subnet.urn, label: subnet.label, zone: subnet.zone ?? "processing" },
              by: route,
              packets: reachability.routedBy(route),
              ...(route.nextHop.name === undefined
                ? {}
                : { other: `${route.nextHop.kind} ${route.nextHop.name}` }),
              summary: `${table.label} leads out of zone ${subnet.zone ?? ""}, which has no way to the Internet.`,
              path: [`in force on ${subnet.label}`],
              remedy:
                route.remedy ??
                (cloudOfUrn(table.urn) === "gcp"
                  ? "Take the route away: no network of the platform has a route to what is outside."
                  : "Take the route away; only the load balancer's subnets have a route out of the network, and those of an egress zone through what inspects."),
            }),
          ),
      ),
    );
}

/** What joins the networks of a platform's other zones to others' networks, or lets others into them. The PHI zone's is egress. */
function undeclaredConnections(stack: JudgedStack): readonly Finding[] {
  return stack.facts.networkConnections
    .filter(({ zone, platform }) => zone !== "phi" && bindingPlatform(stack, platform) !== undefined)
    .map(({ urn, label, zone, what, assumption, remedy }): Finding => ({
      rule: name,
      severity: "high",
      level: "mandatory",
      verdict: assumption === undefined ? "open" : "undetermined",
      urn,
      summary: `A network of zone ${zone} is joined to others: ${what}.`,
      packet: `any packet, by ${label}, between zone ${zone} and what no flow declares`,
      path: [label, what],
      passes: [urn, world],
      openedBy: [{ urn, label }],
      notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
      remedy,
      isGuiltyAlone: false,
    }));
}

/** Flows that are declared, and that nothing lets pass. */
function unreachableFlows(stack: JudgedStack): readonly Finding[] {
  const { facts, reachability, declarations } = stack;
  return [...declarations.platforms.values()].flatMap((platform) => {
    const filtersOf = (peer: string): readonly Filter[] =>
      facts.interfaceFilters.filter((filter) => filter.platform === platform.name && filter.peer === peer);
    return platform.flows.flatMap(({ from, to }): readonly Finding[] => {
      const sources = filtersOf(peerName(from));
      const isOpen =
        to.kind === "llm-provider"
          ? sources.some(
              (source) =>
                reachability.openTo(source, "egress").length > 0 ||
                facts.internetProxies.some(
                  ({ addresses }) =>
                    intersect(
                      reachability.allowed(source, "egress"),
                      tcpPackets(addresses, { from: platformPort, to: platformPort + 1 }),
                    ).length > 0,
                ),
            )
          : filtersOf(peerName(to)).some((destination) =>
              from.kind === "world"
                ? reachability.openTo(destination, "ingress").length > 0
                : sources.some((source) => reachability.channel(source, destination, true).length > 0),
            );
      if (isOpen) {
        return [];
      }
      return [
        {
          rule: name,
          severity: "low",
          level: "advisory",
          verdict: "open",
          urn: platform.urn,
          summary: `${peerName(from)} to ${peerName(to)} is declared, and no filter lets it pass.`,
          packet: undefined,
          path: [peerName(from), peerName(to)],
          openedBy: [],
          notes: [],
          remedy: "Take the flow out of the platform file, or find the filter or route that is missing.",
          isGuiltyAlone: false,
        },
      ];
    });
  });
}

/** Gateway and processing reach, and are reached by, what is declared and nothing else. */
export const zonesReachOnlyDeclaredPeers: PolicyRule = {
  id: "BH-103",
  name,
  title: "Zones reach only declared peers",
  description:
    "Each connection that the resources allow is declared: by the platform's flows, or on any other stack by the edges between zones, each on TCP 443, and by what the pack's user has configured. Nothing adds a flow out of the PHI zone.",
  severity: "high",
  level: { group: "first", except: "a declared flow that nothing lets pass" },
  frameworks: [hipaa("164.308(a)(4)(i)"), nist80053("AC-4"), nist800207("Section 2.1, tenet 3")],
  remediation:
    "Take away the rule or route that the finding names, or declare the flow in the platform file.",
  check: (stack) => [
    ...stack.reachability.positions
      .filter(({ zone }) => zone !== "phi")
      .flatMap((position) =>
        directions.flatMap((direction) =>
          bindingPlatform(stack, position.platform) === undefined
            ? undeclaredElsewhere(stack, position, direction)
            : undeclaredOnOurs(stack, position, direction),
        ),
      ),
    ...undeclaredSubnetFilters(stack),
    ...undeclaredRoutes(stack),
    ...undeclaredConnections(stack),
    ...misplacedWorkloads(stack, name),
    ...unreachableFlows(stack),
    ...configurationFindings(stack, name),
  ],
  proofs: zonesReachOnlyDeclaredPeersProofs,
  unconcerned: ({ facts }) =>
    [...facts.subnets, ...facts.interfaceFilters, ...facts.subnetFilters].some(
      ({ zone }) => zone !== undefined && zone !== "phi",
    )
      ? undefined
      : "Nothing in the stack that filters or routes packets is in a zone besides the PHI zone.",
};
