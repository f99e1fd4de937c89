import {
  controlPlaneFlowsOf,
  flowPorts,
  type ControlPlaneFlowId,
  type PortRange,
} from "../../model/control-plane-flow";
import { peerName, type Peer } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import { stableHash } from "../../model/stable-hash";
import type { FilteredPeer } from "../../model/tag";

import { peerNamesOf, subnetPeerOf, zoneOfPeer } from "./filtered-peers";
import type { PeerSubnet } from "./peer-subnets";
import { shortName } from "./physical-names";
import { keyVaultTag, type ServiceTag } from "./service-tag";

/** One rule of a network security group, of which the one with the smallest priority that a packet matches decides. */
export interface SecurityRule {
  /** What tells the rule from the others of its group; it does not change when other flows do. */
  readonly name: string;
  readonly description: string;
  readonly direction: "Inbound" | "Outbound";
  readonly priority: number;
  readonly access: "Allow" | "Deny";
  readonly protocol: "Tcp" | "*";
  readonly sourceAddressPrefix: string;
  readonly sourcePortRange: "*";
  readonly destinationAddressPrefix: string;
  readonly destinationPortRange: string;
}

/** What a rule allows, before it has its priority. */
type Allowance = Omit<SecurityRule, "priority" | "access" | "protocol" | "sourcePortRange">;

/**
 * Priorities of a group's rules, of the 100 to 4096 that Azure leaves to its customers. Those that allow are spread by
 * name over the first; none of them is for what a rule after them denies.
 */
const priorities = { firstAllow: 200, afterAllow: 4000, everything: 4096 } as const;

/** The port on which the host of a workload gives out tokens (Azure documentation, "Azure Instance Metadata Service"). */
const tokenPorts: PortRange = { first: 80, last: 80 };

/** The other end of a connection of the control plane, in Azure's words. */
function controlPlaneTag(id: ControlPlaneFlowId, location: string): ServiceTag {
  switch (id) {
    case "azure-gateway-management":
      return "GatewayManager";
    case "azure-edge-certificate":
      return keyVaultTag(location);
    case "azure-client-revocation":
      return "Internet";
    case "aws-clinician-sign-in":
      throw new Error(`${id} is no connection of Azure's`);
  }
}

function portRange({ first, last }: PortRange): string {
  return first === last ? String(first) : `${String(first)}-${String(last)}`;
}

function isSame(a: Peer | undefined, b: FilteredPeer): boolean {
  return a !== undefined && peerName(a) === peerName(b);
}

function ownNames(peer: Peer): string {
  if (peer.kind === "llm-provider") {
    return "the external providers, by way of the firewall";
  }
  const own = subnetPeerOf(peer);
  return own === undefined ? peerName(peer) : peerNamesOf(own).join(" and ");
}

/** The other end of a flow, as a rule writes it. */
function farEnd(
  peer: Peer,
  subnets: readonly PeerSubnet[],
): { readonly name: string; readonly prefix: string; readonly ports: PortRange } {
  if (peer.kind === "world") {
    return { name: peer.kind, prefix: "Internet" satisfies ServiceTag, ports: flowPorts };
  }
  if (peer.kind === "llm-provider") {
    // The route hands all that is not the network's own to the firewall, which knows providers by their names.
    return { name: "providers", prefix: "Internet" satisfies ServiceTag, ports: flowPorts };
  }
  if (peer.kind === "platform-service" && peer.id === "identity") {
    return { name: peer.id, prefix: "AzurePlatformIMDS" satisfies ServiceTag, ports: tokenPorts };
  }
  const own = subnetPeerOf(peer);
  const subnet = subnets.find((candidate) => isSame(own, candidate.peer));
  if (own === undefined || subnet === undefined) {
    throw new Error(`${peerName(peer)} has no subnet to let anything through to`);
  }
  return { name: shortName(own), prefix: subnet.block.text, ports: flowPorts };
}

/** What the flows of the model let through at one peer: the half that is this peer's of each. */
function flowAllowances(
  { peer, block }: PeerSubnet,
  spec: PlatformSpec,
  subnets: readonly PeerSubnet[],
): readonly Allowance[] {
  return spec.flows.flatMap(({ from, to, transport }): readonly Allowance[] => {
    const description = `${ownNames(from)} to ${ownNames(to)}, ${transport}`;
    if (isSame(subnetPeerOf(from), peer)) {
      const { name, prefix, ports } = farEnd(to, subnets);
      return [
        {
          name: `to-${name}`,
          description,
          direction: "Outbound",
          sourceAddressPrefix: block.text,
          destinationAddressPrefix: prefix,
          destinationPortRange: portRange(ports),
        },
      ];
    }
    if (isSame(subnetPeerOf(to), peer)) {
      const { name, prefix, ports } = farEnd(from, subnets);
      return [
        {
          name: `from-${name}`,
          description,
          direction: "Inbound",
          sourceAddressPrefix: prefix,
          destinationAddressPrefix: block.text,
          destinationPortRange: portRange(ports),
        },
      ];
    }
    return [];
  });
}

/** What the load balancer needs besides: the connections of the control plane, and to be asked whether it is well. */
function loadBalancerAllowances(
  { peer, block }: PeerSubnet,
  spec: PlatformSpec,
  location: string,
): readonly Allowance[] {
  if (peer.kind !== "load-balancer") {
    return [];
  }
  const ofControlPlane = controlPlaneFlowsOf(spec.edge, "azure").map(
    ({ id, from, to, transport, ports }): Allowance => {
      const isInbound = from.kind === "world";
      const tag = controlPlaneTag(id, location);
      return {
        name: id,
        description: `${peerName(from)} to ${peerName(to)}, ${transport}`,
        direction: isInbound ? "Inbound" : "Outbound",
        sourceAddressPrefix: isInbound ? tag : block.text,
        destinationAddressPrefix: isInbound ? block.text : tag,
        destinationPortRange: portRange(ports),
      };
    },
  );
  return [
    ...ofControlPlane,
    {
      name: "azure-load-balancer-probe",
      description: "Azure's own probes, from the host, without which the gateway counts as unwell",
      direction: "Inbound",
      sourceAddressPrefix: "AzureLoadBalancer" satisfies ServiceTag,
      destinationAddressPrefix: block.text,
      destinationPortRange: "*",
    },
  ];
}

/** Each rule that allows, by name, where a hash of its name puts it, or in the next free place of its direction. */
function withPriorities(allowances: readonly Allowance[]): readonly SecurityRule[] {
  const places = priorities.afterAllow - priorities.firstAllow;
  const taken = new Set<string>();
  // Two flows to one endpoint, as logs and metrics are, are one rule.
  const byName = new Map(allowances.map((allowance) => [allowance.name, allowance]));
  return [...byName.values()]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((allowance): SecurityRule => {
      let place = stableHash(allowance.name) % places;
      while (taken.has(`${allowance.direction} ${String(place)}`)) {
        place = (place + 1) % places;
      }
      taken.add(`${allowance.direction} ${String(place)}`);
      const { name, description, direction, ...ends } = allowance;
      return {
        name,
        description,
        direction,
        priority: priorities.firstAllow + place,
        access: "Allow",
        protocol: "Tcp",
        sourceAddressPrefix: ends.sourceAddressPrefix,
        sourcePortRange: "*",
        destinationAddressPrefix: ends.destinationAddressPrefix,
        destinationPortRange: ends.destinationPortRange,
      };
    });
}

function denial(
  name: string,
  description: string,
  direction: SecurityRule["direction"],
  priority: number,
  destinationAddressPrefix: "*" | ServiceTag = "*",
): SecurityRule {
  return {
    name,
    description,
    direction,
    priority,
    access: "Deny",
    protocol: "*",
    sourceAddressPrefix: "*",
    sourcePortRange: "*",
    destinationAddressPrefix,
    destinationPortRange: "*",
  };
}

/**
 * What is denied besides. A denial of `*` comes before the default rules, which let through all of the network and the
 * Internet, and yet does not bind what the host of a machine answers itself: that takes a denial of each of its tags.
 */
function denials({ peer }: PeerSubnet, spec: PlatformSpec): readonly SecurityRule[] {
  // No customer's code runs in the PHI zone, and nothing in it asks for a name.
  const asksForNames = zoneOfPeer(peer) !== "phi";
  const getsTokens =
    // A gateway takes its certificate from Key Vault with an identity of its own.
    (peer.kind === "load-balancer" && spec.edge.mode === "l7-terminate") ||
    spec.flows.some(
      ({ from, to }) => isSame(from, peer) && to.kind === "platform-service" && to.id === "identity",
    );
  return [
    ...(asksForNames
      ? []
      : [
          denial(
            "deny-platform-names",
            "Azure's resolver, at the host",
            "Outbound",
            priorities.afterAllow,
            "AzurePlatformDNS",
          ),
        ]),
    ...(getsTokens
      ? []
      : [
          denial(
            "deny-platform-tokens",
            "Tokens and metadata, at the host",
            "Outbound",
            priorities.afterAllow + 1,
            "AzurePlatformIMDS",
          ),
        ]),
    denial(
      "deny-platform-licences",
      "Azure's key management of licences",
      "Outbound",
      priorities.afterAllow + 2,
      "AzurePlatformLKM",
    ),
    denial("deny-egress", "Everything else, before the default rules", "Outbound", priorities.everything),
    denial("deny-ingress", "Everything else, before the default rules", "Inbound", priorities.everything),
  ];
}

/**
 * All rules of the network security group of one peer's subnet: its half of each flow of the model, what a load balancer
 * needs of Azure besides, and a denial of everything else in both directions.
 *
 * Rules name addresses, since each peer has a subnet of its own; a private endpoint is bound by them as a machine is.
 *
 * @param subnets every subnet of the platform.
 */
export function securityRules(
  subnet: PeerSubnet,
  spec: PlatformSpec,
  subnets: readonly PeerSubnet[],
  location: string,
): readonly SecurityRule[] {
  return [
    ...withPriorities([
      ...flowAllowances(subnet, spec, subnets),
      ...loadBalancerAllowances(subnet, spec, location),
    ]),
    ...denials(subnet, spec),
  ];
}
