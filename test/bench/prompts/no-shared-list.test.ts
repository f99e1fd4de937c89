import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { describe, expect, test } from "vitest";

const root = path.join(__dirname, "../../..");

/** What each source file of a folder imports. */
function importsOf(folder: string): readonly (readonly [file: string, imported: string])[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) =>
      [
        ...readFileSync(path.join(root, folder, file), "utf8").matchAll(
          /\bfrom "([^"]+)"|\b(?:import|require)\("([^"]+)"\)/g,
        ),
      ].map((found) => [file, found[1] ?? found[2] ?? ""] as const),
    );
}

describe("detectors and the generator of prompts", () => {
  const detection = importsOf("services/egress-guard/detection");
  const generator = importsOf("bench/prompts").filter(
    ([file]) => file !== "inspected-prompts.ts" && !file.startsWith("presidio/"),
  );

  test("are what is looked at", () => {
    expect(detection.length).toBeGreaterThan(50);
    expect(generator.length).toBeGreaterThan(20);
  });

  test("share no list: the detectors import none of the generator's", () => {
    expect(detection.filter(([, imported]) => /bench|prompts|faker/.test(imported))).toEqual([]);
  });

  test("share no list: the generator imports nothing of the detectors but the names of the kinds", () => {
    const services = generator
      .map(([, imported]) => imported)
      .filter((imported) => imported.includes("services/"));
    expect(new Set(services.map((imported) => imported.replace(/^(?:\.\.\/)+/, "")))).toEqual(
      new Set(["services/egress-guard/detection/identifier-kind"]),
    );
  });
});
