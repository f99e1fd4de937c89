import { isLuhn } from "../checksums/luhn";
import type { Recogniser } from "../recogniser";

const imei = /\d{2}[- ]?\d{6}[- ]?\d{6}[- ]?\d(?!\d)/y;
const hardware =
  /(?:[\dA-Fa-f]{2}([:-]))(?:[\dA-Fa-f]{2}\1){4}[\dA-Fa-f]{2}(?![\dA-Fa-f:-])|[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}\.[\dA-Fa-f]{4}(?![\dA-Za-z])/y;
/** A unique device identifier as GS1 writes it: the number of the device, then lot, serial number, dates (21 CFR part 801). */
const unique = /\(?01\) ?\d{14}(?: ?\((?:10|11|17|21|30|240)\) ?[\dA-Za-z/.-]{1,20}){0,5}/y;

/** Devices by the form of their addresses and identifiers, telephones by Luhn; serial numbers by the words before them. */
export const devices: Recogniser = {
  shapes: ["number", "code", "joined"],
  lengths: [2, 4, 15],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    if (length === 15 || (length === 2 && text.hasDigit(token))) {
      const found = text.match(imei, start);
      const digits = found?.[0].replaceAll(/[- ]/g, "") ?? "";
      if (found !== undefined && digits !== "000000000000000" && isLuhn(digits)) {
        report("device", "imei", start, start + found[0].length);
        return;
      }
    }
    const next = text.text.charCodeAt(start + length);
    if ((length === 2 && (next === 58 || next === 45)) || (length === 4 && next === 46)) {
      const found = text.match(hardware, start);
      if (found !== undefined && !/[\dA-Fa-f][:-]$/.test(text.text.slice(Math.max(0, start - 2), start))) {
        report("device", "mac-address", start, start + found[0].length);
      }
    }
    if (length === 2 && next === 41) {
      const found = text.match(unique, start);
      if (found !== undefined) {
        const open = text.text.charAt(start - 1) === "(" ? 1 : 0;
        report("device", "udi", start - open, start + found[0].length);
      }
    }
  },
};
