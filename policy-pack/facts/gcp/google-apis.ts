import { addressRange, everyAddress, type AddressRange } from "../../address-range";
import { flagOf, textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Network, Subnet } from "../fact";
import { labelOf } from "../label";

import type { GcpStack } from "./gcp-stack";

const forwardingTypes = ["gcp:compute:globalforwardingrule", "gcp:compute:forwardingrule"] as const;
const addressTypes = ["gcp:compute:globaladdress", "gcp:compute:address"] as const;

/** The addresses behind restricted.googleapis.com and private.googleapis.com. */
const restrictedAddresses = addressRange("199.36.153.4/30");
const privateAddresses = addressRange("199.36.153.8/30");

/** An endpoint in a network by which Google's APIs are called. */
export interface ApiEndpoint {
  readonly node: Node;
  /** Whether it leads to services that perimeters hold, and to no others. */
  readonly isRestricted: boolean;
  /** Where it is; `undefined` where that is not known. */
  readonly range: AddressRange | undefined;
}

function rangeOfAddress(text: string): AddressRange | undefined {
  return addressRange(`${text}/${text.includes(":") ? "128" : "32"}`);
}

/** The endpoints of a stack by which Google's APIs are called. */
export function apiEndpoints({ graph }: GcpStack): readonly ApiEndpoint[] {
  return graph.ofType(...forwardingTypes).flatMap((node): readonly ApiEndpoint[] => {
    const target = textOf(graph.read(node, "target"));
    if (target.kind !== "known" || !["vpc-sc", "all-apis"].includes(target.value)) {
      return [];
    }
    const said = textOf(graph.read(node, "ipAddress"));
    const own = said.kind === "known" ? rangeOfAddress(said.value) : undefined;
    const [reserved, ...others] = graph
      .referents(node, "ipAddress", addressTypes)
      .flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    const address =
      reserved === undefined || others.length > 0 ? undefined : textOf(graph.read(reserved, "address"));
    return [
      {
        node,
        isRestricted: target.value === "vpc-sc",
        range: own ?? (address?.kind === "known" ? rangeOfAddress(address.value) : undefined),
      },
    ];
  });
}

/** Which of Google's own addresses the networks of a stack have a way to. */
function routedAddresses({ graph }: GcpStack): readonly AddressRange[] {
  const ranges = graph.ofType("gcp:compute:route").flatMap((route) => {
    const text = textOf(graph.read(route, "destRange"));
    return text.kind === "known" ? (addressRange(text.value) ?? []) : [];
  });
  const hasAccess = graph.ofType("gcp:compute:subnetwork").some((subnet) => {
    const access = flagOf(graph.read(subnet, "privateIpGoogleAccess"));
    return access.kind === "known" && access.value;
  });
  return [restrictedAddresses, privateAddresses].flatMap((own) =>
    own !== undefined &&
    (hasAccess ||
      ranges.some(({ from, to, family }) => family === own.family && from <= own.from && to >= own.to))
      ? [own]
      : [],
  );
}

/** What stands for Google's APIs where they are called: a network that no network of the stack is, and a subnet of it for each zone. */
export interface ApiNetwork {
  readonly network: Network;
  readonly subnetOf: (zone: "phi" | "processing", platform: string | undefined) => Subnet;
}

/** @param networks the networks of the stack, whose own addresses the endpoints have. */
export function apiNetwork(stack: GcpStack, networks: readonly Network[]): ApiNetwork {
  const endpoints = apiEndpoints(stack);
  const known = [...endpoints.flatMap(({ range }) => range ?? []), ...routedAddresses(stack)];
  const ranges = [
    ...known,
    ...(endpoints.some(({ range }) => range === undefined) ? [everyAddress.ipv4] : []),
    ...[restrictedAddresses, privateAddresses].flatMap((own) => own ?? []),
  ];
  const [first, ...others] = endpoints;
  const label =
    first === undefined || others.length > 0 ? "Google's APIs" : `Google's APIs, by ${labelOf(first.node)}`;
  const network: Network = {
    urn: "google-apis",
    label,
    zone: undefined,
    platform: undefined,
    isInStack: false,
    ranges: [...networks.flatMap((one) => one.ranges ?? []), ...known],
    isDetermined: true,
  };
  const made = new Map<string, Subnet>();
  return {
    network,
    subnetOf: (zone, platform) => {
      const key = `google-apis ${zone} ${platform ?? ""}`;
      const subnet = made.get(key) ?? {
        urn: "google-apis",
        key,
        label,
        zone,
        platform,
        network,
        purpose: "private-endpoint",
        ranges,
        knownRanges: known,
        filters: [],
        filteredBy: undefined,
        routeTables: [],
        unknownRoutes: undefined,
      };
      made.set(key, subnet);
      return subnet;
    },
  };
}
