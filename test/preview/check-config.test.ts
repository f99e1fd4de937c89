import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CouldNotRun } from "../../preview/could-not-run";
import { readPolicyConfig, policyConfig, type ReadPolicyConfig } from "../../preview/policy-config";
import { loweredLevels, settingBreaches } from "../../preview/policy-config-breaches";
import { noEngine, PolicyPackServer } from "../../preview/policy-pack-server";
import { nodeArgumentsOf } from "../npm-script";

const root = resolve(__dirname, "../..");
const settablePack = resolve(__dirname, "fixtures/packs/settable");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));
const stack = { project: "test", stack: "test", config: new Map<string, string>() };

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

/** How the check is run: by npm at first, and then by the same command. */
let command: readonly [string, ...string[]] = ["npm", "run", "--silent", "gate:check-config", "--"];

function check(...args: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const [first, ...own] = command;
  command = [process.execPath, ...nodeArgumentsOf("gate:check-config")];
  const { status, stdout, stderr } = spawnSync(first, [...own, ...args], { cwd: root, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

describe("npm run gate:check-config", () => {
  it("says that a file fits our pack, with exit code 0", () => {
    const path = file("fits.json", { all: "mandatory", "traffic-is-audited": "mandatory" });
    const { code, stdout, stderr } = check(path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^\S+fits\.json fits the policy pack bulkhead, and lowers none of its \d+ policies\.\n$/,
    );
  });

  it("refuses a file in one error, with every finding, its path and its remedy, and exit code 1", () => {
    const path = file("refused.json", {
      environments: ["production"],
      "phi-zone-has-no-egres": "mandatory",
      "zone-assignment": { enforcementLevel: "lax" },
      "phi-zone-has-no-egress": { enforcementLevel: "disabled", waive: ["everything"] },
      all: "advisory",
    });
    const { code, stdout, stderr } = check(path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("refused.json is refused: 6 findings.\n");
    expect(stderr.match(/^ {2}\S+$/gm)).toEqual([
      "  environments",
      "  zone-assignment.enforcementLevel",
      "  phi-zone-has-no-egres",
      "  phi-zone-has-no-egress.waive",
      "  all",
      "  phi-zone-has-no-egress",
    ]);
    expect(stderr.match(/^ {6}Remedy: \S/gm)).toHaveLength(6);
    expect(stderr).toContain("The policy pack bulkhead has no policy phi-zone-has-no-egres.");
    expect(stderr).toContain("It lowers the policy from mandatory to disabled.");
    expect(stderr).toMatch(/It lowers policies to advisory: .*traffic-is-audited \(mandatory\)/);
  });

  it.each([
    ["no JSON", "{", /is refused: 1 finding\.\n {2}\(the whole file\)\n {6}It is no JSON: /],
    ["no object", "[]", /is refused: 1 finding\.\n {2}\(the whole file\)\n {6}It is no JSON object\./],
  ])("refuses %s, with exit code 1", (name, text, message) => {
    const { code, stderr } = check(file(`${name}.json`, text));
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });

  it.each([
    ["no file", [], /Name a file to check/],
    ["a file that is not there", [join(directory, "none.json")], /none\.json cannot be read/],
    ["a pack that is none", [file("empty.json", {}), "--pack", directory], /is no policy pack/],
    [
      "a pack that is broken",
      [file("empty.json", {}), "--pack", resolve(__dirname, "fixtures/packs/broken")],
      /the pack has thrown this/,
    ],
  ])("says that it could not run, with exit code 2, given %s", (_, args, message) => {
    const { code, stdout, stderr } = check(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });

  it("checks against another pack", () => {
    const { code, stderr } = check(file("empty.json", ""), "--pack", settablePack);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is refused: 1 finding\.\n {2}owned\.owner\n/);
  });
});

describe("a configuration", () => {
  let pack: PolicyPackServer;
  beforeAll(async () => {
    pack = await PolicyPackServer.open(settablePack, stack, noEngine);
  });
  afterAll(() => {
    pack.close();
  });
  const read = (content: unknown): ReadPolicyConfig => readPolicyConfig(file("settings.json", content));
  const unfit = (settings: Readonly<Record<string, unknown>>): readonly string[] =>
    settingBreaches(read({ owned: { owner: "x" }, ...settings }).config, pack.name, pack.settable).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  const lowered = (settings: Readonly<Record<string, unknown>>): readonly string[] =>
    loweredLevels(read(settings).config, pack.settable).map(({ path, message }) => `${path}: ${message}`);

  it("is read as Pulumi reads it: levels, mappings with and without a level, and an empty file", () => {
    expect([
      ...read({ a: "advisory", b: { enforcementLevel: "mandatory", x: 1 }, c: { y: [] } }).config,
    ]).toEqual([
      ["a", { enforcementLevel: "advisory", properties: {} }],
      ["b", { enforcementLevel: "mandatory", properties: { x: 1 } }],
      ["c", { enforcementLevel: undefined, properties: { y: [] } }],
    ]);
    expect(read(" \n")).toEqual({ config: new Map(), breaches: [] });
  });

  it("names what of it is no setting, and keeps what is", () => {
    const { config, breaches } = read({
      a: 1,
      b: null,
      c: ["mandatory"],
      d: { enforcementLevel: null },
      e: "disabled",
    });
    expect([...config.keys()]).toEqual(["e"]);
    expect(breaches.map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "a: 1 is no level.",
      "b: null is no level.",
      'c: ["mandatory"] is no level.',
      "d.enforcementLevel: null is no level.",
    ]);
  });

  it("fits where each value fits the schema of its policy", () => {
    expect(
      unfit({
        all: "mandatory",
        zones: {
          zones: [
            { zone: "phi", match: { name: "phi-*" } },
            { zone: "gateway", match: { urn: "*" } },
          ],
          most: 1,
        },
      }),
    ).toEqual([]);
  });

  it("does not fit with values and properties that the schema has not, however deep", () => {
    expect(
      unfit({
        zones: {
          zones: [
            { zone: "public", match: { name: "a", nam: "b" }, wide: true },
            { match: { name: 1 } },
            "phi",
          ],
          most: 0,
          least: 1,
        },
      }),
    ).toEqual([
      "zones.most: Too small: expected number to be >=1",
      'zones.zones[0].match: Unrecognized key: "nam"; or urn: Invalid input: expected string, received undefined, Unrecognized keys: "name", "nam"',
      'zones.zones[0].zone: Invalid option: expected one of "gateway"|"phi"',
      "zones.zones[0].wide: There is no such property, so that nobody reads it.",
      'zones.zones[1].match: name: Invalid input: expected string, received number; or urn: Invalid input: expected string, received undefined, Unrecognized key: "name"',
      'zones.zones[1].zone: Invalid option: expected one of "gateway"|"phi"',
      "zones.zones[2]: Invalid input: expected object, received string",
      "zones.least: There is no such property, so that nobody reads it.",
    ]);
  });

  it("does not fit without what a policy requires, or with properties of a policy that has none, or of all", () => {
    expect(unfit({ owned: {} })).toEqual(["owned.owner: Invalid input: expected string, received undefined"]);
    expect(unfit({ bare: { most: 1 } })).toEqual([
      "bare.most: There is no such property, so that nobody reads it.",
    ]);
    expect(unfit({ all: { enforcementLevel: "mandatory", most: 1 } })).toEqual([
      "all.most: Settings of all policies are their level alone, so that nobody reads it.",
    ]);
  });

  const text = { type: "string" };
  const ofSchema = (schema: unknown, value: unknown): readonly string[] =>
    settingBreaches(read({ p: { x: value } }).config, "pack", [
      { name: "p", level: "mandatory", schemas: { x: schema }, required: [], given: {} },
    ]).map(({ path }) => path);

  it.each<readonly [string, unknown, unknown, readonly string[]]>([
    ["properties of no type name an object", { properties: { a: text } }, "text", ["p.x"]],
    ["items of no type name a list", { items: text }, { a: "b" }, ["p.x"]],
    ["a value in a list", { items: { properties: { a: text } } }, [{ a: "b" }, { b: "a" }], ["p.x[1].b"]],
    [
      "a value under any name",
      { type: "object", additionalProperties: { properties: { a: text } } },
      { k: { b: 1 } },
      ["p.x.k.b"],
    ],
    [
      "other properties, where the schema has room for them",
      { properties: { a: text }, additionalProperties: true },
      { b: 1 },
      [],
    ],
    [
      "other properties, where a pattern names them",
      { type: "object", properties: { a: text }, patternProperties: { "^b": text } },
      { a: "1", b: "2" },
      [],
    ],
    [
      "properties that one of several forms has",
      { type: "object", properties: { a: text }, anyOf: [{ type: "object", properties: { b: text } }] },
      { a: "1", b: "2" },
      [],
    ],
    [
      "properties that no form has",
      { oneOf: [{ properties: { a: text } }, { properties: { b: text } }] },
      { c: "1" },
      ["p.x"],
    ],
  ])("is held to its schema: %s", (_, schema, value, expected) => {
    expect(ofSchema(schema, value)).toEqual(expected);
  });

  it("could not be checked against a schema that is not understood", () => {
    expect(() => ofSchema({ not: text }, 1)).toThrow(
      "What may be set of the policy p cannot be read from its schema",
    );
    expect(() => ofSchema({ not: text }, 1)).toThrow(CouldNotRun);
  });

  it("lowers a level by the name of the policy, or through all where the policy has none of its own", () => {
    expect(lowered({ zones: "advisory", owned: "disabled" })).toEqual([
      "zones: It lowers the policy from mandatory to advisory.",
      "owned: It lowers the policy from advisory to disabled.",
    ]);
    expect(lowered({ all: "advisory" })).toEqual(["all: It lowers policies to advisory: zones (mandatory)."]);
    expect(lowered({ all: "disabled", zones: { enforcementLevel: "mandatory" } })).toEqual([
      "all: It lowers policies to disabled: owned (advisory), bare (advisory).",
    ]);
    expect(lowered({ all: { enforcementLevel: "advisory" }, zones: "advisory" })).toEqual([
      "zones: It lowers the policy from mandatory to advisory.",
    ]);
  });

  it("lowers nothing where levels are the pack's own or stricter", () => {
    expect(lowered({ all: "mandatory", zones: "remediate", bare: "advisory" })).toEqual([]);
  });

  it("that does not fit is not judged by", async () => {
    const start = (content: unknown): Promise<PolicyPackServer> =>
      PolicyPackServer.start(settablePack, stack, noEngine, policyConfig(file("settings.json", content)));
    await expect(start({ owned: { owner: 1 } })).rejects.toThrow(
      /^The policy configuration does not fit the policy pack: 1 finding\.\n {2}owned\.owner\n/,
    );
    expect(() => policyConfig(file("settings.json", { all: "lax" }))).toThrow(
      "is no policy configuration: 1 finding",
    );
  });

  it("is merged with the defaults of the schema and of the pack before the pack is given it", async () => {
    const settings = policyConfig(file("settings.json", { owned: { owner: "team" }, zones: { zones: [] } }));
    const server = await PolicyPackServer.start(settablePack, stack, noEngine, settings);
    try {
      const said = await server.analyzeStack([], "urn:pulumi:test::test::pulumi:pulumi:Stack::test");
      expect(said.map(({ policy, level, message }) => [policy, level, message.split("\n").at(-1)])).toEqual([
        ["zones", "mandatory", '{"most":5,"zones":[]}'],
        ["owned", "advisory", '{"owner":"team"}'],
        ["bare", "advisory", "{}"],
      ]);
    } finally {
      server.close();
    }
  });
});
