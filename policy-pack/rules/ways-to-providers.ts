import type { Route, Subnet } from "../facts/fact";
import type { JudgedStack } from "../judged-stack";
import { UninspectedPaths } from "../uninspected-paths";

/** What the subnets of an egress zone are for in which the cloud's own inspect packets, and send them on. */
const purposesOfInspection: readonly string[] = ["inspection", "address-translation"];

/** The platforms of a stack whose egress zone calls external providers, as they declare. */
function callingPlatforms({ declarations }: JudgedStack): ReadonlySet<string> {
  return new Set(
    [...declarations.platforms.values()]
      .filter(({ flows }) =>
        flows.some(
          ({ from, to }) => from.kind === "workload" && from.zone === "egress" && to.kind === "llm-provider",
        ),
      )
      .map(({ name }) => name),
  );
}

/** Whether it is known for certain what a route leads to, and what that does with packets. */
function isCertain({ assumption, nextHop }: Route): boolean {
  return (
    assumption === undefined &&
    nextHop.forwarders.length > 0 &&
    nextHop.forwarders.every((one) => one.assumption === undefined && one.onward.kind !== "undetermined")
  );
}

/**
 * Tells of the routes of a stack whether they are the way to declared providers: in the egress zone of a platform that
 * declares some, from what calls them to what inspects it, and on from there. What else is in the subnets of inspection is held
 * to be inspected itself.
 */
export function waysToProviders(stack: JudgedStack): (subnet: Subnet, route: Route) => boolean {
  const calling = callingPlatforms(stack);
  const paths = new UninspectedPaths(stack.facts, stack.reachability, true);
  return (subnet, route) => {
    const { zone, platform, purpose } = subnet;
    return (
      zone === "egress" &&
      platform !== undefined &&
      calling.has(platform) &&
      isCertain(route) &&
      (purposesOfInspection.includes(purpose ?? "") || paths.from(subnet).length === 0)
    );
  };
}
