import { reading, textOf, type Reading } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";

import { armKey, subscriptionOf, withParents } from "./arm-id";
import { groupOf, originsOf, referentsOf } from "./referents";

const groupTypes = ["azure-native:resources:resourcegroup"] as const;

/** A resource that a scope holds, or may hold. */
export interface Held {
  readonly node: Node;
  /** Why it may not be held; `undefined` where it is for certain. */
  readonly assumption: string | undefined;
}

/** Whether a resource is in a resource group of the stack. */
function isInGroup(graph: StackGraph, node: Node, group: Node): boolean {
  const names = [graph.read(group, "resourceGroupName"), reading(group.outputs["name"])].flatMap((name) => {
    const text = textOf(name);
    return text.kind === "known" ? [text.value.toLowerCase()] : [];
  });
  const own = groupOf(graph, node);
  return (
    (own !== undefined && names.includes(own)) ||
    (node.propertyDependencies["resourceGroupName"] ?? []).includes(group.urn)
  );
}

const ids = new WeakMap<StackGraph, Map<Node, string | undefined>>();

/** The id of a resource, as far as it is known; each is held against many scopes. */
function idOf(graph: StackGraph, node: Node): string | undefined {
  const ofGraph = ids.get(graph) ?? new Map<Node, string | undefined>();
  ids.set(graph, ofGraph);
  if (!ofGraph.has(node)) {
    ofGraph.set(node, graph.armIdsOf(node)[0]);
  }
  return ofGraph.get(node);
}

/** Whether a scope that is written out holds a resource, or is a part of it: always, never, or perhaps. */
function holds(graph: StackGraph, scope: string): (node: Node) => boolean | undefined {
  const key = armKey(scope);
  if (/^\/providers\/microsoft\.management\/managementgroups\//i.test(key) || key === "/") {
    return () => undefined;
  }
  const ofScope = subscriptionOf(key);
  const [, group] = /\/resourcegroups\/([^/]+)/.exec(key) ?? [];
  const isOfResource = withParents(key).length > 0;
  return (node) => {
    const id = idOf(graph, node);
    if (id !== undefined && !id.includes("*")) {
      return id === key || id.startsWith(`${key}/`) || key.startsWith(`${id}/`);
    }
    const own = graph.subscriptionOf(node);
    if (own !== undefined && ofScope !== undefined && own !== ofScope) {
      return false;
    }
    const ofNode = groupOf(graph, node);
    if (isOfResource || (group === undefined ? own : ofNode) === undefined) {
      return undefined;
    }
    return group === undefined || ofNode === group;
  };
}

/** Resources by their ids and those of what they are parts of. */
interface ById {
  readonly found: ReadonlyMap<string, readonly Node[]>;
  /** Those whose ids are not known as a whole. */
  readonly others: readonly Node[];
}

const byIds = new WeakMap<readonly Node[], ById>();

/** Resources by their ids; the same are held against many scopes. */
function byIdOf(graph: StackGraph, candidates: readonly Node[]): ById {
  const known = byIds.get(candidates);
  if (known !== undefined) {
    return known;
  }
  const found = new Map<string, Node[]>();
  const others: Node[] = [];
  for (const node of candidates) {
    const id = idOf(graph, node);
    if (id === undefined || id.includes("*")) {
      others.push(node);
      continue;
    }
    for (const part of withParents(id)) {
      const nodes = found.get(part);
      if (nodes === undefined) {
        found.set(part, [node]);
      } else {
        nodes.push(node);
      }
    }
  }
  const ids: ById = { found, others };
  byIds.set(candidates, ids);
  return ids;
}

/** The resources that a scope may hold, or of which it may be a part: few, where it is a resource itself. */
function near(graph: StackGraph, scope: string, candidates: readonly Node[]): readonly Node[] {
  const [own, ...parents] = withParents(scope);
  if (own === undefined || /^\/providers\//i.test(scope)) {
    return candidates;
  }
  const { found, others } = byIdOf(graph, candidates);
  const around = parents.flatMap((id) => (found.get(id) ?? []).filter((node) => idOf(graph, node) === id));
  return [...new Set([...(found.get(own) ?? []), ...around, ...others])];
}

/**
 * Which of some resources are in the scope that a property of a resource holds: the resource itself, what it is a part
 * of, a resource group, a subscription or a management group.
 */
export function heldBy(
  graph: StackGraph,
  node: Node,
  key: string,
  scope: Reading<unknown>,
  candidates: readonly Node[],
): readonly Held[] {
  const text = textOf(scope);
  const groups = [
    ...originsOf(graph, node, key, groupTypes),
    ...(text.kind === "known" ? graph.bearers(text.value, groupTypes).map((bearer) => bearer.node) : []),
  ];
  if (text.kind === "known") {
    const isHeldBy = holds(graph, text.value);
    const possible = groups.length > 0 ? candidates : near(graph, text.value, candidates);
    return possible.flatMap((candidate): readonly Held[] => {
      const isHeld = groups.some((group) => isInGroup(graph, candidate, group)) || isHeldBy(candidate);
      return isHeld === false
        ? []
        : [{ node: candidate, assumption: isHeld === true ? undefined : `what \`${key}\` holds` }];
    });
  }
  if (text.kind === "absent") {
    return [];
  }
  const referents = referentsOf(graph, node, key, scope).flatMap((to) =>
    to.kind === "resource" ? [to.node] : [],
  );
  const within = referents.flatMap((part) => graph.armIdsOf(part)).map((id) => holds(graph, id));
  const isTraced = groups.length > 0 || referents.length > 0;
  return candidates.flatMap((candidate): readonly Held[] => {
    if (groups.some((group) => isInGroup(graph, candidate, group)) || referents.includes(candidate)) {
      return [{ node: candidate, assumption: undefined }];
    }
    // A scope within it, such as a key in a vault.
    const parts = within.map((isHeldBy) => isHeldBy(candidate));
    if (parts.some((isHeld) => isHeld !== false)) {
      return [{ node: candidate, assumption: parts.includes(true) ? undefined : `what \`${key}\` holds` }];
    }
    return isTraced ? [] : [{ node: candidate, assumption: `\`${key}\` is not known` }];
  });
}
