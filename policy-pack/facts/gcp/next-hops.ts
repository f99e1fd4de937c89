import type { AddressRange } from "../../address-range";
import { textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import type { Forwarder, NextHop } from "../fact";

import { gcpKey } from "./gcp-id";
import { blockOf } from "./firewall-rules";

/**
 * What stands where a route sends packets on, or may; nothing, where the stack does not show it.
 *
 * @param route the resource that is the route.
 * @param key its property that says where it sends packets.
 */
export type Appliances = (
  route: Node,
  key: string,
  value: Reading<unknown>,
) => readonly Forwarder[] | undefined;

/** Where a route leads: out of the network, or to Google's APIs behind service perimeters and no further. */
export type Hop = NextHop | "restricted APIs" | "other routes";

/** The addresses of restricted.googleapis.com, where nothing but APIs behind service perimeters answers. */
export const restrictedRanges: readonly AddressRange[] = ["199.36.153.4/30", "2600:2d00:2:1000::/64"].flatMap(
  (text) => blockOf(text) ?? [],
);

/** The addresses of private.googleapis.com, where APIs answer that no service perimeter holds. */
const privateRanges: readonly AddressRange[] = ["199.36.153.8/30", "2600:2d00:2:2000::/64"].flatMap(
  (text) => blockOf(text) ?? [],
);

/** The properties of a route that say where it leads, besides `nextHopGateway`. */
const hopKeys = [
  ["nextHopInstance", "instance"],
  ["nextHopIlb", "load balancer"],
  ["nextHopIp", "address"],
  ["nextHopVpnTunnel", "VPN tunnel"],
  ["nextHopIlbIp", "load balancer"],
] as const;

/** Something that inspects nothing, sends packets on as its `onward` says, and is known for what it is. */
function plain(urn: string, label: string, onward: Forwarder["onward"], assumption?: string): Forwarder {
  return { urn, label, onward, uninspected: undefined, translatesToIpv4: false, assumption };
}

/** The Internet, by the default Internet gateway of every network. */
export function internet(urn: string): NextHop {
  return {
    kind: "the default Internet gateway",
    name: undefined,
    forwarders: [plain(urn, "the default Internet gateway", { kind: "internet" })],
  };
}

/** Google's APIs, at addresses where they send nothing on. */
function googleApis(name: string, urn: string): NextHop {
  const kind = "Google's APIs at";
  return { kind, name, forwarders: [plain(urn, `${kind} ${name}`, { kind: "nowhere" })] };
}

/** What leads to another network, or somewhere that is not known. */
export function elsewhere(kind: string, name: string | undefined, urn: string): NextHop {
  const label = `${kind} ${name ?? ""}`.trim();
  const assumption = `what ${label} does with packets to the Internet is not in the stack`;
  return { kind, name, forwarders: [plain(urn, label, { kind: "undetermined" }, assumption)] };
}

function isWithin(inner: AddressRange, outers: readonly AddressRange[]): boolean {
  return outers.some(
    (outer) => inner.family === outer.family && inner.from >= outer.from && inner.to <= outer.to,
  );
}

/** The next hop of a route of the customer's (Compute Engine API, `routes`; Network Connectivity API, `policyBasedRoutes`). */
export function hopOf(
  graph: StackGraph,
  node: Node,
  destination: AddressRange | undefined,
  appliances: Appliances,
): Hop {
  const gateway = textOf(graph.read(node, "nextHopGateway"));
  if (gateway.kind === "known") {
    const name = gcpKey(gateway.value).split("/").at(-1);
    if (name !== "default-internet-gateway") {
      return elsewhere("a gateway", gateway.value, node.urn);
    }
    if (destination !== undefined && isWithin(destination, restrictedRanges)) {
      return "restricted APIs";
    }
    return destination !== undefined && isWithin(destination, privateRanges)
      ? googleApis("private.googleapis.com", node.urn)
      : internet(node.urn);
  }
  const others = textOf(graph.read(node, "nextHopOtherRoutes"));
  if (others.kind === "known" && others.value.toUpperCase() === "DEFAULT_ROUTING") {
    return "other routes";
  }
  const said = hopKeys.find(([key]) => graph.read(node, key).kind !== "absent");
  if (said === undefined) {
    return elsewhere("a next hop that is not known", undefined, node.urn);
  }
  const [key, kind] = said;
  const value = graph.read(node, key);
  const text = textOf(value);
  const unknown = elsewhere(
    kind,
    text.kind === "known" ? gcpKey(text.value).split("/").at(-1) : undefined,
    node.urn,
  );
  return {
    ...unknown,
    // What stands there is read after the subnets, which the routes are in force on.
    get forwarders() {
      return appliances(node, key, value) ?? unknown.forwarders;
    },
  };
}
