import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { itemsOf } from "./answered-items";

const root = join(__dirname, "../..");
const page = readFileSync(join(root, "docs/mtls.md"), "utf8");
const ofGoogle = page.slice(page.indexOf("\n## Google Cloud"));

/** The cells of the table of items: which, and by what they are tested. */
const rows = [...ofGoogle.matchAll(/^\| (GM-[^|]+?) +\|[^|]*\|[^|]*\| ([^|]+?) +\|$/gm)].map(
  ([, items = "", testedBy = ""]) => ({ items: items.split(", "), testedBy }),
);

describe("the page of mutual TLS, on Google Cloud", () => {
  it("has every way around it of the reference list, each once", () => {
    expect(rows.flatMap(({ items }) => items).sort()).toEqual(itemsOf("GM", 13));
  });

  it("names tests that there are", () => {
    const files = rows.flatMap(({ testedBy }) => (testedBy === "the same" ? [] : [testedBy]));
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      expect(existsSync(join(root, "test/policy-pack/gcp", file.replaceAll("`", "")))).toBe(true);
    }
  });
});
