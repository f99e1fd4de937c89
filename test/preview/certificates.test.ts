import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import type { ReportedCertificate } from "../../policy-pack/report/report";
import { nodeArgumentsOf } from "../npm-script";
import { Sketch } from "../policy-pack/stack-sketch";

import { exportedState } from "./exported-state";

const root = resolve(__dirname, "../..");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

/** How certificates are listed: by npm at first, and then by the same command. */
let listing: readonly [string, ...string[]] = ["npm", "run", "--silent", "certificates", "--"];

function command(...args: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const [first, ...own] = listing;
  listing = [process.execPath, ...nodeArgumentsOf("certificates")];
  const { status, stdout, stderr } = spawnSync(first, [...own, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

const peer = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";

/** The state of a stack with certificates of one peer, by name, which end at times. */
function stateWith(ends: Readonly<Record<string, string>>): string {
  const stack = new Sketch("deployed");
  for (const name of Object.keys(ends)) {
    const key = stack.add("tls:index/privateKey:PrivateKey", `${name}-key`, {
      algorithm: "ECDSA",
      ecdsaCurve: "P256",
    });
    const request = stack.add("tls:index/certRequest:CertRequest", `${name}-request`, {
      privateKeyPem: `${key}.privateKeyPem`,
      uris: [peer],
    });
    stack.add("tls:index/locallySignedCert:LocallySignedCert", name, {
      certRequestPem: `${request}.certRequestPem`,
      validityPeriodHours: 2160,
      earlyRenewalHours: 720,
      allowedUses: ["digital_signature", "server_auth", "client_auth"],
    });
  }
  const resources = stack.resources().map((resource) => {
    const end = ends[resource.name];
    return end === undefined
      ? resource
      : { ...resource, outputs: { ...resource.outputs, validityEndTime: end } };
  });
  const path = join(directory, "state.json");
  writeFileSync(path, JSON.stringify(exportedState(resources)));
  return path;
}

interface Printed {
  readonly subject: string;
  readonly today: string;
  readonly certificates: readonly ReportedCertificate[];
}

describe("npm run certificates", () => {
  it("lists what is deployed, and says with 0 that none is due, whatever older ones there are", () => {
    const state = stateWith({ "rag-691": "2026-12-01T00:00:00Z", "rag-692": "2027-02-01T00:00:00Z" });
    const { code, stdout, stderr } = command("--state", state, "--today", "2026-11-30");
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "  "))).toEqual([
      "Certificates  of stack test, as deployed, on 2026-11-30",
      "",
      "  PEER  EPOCH  SERIAL  DAYS LEFT  RENEWED BY",
      `  ${peer}  -  -  63  the first deployment from 2027-01-02 on`,
      `  ${peer}  -  -  1  the first deployment from 2026-11-01 on`,
      "",
      "None is due: the newest certificate of each peer has time left. Older ones need none.",
      "",
    ]);
  });

  it("says with 1 that the newest certificate of a peer is due, by today's clock or another", () => {
    const state = stateWith({ "rag-691": "2026-12-01T00:00:00Z", "rag-692": "2026-12-29T00:00:00Z" });
    const { code, stdout } = command("--state", state, "--today", "2026-11-30");
    expect(code).toBe(1);
    expect(stdout).toContain("29, due");
    expect(stdout).toContain(`DUE: the newest certificate of ${peer} has too little time left`);
    expect(command("--state", state, "--today", "2026-11-28").code).toBe(0);
    expect(command("--state", stateWith({ "rag-692": "2001-01-01T00:00:00Z" })).code).toBe(1);
  });

  it("takes a wider window, and never a narrower one", () => {
    const state = stateWith({ "rag-692": "2027-01-09T00:00:00Z" });
    expect(command("--state", state, "--today", "2026-11-30").code).toBe(0);
    expect(command("--state", state, "--today", "2026-11-30", "--days", "41").code).toBe(1);
    expect(command("--state", state, "--today", "2026-12-20", "--days", "1").code).toBe(1);
  });

  it("prints JSON for machines", () => {
    const state = stateWith({ "rag-692": "2026-12-29T12:00:00Z" });
    const { code, stdout } = command("--state", state, "--today", "2026-11-30", "--json");
    expect(code).toBe(1);
    const { subject, today, certificates } = JSON.parse(stdout) as Printed;
    expect({ subject, today }).toEqual({ subject: "state", today: "2026-11-30" });
    expect(certificates).toEqual([
      {
        urn: "urn:pulumi:test::bulkhead::tls:index/locallySignedCert:LocallySignedCert::rag-692",
        peer,
        place: "leaf",
        epoch: null,
        serial: null,
        ends: "2026-12-29T12:00:00.000Z",
        daysLeft: 29.5,
        planned: false,
        newest: true,
        due: true,
        renewal: "the first deployment from 2026-11-29 on",
      },
    ]);
  });

  it("lists what is planned, two for each workload", () => {
    const { code, stdout } = command("--cloud", "aws", "--json");
    expect(code).toBe(0);
    const { subject, certificates } = JSON.parse(stdout) as Printed;
    expect(subject).toBe("preview");
    const leaves = certificates.filter(({ place }) => place === "leaf");
    const peers = [...new Set(leaves.map((leaf) => leaf.peer))];
    expect(peers.sort()).toEqual(
      platformSpec(referencePlatform)
        .workloads.map((one) => one.spiffeId)
        .sort(),
    );
    for (const one of peers) {
      const [current, previous, ...others] = leaves.filter((leaf) => leaf.peer === one);
      expect(others).toEqual([]);
      expect(current).toMatchObject({ daysLeft: 90, planned: true, newest: true, due: false });
      expect(previous).toMatchObject({ daysLeft: 90, newest: false, epoch: (current?.epoch ?? 0) - 1 });
      expect(current?.renewal).toMatch(
        /^the first deployment from \d{4}-\d{2}-\d{2} on, by that of epoch \d+, with a new key$/,
      );
    }
    expect(certificates.map(({ place }) => place)).toContain("root");
  });

  it("says with 2 that it could not run", () => {
    const empty = join(directory, "empty.json");
    writeFileSync(empty, "{}");
    expect(command("--state", empty).code).toBe(2);
    expect(command("--state", join(directory, "none.json")).code).toBe(2);
    expect(command("--state", stateWith({ a: "2027-01-01T00:00:00Z" }), "--today", "tomorrow").code).toBe(2);
    expect(command("--state", stateWith({ a: "2027-01-01T00:00:00Z" }), "--days", "-1").code).toBe(2);
    expect(command("--cloud", "other").code).toBe(2);
    expect(command("--state", stateWith({ a: "2027-01-01T00:00:00Z" }), "--cloud", "aws").code).toBe(2);
    const without = new Sketch("deployed");
    without.add("aws:s3/bucket:Bucket", "bucket", {});
    const path = join(directory, "without.json");
    writeFileSync(path, JSON.stringify(exportedState(without.resources())));
    const { code, stderr } = command("--state", path);
    expect(stderr).toBe("Stack test has no certificates, and asks for none.\n");
    expect(code).toBe(2);
  });
});
