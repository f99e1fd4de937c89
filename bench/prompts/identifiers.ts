import type { IdentifierKind } from "../../services/egress-guard/detection/identifier-kind";

import {
  bankAccount,
  britishHealthNumber,
  drugRegistration,
  frenchSecurityNumber,
  germanInsuranceNumber,
  indianIdentityNumber,
  medicareIdentifier,
  polishIdentityNumber,
  providerIdentifier,
  routingNumber,
  socialSecurityNumber,
  spanishIdentityNumber,
  vehicleNumber,
  withLuhn,
} from "./check-digits";
import { dateText, hl7Date, oldAge } from "./dates";
import type { Language, SetName } from "./labelled-prompt";
import { somebody, type Person } from "./names";
import { city, postalCode, street } from "./places";
import type { Random } from "./random";

/** What the identifiers of a prompt are made from. */
export interface Circumstances {
  readonly random: Random;
  readonly set: SetName;
  readonly language: Language;
  /** Whom the prompt is about. */
  readonly patient: Person;
}

type Make = (about: Circumstances) => string;

function of(kind: IdentifierKind, make: Make): { readonly kind: IdentifierKind; readonly make: Make } {
  return { kind, make };
}

/** One form or another: of the first set, or of the other. */
function bySet(tuning: readonly string[], reported: readonly string[]): Make {
  return ({ random, set }) => random.form(random.pick(set === "tuning" ? tuning : reported));
}

function grouped(text: string, size: number, between = " "): string {
  return (text.match(new RegExp(`.{1,${String(size)}}`, "g")) ?? []).join(between);
}

function ascii(text: string): string {
  return text.normalize("NFD").replaceAll(/[^A-Za-z]/g, "");
}

function account({ first, last }: Person): string {
  return `${ascii(first)}.${ascii(last)}`.toLowerCase();
}

const telephoneForms: Readonly<Record<Language, Readonly<Record<SetName, readonly string[]>>>> = {
  en: {
    tuning: ["(2##) 555-01##", "3##-555-01##", "+1 4## 555 01##"],
    reported: [
      "6##.555.01##",
      "(7##)555-01## ext. 4##",
      "1-8##-555-01##",
      "+19##55501##",
      "+44 20 7946 0###",
    ],
  },
  de: {
    tuning: ["030 23125 ###", "+49 30 23125###"],
    reported: ["0171/39200##", "(0221) 4710 ###", "+49 (0)89 99998-###", "0049 40 66969###"],
  },
  fr: {
    tuning: ["01 99 00 ## ##", "+33 6 39 98 ## ##"],
    reported: ["02.61.91.##.##", "0353010###", "+33 (0)5 36 49 ## ##"],
  },
  es: {
    tuning: ["91 555 ## ##", "+34 600 ### ###"],
    reported: ["93-555-##-##", "6## ## ## ##", "+346########", "0034 95 555 ## ##"],
  },
};

/** Numbers of other countries, whose names stand in the prompts as well. */
const foreignTelephones: Readonly<Record<SetName, readonly string[]>> = {
  tuning: ["+48 22 ### ## ##", "+91 98### #####"],
  reported: ["+84 24 3### ####", "+86 138 #### ####", "+971 50 ### ####", "+48 5## ### ###"],
};

const telephone: Make = ({ random, set, language }) =>
  random
    .pick(random.next() < 0.15 ? foreignTelephones[set] : telephoneForms[language][set])
    .replaceAll("#", () => random.digits(1));

const person: Make = ({ random, set, language }) => {
  const { first, last } = somebody(random, set, language);
  return `${first} ${last}`;
};

function hexBytes(random: Random, count: number): readonly string[] {
  return Array.from({ length: count }, () => random.whole(0, 255).toString(16).padStart(2, "0"));
}

/**
 * What can stand in a template between angle brackets: an identifier of a kind, made by chance. The names, places, numbers'
 * forms and hosts of one set are not those of the other.
 */
export const identifiers = {
  patient: of("name", ({ patient: { first, last } }) => `${first} ${last}`),
  patientFirst: of("name", ({ patient }) => patient.first),
  patientLast: of("name", ({ patient }) => patient.last),
  patientComma: of("name", ({ patient: { first, last } }) => `${last}, ${first}`),
  patientUpper: of("name", ({ patient: { first, last } }) => `${last.toUpperCase()}, ${first.toUpperCase()}`),
  patientLower: of("name", ({ patient: { first, last } }) => `${first} ${last}`.toLowerCase()),
  patientInitial: of("name", ({ patient: { first, last }, random }) =>
    random.next() < 0.5 ? `${first.slice(0, 1)}. ${last}` : `${first} ${random.letters(1)}. ${last}`,
  ),
  patientHl7: of("name", ({ patient: { first, last }, random }) =>
    [last, first, ...(random.next() < 0.5 ? [random.letters(1)] : [])].join("^").toUpperCase(),
  ),
  person: of("name", person),
  surname: of("name", ({ random, set, language }) => somebody(random, set, language).last),
  personHl7: of("name", ({ random, set, language }) => {
    const { first, last } = somebody(random, set, language);
    return `${last}^${first}`.toUpperCase();
  }),
  street: of("geography", ({ random, set, language }) => street(random, set, language)),
  city: of("geography", ({ random, set, language }) => city(random, set, language)),
  zip: of("geography", ({ random, set, language }) => postalCode(random, set, language)),
  birth: of("date", ({ random, set, language }) => dateText(random, set, language, "birth")),
  date: of("date", ({ random, set, language }) => dateText(random, set, language, "care")),
  birthHl7: of("date", ({ random }) => hl7Date(random, "birth")),
  dateHl7: of("date", ({ random }) => hl7Date(random, "care")),
  oldAge: of("date", ({ random, set, language }) => oldAge(random, set, language)),
  telephone: of("telephone", telephone),
  fax: of("fax", telephone),
  email: of("email", ({ random, set, language, patient }) =>
    random.pick(
      set === "tuning"
        ? [`${account(patient)}@mail.example`, `${account(somebody(random, set, language))}@example.org`]
        : [
            `${account(patient).replace(".", "_")}${random.digits(2)}@post.example.net`,
            `${account(somebody(random, set, language)).replace(".", "")}+clinic@uni.example.edu`,
            `${account(patient)}@praxis-${random.letters(4).toLowerCase()}.example.com`.toUpperCase(),
          ],
    ),
  ),
  ssn: of("social_security_number", ({ random, set }) =>
    socialSecurityNumber(random).join(
      random.pick(set === "tuning" ? ["-", "-", " "] : ["-", "-", " ", "", "."]),
    ),
  ),
  mrn: of(
    "medical_record_number",
    bySet(
      ["9999999", "99-99-99", "M999999", "999 999 99", "H99/999999", "00009999999"],
      ["99999999", "999-99-9999-9", "AA9999999", "E99999/99", "999999"],
    ),
  ),
  ownRecord: of(
    "medical_record_number",
    bySet(["NSH-9999999", "QX99999999"], ["KBH-A-999999", "ZR9999-9999"]),
  ),
  mbi: of("health_plan_number", ({ random, set }) => {
    const number = medicareIdentifier(random);
    return set === "tuning" ? number : `${number.slice(0, 4)}-${number.slice(4, 7)}-${number.slice(7)}`;
  }),
  member: of(
    "health_plan_number",
    bySet(
      ["AAA999999999", "W99999 9999", "999999999A", "A99 999 999", "AAA-999-9999"],
      ["99999999-99", "AA9999999A", "AAA99A999999", "9999 99999 9"],
    ),
  ),
  healthNumber: of("health_plan_number", ({ random, language }) =>
    language === "de"
      ? germanInsuranceNumber(random)
      : language === "fr"
        ? frenchSecurityNumber(random)
        : language === "es"
          ? `${random.letters(4)}${random.digits(12)}`
          : grouped(britishHealthNumber(random), 3).replace(/ (\d)$/, "$1"),
  ),
  iban: of("account_number", ({ random, set, language }) => {
    const iban =
      language === "fr"
        ? bankAccount("FR", random.digits(23))
        : language === "es"
          ? bankAccount("ES", random.digits(20))
          : language === "de"
            ? bankAccount("DE", random.digits(18))
            : bankAccount("GB", `${random.letters(4)}${random.digits(14)}`);
    return set === "tuning" || random.next() < 0.4 ? iban : grouped(iban, 4);
  }),
  card: of("account_number", ({ random, set }) => {
    const american = random.next() < 0.3;
    const number = withLuhn(
      american
        ? `37${random.digits(12)}`
        : `${random.pick(["4", "52", "54"])}${random.digits(14)}`.slice(0, 15),
    );
    return american || set === "tuning" ? number : grouped(number, 4, random.pick([" ", "-"]));
  }),
  bankAccount: of(
    "account_number",
    bySet(["999999999999", "99999999"], ["9999-999999", "9999999999", "AC-99999999"]),
  ),
  routing: of("account_number", ({ random }) => routingNumber(random)),
  npi: of("licence_number", ({ random }) => providerIdentifier(random)),
  dea: of("licence_number", ({ random }) => drugRegistration(random)),
  medicalLicence: of("licence_number", bySet(["MD99999", "A999999"], ["AA-99999-9", "G-99999", "99.999999"])),
  drivingLicence: of(
    "licence_number",
    bySet(["A9999999", "999999999"], ["A999-9999-9999", "AA999999A", "A99-99-9999"]),
  ),
  passport: of("licence_number", bySet(["A99999999"], ["999999999", "C99A99A99"])),
  vin: of("vehicle", ({ random }) => vehicleNumber(random)),
  plate: of("vehicle", ({ random, set, language }) => {
    const forms: Readonly<Record<Language, Readonly<Record<SetName, readonly string[]>>>> = {
      en: { tuning: ["AAA 9999", "9AAA999"], reported: ["AAA-9999", "999-AAA", "AA99 AAA", "A99-AAA"] },
      de: { tuning: ["HH-AA 999"], reported: ["M-AA 9999", "LÜN-A 99", "K AA 999"] },
      fr: { tuning: ["AA-999-AA"], reported: ["AA 999 AA", "999 AAA 75"] },
      es: { tuning: ["9999 AAA"], reported: ["9999-AAA", "M-9999-AA"] },
    };
    return random.form(random.pick(forms[language][set]));
  }),
  serial: of(
    "device",
    bySet(
      ["SN-9999999", "PJN999999A", "9AA999999", "999999-AA", "99.999.999"],
      ["A9-99999-9A", "99A99999", "BLC999999S", "AAA9999.99"],
    ),
  ),
  udi: of(
    "device",
    ({ random }) =>
      `(01)0${withLuhn(random.digits(12))}(17)${String(random.whole(26, 34))}${random.pick(["0430", "0715", "1128"])}(21)${random.form("A99999999")}`,
  ),
  imei: of("device", ({ random }) => withLuhn(`35${random.digits(12)}`)),
  mac: of("device", ({ random, set }) =>
    hexBytes(random, 6)
      .join(set === "tuning" ? ":" : random.pick([":", "-"]))
      .toUpperCase(),
  ),
  url: of("url", ({ random, set, patient }) =>
    set === "tuning"
      ? random.pick([
          `https://portal.example.org/patients/${random.digits(6)}`,
          `http://www.example.com/~${account(patient)}`,
        ])
      : random.pick([
          `https://mychart.example.net/p?id=${random.digits(7)}&tab=labs`,
          `www.${ascii(patient.last).toLowerCase()}-family.example.com`,
          `portal.klinik.example.de/akte/${random.form("AA9999")}`,
          `https://share.example.io/d/${hexBytes(random, 6).join("")}`,
        ]),
  ),
  ipv4: of("ip_address", ({ random, set }) =>
    set === "tuning"
      ? `192.0.2.${String(random.whole(1, 254))}`
      : random.pick([
          `198.51.100.${String(random.whole(1, 254))}`,
          `10.${String(random.whole(0, 255))}.${String(random.whole(0, 255))}.${String(random.whole(1, 254))}`,
          `203.0.113.${String(random.whole(1, 254))}:8443`,
        ]),
  ),
  ipv6: of("ip_address", ({ random, set }) => {
    const bytes = hexBytes(random, 8);
    const pair = (index: number): string => `${bytes[index] ?? ""}${bytes[index + 1] ?? ""}`;
    return set === "tuning"
      ? `2001:db8::${pair(0)}:${pair(2)}`
      : `2001:0db8:${pair(0)}:${pair(2)}:${pair(4)}:${pair(6)}:0000:0${random.digits(3)}`;
  }),
  biometric: of("biometric", ({ random, set }) =>
    set === "tuning"
      ? random.pick([
          hexBytes(random, 20).join(""),
          random.form("FP-AAAA-999999"),
          random.form("AA9A-99A9-A999"),
          Buffer.from(hexBytes(random, 18).join(""), "hex").toString("base64url"),
        ])
      : random.pick([
          random.form("VPR/9999/AAA9"),
          Buffer.from(hexBytes(random, 21).join(""), "hex").toString("base64"),
          random.form("IRIS-AA99AA99"),
        ]),
  ),
  photograph: of("photograph", ({ random, set, patient }) =>
    set === "tuning"
      ? random.pick([`IMG_${random.digits(4)}.jpg`, `face_${ascii(patient.last).toLowerCase()}.png`])
      : random.pick([
          `DSC0${random.digits(4)}.JPG`,
          `portrait-${ascii(patient.first).toLowerCase()}.jpeg`,
          `data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD${Buffer.from(hexBytes(random, 24).join(""), "hex").toString("base64")}`,
          `en-face_${random.digits(8)}.heic`,
        ]),
  ),
  study: of(
    "other",
    bySet(["014-9999", "SUBJ-99999", "A99-9999", "99/9999"], ["AA-99-9999", "P9999.99", "BIO-A99-99999"]),
  ),
  prescription: of("other", bySet(["9999999", "AA-9999-999"], ["99-9999999", "7999999-99"])),
  national: of("other", ({ random, language }) =>
    language === "es"
      ? spanishIdentityNumber(random)
      : language === "en"
        ? grouped(indianIdentityNumber(random), 4)
        : polishIdentityNumber(random),
  ),
  handle: of("other", ({ random, set, patient }) =>
    set === "tuning"
      ? `@${ascii(patient.last).toLowerCase()}${random.digits(2)}`
      : `@the_real_${ascii(patient.first).toLowerCase()}${random.digits(3)}`,
  ),
} as const satisfies Readonly<Record<string, { readonly kind: IdentifierKind; readonly make: Make }>>;

/** What can stand in a template. */
export type IdentifierName = keyof typeof identifiers;

/** Whether there is such an identifier. */
export function isIdentifierName(name: string): name is IdentifierName {
  return Object.hasOwn(identifiers, name);
}

/** The forms of record numbers of the hospital of each set, which a detector is told. */
export const ownRecordForms: Readonly<Record<SetName, readonly string[]>> = {
  tuning: ["NSH-9999999", "QX99999999"],
  reported: ["KBH-A-999999", "ZR9999-9999"],
};
