import { parsePhoneNumberFromString, type CountryCode } from "libphonenumber-js";

import type { Recogniser } from "../recogniser";
import type { TokenText } from "../token-text";

import { isNobodys, isOfEverybody } from "./nobodys-codes";

const american =
  /(?:1[ .-]{1,2})?(?:\(([2-9]\d\d)\) ?-? ?|([2-9]\d\d)( ?[-./–] ?| ))(\d{3})( ?[-.–] ?| )(\d{4})(?:,? ?(?:x|ext\.?|extension) ?\d{1,6})?(?![\dA-Za-z]|-\d)/y;
const local = /\d{3}[-.]\d{4}(?![\dA-Za-z]|[-.]\d)/y;
const bare = /1?[2-9]\d{2}[2-9]\d{6}(?![\dA-Za-z])/y;
const international = /(?:\+|00)[1-9]\d{0,3}(?:[ ().\-/–]{0,3}\d){6,13}(?![\dA-Za-z])/y;
const national = /\(?0\d{1,5}\)?(?:[ \-/.]{1,3}\d{2,8}){1,5}(?![\dA-Za-z])/y;
const french = /0[1-9](?:[ .-]\d\d){4}(?![\dA-Za-z])/y;
const spanish =
  /(?:9[1-8] \d{3} \d{2} \d{2}(?![\dA-Za-z]| \d)|[6-9]\d{2}(?: \d{3} \d{3}| \d{2} \d{2} \d{2})(?![\dA-Za-z]| \d))/y;

const phoneWords = new Set(
  "tlf,tfno,tlfno,telf,fon,phone,telephone,tel,cell,cellphone,mobile,call,called,calling,contact,reach,reached,reachable,pager,beeper,text,texted,sms,number,whatsapp,fax,facsimile,telefax,telefon,handy,mobil,mobilnummer,rufnummer,telefonnummer,anrufen,erreichbar,telefono,movil,celular,llamar,telephone,portable,appeler,joignable,ph,dial,voicemail,callback,hotline,line".split(
    ",",
  ),
);
const faxWords = new Set(
  "fax,facsimile,telefax,telecopie,faxed,faxing,efax,faxnummer,telecopieur".split(","),
);
const voiceWords = new Set("phone,telephone,tel,cell,mobile,call,telefon,telefono,handy,movil,ph".split(","));
/** Countries whose national numbers are known by their plan, when they are written with a zero before them. */
const countries: readonly CountryCode[] = ["GB", "DE", "FR", "IT", "AT", "CH"];

/** Whether the word nearest before a number, of those that speak of either, speaks of a fax; or the one after it in brackets. */
function isFax(text: TokenText, token: number, end: number): boolean {
  for (let before = token - 1; before >= token - 4 && before >= 0; before -= 1) {
    if (text.gap(before).includes("\n")) {
      break;
    }
    if (faxWords.has(text.word(before))) {
      return true;
    }
    if (voiceWords.has(text.word(before)) || text.hasDigit(before)) {
      break;
    }
  }
  const after = text.tokenFrom(end, token);
  return faxWords.has(text.word(after)) && /^ ?\(?$/.test(text.text.slice(end, text.start(after)));
}

function digitsOf(value: string): number {
  return value.replaceAll(/\D/g, "").length;
}

/** Telephone and fax numbers, of North America by their form, of other countries by their plans (libphonenumber) or words near them. */
export const telephones: Recogniser = {
  shapes: ["number"],
  look: (text, token, report) => {
    const start = text.start(token);
    const length = text.end(token) - start;
    if (length > 13) {
      return;
    }
    const tell = (from: number, end: number, by: string) => {
      if (isOfEverybody(text.text.slice(from, end))) {
        return;
      }
      report(isFax(text, token, end) ? "fax" : "telephone", by, from, end);
    };
    const before = text.text.charAt(start - 1);
    if (before === "+" || (length > 2 && text.text.startsWith("00", start) && !text.hasDigit(token - 1))) {
      const from = before === "+" ? start - 1 : start;
      const found = text.match(international, from);
      if (found !== undefined) {
        const number = parsePhoneNumberFromString(found[0].replace(/^00/, "+"));
        if (number?.isPossible() === true || text.isAfter(token, 4, phoneWords)) {
          tell(from, from + found[0].length, "international-telephone");
          return;
        }
      }
    }
    if (length === 3 || (length === 1 && text.text.charCodeAt(start) === 49)) {
      const from = before === "(" ? start - 1 : start;
      const found = text.match(american, from);
      if (found !== undefined) {
        const spaced = found[3] === " " && found[5] === " ";
        const near = text.isAfter(token, 5, phoneWords);
        if (
          near ||
          !spaced ||
          parsePhoneNumberFromString(found[0], "US")?.isValid() === true ||
          found[4] === "555"
        ) {
          if (near || found[1] !== undefined || /^[2-9]|^555/.test(found[4] ?? "")) {
            tell(from, from + found[0].length, "american-telephone");
            return;
          }
        }
      }
      if (length === 3) {
        const short = text.match(local, start);
        if (short !== undefined && (short[0].startsWith("555") || text.isAfter(token, 5, phoneWords))) {
          tell(start, start + short[0].length, "local-telephone");
          return;
        }
      }
    }
    if ((length === 3 || length === 2) && text.text.charCodeAt(start) >= 54) {
      const iberian = text.match(spanish, start);
      if (iberian !== undefined && text.isAfter(token, 5, phoneWords)) {
        tell(start, start + iberian[0].length, "national-telephone");
        return;
      }
    }
    if ((length === 10 || length === 11 || length === 9) && text.isAfter(token, 5, phoneWords)) {
      const found =
        text.match(bare, start) ??
        (length === 9 || text.text.charCodeAt(start) === 48 ? [text.raw(token)] : undefined);
      if (found !== undefined && !text.isAfter(token, 3, notPhone)) {
        tell(start, start + length, "bare-telephone");
        return;
      }
    }
    const follows = text.hasDigit(token - 1) && text.gap(token - 1) === " ";
    if (text.text.charCodeAt(start) === 48 && length >= 2 && length <= 6 && !follows) {
      const from = before === "(" ? start - 1 : start;
      const found = text.match(french, start) ?? text.match(national, from);
      const value = found?.[0] ?? "";
      const at = value.startsWith("(") ? from : start;
      const digits = digitsOf(value);
      if (digits >= 9 && digits <= 13) {
        const end = at + value.length;
        const near = text.isAfter(token, 5, phoneWords);
        if (!near && isNobodys(text, token, text.tokenFrom(end, token) - 1)) {
          return;
        }
        // The plans of countries are asked last: that is by far the slowest.
        const known =
          near ||
          /^0[1-9](?:[ .-]\d\d){4}$/.test(value) ||
          countries.some((country) => parsePhoneNumberFromString(value, country)?.isValid() === true);
        if (known) {
          tell(at, end, "national-telephone");
        }
      }
    }
  },
};

/** Words that make of a bare number something else, however near a telephone is. */
const notPhone = new Set("npi,mrn,ssn,account,routing,member,claim,dea,record,policy,serial".split(","));
