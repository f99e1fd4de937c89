/** Every message that is anywhere in a value under one of some names, whatever it is in. */
export function messagesWithin(value: unknown, names: readonly string[]): readonly unknown[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, item]) => [
    ...(names.includes(key) ? [item as unknown] : []),
    ...messagesWithin(item, names),
  ]);
}
