import isIBAN from "validator/lib/isIBAN";

import { isLuhn } from "../checksums/luhn";
import { weightedSum } from "../checksums/weighted";
import type { Recogniser } from "../recogniser";

const card = /\d(?:[ -]?\d){12,18}(?![\dA-Za-z])/y;
/** The first digits of networks, and how many digits their numbers have (ISO/IEC 7812). */
const networks = [
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12})$/,
  /^3[47]\d{13}$/,
  /^6(?:011|4[4-9]\d|5\d\d)\d{12}$/,
  /^35(?:2[89]|[3-8]\d)\d{12}$/,
  /^3(?:0[0-5]|[68]\d)\d{11}$/,
  /^62\d{14,17}$/,
];
const iban = /[A-Za-z]{2}\d{2}(?: ?[A-Za-z0-9]){11,30}/y;
const routing = /\d{9}(?!\d)/y;
const bankWords = new Set(["routing", "aba", "bank", "checking", "ach", "wire", "transit"]);

/** Whether a number of nine digits can be that of a bank in the United States (American Bankers Association). */
export function isRoutingNumber(number: string): boolean {
  return (
    /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(number) &&
    weightedSum(number, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 === 0
  );
}

/** Numbers of cards, of accounts (IBAN) and of banks by their check digits; others by the words before them. */
export const accountNumbers: Recogniser = {
  shapes: ["number", "code"],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    const first = text.text.charCodeAt(start);
    if (first >= 50 && first <= 54 && (length >= 13 || length === 4)) {
      const found = text.match(card, start);
      const digits = found?.[0].replaceAll(/[ -]/g, "") ?? "";
      if (found !== undefined && networks.some((network) => network.test(digits)) && isLuhn(digits)) {
        report("account_number", "card", start, start + found[0].length);
        return;
      }
    }
    if (length === 9 && first >= 48 && first <= 57) {
      const found = text.match(routing, start);
      if (found !== undefined && text.isAfter(token, 6, bankWords) && isRoutingNumber(found[0])) {
        report("account_number", "routing-number", start, start + 9);
      }
    }
    if (first >= 65 && length >= 4) {
      const found = text.match(iban, start);
      if (found !== undefined) {
        reportIban(found[0]);
      }
    }

    function reportIban(candidate: string) {
      // What follows an account's number by a space may be taken for a part of it: the longest that is right counts.
      for (let end = candidate.length; end >= 15; end -= 1) {
        const some = candidate.slice(0, end);
        if (!some.endsWith(" ") && !/[\dA-Za-z]/.test(text.text.charAt(start + end)) && isIBAN(some)) {
          report("account_number", "iban", start, start + end);
          return;
        }
      }
    }
  },
};
