import { isLike } from "./zone-matching";

/** How many characters in a row a pattern has to say of a resource's name. */
export const fewestLiteralCharacters = 4;

const separator = "::";

/**
 * The parts of a URN: `urn:pulumi:<stack>`, project, types and name. A name may hold the separator itself; what has fewer
 * parts is no URN.
 */
function urnParts(urn: string): readonly [string, string, string, string] | undefined {
  const [stack, project, types, ...name] = urn.split(separator);
  return stack !== undefined && project !== undefined && types !== undefined && name.length > 0
    ? [stack, project, types, name.join(separator)]
    : undefined;
}

/**
 * Whether a URN is like a pattern: part by part, each in the language of the zones' patterns, so that a `*` stands for any
 * text of its own part and never reaches into the next.
 */
export function isUrnLike(urn: string, pattern: string): boolean {
  if (!pattern.includes("*")) {
    return urn === pattern;
  }
  const [text, wanted] = [urnParts(urn), urnParts(pattern)];
  return (
    text !== undefined &&
    wanted !== undefined &&
    wanted.every((part, index) => isLike(text[index] ?? "", part))
  );
}

/** What is wrong with a pattern, whatever the stack holds. */
export interface PatternProblem {
  readonly status: "too-broad" | "refused";
  readonly what: string;
}

/** Why a pattern names no resource; `undefined` where it names one, or a few of a name. */
export function patternProblem(pattern: string): PatternProblem | undefined {
  const parts = urnParts(pattern);
  if (parts === undefined || !parts[0].startsWith("urn:pulumi:")) {
    return pattern.includes("*")
      ? { status: "too-broad", what: "its pattern has not the four parts of a URN" }
      : { status: "refused", what: "its resource is no URN" };
  }
  const [, , , name] = parts;
  const longest = Math.max(...name.split("*").map(({ length }) => length));
  return name === "" || (name.includes("*") && longest < fewestLiteralCharacters)
    ? {
        status: "too-broad",
        what: `its pattern says less than ${String(fewestLiteralCharacters)} characters in a row of the resource's name`,
      }
    : undefined;
}
