import { mkdtempSync, readdirSync, rmSync, statSync, watch, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { certificateFile, secretNames, trustBundleFile } from "../../components/mesh/certificate-files";
import { certificateFileNames } from "../../model/certificate-file";
import { prepareSdsFolder, readSdsFiles, writeSdsFiles } from "../../services/credentials/sds-files";
import {
  CredentialRefused,
  verifiedCredential,
  type VerifiedCredential,
} from "../../services/credentials/verified-credential";

import { TestAuthority } from "./test-authority";

const spiffeId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";

let authority: TestAuthority;
let first: VerifiedCredential;
let second: VerifiedCredential;
beforeAll(async () => {
  authority = await TestAuthority.create();
  const verified = async (epoch: number): Promise<VerifiedCredential> =>
    verifiedCredential(
      JSON.stringify(await authority.credential(spiffeId, { [epoch]: {} })),
      spiffeId,
      new Date(),
    );
  first = await verified(100);
  second = await verified(101);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-sds-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const paths = (): readonly string[] => Object.values(certificateFileNames).map((name) => join(folder, name));

describe("the files of a proxy's secrets", () => {
  it("are those that its configuration names", () => {
    expect([certificateFile, trustBundleFile]).toEqual([
      `/run/bulkhead/certificates/${certificateFileNames.certificate}`,
      `/run/bulkhead/certificates/${certificateFileNames.trustBundle}`,
    ]);
  });

  it("hold what Envoy reads from them", async () => {
    expect(await writeSdsFiles(folder, first)).toBe(true);
    const type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
    const texts = await Promise.all(paths().map((path) => readFile(path, "utf8")));
    expect(texts.map((text) => JSON.parse(text) as unknown)).toEqual([
      {
        version_info: "100",
        resources: [
          {
            "@type": type,
            name: secretNames.certificate,
            tls_certificate: {
              certificate_chain: { inline_string: first.certificateChain },
              private_key: { inline_string: first.privateKey },
            },
          },
        ],
      },
      {
        version_info: "100",
        resources: [
          {
            "@type": type,
            name: secretNames.trustBundle,
            validation_context: { trusted_ca: { inline_string: first.trustBundle } },
          },
        ],
      },
    ]);
  });

  it("are for the owner and its group alone, whatever the process leaves out", async () => {
    const before = process.umask(0o777);
    try {
      await writeSdsFiles(folder, first);
    } finally {
      process.umask(before);
    }
    expect(paths().map((path) => statSync(path).mode & 0o777)).toEqual([0o640, 0o640]);
  });

  it("are left alone if they say the same already", async () => {
    await writeSdsFiles(folder, first);
    const inodes = paths().map((path) => statSync(path).ino);
    expect(await writeSdsFiles(folder, first)).toBe(false);
    expect(paths().map((path) => statSync(path).ino)).toEqual(inodes);
  });

  it("are read back as what was written", async () => {
    await writeSdsFiles(folder, first);
    expect(await readSdsFiles(folder, spiffeId, new Date())).toEqual(first);
  });

  it("are verified when they are read", async () => {
    await expect(readSdsFiles(folder, spiffeId, new Date())).rejects.toThrow(
      new CredentialRefused(["There is no file certificate.json."]),
    );
    await writeSdsFiles(folder, first);
    await expect(readSdsFiles(folder, `${spiffeId}-2`, new Date())).rejects.toThrow(
      `its identity is ${spiffeId}, and not ${spiffeId}-2`,
    );
    await expect(readSdsFiles(folder, spiffeId, new Date(first.notAfter.getTime() + 1))).rejects.toThrow(
      "it expired on ",
    );
    writeFileSync(join(folder, certificateFileNames.certificate), '{"secret');
    const refused = readSdsFiles(folder, spiffeId, new Date());
    await expect(refused).rejects.toThrow(new CredentialRefused(["The file certificate.json is no JSON."]));
  });

  it("move into the folder, the trust bundle first", async () => {
    const seen: string[] = [];
    const watcher = watch(folder, (event, name) => {
      if (event === "rename" && name !== null && !name.startsWith(".")) {
        seen.push(name);
      }
    });
    try {
      await writeSdsFiles(folder, first);
      await expect.poll(() => seen, { timeout: 30_000 }).toEqual(["trust-bundle.json", "certificate.json"]);
    } finally {
      watcher.close();
    }
  });

  it("are never seen half written by whoever reads them while they are replaced", async () => {
    await writeSdsFiles(folder, first);
    const done = new AbortController();
    const versions = new Set<string>();
    let reads = 0;
    const reader = (async () => {
      while (!done.signal.aborted) {
        for (const path of paths()) {
          // A text that is cut short is no JSON, and fails the test.
          const { version_info: version } = JSON.parse(await readFile(path, "utf8")) as {
            readonly version_info: string;
          };
          versions.add(version);
          reads += 1;
        }
      }
    })();
    for (let round = 0; round < 100; round += 1) {
      await writeSdsFiles(folder, round % 2 === 0 ? second : first);
    }
    done.abort();
    await reader;
    expect([...versions].sort()).toEqual(["100", "101"]);
    expect(reads).toBeGreaterThan(100);
    expect(readdirSync(folder).sort()).toEqual(["certificate.json", "trust-bundle.json"]);
  });

  it("lose what an agent left that was ended while it wrote", async () => {
    await writeSdsFiles(folder, first);
    writeFileSync(join(folder, ".unfinished-certificate.json"), "half");
    await prepareSdsFolder(folder);
    expect(readdirSync(folder).sort()).toEqual(["certificate.json", "trust-bundle.json"]);
  });

  it("get a folder that their group reads, if there is none", async () => {
    const made = join(folder, "run", "certificates");
    await prepareSdsFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o750);
  });
});
