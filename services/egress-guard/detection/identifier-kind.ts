/**
 * The eighteen identifiers of the Safe Harbor method of de-identification, in its order (45 CFR §164.514(b)(2)(i)(A) to (R)):
 * names; geographic subdivisions smaller than a state; dates but for the year, and ages over 89; telephone numbers; fax
 * numbers; electronic mail addresses; social security numbers; medical record numbers; health plan beneficiary numbers;
 * account numbers; certificate and licence numbers; vehicle identifiers and licence plates; device identifiers and serial
 * numbers; URLs; IP addresses; biometric identifiers; full-face photographs and the like; any other unique identifying
 * number, characteristic or code.
 */
export const identifierKinds = [
  "name",
  "geography",
  "date",
  "telephone",
  "fax",
  "email",
  "social_security_number",
  "medical_record_number",
  "health_plan_number",
  "account_number",
  "licence_number",
  "vehicle",
  "device",
  "url",
  "ip_address",
  "biometric",
  "photograph",
  "other",
] as const;

/** A kind of identifier. */
export type IdentifierKind = (typeof identifierKinds)[number];
