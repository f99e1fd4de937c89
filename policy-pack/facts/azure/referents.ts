import { reading, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { valuesAt, type PropertyPath } from "../property-path";

import { isArmId, subscriptionOf, withParents } from "./arm-id";
import { armTypes } from "./arm-types";

/** Modules whose resources group others, or say who may do something: to depend on one is to read nothing. */
const neutralModules = /^(?:azure-native:(?:authorization|managedidentity|resources):|pulumi:|random:)/;

/** Whether a resource groups others or says who may do something, and holds nothing. */
export function isNeutral({ resourceType: type }: Node): boolean {
  return neutralModules.test(type);
}

/** The resources from whose outputs a property was made, of some types or of any that hold something. */
export function originsOf(
  graph: StackGraph,
  node: Node,
  key: string,
  types?: readonly ResourceType[],
): readonly Node[] {
  return (node.propertyDependencies[key] ?? [])
    .flatMap((urn) => graph.node(urn) ?? [])
    .filter((origin) => types?.includes(origin.resourceType) ?? !isNeutral(origin));
}

/** Whether an id may be that of a resource whose own is not known: of its type, and of its subscription. */
function mayName(graph: StackGraph, text: string, node: Node): boolean {
  const arm = armTypes.get(node.resourceType);
  if (arm === undefined || !isArmId(text)) {
    return false;
  }
  const [namespace = "", ...kinds] = arm.path.split("/");
  const own = graph.subscriptionOf(node);
  const kindsOf = withParents(text).map((id) => {
    const [, ofNamespace = "", ...rest] = /\/providers\/([^/]+)\/(.+)$/.exec(id) ?? [];
    return [ofNamespace, ...(rest[0] ?? "").split("/").filter((_part, index) => index % 2 === 0)].join("/");
  });
  return (
    (own === undefined || subscriptionOf(text) === own) && kindsOf.includes([namespace, ...kinds].join("/"))
  );
}

/**
 * What an id refers to that the property `key` of a resource holds: the resource that it is of, or of which it is a part.
 * Where its value is not known, all of whose outputs it may have been made.
 *
 * @param types what it can be; anything that holds something, where nothing is said.
 */
export function referentsOf(
  graph: StackGraph,
  node: Node,
  key: string,
  id: Reading<unknown>,
  types?: readonly ResourceType[],
): readonly Referent[] {
  const text = textOf(id);
  const origins = originsOf(graph, node, key, types);
  if (text.kind !== "known") {
    return origins.length === 0
      ? [{ kind: "undetermined" }]
      : origins.map((origin) => ({ kind: "resource", node: origin, assumed: origins.length > 1 }));
  }
  const named = [text.value, ...withParents(text.value)]
    .map((candidate) => graph.bearers(candidate, types))
    .find(({ length }) => length > 0);
  if (named !== undefined) {
    return named.map(({ node: found, isCertain }) => ({
      kind: "resource",
      node: found,
      assumed: !isCertain,
    }));
  }
  const isIdless = (origin: Node): boolean => graph.armIdsOf(origin).length === 0;
  const possible = [
    ...origins.filter(isIdless),
    ...graph.nameless(text.value, types).filter((candidate) => mayName(graph, text.value, candidate)),
  ];
  return [
    ...[...new Set(possible)].map((candidate): Referent => ({
      kind: "resource",
      node: candidate,
      assumed: true,
    })),
    { kind: "external", id: text.value },
  ];
}

/** What the ids at a path refer to. */
export function referentsAt(
  graph: StackGraph,
  node: Node,
  path: PropertyPath,
  types?: readonly ResourceType[],
): readonly Referent[] {
  return valuesAt(graph, node, path).flatMap((value) => referentsOf(graph, node, path[0], value, types));
}

/** What a resource is called beside its id. */
interface Names {
  /** Its resource group, in lower case, where it is known. */
  readonly group: string | undefined;
  /** What the program calls it, and what the cloud does, in lower case, as far as they are known. */
  readonly own: readonly string[];
}

const names = new WeakMap<StackGraph, Map<Node, Names>>();

/** What a resource is called. Each is asked for by all that name one of its type, and read once. */
export function namesOf(graph: StackGraph, node: Node): Names {
  const ofGraph = names.get(graph) ?? new Map<Node, Names>();
  names.set(graph, ofGraph);
  const known = ofGraph.get(node);
  if (known !== undefined) {
    return known;
  }
  const textAt = (value: Reading<unknown>): readonly string[] => {
    const text = textOf(value);
    return text.kind === "known" ? [text.value.toLowerCase()] : [];
  };
  const [id] = textAt(reading(node.outputs["id"]));
  const ofId = id === undefined ? undefined : /\/resourcegroups\/([^/]+)/.exec(id)?.[1];
  const input = armTypes.get(node.resourceType)?.names.at(-1);
  const found: Names = {
    group: textAt(graph.read(node, "resourceGroupName"))[0] ?? ofId,
    own: [
      ...(input === undefined ? [] : textAt(graph.read(node, input))),
      ...textAt(reading(node.outputs["name"])),
    ],
  };
  ofGraph.set(node, found);
  return found;
}

/** The resource group of a resource, in lower case, where it is known. */
export function groupOf(graph: StackGraph, node: Node): string | undefined {
  return namesOf(graph, node).group;
}

/** Types whose names are one in the world, so that the resource group says nothing. */
const worldwide: ReadonlySet<ResourceType> = new Set([
  "azure-native:cognitiveservices:account",
  "azure-native:containerregistry:registry",
  "azure-native:cosmosdb:databaseaccount",
  "azure-native:eventhub:namespace",
  "azure-native:keyvault:vault",
  "azure-native:redis:redis",
  "azure-native:search:service",
  "azure-native:sql:server",
  "azure-native:storage:storageaccount",
]);

/** Whether a resource has a name that no other in the world has. */
export function isNamedWorldwide({ resourceType: type }: Node): boolean {
  return worldwide.has(type);
}

/** The resources of one type, by what they are called. */
interface Called {
  readonly byName: ReadonlyMap<string, readonly Node[]>;
  /** Those of which it is not known what they are called. */
  readonly nameless: readonly Node[];
}

const called = new WeakMap<StackGraph, Map<ResourceType, Called>>();

function calledOf(graph: StackGraph, type: ResourceType): Called {
  const ofGraph = called.get(graph) ?? new Map<ResourceType, Called>();
  called.set(graph, ofGraph);
  const known = ofGraph.get(type);
  if (known !== undefined) {
    return known;
  }
  const byName = new Map<string, Node[]>();
  const nameless: Node[] = [];
  for (const node of graph.ofType(type)) {
    const { own } = namesOf(graph, node);
    for (const name of new Set(own)) {
      byName.set(name, [...(byName.get(name) ?? []), node]);
    }
    if (own.length === 0) {
      nameless.push(node);
    }
  }
  const found: Called = { byName, nameless };
  ofGraph.set(type, found);
  return found;
}

/**
 * What a name refers to that a property of a resource holds, as parts of a service name it: a resource of some types in
 * the same resource group, so far as groups are known. An id will do as well.
 */
export function namedReferents(
  graph: StackGraph,
  node: Node,
  key: string,
  name: Reading<unknown>,
  types: readonly ResourceType[],
): readonly Referent[] {
  const text = textOf(name);
  if (text.kind === "absent") {
    return [];
  }
  if (text.kind === "unknown") {
    return referentsOf(graph, node, key, name, types);
  }
  const group = groupOf(graph, node);
  const mayBeMeant = (candidate: Node): boolean => {
    const ofCandidate = groupOf(graph, candidate);
    const isOther = group !== undefined && ofCandidate !== undefined && group !== ofCandidate;
    return !isOther || isNamedWorldwide(candidate);
  };
  const candidates = types.map((type) => calledOf(graph, type));
  const named = candidates
    .flatMap(({ byName }) => byName.get(text.value.toLowerCase()) ?? [])
    .filter(mayBeMeant);
  if (named.length > 0) {
    return named.map((found) => ({ kind: "resource", node: found, assumed: named.length > 1 }));
  }
  if (isArmId(text.value)) {
    return referentsOf(graph, node, key, name, types);
  }
  const origins = originsOf(graph, node, key, types);
  const possible = candidates
    .flatMap(({ nameless }) => nameless)
    .filter((candidate) => mayBeMeant(candidate) && (origins.length === 0 || origins.includes(candidate)));
  return [
    ...possible.map((found): Referent => ({ kind: "resource", node: found, assumed: true })),
    { kind: "external", id: text.value },
  ];
}
