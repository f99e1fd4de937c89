import { describe, expect, it } from "vitest";

import { foundIn } from "./found-in";

describe("keys of data", () => {
  it("say what a resource of FHIR holds, whatever its values are", async () => {
    const patient = JSON.stringify({
      resourceType: "Patient",
      identifier: [{ type: { text: "MR" }, system: "urn:oid:1.2.36", value: "K551203" }],
      name: [{ use: "official", family: "Qwertz", given: ["Zxcv", "Bnm"] }],
      address: [{ line: ["12 Foo Rd"], city: "Bartown", postalCode: "94110" }],
      generalPractitioner: [{ reference: "Practitioner/7", display: "Asdf Hjkl" }],
    });
    expect(await foundIn(patient)).toEqual([
      "medical_record_number: K551203",
      "name: Qwertz",
      "name: Zxcv",
      "name: Bnm",
      "geography: 12 Foo Rd",
      "geography: Bartown",
      "geography: 94110",
      "name: Asdf Hjkl",
    ]);
  });

  it("are read in whatever way their words are joined", async () => {
    expect(await foundIn('{"referringPhysician":"Zxcv Qwertz","patient_file_no":551203}')).toEqual([
      "name: Zxcv Qwertz",
      "medical_record_number: 551203",
    ]);
    expect(await foundIn("{'lastName': 'Qwertz', 'homeCity': 'Bartown'}")).toEqual([
      "name: Qwertz",
      "geography: Bartown",
    ]);
    expect(await foundIn('{"SUBSCRIBER-NUMBER" : "A551203"}')).toEqual(["health_plan_number: A551203"]);
  });

  it("are elements of XML as well", async () => {
    expect(
      await foundIn("<name><given>Zxcv</given><family>Qwertz</family></name><city>Bartown</city>"),
    ).toEqual(["name: Zxcv", "name: Qwertz", "geography: Bartown"]);
  });

  it.each([
    '{"name":"get_weather","description":"The weather of a town","parameters":{"type":"object"}}',
    '{"code":{"coding":[{"system":"snomed","code":"73211009","display":"Diabetes Mellitus"}]}}',
    '{"valueQuantity":{"value":138,"unit":"mmol/L"},"line":42,"via":"oral"}',
    '{"model":"gpt-4o","max_tokens":128000,"seed":12345678,"loincCode":"48642"}',
    '{"contact":"none","family":12,"city":""}',
  ])("are nothing where they are of something else: %s", async (text) => {
    expect(await foundIn(text)).toEqual([]);
  });
});
