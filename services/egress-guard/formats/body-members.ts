import type { JsonNode } from "../json-node";

/** A value within objects of objects. */
export function memberAt(node: JsonNode | undefined, ...names: readonly string[]): JsonNode | undefined {
  return names.reduce((at, name) => (at?.kind === "object" ? at.members.get(name)?.value : undefined), node);
}

/** A string within objects of objects. */
export function textAt(node: JsonNode | undefined, ...names: readonly string[]): string | undefined {
  const found = memberAt(node, ...names);
  return found?.kind === "string" ? found.value : undefined;
}

/** Whether a switch is on. */
export function isOn(node: JsonNode | undefined, ...names: readonly string[]): boolean {
  const found = memberAt(node, ...names);
  return found?.kind === "literal" && found.value === true;
}
