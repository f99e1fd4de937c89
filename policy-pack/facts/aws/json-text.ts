import { known, textOf, unknown, type Reading } from "../../reading";
import { rememberedByText } from "../../remembered-by-text";

const parsed = rememberedByText((text): Reading<unknown> => {
  try {
    return known(JSON.parse(text) as unknown);
  } catch {
    return unknown;
  }
});

/** What a property holds as a JSON text. Unknown where it is no JSON. */
export function jsonText(value: Reading<unknown>): Reading<unknown> {
  const text = textOf(value);
  return text.kind === "known" ? parsed(text.value) : text;
}
