import { known, textOf, unknown, type Reading } from "../../reading";

/** What a property holds as a JSON text. Unknown where it is no JSON. */
export function jsonText(value: Reading<unknown>): Reading<unknown> {
  const text = textOf(value);
  if (text.kind !== "known") {
    return text;
  }
  try {
    return known(JSON.parse(text.value) as unknown);
  } catch {
    return unknown;
  }
}
