/** How much is remembered, in characters: the texts of one large stack. */
const most = 8 * 1024 * 1024;

/** What a result counts for besides its text. */
const ofResult = 256;

/**
 * Reads each text once: a stack has each of its texts many times, the replicas of a workload are told the same, and a stack
 * is judged many times while it is written.
 *
 * @param read a function of the text alone, whose results nobody changes.
 */
export function rememberedByText<T>(read: (text: string) => T): (text: string) => T {
  const results = new Map<string, { readonly result: T }>();
  let size = 0;
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) {
      return known.result;
    }
    const result = read(text);
    size += text.length + ofResult;
    if (size > most) {
      results.clear();
      size = text.length + ofResult;
    }
    results.set(text, { result });
    return result;
  };
}
