import { addressRange, type AddressRange } from "../../address-range";
import {
  absent,
  flagOf,
  integerOf,
  itemsOf,
  known,
  memberReading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Direction } from "../../reachability";
import type { Node, Referent } from "../../stack-graph";

import { types } from "./compute-types";
import { extents, type Extents } from "./extent";
import type { GcpStack } from "./gcp-stack";
import { identitiesOf, type Identity } from "./identities";
import { ownersIn } from "./owners";

/** One of the ends of which a rule speaks. */
export type RuleEnd =
  | { readonly kind: "addresses"; readonly range: AddressRange }
  | { readonly kind: "identity"; readonly identity: Identity }
  /** Something that Google alone knows the addresses of, such as a name, a country or a list of threats. */
  | { readonly kind: "named"; readonly text: string }
  | { readonly kind: "unknown" };

/** For whom a rule is meant. */
export interface Targets {
  readonly identities: readonly Identity[];
  /** Whether it may be meant for others as well. */
  readonly isUnknown: boolean;
}

/** A rule of a network or of a firewall policy, as it is written. */
export interface FirewallRule {
  readonly urn: string;
  /** What it is called in a report: `Firewall deny-egress`. */
  readonly name: string;
  readonly directions: readonly Direction[];
  /** A smaller number comes first. Without one that is known it comes before all others. */
  readonly priority: number;
  readonly action: "allow" | "deny" | "next";
  readonly extents: Extents["all"];
  /** The ends within the network to which it is narrowed; nothing where it is for all. */
  readonly near: (direction: Direction) => readonly RuleEnd[];
  readonly far: (direction: Direction) => readonly RuleEnd[];
  /** Nobody but these; `undefined` where it is for everything in the network. */
  readonly targets: Targets | undefined;
  /** The networks for which alone it is meant; `undefined` where it is for each. */
  readonly networks: readonly Referent[] | undefined;
  /** Why it may be narrower than it is read here; `undefined` where it is known to the last bit. */
  readonly assumption: string | undefined;
  /** Whether what it matches is recorded for certain. */
  readonly isLogged: boolean;
}

/** A block of addresses, or one address by itself. */
export function blockOf(text: string): AddressRange | undefined {
  return (
    addressRange(text) ??
    addressRange(`${text}/32`) ??
    (text.includes(":") ? addressRange(`${text}/128`) : undefined)
  );
}

function blockEnd(value: Reading<unknown>): RuleEnd {
  const text = textOf(value);
  const range = text.kind === "known" ? blockOf(text.value.trim()) : undefined;
  return range === undefined ? { kind: "unknown" } : { kind: "addresses", range };
}

const anyIpv4 = blockEnd(known("0.0.0.0/0"));

function isTrue(value: Reading<unknown>): boolean {
  const flag = flagOf(value);
  return flag.kind === "known" && flag.value;
}

/** The directions that a rule is for; both, where that is not known. */
function directionsOf(direction: Reading<unknown>): readonly Direction[] {
  const text = textOf(direction);
  switch (text.kind === "known" ? text.value.toUpperCase() : text.kind) {
    case "EGRESS":
      return ["egress"];
    // A rule that says no direction is for what comes in (Compute Engine API, `firewalls`).
    case "INGRESS":
    case "absent":
      return ["ingress"];
    default:
      return ["egress", "ingress"];
  }
}

const unknownPriority = "its priority is not known, so it is taken to come first";
const unknownDisabled = "whether it is disabled is not known, so it is taken to be in force";
const unknownDirection = "its direction is not known, so it is taken to be both";
const unknownTargets = "for whom it is meant is not known, so it is taken to be for anything";

/** Reads rules of networks and of policies. */
export class FirewallRules {
  readonly #stack: GcpStack;

  constructor(stack: GcpStack) {
    this.#stack = stack;
  }

  #identities(
    node: Node,
    key: string,
    kind: Identity["kind"],
    items: readonly Reading<unknown>[],
  ): readonly (Identity | undefined)[] {
    return items.flatMap((item) =>
      identitiesOf(this.#stack, node, key, kind, item.kind === "absent" ? unknown : item),
    );
  }

  #targets(found: readonly (Identity | undefined)[], isSaid: boolean): Targets | undefined {
    return isSaid
      ? {
          identities: found.filter((identity) => identity !== undefined),
          isUnknown: found.length === 0 || found.includes(undefined),
        }
      : undefined;
  }

  #ends(found: readonly (Identity | undefined)[]): readonly RuleEnd[] {
    return found.map((identity) =>
      identity === undefined ? { kind: "unknown" } : { kind: "identity", identity },
    );
  }

  /** A rule of a network itself (`Firewall`): nothing, where it is disabled. */
  ofNetwork(node: Node, label: string): readonly FirewallRule[] {
    const { graph } = this.#stack;
    const read = (key: string): Reading<unknown> => graph.read(node, key);
    const disabled = flagOf(read("disabled"));
    if (disabled.kind === "known" && disabled.value) {
      return [];
    }
    const directions = directionsOf(read("direction"));
    const priority = integerOf(read("priority"));
    const list = (key: string): readonly Reading<unknown>[] => itemsOf(read(key));
    const targetKeys = ["targetServiceAccounts", "targetTags"] as const;
    const targets = this.#targets(
      [
        ...this.#identities(node, targetKeys[0], "service account", list(targetKeys[0])),
        ...this.#identities(node, targetKeys[1], "network tag", list(targetKeys[1])),
      ],
      targetKeys.some((key) => list(key).length > 0),
    );
    const sources: readonly RuleEnd[] = [
      ...list("sourceRanges").map(blockEnd),
      ...this.#ends(
        this.#identities(node, "sourceServiceAccounts", "service account", list("sourceServiceAccounts")),
      ),
      ...this.#ends(this.#identities(node, "sourceTags", "network tag", list("sourceTags"))),
    ];
    const destinations = list("destinationRanges").map(blockEnd);
    const allows = read("allows");
    const denies = read("denies");
    const assumption =
      (directions.length > 1 ? unknownDirection : undefined) ??
      (priority.kind === "unknown" ? unknownPriority : undefined) ??
      (disabled.kind === "unknown" ? unknownDisabled : undefined) ??
      (targets?.isUnknown === true ? unknownTargets : undefined);
    const rule = (action: "allow" | "deny", items: Reading<unknown>): readonly FirewallRule[] => {
      if (items.kind === "absent") {
        return [];
      }
      const packets = extents(itemsOf(items), "protocol");
      return [
        {
          urn: node.urn,
          name: label,
          directions,
          // Left out, it is 1000 (Compute Engine API, `firewalls`).
          priority:
            priority.kind === "known"
              ? priority.value
              : priority.kind === "absent"
                ? 1000
                : Number.NEGATIVE_INFINITY,
          action,
          extents: packets.all,
          near: (direction) => (direction === "ingress" ? destinations : list("sourceRanges").map(blockEnd)),
          far: (direction) => {
            const said = direction === "ingress" ? sources : destinations;
            return said.length > 0 ? said : [anyIpv4];
          },
          targets,
          networks: undefined,
          assumption: packets.assumption ?? assumption,
          isLogged: isTrue(read("enableLogging")) || recordOf(read("logConfig")).kind === "known",
        },
      ];
    };
    // A rule whose lists are both absent or empty is none that Google takes.
    return [...rule("allow", allows), ...rule("deny", denies)];
  }

  /**
   * A rule of a firewall policy, by itself or within its policy: nothing, where it is disabled.
   *
   * @param inline the property of the resource that holds the rule, if the rule is a part of it.
   */
  ofPolicy(
    node: Node,
    label: string,
    read: (key: string) => Reading<unknown>,
    inline: string | undefined,
  ): readonly FirewallRule[] {
    const { graph } = this.#stack;
    const disabled = flagOf(read("disabled"));
    if (disabled.kind === "known" && disabled.value) {
      return [];
    }
    const targetType = textOf(read("targetType"));
    const isOfBalancers =
      targetType.kind === "known" && targetType.value.toUpperCase() === "INTERNAL_MANAGED_LB";
    if (isOfBalancers || read("targetForwardingRules").kind !== "absent") {
      // It decides of what load balancers let in, and of no endpoint of the network.
      return [];
    }
    const property = (key: string): string => inline ?? key;
    const match = recordOf(read("match"));
    const matchList = (key: string): readonly Reading<unknown>[] => itemsOf(memberReading(match, key));
    const names = (items: readonly Reading<unknown>[]): readonly Reading<unknown>[] =>
      items.map((item) => {
        const name = memberReading(recordOf(item), "name");
        return name.kind === "absent" ? unknown : name;
      });
    const said = (["targetServiceAccounts", "targetSecureTags"] as const).map((key) => itemsOf(read(key)));
    const [accounts = [], tags = []] = said;
    const targets = this.#targets(
      [
        ...this.#identities(node, property("targetServiceAccounts"), "service account", accounts),
        ...this.#identities(node, property("targetSecureTags"), "secure tag", names(tags)),
      ],
      accounts.length + tags.length > 0,
    );
    const side = (prefix: "src" | "dest"): readonly RuleEnd[] => [
      ...matchList(`${prefix}IpRanges`).map(blockEnd),
      ...matchList(`${prefix}AddressGroups`).flatMap((item) =>
        this.#addressGroup(node, property("match"), item),
      ),
      ...(["Fqdns", "RegionCodes", "ThreatIntelligences"] as const).flatMap((key) =>
        matchList(`${prefix}${key}`).map((item): RuleEnd => {
          const text = textOf(item);
          return text.kind === "known" ? { kind: "named", text: text.value } : { kind: "unknown" };
        }),
      ),
      ...(prefix === "src"
        ? this.#ends(
            this.#identities(node, property("match"), "secure tag", names(matchList("srcSecureTags"))),
          )
        : []),
    ];
    const narrowing = [
      "srcNetworkScope",
      "srcNetworkContext",
      "srcNetworks",
      "destNetworkScope",
      "destNetworkContext",
    ].find((key) => {
      const value = memberReading(match, key);
      return value.kind === "unknown" || (value.kind === "known" && itemsOfOne(value).length > 0);
    });
    const [sources, destinations] = [side("src"), side("dest")];
    const directions = directionsOf(read("direction"));
    const priority = integerOf(read("priority"));
    const packets = extents(matchList("layer4Configs"), "ipProtocol");
    const action = actionOf(textOf(read("action")));
    const isForOtherBalancers = targetType.kind === "unknown";
    const resources = itemsOf(read("targetResources"));
    return [
      {
        urn: node.urn,
        name: label,
        directions,
        priority: priority.kind === "known" ? priority.value : Number.NEGATIVE_INFINITY,
        action: action ?? "allow",
        extents: packets.all,
        near: (direction) => (direction === "ingress" ? destinations : sources),
        far: (direction) => {
          const ends = direction === "ingress" ? sources : destinations;
          return ends.length > 0 ? ends : [{ kind: "unknown" }];
        },
        targets,
        networks:
          resources.length === 0
            ? undefined
            : resources.flatMap((item) =>
                ownersIn(
                  graph,
                  node,
                  property("targetResources"),
                  item.kind === "absent" ? unknown : item,
                  types.network,
                ),
              ),
        assumption:
          packets.assumption ??
          (directions.length > 1 ? unknownDirection : undefined) ??
          (priority.kind === "known" ? undefined : unknownPriority) ??
          (action === undefined ? "its action is not known, so it is taken to allow" : undefined) ??
          (disabled.kind === "unknown" ? unknownDisabled : undefined) ??
          (targets?.isUnknown === true ? unknownTargets : undefined) ??
          (isForOtherBalancers ? "for whom it is meant is not known (targetType)" : undefined) ??
          (narrowing === undefined ? undefined : `which packets \`${narrowing}\` narrows it to is not known`),
        isLogged: isTrue(read("enableLogging")),
      },
    ];
  }

  /** The addresses of an address group. */
  #addressGroup(node: Node, key: string, value: Reading<unknown>): readonly RuleEnd[] {
    const { graph } = this.#stack;
    const referents = ownersIn(
      graph,
      node,
      key,
      value.kind === "absent" ? unknown : value,
      types.addressGroup,
    );
    const [only, ...others] = referents;
    if (only?.kind !== "resource" || others.length > 0 || only.assumed) {
      const text = textOf(value);
      return text.kind === "known" ? [{ kind: "named", text: text.value }] : [{ kind: "unknown" }];
    }
    const items = graph.read(only.node, "items");
    return items.kind === "absent" ? [{ kind: "named", text: only.node.name }] : itemsOf(items).map(blockEnd);
  }
}

/** The items of a value, or the value itself where it is a text. */
function itemsOfOne(value: Reading<unknown>): readonly Reading<unknown>[] {
  return value.kind === "known" && typeof value.value === "string" ? [value] : itemsOf(value);
}

/** What a rule does with what it matches; an inspected packet passes, if nothing in it is held. */
function actionOf(action: Reading<string>): FirewallRule["action"] | undefined {
  switch (action.kind === "known" ? action.value.toLowerCase() : absent.kind) {
    case "allow":
    case "apply_security_profile_group":
      return "allow";
    case "deny":
      return "deny";
    case "goto_next":
      return "next";
    default:
      return undefined;
  }
}
