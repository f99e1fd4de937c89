import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { WorkloadCredential } from "../../model/workload-credential";
import { agentSettings } from "../../services/certificate-agent/agent-settings";
import { secondsToWait } from "../../services/certificate-agent/agent-loop";

import { RunningService } from "./running-service";
import { TestAuthority } from "./test-authority";

const main = "services/certificate-agent/main.ts";
const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";

let authority: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.create();
});

let folder: string;
let secret: string;
let environment: Readonly<Record<string, string>>;
const running: RunningService[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-agent-"));
  secret = join(folder, "secret.json");
  environment = {
    BULKHEAD_CERTIFICATE_FOLDER: join(folder, "certificates"),
    BULKHEAD_CLOUD: "file",
    BULKHEAD_CREDENTIAL: secret,
    BULKHEAD_RENEW_BEFORE_HOURS: "720",
    BULKHEAD_SPIFFE_ID: spiffeId,
    BULKHEAD_INTERVAL_SECONDS: "0.2",
  };
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((service) => service.stop()));
  rmSync(folder, { recursive: true, force: true });
});

function agent(args: readonly string[], changes: Readonly<Record<string, string>> = {}): RunningService {
  const service = new RunningService(main, args, { ...environment, ...changes });
  running.push(service);
  return service;
}

function put(credential: WorkloadCredential | string): void {
  writeFileSync(`${secret}.new`, typeof credential === "string" ? credential : JSON.stringify(credential));
  renameSync(`${secret}.new`, secret);
}

const keysOf = (credential: WorkloadCredential): readonly string[] =>
  credential.certificates.map(({ privateKey }) => privateKey.split("\n")[1] ?? "");

describe("the certificate agent", () => {
  it("keeps the proxy's files, tells of each round, and ends when told to", async () => {
    const before = await authority.credential(spiffeId, { 100: { until: 719 } });
    put(before);
    const service = agent([]);
    const replaced = await service.line(({ outcome }) => outcome === "replaced");
    expect(replaced).toEqual({
      event: "certificate",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
      outcome: "replaced",
      spiffeId,
      epoch: 100,
      serial: expect.stringMatching(/^[0-9A-F]+$/) as unknown,
      notAfter: expect.stringMatching(/Z$/) as unknown,
      hoursLeft: 718.9,
      insideWindow: true,
      problems: [],
    });
    await service.line(({ outcome }) => outcome === "current");

    const after = await authority.credential(spiffeId, { 100: { until: 719 }, 101: {} });
    put(after);
    const renewed = await service.line(({ epoch }) => epoch === 101);
    expect(renewed).toMatchObject({ outcome: "replaced", insideWindow: false, hoursLeft: 2159.9 });

    put("half a sec");
    const kept = await service.line(({ outcome }) => outcome === "kept");
    expect(kept).toMatchObject({
      epoch: 101,
      serial: renewed["serial"],
      insideWindow: false,
      problems: ["It is no JSON."],
    });
    expect(await agent(["check"]).ended).toBe(0);

    expect(await service.stop()).toBe(0);
    expect(service.lines.at(0)).toMatchObject({ event: "started", source: secret });
    expect(service.lines.at(-1)).toMatchObject({ event: "stopped" });
    expect(service.errors).toBe("");
    const said = JSON.stringify(service.lines);
    for (const key of [...keysOf(before), ...keysOf(after), "half a sec"]) {
      expect(said).not.toContain(key);
    }
  });

  it("says that there is no certificate, so that an alarm hears of it, and goes on", async () => {
    const service = agent([]);
    const none = await service.line(({ outcome }) => outcome === "none");
    expect(none).toMatchObject({
      insideWindow: true,
      hoursLeft: 0,
      problems: [`The file ${secret} cannot be read: ENOENT.`],
    });
    const checked = agent(["check"]);
    expect(await checked.ended).toBe(1);
    expect(checked.errors).toBe(
      `${spiffeId} has no valid certificate in ${join(folder, "certificates")}. There is no file certificate.json.\n`,
    );
    put(await authority.credential(spiffeId));
    await service.line(({ outcome }) => outcome === "replaced");
    expect(await agent(["check"]).ended).toBe(0);
  });

  it("goes on after what it cannot do, such as write", async () => {
    put(await authority.credential(spiffeId));
    const taken = join(folder, "certificates");
    const service = agent([]);
    await service.line(({ outcome }) => outcome === "current");
    rmSync(taken, { recursive: true });
    writeFileSync(taken, "");
    const fault = await service.line(({ event }) => event === "fault");
    expect(fault["problems"]).toEqual([expect.stringContaining("ENOTDIR")]);
    rmSync(taken);
  });

  it.each<[string, () => Promise<WorkloadCredential>, number, object]>([
    ["good", () => authority.credential(spiffeId), 0, { outcome: "replaced", epoch: 100, problems: [] }],
    [
      "partly good",
      () => authority.credential(spiffeId, { 99: {}, 100: { from: 1 } }),
      0,
      { outcome: "replaced", epoch: 99, problems: [expect.stringContaining("epoch 100")] },
    ],
    [
      "expired",
      () => authority.credential(spiffeId, { 100: { from: -3, until: -1 } }),
      1,
      { outcome: "none", problems: [expect.stringContaining("it expired on")] },
    ],
    [
      "another's",
      () => authority.credential(`${spiffeId}-2`),
      1,
      { outcome: "none", problems: [expect.stringContaining(`and not of ${spiffeId}`)] },
    ],
  ])("fetches once, and its exit code tells: %s", async (_, credential, code, line) => {
    put(await credential());
    const service = agent(["once"]);
    expect(await service.ended).toBe(code);
    expect(service.lines).toEqual([expect.objectContaining(line)]);
  });

  it("tells apart by its exit code that the proxy keeps a valid certificate", async () => {
    put(await authority.credential(spiffeId));
    expect(await agent(["once"]).ended).toBe(0);
    const path = join(folder, "certificates", "certificate.json");
    const held = readFileSync(path, "utf8");
    put(await authority.credential(spiffeId, { 101: { uris: [`${spiffeId}-2`] } }));
    const service = agent(["once"]);
    expect(await service.ended).toBe(3);
    expect(service.lines).toEqual([
      expect.objectContaining({ outcome: "kept", epoch: 100, problems: [expect.stringContaining("101")] }),
    ]);
    expect(readFileSync(path, "utf8")).toBe(held);
  });

  it("does not run without settings, and lists what is wrong with them", async () => {
    const service = agent([], { BULKHEAD_CLOUD: "moon", BULKHEAD_SPIFFE_ID: "" });
    expect(await service.ended).toBe(2);
    expect(service.errors).toMatch(/^ {2}BULKHEAD_CLOUD: .*\n {2}BULKHEAD_SPIFFE_ID: is not a SPIFFE ID$/m);
    const unknown = agent(["chekc"]);
    expect(await unknown.ended).toBe(2);
    const misnamed = agent(["once"], { BULKHEAD_CLOUD: "gcp", BULKHEAD_CREDENTIAL: "rag-service" });
    expect(await misnamed.ended).toBe(2);
    expect(misnamed.errors).toBe(
      "BULKHEAD_CREDENTIAL: rag-service is not the name of a secret: projects/<project>[/locations/<region>]/secrets/<secret>.\n",
    );
  });

  it("looks within five minutes, however its waits are spread, if it is told nothing else", () => {
    const told = Object.entries(environment).filter(([name]) => name !== "BULKHEAD_INTERVAL_SECONDS");
    const { intervalSeconds } = agentSettings(Object.fromEntries(told));
    expect(intervalSeconds).toBe(240);
    expect(secondsToWait(intervalSeconds, 0, 1)).toBeLessThan(300);
  });
});

describe("the wait between two rounds", () => {
  it("is spread by a fifth either way", () => {
    expect([0, 0.5, 1].map((chance) => secondsToWait(300, 0, chance))).toEqual([240, 300, 360]);
  });

  it("is short after a failure, and doubles until it is as long as otherwise", () => {
    expect([1, 2, 3, 7, 8, 9, 60].map((failures) => secondsToWait(300, failures, 0.5))).toEqual([
      2, 4, 8, 128, 256, 300, 300,
    ]);
  });
});
