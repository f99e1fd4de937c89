import { parse } from "tldts";

import type { Recogniser } from "../recogniser";

const user = /[\p{L}\p{N}._%+'’!#$&*/=?^`{|}~-]/u;
const host = /[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62}(?:\.[\p{L}\p{N}-]{1,63}){1,8})/uy;
const longestUser = 64;
const spelledAt =
  /( ?[([{<] ?(?:at|arroba|@) ?[)\]}>] ?| (?:at|arroba) )([\w-]{1,63}(?:(?: ?[([{<] ?(?:dot|punkt|punto|point|\.) ?[)\]}>] ?| (?:dot|punkt|punto|point) |\.)[\w-]{1,63}){1,4})/iy;

const spelledDots = / ?[([{<] ?(?:dot|punkt|punto|point|\.) ?[)\]}>] ?| (?:dot|punkt|punto|point) /gi;
const spelledSigns = new Set(["at", "arroba"]);

/** Addresses of electronic mail (RFC 5322, without quotes), also with `at` and `dot` in words. */
export const emails: Recogniser = {
  shapes: ["number", "code", "joined"],
  words: ["at", "arroba"],
  look: (text, token, report) => {
    // It is asked at the token after the at sign, and at a word that stands for it.
    const start = text.start(token);
    if (text.text.charCodeAt(start - 1) === 64) {
      const found = text.match(host, start);
      if (found === undefined) {
        return;
      }
      const name = found[0].replace(/[.-]+$/, "");
      let from = start - 1;
      while (from > 0 && start - 1 - from < longestUser && user.test(text.text.charAt(from - 1))) {
        from -= 1;
      }
      while (from < start - 1 && /['’*`({|.]/.test(text.text.charAt(from))) {
        from += 1;
      }
      if (from < start - 1 && /\p{L}{2,}$/u.test(name)) {
        report("email", "email", from, start + name.length);
      }
      return;
    }
    // A word that stands for the sign: what is before it and after it is the address.
    const end = text.end(token - 1);
    if (token === 0 || !spelledSigns.has(text.word(token))) {
      return;
    }
    const found = text.match(spelledAt, end);
    if (found === undefined) {
      return;
    }
    const spelledOut = found[2] ?? "";
    const name = spelledOut.replaceAll(spelledDots, ".");
    // Only `at` in brackets, or a point in words, make an address of what may be the place of something.
    if (
      name.includes(".") &&
      parse(name, { allowPrivateDomains: false }).isIcann === true &&
      (spelledOut !== name || found[1]?.trim() !== "at")
    ) {
      let first = token - 1;
      while (first > 0 && first > token - 5 && /^(?:[._-]| dot )$/.test(text.gap(first - 1))) {
        first -= 1;
      }
      report("email", "spelled-email", text.start(first), end + found[0].length);
    }
  },
};
