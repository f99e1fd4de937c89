import { egressGuardId } from "../../model/egress-guard";
import type { Flow } from "../../model/flow";
import { peerName, type Peer, type WorkloadPeer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import { platformPort } from "../../model/workload";

import { callersBlock, guardEndpointAddress, proxyAddress } from "./egress-addresses";
import type { NetworkedZone, PhysicalNames } from "./physical-names";
import type { WorkloadSubnet } from "./workload-subnets";

/** One rule of a network firewall policy, of which the one with the smallest priority that a packet matches decides. */
export interface FirewallRule {
  /** What tells the rule from the others of its network and direction; it does not change when other flows do. */
  readonly name: string;
  readonly description: string;
  readonly direction: "EGRESS" | "INGRESS";
  readonly priority: number;
  readonly action: "allow" | "deny";
  /** The workload whose service account the rule binds; whatever is in the network where it is `undefined`. */
  readonly target: WorkloadPeer | undefined;
  readonly protocol: "tcp" | "all";
  /** The one port; every port where it is `undefined`. */
  readonly port: typeof platformPort | undefined;
  /** The addresses of the other end: where an egress rule leads to, and where an ingress rule admits from. */
  readonly ranges: readonly string[];
}

/** What a rule allows, before it has its priority. */
type Allowance = Pick<FirewallRule, "name" | "description" | "direction" | "ranges"> & {
  readonly target: WorkloadPeer;
};

/**
 * Priorities of a policy's rules, of the 0 to 2147483643 that are left to customers. Those that allow are spread by name
 * over the first, so many that hardly two have the same place.
 */
const priorities = { firstAllow: 1000, places: 2_000_000_000, firstDenial: 2_147_483_000 } as const;

/**
 * Where connections and probes of Google's external load balancers come from (Cloud Load Balancing documentation, "Firewall
 * rules").
 */
export const loadBalancerRanges = ["130.211.0.0/22", "35.191.0.0/16"] as const;

function isSame(a: Peer, b: WorkloadPeer): boolean {
  return peerName(a) === peerName(b);
}

/** The other end of a flow, as a rule of a network writes it. */
function farEnd(
  peer: Peer,
  network: NetworkedZone,
  spec: PlatformSpec,
  names: PhysicalNames,
  subnets: readonly WorkloadSubnet[],
): { readonly called: string; readonly ranges: readonly string[] } {
  switch (peer.kind) {
    case "load-balancer":
      return { called: peerName(peer), ranges: loadBalancerRanges };
    case "data-store":
    case "platform-service":
      return { called: "Google's APIs", ranges: [`${names.apisAddress(network)}/32`] };
    case "workload": {
      if (network === "egress") {
        // Whoever calls the egress guard comes by its endpoint, from addresses of the published service.
        return { called: peerName(peer), ranges: [callersBlock(spec).text] };
      }
      if (peer.id === egressGuardId) {
        return { called: peerName(peer), ranges: [`${guardEndpointAddress(spec)}/32`] };
      }
      const subnet = subnets.find((candidate) => isSame(peer, candidate.peer));
      if (subnet !== undefined) {
        return { called: peerName(peer), ranges: [subnet.block.text] };
      }
      break;
    }
    case "llm-provider":
      return { called: "the proxy of external providers", ranges: [`${proxyAddress(spec)}/32`] };
    case "world":
    case "zone":
      break;
  }
  throw new Error(`${peerName(peer)} has no addresses to let anything through to`);
}

/** A rule's name: no id holds the word `to`, so that no two flows have one name. */
function nameOf({ from, to }: Flow): string {
  const called = (peer: Peer): string => (peer.kind === "workload" ? peer.id : peer.kind);
  return to.kind === "data-store" || to.kind === "platform-service"
    ? `${called(from)}-calls-google-apis`
    : to.kind === "llm-provider"
      ? `${called(from)}-calls-providers`
      : `${called(from)}-to-${called(to)}`;
}

/** What the flows of the model let through at one workload: the half that is this workload's of each. */
function flowAllowances(
  { peer, zone }: WorkloadSubnet,
  spec: PlatformSpec,
  names: PhysicalNames,
  subnets: readonly WorkloadSubnet[],
): readonly Allowance[] {
  return spec.flows.flatMap((flow): readonly Allowance[] => {
    const { from, to, transport } = flow;
    if (isSame(from, peer)) {
      const { called, ranges } = farEnd(to, zone, spec, names, subnets);
      const description = `${peerName(peer)} to ${called}, ${transport}`;
      return [{ name: nameOf(flow), description, direction: "EGRESS", target: peer, ranges }];
    }
    if (isSame(to, peer)) {
      const { called, ranges } = farEnd(from, zone, spec, names, subnets);
      const description = `${called} to ${peerName(peer)}, ${transport}`;
      return [{ name: nameOf(flow), description, direction: "INGRESS", target: peer, ranges }];
    }
    return [];
  });
}

/** Each rule that allows, by name and direction, where a hash of them puts it, or in the next free place of its policy. */
function withPriorities(allowances: readonly Allowance[]): readonly FirewallRule[] {
  const taken = new Set<number>();
  // Flows of one workload to several of Google's APIs, or to several providers, are one rule: there is one address for all.
  const byName = new Map(
    allowances.map((allowance) => [`${allowance.name} ${allowance.direction}`, allowance]),
  );
  return [...byName]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { name, description, direction, target, ranges }]): FirewallRule => {
      let place = stableHash(key) % priorities.places;
      while (taken.has(place)) {
        place = (place + 1) % priorities.places;
      }
      taken.add(place);
      return {
        name,
        description,
        direction,
        priority: priorities.firstAllow + place,
        action: "allow",
        target,
        protocol: "tcp",
        port: platformPort,
        ranges,
      };
    });
}

/**
 * What is denied besides: everything, in each direction and of each address family, whoever sends it. The rules that Google
 * Cloud implies after these let everything out, and record nothing.
 */
const denials: readonly FirewallRule[] = (["EGRESS", "INGRESS"] as const).flatMap((direction, index) =>
  (
    [
      ["deny-all", "0.0.0.0/0"],
      ["deny-all-ipv6", "::/0"],
    ] as const
  ).map(([name, range], family) => ({
    name,
    description: "Everything else, before the rules that are implied",
    direction,
    priority: priorities.firstDenial + 100 * index + family,
    action: "deny",
    target: undefined,
    protocol: "all",
    port: undefined,
    ranges: [range],
  })),
);

/**
 * All rules of the firewall policy of one zone's network: each workload's half of each flow of the model, bound to the
 * workload's service account, and a denial of everything else in both directions.
 *
 * A flow to a data store or a platform service leads to the one address by which Google's APIs are called; which of them
 * may be called is for the service perimeter and the workload's grants to say. A flow to an external provider leads to the
 * proxy's address; which hosts may be called is for the proxy to say.
 *
 * @param subnets every subnet of the platform.
 */
export function firewallRules(
  zone: NetworkedZone,
  spec: PlatformSpec,
  names: PhysicalNames,
  subnets: readonly WorkloadSubnet[],
): readonly FirewallRule[] {
  const here = subnets.filter((subnet) => subnet.zone === zone);
  return [
    ...withPriorities(here.flatMap((subnet) => flowAllowances(subnet, spec, names, subnets))),
    ...denials,
  ];
}
