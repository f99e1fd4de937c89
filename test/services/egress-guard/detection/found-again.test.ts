import { describe, expect, it } from "vitest";

import { inspectParts } from "../../../../services/egress-guard/detection/inspect-parts";

import { detectorWith } from "./found-in";

const texts: readonly string[] = [
  "Patient John Smith, MRN 4471920, born 3 March 1958, seen on 12/04/2023.",
  "Phone (415) 555-0132, fax: 415-555-0199, call back 555-0100.",
  "Kontonummer 44719203, Seriennummer PJN251641X, geboren am 3. Dezember 1961.",
  "Numéro de dossier 4471920, née le 2 août 1980, 12 rue de la Paix, 75002 Paris.",
  "Account: 33033910, policy number W92029 2168, license plate CJS 0983, VIN 1M8GDM9AXKP042788.",
  "TVJOIDQ0NzE5MjA= and &#77;&#82;&#78; &#52;&#52;&#55;&#49;&#57;&#50;&#48;",
  "Metformin 500 mg twice daily, HbA1c 7.2 %.",
];

/** What is found in each text, by its text. */
async function findings(ordered: readonly string[], detector = detectorWith()) {
  const found = new Map<string, unknown>();
  for (const text of ordered) {
    found.set(text, await inspectParts([text], detector, Number.POSITIVE_INFINITY));
  }
  return Object.fromEntries(texts.map((text) => [text, found.get(text)]));
}

describe("what is found", () => {
  it("is the same again, in another order and by a detector that was opened later", async () => {
    const detector = detectorWith();
    const first = await findings(texts, detector);
    expect(Object.values(first).flat().length).toBeGreaterThan(15);
    expect(await findings(texts, detector)).toEqual(first);
    expect(await findings(texts.toReversed(), detector)).toEqual(first);
    expect(await findings(texts)).toEqual(first);
    expect(await findings(texts.toReversed())).toEqual(first);
  });

  it("is the same when texts are looked at side by side", async () => {
    const one = await findings(texts);
    expect(await Promise.all([findings(texts), findings(texts.toReversed())])).toEqual([one, one]);
  });
});
