import type { Sketch } from "./stack-sketch";

type Change = (value: unknown) => unknown;

function keyIn(list: readonly unknown[], key: string): number {
  const index = list.findIndex((item) => {
    const { name, title } = item as { readonly name?: unknown; readonly title?: unknown };
    return (name ?? title) === key;
  });
  return index < 0 ? Number(key) : index;
}

/** A value with another at a place within it, by the names or places on the way. */
export function changed(value: unknown, [key, ...rest]: readonly string[], change: Change): unknown {
  if (key === undefined) {
    return change(value);
  }
  if (Array.isArray(value)) {
    const at = keyIn(value, key);
    if (!(at in value)) {
      throw new Error(`no item ${key}`);
    }
    const item = changed(value[at], rest, change);
    return value.flatMap((own: unknown, index) =>
      index === at ? (item === undefined ? [] : [item]) : [own],
    );
  }
  const own = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...own, [key]: changed(own[key], rest, change) };
}

/**
 * Changes a value within the inputs of a resource. The path's parts are joined by `/`; an item of a list is told by its
 * `name` or `title`, or by its place. An item that becomes `undefined` is taken out of its list.
 */
export function alter(stack: Sketch, name: string, path: string, change: Change): void {
  stack.change(
    name,
    (inputs) => changed(inputs, path.split("/"), change) as Readonly<Record<string, unknown>>,
  );
}

/** Puts a value at a place within the inputs of a resource; `undefined` takes away what is there. */
export function put(stack: Sketch, name: string, path: string, value: unknown): void {
  alter(stack, name, path, () => value);
}

/** Appends to a list within the inputs of a resource. */
export function append(stack: Sketch, name: string, path: string, item: unknown): void {
  alter(stack, name, path, (list) => [...((list ?? []) as readonly unknown[]), item]);
}
