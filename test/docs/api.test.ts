import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { describe, expect, it } from "vitest";

import { apiPage, apiPagePath } from "../../docs/api-page";

const root = resolve(__dirname, "../..");

describe("docs/api", () => {
  it("is what the docstrings say; `npm run docs:api` writes it", async () => {
    expect(readFileSync(join(root, apiPagePath), "utf8")).toBe(await apiPage());
  });

  it("is not written of a package with a name that nobody describes, or one that is not exported", async () => {
    const error: unknown = await apiPage("test/docs/fixtures/undocumented").catch(
      (reason: unknown) => reason,
    );
    const complaints = String(error)
      .split("\n")
      .filter((line) => line.startsWith("[warning] "));
    expect(complaints).toEqual([
      expect.stringMatching(
        / Hidden, .* is referenced by Shown\.hidden but not included in the documentation$/,
      ),
      expect.stringMatching(/ Shown\.bare \(Property\), .* does not have any documentation$/),
      "[warning] Found 0 errors and 2 warnings",
    ]);
  });
});
