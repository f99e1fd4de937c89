import { textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Forwarder, NextHop } from "../fact";

/**
 * What stands at the address to which a route sends packets on, or may; nothing, where the stack does not show it.
 *
 * @param route the resource that holds the route.
 * @param key its property that holds the address.
 */
export type Appliances = (
  route: Node,
  key: string,
  address: Reading<unknown>,
) => readonly Forwarder[] | undefined;

/** Where a route leads: out of the network, into it, or nowhere. */
export type Hop = NextHop | "local" | "none";

/** Something that inspects nothing, sends packets on as its `onward` says, and is known for what it is. */
function plain(urn: string, label: string, onward: Forwarder["onward"], assumption?: string): Forwarder {
  return { urn, label, onward, uninspected: undefined, translatesToIpv4: false, assumption };
}

/** The Internet, by Azure's own way. */
export function internet(urn: string): NextHop {
  return {
    kind: "the Internet",
    name: undefined,
    forwarders: [plain(urn, "the Internet", { kind: "internet" })],
  };
}

/** A service of Azure's, at its public addresses, that sends nothing on. */
export function service(name: string, urn: string): NextHop {
  const kind = "service endpoint";
  return { kind, name, forwarders: [plain(urn, `${kind} ${name}`, { kind: "nowhere" })] };
}

/** What leads to another network, or somewhere that is not known. */
export function elsewhere(kind: string, name: string | undefined, urn: string): NextHop {
  const label = `${kind} ${name ?? ""}`.trim();
  const assumption = `what ${label} does with packets to the Internet is not in the stack`;
  return { kind, name, forwarders: [plain(urn, label, { kind: "undetermined" }, assumption)] };
}

/**
 * The next hop of a user route (Azure Resource Manager, `RoutePropertiesFormat`).
 *
 * @param inline the property of the resource that holds the route, if the route is a part of it.
 */
export function hopOf(
  node: Node,
  read: (key: string) => Reading<unknown>,
  inline: string | undefined,
  appliances: Appliances,
): Hop {
  const type = textOf(read("nextHopType"));
  switch (type.kind === "known" ? type.value.toLowerCase() : undefined) {
    case "none":
      return "none";
    case "vnetlocal":
      return "local";
    case "internet":
      return internet(node.urn);
    case "virtualnetworkgateway":
      return elsewhere("virtual network gateway", undefined, node.urn);
    case "virtualappliance": {
      const address = read("nextHopIpAddress");
      const text = textOf(address);
      const unknown = elsewhere(
        "virtual appliance",
        text.kind === "known" ? text.value : undefined,
        node.urn,
      );
      return {
        ...unknown,
        // What stands there is read after the subnets, which the routes are in force on.
        get forwarders() {
          return appliances(node, inline ?? "nextHopIpAddress", address) ?? unknown.forwarders;
        },
      };
    }
    default:
      return elsewhere("a next hop that is not known", undefined, node.urn);
  }
}
