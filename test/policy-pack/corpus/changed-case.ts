import type { Sketch } from "../stack-sketch";
import type { CorpusCase } from "./corpus-case";

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** Gives a resource other inputs, and takes those away that are `undefined`. */
export function amend(stack: Sketch, name: string, inputs: Inputs): Sketch {
  return stack.change(name, (before) =>
    Object.fromEntries(Object.entries({ ...before, ...inputs }).filter(([, value]) => value !== undefined)),
  );
}

/** A case in which one resource of a stack that is right has other inputs. */
export function changed(
  id: string,
  name: string,
  stackOf: (stack: Sketch) => Sketch,
  resource: string,
  bad: Inputs,
  good: Inputs = {},
): CorpusCase {
  return {
    id,
    name,
    expected: "refused",
    bad: (stack) => amend(stackOf(stack), resource, bad),
    good: (stack) => amend(stackOf(stack), resource, good),
  };
}
