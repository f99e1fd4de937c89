import { domainToASCII } from "node:url";

/**
 * The hosts that an entry of a list means, in the one spelling that the judge compares: lower case, without a dot at the
 * end, without scheme, port and path, and international names as they are sent (RFC 5891). `*` by itself, or as its first
 * label, stands for one label or more; within a name it stands for any letters of one label; `**` for anything.
 */
export type HostPattern = string;

/** Every host. */
export const everyHost: HostPattern = "**";

/** A scheme, and what stands between it and a host. */
const bare = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i;

/** A name as it is sent, where it has other letters than ASCII's; stars stay what they are. */
function inAscii(name: string): string {
  // A name of ASCII alone is left as it is: what no resolver would take is still compared.
  const isAscii = Array.from(name).every((letter) => letter.charCodeAt(0) < 128);
  return isAscii
    ? name
    : name
        .split(/[.\u3002\uFF0E\uFF61]/)
        .map((label) => (label.includes("*") ? label : domainToASCII(label) || label))
        .join(".");
}

/**
 * The pattern that a text means, such as `API.OpenAI.com.`, `https://api.openai.com:443/v1/*` or `*.openai.com`. A text
 * that is empty once scheme, port and path are gone means every host.
 */
export function hostPattern(text: string): HostPattern {
  const [authority = ""] = text.trim().replace(bare, "").split(/[/?#]/);
  const host = authority.replace(/^[^@]*@/, "").replace(/:(?:\d+|\*)?$/, "");
  const name = inAscii(host).toLowerCase().replace(/\.+$/, "");
  return name === "" || name === "*" ? everyHost : name;
}

/** The patterns of a text whose dot at the beginning means a domain and whatever is below it. */
export function domainPatterns(text: string): readonly HostPattern[] {
  const pattern = hostPattern(text);
  return pattern.startsWith(".") ? [pattern.slice(1), `*${pattern}`] : [pattern];
}

/** A part of a pattern: a letter, or how many letters may stand in its place. */
type Part = { readonly letter: string } | { readonly most: "a label" | "anything"; readonly least: 0 | 1 };

const partsOfKnown = new Map<HostPattern, readonly Part[]>();

function partsOf(pattern: HostPattern): readonly Part[] {
  const known = partsOfKnown.get(pattern);
  if (known !== undefined) {
    return known;
  }
  const parts = [...pattern.matchAll(/\*\*|\*|[^*]/gu)].map(([text], index): Part => {
    if (text === "**") {
      return { most: "anything", least: 0 };
    }
    if (text !== "*") {
      return { letter: text };
    }
    // As its first label a star stands for whole labels; before other letters of a label, for letters of it.
    return index === 0 && (pattern[1] === "." || pattern.length === 1)
      ? { most: "anything", least: 1 }
      : { most: "a label", least: 0 };
  });
  partsOfKnown.set(pattern, parts);
  return parts;
}

/** A letter by which two stars can go on together. */
const anyLetter = "a";

/** Whether a part may stand for a letter. */
function takes(part: Part, letter: string): boolean {
  return "letter" in part ? part.letter === letter : part.most === "anything" || letter !== ".";
}

/** Whether some host is meant by both patterns. */
export function overlap(one: HostPattern, other: HostPattern): boolean {
  const a = partsOf(one);
  const b = partsOf(other);
  const width = b.length + 1;
  // Whether a state was reached: places in both, and whether the star at each has taken a letter.
  const seen = new Set<number>();
  const open: (readonly [i: number, j: number, takenA: boolean, takenB: boolean])[] = [[0, 0, false, false]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j, takenA, takenB] = state;
    const key = ((i * width + j) * 2 + Number(takenA)) * 2 + Number(takenB);
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    if (i === a.length && j === b.length) {
      return true;
    }
    const partA = a[i];
    const partB = b[j];
    if (partA !== undefined && !("letter" in partA) && (partA.least === 0 || takenA)) {
      open.push([i + 1, j, false, takenB]);
    }
    if (partB !== undefined && !("letter" in partB) && (partB.least === 0 || takenB)) {
      open.push([i, j + 1, takenA, false]);
    }
    if (partA === undefined || partB === undefined) {
      continue;
    }
    const letter = "letter" in partA ? partA.letter : "letter" in partB ? partB.letter : anyLetter;
    if (takes(partA, letter) && takes(partB, letter)) {
      const isLetterA = "letter" in partA;
      const isLetterB = "letter" in partB;
      open.push([isLetterA ? i + 1 : i, isLetterB ? j + 1 : j, !isLetterA, !isLetterB]);
    }
  }
  return false;
}

/**
 * Whether every host that `inner` means is meant by `outer` too. Where that depends on how several stars share out a name it
 * says no.
 */
export function isWithin(inner: HostPattern, outer: HostPattern): boolean {
  if (inner === outer || outer === everyHost) {
    return true;
  }
  const a = partsOf(inner);
  const b = partsOf(outer);
  const seen = new Set<number>();
  const open: (readonly [i: number, j: number, taken: boolean])[] = [[0, 0, false]];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const [i, j, taken] = state;
    const key = (i * (b.length + 1) + j) * 2 + Number(taken);
    if (seen.has(key)) {
      continue;
    }
    seen.add(key);
    if (i === a.length && j === b.length) {
      return true;
    }
    const part = a[i];
    const by = b[j];
    if (by === undefined) {
      continue;
    }
    if ("letter" in by) {
      if (part !== undefined && "letter" in part && part.letter === by.letter) {
        open.push([i + 1, j + 1, false]);
      }
      continue;
    }
    if (by.least === 0 || taken) {
      open.push([i, j + 1, false]);
    }
    if (part !== undefined) {
      const isTaken =
        "letter" in part ? takes(by, part.letter) : by.most === "anything" || part.most === "a label";
      if (isTaken) {
        // A star that may stand for nothing gives the outer one no letter.
        open.push([i + 1, j, taken || "letter" in part || part.least === 1]);
      }
    }
  }
  return false;
}

/** How a person reads a pattern. */
export function hostText(pattern: HostPattern): string {
  return pattern === everyHost ? "every host" : pattern;
}
