import { isVin } from "../checksums/vin";
import type { Recogniser } from "../recogniser";

const number = /[A-HJ-NPR-Z\d]{17}(?![\dA-Za-z])/iy;

/** A plate of France since 2009 (arrêté du 9 février 2009), which is of Italy as well, with its dashes. */
const dashedPlate = /[A-Z]{2}-\d{3}-[A-Z]{2}(?![\dA-Za-z-])/y;

/** Vehicle identification numbers by their check digit, plates of France by their form; other plates, and numbers without one, by the words before them. */
export const vehicles: Recogniser = {
  shapes: ["number", "code", "capital"],
  lengths: [2, 17],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    if (length === 2 && text.isCapitals(token) && text.text.charCodeAt(start + 2) === 45) {
      const found = text.match(dashedPlate, start);
      if (found !== undefined && text.text.charCodeAt(start - 1) !== 45) {
        report("vehicle", "plate", start, start + found[0].length);
      }
      return;
    }
    if (length !== 17) {
      return;
    }
    const found = text.match(number, start);
    if (found !== undefined && /[A-Za-z]/.test(found[0]) && isVin(found[0])) {
      report("vehicle", "vin", start, start + 17);
    }
  },
};
