import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { describe, expect, it } from "vitest";
import { parse } from "yaml";

import { generatedPages } from "../../docs/generated-pages";
import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { commandOnce } from "../run/command-once";

const root = resolve(__dirname, "../..");

function text(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "policy-pack/README.md",
  "services/README.md",
  "examples/hospital-program/README.md",
  "examples/stranger-gate-only/README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** A command of a page, and the exit code that the page says it has. */
interface Command {
  readonly line: string;
  readonly code: number;
}

/** The lines of the blocks that a page marks as `sh`: what a reader runs from a fresh clone. */
function commands(page: string): readonly Command[] {
  return [...text(page).matchAll(/^```sh\n(?<block>.*?)^```$/gms)]
    .flatMap(({ groups }) => groups?.["block"]?.trim().split("\n") ?? [])
    .map((line) => {
      const [, code] = /# exit code (\d+)$/.exec(line) ?? [];
      return { line: line.replace(/\s*#.*$/, ""), code: Number(code ?? 0) };
    });
}

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, "")
    .replaceAll(" ", "-");
}

describe("a generated page", () => {
  it.each([
    "invariants.md",
    "rules.md",
    "absences.md",
    "checklist.md",
    "compliance.md",
    "platform.schema.json",
    "report.schema.json",
    "waivers.schema.json",
  ])("docs/%s is what the code says; `npm run docs` writes it", async (name) => {
    const generated = await generatedPages();
    expect(text(`docs/${name}`)).toBe(generated.get(name));
  });
});

describe.each([
  ["platform.yaml", referencePlatform],
  ["platform-with-external-providers.yaml", withExternalProviders],
])("examples/%s", (file, platform) => {
  it("is the platform of the tests", () => {
    expect(parse(text(`examples/${file}`))).toEqual(JSON.parse(JSON.stringify(platform)));
  });

  it("names the schema by which editors complete it", () => {
    const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text(`examples/${file}`)) ?? [];
    expect(existsSync(join(root, "examples", schema ?? "none"))).toBe(true);
  });
});

describe("the README's commands", () => {
  const all = commands("README.md");

  it("set up with two commands: one for the preview, one for the tests", () => {
    expect(all.slice(0, 2)).toEqual([
      { line: "npm ci && npm run preview -- --cloud aws", code: 0 },
      { line: "npm ci && npm test", code: 0 },
    ]);
    expect(text(".ci/run")).toMatch(/^npm ci\nnpm test$/m);
  });

  // `npm ci && npm test` is what runs this test.
  it.each(all.filter(({ line }) => line !== "npm ci && npm test"))(
    "`$line` ends with exit code $code",
    async ({ line, code: expected }) => {
      const { code, stderr } = await commandOnce(line.replace(/^npm ci && /, ""));
      expect({ code, stderr: code === expected ? "" : stderr }).toEqual({ code: expected, stderr: "" });
    },
  );

  it("show the violation that the example with a hole gets", async () => {
    const shown = [
      ...text("README.md").matchAll(/^```text\n(?<block> +phi-zone-has-no-egress\n.*?)^```$/gms),
    ];
    const { stdout } = await commandOnce("npm run preview -- --cloud aws --program examples/one-hole");
    expect(shown).toHaveLength(1);
    expect(stdout).toContain(shown[0]?.groups?.["block"]);
  });
});

describe("a link", () => {
  const links = pages.flatMap((page) =>
    [...text(page).matchAll(/\]\((?<target>[^)\s]+)\)/g)]
      .map(({ groups }) => groups?.["target"] ?? "")
      .filter((target) => !/^https?:/.test(target))
      .map((target) => ({ page, target })),
  );

  it("is found on the pages", () => {
    expect(links.length).toBeGreaterThan(10);
  });

  it.each(links)("of $page to $target leads somewhere", ({ page, target }) => {
    const [path = "", fragment] = target.split("#");
    const file = path === "" ? page : join(dirname(page), path);
    expect(existsSync(join(root, file))).toBe(true);
    if (fragment !== undefined) {
      const named = [...text(file).matchAll(/<a id="(?<id>[^"]+)">/g)].map(({ groups }) => groups?.["id"]);
      const headings = [...text(file).matchAll(/^#+ (?<heading>.+)$/gm)].map(({ groups }) =>
        anchor(groups?.["heading"] ?? ""),
      );
      // The second heading of one name is numbered.
      const numbered = headings.map((heading, index) => {
        const before = headings.slice(0, index).filter((other) => other === heading).length;
        return before === 0 ? heading : `${heading}-${String(before)}`;
      });
      expect([...named, ...numbered]).toContain(fragment);
    }
  });
});
