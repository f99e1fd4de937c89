import { memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { peerOf } from "../../zone-claims";

const identityType = "azure-native:managedidentity:userassignedidentity";

/** Somebody whom a role or a policy names by the id of a principal. */
export interface Principal {
  /** The identity of the stack, or the resource whose own identity it is; `undefined` for somebody else. */
  readonly node: Node | undefined;
  /** The peer of the model whose identity it is, as its tags say. */
  readonly peer: string | undefined;
}

const somebody: Principal = { node: undefined, peer: undefined };

/** The id of the principal that a resource is, or that its own identity is. */
function principalIdOf(node: Node): string | undefined {
  const own = textOf(
    node.resourceType === identityType
      ? reading(node.outputs["principalId"])
      : memberReading(recordOf(reading(node.outputs["identity"])), "principalId"),
  );
  return own.kind === "known" ? own.value.toLowerCase() : undefined;
}

const byId = new WeakMap<StackGraph, ReadonlyMap<string, Node>>();

/** The resources of a stack that have an identity, by the id of its principal. */
function identities(graph: StackGraph): ReadonlyMap<string, Node> {
  const known =
    byId.get(graph) ??
    new Map(
      graph.nodes.flatMap((node) => {
        const id = principalIdOf(node);
        return id === undefined ? [] : [[id, node] as const];
      }),
    );
  byId.set(graph, known);
  return known;
}

function asPrincipal(graph: StackGraph, node: Node): Principal {
  return { node, peer: node.resourceType === identityType ? peerOf(graph, node) : undefined };
}

/** Whom the property `key` of a resource, or a part of it, names by the id of a principal. */
export function principalOf(graph: StackGraph, node: Node, key: string, id: Reading<unknown>): Principal {
  const text = textOf(id);
  if (text.kind === "known") {
    const named = identities(graph).get(text.value.toLowerCase());
    return named === undefined ? somebody : asPrincipal(graph, named);
  }
  // Of several whose outputs it was made of, it is not known which it is.
  const [only, ...others] = (node.propertyDependencies[key] ?? []).flatMap((urn) => graph.node(urn) ?? []);
  return only === undefined || others.length > 0 || !graph.dryRun ? somebody : asPrincipal(graph, only);
}
