import type { Peer } from "./peer";

/** The tag or label that says in which zone a resource is. */
export const zoneTag = "bulkhead-zone";

/** The value of {@link zoneTag} on what zones have in common, such as the network itself: what is in it says its own zone. */
export const sharedZone = "shared";

/** The tag or label that says which platform a resource belongs to. */
export const platformTag = "bulkhead-platform";

/** The tag or label that says what subnets, routes and filters of subnets are for. */
export const purposeTag = "bulkhead-purpose";

/** The peers that have filters of their own. */
export type FilteredPeer = Extract<
  Peer,
  { readonly kind: "load-balancer" | "workload" | "data-store" | "platform-service" }
>;

/** The tag or label, by kind of peer, that says whose filter or endpoint a resource is. */
export const peerTags = {
  "load-balancer": "bulkhead-load-balancer",
  workload: "bulkhead-workload",
  "data-store": "bulkhead-data-store",
  "platform-service": "bulkhead-platform-service",
} as const satisfies Record<FilteredPeer["kind"], string>;

/** The value of the tag of the load balancer, which is the only one of its kind. */
export const loadBalancerTagValue = "edge";
