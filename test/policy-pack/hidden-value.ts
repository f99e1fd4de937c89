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

/** What is shown in the place of a value. */
type Mask = string | ((value: unknown) => unknown);

function masked(value: unknown, [key, ...rest]: readonly string[], mask: Mask): unknown {
  if (key === undefined) {
    return typeof mask === "string" ? mask : mask(value);
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => (String(index) === key ? masked(item, rest, mask) : (item as unknown)));
  }
  return typeof value === "object" && value !== null && key in value
    ? { ...value, [key]: masked((value as Properties)[key], rest, mask) }
    : value;
}

/** The stack, with a value hidden, by default by the text that says that a text is not known. */
export function hiding(
  resources: readonly StackResource[],
  { resource: at, keys }: Place,
  mask: Mask = unknownText,
): StackResource[] {
  return resources.map((resource, index) =>
    index === at
      ? {
          ...resource,
          inputs:
            resource.inputs === undefined ? undefined : (masked(resource.inputs, keys, mask) as Properties),
          outputs: masked(resource.outputs, keys, mask) as Properties,
        }
      : resource,
  );
}
