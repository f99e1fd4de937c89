import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { SideChannel } from "../fact";
import { broken } from "../setting";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { isOwnId, ownSubscriptions } from "./private-links";
import { namedReferents, referentsAt } from "./referents";
import { must } from "./side-channel-type";

const perimeterType = "azure-native:network:networksecurityperimeter";
const profileType = "azure-native:network:networksecurityperimeterprofile";

/** Each type has a second name, which the SDK took from an earlier version of Azure's interface. */
const associationTypes = [
  "azure-native:network:networksecurityperimeterassociation",
  "azure-native:network:nspassociation",
] as const;
const ruleTypes = [
  "azure-native:network:networksecurityperimeteraccessrule",
  "azure-native:network:nspaccessrule",
] as const;
const linkTypes = [
  "azure-native:network:networksecurityperimeterlink",
  "azure-native:network:nsplink",
  "azure-native:network:networksecurityperimeterlinkreference",
] as const;

/** Types from which facts about perimeters are drawn. */
export const perimeterTypes = [
  perimeterType,
  profileType,
  ...associationTypes,
  ...ruleTypes,
  ...linkTypes,
] as const;

const enforced = must("accessMode", ["Enforced"], "its perimeter enforces nothing, and only watches");

/** What a rule of a perimeter names besides subscriptions. */
const namedByRules = [
  "addressPrefixes",
  "emailAddresses",
  "fullyQualifiedDomainNames",
  "phoneNumbers",
  "serviceTags",
] as const;

/** The perimeters that a part of one names. */
function perimetersOf({ graph }: AzureStack, node: Node): readonly Referent[] {
  const key = "networkSecurityPerimeterName";
  return namedReferents(graph, node, key, graph.read(node, key), [perimeterType]);
}

/** The name of a perimeter that a part of one says, in lower case, or the URN of the perimeter. */
function perimeterKeys(stack: AzureStack, node: Node): readonly string[] {
  return perimetersOf(stack, node).flatMap((to) =>
    to.kind === "resource"
      ? [to.node.urn]
      : to.kind === "external"
        ? [to.id.toLowerCase()]
        : ["undetermined"],
  );
}

/** What a perimeter lets out of the PHI zone, or in, and what is held by none although it seems to be. */
export function perimeterChannels(stack: AzureStack): readonly SideChannel[] {
  const { graph, zones } = stack;
  const own = ownSubscriptions(graph);
  const channel = (
    node: Node,
    what: string,
    assumption: string | undefined,
    remedy: string,
  ): SideChannel => ({
    urn: node.urn,
    label: labelOf(node),
    zone: "phi",
    platform: platformOf(stack, node),
    what,
    assumption,
    remedy,
    isGuiltyAlone: false,
  });

  // What is bound to a perimeter, and is in the PHI zone or may be.
  const bound = graph.ofType(...associationTypes).flatMap((node) => {
    const to = referentsAt(graph, node, ["privateLinkResource", "id"]);
    const phi = to.flatMap((one) =>
      one.kind === "resource" && zones.of(one.node.urn) === "phi" ? [one] : [],
    );
    const [first] = phi;
    const isUnknown = to.some(({ kind }) => kind === "undetermined");
    return first === undefined && !isUnknown && zones.of(node.urn) !== "phi"
      ? []
      : [
          {
            node,
            label: first === undefined ? "something in the PHI zone" : labelOf(first.node),
            assumption:
              first === undefined && isUnknown
                ? "`privateLinkResource.id` is not known"
                : first?.assumed === true
                  ? "which resource `privateLinkResource.id` names"
                  : undefined,
          },
        ];
  });
  const holding = new Map(
    bound.flatMap(({ node, label, assumption }) =>
      perimeterKeys(stack, node).map((key) => [key, { label, assumption }] as const),
    ),
  );
  /** What of the PHI zone the perimeter of a rule or a link holds. */
  const heldBy = (
    node: Node,
  ): { readonly label: string; readonly assumption: string | undefined } | undefined => {
    const perimeters = perimetersOf(stack, node);
    const keys = perimeterKeys(stack, node);
    const said = [node, ...perimeters.flatMap((to) => (to.kind === "resource" ? [to.node] : []))];
    const saysPhi = said.find(({ urn }) => zones.of(urn) === "phi");
    if (saysPhi !== undefined) {
      return { label: labelOf(saysPhi), assumption: undefined };
    }
    const held = keys.flatMap((key) => holding.get(key) ?? []);
    const [first] = held;
    const isOpenEnded = keys.includes("undetermined") && holding.size > 0;
    return (
      first ??
      (isOpenEnded
        ? { label: "something in the PHI zone", assumption: "of which perimeter it is" }
        : undefined)
    );
  };

  const weak = bound.flatMap(({ node, label, assumption }) =>
    broken(graph, node, [enforced]).map(({ setting, isUnknown }) =>
      channel(
        node,
        `${label}: ${setting.what}`,
        assumption ?? (isUnknown ? "`accessMode` is not known" : undefined),
        setting.remedy,
      ),
    ),
  );
  const rules = graph.ofType(...ruleTypes).flatMap((node) => {
    const held = heldBy(node);
    if (held === undefined) {
      return [];
    }
    const direction = textOf(graph.read(node, "direction"));
    const named = namedByRules.filter((key) => itemsOf(graph.read(node, key)).length > 0);
    const foreign = itemsOf(graph.read(node, "subscriptions")).filter((item) => {
      const id = textOf(memberReading(recordOf(item), "id"));
      return id.kind !== "known" || !isOwnId(own, id.value);
    });
    const isOut = direction.kind !== "known" || direction.value.toLowerCase() !== "inbound";
    if (!isOut && named.length === 0 && foreign.length === 0) {
      return [];
    }
    const to = [...named, ...(foreign.length === 0 ? [] : ["subscriptions"])].join(", ");
    return [
      channel(
        node,
        `${held.label}: its perimeter lets calls ${isOut ? "out" : "in"}${to === "" ? "" : ` (${to})`}`,
        held.assumption ?? (direction.kind === "unknown" ? "`direction` is not known" : undefined),
        "Take the rule away: what is in the PHI zone is reached by its private endpoint, and calls nobody.",
      ),
    ];
  });
  const links = graph.ofType(...linkTypes).flatMap((node) => {
    const held = heldBy(node);
    return held === undefined
      ? []
      : [
          channel(
            node,
            `${held.label}: its perimeter is joined to another`,
            held.assumption,
            "Take the link away.",
          ),
        ];
  });
  return [...weak, ...rules, ...links];
}
