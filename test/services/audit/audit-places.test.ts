import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface, type Interface } from "node:readline";

import { afterAll, describe, expect, it } from "vitest";

import { AuditUnavailable } from "../../../services/audit/audit-event";
import { ChainVerification } from "../../../services/audit/chain-verification";
import type { ChainedTrail } from "../../../services/audit/chained-trail";
import { exportedRecords } from "../../../services/audit/exported-records";
import { openAuditTrail } from "../../../services/audit/open-audit-trail";

import { decision, document } from "./audit-example";

const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

function open(file: string, workload = "decision-point"): ChainedTrail {
  return openAuditTrail({ workload, document, environment: { BULKHEAD_AUDIT_FILE: file } });
}

/** What verification says of some bytes: the records of each chain, and what is wrong. */
function verified(content: Buffer): {
  readonly records: readonly number[];
  readonly breaches: readonly string[];
} {
  const verification = new ChainVerification();
  for (const found of exportedRecords(content)) {
    if (found.record === undefined) {
      verification.leaveOut(found, "file");
    } else {
      verification.add(found.record, { name: "file", sequenceOf: "file" });
    }
  }
  const { chains, breaches } = verification.result([]);
  return { records: chains.map(({ records }) => records), breaches: breaches.map(({ message }) => message) };
}

function codesOf(file: string): readonly unknown[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { metadata: { event_code: unknown } }).metadata.event_code);
}

describe("a file of records", () => {
  it("is for its owner alone, and goes on with its chain after a restart", () => {
    const file = join(directory, "restarted.jsonl");
    for (let start = 0; start < 2; start += 1) {
      const trail = open(file);
      trail.append(decision);
      trail.close();
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(codesOf(file)).toEqual([
      "chain-began",
      "access-decision",
      "chain-stopped",
      "chain-continued",
      "access-decision",
      "chain-stopped",
    ]);
    expect(verified(readFileSync(file))).toEqual({ records: [6], breaches: [] });
  });

  it("goes on behind a line that a crash cut off", () => {
    const file = join(directory, "torn.jsonl");
    open(file).append(decision);
    appendFileSync(file, '{"action_id":1,"acti');
    open(file).append(decision);
    expect(readFileSync(file, "utf8").split("\n")[2]).toBe('{"action_id":1,"acti');
    expect(verified(readFileSync(file))).toEqual({ records: [4], breaches: [] });
  });

  it("is not gone on with if its last record was changed, or is another's", () => {
    const file = join(directory, "changed.jsonl");
    open(file).append(decision);
    expect(() => open(file, "agent-tools")).toThrow(/is that of spiffe:.*Keep the file/);
    writeFileSync(file, readFileSync(file, "utf8").replaceAll("nurse", "admin"));
    expect(() => open(file)).toThrow(/was changed\. Keep the file/);
  });

  it.each<[string, (file: string) => void, RegExp]>([
    ["grew by another hand", (file) => appendFileSync(file, "\n"), /Something else writes to/],
    ["was cut", (file) => writeFileSync(file, ""), /Something else writes to/],
    ["was taken away", (file) => rmSync(file), /was taken away/],
  ])("takes nothing any more once it %s", (name, change, why) => {
    const file = join(directory, `${name}.jsonl`);
    const trail = open(file);
    change(file);
    expect(() => trail.append(decision)).toThrow(why);
    expect(() => trail.append(decision)).toThrow(AuditUnavailable);
    expect(() => trail.append(decision)).toThrow(why);
  });

  it.each([
    ["a folder", directory],
    ["a file in no folder", join(directory, "none", "records.jsonl")],
    ["no file", "/dev/full"],
  ])("is not %s", (_, file) => {
    expect(() => open(file)).toThrow(AuditUnavailable);
  });

  it("is no other workload's than the access document names", () => {
    expect(() => open(join(directory, "other.jsonl"), "nobody")).toThrow(/names no workload nobody/);
  });
});

/** A program that writes its records to standard output. */
class TrailProgram {
  readonly process: ChildProcess;
  readonly #said: Interface;

  constructor(output: "pipe" | "ignore" | number, environment: Readonly<Record<string, string>> = {}) {
    const stdio: StdioOptions = ["pipe", output, "pipe"];
    this.process = spawn(process.execPath, ["--require", "tsx/cjs", resolve(__dirname, "trail-program.ts")], {
      cwd: resolve(__dirname, "../../.."),
      env: { PATH: process.env["PATH"] ?? "", ...environment },
      stdio,
    });
    if (this.process.stderr === null) {
      throw new Error("the program has no standard error");
    }
    this.#said = createInterface({ input: this.process.stderr });
  }

  /** The next line that it says. */
  async next(): Promise<unknown> {
    const [line] = (await once(this.#said, "line")) as [string];
    return JSON.parse(line);
  }

  async record(count: number): Promise<unknown> {
    const said = this.next();
    this.process.stdin?.write(`${String(count)}\n`);
    return said;
  }

  end(): void {
    this.process.stdin?.end();
  }
}

describe("records on standard output", () => {
  it("are lines of the container's log, and nothing is answered that the pipe did not take", async () => {
    const program = new TrailProgram("pipe");
    expect(await program.next()).toEqual({ event: "opened" });
    expect(await program.record(3)).toEqual({ event: "recorded", written: 3, refused: [] });
    // Nobody reads now: what the pipe holds is written, what it does not hold is refused, and the program goes on.
    expect(await program.record(2000)).toMatchObject({
      event: "recorded",
      refused: ["The record could not be written: nobody reads the pipe."],
    });
    const chunks: Buffer[] = [];
    program.process.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    // Records are taken again once somebody reads; until then, some may still be refused.
    let taken = 0;
    while (taken === 0) {
      const { written } = (await program.record(1)) as { readonly written: number };
      taken += written;
    }
    program.end();
    await once(program.process, "close");
    const content = Buffer.concat(chunks);
    const { records, breaches } = verified(content);
    expect(breaches).toEqual([]);
    expect(records).toHaveLength(1);
    expect(content.toString("utf8").trimEnd().split("\n").at(-1)).toContain('"event_code":"chain-stopped"');
  });

  it("are refused once nobody has the other end of the pipe", async () => {
    const program = new TrailProgram("pipe");
    await program.next();
    program.process.stdout?.destroy();
    await once(program.process.stdout ?? program.process, "close");
    expect(await program.record(1)).toEqual({
      event: "recorded",
      written: 0,
      refused: [
        expect.stringMatching(/^The record could not be written to the pipe: (?:EPIPE|ECONNRESET)\.$/),
      ],
    });
    program.process.kill("SIGKILL");
  });

  it.each<[string, "ignore" | number, RegExp]>([
    ["to the null device", "ignore", /go to the null device/],
    ["to a full disk", openSync("/dev/full", "w"), /ENOSPC/],
  ])("let no trail be opened %s", async (_, output, why) => {
    const program = new TrailProgram(output);
    expect(await program.next()).toEqual({ event: "refused", why: expect.stringMatching(why) as unknown });
    program.process.kill("SIGKILL");
  });
});
