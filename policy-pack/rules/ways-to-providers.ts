import type { Forwarder, Route, Subnet } from "../facts/fact";
import type { JudgedStack } from "../judged-stack";
import { subtract } from "../packet-set";
import { allPackets } from "../reachability";
import { bindingPlatform } from "../undeclared";

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

/** The platforms of a stack whose egress zone has subnets that translate addresses, behind those that inspect. */
function translatingPlatforms({ facts }: JudgedStack): ReadonlySet<string | undefined> {
  return new Set(
    facts.subnets
      .filter(({ zone, purpose }) => zone === "egress" && purpose === "address-translation")
      .map(({ platform }) => platform),
  );
}

function inspects({ uninspected }: Forwarder): boolean {
  return uninspected !== undefined;
}

function leavesForInternet(forwarder: Forwarder): boolean {
  return forwarder.onward.kind === "internet" && !inspects(forwarder);
}

function leavesForTranslation({ onward, translatesToIpv4 }: Forwarder): boolean {
  return onward.kind === "subnets" && translatesToIpv4;
}

/**
 * Tells of the routes of a stack whether they are a stretch of the way to declared providers: in the egress zone of a platform
 * that declares some, from what calls them to what inspects; from there to what translates addresses, where the zone has
 * subnets of it, and else to the Internet; from what translates to the Internet; and back to the zone's own addresses through
 * what inspects. It is IPv4 alone, and what it leads to is known. What the inspection lets by is judged by itself.
 */
export function waysToProviders(stack: JudgedStack): (subnet: Subnet, route: Route) => boolean {
  const calling = callingPlatforms(stack);
  const translating = translatingPlatforms(stack);
  const own = allPackets(stack.reachability.knownRangesOfZone("egress", undefined));
  const nextOf = ({ platform, purpose }: Subnet): ((forwarder: Forwarder) => boolean) => {
    switch (purpose) {
      case "workload":
        return inspects;
      case "inspection":
        return translating.has(platform) ? leavesForTranslation : leavesForInternet;
      case "address-translation":
        return leavesForInternet;
      default:
        return () => false;
    }
  };
  return (subnet, { assumption, destination, nextHop: { forwarders } }) => {
    const platform = bindingPlatform(stack, subnet.platform);
    if (
      subnet.zone !== "egress" ||
      platform === undefined ||
      !calling.has(platform) ||
      assumption !== undefined ||
      destination === "anything" ||
      destination.family !== "ipv4"
    ) {
      return false;
    }
    const leadsBack = subtract(allPackets([destination]), own).length === 0;
    const isNext = leadsBack ? inspects : nextOf(subnet);
    return forwarders.length > 0 && forwarders.every((one) => one.assumption === undefined && isNext(one));
  };
}
