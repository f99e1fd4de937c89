import type { Node, StackGraph } from "../../stack-graph";

import { gcpKey, isAccountNumber, withParents } from "./gcp-id";
import type { GcpStack } from "./gcp-stack";
import { grantsOf, type Grant } from "./iam-grants";
import { projectsOf, type Project } from "./projects";

const accountType = "gcp:serviceaccount:account";

const namesOfNodes = new WeakMap<Node, ReadonlySet<string>>();

/** The names of a resource, and of all that it is a part of. */
function wholeNamesOf(graph: StackGraph, node: Node): ReadonlySet<string> {
  const known =
    namesOfNodes.get(node) ?? new Set(graph.gcpNamesOf(node).flatMap((name) => [name, ...withParents(name)]));
  namesOfNodes.set(node, known);
  return known;
}

/** How a grant bears on a resource. */
interface Bearing {
  /** Why it may not; `undefined` where it does. */
  readonly assumption: string | undefined;
}

/** Whether a grant is on a resource, or on what it is a part of; `undefined` where it is not. */
function bearingOn(stack: GcpStack, { place, node }: Grant, resource: Node): Bearing | undefined {
  const { graph } = stack;
  const certain: Bearing = { assumption: undefined };
  if (node === resource) {
    return certain;
  }
  switch (place.kind) {
    case "above":
      return certain;
    case "project": {
      const own = projectsOf(stack).of(resource);
      if (place.project.kind === "project" && own.kind === "project") {
        return place.project.project === own.project
          ? place.project.isCertain
            ? certain
            : { assumption: "which project the role is given on" }
          : undefined;
      }
      return place.project.kind === "none" ? undefined : { assumption: "which project the role is given on" };
    }
    case "resource": {
      // What is a part of something is of the same service.
      if (place.type.split(":")[1] !== resource.resourceType.split(":")[1]) {
        return undefined;
      }
      const names = wholeNamesOf(graph, resource);
      const found = place.referents.flatMap((referent): readonly Bearing[] => {
        switch (referent.kind) {
          case "resource": {
            const isMeant =
              referent.node === resource ||
              graph.gcpNamesOf(referent.node).some((name) => name.includes("/") && names.has(name));
            return isMeant ? [referent.assumed ? { assumption: "what the role is given on" } : certain] : [];
          }
          case "external":
            return names.has(gcpKey(referent.id))
              ? [certain]
              : place.type === accountType && isAccountNumber(referent.id)
                ? [{ assumption: "which service account has the number that the role is given on" }]
                : [];
          case "undetermined":
            return [{ assumption: "what the role is given on" }];
        }
      });
      return found.find(({ assumption }) => assumption === undefined) ?? found[0];
    }
  }
}

/** Grants by what they are on, so that of one resource not all are looked at. */
interface GrantIndex {
  /** Those that may be on anything of their service. */
  readonly anywhere: readonly Grant[];
  readonly byProject: ReadonlyMap<Project, readonly Grant[]>;
  /** By the URN of a resource that a grant is on or is itself, and by its names. */
  readonly byName: ReadonlyMap<string, readonly Grant[]>;
  readonly order: ReadonlyMap<Grant, number>;
}

function add<K>(map: Map<K, Grant[]>, key: K, grant: Grant): void {
  const others = map.get(key);
  if (others === undefined) {
    map.set(key, [grant]);
  } else {
    others.push(grant);
  }
}

function indexOf(stack: GcpStack): GrantIndex {
  const { graph } = stack;
  const anywhere: Grant[] = [];
  const byProject = new Map<Project, Grant[]>();
  const byName = new Map<string, Grant[]>();
  const grants = grantsOf(stack);
  for (const grant of grants) {
    const { place, node } = grant;
    add(byName, node.urn, grant);
    if (place.kind === "project" && place.project.kind === "project") {
      add(byProject, place.project.project, grant);
    } else if (place.kind === "resource") {
      for (const referent of place.referents) {
        if (referent.kind === "resource") {
          add(byName, referent.node.urn, grant);
          graph.gcpNamesOf(referent.node).forEach((name) => {
            add(byName, name, grant);
          });
        } else if (referent.kind === "external" && !isAccountNumber(referent.id)) {
          add(byName, gcpKey(referent.id), grant);
        } else {
          anywhere.push(grant);
        }
      }
    } else {
      anywhere.push(grant);
    }
  }
  return { anywhere, byProject, byName, order: new Map(grants.map((grant, at) => [grant, at])) };
}

const indexes = new WeakMap<StackGraph, GrantIndex>();

/** A grant that is on a resource, or may be. */
export interface BearingGrant {
  readonly grant: Grant;
  /** Why it may not be; `undefined` where it is. */
  readonly assumption: string | undefined;
}

const bearings = new WeakMap<Node, readonly BearingGrant[]>();

/** The grants on a resource, or on what it is a part of, in the order of all. */
export function grantsBearingOn(stack: GcpStack, resource: Node): readonly BearingGrant[] {
  const known = bearings.get(resource) ?? findGrants(stack, resource);
  bearings.set(resource, known);
  return known;
}

function findGrants(stack: GcpStack, resource: Node): readonly BearingGrant[] {
  const index = indexes.get(stack.graph) ?? indexOf(stack);
  indexes.set(stack.graph, index);
  const own = projectsOf(stack).of(resource);
  const ofProject =
    own.kind === "project" ? (index.byProject.get(own.project) ?? []) : [...index.byProject.values()].flat();
  const names = [resource.urn, ...wholeNamesOf(stack.graph, resource)];
  const found = new Set([
    ...index.anywhere,
    ...ofProject,
    ...names.flatMap((name) => index.byName.get(name) ?? []),
  ]);
  const place = (grant: Grant): number => index.order.get(grant) ?? 0;
  return [...found]
    .sort((one, other) => place(one) - place(other))
    .flatMap((grant) => {
      const bearing = bearingOn(stack, grant, resource);
      return bearing === undefined ? [] : [{ grant, assumption: bearing.assumption }];
    });
}

/** What grants are on, of some resources, in their order, by the grant. */
export function resourcesByGrant(
  stack: GcpStack,
  resources: readonly Node[],
): ReadonlyMap<Grant, readonly { readonly resource: Node; readonly assumption: string | undefined }[]> {
  const found = new Map<Grant, { readonly resource: Node; readonly assumption: string | undefined }[]>();
  for (const resource of resources) {
    for (const { grant, assumption } of grantsBearingOn(stack, resource)) {
      const others = found.get(grant);
      if (others === undefined) {
        found.set(grant, [{ resource, assumption }]);
      } else {
        others.push({ resource, assumption });
      }
    }
  }
  return found;
}
