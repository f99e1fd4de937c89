import { unknownText } from "../stack-sketch";

import type { Part } from "./shown-envoys";

/** A configuration with something in it that is not known. */
export function hidden(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) {
    return unknownText;
  }
  return Array.isArray(value)
    ? value.map((item, index) => (String(index) === key ? hidden(item, rest) : (item as unknown)))
    : { ...(value as Part), [key]: hidden((value as Part)[key], rest) };
}
