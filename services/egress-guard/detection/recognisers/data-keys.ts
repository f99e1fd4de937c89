import type { IdentifierKind } from "../identifier-kind";
import { clinicalWords, noNames } from "../lists/no-names";
import type { Recogniser } from "../recogniser";
import { folded, type TokenText } from "../token-text";
import { wordSet } from "../word-set";

import { roles } from "./names-in-context";
import { isCodeSystem } from "./nobodys-codes";
import { kindByWord } from "./unexplained-codes";

/** Keys of which the last word says that somebody's name is their value. */
const nameKeys = wordSet(
  "family,given,surname,surnames,forename,forenames,lastname,firstname,fullname,middlename,maidenname,nickname,patientname,nachname,vorname,familienname,geburtsname,apellido,apellidos,nombre,nombres,prenom,prenoms,nom,nomusuel,nomnaissance",
);
/** What stands before `name` in the key of a person's name. */
const ofPersons = wordSet(
  "patient,first,last,family,given,middle,full,maiden,legal,preferred,birth,mother,father,spouse,partner,kin,contact,physician,doctor,provider,practitioner,surgeon,nurse,guarantor,subscriber,member,insured,holder,author,person,employee,resident,client,guardian,caregiver,emergency,attending,referring,signer,witness,relative",
);
/** Keys of parts of an address. */
const placeKeys = wordSet(
  "address,addr,line,line1,line2,addressline,street,streetaddress,streetaddressline,streetname,housenumber,city,town,village,suburb,district,county,municipality,locality,postalcode,postcode,zip,zipcode,birthplace,residence,adresse,anschrift,strasse,hausnummer,ort,wohnort,geburtsort,plz,postleitzahl,stadt,gemeinde,rue,ville,commune,cp,codepostal,domicile,direccion,domicilio,calle,ciudad,localidad,municipio,poblacion,provincia",
);
/** Last words of keys of which the value is the number of something. */
const numberKeys = wordSet(
  "id,ids,no,nr,num,number,identifier,key,ref,reference,value,extension,numero,nummer,kennung,identificador,identifiant,uid",
);
const lettersOrDigits = /[\p{L}\p{N}]/u;
/** How much before a value is looked at for the key that it belongs to, in characters. */
const before = 200;

/** A key, what stands before it, and where its value ends. */
interface Keyed {
  readonly key: string;
  readonly keyStart: number;
  readonly end: number;
  /** Whether the value is text; a number otherwise. */
  readonly quoted: boolean;
}

/** The last place of a sign before another place, no further away than some characters; -1 if there is none. */
function lastBefore(text: string, sign: string, from: number, most: number): number {
  const code = sign.charCodeAt(0);
  for (let at = from; at >= 0 && at >= from - most; at -= 1) {
    if (text.charCodeAt(at) === code) {
      return at;
    }
  }
  return -1;
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** The key of the string, or of the array of strings, or of the element of XML, that begins at a place. */
function keyOf(text: string, start: number): Keyed | undefined {
  const sign = text.charCodeAt(start - 1);
  if (sign === 62) {
    const open = lastBefore(text, "<", start - 2, 60);
    const tag = open === -1 ? "" : text.slice(open + 1, start - 1);
    const end = start + text.slice(start, start + 120).indexOf("<");
    return /^[A-Za-z]/.test(tag) && !tag.endsWith("/") && end > start
      ? { key: /^(?:\w+:)?(\w+)/.exec(tag)?.[1] ?? "", keyStart: open, end, quoted: true }
      : undefined;
  }
  const quoted = sign === 34 || sign === 39;
  let at = quoted ? start - 2 : start - 1;
  const skip = () => {
    const least = Math.max(0, at - 40);
    while (at > least && isSpace(text.charCodeAt(at))) {
      at -= 1;
    }
  };
  skip();
  if (quoted && text.charCodeAt(at) === 44) {
    const open = lastBefore(text, "[", at, 120);
    if (open === -1 || /[\]{}:]/.test(text.slice(open + 1, at))) {
      return undefined;
    }
    at = open;
  }
  if (quoted && text.charCodeAt(at) === 91) {
    at -= 1;
    skip();
  }
  if (text.charCodeAt(at) !== 58) {
    return undefined;
  }
  at -= 1;
  skip();
  const quote = text.charAt(at);
  if (quote !== '"' && quote !== "'") {
    return undefined;
  }
  const open = lastBefore(text, quote, at - 1, 48);
  if (open === -1) {
    return undefined;
  }
  let end = start;
  const closing = quoted ? sign : 0;
  while (end < text.length && end - start <= 200) {
    const code = text.charCodeAt(end);
    if (closing === 0 ? code === 44 || code === 125 || code === 93 || isSpace(code) : code === closing) {
      return { key: text.slice(open + 1, at), keyStart: open, end, quoted };
    }
    end += 1;
  }
  return undefined;
}

/** The words of a key, in lower case: familyName, family_name, FAMILY-NAME. */
function wordsOf(key: string): readonly string[] {
  return folded(key.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2"))
    .split(/[^a-z\d]+/)
    .filter(Boolean);
}

/** Two words or more with capitals, as people are named, and none of medicine. */
function looksLikeName(value: string): boolean {
  const words = value.split(/[\s,.'’-]+/).filter(Boolean);
  return (
    words.length >= 2 &&
    words.length <= 6 &&
    /^\p{Lu}/u.test(value) &&
    !/[\d_:/()]/.test(value) &&
    words.filter((word) => /^\p{Lu}/u.test(word)).length >= 2 &&
    !words.some((word) => noNames.has(folded(word)) || clinicalWords.has(folded(word)))
  );
}

function kindOf(keyed: Keyed, value: string, text: string): IdentifierKind | undefined {
  const words = wordsOf(keyed.key);
  const last = words.at(-1) ?? "";
  const joined = words.join("");
  const earlier = words.at(-2) ?? "";
  const hasDigit = /\d/.test(value);
  if (
    nameKeys.has(last) ||
    nameKeys.has(joined) ||
    ((last === "name" || last === "names") && ofPersons.has(earlier))
  ) {
    return hasDigit || noNames.has(folded(value)) ? undefined : "name";
  }
  const context = text.slice(Math.max(0, keyed.keyStart - before), keyed.keyStart);
  if (last === "text" && looksLikeName(value) && /"name"\s*:\s*\[?\s*\{[^{}]*$/.test(context)) {
    return "name";
  }
  if (last === "display" && looksLikeName(value)) {
    const [after = ""] = text.slice(keyed.end, keyed.end + before).split("}");
    const object = `${context.slice(context.lastIndexOf("{") + 1)}${after}`;
    return /(?:Patient|Practitioner|RelatedPerson|Person)\//.test(object) ? "name" : undefined;
  }
  if (roles.has(last) && looksLikeName(value)) {
    return "name";
  }
  if (placeKeys.has(last) || placeKeys.has(joined)) {
    // A number without quotes is a postcode at most, and a line is one of an address or of anything.
    if (
      (!keyed.quoted && !/^\d{5}$/.test(value)) ||
      (last === "line" && !/addr/i.test(context) && !(hasDigit && /\p{L}{2}/u.test(value)))
    ) {
      return undefined;
    }
    return /@|:\/\/|^\d{1,3}(?:\.\d{1,3}){3}$/.test(value) ? undefined : "geography";
  }
  const digits = value.replaceAll(/\D/g, "").length;
  if (!hasDigit || digits < 4 || value.length > 40 || /\s\p{L}{3}/u.test(value) || words.some(isCodeSystem)) {
    return undefined;
  }
  const kind = words.map((word) => kindByWord.get(word)).find((one) => one !== undefined && one !== "other");
  if (numberKeys.has(last) || numberKeys.has(joined)) {
    if (last === "value" || last === "extension") {
      return /identifier|<id\b/i.test(context.slice(-160)) && !/coding|"unit"/i.test(context.slice(-60))
        ? /\bMR\b|mrn|record/i.test(context)
          ? "medical_record_number"
          : "other"
        : undefined;
    }
    return kind ?? (digits >= 5 ? "other" : undefined);
  }
  return kind !== undefined && kind !== "vehicle" && digits >= 5 && !/[.,]\d{1,2}$|\s/.test(value)
    ? kind
    : undefined;
}

/** What data say of themselves: values of JSON by their keys and of XML by their elements, in whatever way the words of a key are joined. */
export const dataKeys: Recogniser = {
  shapes: ["capital", "number", "code", "small"],
  guesses: true,
  look: (whole: TokenText, token, report) => {
    const start = whole.start(token);
    const { text } = whole;
    const sign = text.charCodeAt(start - 1);
    // A quote, the end of an element, or a colon before a number.
    if (
      sign !== 34 &&
      sign !== 39 &&
      sign !== 62 &&
      !((sign === 58 || sign === 32) && whole.hasDigit(token))
    ) {
      return;
    }
    const keyed = keyOf(text, start);
    if (keyed === undefined) {
      return;
    }
    const value = text.slice(start, keyed.end).trimEnd();
    const kind = lettersOrDigits.test(value) ? kindOf(keyed, value, text) : undefined;
    if (kind !== undefined) {
      report(kind, "data-key", start, start + value.length);
    }
  },
};
