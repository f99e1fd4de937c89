import type { IdentifierKind } from "../../../services/egress-guard/detection/identifier-kind";

/** What the names of Presidio's entities begin with, end with or are: the first that fits counts. */
const kinds: readonly (readonly [RegExp, IdentifierKind])[] = [
  [/^PERSON$/, "name"],
  [/^LOCATION$|POSTAL|POSTCODE|_PLZ$/, "geography"],
  [/^DATE_TIME$/, "date"],
  [/PHONE|MOBILE|TELEPHONE/, "telephone"],
  [/^EMAIL/, "email"],
  [/^US_SSN$/, "social_security_number"],
  [/MBI|NHS|MEDICARE|HEALTH|MEMBER|CLAIM|AUTHORIZATION|DE_SOCIAL/, "health_plan_number"],
  [/CREDIT|IBAN|BANK|ABA|CRYPTO/, "account_number"],
  [/PLATE|VEHICLE|KFZ/, "vehicle"],
  [/LICEN[CS]E|NPI|PASSPORT|DRIV|LANR|BSNR|FUEHRERSCHEIN/, "licence_number"],
  [/^MAC_/, "device"],
  [/^URL$/, "url"],
  [/^IP_/, "ip_address"],
];

const months =
  /jan|feb|mar|mär|apr|avr|abr|may|mai|jun|jui|jul|aug|aoû|ago|sep|oct|okt|nov|dec|dez|déc|dic|ene|fév|mars/i;

/** Whether a text can be a day: it has a digit, and the name of a month or numbers with a sign between. */
function canBeDay(text: string): boolean {
  return /\d/.test(text) && (months.test(text) || /\d[./-]\d/.test(text));
}

/**
 * The kind that an entity of Presidio's is; `undefined` for what no kind forbids and Presidio finds on purpose: organisations,
 * groups of people, and of what it calls dates and times the durations, years and ages.
 */
export function kindOfEntity(entity: string, text: string): IdentifierKind | undefined {
  if (entity === "ORGANIZATION" || entity === "NRP" || (entity === "DATE_TIME" && !canBeDay(text))) {
    return undefined;
  }
  return kinds.find(([names]) => names.test(entity))?.[1] ?? "other";
}
