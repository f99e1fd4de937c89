import { textOf, type Reading } from "../../reading";

/** A word of an enumeration in lower case: Azure Resource Manager takes it in any case. */
export function wordOf(read: Reading<unknown>): Reading<string> {
  const text = textOf(read);
  return text.kind === "known" ? { kind: "known", value: text.value.toLowerCase() } : text;
}
