import type { ResourceType } from "./resource-type";

/** How the names of types end that are no thing in a zone, but a part or a setting of one. */
const endings =
  /(?:rule|rulesexclusive|route|routes|association|attachment|accepter|entry|option|options|permission|policy|policyassignment|block|configuration|ownershipcontrols|acl|versioning|notification|logging|inventory|propagation|record)$/;

/** Types whose names end so, and that are things in a zone by themselves. */
const things = /(?:tlspolicy|sslpolicy|networkacl|:virtualnetworkrule)$/;

/**
 * Whether a resource is a part of another: a rule, a route, an association or a policy. It takes the zone of what it
 * belongs to, whatever its own name is like.
 */
export function isPartOfAnother(type: ResourceType): boolean {
  return endings.test(type) && !things.test(type);
}
