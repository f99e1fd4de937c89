/** How many texts are remembered: those of one large stack. */
const most = 128;

/**
 * Reads each text once: the replicas of a workload are told the same, and a stack is judged many times while it is written.
 *
 * @param read a function of the text alone, whose results nobody changes.
 */
export function rememberedByText<T>(read: (text: string) => T): (text: string) => T {
  const results = new Map<string, { readonly result: T }>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) {
      return known.result;
    }
    const result = read(text);
    if (results.size >= most) {
      results.clear();
    }
    results.set(text, { result });
    return result;
  };
}
