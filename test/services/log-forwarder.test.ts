import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { LogRecord } from "../../services/log-forwarder/journal-records";

import { RunningService } from "./running-service";
import { TestAuthority } from "./test-authority";

const rule = "dcr-0123456789abcdef0123456789abcdef";

let authority: TestAuthority;
let folder: string;
let identity: ReturnType<typeof createServer>;
beforeAll(async () => {
  authority = await TestAuthority.create();
  folder = mkdtempSync(join(tmpdir(), "bulkhead-logs-"));
  writeFileSync(join(folder, "roots.crt"), authority.bundle);
  identity = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "", "http://machine");
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        access_token: `token-of-${String(searchParams.get("client_id"))}-for-${String(searchParams.get("resource"))}`,
        expires_in: "3600",
        token_type: "Bearer",
      }),
    );
  });
  await new Promise<void>((done) => identity.listen(0, "127.0.0.1", done));
});
afterAll(() => {
  identity.closeAllConnections();
  identity.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What was uploaded at once. */
interface Upload {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly bytes: number;
  readonly records: readonly LogRecord[];
}

/** Azure Monitor at its protocol: what it was sent, and what it answers to the next. */
let uploads: Upload[];
let taken: LogRecord[];
let answer: (upload: Upload) => number | undefined;
let server: Server;
let running: RunningService[];
beforeEach(async () => {
  uploads = [];
  taken = [];
  running = [];
  answer = () => 204;
  const { chain, key } = await authority.issue("spiffe://azure/x", { dnsNames: ["localhost"] });
  server = createTlsServer({ cert: chain, key }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      expect(request.headers["content-encoding"]).toBe("gzip");
      const text = gunzipSync(Buffer.concat(chunks));
      const upload = {
        url: `${String(request.method)} ${decodeURIComponent(request.url ?? "")}`,
        authorization: request.headers.authorization,
        bytes: text.length,
        records: JSON.parse(text.toString("utf8")) as readonly LogRecord[],
      };
      uploads.push(upload);
      const status = answer(upload);
      if (status === undefined) {
        return;
      }
      if (status === 204) {
        taken.push(...upload.records);
      }
      response.writeHead(status, { "content-type": "application/json" });
      response.end(status === 204 ? undefined : JSON.stringify({ error: { code: "x", message: "said no" } }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  for (const service of running) {
    service.process.kill("SIGKILL");
    await service.ended;
  }
});

function forwarder(changes: Readonly<Record<string, string>> = {}): RunningService {
  const service = new RunningService("services/log-forwarder/main.ts", [], {
    AZURE_CLIENT_ID: "workload",
    AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${String((identity.address() as AddressInfo).port)}`,
    BULKHEAD_LOGS_ENDPOINT: `https://localhost:${String((server.address() as AddressInfo).port)}`,
    BULKHEAD_LOGS_RULE: rule,
    BULKHEAD_LOGS_STREAM: "Custom-Records",
    NODE_EXTRA_CA_CERTS: join(folder, "roots.crt"),
    ...changes,
  });
  running.push(service);
  return service;
}

const entry = (number: number, message = `said ${String(number)}`): string =>
  `${JSON.stringify({
    __CURSOR: `i=${String(number)}`,
    __REALTIME_TIMESTAMP: String(1_796_083_200_000_000 + number),
    MESSAGE: message,
    _SYSTEMD_UNIT: "bulkhead-envoy.service",
  })}\n`;

const cursors = (records: readonly LogRecord[]): readonly (string | undefined)[] =>
  records.map(({ Record }) => Record.cursor);
const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `i=${String(number)}`);

describe("the log forwarder", () => {
  it("sends what it reads, in its order, with the identity of the machine, and writes down how far it is", async () => {
    const cursorFile = join(folder, "cursor");
    const service = forwarder({ BULKHEAD_LOGS_CURSOR_FILE: cursorFile });
    for (let number = 0; number < 500; number += 1) {
      service.process.stdin?.write(entry(number));
    }
    service.process.stdin?.end("not from the journal\n");
    expect(await service.ended).toBe(0);
    expect(cursors(taken)).toEqual([...numbers(500), undefined]);
    expect(taken[7]).toEqual({
      TimeGenerated: "2026-12-01T00:00:00.000Z",
      Record: { message: "said 7", container: "envoy", cursor: "i=7" },
    });
    expect(taken[500]?.Record).toEqual({ message: "not from the journal" });
    expect(uploads[0]).toMatchObject({
      url: `POST /dataCollectionRules/${rule}/streams/Custom-Records?api-version=2023-01-01`,
      authorization: "Bearer token-of-workload-for-https://monitor.azure.com",
    });
    expect(readFileSync(cursorFile, "utf8")).toBe("i=499\n");
    expect(service.lines.at(-1)).toMatchObject({
      event: "forwarded",
      read: 501,
      sent: 501,
      refused: 0,
      unreadable: 1,
      withoutText: 0,
      waiting: 0,
    });
    expect(service.errors).toBe("");
  });

  it("sends what has come within seconds, though more may come", async () => {
    const service = forwarder();
    service.process.stdin?.write(entry(0));
    await expect.poll(() => taken.length, { timeout: 60_000 }).toBe(1);
    service.process.stdin?.write(entry(1));
    await expect.poll(() => taken.length, { timeout: 60_000 }).toBe(2);
  });

  it("tries again what Azure does not take now, and says so, and loses nothing", async () => {
    let tries = 0;
    answer = () => {
      tries += 1;
      return [503, 403, 429][tries - 1] ?? 204;
    };
    const service = forwarder();
    service.process.stdin?.end(entry(0) + entry(1));
    expect(await service.ended).toBe(0);
    expect(cursors(taken)).toEqual(numbers(2));
    expect(service.lines.filter(({ event }) => event === "not-forwarded")).toEqual(
      [
        [503, 1],
        [403, 2],
        [429, 4],
      ].map(([status, retryInSeconds]) => ({
        event: "not-forwarded",
        time: expect.any(String) as unknown,
        problem: `${String(status)}: said no`,
        rows: 2,
        retryInSeconds,
      })),
    );
  });

  it("sends the others of a batch of which Azure takes a part, and counts what it never takes", async () => {
    answer = ({ records }) => (records.some(({ Record }) => Record.cursor === "i=5") ? 413 : 204);
    const service = forwarder();
    for (let number = 0; number < 9; number += 1) {
      service.process.stdin?.write(entry(number));
    }
    service.process.stdin?.end();
    expect(await service.ended).toBe(1);
    expect(cursors(taken)).toEqual(numbers(9).filter((cursor) => cursor !== "i=5"));
    expect(service.lines.at(-1)).toMatchObject({ event: "forwarded", read: 9, sent: 8, refused: 1 });
  });

  it("sends no more at once than Azure takes", async () => {
    const service = forwarder();
    for (let number = 0; number < 300; number += 1) {
      service.process.stdin?.write(entry(number, "x".repeat(14_000)));
    }
    service.process.stdin?.end();
    expect(await service.ended).toBe(0);
    expect(cursors(taken)).toEqual(numbers(300));
    expect(uploads.length).toBeGreaterThan(4);
    expect(Math.max(...uploads.map(({ bytes }) => bytes))).toBeLessThan(1_000_000);
  });

  it("lets whoever writes wait while Azure takes nothing, and goes on when it does", async () => {
    answer = () => 503;
    const service = forwarder();
    const stdin = service.process.stdin;
    let written = 0;
    let isTaking = true;
    const count = 1000;
    const writing = (async () => {
      for (let number = 0; number < count; number += 1) {
        if (stdin?.write(entry(number, "x".repeat(14_000))) === false) {
          isTaking = false;
          await new Promise((drained) => stdin.once("drain", drained));
          isTaking = true;
        }
        written = number + 1;
      }
      stdin?.end();
    })();
    await service.line(({ event }) => event === "not-forwarded");
    for (let before = -1; before !== written;) {
      before = written;
      await sleep(2000);
    }
    expect(isTaking).toBe(false);
    expect(written * 14_000).toBeLessThan(8_000_000);
    answer = () => 204;
    await writing;
    expect(await service.ended).toBe(0);
    expect(cursors(taken)).toEqual(numbers(count));
  });

  it("sends what it has read before it ends, when it is told to end", async () => {
    answer = () => 503;
    const service = forwarder();
    service.process.stdin?.write(entry(0) + entry(1));
    await service.line(({ rows }) => rows === 2);
    answer = () => 204;
    expect(await service.stop()).toBe(0);
    expect(cursors(taken)).toEqual(numbers(2));
  });

  it("does not run without settings, or without TLS", async () => {
    const service = forwarder({ BULKHEAD_LOGS_ENDPOINT: "http://localhost", BULKHEAD_LOGS_STREAM: "Syslog" });
    expect(await service.ended).toBe(2);
    expect(service.errors).toMatch(
      /^ {2}BULKHEAD_LOGS_ENDPOINT: .*\n {2}BULKHEAD_LOGS_STREAM: is not a stream of our own form$/m,
    );
  });
});
