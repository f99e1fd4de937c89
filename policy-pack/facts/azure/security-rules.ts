import { addressRange, type AddressRange } from "../../address-range";
import { integerOf, memberReading, recordOf, textOf, itemsOf, type Reading } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { types } from "./azure-stack";
import { areEveryPort, extents, oneOrMore, type Extents } from "./extent";

export type Direction = "egress" | "ingress";

/** One of the ends of which a rule speaks. */
export type RuleEnd =
  | { readonly kind: "anything" }
  | { readonly kind: "addresses"; readonly range: AddressRange }
  /** A name of Azure's for addresses, in lower case, such as `virtualnetwork`. */
  | { readonly kind: "tag"; readonly tag: string; readonly text: string }
  /** The members of application security groups. */
  | { readonly kind: "group"; readonly referent: Referent }
  | { readonly kind: "unknown" };

/** A rule of a network security group, as it is written. */
export interface SecurityRule {
  readonly urn: string;
  /** What it is called in a report: `NetworkSecurityGroup phi-nsg securityRules[0]`. */
  readonly name: string;
  readonly directions: readonly Direction[];
  /** A smaller number comes first. Without one that is known it comes before all others. */
  readonly priority: number;
  readonly action: "allow" | "deny";
  readonly extents: Extents["all"];
  /** The end that the rule's network security group is in force on. */
  readonly near: (direction: Direction) => readonly RuleEnd[];
  readonly far: (direction: Direction) => readonly RuleEnd[];
  /** Why it may be narrower than it is read here; `undefined` where it is known to the last bit. */
  readonly assumption: string | undefined;
  /** Whether it holds whatever port packets come from. */
  readonly isForEverySourcePort: boolean;
}

/** A block of addresses, or one address by itself. */
export function blockOf(text: string): AddressRange | undefined {
  return (
    addressRange(text) ??
    addressRange(`${text}/32`) ??
    (text.includes(":") ? addressRange(`${text}/128`) : undefined)
  );
}

function endOf(prefix: Reading<unknown>): RuleEnd {
  const text = textOf(prefix);
  if (text.kind !== "known") {
    return { kind: "unknown" };
  }
  const value = text.value.trim();
  if (value === "*" || value.toLowerCase() === "any") {
    return { kind: "anything" };
  }
  const range = blockOf(value);
  if (range !== undefined) {
    return { kind: "addresses", range };
  }
  return /^[a-z][\w.-]*$/i.test(value)
    ? { kind: "tag", tag: value.toLowerCase(), text: value }
    : { kind: "unknown" };
}

/** The directions that a rule is for; both, where that is not known. */
function directionsOf(direction: Reading<unknown>): readonly Direction[] {
  const text = textOf(direction);
  const said = text.kind === "known" ? text.value.toLowerCase() : undefined;
  return said === "outbound" ? ["egress"] : said === "inbound" ? ["ingress"] : ["egress", "ingress"];
}

/**
 * Reads one rule, inline or standalone.
 *
 * @param key the property of the resource that holds the rule; `undefined` where the resource is the rule.
 */
export function securityRule(
  graph: StackGraph,
  node: Node,
  name: string,
  read: (key: string) => Reading<unknown>,
  key: string | undefined,
): SecurityRule {
  const endsAt = (side: "source" | "destination"): readonly RuleEnd[] => {
    const groupsKey = `${side}ApplicationSecurityGroups`;
    const groups = itemsOf(read(groupsKey)).flatMap((item): readonly RuleEnd[] => {
      const id = memberReading(recordOf(item), "id");
      return id.kind === "absent"
        ? [{ kind: "unknown" }]
        : graph
            .referentsOf(node, key ?? groupsKey, id, types.applicationSecurityGroup)
            .map((referent) => ({ kind: "group", referent }));
    });
    const prefixes = oneOrMore(read(`${side}AddressPrefix`), read(`${side}AddressPrefixes`)).map(endOf);
    const all = [...prefixes, ...groups];
    // A rule without an end is none that Azure takes; should it take it, it may mean anything.
    return all.length > 0 ? all : [{ kind: "unknown" }];
  };
  const [source, destination] = [endsAt("source"), endsAt("destination")];
  const packets = extents(
    read("protocol"),
    oneOrMore(read("destinationPortRange"), read("destinationPortRanges")),
  );
  const priority = integerOf(read("priority"));
  const access = textOf(read("access"));
  const direction = textOf(read("direction"));
  const denies = access.kind === "known" && access.value.toLowerCase() === "deny";
  const isKnownAccess = denies || (access.kind === "known" && access.value.toLowerCase() === "allow");
  const directions = directionsOf(direction);
  return {
    urn: node.urn,
    name,
    directions,
    priority: priority.kind === "known" ? priority.value : Number.NEGATIVE_INFINITY,
    action: denies ? "deny" : "allow",
    extents: packets.all,
    near: (of) => (of === "egress" ? source : destination),
    far: (of) => (of === "egress" ? destination : source),
    assumption:
      packets.assumption ??
      (directions.length > 1 ? "its direction is not known, so it is taken to be both" : undefined) ??
      (priority.kind === "known" ? undefined : "its priority is not known, so it is taken to come first") ??
      (isKnownAccess ? undefined : "its access is not known, so it is taken to allow"),
    isForEverySourcePort: areEveryPort(oneOrMore(read("sourcePortRange"), read("sourcePortRanges"))),
  };
}
