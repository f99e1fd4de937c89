import type { Replacement, View } from "./view";

/** Letters of other scripts that look like Latin ones, with what they look like (Unicode Technical Standard #39, confusables). */
const lookalikes = new Map<string, string>(
  Array.from(
    "аaеeоoрpсcхxуyіiјjѕsһhԁdԛqԝwҽeАAВBЕEЅSІIЈJКKМMНHОOРPСCТTХXУYԌGҮYӏl" +
      "αaοoρpνvυuιiκkτtχxηnωwεeΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧX" +
      "ıiɑaɡgᴏoǀlոnսuօo",
  ).reduce<[string, string][]>((pairs, character, index, all) => {
    if (index % 2 === 0) {
      pairs.push([character, all[index + 1] ?? ""]);
    }
    return pairs;
  }, []),
);
const unseen = /\p{Default_Ignorable_Code_Point}/u;
const unusual =
  /\p{Default_Ignorable_Code_Point}|[\u0131\u0251\u0261\u0370-\u058f\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u1d0f\u2460-\u2473\u24b6-\u24ea\uff01-\uff5e]|[\u{1d400}-\u{1d7ff}]|[\u{1f130}-\u{1f149}]/gu;
const latin = /[A-Za-z\u00c0-\u024f]/;
const digit = /\p{Nd}/u;

/** Whether a character of another script stands among Latin letters, or before digits as those of codes do, and takes the place of one. */
function isAmongLatin(text: string, at: number): boolean {
  let after = at + 1;
  while (after - at < 8 && (text.charAt(after) === "-" || lookalikes.has(text.charAt(after)))) {
    after += 1;
  }
  const isUpper = text.charAt(at) !== text.charAt(at).toLowerCase();
  if (isUpper && at > 0 && digit.test(text.charAt(at - 1))) {
    return true;
  }
  if (isUpper && digit.test(text.charAt(text.charAt(after) === " " ? after + 1 : after))) {
    return true;
  }
  for (const step of [-1, 1]) {
    for (let near = at + step; Math.abs(near - at) < 30; near += step) {
      const character = text.charAt(near);
      if (latin.test(character)) {
        return true;
      }
      if (!lookalikes.has(character) && character !== "-") {
        break;
      }
    }
  }
  return false;
}

/**
 * What stands in the place of plain characters: full-width, mathematical and circled letters and digits, digits of other
 * scripts, letters of other scripts among Latin ones, and signs that nobody sees.
 */
export function plainCharacters({ text }: View): readonly Replacement[] {
  const replacements: Replacement[] = [];
  for (const { 0: character, index: start } of text.matchAll(unusual)) {
    const end = start + character.length;
    const lookalike = lookalikes.get(character);
    if (unseen.test(character)) {
      replacements.push({ start, end, text: "" });
    } else if (lookalike !== undefined) {
      if (isAmongLatin(text, start)) {
        replacements.push({ start, end, text: lookalike });
      }
    } else if (/\p{Nd}/u.test(character) && character.normalize("NFKC") === character) {
      const code = character.charCodeAt(0);
      replacements.push({
        start,
        end,
        text: String((code - (code >= 0x0966 ? 0x0966 : code >= 0x06f0 ? 0x06f0 : 0x0660)) % 10),
      });
    } else {
      const plain = character.normalize("NFKC");
      if (plain !== character) {
        replacements.push({ start, end, text: plain });
      }
    }
  }
  return replacements;
}
