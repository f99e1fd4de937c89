import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { auditRecordSchema } from "../../../services/audit/audit-record";
import { foundRecord } from "../../../services/audit/found-record";
import { guardSettings } from "../../../services/egress-guard/guard-settings";
import { RunningService } from "../running-service";
import { TestAuthority } from "../test-authority";

import { caller, document } from "./test-guard";

let folder: string;
let environment: Record<string, string>;
const services: RunningService[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-guard-"));
  const { bundle } = await TestAuthority.create();
  const hashKey = randomBytes(32).toString("base64");
  writeFileSync(join(folder, "authority.pem"), bundle);
  writeFileSync(join(folder, "keys.json"), JSON.stringify({ hashKey, providers: { openai: "sk-secret" } }));
  environment = {
    PORT: "0",
    BULKHEAD_SPIFFE_ID: document.egressGuard,
    BULKHEAD_INSPECTION: JSON.stringify(document),
    BULKHEAD_CLOUD: "file",
    BULKHEAD_PROVIDER_KEYS: join(folder, "keys.json"),
    BULKHEAD_FIREWALL_AUTHORITY: join(folder, "authority.pem"),
    BULKHEAD_AUDIT_FILE: join(folder, "records"),
  };
});
afterEach(async () => {
  for (const service of services.splice(0)) {
    service.process.kill("SIGKILL");
    await service.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

it("starts, refuses, records in a chain, and ends when it is told to", async () => {
  const service = new RunningService("services/egress-guard/main.ts", [], environment);
  services.push(service);
  const port = await vi.waitFor(
    () => {
      const found = /"event":"started","port":(\d+)/.exec(service.errors)?.[1];
      if (found === undefined) {
        throw new Error(service.errors);
      }
      return found;
    },
    { timeout: 60_000 },
  );
  const response = await fetch(`http://127.0.0.1:${port}/openai/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-forwarded-client-cert": `URI=${caller}` },
    body: JSON.stringify({ model: "John Smith", messages: [] }),
  });
  expect(response.status).toBe(403);
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  expect(await service.stop()).toBe(0);
  const text = readFileSync(join(folder, "records"), "utf8");
  const records = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(records.map((record) => auditRecordSchema.safeParse(record).error)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  expect(records.map((record) => foundRecord(record)?.isIntact)).toEqual([true, true, true]);
  expect(records[1]).toMatchObject({
    class_uid: 6003,
    message: "Egress request: refused.",
    status_code: "model-undeclared",
    actor: { app_uid: caller },
    resources: [{ uid: "openai" }, { uid: "undeclared" }],
  });
  expect(text + service.errors).not.toMatch(/John Smith|sk-secret/);
});

it.each([
  ["HOST", "0.0.0.0"],
  ["PORT", "no"],
  ["BULKHEAD_SPIFFE_ID", "spiffe://x/y"],
  ["BULKHEAD_INSPECTION", "{}"],
  ["BULKHEAD_CLOUD", "elsewhere"],
  ["BULKHEAD_INSPECTION_FILE", "/nowhere"],
  ["BULKHEAD_EGRESS_PROXY", "ftp://x"],
])("does not start with another %s", (name, value) => {
  expect(() => guardSettings({ ...environment, [name]: value })).toThrow(
    name === "BULKHEAD_INSPECTION_FILE" ? "BULKHEAD_INSPECTION" : name,
  );
});
