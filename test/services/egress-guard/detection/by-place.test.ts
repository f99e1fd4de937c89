import { describe, expect, it } from "vitest";

import { foundIn, knownBy } from "./found-in";

describe("fields of HL7 version 2", () => {
  it("are what their numbers say, whatever stands in them", async () => {
    const message = [
      "MSH|^~\\&|LAB|HOSP|EHR|HOSP|||ORU^R01|1|P|2.5",
      "PID|||44-71-92^^^HOSP||QWERTZ^ZXCV^B||19580303|M|||1 Foo^^Bartown^CA^94110||91 555 12 27|||||A77",
      "OBX|1|NM|718-7^Hemoglobin^LN||13.2|g/dL",
    ].join("\n");
    expect(await foundIn(message)).toEqual([
      "medical_record_number: 44-71-92",
      "name: QWERTZ^ZXCV^B",
      "date: 19580303",
      "geography: 1 Foo",
      "geography: Bartown",
      "geography: 94110",
      "telephone: 91 555 12 27",
      "account_number: A77",
    ]);
  });

  it("are none within a line or where they are empty", async () => {
    expect(await foundIn("The PID|||QWERTZ of a process")).toEqual([]);
    expect(await foundIn('PID|||""||^^||1958|M')).toEqual([]);
  });
});

describe("columns of a table", () => {
  it.each([
    ["name,mrn,phone\nZxcv Qwertz,12,77 0\nBnm Asdf,13,78 0", 6],
    ["| Patient Name | MRN | City |\n|---|---|---|\n| Zxcv Qwertz | 55 | Foo |", 3],
    ["patientId\tfirstName\n12\tZxcv\n", 2],
    ["Nachname;Geburtsdatum;Ort\nZxcv;03.03.1958;Foo\n\nEnde; davon; hier", 3],
  ])("are what the header says: %j", async (table, count) => {
    const by = await knownBy(table);
    expect(by).toHaveLength(count);
    expect(by.every((one) => one === "table-column" || one === "numeric-date")).toBe(true);
  });

  it.each(["name,dose\nMetformin,500\n", "name,value,unit\nGlucose,5,mg\n", "visit,order,result\n1,2,3\n"])(
    "are nothing where things have names: %j",
    async (table) => {
      expect(await foundIn(table)).toEqual([]);
    },
  );
});

describe("numbers of something", () => {
  it.each([
    ["Locker number 551273", "other: 551273"],
    ["Probandennummer SUBJ-54135", "other: SUBJ-54135"],
    ["Bibliotheksnummer: 5512734", "other: 5512734"],
    ["n° de série PJN251641X", "device: PJN251641X"],
    ['{"medicalRecordNumber":"447192"}', "medical_record_number: 447192"],
    ["Patientennr. 77-96-32", "medical_record_number: 77-96-32"],
    ["Plaque HC-079-UY", "vehicle: HC-079-UY"],
    ["Gateway 2001:db8::0605:3c8c.", "ip_address: 2001:db8::0605:3c8c"],
    [
      "Fingerabdruck 257678c19e9834612f2f0162a23b52e183ae8cf9. Konsil",
      "biometric: Fingerabdruck 257678c19e9834612f2f0162a23b52e183ae8cf9",
    ],
  ])("are found: %s", async (text, expected) => {
    expect(await foundIn(text)).toEqual([expected]);
  });

  it.each([
    "Trial number NCT01234567, ClinicalTrials.gov ID NCT04567890",
    "Room number 12345, part no. 55512",
    "Chargennummer 4455667",
    "triglycerides 147 mg/dL. BP 148/92",
    "plaque psoriasis 12 cm, Plaque LAD 50%",
  ])("are nothing where they are nobody's: %s", async (text) => {
    expect(await foundIn(text)).toEqual([]);
  });
});

describe("names that nobody knows", () => {
  it.each([
    ["Dear Doctor Zxcvas,", "Zxcvas"],
    ["El señor Zxcvas vino ayer.", "Zxcvas"],
    ["Thank you for seeing Qwertz Zxcvas.", "Qwertz Zxcvas"],
    ["The mother, Qwertz Zxcvas, phones.", "Qwertz Zxcvas"],
    ["Qwertz Zxcvas (DOB unknown)", "Qwertz Zxcvas"],
    ["Qwertz Zxcvas, née à Lyon", "Qwertz Zxcvas"],
    ["Daily dose.\n\nRegards,\nQwertz Zxcvas", "Qwertz Zxcvas"],
    ["LETTRE DE SORTIE\nQwertz Zxcvas\nFEVG 54 %", "Qwertz Zxcvas"],
    ["PATIENT: ZXCVAS, QWERTZ\nNYHA III", "ZXCVAS, QWERTZ"],
    ["| Spouse | Qwertz Zxcvas |", "Qwertz Zxcvas"],
    ["my patient qwertza zxcvas has a question", "qwertza zxcvas"],
  ])("are known by what stands around them: %j", async (text, name) => {
    expect(await foundIn(text)).toContain(`name: ${name}`);
  });

  it.each([
    "Dear Colleague, Dear Doctor,",
    "Thank you for seeing Cardiac Rehab patients.",
    "The mother, Type 2 diabetic, was counselled.",
    "family: mother Breast Cancer, father Colon Cancer",
    "Signed,\nConsent Form",
    "Discharge Summary\nChief Complaint\nChest pain",
    "PATIENT: ALERT, ORIENTED",
    "Spouse | Healthy Adult |",
    "Avis de neurologie demandé.",
    "Le Scanner Thoracique ne montre rien.",
    "wegen Akuter Pankreatitis",
    "bonjour, pour Insuffisance Cardiaque",
    "my patient population has a question",
    "my patient recently had a fall",
  ])("are none where medicine speaks: %j", async (text) => {
    expect(await foundIn(text)).toEqual([]);
  });
});
