import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";

import { describe, expect, it } from "vitest";
import { stringify } from "yaml";

import { utcDay } from "../../policy-pack/calendar-day";
import type { Report } from "../../policy-pack/report/report";
import { CouldNotRun } from "../../preview/could-not-run";
import { withWaivers } from "../../preview/waivers-option";
import { nodeArgumentsOf } from "../npm-script";
import { stranger } from "../policy-pack/stranger-corpus";

import { exportedState } from "./exported-state";

const root = resolve(__dirname, "../..");
const directory = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-")));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : stringify(content));
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Scripts that npm has run; the rest of their runs are by the same command. */
const runByNpm = new Set<string>();

function run(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Ended {
  const [command, ...own] = runByNpm.has(script)
    ? [process.execPath, ...nodeArgumentsOf(script)]
    : ["npm", "run", "--silent", script, "--"];
  runByNpm.add(script);
  const { status, stdout, stderr } = spawnSync(command, [...own, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", ...environment },
  });
  return { code: status, stdout, stderr };
}

/** A day some days from now on, in UTC. */
const inDays = (days: number): string => utcDay(new Date(Date.now() + days * 24 * 60 * 60 * 1000));

const urn = "urn:pulumi:bucket::fixture::aws:s3/bucket:Bucket::scans";
const good = {
  rule: "platform-services-are-private",
  resource: urn,
  reason: "The bucket moves behind its endpoint with the next release.",
  owner: "network@clinic.example",
  expires: inDays(60),
};

describe("npm run preview -- --waivers", () => {
  const preview = (args: readonly string[], environment?: Readonly<Record<string, string>>): Ended =>
    run("preview", ["--program", "test/preview/fixtures/program", "--stack", "bucket", ...args], environment);
  const report = (entries: unknown): { readonly code: number | null; readonly report: Report } => {
    const { code, stdout } = preview(["--json", "--waivers", file("waivers.yaml", entries)]);
    return { code, report: JSON.parse(stdout) as Report };
  };
  const refused = ({ findings }: Report): readonly string[] =>
    findings.filter(({ level }) => level === "mandatory").map(({ rule }) => rule);

  it("is needed: the stack is refused without", () => {
    const { code, stdout } = preview([]);
    expect(code).toBe(1);
    expect(stdout).toContain("answers by its public name");
    expect(stdout).not.toContain("Waivers");
  });

  it("accepts what is waived, with exit code 0, and shows the waiver, from a path of whoever runs it", () => {
    const path = relative(root, file("own.yaml", [good]));
    const { code, stdout } = preview(["--waivers", path]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      `Note:      Waived until ${good.expires} by network@clinic.example: The bucket moves behind its endpoint with the next release.`,
    );
    expect(stdout).toContain(
      [
        "Waivers",
        `  used       platform-services-are-private for ${urn}`,
        `             until ${good.expires} by network@clinic.example: ${good.reason}`,
      ].join("\n"),
    );
    expect(stdout).toMatch(/\nACCEPTED {2}1 resource, 0 connections, no violation, 2 waived, \d+\.\d s\n$/);
  });

  it("says in the report for machines which waiver touches a finding", () => {
    const expired = { ...good, rule: "BH-112", expires: inDays(-1) };
    const { code, report: shown } = report([good, expired]);
    expect(code).toBe(0);
    expect(shown.verdict).toBe("accepted");
    expect(shown.waivers).toEqual([
      { ...good, status: "used", problem: null },
      { ...expired, status: "expired", problem: `it ended on ${expired.expires}` },
    ]);
    const touched = shown.findings.filter(({ waiver }) => waiver !== null);
    expect(touched.length).toBeGreaterThan(0);
    expect(touched.map(({ id, urn: at, level, waiver }) => ({ id, at, level, waiver }))).toEqual(
      touched.map(() => ({ id: "BH-110", at: urn, level: "advisory", waiver: 0 })),
    );
    // The pack says the same as the judge of the preview: nothing is known by its text alone.
    expect(shown.findings.filter(({ verdict }) => verdict === null)).toEqual([]);
  });

  it("refuses with one of the first group, that is too broad, that ends too late, or that is half written", () => {
    const first = { ...good, rule: "BH-101" };
    const broad = { ...good, resource: "**" };
    const late = { ...good, expires: inDays(92) };
    const { code, report: shown } = report([first, broad, late]);
    expect(code).toBe(1);
    expect(shown.waivers.map(({ status }) => status).sort()).toEqual(["refused", "refused", "too-broad"]);
    expect(refused(shown)).toEqual([
      "platform-services-are-private",
      "waivers-are-in-order",
      "waivers-are-in-order",
      "waivers-are-in-order",
    ]);
    const { report: unread } = report([{ ...good, owner: undefined }]);
    expect(refused(unread)).toEqual(["platform-services-are-private", "waivers-are-in-order"]);
    expect(unread.waivers).toMatchObject([{ owner: "", status: "refused" }]);
  });

  it("refuses where the file is not there", () => {
    const { code, stdout } = preview(["--waivers", join(directory, "none.yaml")]);
    expect(code).toBe(1);
    expect(stdout).toContain("The file of waivers is refused, and none of its waivers counts: 1 problem.");
    expect(stdout).toContain("none.yaml cannot be read: ENOENT");
  });

  it("may be said by the environment, and is not guessed if two files are named", () => {
    const path = file("environment.yaml", [good]);
    expect(preview([], { BULKHEAD_WAIVERS: path }).code).toBe(0);
    expect(preview([], { BULKHEAD_WAIVERS: relative(root, path) }).code).toBe(1);
    const two = preview(["--waivers", file("other.yaml", [good])], { BULKHEAD_WAIVERS: path });
    expect(two.code).toBe(1);
    expect(two.stdout).toContain(`the environment variable BULKHEAD_WAIVERS names ${path}`);
  });

  it("is the pack's configuration, which may not name another file", () => {
    const path = join(directory, "waivers.yaml");
    const policy = "waivers-are-in-order";
    const named = (properties: Readonly<Record<string, unknown>>, level?: "disabled") =>
      new Map([[policy, { enforcementLevel: level, properties }]]);
    expect(withWaivers(new Map(), path)).toEqual(named({ file: path }));
    expect(withWaivers(new Map(), relative(process.cwd(), path))).toEqual(named({ file: path }));
    expect(withWaivers(named({ file: path }, "disabled"), path)).toEqual(named({ file: path }, "disabled"));
    expect(() => withWaivers(named({ file: "/other.yaml" }), path)).toThrow(CouldNotRun);
  });
});

describe("npm run judge -- --waivers", () => {
  it("accepts a state by a waiver, and refuses it without", () => {
    const stack = stranger("deployed");
    stack.add("aws:s3/bucket:Bucket", "phi-scans", { bucket: "scans", tags: { "bulkhead-zone": "phi" } });
    const state = file("state.json", JSON.stringify(exportedState(stack.resources())));
    const waivers = file("state.yaml", [
      { ...good, resource: "urn:pulumi:*::bulkhead::aws:s3/bucket:Bucket::phi-scan*" },
    ]);
    expect(run("judge", ["--state", state]).code).toBe(1);
    const { code, stdout } = run("judge", ["--state", state, "--waivers", waivers]);
    expect(stdout).toContain("  used       platform-services-are-private for urn:pulumi:*::bulkhead::");
    expect(code).toBe(0);
  });
});

describe("npm run gate:check-config -- --waivers", () => {
  const check = (...args: readonly string[]): Ended => run("gate:check-config", args);

  it("says that a file is in order, and how many of it have expired", () => {
    const path = file("check.yaml", [good, { ...good, rule: "BH-112", expires: inDays(-3) }]);
    expect(check("--waivers", path)).toEqual({
      code: 0,
      stdout: `${path} is in order: 2 waivers, of which 1 have expired.\n`,
      stderr: "",
    });
  });

  it("lists every problem of what can be read, with its remedy", () => {
    const path = file("broad.yaml", [
      { ...good, rule: "BH-101" },
      { ...good, resource: "*" },
      { ...good, rule: "BH-9" },
      good,
      { ...good, rule: "BH-112", expires: inDays(-3) },
    ]);
    const { code, stdout, stderr } = check("--waivers", path);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`${path} is refused: 3 findings.\n`);
    expect(stderr.match(/^ {2}\S.*$/gm)).toEqual([
      `  BH-101 for ${urn}`,
      "  platform-services-are-private for *",
      `  BH-9 for ${urn}`,
    ]);
    expect(stderr.match(/^ {6}Remedy: \S/gm)).toHaveLength(3);
  });

  it("lists every problem of what cannot be read", () => {
    const { code, stderr } = check("--waivers", file("unread.yaml", [{ ...good, owner: "" }, { rule: 1 }]));
    expect(code).toBe(1);
    expect(stderr.match(/^ {2}\S.*$/gm)).toEqual([
      "  [0].owner",
      "  [1].rule",
      "  [1].resource",
      "  [1].reason",
      "  [1].owner",
      "  [1].expires",
    ]);
    expect(check("--waivers", join(directory, "none.yaml")).code).toBe(1);
  });

  it("checks both files where both are named, and none where none is", () => {
    const fits = file(
      "fits.json",
      JSON.stringify({ "waivers-are-in-order": { file: "/builds/waivers.yaml" } }),
    );
    const path = file("both.yaml", [good]);
    expect(check(fits, "--waivers", path)).toMatchObject({ code: 0, stderr: "" });
    expect(check(fits, "--waivers", file("neither.yaml", "- x")).code).toBe(1);
    const relativePath = file(
      "relative.json",
      JSON.stringify({ "waivers-are-in-order": { file: "waivers.yaml" } }),
    );
    const { code, stderr } = check(relativePath, "--waivers", path);
    expect(code).toBe(1);
    expect(stderr).toContain("waivers-are-in-order.file");
    const misspelt = file("misspelt.json", JSON.stringify({ "waivers-are-in-order": { fil: "/x" } }));
    expect(check(misspelt).stderr).toContain("waivers-are-in-order.fil");
    const lowered = file("lowered.json", JSON.stringify({ "waivers-are-in-order": "disabled" }));
    expect(check(lowered).code).toBe(1);
    expect(check().code).toBe(2);
  });
});
