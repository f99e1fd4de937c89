import type { PolicyRule } from "./policy-rule";
import { rules } from "./rules";

/** The rule of an id or a name; `undefined` if there is none. */
export function ruleOf(idOrName: string): PolicyRule | undefined {
  return rules.find(({ id, name }) => id === idOrName || name === idOrName);
}

/** Whether findings of a rule can be waived: none of the first group can, nor what judges the gate itself. */
export function isWaivable({ level }: PolicyRule): boolean {
  return level.group === "second" && level.isNeverWaived !== true;
}
