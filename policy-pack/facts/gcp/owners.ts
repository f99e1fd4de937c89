import { reading, textOf, unknown, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";
import { valuesAt, type PropertyPath } from "../property-path";

import { gcpKey, isGcpId, projectOf } from "./gcp-id";

/** The project that a resource says it is in, or its provider. */
function projectSaid(graph: StackGraph, node: Node): string | undefined {
  const own = textOf(graph.read(node, "project"));
  const said = own.kind === "absent" ? textOf(reading(node.providerInputs?.["project"])) : own;
  return said.kind === "known" ? gcpKey(said.value).replace(/^projects\//, "") : undefined;
}

/** The region that a name is of, or that a zone is in. */
function regionIn(name: string): string | undefined {
  return /\/(?:regions|locations)\/([^/]+)\//.exec(name)?.[1] ?? /\/zones\/([^/]+)-[a-z]\//.exec(name)?.[1];
}

/** The region that a resource says it is in, by its region, its zone or its location. */
export function regionOf(graph: StackGraph, node: Node): string | undefined {
  for (const key of ["region", "zone", "location"] as const) {
    const text = textOf(graph.read(node, key));
    if (text.kind === "known") {
      const last = gcpKey(text.value).split("/").at(-1) ?? "";
      return last.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, "$1");
    }
    if (text.kind === "unknown") {
      return undefined;
    }
  }
  const ofProvider = textOf(reading(node.providerInputs?.["region"]));
  return ofProvider.kind === "known" ? ofProvider.value : undefined;
}

/** The names of resources of some kind, where a text is the last part of them alone. */
const collections: Readonly<Record<string, string>> = {
  "gcp:compute:network": "global/networks",
};

/** A text as the whole name of a resource, as far as the one that holds the text says where it is. */
function wholeName(
  graph: StackGraph,
  node: Node,
  text: string,
  types: readonly ResourceType[],
  project = projectSaid(graph, node),
): string {
  const key = gcpKey(text);
  if (isGcpId(key) || project === undefined) {
    return key;
  }
  if (/^(?:global|regions|zones)\//.test(key)) {
    return `projects/${project}/${key}`;
  }
  const collection = collections[types[0] ?? ""];
  return key.includes("/") || collection === undefined ? key : `projects/${project}/${collection}/${key}`;
}

function lastPartOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** The resources of a type, by the last part of each of their names. */
const byLastPart = new WeakMap<StackGraph, Map<ResourceType, ReadonlyMap<string, readonly Node[]>>>();

/** The resources of some types that have a name with this last part, in the order of their URNs within each type. */
function calledSo(graph: StackGraph, last: string, types: readonly ResourceType[]): readonly Node[] {
  const indexes = byLastPart.get(graph) ?? new Map<ResourceType, ReadonlyMap<string, readonly Node[]>>();
  byLastPart.set(graph, indexes);
  return types.flatMap((type) => {
    const known = indexes.get(type) ?? indexOf(graph, type);
    indexes.set(type, known);
    return known.get(last) ?? [];
  });
}

function indexOf(graph: StackGraph, type: ResourceType): ReadonlyMap<string, readonly Node[]> {
  const found = new Map<string, Node[]>();
  for (const node of graph.ofType(type)) {
    for (const last of new Set(graph.gcpNamesOf(node).map(lastPartOf))) {
      const others = found.get(last);
      if (others === undefined) {
        found.set(last, [node]);
      } else {
        others.push(node);
      }
    }
  }
  return found;
}

/**
 * What a property names, by a whole name, an address, or the last part of a name alone, as many of Google Cloud's do of
 * networks, policies and routers. All that it may be, where that is not known; nothing, where it is absent.
 *
 * @param key the property of the resource that holds the value.
 * @param project the project in which a name without one is looked for: the resource's own, by default.
 */
export function ownersIn(
  graph: StackGraph,
  node: Node,
  key: string,
  value: Reading<unknown>,
  types: readonly ResourceType[],
  project?: string,
): readonly Referent[] {
  const text = textOf(value);
  if (text.kind === "absent") {
    return [];
  }
  if (text.kind === "unknown") {
    return graph.referentsOf(node, key, text, types);
  }
  const whole = wholeName(graph, node, text.value, types, project ?? projectSaid(graph, node));
  if (isGcpId(whole)) {
    return graph.referentsOf(node, key, { kind: "known", value: whole }, types);
  }
  const [own, region] = [project ?? projectSaid(graph, node), regionOf(graph, node)];
  const called = calledSo(graph, text.value, types).filter((candidate) =>
    graph.gcpNamesOf(candidate).some((name) => {
      const [ofName, place] = [projectOf(name), regionIn(name)];
      return (
        lastPartOf(name) === text.value &&
        (own === undefined || ofName === undefined || own === ofName) &&
        (region === undefined || place === undefined || place === "global" || region === place)
      );
    }),
  );
  return called.length > 0
    ? called.map((found) => ({ kind: "resource", node: found, assumed: called.length > 1 }))
    : graph.referentsOf(node, key, { kind: "known", value: text.value }, types);
}

/** What a property of a resource names; see {@link ownersIn}. */
export function ownersOf(
  graph: StackGraph,
  node: Node,
  key: string,
  types: readonly ResourceType[],
): readonly Referent[] {
  return ownersIn(graph, node, key, graph.read(node, key), types);
}

/** What each item of a list that a property holds names; see {@link ownersIn}. */
export function ownersOfItems(
  graph: StackGraph,
  node: Node,
  key: string,
  items: readonly Reading<unknown>[],
  types: readonly ResourceType[],
): readonly Referent[] {
  return items.flatMap((item) => ownersIn(graph, node, key, item.kind === "absent" ? unknown : item, types));
}

/** What the values at a path name; see {@link ownersIn}. */
export function ownersAt(
  graph: StackGraph,
  node: Node,
  path: PropertyPath,
  types: readonly ResourceType[],
): readonly Referent[] {
  return valuesAt(graph, node, path).flatMap((value) => ownersIn(graph, node, path[0], value, types));
}
