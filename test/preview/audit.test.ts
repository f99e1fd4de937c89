import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, describe, expect, it } from "vitest";

import { verifiedRecords } from "../../preview/verified-records";
import type { Verification } from "../../services/audit/chain-verification";
import type { ChainHead } from "../../services/audit/record-chain";
import { nodeArgumentsOf } from "../npm-script";
import { chainLines } from "../services/audit/audit-example";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string | Buffer | readonly string[]): string {
  const path = join(directory, name);
  writeFileSync(
    path,
    Array.isArray(content) ? content.map((line) => `${String(line)}\n`).join("") : (content as string),
  );
  return path;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the command is run: by npm at first, and then by the same command. */
let command: readonly [string, ...string[]] = ["npm", "run", "--silent", "audit", "--"];

function run(...args: readonly string[]): Ended {
  const [first, ...own] = command;
  command = [process.execPath, ...nodeArgumentsOf("audit")];
  const { status, stdout, stderr } = spawnSync(first, [...own, ...args], { cwd: root, encoding: "utf8" });
  return { code: status, stdout, stderr };
}

interface Options {
  readonly heads?: readonly ChainHead[];
  readonly isOrdered?: boolean;
}

function verified(path: string, { heads = [], isOrdered = true }: Options = {}): Verification {
  return verifiedRecords([path], { heads, isOrdered });
}

/** The findings, without the folder of this test. */
function findings(path: string, options?: Options): readonly string[] {
  return verified(path, options).breaches.map(
    ({ path: place, message }) => `${place.replace(`${directory}/`, "")}: ${message}`,
  );
}

const lines = chainLines(["u-1", "u-2", "u-3", "u-4"]);
const other = chainLines(["u-5"], "chain-2");
function headsOf(content: readonly string[]): readonly ChainHead[] {
  return verified(file("head.jsonl", content)).chains.map(({ head }) => head);
}

/** The lines of the chain, some of them others. */
function changed(change: (lines: string[]) => void): readonly string[] {
  const copy = [...lines];
  change(copy);
  return copy;
}

describe("npm run audit -- verify", () => {
  it("says that the chains of several replicas in one file are whole, with exit code 0", () => {
    const [first = "", ...rest] = lines;
    const { code, stdout, stderr } = run(
      "verify",
      file("whole.jsonl", [first, ...other, "{}", "started", ...rest]),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Every chain is whole\.\n2 chains:\n {2}chain-1 of spiffe:\/\/\S+\n {6}6 records, 0 to 5; its writer stopped\n {6}head: chain-1\/5=[0-9a-f]{64}\n {2}chain-2 of spiffe:\/\/\S+\n {6}3 records, 0 to 2; its writer stopped\n {6}head: chain-2\/2=[0-9a-f]{64}\n2 lines left out, no record in them: \S+whole\.jsonl:5, \S+whole\.jsonl:6\n$/,
    );
  });

  it("says as JSON what a later verification is told with --head, and takes it", () => {
    const path = file("json.jsonl", lines);
    const { code, stdout } = run("verify", "--json", path);
    const { chains, ...rest } = JSON.parse(stdout) as {
      readonly chains: readonly { readonly head: string }[];
    };
    const head = chains[0]?.head ?? "";
    expect({ code, rest }).toEqual({
      code: 0,
      rest: { isWhole: true, repeated: 0, leftOut: { lines: 0, first: [] }, findings: [] },
    });
    expect(chains).toEqual([
      {
        authority: "spiffe://ai.hospital.example/zone/processing/workload/decision-point",
        first: 0,
        records: 6,
        isStopped: true,
        head: expect.stringMatching(/^chain-1\/5=[0-9a-f]{64}$/) as unknown,
      },
    ]);
    expect(run("verify", "--head", head, path).code).toBe(0);
    const cut = run("verify", "--json", "--any-order", "--head", head, file("cut.jsonl", lines.slice(0, 4)));
    expect(cut.code).toBe(1);
    expect(JSON.parse(cut.stdout)).toMatchObject({ isWhole: false, findings: [{ path: "chain-1/5" }] });
  });

  it("lists every finding with its place and its remedy, with exit code 1", () => {
    const { code, stdout } = run(
      "verify",
      file(
        "two.jsonl",
        changed((copy) =>
          copy.splice(1, 1, (copy[1] ?? "").replace("nurse", "admin")).concat(copy.splice(3, 1)),
        ),
      ),
    );
    expect(code).toBe(1);
    expect(stdout).toContain("The records are not whole: 2 findings.\n");
    expect(stdout).toMatch(
      /two\.jsonl:2\n {6}The record chain-1\/1 was changed: it is not what its fingerprint is of\.\n {6}Remedy: /,
    );
    expect(stdout).toMatch(/ {2}chain-1\n {6}The record 3 is missing\.\n {6}Remedy: /);
  });

  it.each<[string, (copy: string[]) => void, readonly string[]]>([
    ["taken out", (copy) => copy.splice(2, 2), ["chain-1: The records 2 to 3 are missing."]],
    ["taken out of the beginning", (copy) => copy.shift(), ["chain-1: The record 0 is missing."]],
    [
      "made unreadable",
      (copy) => (copy[2] = copy[2]?.slice(5) ?? ""),
      [
        "chain-1: The record 2 is missing.",
        "records.jsonl:3: The record chain-1/2 is here, and cannot be read as one.",
      ],
    ],
    ...(
      [
        ["cut off", (line) => line.slice(0, -9)],
        ["numbered by a text", (line) => line.replace('"sequence":5', '"sequence":"5"')],
        ["given a second answer", (line) => line.replace("{", '{"message":"x",')],
      ] as const satisfies readonly (readonly [string, (line: string) => string])[]
    ).map(([name, spoil]): [string, (copy: string[]) => void, readonly string[]] => [
      `${name} at the end, where no other record is bound to it`,
      (copy) => (copy[5] = spoil(copy[5] ?? "")),
      ["records.jsonl:6: The record chain-1/5 is here, and cannot be read as one."],
    ]),
    [
      "made unreadable, and given another number",
      (copy) => (copy[5] = copy[5]?.slice(5).replaceAll('"sequence"', '"number"') ?? ""),
      ["records.jsonl:6: It has the words of a record, and cannot be read as one."],
    ],
    [
      "given a number beyond all numbers",
      (copy) => (copy[5] = copy[5]?.replace(/"time":\d+/, '"time":1e999') ?? ""),
      ["records.jsonl:6: The record chain-1/5 was changed: it is not what its fingerprint is of."],
    ],
    [
      "put elsewhere",
      (copy) => copy.splice(1, 2, copy[2] ?? "", copy[1] ?? ""),
      ["records.jsonl:3: The record chain-1/1 stands behind chain-1/2."],
    ],
    [
      "put in",
      (copy) => copy.splice(2, 0, chainLines(["u-9"])[1] ?? ""),
      ["records.jsonl:3: There are two different records chain-1/1."],
    ],
    [
      "written anew, with all that it says of itself",
      (copy) => copy.splice(2, 1, chainLines(["u-1", "u-9"])[2] ?? ""),
      [
        "chain-1/2: It is bound to another record than the one before it.",
        "chain-1/3: It is bound to another record than the one before it.",
      ],
    ],
    [
      "given another place",
      (copy) => (copy[5] = copy[5]?.replace('"sequence":5', '"sequence":6') ?? ""),
      [
        "records.jsonl:6: The record chain-1/5 was changed: it is not what its fingerprint is of.",
        "records.jsonl:6: The record chain-1/5 stands at chain-1/6, which is not its number.",
        "chain-1/6: It is not bound to the record before it.",
      ],
    ],
    [
      "written by another",
      (copy) =>
        (copy[5] = copy[5]?.replace('"authority_uid":"spiffe://', '"authority_uid":"spiffe://evil.') ?? ""),
      [
        "records.jsonl:6: The record chain-1/5 was changed: it is not what its fingerprint is of.",
        "records.jsonl:6: spiffe://evil.ai.hospital.example/zone/processing/workload/decision-point wrote into the chain chain-1 of spiffe://ai.hospital.example/zone/processing/workload/decision-point.",
      ],
    ],
  ])("finds what was %s", (_, change, expected) => {
    expect(findings(file("records.jsonl", changed(change)))).toEqual(expected);
  });

  it("finds every character that was changed, as well as what was added", () => {
    const line = lines[1] ?? "";
    const [prefix, rest] = [line.indexOf("u-1"), '"device":"compliant"'];
    expect(
      findings(
        file(
          "one.jsonl",
          changed((copy) => (copy[1] = `${line.slice(0, prefix)}u-2${line.slice(prefix + 3)}`)),
        ),
      ),
    ).toHaveLength(1);
    expect(
      findings(
        file(
          "more.jsonl",
          changed((copy) => (copy[1] = line.replace(rest, `"note":"x",${rest}`))),
        ),
      ),
    ).toHaveLength(1);
  });

  it("finds with the head of an earlier verification what was cut off at the end, or written anew from somewhere on", () => {
    const heads = headsOf(lines);
    expect(findings(file("all.jsonl", lines), { heads })).toEqual([]);
    const cut = file("cut.jsonl", lines.slice(0, 4));
    expect(findings(cut)).toEqual([]);
    const missing = "The record was there at an earlier verification, and is missing.";
    expect(findings(cut, { heads })).toEqual([`chain-1/5: ${missing}`]);
    expect(findings(file("others.jsonl", other), { heads })).toEqual([`chain-1/5: ${missing}`]);
    expect(findings(file("empty.jsonl", []), { heads })).toEqual([`chain-1/5: ${missing}`]);
    expect(findings(file("anew.jsonl", chainLines(["u-1", "u-9", "u-3", "u-4"])), { heads })).toEqual([
      "chain-1/5: The record is another one than that of the earlier verification.",
    ]);
  });

  it("goes on from the head of an earlier verification", () => {
    const later = file("later.jsonl", lines.slice(3));
    expect(findings(later)).toEqual(["chain-1: The records 0 to 2 are missing."]);
    expect(findings(later, { heads: headsOf(lines.slice(0, 3)) })).toEqual([]);
    expect(findings(later, { heads: headsOf(lines.slice(0, 2)) })).toEqual([
      "chain-1: The records 0 to 2 are missing.",
      "chain-1/1: The record was there at an earlier verification, and is missing.",
    ]);
  });

  it("takes records that were delivered twice for one, and any order where it is told that there is none", () => {
    const twice = file("twice.jsonl", [...lines, ...lines]);
    expect(verified(twice)).toMatchObject({ repeated: 6, breaches: [] });
    expect(findings(file("backwards.jsonl", [...lines].reverse()), { isOrdered: false })).toEqual([]);
  });

  const time = "2026-11-30T06:00:00.000Z";
  const parsed = lines.map((line): unknown => JSON.parse(line));
  const messages = lines.map((message, id) => ({ id: String(id), timestamp: Date.parse(time), message }));
  /** An object of which nothing stands where it stood: Cloud Logging and Log Analytics keep no order of keys. */
  const backwards = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(backwards)
      : typeof value === "object" && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([key, part]) => [key, backwards(part)]),
          )
        : value;

  it.each<[string, string | Buffer | readonly string[]]>([
    ["CloudWatch Logs, filter-log-events", JSON.stringify({ events: messages }, undefined, 4)],
    ["CloudWatch Logs, exported to S3", gzipSync(lines.map((line) => `${time} ${line}\n`).join(""))],
    [
      "CloudWatch Logs, through Firehose, one behind the other",
      gzipSync(
        [messages.slice(0, 2), messages.slice(2)]
          .map((logEvents) =>
            JSON.stringify({ messageType: "DATA_MESSAGE", logGroup: "access-decisions", logEvents }),
          )
          .join(""),
      ),
    ],
    [
      "CloudWatch Logs Insights",
      JSON.stringify({
        results: lines.map((value) => [
          { field: "@timestamp", value: time },
          { field: "@message", value },
        ]),
      }),
    ],
    [
      "Log Analytics, exported to a storage account",
      lines.map((message) =>
        JSON.stringify({ TimeGenerated: time, Record: { message, host: "a" }, Type: "t" }),
      ),
    ],
    [
      "Log Analytics, az monitor log-analytics query",
      JSON.stringify(
        lines.map((message) => ({
          Record: JSON.stringify({ message, container: "program" }),
          TableName: "t",
        })),
        undefined,
        2,
      ),
    ],
    [
      "Cloud Logging, exported to a bucket",
      lines.map((message) =>
        JSON.stringify({ insertId: "1", jsonPayload: { message, container: { name: "/p" } } }),
      ),
    ],
    [
      "Cloud Logging, gcloud logging read, with the line as JSON",
      JSON.stringify(
        parsed.map((record) => ({ jsonPayload: backwards(record), logName: "l" })).reverse(),
        undefined,
        2,
      ),
    ],
    ["a log into which another line was written half", lines.map((line) => `{"event":"star${line}`)],
    ["lines with carriage returns", lines.map((line) => `${line}\r`)],
  ])("reads what %s gives out", (_, content) => {
    expect(verified(file("export", content))).toMatchObject({
      breaches: [],
      chains: [{ records: 6, first: 0 }],
    });
  });

  it("leaves out what a program prints besides, and parts of records that it wrote again, and names them", () => {
    const torn = [20, 600, 900].map((length) => lines[2]?.slice(0, length) ?? "");
    const printed = ["Listening on 127.0.0.1:8080.", '{"level":"info","uid":"a/2"}', "", ...torn];
    const path = file("program.jsonl", [...lines.slice(0, 2), ...printed, ...lines.slice(2)]);
    expect(verified(path)).toMatchObject({
      breaches: [],
      leftOut: { lines: 5, first: [3, 4, 6, 7, 8].map((line) => `${path}:${String(line)}`) },
    });
    const many = verified(file("many.jsonl", [...lines, ...Array.from({ length: 50 }, () => "{}")]));
    expect([many.leftOut.lines, many.leftOut.first.length]).toEqual([50, 20]);
  });

  it("reads every record of a line, however many there are", () => {
    const users = Array.from({ length: 1500 }, (_, user) => `u-${String(user)}`);
    const path = file("one-line.json", chainLines(users).join(""));
    expect(verified(path)).toMatchObject({ breaches: [], chains: [{ records: 1502, isStopped: true }] });
  });

  it("finds the last record of what a cloud gives out, where it was made unreadable there", () => {
    const events = messages.map((event, at) => ({
      ...event,
      message: at === 5 ? event.message.slice(1) : event.message,
    }));
    expect(findings(file("events.json", JSON.stringify({ events })))).toEqual([
      "events.json:1: The record chain-1/5 is here, and cannot be read as one.",
    ]);
  });

  it("finds in what a cloud gives out what was changed there", () => {
    const events = messages.map((event) => ({ ...event, message: event.message.replace("u-2", "u-8") }));
    expect(findings(file("events.json", JSON.stringify({ events }, undefined, 2)))).toEqual([
      "events.json:1: The record chain-1/2 was changed: it is not what its fingerprint is of.",
    ]);
  });

  it.each<[string, readonly string[], RegExp]>([
    [
      "there is no file",
      ["verify", "/nowhere/records.jsonl"],
      /\/nowhere\/records\.jsonl cannot be read: ENOENT/,
    ],
    [
      "there is no record",
      ["verify", file("none.jsonl", ["started", "{}"])],
      /There is no record in .*none\.jsonl\./,
    ],
    ["a head is none", ["verify", "--head", "chain-1", "x"], /It is no head/],
    ["no file is named", ["verify"], /missing required argument/],
    ["nothing is asked for", [], /Usage: audit/],
  ])("could not run where %s, with exit code 2", (_, args, message) => {
    const { code, stdout, stderr } = run(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
  });
});
