/** The words of a text, which spaces and commas separate. */
export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/[\s,]+/));
}
