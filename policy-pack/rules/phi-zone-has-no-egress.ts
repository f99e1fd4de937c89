import type { FilterKind } from "../facts/fact";
import { world, type Finding } from "../finding";
import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { intersect, type PacketSet } from "../packet-set";
import type { PolicyRule } from "../policy-rule";
import { allPackets, type Position } from "../reachability";
import { bindingPlatform, undeclaredRules } from "../undeclared";

import { cloudOfUrn } from "../cloud-of-urn";
import { noPhiZone } from "./no-phi-zone";
import { filterWord, openingFinding, subnetStep } from "./opening";
import { phiZoneHasNoEgressProofs } from "./phi-zone-has-no-egress-proofs";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";

const name = "phi-zone-has-no-egress";

/** How what a filter lets out is taken away, where the cloud may have put it there itself. */
const closing: Readonly<Record<FilterKind, string>> = {
  "security group": "Take the rule away",
  "network ACL": "Take the rule away",
  "network security group": "Take the rule away",
  firewall: "Take the rule away, or deny before it what it lets out",
  "load balancer": "Take the rule away",
  "service perimeter": "Take the rule away",
};

/** Whether a packet that the filters let out is delivered: by a route out of the network, or within the network. */
function delivery(stack: JudgedStack, position: Position, packets: PacketSet): string | undefined {
  const { reachability } = stack;
  for (const subnet of reachability.classes(position)) {
    if (subnet === undefined) {
      continue;
    }
    const passing = intersect(packets, reachability.allowedBySubnet(subnet, "egress"));
    const [routed] = intersect(passing, reachability.routed(subnet));
    const route = routed?.steps.at(-1);
    if (route !== undefined) {
      return route.label;
    }
    const own = subnet.network.ranges;
    if (own !== undefined && intersect(passing, allPackets(own)).length > 0) {
      return `${cloudOfUrn(subnet.network.urn) === "gcp" ? "a subnet route" : "the local route"} of ${subnet.network.label}`;
    }
  }
  return undefined;
}

/** The filter layer: what all filters in force on one place let out together, and on our platform each by itself. */
function openFilters(stack: JudgedStack): readonly Finding[] {
  const { reachability } = stack;
  return reachability.positions
    .filter(({ zone }) => zone === "phi")
    .flatMap((position) => {
      const isOurs = bindingPlatform(stack, position.platform) !== undefined;
      return undeclaredRules(stack, position, "egress").flatMap(({ rule, packets }): readonly Finding[] => {
        const passing = reachability
          .classes(position)
          .map((subnet) => ({
            subnet,
            packets: intersect(packets, reachability.allowedBySubnet(subnet, "egress")),
          }))
          .find((candidate) => candidate.packets.length > 0);
        if (passing === undefined && !isOurs) {
          return []; // The filters of its subnets hold back all of it, and the filters of one place are one layer.
        }
        const delivered = passing === undefined ? undefined : delivery(stack, position, packets);
        return [
          openingFinding({
            rule: name,
            severity: delivered === undefined ? "high" : "critical",
            direction: "egress",
            place: position,
            by: rule,
            packets: passing?.packets ?? packets,
            ...(rule.remote.kind === "filter"
              ? { other: rule.remote.filter.label, otherUrn: rule.remote.filter.urn }
              : {}),
            summary: `${position.label} of the PHI zone may open a connection${delivered === undefined ? "" : ", and the packet gets out"}.`,
            path: [
              passing === undefined ? "network ACL: denied" : subnetStep(passing.subnet, passing.packets),
              delivered ?? "no route of the stack leads there",
            ],
            notes:
              delivered === undefined
                ? ["Another layer still holds the packet; each layer has to hold by itself."]
                : [],
            remedy: `${closing[filterWord(position.filters)]}: nothing in the PHI zone opens a connection, and replies need no rule in a ${filterWord(position.filters)}.`,
            // The filter of a subnet may make it right on a stack that is not ours.
            isGuiltyAlone: position.platform !== undefined,
          }),
        ];
      });
    });
}

/** The filters of the PHI zone's subnets: by themselves on our platform; elsewhere where no other filter is in force. */
function openSubnetFilters(stack: JudgedStack): readonly Finding[] {
  const { facts, reachability } = stack;
  return facts.subnetFilters
    .filter(
      (filter) =>
        filter.zone === "phi" &&
        (bindingPlatform(stack, filter.platform) !== undefined || reachability.standsAlone(filter)),
    )
    .flatMap((filter) =>
      undeclaredSubnetRules(stack, filter, "egress").map(({ step, packets }) =>
        openingFinding({
          rule: name,
          severity: "high",
          direction: "egress",
          place: { urn: filter.urn, label: filter.label, zone: "phi" },
          by: step,
          packets,
          summary: `${filter.label} lets connections out of the PHI zone's subnets.`,
          path: ["security groups: judged by themselves"],
          remedy:
            "Let the network ACL of the PHI zone send nothing but replies: TCP from port 1024 up, to the subnets of its clients.",
          isGuiltyAlone: false,
        }),
      ),
    );
}

/** The route layer: the PHI zone's subnets have no route out of their network. */
function openRoutes(stack: JudgedStack): readonly Finding[] {
  const { facts, reachability } = stack;
  const inForce = new Set(
    facts.subnets.filter(({ zone }) => zone === "phi").flatMap(({ routeTables }) => routeTables),
  );
  const tables = [
    ...inForce,
    ...facts.routeTables.filter((table) => table.zone === "phi" && !inForce.has(table)),
  ];
  const findings = tables.flatMap((table) => {
    const subnets = facts.subnets.filter((subnet) => subnet.routeTables.includes(table));
    const place = subnets[0] ?? table;
    const open = reachability.positions
      .filter(
        (position) =>
          position.zone === "phi" && position.subnets.some((subnet) => subnet.routeTables.includes(table)),
      )
      .map((position) => subtractInside(stack, position))
      .find((packets) => packets.length > 0);
    return table.routes.map((route) => {
      const packets = reachability.routedBy(route);
      const whole = open !== undefined && intersect(open, packets).length > 0;
      return openingFinding({
        rule: name,
        severity: whole ? "critical" : "high",
        direction: "egress",
        place: { urn: place.urn, label: place.label, zone: "phi" },
        by: route,
        packets,
        ...(route.nextHop.name === undefined ? {} : { other: `${route.nextHop.kind} ${route.nextHop.name}` }),
        summary: `${table.label} leads out of the PHI zone by ${route.nextHop.kind}.`,
        path: [
          `in force on ${subnets.length === 0 ? "no subnet of the stack yet" : subnets.map(({ label }) => label).join(", ")}`,
        ],
        notes: whole
          ? ["The filters let the packet pass as well: the whole path is open."]
          : ["The filters are judged by themselves; each layer has to hold."],
        remedy:
          route.remedy ??
          (cloudOfUrn(table.urn) === "gcp"
            ? "Take the route away: nothing leads out of a network that holds the PHI zone."
            : "Take the route away; the PHI zone's route tables hold the local route only."),
        isGuiltyAlone: true,
      });
    });
  });
  const unknown = facts.subnets
    .filter((subnet) => subnet.zone === "phi" && subnet.unknownRoutes !== undefined)
    .map(({ urn, label, unknownRoutes }): Finding => ({
      rule: name,
      severity: "high",
      level: "mandatory",
      verdict: "undetermined",
      urn,
      summary: `Where packets of ${label} go is not known: ${unknownRoutes ?? ""}.`,
      packet: `any packet, from ${label} to any address`,
      path: [
        label,
        cloudOfUrn(urn) === "gcp"
          ? "a network that is not in the stack"
          : "a route table that is not in the stack",
      ],
      passes: [urn, world],
      openedBy: [{ urn, label }],
      notes: [],
      remedy:
        cloudOfUrn(urn) === "gcp"
          ? "Put the subnet into a network of this stack, which is created without default routes."
          : "Associate the subnet with a route table of this stack that has no route but the local one.",
      isGuiltyAlone: false,
    }));
  return [...findings, ...unknown];
}

/** What the filters of a position let out of the PHI zone. */
function subtractInside(stack: JudgedStack, position: Position): PacketSet {
  const { reachability } = stack;
  const packets = undeclaredRules(stack, position, "egress").flatMap((undeclared) => undeclared.packets);
  return reachability
    .classes(position)
    .flatMap((subnet) => intersect(packets, reachability.allowedBySubnet(subnet, "egress")));
}

/** A way out that a resource shows, and no packet filter. */
interface ShownWay {
  readonly urn: string;
  readonly label: string;
  readonly what: string;
  readonly assumption: string | undefined;
}

/** The finding that a way out amounts to which a resource shows, with what a rule says of it. */
function shownWay(
  { urn, label, what, assumption }: ShownWay,
  said: Pick<Finding, "summary" | "packet" | "remedy" | "isGuiltyAlone"> & Partial<Pick<Finding, "severity">>,
): Finding {
  return {
    rule: name,
    severity: "high",
    level: "mandatory",
    verdict: assumption === undefined ? "open" : "undetermined",
    urn,
    path: [label, what],
    passes: [urn, world],
    openedBy: [{ urn, label }],
    notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
    ...said,
  };
}

function openAddresses({ facts }: JudgedStack): readonly Finding[] {
  return facts.publicAddresses
    .filter(({ zone }) => zone === "phi")
    .map((way) =>
      shownWay(way, {
        summary: `The PHI zone has, or may have, a public address: ${way.what}.`,
        packet: `any packet, from ${way.label} to the Internet, with an address to which replies come back`,
        remedy: way.remedy,
        isGuiltyAlone: way.assumption === undefined,
      }),
    );
}

function openConnections({ facts }: JudgedStack): readonly Finding[] {
  return facts.networkConnections
    .filter(({ zone }) => zone === "phi")
    .map((way) =>
      shownWay(way, {
        summary: `The PHI zone's network is joined to others: ${way.what}.`,
        packet: `any packet, by ${way.label}, between the PHI zone and what is outside`,
        remedy: way.remedy,
        isGuiltyAlone: false,
      }),
    );
}

function openPolicies({ facts }: JudgedStack): readonly Finding[] {
  return facts.openEndpointPolicies
    .filter(({ zone }) => zone === "phi")
    .map((way) =>
      shownWay(way, {
        summary: `A call leaves the PHI zone for an account that is not yours: ${way.what}.`,
        packet: `any call, by ${way.label}, to any account`,
        remedy:
          "Name in the endpoint's policy the resources that may be reached, or require aws:ResourceAccount to be your own.",
        isGuiltyAlone: false,
      }),
    );
}

/** The perimeter around the PHI zone: calls of the cloud's services leave it no more than packets do. */
function openPerimeters({ facts }: JudgedStack): readonly Finding[] {
  return facts.perimeterOpenings
    .filter(({ zone }) => zone === "phi")
    .map((way) => {
      const finding = shownWay(way, {
        summary: way.isAdvice
          ? `The perimeter of the PHI zone could hold more: ${way.what}.`
          : `A call ${way.assumption === undefined ? "leaves" : "may leave"} the PHI zone: ${way.what}.`,
        packet: `any call of the cloud's services, by ${way.label}, out of the PHI zone`,
        remedy: way.remedy,
        isGuiltyAlone: way.isGuiltyAlone,
      });
      return way.isAdvice ? { ...finding, severity: "low", level: "advisory" } : finding;
    });
}

/** The stores' own settings: what they hold does not leave by themselves. */
function openStores({ facts }: JudgedStack): readonly Finding[] {
  return facts.sideChannels.map((way) =>
    shownWay(way, {
      severity: "critical",
      summary: `What a store holds leaves the PHI zone by itself: ${way.what}.`,
      packet: "any record, by the store's own doing, past every filter of the network",
      remedy: way.remedy,
      isGuiltyAlone: way.isGuiltyAlone,
    }),
  );
}

/** The PHI zone opens no connection: not in one of the layers. */
export const phiZoneHasNoEgress: PolicyRule = {
  id: "BH-101",
  name,
  title: "The PHI zone has no egress",
  description:
    "Nothing in the PHI zone opens a connection: route, filter, address, endpoint policy and service perimeter are each closed by themselves, and so are the stores' own settings: no copy, export, notification, foreign account or public answer.",
  severity: "critical",
  level: { group: "first" },
  frameworks: [hipaa("164.312(e)(1)"), nist80053("SC-7(10)"), nist800207("Section 3.1.2")],
  remediation:
    "Take away the rule, route, address or endpoint that the finding names. Let processing open the connection to the PHI zone instead; replies need no rule.",
  check: (stack) => [
    ...openFilters(stack),
    ...openSubnetFilters(stack),
    ...openRoutes(stack),
    ...openAddresses(stack),
    ...openConnections(stack),
    ...openPolicies(stack),
    ...openPerimeters(stack),
    ...openStores(stack),
  ],
  proofs: phiZoneHasNoEgressProofs,
  unconcerned: noPhiZone,
};
