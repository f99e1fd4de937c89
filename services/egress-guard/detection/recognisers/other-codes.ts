import { isVerhoeff } from "../checksums/verhoeff";
import { weightedSum } from "../checksums/weighted";
import type { Recogniser } from "../recogniser";

import { isOfEverybody } from "./nobodys-codes";

const uuid = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?![\da-f])/iy;
const british = /\d{3}([ -]?)\d{3}\1\d{4}(?!\d)/y;
const britishInsurance = /[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\dA-Za-z])/y;
const spanish = /([XYZ]?)-?(\d{7,8})-?([A-HJ-NP-TV-Z])(?![\dA-Za-z])/iy;
const italian = /[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![\dA-Za-z])/iy;
const indian = /[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?!\d| \d)/y;
const handle = /[A-Za-z_][\w.]{2,30}/y;
const networks = new Set(
  "twitter,instagram,insta,ig,tiktok,snapchat,facebook,fb,linkedin,telegram,threads,mastodon,handle,x,dm,follow,username".split(
    ",",
  ),
);

/** Whether a number of the National Health Service has its check digit, modulo 11 (NHS Data Dictionary). */
export function isNhsNumber(digits: string): boolean {
  const check = 11 - (weightedSum(digits.slice(0, 9), [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return digits.length === 10 && check !== 10 && (check === 11 ? 0 : check) === Number(digits.charAt(9));
}

/** Whether a Spanish number (DNI, or NIE with X, Y or Z) has its letter (Real Decreto 1553/2005). */
export function isSpanishNumber(prefix: string, digits: string, check: string): boolean {
  const number = `${prefix === "" ? "" : String("XYZ".indexOf(prefix.toUpperCase()))}${digits}`;
  return number.length === 8 && "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Number(number) % 23) === check.toUpperCase();
}

/** What is unique to a person and none of the others: numbers of states by their check digits, UUIDs, names on networks. */
export const otherCodes: Recogniser = {
  shapes: ["number", "code", "capital", "joined"],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    const next = text.text.charCodeAt(start + length);
    if (length === 8 && next === 45) {
      const found = text.match(uuid, start);
      if (found !== undefined) {
        report("other", "uuid", start, start + found[0].length);
        return;
      }
    }
    if (text.text.charCodeAt(start - 1) === 64) {
      // An at sign with something before it is in an address.
      const found = /[\w.]/.test(text.text.charAt(start - 2)) ? undefined : text.match(handle, start);
      const name = found?.[0].replace(/\.+$/, "") ?? "";
      if (name.length > 2 && (/[\d_]/.test(name) || text.isAfter(token, 4, networks))) {
        report("other", "handle", start - 1, start + name.length);
      }
      return;
    }
    const first = text.text.charCodeAt(start);
    if (first >= 48 && first <= 57) {
      if (length === 10 || (length === 3 && (next === 32 || next === 45))) {
        const found = text.match(british, start);
        if (
          found !== undefined &&
          length === 3 &&
          isNhsNumber(found[0].replaceAll(/\D/g, "")) &&
          !isOfEverybody(found[0])
        ) {
          report("other", "nhs-number", start, start + found[0].length);
        }
      }
      if (length === 4 && first >= 50) {
        const found = text.match(indian, start);
        if (found !== undefined && isVerhoeff(found[0].replaceAll(/\D/g, ""))) {
          report("other", "aadhaar", start, start + found[0].length);
        }
      }
    }
    if (length >= 8 && length <= 9) {
      const found = text.match(spanish, start);
      if (found !== undefined && isSpanishNumber(found[1] ?? "", found[2] ?? "", found[3] ?? "")) {
        report("other", "spanish-identity", start, start + found[0].length);
      }
    }
    if (length === 16 && first >= 65) {
      const found = text.match(italian, start);
      if (found !== undefined) {
        report("other", "codice-fiscale", start, start + 16);
      }
    }
    if (first >= 65 && first <= 90 && (length === 9 || length === 2)) {
      const found = text.match(britishInsurance, start);
      if (found !== undefined && (/^[A-Z]{2}\d/.test(found[0]) || found[0].includes(" "))) {
        report("other", "national-insurance", start, start + found[0].length);
      }
    }
  },
};
