import type { Recogniser } from "../recogniser";

const shaped = /(\d{3})( ?[-.–—] ?| )(\d{2})\2(\d{4})(?![\dA-Za-z])/y;
const french = /[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}(?!\d)/y;

/**
 * Whether a number could have been given to somebody: no area 000, 666 or from 900 on, no group 00, no serial 0000
 * (https://www.ssa.gov/employer/randomization.html).
 */
export function isSocialSecurityNumber(area: string, group: string, serial: string): boolean {
  return area !== "000" && area !== "666" && area < "900" && group !== "00" && serial !== "0000";
}

/** The French number (NIR): 13 digits and the complement of the rest by 97 (decree 82-103 of 22 January 1982). */
export function isFrenchSocialSecurityNumber(number: string): boolean {
  const plain = number.replaceAll(" ", "").replace("2A", "19").replace("2B", "18");
  if (!/^\d{15}$/.test(plain)) {
    return false;
  }
  return 97n - (BigInt(plain.slice(0, 13)) % 97n) === BigInt(plain.slice(13));
}

/** Social security numbers of the United States by their form, and of France by their key; others by the words before them. */
export const socialSecurityNumbers: Recogniser = {
  shapes: ["number"],
  lengths: [1, 3, 13, 15],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    if (length === 3) {
      const found = text.match(shaped, start);
      if (found !== undefined) {
        const [all, area = "", , group = "", serial = ""] = found;
        if (isSocialSecurityNumber(area, group, serial)) {
          report("social_security_number", "ssn", start, start + all.length);
        } else if (area >= "900" && serial !== "0000") {
          // The Internal Revenue Service gives these to who cannot have the other.
          report("other", "itin", start, start + all.length);
        }
      }
    }
    const first = text.text.charCodeAt(start);
    if ((first === 49 || first === 50) && (length === 1 || length === 13 || length === 15)) {
      const found = text.match(french, start);
      if (found !== undefined && isFrenchSocialSecurityNumber(found[0])) {
        report("social_security_number", "nir", start, start + found[0].length);
      }
    }
  },
};
