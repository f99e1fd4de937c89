import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { AccessDocument } from "../../../model/access-document";
import { writeSdsFiles } from "../../../services/credentials/sds-files";
import { RunningService } from "../running-service";
import { TestAuthority } from "../test-authority";

import { documentWith } from "./access-documents";
import { credentialOf } from "./test-decision-point";

const main = "services/decision-point/main.ts";

let folder: string;
let document: AccessDocument;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-decision-point-"));
  document = documentWith();
  writeFileSync(join(folder, "access.json"), JSON.stringify(document));
  await writeSdsFiles(folder, await credentialOf(await TestAuthority.create(), document.decisionPoint));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function environment(changes: Readonly<Record<string, string | undefined>> = {}): Record<string, string> {
  const good: Readonly<Record<string, string | undefined>> = {
    HOST: "127.0.0.1",
    PORT: "0",
    BULKHEAD_SPIFFE_ID: document.decisionPoint,
    BULKHEAD_CERTIFICATE_FOLDER: folder,
    BULKHEAD_ACCESS_FILE: join(folder, "access.json"),
  };
  return Object.fromEntries(
    Object.entries({ ...good, ...changes }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

/** What the program says of itself. */
function said(program: RunningService): readonly Readonly<Record<string, unknown>>[] {
  return program.errors
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

async function portOf(program: RunningService): Promise<number> {
  // Its first record is written before it listens.
  await program.line(() => true);
  for (;;) {
    const started = said(program).find(({ event }) => event === "started");
    if (started !== undefined) {
      return Number(started["port"]);
    }
    if (program.process.exitCode !== null) {
      throw new Error(program.errors);
    }
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

describe("the program", () => {
  it("answers, keeps its output for records, says that it is well, and stops when it is told to", async () => {
    const told = { BULKHEAD_ACCESS_FILE: undefined, BULKHEAD_ACCESS: JSON.stringify(document) };
    const program = new RunningService(main, [], environment(told));
    const port = await portOf(program);
    const response = await fetch(`http://127.0.0.1:${String(port)}/access/v1/evaluation`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-forwarded-client-cert": `URI=${String(document.workloads["ai-gateway"])}`,
      },
      body: JSON.stringify({
        subject: { type: "user", id: "anna" },
        action: { name: "use" },
        resource: { type: "resource", id: "knowledge_base_query" },
      }),
    });
    expect(await response.json()).toMatchObject({ decision: false, context: { trustLevel: "NONE" } });
    const well = new RunningService(main, ["check"], environment({ PORT: String(port) }));
    expect(await well.ended).toBe(0);
    expect(await program.stop()).toBe(0);
    expect(program.lines.map(({ class_uid, status_code }) => [class_uid, status_code])).toEqual([
      [expect.any(Number), undefined],
      [6003, "NONE"],
      [expect.any(Number), undefined],
    ]);
    expect(said(program).map(({ event }) => event)).toEqual(["started", "stopped"]);
    const ill = new RunningService(main, ["check"], environment({ PORT: String(port) }));
    expect(await ill.ended).toBe(1);
    expect(ill.errors).toContain("The decision point does not answer");
  });

  it("ends the chain of its records if it cannot listen, and begins none without a certificate", async () => {
    const program = new RunningService(main, [], environment());
    const taken = new RunningService(main, [], environment({ PORT: String(await portOf(program)) }));
    expect(await taken.ended).toBe(2);
    expect(taken.errors).toContain("EADDRINUSE");
    expect(taken.lines.map(({ message }) => message)).toEqual([
      "A chain of records begins.",
      "The writer of the chain stops.",
    ]);
    expect(await program.stop()).toBe(0);
    const nobody = new RunningService(main, [], environment({ BULKHEAD_CERTIFICATE_FOLDER: "/nowhere" }));
    expect([await nobody.ended, nobody.lines]).toEqual([2, []]);
  });

  it.each([
    ["without a port", { PORT: undefined }, "PORT"],
    ["with an empty port", { PORT: "" }, "PORT: is no port"],
    ["on an address that others reach", { HOST: "0.0.0.0" }, "HOST: is not the loopback"],
    ["without an access policy", { BULKHEAD_ACCESS_FILE: undefined }, "exactly one of BULKHEAD_ACCESS"],
    ["with two", { BULKHEAD_ACCESS: "{}" }, "exactly one of BULKHEAD_ACCESS"],
    ["with one that is not there", { BULKHEAD_ACCESS_FILE: "/nowhere" }, "ENOENT"],
    [
      "with one that is none",
      { BULKHEAD_ACCESS_FILE: undefined, BULKHEAD_ACCESS: "{}" },
      "The access document is refused",
    ],
    ["as somebody else", { BULKHEAD_SPIFFE_ID: "spiffe://ai.hospital.example/x" }, "BULKHEAD_SPIFFE_ID: is "],
    ["without a certificate", { BULKHEAD_CERTIFICATE_FOLDER: "/nowhere" }, "There is no file"],
    ["with a file for records that cannot be written", { BULKHEAD_AUDIT_FILE: "/nowhere/x" }, "/nowhere/x"],
  ])("does not start %s", async (_what, changes, problem) => {
    const program = new RunningService(main, [], environment(changes));
    expect(await program.ended).toBe(2);
    expect(program.errors).toContain(problem);
  });
});
