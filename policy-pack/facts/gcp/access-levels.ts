import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { MissingSeal, PerimeterOpening } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import type { Safeguard } from "../safeguard";

import { gcpKey } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { perimeterOpening } from "./perimeter-openings";
import { matchesNobody, ruleText } from "./perimeter-rules";
import { perimetersOf } from "./perimeters";

const levelType = "gcp:accesscontextmanager:accesslevel";
const listType = "gcp:accesscontextmanager:accesslevels";
const conditionType = "gcp:accesscontextmanager:accesslevelcondition";
const bindingType = "gcp:accesscontextmanager:gcpuseraccessbinding";

/** Types from which facts about access levels are drawn. */
export const accessLevelTypes = [levelType, listType, conditionType, bindingType] as const;

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** An access level: what a caller has to meet. */
interface AccessLevel {
  readonly node: Node;
  readonly names: readonly string[];
  readonly label: string;
  /** In what way it holds back less than it seems to; `undefined` where it does not. */
  readonly weakness: string | undefined;
  readonly assumption: string | undefined;
}

/** What a condition asks of a caller. */
const attributes = [
  "ipSubnetworks",
  "devicePolicy",
  "members",
  "regions",
  "requiredAccessLevels",
  "vpcNetworkSources",
] as const;

/** Demands that a policy of devices can make. One that makes none is met by every device. */
const demands = [
  "requireScreenLock",
  "requireAdminApproval",
  "requireCorpOwned",
  "allowedEncryptionStatuses",
  "allowedDeviceManagementLevels",
  "osConstraints",
] as const;

function isSet(value: Reading<unknown>): boolean {
  return (
    value.kind === "unknown" ||
    (value.kind === "known" &&
      value.value !== false &&
      !(Array.isArray(value.value) && value.value.length === 0))
  );
}

/** How one condition holds back less than it seems to. */
function weaknessOf(condition: Mapping): string | undefined {
  const negate = flagOf(memberReading(condition, "negate"));
  if (negate.kind === "known" && negate.value) {
    return "it is met by whoever does not meet a condition (negate)";
  }
  const device = memberReading(condition, "devicePolicy");
  // Whoever has an address is within a block of all addresses.
  const isAnywhere = itemsOf(memberReading(condition, "ipSubnetworks"))
    .map(textOf)
    .some((block) => block.kind === "known" && /\/[0-7]$/.test(block.value));
  const asked = attributes.filter(
    (key) => isSet(memberReading(condition, key)) && !(key === "ipSubnetworks" && isAnywhere),
  );
  const isEmptyDevice =
    device.kind === "known" && !demands.some((key) => isSet(memberReading(recordOf(device), key)));
  if (asked.length === 0 || (isEmptyDevice && asked.every((key) => key === "devicePolicy"))) {
    return "a condition of it asks for nothing";
  }
  return isEmptyDevice ? "its policy of devices asks nothing of a device" : undefined;
}

function levelOf(
  node: Node,
  label: string,
  names: readonly string[],
  { basic, custom }: { readonly basic: Mapping; readonly custom: Reading<unknown> },
  more: readonly Mapping[],
): AccessLevel {
  const about = { node, label, names };
  if (custom.kind !== "absent") {
    return {
      ...about,
      weakness: "its expression cannot be evaluated before a call",
      assumption: "what its expression asks of a caller",
    };
  }
  const conditions = [...itemsOf(memberReading(basic, "conditions")).map(recordOf), ...more];
  if (basic.kind === "unknown" || conditions.some(({ kind }) => kind === "unknown")) {
    return { ...about, weakness: "its conditions are not known", assumption: "`basic` is not known" };
  }
  const how = textOf(memberReading(basic, "combiningFunction"));
  const isAny = how.kind === "known" && how.value === "OR" && conditions.length > 1;
  const weak = conditions.map(weaknessOf).find((one) => one !== undefined);
  return {
    ...about,
    weakness: isAny ? "one of its conditions is enough (combiningFunction OR)" : weak,
    assumption: undefined,
  };
}

function accessLevels({ graph }: GcpStack): readonly AccessLevel[] {
  const names = (text: Reading<string>): readonly string[] =>
    text.kind === "known" ? [gcpKey(text.value)] : [];
  const added = (level: readonly string[]): readonly Mapping[] =>
    graph.ofType(conditionType).flatMap((node): readonly Mapping[] => {
      const of = textOf(graph.read(node, "accessLevel"));
      const isOf = of.kind !== "known" || level.includes(gcpKey(of.value));
      return isOf
        ? [
            {
              kind: "known",
              value: Object.fromEntries(
                [...attributes, "negate"].map((key) => [key, node.inputs?.[key] ?? node.outputs[key]]),
              ),
            },
          ]
        : [];
    });
  return [
    ...graph.ofType(levelType).map((node) => {
      const own = [...new Set([...names(textOf(graph.read(node, "name"))), ...graph.gcpNamesOf(node)])];
      return levelOf(
        node,
        labelOf(node),
        own,
        { basic: recordOf(graph.read(node, "basic")), custom: graph.read(node, "custom") },
        added(own),
      );
    }),
    ...graph.ofType(listType).flatMap((node) =>
      itemsOf(graph.read(node, "accessLevels")).map((item) => {
        const level = recordOf(item);
        const own = names(textOf(memberReading(level, "name")));
        return levelOf(
          node,
          `${labelOf(node)}: ${own[0]?.split("/").at(-1) ?? "an access level"}`,
          own,
          { basic: recordOf(memberReading(level, "basic")), custom: memberReading(level, "custom") },
          added(own),
        );
      }),
    ),
  ];
}

const remedy =
  "Ask in one condition, which has to be met (combiningFunction AND), for addresses or for devices that are encrypted, managed and the organisation's own.";

/** Access levels by which callers come through the perimeter of a zone, and that hold back less than they seem to. */
export function weakLevels(stack: GcpStack): readonly PerimeterOpening[] {
  const levels = accessLevels(stack).filter(({ weakness }) => weakness !== undefined);
  return perimetersOf(stack).all.flatMap(({ zone, label, rules }) =>
    zone === undefined
      ? []
      : rules
          .filter((rule) => rule.direction === "ingress" && !matchesNobody(rule))
          .flatMap((rule) =>
            rule.sources.flatMap((source) => {
              const level = source.kind === "access level" ? source.level : undefined;
              const origins = new Set(rule.node.propertyDependencies[rule.fromKey]);
              return levels
                .filter(({ names, node }) =>
                  level?.kind === "known"
                    ? names.includes(gcpKey(level.value))
                    : level?.kind === "unknown" && origins.has(node.urn),
                )
                .map((weak) =>
                  perimeterOpening(stack, weak.node, zone, {
                    what: `${label}: ${ruleText(rule)} lets in who meets ${weak.label}, and ${weak.weakness ?? ""}`,
                    remedy,
                    assumption: weak.assumption,
                  }),
                );
            }),
          ),
  );
}

/** Access levels that hold back what they seem to. */
export function soundLevels(stack: GcpStack): readonly Safeguard[] {
  return accessLevels(stack)
    .filter(({ weakness }) => weakness === undefined)
    .map(({ node, label }) => ({
      zone: undefined,
      what: "an access level asks for addresses or devices in each of its conditions",
      evidence: [{ urn: node.urn, label }],
    }));
}

/** Access levels and bindings that hold back less than they seem to, whoever uses them. */
export function unsealedLevels(stack: GcpStack): readonly MissingSeal[] {
  const { graph } = stack;
  const seal = (node: Node, what: string, how: string): MissingSeal => ({
    urn: node.urn,
    label: labelOf(node),
    platform: platformOf(stack, node),
    what,
    remedy: how,
  });
  return [
    ...accessLevels(stack)
      .filter(({ weakness }) => weakness !== undefined)
      .map(({ node, weakness, assumption }) => ({
        ...seal(node, `${weakness ?? ""}.`, remedy),
        ...(assumption === undefined ? {} : { assumption }),
      })),
    ...graph.ofType(bindingType).flatMap((node) => {
      const enforced = graph.read(node, "accessLevels");
      const watched = graph.read(node, "dryRunAccessLevels");
      const scoped = itemsOf(graph.read(node, "scopedAccessSettings")).some((setting) =>
        isSet(memberReading(recordOf(memberReading(recordOf(setting), "activeSettings")), "accessLevels")),
      );
      return isSet(watched) && !isSet(enforced) && !scoped
        ? [
            seal(
              node,
              "a group's access levels are only watched (dryRunAccessLevels).",
              "Name the access levels in `accessLevels`.",
            ),
          ]
        : [];
    }),
  ];
}
