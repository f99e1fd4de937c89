import { reading, type Reading } from "./reading";

/** Every text in a value: in its lists and mappings too. */
export function textsIn(value: unknown): readonly string[] {
  const found: string[] = [];
  collect(value, found);
  return found;
}

function collect(value: unknown, found: string[]): void {
  if (typeof value === "string") {
    found.push(value);
  } else if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) {
      collect(part, found);
    }
  }
}

/** The texts within a value, and whether something in it is not known. */
export interface Texts {
  readonly texts: readonly string[];
  readonly isUnknown: boolean;
}

/** The texts within a value, wherever in it. */
export function textsOf(value: Reading<unknown>): Texts {
  if (value.kind !== "known") {
    return { texts: [], isUnknown: value.kind === "unknown" };
  }
  if (typeof value.value === "string") {
    return { texts: [value.value], isUnknown: false };
  }
  const parts =
    typeof value.value === "object" && value.value !== null
      ? Object.values(value.value).map((part) => textsOf(reading(part)))
      : [];
  return { texts: parts.flatMap(({ texts }) => texts), isUnknown: parts.some(({ isUnknown }) => isUnknown) };
}
