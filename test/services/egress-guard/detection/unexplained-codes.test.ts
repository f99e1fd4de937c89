import { describe, expect, it } from "vitest";

import { foundIn } from "./found-in";

/** Numbers and codes with no label of their own, and what says whose they are. */
const found: readonly (readonly [text: string, found: string])[] = [
  // Record numbers: three pairs of digits, groups, zeros before them, letters and a slash.
  ["Wristband scanned (551 203 44), allergies confirmed.", "medical_record_number: 551 203 44"],
  ["Med Rec No: H99/551203", "medical_record_number: H99/551203"],
  ["Akte 00005512034 liegt im Archiv.", "medical_record_number: 00005512034"],
  ["Dossier 71-49-74 archivé.", "medical_record_number: 71-49-74"],
  ["She is known to us under 4471823 in the old system.", "other: 4471823"],
  ["Smith was here (551203) for tests", "other: 551203"],
  // Members of health plans, by the names of payers and the words of their languages.
  ["Eligibility check for 551203448A came back active.", "health_plan_number: 551203448A"],
  ["Secondary payer Cigna ABC-551-2034.", "health_plan_number: ABC-551-2034"],
  ["Mitglied W57763 9568 der Barmer", "health_plan_number: W57763 9568"],
  ["Adhérent A44 551 203 de la MGEN.", "health_plan_number: A44 551 203"],
  ["Asegurado A44 551 203 de Sanitas.", "health_plan_number: A44 551 203"],
  // Plates of four countries, far from the word that says so.
  ["Drives a grey Toyota, 1ABF599, parked at the entrance.", "vehicle: 1ABF599"],
  ["Sein Wagen, ein Opel, HH-ZE 823, steht vor dem Haus.", "vehicle: HH-ZE 823"],
  ["Su coche, un Seat, 3181 ANW.", "vehicle: 3181 ANW"],
  ["Voiture 551 ABC 75", "vehicle: 551 ABC 75"],
  // Devices.
  ["Pulse generator 66.593.262 replaced.", "device: 66.593.262"],
  ["CPAP machine 3NB559394 sends its data home.", "device: 3NB559394"],
  ["The insulin pump (551203-AX) was exchanged.", "device: 551203-AX"],
  // What has no other name.
  ["Pharmacy filled 6389228 twice.", "other: 6389228"],
  ["Teilnehmer 014-2077 der Registerstudie", "other: 014-2077"],
  ["Enrolled as A44-5512.", "other: A44-5512"],
  // What is so long that nothing has to say so.
  ["Somebody wrote 55120341 on the margin.", "other: 55120341"],
  ["Somebody wrote QA55120 on the margin.", "other: QA55120"],
  ["Somebody wrote 551-20-34-1 on the margin.", "other: 551-20-34-1"],
];

/** What is as long, and nobody's. */
const harmless: readonly string[] = [
  "SNOMED CT 73211009 and RxNorm 860975, UniProt P12345, OMIM 219700.",
  "NDC 0002-8215-01, one bottle of 90.",
  "See PMID 31234567 and doi 10.1056/NEJMoa1812345. NEJM 2019;380:1045-1057",
  "NCT01234567, ISRCTN12345678 and EudraCT 2019-001234-12 are recruiting.",
  "Platelets 251000 /uL, leucocytes 14100/mm3, HIV RNA 1250000 copies/mL.",
  "Penicillin G 2400000 units, heparin 25000 IU over 24 h, IgE 12500 kU/L.",
  "rs1801133 heterozygous, c.1521_1523delCTT, NM_000492.3, HLA-B*27:05.",
  "AZD1912, LY3298176 and MK-3475 are in phase 2.",
  "Weekly flow sheet: 120 130 140 150 160 170.",
  "95 % CI 1.62-2.94, p = 0.0926, range 100000-250000.",
  "ICD-10 Z95.810 and S72.001A, ICD-10-PCS 02703DZ, HCPCS J1234, CPT 99213, LOINC 48642-3.",
  "Order of magnitude 100000. An accident rate of 12 per 100000.",
  "Medtronic model W1DR01 is MRI conditional. 510(k) K123456.",
  "Honda CR-V 2019, window 400/40, matrix 512x512, SARS-CoV-2 B.1.1.529.",
  "Read 1,234,567 rows in 123456 ms, port 8080, seed 12345678.",
  "1.234.567 Einwohner, 73000000 Versicherte.",
  "Poison control is at 1-800-222-1222.",
  "Use gpt-4o-2024-08-06 or claude-3-5-sonnet-20241022.",
  // Of tools that a provider's model calls.
  "call_9fKd83hsKQ2mPz7VhTn01xAb toolu_01A09q90qw90lq917835lq9",
];

describe("numbers and codes that nothing explains", () => {
  it.each(found)("are found in: %s", async (text, expected) => {
    await expect(foundIn(text)).resolves.toEqual([expected]);
  });

  it.each(harmless)("are none in: %s", async (text) => {
    await expect(foundIn(text)).resolves.toEqual([]);
  });

  it("are none where a word that says so stands in another sentence or another line", async () => {
    await expect(foundIn("The chart is complete. Weight of the cake 55120 crumbs.")).resolves.toEqual([]);
    await expect(foundIn("Folder of the ward\n\nCrumbs 55120")).resolves.toEqual([]);
  });
});

describe("data of biometric traits", () => {
  it.each([
    ["Her retina template, FP-XQZW-131170, unlocks it.", "retina template, FP-XQZW-131170"],
    ["Registro de voz OeNB4sZCfOjEW-8BLFKfSVQG.", "voz OeNB4sZCfOjEW-8BLFKfSVQG"],
    ["Palm vein scan on file as rzXKQBA4fxY4ClOcsqIx-09i.", "vein scan on file as rzXKQBA4fxY4ClOcsqIx-09i"],
    [
      "Empreinte vocale 7c8684db73e12b3dfb70f493fc21b74b92a36b5b",
      "Empreinte vocale 7c8684db73e12b3dfb70f493fc21b74b92a36b5b",
    ],
  ])("are found in: %s", async (text, expected) => {
    await expect(foundIn(text)).resolves.toEqual([`biometric: ${expected}`]);
  });

  it.each([
    "Her voice was hoarse for 12 days.",
    "Face and finger swelling since 2019, left eye 20/40.",
    "Retinal vein occlusion, iris normal, DNA 1250000 copies/mL.",
  ])("are none in: %s", async (text) => {
    await expect(foundIn(text)).resolves.toEqual([]);
  });
});
