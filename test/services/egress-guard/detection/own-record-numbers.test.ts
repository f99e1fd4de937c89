import { describe, expect, it } from "vitest";

import { detectorWith, foundIn, knownBy } from "./found-in";

const own = detectorWith(
  { id: "ward", form: "WD-9999A", context: [] },
  { id: "file", form: "99999", context: ["file", "Akte"] },
  { id: "sample", form: "#**/99", context: [] },
);

describe("the hospital's own record numbers", () => {
  it.each([
    ["WD-1234X", "WD-1234X"],
    ["wd 1234x", "wd 1234x"],
    ["WD1234X", "WD1234X"],
    ["(WD–1234X)", "WD–1234X"],
    ["#a7/31", "a7/31"],
  ])("are found as their form says: %s", async (text, number) => {
    await expect(foundIn(text, own)).resolves.toEqual([`medical_record_number: ${number}`]);
  });

  it.each(["WD-12345X", "WD-123X", "XWD-1234X", "WD-1234XY", "WD-1234-", "12345", "12345 cells in the dish"])(
    "are not found in what is longer, shorter or without their words: %s",
    async (text) => {
      const found = await foundIn(text, own);
      expect(found.filter((one) => one.startsWith("medical_record_number"))).toEqual([]);
    },
  );

  it("need one of their words near them, before or after", async () => {
    await expect(knownBy("in the file of this person, 54321", own)).resolves.toEqual(["file"]);
    await expect(knownBy("54321 steht auf der Akte", own)).resolves.toEqual(["file"]);
    await expect(
      knownBy("the file is one two three four five six seven eight nine ten 54321", own),
    ).resolves.toEqual([]);
  });
});
