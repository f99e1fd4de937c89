import type { JudgedStack } from "../judged-stack";
import { proof, type Proof } from "../proof";
import type { Direction } from "../reachability";
import { bindingPlatform, undeclaredRules } from "../undeclared";
import { isWhollyRead } from "../wholly-read";

import { filterWord } from "./opening";
import { undeclaredSubnetRules } from "./undeclared-subnet-rules";

const directions = ["egress", "ingress"] as const satisfies readonly Direction[];

const verbs: Readonly<Record<Direction, string>> = { egress: "lets out", ingress: "admits" };

function ofFilters(stack: JudgedStack): readonly Proof[] {
  return stack.reachability.positions
    .filter(({ zone, filters }) => zone !== "phi" && filters.length > 0 && isWhollyRead(stack, zone))
    .flatMap((position) =>
      directions
        // A service perimeter is read as the filter of what is called, which calls nobody.
        .filter(
          (direction) => direction === "ingress" || filterWord(position.filters) !== "service perimeter",
        )
        .filter((direction) => undeclaredRules(stack, position, direction).length === 0)
        .map((direction) =>
          proof(
            filterWord(position.filters) === "service perimeter"
              ? `API: in zone ${position.zone} a service is called by who is declared, and by nobody else.`
              : `Filter: in zone ${position.zone} the ${filterWord(position.filters)} ${verbs[direction]} what is declared, and nothing else.`,
            ...position.filters,
            ...position.filters.flatMap((filter) => filter[direction]),
          ),
        ),
    );
}

/** Only on a platform of ours is it known what the filter of a subnet may let pass. */
function ofSubnetFilters(stack: JudgedStack): readonly Proof[] {
  return stack.facts.subnetFilters.flatMap((filter) => {
    const { zone, platform } = filter;
    if (
      zone === undefined ||
      zone === "phi" ||
      bindingPlatform(stack, platform) === undefined ||
      !isWhollyRead(stack, zone)
    ) {
      return [];
    }
    return directions
      .filter((direction) => undeclaredSubnetRules(stack, filter, direction).length === 0)
      .map((direction) =>
        proof(
          `Filter: in zone ${zone} the network ACL ${verbs[direction]} declared flows and the replies to them, and nothing else.`,
          filter,
          ...filter[direction],
        ),
      );
  });
}

function ofRoutes(stack: JudgedStack): readonly Proof[] {
  return stack.facts.subnets.flatMap(({ zone, purpose, routeTables, unknownRoutes, urn, label }) =>
    zone !== undefined &&
    zone !== "phi" &&
    purpose !== "load-balancer" &&
    unknownRoutes === undefined &&
    routeTables.length > 0 &&
    isWhollyRead(stack, zone) &&
    routeTables.every(({ routes }) => routes.length === 0)
      ? [
          proof(
            `Route: no route leads out of the network from this subnet of zone ${zone}.`,
            { urn, label },
            ...routeTables,
          ),
        ]
      : [],
  );
}

/** What the Internet reaches, where that is the load balancer alone. */
function ofInternet(stack: JudgedStack): readonly Proof[] {
  const { facts, reachability } = stack;
  const reached = facts.interfaceFilters
    .filter(({ zone }) => zone !== undefined)
    .map((filter) => ({ filter, packets: reachability.openTo(filter, "ingress") }))
    .filter(({ packets }) => packets.length > 0);
  const isOurs = reached.every(
    ({ filter }) => filter.peer === "load-balancer" && bindingPlatform(stack, filter.platform) !== undefined,
  );
  return isOurs
    ? reached.map(({ filter, packets }) =>
        proof(
          "Internet: by these rules and routes it reaches the load balancer, and nothing else.",
          filter,
          ...packets.flatMap(({ steps }) => steps),
        ),
      )
    : [];
}

/** What holds each zone to what is declared, as far as it does. */
export function zonesReachOnlyDeclaredPeersProofs(stack: JudgedStack): readonly Proof[] {
  return [...ofFilters(stack), ...ofSubnetFilters(stack), ...ofRoutes(stack), ...ofInternet(stack)];
}
