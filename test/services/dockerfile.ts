import { readFileSync } from "node:fs";

/** One instruction of a Dockerfile. */
export interface Instruction {
  readonly name: string;
  /** What follows, with the values of arguments that have one. */
  readonly text: string;
}

/** The instructions of a Dockerfile, without comments, each on one line (Dockerfile reference, "Format"). */
export function dockerfile(path: string): readonly Instruction[] {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => !/^\s*(?:#|$)/.test(line))
    .join("\n")
    .replaceAll(/\\\n\s*/g, "");
  const values = new Map<string, string>();
  return lines.split("\n").map((line) => {
    const [, name = "", rest = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    const text = rest.replaceAll(/\$\{(\w+)\}/g, (word, key: string) => values.get(key) ?? word);
    const [, key, value] = (name === "ARG" ? /^(\w+)=(.*)$/.exec(text) : null) ?? [];
    if (key !== undefined && value !== undefined) {
      values.set(key, value);
    }
    return { name, text };
  });
}
