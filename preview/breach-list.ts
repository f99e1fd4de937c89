import type { Breach } from "../model/finding";

/** The path of a part of what is at another. */
export function pathUnder(path: string, part: string): string {
  return path === "" || part === "" ? `${path}${part}` : `${path}${part.startsWith("[") ? "" : "."}${part}`;
}

/** One text for everything that is wrong with a file: each finding with its path and its remedy. */
export function breachList(heading: string, breaches: readonly Breach[]): string {
  const count = breaches.length === 1 ? "1 finding" : `${String(breaches.length)} findings`;
  return [
    `${heading}: ${count}.`,
    ...breaches.map(
      ({ path, message, remedy }) =>
        `  ${path === "" ? "(the whole file)" : path}\n      ${message}\n      Remedy: ${remedy}`,
    ),
  ].join("\n");
}
