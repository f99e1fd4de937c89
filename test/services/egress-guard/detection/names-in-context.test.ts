import { describe, expect, it } from "vitest";

import { foundIn, inspected, knownBy } from "./found-in";

/** Names that no list has. */
const name = "Zvonimira Quellhorst";

describe("names that no list has", () => {
  it.each([
    `Seen by: ${name}`,
    `| Angehörige | ${name} |`,
    `Emergency contact: Quellhorst, Zvonimira`,
    `Accompanied by ${name}.`,
    `Begleitet von ${name}.`,
    `Confié à ${name}.`,
    `Entregado a ${name}.`,
    `${name} reports less pain.`,
    `${name} geht es gut.`,
    `${name}, MD`,
    `Dr. med. ${name}`,
    `${name}, 67 y, hip fracture`,
  ])("are found where only somebody can be meant: %s", async (text) => {
    const said = text.includes(name) ? name : "Quellhorst, Zvonimira";
    expect(await foundIn(text)).toEqual([`name: ${said}`]);
  });

  it.each([
    "Seen by Infectious Disease today, discussed with Interventional Radiology and Vascular Surgery.",
    "Ordered by: Emergency Department",
    "Author: World Health Organization",
    "Contact: Poison Control",
    "Subject: Quality Improvement",
    "Provider: Nurse Practitioner",
    "From: Intensive Care Unit\nTo: Step Down",
    "Regarding Advance Directives, see Social Work.",
    "Physical Therapy was consulted; Speech Pathology is following.",
    "Übergabe an Intensivstation, Termin bei Physiotherapie.",
  ])("are none where services and things have capitals: %s", async (text) => {
    expect(await foundIn(text)).toEqual([]);
  });
});

describe("who was named once", () => {
  it("is known again by one name alone, in small letters and in another message", async () => {
    const found = await inspected(["Dr. Quellhorst came.", "Ask Quellhorst about it.", "nothing of him"]);
    expect(found.map(({ part, value }) => [part, value])).toEqual([
      [0, "Quellhorst"],
      [1, "Quellhorst"],
    ]);
    expect(await foundIn(`Accompanied by ${name}. Then zvonimira quellhorst left.`)).toEqual([
      `name: ${name}`,
      "name: zvonimira quellhorst",
    ]);
  });

  it("is known by an address of mail", async () => {
    expect(await foundIn("zvonimira.quellhorst@example.org belongs to Zvonimira Quellhorst")).toEqual([
      "email: zvonimira.quellhorst@example.org",
      `name: ${name}`,
    ]);
  });

  it("is said to be known by what told the name first", async () => {
    expect(await knownBy("Dr. Quellhorst and Quellhorst")).toEqual(["title", "name-again"]);
  });

  it("is nobody after whom medicine calls something", async () => {
    expect(await foundIn("Dr. Parkinson treats Parkinson's disease")).toEqual(["name: Parkinson"]);
  });
});
