import { isLuhn } from "../checksums/luhn";
import type { Recogniser } from "../recogniser";

/**
 * The Medicare Beneficiary Identifier: eleven characters, of which each place has its own alphabet, without S, L, O, I, B and Z
 * (https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi.pdf).
 */
const medicare =
  /[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[- ]?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[- ]?[AC-HJKMNP-RT-Y]{2}\d{2}(?![\dA-Za-z])/iy;
const german = /([A-Z])(\d{8})(\d)(?![\dA-Za-z])/y;

/** The number of German statutory health insurance (KVNR): a letter, eight digits and a check digit (§290 SGB V). */
function isGermanInsured(letter: string, digits: string, check: string): boolean {
  const place = String(letter.charCodeAt(0) - 64).padStart(2, "0");
  // The check digit by Luhn's weights, begun at the other end, without its complement to ten.
  let sum = 0;
  for (const [index, digit] of Array.from(`${place}${digits}`).entries()) {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === Number(check);
}

/** A card's number of a payer of health care in the United States: 80840 and a check digit (ISO/IEC 7812, ANSI INCITS 284). */
const card = /80840\d{10}(?!\d)/y;

/** Numbers of beneficiaries by their forms and check digits; others by the words before them. */
export const healthPlanNumbers: Recogniser = {
  shapes: ["code", "number"],
  lengths: [4, 10, 11, 15],
  look: (text, token, report) => {
    const start = text.start(token);
    const first = text.text.charCodeAt(start);
    const length = text.end(token) - start;
    if (first >= 49 && first <= 57 && (length === 4 || length === 11)) {
      const found = text.match(medicare, start);
      if (found !== undefined) {
        report("health_plan_number", "mbi", start, start + found[0].length);
        return;
      }
    }
    if (length === 10) {
      const found = text.match(german, start);
      if (found !== undefined && isGermanInsured(found[1] ?? "", found[2] ?? "", found[3] ?? "")) {
        report("health_plan_number", "kvnr", start, start + found[0].length);
      }
    }
    if (length === 15) {
      const found = text.match(card, start);
      if (found !== undefined && isLuhn(found[0])) {
        report("health_plan_number", "health-card", start, start + found[0].length);
      }
    }
  },
};
