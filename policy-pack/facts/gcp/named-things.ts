import { memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

import type { GcpStack } from "./gcp-stack";
import { gcpTypes } from "./gcp-types";
import { projectsOf } from "./projects";
import type { Told } from "./side-channel-type";
import { toldNames, type Teller } from "./told-names";

/** What a property names. */
export type Thing =
  | {
      readonly kind: "resource";
      readonly node: Node;
      /** The property may name something else. */
      readonly assumed: boolean;
    }
  /** Something that is not in the stack, and its project, where the name says it. */
  | { readonly kind: "elsewhere"; readonly text: string; readonly project: string | undefined }
  | { readonly kind: "undetermined" };

/** What is looked for. */
export interface Sought {
  readonly types?: readonly ResourceType[];
  readonly told?: Told;
}

/**
 * Types that group others, encrypt, or say who may do something: to depend on one is to read nothing of what is in its
 * zone.
 */
const neutral =
  /^(?:gcp:(?:accesscontextmanager|billing|folder|iam|kms|organizations|orgpolicy|projects|serviceaccount|tags):|gcp:\w+:\w*iam(?:member|binding|policy)$|pulumi:|random:)/;

/** Whether a resource groups others, encrypts, or says who may do something, and holds nothing. */
export function isNeutral({ resourceType: type }: Node): boolean {
  return neutral.test(type);
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

function knownText(value: Reading<unknown>): string | undefined {
  const text = textOf(value);
  return text.kind === "known" ? text.value : undefined;
}

/** The project that a resource is in, by its id, or by its number where that alone is known. */
export function projectOfNode(stack: GcpStack, node: Node): string | undefined {
  const found = projectsOf(stack).of(node);
  return found.kind === "project" && found.isCertain ? (found.project.id ?? found.project.number) : undefined;
}

/** The region of a zone, in the one spelling that is compared; what is a region, or several, stays as it is. */
export function regionKey(text: string): string {
  const last = text.slice(text.lastIndexOf("/") + 1).toLowerCase();
  return last.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, "$1");
}

/** Whether a resource is in a project, as far as both are known. */
export function isBeside(stack: GcpStack, node: Node, project: string | undefined): boolean {
  const own = projectOfNode(stack, node);
  return project !== undefined && own !== undefined && projectsOf(stack).isSame(own, project) === true;
}

/** Types that are in a region which is no part of their name. */
const regionalTypes: ReadonlySet<ResourceType> = new Set(["gcp:sql:databaseinstance"]);

/** The region that a resource says it is in, or that its provider puts it into. */
export function regionOfNode(graph: StackGraph, node: Node): string | undefined {
  const said = ["region", "location", "zone"].map((key) => textOf(graph.read(node, key)));
  const own = said.find(({ kind }) => kind !== "absent");
  if (own !== undefined) {
    return own.kind === "known" ? regionKey(own.value) : undefined;
  }
  const [named] = (gcpTypes.get(node.resourceType) ?? []).flatMap(
    (template) => /\{(region|zone|location)\}/.exec(template)?.[1] ?? [],
  );
  const key = named ?? (regionalTypes.has(node.resourceType) ? "region" : undefined);
  const place = key === undefined ? undefined : knownText(reading(node.providerInputs?.[key]));
  return place === undefined ? undefined : regionKey(place);
}

function tellerOf(stack: GcpStack, node: Node, project?: string): Teller {
  const location = ["location", "region", "zone"].flatMap(
    (key) => knownText(stack.graph.read(node, key)) ?? [],
  );
  return {
    project: project ?? projectOfNode(stack, node),
    location: location[0] ?? knownText(reading(node.providerInputs?.["region"])),
  };
}

/** What a value that is not known may name: that from whose outputs it was made. */
function unknownThings(
  graph: StackGraph,
  node: Node,
  key: string,
  types: readonly ResourceType[] | undefined,
): readonly Thing[] {
  const origins = originsOf(graph, node, key, types);
  return origins.length === 0
    ? [{ kind: "undetermined" }]
    : origins.map((origin) => ({ kind: "resource", node: origin, assumed: origins.length > 1 }));
}

/**
 * What a text names that a property of a resource holds: the resource that it is the name of, or of which it is a part.
 *
 * @param said the project that is told beside the name.
 */
export function thingsNamed(
  stack: GcpStack,
  node: Node,
  key: string,
  text: string,
  types?: readonly ResourceType[],
  said?: string,
): readonly Thing[] {
  const { graph } = stack;
  const told = toldNames(text, types, tellerOf(stack, node, said));
  for (const { names } of told) {
    const found = names.map((name) => graph.bearers(name, types)).find(({ length }) => length > 0);
    if (found !== undefined) {
      return found.map(({ node: bearer, isCertain }) => ({
        kind: "resource",
        node: bearer,
        assumed: !isCertain,
      }));
    }
  }
  const origins = originsOf(graph, node, key, types);
  const made = origins.filter(({ outputs }) => Object.values(outputs).includes(text));
  if (made.length > 0) {
    return made.map((origin) => ({ kind: "resource", node: origin, assumed: made.length > 1 }));
  }
  const projects = [...new Set(told.map(({ project }) => project))];
  const project = projects.length === 1 ? projects[0] : undefined;
  const isOfProject = (candidate: Node): boolean => {
    const own = projectOfNode(stack, candidate);
    return project === undefined || own === undefined || projectsOf(stack).isSame(own, project) !== false;
  };
  const possible =
    types === undefined ? [] : graph.nameless(text, types).filter((candidate) => isOfProject(candidate));
  return [
    ...possible.map((candidate): Thing => ({ kind: "resource", node: candidate, assumed: true })),
    { kind: "elsewhere", text, project },
  ];
}

/** What a value names that a property of a resource holds: by a text, or by a project and a name apart. */
export function thingsIn(
  stack: GcpStack,
  node: Node,
  key: string,
  value: Reading<unknown>,
  { types, told }: Sought,
): readonly Thing[] {
  const record = told === undefined ? undefined : recordOf(value);
  const name = textOf(told === undefined || record === undefined ? value : memberReading(record, told.name));
  const project =
    told === undefined || record === undefined ? undefined : memberReading(record, told.project);
  if (name.kind === "absent") {
    return [];
  }
  const isProjectUnknown =
    project?.kind === "unknown" && name.kind === "known" && !name.value.startsWith("projects/");
  if (name.kind === "unknown" || isProjectUnknown) {
    return unknownThings(stack.graph, node, key, types);
  }
  return thingsNamed(
    stack,
    node,
    key,
    name.value,
    types,
    project === undefined ? undefined : knownText(project),
  );
}

/** What a person reads of where a value leads. */
export function saidIn(value: Reading<unknown>, told: Told | undefined): string | undefined {
  if (told === undefined) {
    return knownText(value);
  }
  const record = recordOf(value);
  const parts = [told.project, told.name].flatMap((key) => knownText(memberReading(record, key)) ?? []);
  return parts.length === 0 ? undefined : parts.join(".");
}
