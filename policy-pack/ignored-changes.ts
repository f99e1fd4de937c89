import { zoneTag } from "../model/tag";

import { textsIn } from "./texts";
import type { Node, StackGraph } from "./stack-graph";
import type { Zones } from "./zones";

/** A property that the judge has read, and whose value the program does not decide. */
export interface IgnoredChange {
  readonly urn: string;
  readonly property: string;
  /** Whether the resource is in the PHI zone, or refers to something in it. */
  readonly touchesPhi: boolean;
}

/** The property to which an entry of `ignoreChanges` belongs, and what is left of it within that property. */
function split(entry: string): readonly [property: string, rest: string] {
  const [, property = entry, rest = ""] = /^\[?"?([^.["\]]+)"?\]?(.*)$/.exec(entry) ?? [];
  return [property, rest];
}

/** Tags decide nothing but the zone and what else the judge reads of them. */
function decides(property: string, rest: string): boolean {
  const isTags = property === "tags" || property === "labels" || property === "tagsAll";
  return !isTags || rest === "" || rest.includes("*") || rest.includes(zoneTag);
}

/**
 * The properties that decided something, and of which `ignoreChanges` says that the cloud's value stays, whatever the
 * program says. What is in force may then be older than what is shown, or changed by hand (policy-gate: `ignoreChanges`
 * lets old state stand for the program's value).
 */
export function ignoredChanges(graph: StackGraph, zones: Zones): readonly IgnoredChange[] {
  const touches = (node: Node): boolean =>
    zones.of(node.urn) === "phi" ||
    [...node.dependencies, ...Object.values(node.propertyDependencies).flat()].some(
      (urn) => zones.of(urn) === "phi",
    ) ||
    [...textsIn(node.inputs), ...textsIn(node.outputs)].some((text) => {
      const named = graph.named(text);
      return named !== undefined && zones.of(named.urn) === "phi";
    });
  return graph.nodes
    .filter(({ ignoreChanges }) => ignoreChanges.length > 0)
    .flatMap((node) => {
      const read = graph.propertiesRead(node);
      const ignored = new Set(
        node.ignoreChanges.flatMap((entry) => {
          const [property, rest] = split(entry);
          return property === "*"
            ? [...read]
            : read.has(property) && decides(property, rest)
              ? [property]
              : [];
        }),
      );
      return [...ignored].sort().map((property) => ({ urn: node.urn, property, touchesPhi: touches(node) }));
    });
}
