import type { FoundIdentifier } from "../detector";
import { eponyms } from "../lists/eponyms";
import { clinicalWords, namesToo, noNames, particles } from "../lists/no-names";
import { largePlaces } from "../lists/places";
import type { Report } from "../recogniser";
import { folded, type TokenText } from "../token-text";

import { isEponym, isNameWord } from "./names";
import { institutions } from "./names-in-context";

/** The names of those of whom texts speak, as their words. */
export interface ToldNames {
  /** Words of names that were found. */
  readonly found: ReadonlySet<string>;
  /** Words of addresses of mail, of which two beside one another are a name. */
  readonly addressed: ReadonlySet<string>;
}

function isOwn(word: string): boolean {
  return (
    word.length >= 3 &&
    !noNames.has(word) &&
    !namesToo.has(word) &&
    !clinicalWords.has(word) &&
    !institutions.has(word) &&
    !particles.has(word) &&
    !largePlaces.has(word) &&
    !eponyms.has(word)
  );
}

/** The words of the names that were found in texts, and of addresses; undefined if there are none. */
export function namesTold(
  texts: readonly string[],
  found: readonly (readonly FoundIdentifier[])[],
): ToldNames | undefined {
  const names = new Set<string>();
  const addressed = new Set<string>();
  found.forEach((identifiers, index) => {
    for (const { kind, start, end } of identifiers) {
      if (kind !== "name" && kind !== "email") {
        continue;
      }
      const value = texts[index]?.slice(start, end) ?? "";
      const local = kind === "email" ? value.slice(0, value.indexOf("@")) : value;
      for (const piece of local.split(/[^\p{L}]+/u)) {
        const word = folded(piece);
        if (isOwn(word) && (kind === "email" || /^\p{Lu}/u.test(piece))) {
          (kind === "email" ? addressed : names).add(word);
        }
      }
    }
  });
  return names.size + addressed.size === 0 ? undefined : { found: names, addressed };
}

const joint = /^(?: |, ?|\^| ?[-‐] ?|['’])$/;

/** Reports in a text the names that were told in it or in another of the same request, where they are not found already. */
export function reportNamesAgain(
  text: TokenText,
  { found, addressed }: ToldNames,
  already: readonly FoundIdentifier[],
  report: Report,
): void {
  const places = new Set<number>();
  for (const { kind, start, end } of already) {
    for (let at = start; kind === "name" && at < end; at += 1) {
      places.add(at);
    }
  }
  const tell = (first: number, last: number) => {
    if (!places.has(text.start(first)) || !places.has(text.start(last))) {
      report("name", "name-again", text.start(first), text.end(last));
    }
  };
  for (let token = 0; token < text.count; token += 1) {
    const word = text.word(token);
    const isFound = found.has(word);
    if (!isFound && !addressed.has(word)) {
      continue;
    }
    const next = text.word(token + 1);
    const pair = joint.test(text.gap(token)) && next.length >= 2;
    const known = pair && (found.has(next) || addressed.has(next));
    if (!text.isCapital(token)) {
      // In small letters, two of them beside one another.
      if (known) {
        tell(token, token + 1);
      }
      continue;
    }
    if (known) {
      tell(token, token + 1);
    } else if (isFound && isNameWord(text, token) && !isEponym(text, token)) {
      tell(token, token);
    } else if (addressed.has(word)) {
      // A word of an address beside another with a capital letter, before it or after it.
      if (text.gap(token - 1) === " " && isNameWord(text, token - 1) && isOwn(text.word(token - 1))) {
        tell(token - 1, token);
      } else if (pair && isNameWord(text, token + 1) && isOwn(next)) {
        tell(token, token + 1);
      }
    }
  }
}
