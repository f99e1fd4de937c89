import type { StackResource } from "../../policy-pack/stack-resource";

import { unknownText } from "./stack-sketch";

export type Properties = Readonly<Record<string, unknown>>;

/** Where a value is: the resource's place in the stack, and the keys that lead to it within its properties. */
export interface Place {
  readonly resource: number;
  readonly keys: readonly string[];
}

/** The keys that lead to every value in a value: leaves, and the lists and mappings that hold them. */
export function keysOf(value: unknown): readonly (readonly string[])[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, item]) => [[key], ...keysOf(item).map((rest) => [key, ...rest])])
    : [];
}

function masked(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    return unknownText;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? masked(item, rest) : (item as unknown)));
  }
  return typeof value === "object" && value !== null && key in value
    ? { ...value, [key]: masked((value as Properties)[key], rest) }
    : value;
}

/** The stack, with a value hidden. */
export function hiding(resources: readonly StackResource[], { resource: at, keys }: Place): StackResource[] {
  return resources.map((resource, index) =>
    index === at
      ? {
          ...resource,
          inputs: resource.inputs === undefined ? undefined : (masked(resource.inputs, keys) as Properties),
          outputs: masked(resource.outputs, keys) as Properties,
        }
      : resource,
  );
}
