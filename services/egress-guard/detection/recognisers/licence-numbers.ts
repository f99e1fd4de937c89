import { isLuhn } from "../checksums/luhn";
import type { Recogniser } from "../recogniser";

const drugAgency = /([A-HJ-NP-UX][A-Z9])-?(\d{7})(?![\dA-Za-z])/iy;
const provider = /[12]\d{9}(?![\dA-Za-z])/y;

/** Whether a National Provider Identifier has its check digit, by Luhn after the prefix 80840 (45 CFR §162.406). */
export function isNpi(number: string): boolean {
  return /^[12]\d{9}$/.test(number) && isLuhn(`80840${number}`);
}

/** Whether the seven digits of a registration with the Drug Enforcement Administration have their check digit. */
export function isDeaNumber(digits: string): boolean {
  const at = (index: number) => digits.charCodeAt(index) - 48;
  return (at(0) + at(2) + at(4) + 2 * (at(1) + at(3) + at(5))) % 10 === at(6);
}

/** Numbers of providers and of registrations with the DEA by their check digits; licences by the words before them. */
export const licenceNumbers: Recogniser = {
  shapes: ["number", "code", "capital"],
  lengths: [2, 9, 10],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    if (length === 10) {
      const found = text.match(provider, start);
      if (found !== undefined && isNpi(found[0])) {
        report("licence_number", "npi", start, start + 10);
      }
    }
    if (length === 9 || (length === 2 && text.text.charCodeAt(start + 2) === 45)) {
      const found = text.match(drugAgency, start);
      if (found !== undefined && isDeaNumber(found[2] ?? "")) {
        report("licence_number", "dea", start, start + found[0].length);
      }
    }
  },
};
