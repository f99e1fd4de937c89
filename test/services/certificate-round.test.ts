import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { certificateRound, certificateStatus } from "../../services/certificate-agent/certificate-round";
import type { CredentialSource } from "../../services/credentials/credential-source";
import { verifiedCredential, type VerifiedCredential } from "../../services/credentials/verified-credential";

import { TestAuthority } from "./test-authority";

const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
const oneHour = 3_600_000;

let folder: string;
let text: string;
let held: VerifiedCredential;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-round-"));
  const authority = await TestAuthority.create();
  text = JSON.stringify(await authority.credential(spiffeId));
  held = verifiedCredential(text, spiffeId, new Date());
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => ({
  folder,
  spiffeId,
  source: "file" as const,
  credentialId: "x",
  renewBeforeHours: 720,
  intervalSeconds: 300,
});

describe("a certificate's status", () => {
  const at = (hoursBeforeEnd: number) =>
    certificateStatus(held, 720, new Date(held.notAfter.getTime() - hoursBeforeEnd * oneHour));

  it("is inside the window from the moment on at which it should have been renewed", () => {
    expect(at(720)).toMatchObject({ hoursLeft: 720, insideWindow: false });
    expect(at(719.99)).toMatchObject({ hoursLeft: 719.9, insideWindow: true });
  });
});

describe("a round", () => {
  it("does not wait for a source that never answers, not even after it was told to give up", async () => {
    const silent: CredentialSource = { place: "nowhere", read: () => new Promise(() => undefined) };
    const round = await certificateRound(settings(), silent, AbortSignal.timeout(20));
    expect(round).toMatchObject({ outcome: "none", problems: ["Nothing came from nowhere in time."] });
  });

  it("throws what is a fault of its own, and not of the source", async () => {
    const faulty: CredentialSource = { place: "x", read: () => Promise.reject(new TypeError("fault")) };
    await expect(certificateRound(settings(), faulty, AbortSignal.timeout(20))).rejects.toThrow("fault");
  });

  it("keeps what the proxy has for as long as it is valid, by its own clock", async () => {
    const good: CredentialSource = { place: "x", read: () => Promise.resolve(text) };
    const gone: CredentialSource = { place: "x", read: () => Promise.resolve("{}") };
    const never = new AbortController().signal;
    expect((await certificateRound(settings(), good, never)).outcome).toBe("replaced");
    const after = (hours: number) => () => new Date(held.notAfter.getTime() + hours * oneHour);
    expect(await certificateRound(settings(), gone, never, after(-1))).toMatchObject({
      outcome: "kept",
      hoursLeft: 1,
      insideWindow: true,
    });
    expect(await certificateRound(settings(), gone, never, after(1))).toMatchObject({
      outcome: "none",
      hoursLeft: 0,
      insideWindow: true,
    });
  });
});
