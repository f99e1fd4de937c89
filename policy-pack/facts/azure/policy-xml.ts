/** An element of a policy, as far as the judge looks at it. */
export interface PolicyElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The names of the elements that it is in, from the outermost. */
  readonly within: readonly string[];
}

const attribute = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Entities of XML that an attribute may hold. */
const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

/**
 * The elements of a policy of API Management, in their order. Comments, and expressions in the place of text, are no elements.
 *
 * @returns `undefined` for a text that cannot be read as elements within each other: nothing may be concluded from it.
 */
export function policyElements(xml: string): readonly PolicyElement[] | undefined {
  const text = xml.replace(/<!--[\s\S]*?-->/g, "").replace(/<\?[\s\S]*?\?>/g, "");
  const tag = /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
  const found: PolicyElement[] = [];
  const open: string[] = [];
  for (const [, closing = "", name = "", attributes = "", empty = ""] of text.matchAll(tag)) {
    if (closing !== "") {
      if (open.pop() !== name) {
        return undefined;
      }
      continue;
    }
    found.push({
      name,
      attributes: new Map(
        [...attributes.matchAll(attribute)].map(([, key = "", double, single]) => [
          key,
          (double ?? single ?? "").replace(
            /&(?:lt|gt|quot|apos|amp);/g,
            (entity) => entities[entity] ?? entity,
          ),
        ]),
      ),
      within: [...open],
    });
    if (empty === "") {
      open.push(name);
    }
  }
  return open.length === 0 && found.length > 0 ? found : undefined;
}
