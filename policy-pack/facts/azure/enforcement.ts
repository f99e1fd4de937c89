import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { MissingSeal } from "../fact";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { heldBy } from "./scopes";

const assignmentType = "azure-native:authorization:policyassignment";
const exemptionType = "azure-native:authorization:policyexemption";

const managerType = "azure-native:network:networkmanager";

/** Types from which facts about what policies of Azure enforce are drawn. */
export const enforcementTypes = [assignmentType, exemptionType] as const;

/** What a seal is looked for in. */
interface SealedScopes {
  /** What is not known of the seal itself. */
  readonly unknown?: string | undefined;
  /** The scopes, with the properties that hold them. */
  readonly scopes?: readonly (readonly [key: string, scope: Reading<unknown>])[];
}

/**
 * Policies of Azure over the PHI zone that only tell of what they would refuse, exemptions from them, and managers of
 * networks whose rules may be put before the zone's own.
 */
export function unenforcedPolicies(stack: AzureStack): readonly MissingSeal[] {
  const { graph, zones } = stack;
  const phi = graph.nodes.filter(
    ({ urn, resourceType: type }) => zones.of(urn) === "phi" && type.startsWith("azure-native:"),
  );
  const seal = (
    node: Node,
    what: string,
    remedy: string,
    { unknown, scopes = [["scope", graph.read(node, "scope")]] }: SealedScopes = {},
  ): readonly MissingSeal[] => {
    const held = scopes.flatMap(([key, scope]) => heldBy(graph, node, key, scope, phi));
    const certain = held.find(({ assumption }) => assumption === undefined) ?? held[0];
    const assumption = certain?.assumption ?? unknown;
    return certain === undefined
      ? []
      : [
          {
            urn: node.urn,
            label: labelOf(node),
            platform: platformOf(stack, node),
            what: `over ${labelOf(certain.node)}, ${what}.`,
            ...(assumption === undefined ? {} : { assumption }),
            remedy,
          },
        ];
  };
  return [
    ...graph.ofType(assignmentType).flatMap((node) => {
      const mode = textOf(graph.read(node, "enforcementMode"));
      const isEnforced =
        mode.kind === "absent" || (mode.kind === "known" && mode.value.toLowerCase() === "default");
      return isEnforced
        ? []
        : seal(
            node,
            "a policy is not enforced, and only tells of what it would refuse",
            "Set enforcementMode to Default.",
            { unknown: mode.kind === "unknown" ? "`enforcementMode` is not known" : undefined },
          );
    }),
    ...graph
      .ofType(exemptionType)
      .flatMap((node) => seal(node, "an exemption lifts a policy", "Take the exemption away.")),
    ...graph.ofType(managerType).flatMap((node) => {
      const key = "networkManagerScopes";
      const said = recordOf(graph.read(node, key));
      const scopes = ["subscriptions", "managementGroups"].flatMap((kind) =>
        itemsOf(memberReading(said, kind)).map((scope) => [key, scope] as const),
      );
      return seal(
        node,
        "a manager of networks may put rules and routes before the zone's own",
        "Let the manager's scopes leave the PHI zone's subscription out.",
        { scopes },
      );
    }),
  ];
}
