import { platformPort } from "../model/workload";

import { declaring } from "./declared-providers";
import type { Filter, Rule, Subnet } from "./facts/fact";
import { isWithin, overlap } from "./host-pattern";
import type { JudgedStack } from "./judged-stack";
import { intersect, type PacketSet } from "./packet-set";
import { allPackets, tcpPackets } from "./reachability";
import { bindingPlatform } from "./undeclared";
import { UninspectedPaths } from "./uninspected-paths";

/** What is let out of a place for the Internet: to declared providers and to nobody else, or to whomever it likes. */
export interface WayOut {
  /** The packets by which it is taken. */
  readonly packets: PacketSet;
  /** The ids of the providers to whose hosts it leads; `undefined` where it leads, or may lead, anywhere. */
  readonly providers: readonly string[] | undefined;
}

/**
 * What leaves the places of a stack for the Internet. On a platform of ours a way out that is read leads to those whose hosts
 * are let through by name, and to nobody else: not to any other address of the Internet, nor to what has one on the platform.
 */
export class ReachedProviders {
  readonly #stack: JudgedStack;
  readonly #paths: UninspectedPaths;
  readonly #letThrough = new Map<string, readonly string[] | undefined>();

  constructor(stack: JudgedStack) {
    this.#stack = stack;
    this.#paths = new UninspectedPaths(stack.facts, stack.reachability, true);
  }

  /** What a filter, with all else on the way, lets out for the Internet: by routes, and by proxies that are called. */
  waysOut(from: Filter): readonly WayOut[] {
    const { reachability, facts } = this.#stack;
    const platform = bindingPlatform(this.#stack, from.platform);
    const routed = reachability.openTo(from, "egress");
    const isRead =
      routed.length > 0 &&
      platform !== undefined &&
      reachability.placements(from).every((subnet) => this.#paths.from(subnet).length === 0);
    const proxied =
      platform === undefined
        ? []
        : facts.internetProxies
            .filter((proxy) => proxy.platform === platform && proxy.zone === from.zone)
            .map(({ addresses, faults }): WayOut => ({
              packets: intersect(
                reachability.allowed(from, "egress"),
                tcpPackets(addresses, { from: platformPort, to: platformPort + 1 }),
              ),
              providers: faults.length === 0 ? this.#providersLetThrough(platform) : undefined,
            }));
    return [
      { packets: routed, providers: isRead ? this.#providersLetThrough(platform) : undefined },
      ...proxied,
    ].filter(({ packets }) => packets.length > 0);
  }

  /**
   * Whether all that goes from what is behind one filter to what is behind another, in another network, comes on its way to
   * what reads it and lets it through to declared providers alone, so that it does not arrive. It is so for certain: both
   * networks are known, nothing joins the first to others, and it is known where each of its routes leads.
   */
  isHeldBack(from: Filter, to: Filter): boolean {
    const { reachability, facts } = this.#stack;
    const platform = bindingPlatform(this.#stack, from.platform);
    const subnets = reachability.placements(from);
    return (
      platform !== undefined &&
      from.network !== to.network &&
      from.network.isDetermined &&
      to.network.isDetermined &&
      subnets.length > 0 &&
      !facts.networkConnections.some(({ zone }) => zone === from.zone) &&
      this.#providersLetThrough(platform) !== undefined &&
      subnets.every(
        (subnet) =>
          subnet.network === from.network &&
          subnet.unknownRoutes === undefined &&
          this.#stops(subnet, from, to),
      )
    );
  }

  /** Whether the routes of a subnet carry whatever goes from one filter to another, each to what reads it and stops it. */
  #stops(subnet: Subnet, from: Filter, to: Filter): boolean {
    const { reachability } = this.#stack;
    const going = intersect(reachability.allowed(from, "egress"), allPackets(reachability.rangesOf(to)));
    const routes = subnet.routeTables.flatMap((table) => table.routes);
    const carried = routes
      .map((route) => ({ route, packets: intersect(going, reachability.routedBy(route)) }))
      .filter(({ packets }) => packets.length > 0);
    return (
      carried.length > 0 &&
      carried.every(
        ({ route: { assumption, nextHop }, packets }) =>
          assumption === undefined &&
          nextHop.forwarders.length > 0 &&
          nextHop.forwarders.every(({ assumption: unknown, uninspected, unread }) => {
            const past: readonly Rule[] = [...(uninspected ?? []), ...(unread?.(subnet.ranges) ?? [])];
            return (
              unknown === undefined &&
              uninspected !== undefined &&
              past.every((rule) => intersect(packets, reachability.rulePackets(rule)).length === 0)
            );
          }),
      )
    );
  }

  /**
   * The providers of a platform of whose hosts one is let through by its name; `undefined` where something else is let through
   * too, or may be, or nothing says what is.
   */
  #providersLetThrough(platform: string | undefined): readonly string[] | undefined {
    if (platform === undefined) {
      return undefined;
    }
    if (!this.#letThrough.has(platform)) {
      this.#letThrough.set(platform, this.#read(platform));
    }
    return this.#letThrough.get(platform);
  }

  #read(platform: string): readonly string[] | undefined {
    const { external } = declaring(this.#stack, platform);
    const entries = this.#stack.facts.hostAllowances.filter(
      (one) => one.platform === platform && (one.by === "firewall" || one.by === "proxy"),
    );
    const isDeclared = entries.every(
      ({ hosts, assumption }) =>
        assumption === undefined &&
        hosts.every((host) => external.some((provider) => provider.hosts.some((own) => isWithin(host, own)))),
    );
    return entries.length > 0 && isDeclared
      ? external
          .filter((provider) =>
            entries.some(({ hosts }) =>
              hosts.some((host) => provider.hosts.some((own) => overlap(host, own))),
            ),
          )
          .map(({ id }) => id)
      : undefined;
  }
}
