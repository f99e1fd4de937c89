import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { MissingSeal } from "../fact";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { referentsAt } from "./referents";

/** Stores that a network security perimeter can enclose (Azure documentation, "Network security perimeter", "Onboarded private link resources"). */
const storeTypes: readonly ResourceType[] = [
  "azure-native:storage:storageaccount",
  "azure-native:search:service",
  "azure-native:cosmosdb:databaseaccount",
  "azure-native:sql:server",
  "azure-native:eventhub:namespace",
];

const associationTypes = [
  "azure-native:network:networksecurityperimeterassociation",
  "azure-native:network:nspassociation",
] as const;

/** The stores of the PHI zone that a perimeter could enclose, each with what binds it to one. */
function storesOfPhi({ graph, zones }: AzureStack): readonly {
  readonly store: Node;
  readonly associations: readonly Node[];
}[] {
  const bound = graph
    .ofType(...associationTypes)
    .flatMap((association) =>
      referentsAt(graph, association, ["privateLinkResource", "id"], storeTypes).flatMap((to) =>
        to.kind === "resource" && !to.assumed ? [{ association, store: to.node }] : [],
      ),
    );
  return graph
    .ofType(...storeTypes)
    .filter(({ urn }) => zones.of(urn) === "phi")
    .map((store) => ({
      store,
      associations: bound.flatMap((one) => (one.store === store ? [one.association] : [])),
    }));
}

/** The stores of the PHI zone that a perimeter encloses, each with what binds it to one. */
export function enclosedStores(stack: AzureStack): ReturnType<typeof storesOfPhi> {
  return storesOfPhi(stack).filter(({ associations }) => associations.length > 0);
}

/** Stores of the PHI zone that no perimeter encloses, although one could. */
export function unenclosedStores(stack: AzureStack): readonly MissingSeal[] {
  return storesOfPhi(stack)
    .filter(({ associations }) => associations.length === 0)
    .map(({ store: node }) => ({
      urn: node.urn,
      label: labelOf(node),
      platform: platformOf(stack, node),
      what: "No network security perimeter encloses it, which would hold whatever its own settings say.",
      remedy: "Associate it with a profile of a NetworkSecurityPerimeter, with accessMode Enforced.",
    }));
}
