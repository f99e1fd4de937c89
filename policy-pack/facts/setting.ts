import type { Reading } from "../reading";
import type { Node, StackGraph } from "../stack-graph";

import { at, valuesAt, type PropertyPath } from "./property-path";

/** A setting that is right with certain values alone. */
export interface Setting {
  readonly path: PropertyPath;
  /** The values that are right; none where the setting may not be made at all. */
  readonly right: readonly (string | boolean)[];
  /** Whether a mapping in which nothing is said makes the setting all the same. */
  readonly isMadeByEmpty?: true;
  /** The values that are wrong, where all others are right. */
  readonly wrong?: readonly string[];
  /** Whether the provider's default is right. */
  readonly isRightByDefault: boolean;
  /** What holds where it is not right. */
  readonly what: string;
  readonly remedy: string;
}

/** A setting that has to be one of some values, also where the cloud has a default. */
export function must(path: string, right: readonly (string | boolean)[], what: string): Setting {
  return {
    path: at(path),
    right,
    isRightByDefault: false,
    what,
    remedy: `Set ${path} to ${right.map(String).join(" or ")}.`,
  };
}

/** A setting that has to be one of some values, of which the cloud's default is one. */
export function mayBe(path: string, right: readonly (string | boolean)[], what: string): Setting {
  return { ...must(path, right, what), isRightByDefault: true };
}

/** A setting that may not be made at all. */
export function mayNot(path: string, what: string): Setting {
  return { path: at(path), right: [], isRightByDefault: true, what, remedy: `Take ${path} away.` };
}

/** A setting that may be anything but some values. */
export function mayNotBe(path: string, wrong: readonly string[], what: string): Setting {
  return { ...mayNot(path, what), wrong, remedy: `Take ${wrong.join(" and ")} out of ${path}.` };
}

/** Whether a value is a mapping in which nothing is said. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Settings that are not right, or may not be. */
export function broken(
  graph: StackGraph,
  node: Node,
  settings: readonly Setting[],
): readonly { readonly setting: Setting; readonly isUnknown: boolean }[] {
  return settings.flatMap((setting) => {
    const { path, right, wrong: forbidden, isRightByDefault } = setting;
    const values = valuesAt(graph, node, path);
    const isRight = (value: Reading<unknown>): boolean => {
      if (value.kind !== "known") {
        return false;
      }
      const text = typeof value.value === "boolean" ? value.value : String(value.value).toLowerCase();
      if (forbidden !== undefined) {
        return !forbidden.some((one) => one.toLowerCase() === String(text));
      }
      return right.length === 0
        ? [false, "false", "0"].includes(text) || (setting.isMadeByEmpty !== true && isEmpty(value.value))
        : right.some((one) => String(one).toLowerCase() === String(text));
    };
    const wrong = values.filter((value) => !isRight(value));
    if (wrong.length > 0) {
      return [{ setting, isUnknown: wrong.every(({ kind }) => kind === "unknown") }];
    }
    return values.length > 0 || isRightByDefault ? [] : [{ setting, isUnknown: false }];
  });
}
