import * as yaml from "yaml";

import type { Part } from "./shown-envoys";

function withKeys(value: unknown, spell: (key: string) => string): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => withKeys(item, spell));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [spell(key), withKeys(item, spell)]))
    : value;
}

/** Fields in camel case, as protobuf's JSON form takes them too. */
function camelCased(configuration: Part): Part {
  return withKeys(configuration, (key) =>
    /^[a-z0-9_]+$/.test(key)
      ? key.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
      : key,
  ) as Part;
}

/** Fields in the other order; of lists, whose order says something, each is as it was. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reordered);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reordered(item)]),
      )
    : value;
}

/** The texts in which one configuration may be written. */
export const spellings: Readonly<Record<string, (configuration: Part) => string>> = {
  JSON: (configuration) => JSON.stringify(configuration),
  "JSON in camel case": (configuration) => JSON.stringify(camelCased(configuration)),
  "JSON in another order": (configuration) => JSON.stringify(reordered(configuration)),
  "JSON over many lines": (configuration) => JSON.stringify(configuration, undefined, 2),
  YAML: (configuration) => yaml.stringify(configuration),
  "YAML in camel case": (configuration) => yaml.stringify(camelCased(configuration)),
};
