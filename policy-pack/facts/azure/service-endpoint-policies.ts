import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node } from "../../stack-graph";
import type { OpenEndpointPolicy } from "../fact";

import { isArmId, subscriptionOf } from "./arm-id";
import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { isOwnId, ownSubscriptions } from "./private-links";
import { namedReferents, originsOf } from "./referents";

const policyType = "azure-native:network:serviceendpointpolicy";
const definitionType = "azure-native:network:serviceendpointpolicydefinition";

/** Types from which facts about what service endpoints lead to are drawn. */
export const serviceEndpointPolicyTypes = [policyType, definitionType] as const;

/** Policies of service endpoints, in zones, that let calls through to accounts that are not the stack's. */
export function openServiceEndpointPolicies(stack: AzureStack): readonly OpenEndpointPolicy[] {
  const { graph, zones } = stack;
  const own = ownSubscriptions(graph);
  const within = (value: Reading<unknown>, key: string): Reading<unknown> =>
    memberReading(recordOf(value), key);

  const openBy = (policy: Node, holder: Node, key: string, resources: readonly Reading<unknown>[]) => {
    const zone = zones.of(policy.urn);
    if (zone === undefined) {
      return [];
    }
    return resources.flatMap((resource): readonly OpenEndpointPolicy[] => {
      const text = textOf(resource);
      const isOfStack = text.kind === "unknown" && graph.dryRun && originsOf(graph, holder, key).length > 0;
      const isOwn = text.kind === "known" && isArmId(text.value) && isOwnId(own, text.value);
      const isWhole = text.kind === "known" && subscriptionOf(text.value) === undefined;
      return isOfStack || isOwn
        ? []
        : [
            {
              urn: holder.urn,
              label: labelOf(holder),
              zone,
              platform: platformOf(stack, policy),
              what:
                text.kind === "known"
                  ? `a service endpoint leads to ${isWhole ? "accounts of anybody's" : "accounts of another subscription"}, ${text.value}`
                  : "a service endpoint may lead to accounts of anybody's",
              assumption: text.kind === "known" ? undefined : `\`${key}\` is not known`,
            },
          ];
    });
  };

  const inline = graph
    .ofType(policyType)
    .flatMap((policy) =>
      itemsOf(graph.read(policy, "serviceEndpointPolicyDefinitions")).flatMap((definition) =>
        openBy(
          policy,
          policy,
          "serviceEndpointPolicyDefinitions",
          itemsOf(within(definition, "serviceResources")),
        ),
      ),
    );
  const separate = graph
    .ofType(definitionType)
    .flatMap((definition) =>
      namedReferents(
        graph,
        definition,
        "serviceEndpointPolicyName",
        graph.read(definition, "serviceEndpointPolicyName"),
        [policyType],
      ).flatMap((to) =>
        to.kind === "resource"
          ? openBy(
              to.node,
              definition,
              "serviceResources",
              itemsOf(graph.read(definition, "serviceResources")),
            )
          : [],
      ),
    );
  return [...inline, ...separate];
}
