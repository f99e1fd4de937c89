import { describe, expect, it } from "vitest";

import { identifierKinds } from "../../../../services/egress-guard/detection/identifier-kind";

import { foundIn, knownBy } from "./found-in";

/** A text for each way in which an identifier is known, with what is found in it. */
const found: readonly (readonly [text: string, ...found: string[]])[] = [
  // (A) Names.
  ["Dr. Young saw the patient", "name: Young"],
  ["Mrs. O'Brien, Mme Lefèvre-Dupont", "name: O'Brien", "name: Lefèvre-Dupont"],
  ["Herr von Ahlen klagt über Schmerzen", "name: von Ahlen"],
  ["seen by John Q. Smith yesterday", "name: John Q. Smith"],
  ["Patient: Adaeze Okonkwo", "name: Adaeze Okonkwo"],
  ["Name: jane doe", "name: jane doe"],
  ["Okonkwo, Adaeze N. was seen", "name: Okonkwo, Adaeze N"],
  ["acude la paciente María Fernández López", "name: María Fernández López"],
  ["||SMITH^JOHN^A||", "name: SMITH^JOHN^A"],
  ["his daughter Sarah said so", "name: Sarah"],
  ["please summarise what john smith said", "name: john smith"],
  ["пациент Иван Петров", "name: Иван Петров"],
  ["患者：王小明", "name: 王小明"],
  // (B) Geography.
  [
    "lives at 123 North Main Street, Apt 4B, Springfield, IL 62704",
    "geography: 123 North Main Street, Apt 4B, Springfield, IL 62704",
  ],
  ["wohnt Hauptstraße 12, 10115 Berlin", "geography: Hauptstraße 12, 10115 Berlin"],
  ["habite 12 rue de la Paix, 75002 Paris", "geography: 12 rue de la Paix, 75002 Paris"],
  ["vive en Calle Mayor 5, 28013 Madrid", "geography: Calle Mayor 5, 28013 Madrid"],
  ["from Suffolk County", "geography: Suffolk County"],
  ["ZIP code 02139 is hers", "geography: 02139"],
  ["near 42.3601, -71.0589 at night", "geography: 42.3601, -71.0589"],
  ["she lives in Worcester now", "geography: Worcester"],
  // (C) Dates and ages.
  ["on 12/03/1958 and 1958-12-03", "date: 12/03/1958", "date: 1958-12-03"],
  ["am 03.12.1958 und am 3. Dezember 1958", "date: 03.12.1958", "date: 3. Dezember 1958"],
  ["née le 3 décembre 1958", "date: 3 décembre 1958"],
  ["nacida el 3 de diciembre de 1958", "date: 3 de diciembre de 1958"],
  ["3 Dec 1958, Dec 3rd, 3-Dec-58", "date: 3 Dec 1958", "date: Dec 3rd", "date: 3-Dec-58"],
  ["the third of December, nineteen fifty-eight", "date: third of December, nineteen fifty-eight"],
  ["DOB 19581203", "date: 19581203"],
  ["discharged on 3/9", "date: 3/9"],
  ["a 93-year-old man, aged 91, 94 y/o", "date: 93-year-old", "date: 91", "date: 94 y/o"],
  ["a ninety-three-year-old woman", "date: ninety-three-year-old"],
  ["eine dreiundneunzigjährige Frau", "date: dreiundneunzigjährige"],
  ["âgé de 95 ans", "date: 95 ans"],
  ["born in 1930", "date: 1930"],
  // (D), (E) Telephone and fax.
  ["call (617) 555-0123 today", "telephone: (617) 555-0123"],
  ["at 617-555-0123 x12", "telephone: 617-555-0123 x12"],
  ["+49 30 901820", "telephone: +49 30 901820"],
  ["06 12 34 56 78", "telephone: 06 12 34 56 78"],
  ["fax: 617.555.0199", "fax: 617.555.0199"],
  ["send it to 617-555-0199 (fax)", "fax: 617-555-0199"],
  // (F) Mail.
  ["write to john.doe+x@mail.example.com.", "email: john.doe+x@mail.example.com"],
  ["john (at) example (dot) com", "email: john (at) example (dot) com"],
  // (G) Social security.
  ["it is 123-45-6789", "social_security_number: 123-45-6789"],
  ["ssn: 123456789", "social_security_number: 123456789"],
  ["SSN ending in 6789", "social_security_number: 6789"],
  ["NIR 2 55 08 14 168 025 38", "social_security_number: 2 55 08 14 168 025 38"],
  // (H) Records.
  ["MRN 4471823", "medical_record_number: 4471823"],
  ["the MRN on her wristband reads 4471823", "medical_record_number: 4471823"],
  ["4471823 (MRN)", "medical_record_number: 4471823"],
  ["Patientennummer: 889-123", "medical_record_number: 889-123"],
  // (I) Health plans: the example of the Centers for Medicare and Medicaid Services, and of gematik.
  ["it is 1EG4-TE5-MK73", "health_plan_number: 1EG4-TE5-MK73"],
  ["1EG4TE5MK73", "health_plan_number: 1EG4TE5MK73"],
  ["Member ID: XYZ123456789", "health_plan_number: XYZ123456789"],
  ["versichert unter A123456780", "health_plan_number: A123456780"],
  // (J) Accounts.
  ["4111 1111 1111 1111", "account_number: 4111 1111 1111 1111"],
  ["DE89 3704 0044 0532 0130 00 is it", "account_number: DE89 3704 0044 0532 0130 00"],
  ["account number 000123456789", "account_number: 000123456789"],
  ["routing 021000021", "account_number: 021000021"],
  // (K) Licences.
  ["1234567893", "licence_number: 1234567893"],
  ["AB1234563", "licence_number: AB1234563"],
  ["driver's license D123-4567-8901", "licence_number: D123-4567-8901"],
  // (L) Vehicles.
  ["1HGCM82633A004352", "vehicle: 1HGCM82633A004352"],
  ["license plate 7ABC123", "vehicle: 7ABC123"],
  // (M) Devices.
  ["490154203237518", "device: 490154203237518"],
  ["00:1B:44:11:3A:B7", "device: 00:1B:44:11:3A:B7"],
  ["serial number SN-4482-XK", "device: SN-4482-XK"],
  ["(01)00844588003288(17)141120(10)7654321D", "device: (01)00844588003288(17)141120(10)7654321D"],
  // (N), (O) URLs and addresses.
  ["see https://portal.example.org/p/123?x=1.", "url: https://portal.example.org/p/123?x=1"],
  ["on www.example.com", "url: www.example.com"],
  ["from 192.168.1.12", "ip_address: 192.168.1.12"],
  ["from 2001:db8::8a2e:370:7334", "ip_address: 2001:db8::8a2e:370:7334"],
  // (P), (Q) Biometrics and photographs.
  ["a fingerprint template hash 9f86d081884c7d65", "biometric: fingerprint template hash 9f86d081884c7d65"],
  ["her voiceprint was kept", "biometric: voiceprint"],
  ["IMG_2231.jpg", "photograph: IMG_2231.jpg"],
  ["data:image/png;base64,iVBORw0KGgo=", "photograph: data:image/png;base64,iVBORw0KGgo="],
  ["a photo of the patient", "photograph: photo of the patient"],
  // (R) Others. The number is the NHS Data Dictionary's, the letter the Spanish ministry's example.
  ["550e8400-e29b-41d4-a716-446655440000", "other: 550e8400-e29b-41d4-a716-446655440000"],
  ["943 476 5919", "other: 943 476 5919"],
  ["12345678Z", "other: 12345678Z"],
  ["claim number CLM-2024-88123", "other: CLM-2024-88123"],
  ["passport number X1234567", "other: X1234567"],
  ["twitter: @johndoe", "other: @johndoe"],
];

/** What looks like an identifier and is none. */
const harmless: readonly string[] = [
  "What is the first-line treatment for Parkinson's disease with Hoehn and Yahr stage 3?",
  "BP 120/80, HR 72, SpO2 98%, glucose 105 mg/dL, K 4.1, Grade 3 systolic murmur 2/6.",
  "ICD-10 E11.9, SNOMED 73211009, LOINC 4548-4, CPT 99213.",
  "A 54-year-old man with Crohn's disease has had pain for 3 days. APGAR 8/9, Glasgow Coma Scale 15.",
  "Patients over 90 years old were excluded; adults aged 90 and older benefit.",
  "The patient may march in place for 10 minutes. In May, allergies peak. In 2019 guidelines changed.",
  "N Engl J Med 2011;365:981-992",
  "Use the Boston Bowel Preparation Scale, the Wells score, Child-Pugh and Ranson criteria.",
  "Patient denies fever. Patient: stable, alert. Plan: continue Lasix 40 mg.",
  "Edinburgh Postnatal Depression Scale, Rome IV criteria, Los Angeles grade B esophagitis.",
  "Ramsay Hunt syndrome, Bell's palsy, Guillain-Barré syndrome, Charcot-Marie-Tooth disease.",
  "Hospitals in Massachusetts treat patients from Canada and Germany.",
  "Foley catheter placed. Murphy's sign positive. Allen test negative.",
  "1/2 tablet at bedtime, 2-3 times a day, 5/5 strength, pain 7/10.",
  "B12 500 mcg, B12 5MG, T4 5 mcg, Oct-4 positive, OCT 3 shows macular edema.",
  "Approved in June 2021 by the FDA.",
  "A photo of the wound shows granulation. Retinal scan shows detachment.",
  "A 67F with 92% on room air, HR 92, age 67. 90 mL/min. 89-year-old. Born in 1958.",
  "Version 1.2.3 of the protocol. Ratio 1:2:4. Time 12:30:45. 08:15 to 09:30.",
  "SELECT name FROM patients WHERE age > 90; function parse(date, id) { return id; }",
  "Account for 50% of cases. Claim 1 is wrong. Case 3 of 12. The policy of 2020 changed.",
];

/** What has the form of an identifier and fails its check, with what it would have been known by: it may be anybody's other code. */
const failing: readonly (readonly [text: string, by: string])[] = [
  ["4111 1111 1111 1112", "card"],
  ["1234567890", "npi"],
  ["AB1234564", "dea"],
  ["1HGCM82633A004353", "vin"],
  ["490154203237519", "imei"],
  ["12345678A", "spanish-identity"],
  ["000-12-3456", "ssn"],
  ["666-12-3456", "ssn"],
  ["123-00-4567", "ssn"],
  ["123-45-0000", "ssn"],
  ["DE89 3704 0044 0532 0130 01", "iban"],
  ["31/31/1958", "numeric-date"],
  ["1958-13-01", "year-first-date"],
  ["943 476 5918", "nhs-number"],
];

describe("the eighteen identifiers", () => {
  it.each(found)("are found in: %s", async (text, ...expected) => {
    await expect(foundIn(text)).resolves.toEqual(expected);
  });

  it("all have examples here", () => {
    const kinds = new Set(found.flatMap(([, ...expected]) => expected.map((one) => one.split(":")[0])));
    expect([...kinds].toSorted()).toEqual([...identifierKinds].toSorted());
  });

  it.each(harmless)("are not found in: %s", async (text) => {
    await expect(foundIn(text)).resolves.toEqual([]);
  });

  it.each(failing)("are not known by a check that fails: %s", async (text, by) => {
    await expect(knownBy(text)).resolves.not.toContain(by);
  });

  it("say by what they were known, and never what they say", async () => {
    await expect(knownBy("NPI is 1234567893, and 1HGCM82633A004352 parks")).resolves.toEqual(["npi", "vin"]);
  });
});
