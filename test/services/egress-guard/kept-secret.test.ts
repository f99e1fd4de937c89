import { randomBytes } from "node:crypto";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import {
  CredentialUnavailable,
  type CredentialSource,
} from "../../../services/credentials/credential-source";
import { fileSource } from "../../../services/credentials/file-source";
import { KeptSecret, type SecretReading } from "../../../services/egress-guard/kept-secret";
import { providerKeys, type ProviderKeys } from "../../../services/egress-guard/provider-keys";

import { chatAnswer, json } from "./provider-stand-in";
import { TestGuard } from "./test-guard";

const hashKey = randomBytes(32).toString("base64");
const secret = (openai: string): string => JSON.stringify({ hashKey, providers: { openai } });
const pace = { usual: 5, soon: 5, patience: 1000, mostAge: 3_600_000 };

describe("keys in a file, while a guard answers", () => {
  const chat = "/openai/v1/chat/completions";
  const clean = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello." }] };
  let folder: string;
  let file: string;
  let keys: KeptSecret<ProviderKeys>;
  let guard: TestGuard;
  const readings: SecretReading[] = [];
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "bulkhead-secret-"));
    file = join(folder, "keys.json");
    writeFileSync(file, secret("first"));
    readings.length = 0;
    keys = new KeptSecret(fileSource(file), providerKeys, (reading) => readings.push(reading));
    await keys.read();
    guard = await TestGuard.start({ keys: () => keys.current });
    guard.provider.answer = json(chatAnswer({ content: "Well." }));
  });
  afterEach(async () => {
    await guard.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** With which key a request is sent, or why it is refused. */
  async function sentWith(): Promise<string | undefined> {
    const seen = guard.provider.seen.length;
    const response = await guard.post(chat, clean);
    const { error } = (await response.json()) as { error?: { code: string } };
    return guard.provider.seen.length > seen ? guard.provider.last.headers.authorization : error?.code;
  }

  it("are sent as they were read last", async () => {
    expect(await sentWith()).toBe("Bearer first");
    writeFileSync(`${file}.new`, secret("second"));
    renameSync(`${file}.new`, file);
    expect(await sentWith()).toBe("Bearer first");
    await keys.read();
    expect(await sentWith()).toBe("Bearer second");
    expect(readings).toEqual([{ outcome: "current" }, { outcome: "current" }]);
  });

  it.each<[string, () => void, string]>([
    ["is gone", () => rmSync(file), "not-found"],
    ["is half there", () => writeFileSync(file, secret("second").slice(0, -9)), "not what it should be"],
    ["is empty", () => writeFileSync(file, ""), "not what it should be"],
    [
      "has a key that no header can have",
      () => writeFileSync(file, secret("second\r\nx: y")),
      "not what it should be",
    ],
    [
      "has too short a key of hashes",
      () => writeFileSync(file, JSON.stringify({ hashKey: "AAAA", providers: { openai: "second" } })),
      "not what it should be",
    ],
  ])("are none once the file %s, until it is whole again", async (_name, spoil, problem) => {
    spoil();
    await keys.read();
    expect(await sentWith()).toBe("keys-missing");
    expect(readings.at(-1)).toMatchObject({
      outcome: "missing",
      problem: expect.stringContaining(problem) as string,
    });
    expect(JSON.stringify(readings)).not.toMatch(/first|second/);
    writeFileSync(file, secret("third"));
    await keys.read();
    expect(await sentWith()).toBe("Bearer third");
  });

  it("of another provider are of no use to this one", async () => {
    writeFileSync(file, JSON.stringify({ hashKey, providers: { anthropic: "second" } }));
    await keys.read();
    expect(await sentWith()).toBe("keys-missing");
  });

  it("are read again and again until it is enough", async () => {
    const kept = new KeptSecret(fileSource(file), providerKeys, () => undefined, pace);
    const enough = new AbortController();
    const keeping = kept.keep(enough.signal);
    await vi.waitFor(() => expect(kept.current?.providers.get("openai")).toBe("first"));
    writeFileSync(file, secret("second"));
    await vi.waitFor(() => expect(kept.current?.providers.get("openai")).toBe("second"));
    rmSync(file);
    await vi.waitFor(() => expect(kept.current).toBeUndefined());
    writeFileSync(file, secret("third"));
    await vi.waitFor(() => expect(kept.current?.providers.get("openai")).toBe("third"));
    enough.abort();
    await keeping;
  });
});

describe("a source that cannot be reached", () => {
  let read: (signal: AbortSignal) => Promise<string>;
  const source: CredentialSource = { place: "the source", read: (signal) => read(signal) };
  const readings: SecretReading[] = [];
  beforeEach(() => {
    readings.length = 0;
    read = () => Promise.resolve("a");
  });
  const keptFor = (mostAge: number, patience = 1000): KeptSecret<string> =>
    new KeptSecret(source, String, (reading) => readings.push(reading), { ...pace, patience, mostAge });

  it("takes nothing away for a while", async () => {
    const kept = keptFor(3_600_000);
    await kept.read();
    read = () => Promise.reject(new Error("with a secret in it"));
    await kept.read();
    read = () => Promise.reject(new CredentialUnavailable("unreachable", "with a secret in it"));
    await kept.read();
    expect(kept.current).toBe("a");
    const problem = "the source: unreachable";
    expect(readings).toEqual([
      { outcome: "current" },
      { outcome: "kept", problem },
      { outcome: "kept", problem },
    ]);
  });

  it("takes it away when that is over", async () => {
    const kept = keptFor(-1);
    await kept.read();
    read = () => Promise.reject(new CredentialUnavailable("unreachable", "with a secret in it"));
    await kept.read();
    expect(kept.current).toBeUndefined();
    expect(readings.at(-1)).toEqual({ outcome: "missing", problem: "the source: unreachable" });
  });

  it("is not waited for without an end", async () => {
    const kept = keptFor(3_600_000, 20);
    await kept.read();
    read = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(new Error("late"));
        });
      });
    await kept.read();
    expect(kept.current).toBe("a");
    expect(readings.at(-1)).toEqual({ outcome: "kept", problem: "the source: unreachable" });
  });

  it.each(["not-found", "refused", "not-text"] as const)(
    "is another thing than one that says %s",
    async (problem) => {
      const kept = keptFor(3_600_000);
      await kept.read();
      read = () => Promise.reject(new CredentialUnavailable(problem, "with a secret in it"));
      await kept.read();
      expect(kept.current).toBeUndefined();
      expect(readings.at(-1)).toEqual({ outcome: "missing", problem: `the source: ${problem}` });
    },
  );
});
