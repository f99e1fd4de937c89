import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer, type IncomingMessage } from "node:http";
import { createServer, type Server, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, TLSSocket, type PeerCertificate } from "node:tls";

import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { writeSdsFiles } from "../../services/credentials/sds-files";
import { CredentialRefused, verifiedCredential } from "../../services/credentials/verified-credential";
import {
  createMtlsServer,
  MtlsError,
  openCredentialFeed,
  openMtlsClient,
  type CredentialFeed,
  type MtlsClient,
  type MtlsClientOptions,
} from "../../services/mtls-client";

import { ExtendedKeyUsage, TestAuthority, type Issued, type LeafWishes } from "./test-authority";

const clientId = "spiffe://ai.hospital.example/zone/processing/workload/rag-service";
/** How long something is waited for on a machine that is busy. */
const patience = { timeout: 30_000 };
/** Where nobody listens: a port of those that no program is given by chance. */
const nobody = "https://127.0.0.1:1023";
const serverId = "spiffe://ai.hospital.example/zone/processing/workload/fhir-proxy";

let authority: TestAuthority;
let stranger: TestAuthority;
beforeAll(async () => {
  authority = await TestAuthority.create();
  stranger = await TestAuthority.create("stranger");
});

let folder: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bulkhead-mtls-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const end of cleanUp.splice(0).reverse()) {
    await end();
  }
  rmSync(folder, { recursive: true, force: true });
});

const pathsIn = (name: string) => ({
  certificate: join(folder, `${name}.crt`),
  privateKey: join(folder, `${name}.key`),
  trustBundle: join(folder, `${name}-roots.crt`),
});

function put(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

function putFiles(name: string, { chain, key }: Issued, bundle = authority.bundle) {
  const paths = pathsIn(name);
  put(paths.privateKey, key);
  put(paths.certificate, chain);
  put(paths.trustBundle, bundle);
  return paths;
}

/** The certificate that a client has shown. */
function shownBy({ socket }: IncomingMessage): PeerCertificate {
  if (!(socket instanceof TLSSocket)) {
    throw new TypeError("the client did not come over TLS");
  }
  return socket.getPeerCertificate();
}

async function listening(server: Server | ReturnType<typeof createPlainServer>): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  cleanUp.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

/** A server that says whose certificate it was shown, and by which of its own. */
async function serving(issued: Pick<Issued, "chain" | "key">, options: ServerOptions = {}): Promise<string> {
  const server = createServer(
    {
      cert: issued.chain,
      key: issued.key,
      ca: authority.bundle,
      requestCert: true,
      rejectUnauthorized: true,
      ...options,
    },
    (request, response) => {
      response.end(shownBy(request).subjectaltname);
    },
  );
  return listening(server);
}

async function client(
  servers: Readonly<Record<string, string>>,
  options: Partial<MtlsClientOptions> = {},
): Promise<MtlsClient> {
  const opened = await openMtlsClient({
    spiffeId: clientId,
    servers,
    ...options,
    credential: options.credential ?? putFiles("client", await authority.issue(clientId)),
  });
  cleanUp.push(() => opened.dispatcher.destroy());
  cleanUp.push(() => opened.close());
  return opened;
}

async function refused(call: Promise<unknown>): Promise<MtlsError> {
  const error: unknown = await call.then(
    () => "it was answered",
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(MtlsError);
  return error as MtlsError;
}

describe("the mTLS client", () => {
  it("reaches the server that it is told, and shows who it is", async () => {
    const origin = await serving(await authority.issue(serverId));
    const { fetch, dispatcher } = await client({ [origin]: serverId });
    const response = await fetch(`${origin}/Patient?name=x`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`URI:${clientId}, DNS:localhost`);
    const { body } = await dispatcher.request({ origin, path: "/", method: "GET" });
    expect(await body.text()).toBe(`URI:${clientId}, DNS:localhost`);
  });

  it.each<[string, () => TestAuthority, LeafWishes, MtlsError["problem"], RegExp]>([
    ["another workload", () => authority, { uris: [`${serverId}-2`] }, "wrong-identity", /fhir-proxy-2$/],
    [
      "a workload whose name begins so",
      () => authority,
      { uris: [serverId.slice(0, -1)] },
      "wrong-identity",
      /fhir-prox$/,
    ],
    [
      "another trust domain",
      () => authority,
      { uris: [serverId.replace("ai.hospital.example", "other.example")] },
      "wrong-identity",
      /spiffe:\/\/other\.example\//,
    ],
    [
      "a name in DNS alone",
      () => authority,
      { uris: [], dnsNames: ["127.0.0.1", "localhost"] },
      "wrong-identity",
      /without a SPIFFE ID$/,
    ],
    [
      "several identities",
      () => authority,
      { uris: [serverId, `${serverId}-2`] },
      "wrong-identity",
      /several identities/,
    ],
    [
      "a name that only reads like it",
      () => authority,
      { uris: [`spiffe://x/a, URI:${serverId}`] },
      "wrong-identity",
      /spiffe:\/\/x\/a, URI:/,
    ],
    [
      "other authorities",
      () => stranger,
      {},
      "untrusted-certificate",
      /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT/,
    ],
    [
      "an expired certificate",
      () => authority,
      { from: -3, until: -1 },
      "untrusted-certificate",
      /CERT_HAS_EXPIRED/,
    ],
    ["a certificate of later", () => authority, { from: 1 }, "untrusted-certificate", /CERT_NOT_YET_VALID/],
    [
      "a certificate for clients",
      () => authority,
      { usages: [ExtendedKeyUsage.clientAuth] },
      "untrusted-certificate",
      /INVALID_PURPOSE/,
    ],
  ])("refuses %s", async (_, issuer, wishes, problem, shown) => {
    const origin = await serving(await issuer().issue(serverId, wishes));
    const { fetch } = await client({ [origin]: serverId });
    const error = await refused(fetch(origin));
    expect(error).toMatchObject({ problem, server: origin, expected: serverId });
    expect(error.shown).toMatch(shown);
    expect(error.message).toBe(`${origin} cannot be called as ${serverId} (${problem}): ${error.shown}`);
  });

  it("refuses a certificate that its own key signed", async () => {
    const origin = await serving(await authority.selfSigned(serverId));
    const { fetch } = await client({ [origin]: serverId });
    const error = await refused(fetch(origin));
    expect(error.problem).toBe("untrusted-certificate");
    expect(error.shown).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT/);
  });

  it("refuses a server of TLS 1.2, and one without TLS", async () => {
    const old = await serving(await authority.issue(serverId), { maxVersion: "TLSv1.2" });
    const plain = await listening(createPlainServer((_, response) => response.end()));
    const { fetch } = await client({ [old]: serverId, [plain]: serverId });
    expect((await refused(fetch(old))).problem).toBe("no-common-tls");
    expect((await refused(fetch(plain))).problem).toBe("no-common-tls");
  });

  it("refuses a server that asks for no certificate", async () => {
    let asked = 0;
    const issued = await authority.issue(serverId);
    const origin = await listening(
      createServer({ cert: issued.chain, key: issued.key }, (_, response) => {
        asked += 1;
        response.end();
      }),
    );
    const { fetch } = await client({ [origin]: serverId });
    expect((await refused(fetch(origin))).problem).toBe("one-way");
    expect(asked).toBe(0);
  });

  it("asks who the server is on each connection, though the server would go on with what was before", async () => {
    const ticketKeys = Buffer.alloc(48, 1);
    const [right, wrong] = await Promise.all([authority.issue(serverId), authority.issue(clientId)]);
    const options = ({ chain, key }: Issued) => ({ cert: chain, key, ca: authority.bundle, ticketKeys });
    const server = createServer({ ...options(right), requestCert: true }, (_, response) => {
      response.writeHead(200, { connection: "close" }).end("answered");
    });
    const origin = await listening(server);
    const { fetch } = await client({ [origin]: serverId });
    expect(await (await fetch(origin)).text()).toBe("answered");
    server.setSecureContext(options(wrong));
    expect((await refused(fetch(origin))).problem).toBe("wrong-identity");
  });

  it("says that the server refused our certificate", async () => {
    const issued = await authority.issue(serverId);
    const paths = putFiles("server", issued, stranger.bundle);
    const args = ["s_server", "-accept", "127.0.0.1:0", "-naccept", "1", "-www", "-tls1_3", "-Verify", "4"];
    const server = spawn("openssl", [
      ...args,
      "-verify_return_error",
      ...[
        "-cert",
        paths.certificate,
        "-cert_chain",
        paths.certificate,
        "-key",
        paths.privateKey,
        "-CAfile",
        paths.trustBundle,
      ],
    ]);
    cleanUp.push(() => server.kill());
    let said = "";
    server.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
    await expect.poll(() => /ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1], patience).toBeDefined();
    const origin = `https://127.0.0.1:${String(/ACCEPT 127\.0\.0\.1:(\d+)/.exec(said)?.[1])}`;
    const { fetch } = await client({ [origin]: serverId });
    const error = await refused(fetch(origin));
    expect(error.problem).toBe("refused-by-server");
    expect(error.shown).toMatch(/^ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: /);
  });

  it("says that the server closed the connection, as it does with whom it does not admit", async () => {
    const issued = await authority.issue(serverId);
    const origin = await serving(issued, { ca: stranger.bundle });
    const { fetch } = await client({ [origin]: serverId });
    expect((await refused(fetch(origin))).problem).toBe("closed-by-server");
  });

  it("calls nobody whose identity it was not told, and never without TLS", async () => {
    const origin = await serving(await authority.issue(serverId));
    const { fetch } = await client({ [origin]: serverId });
    for (const other of [nobody, origin.replace("https", "http"), origin.replace("127.0.0.1", "localhost")]) {
      const error = await refused(fetch(other));
      expect(error).toMatchObject({
        problem: "undeclared-server",
        server: other,
        expected: undefined,
      });
    }
    for (const text of [origin.replace("https", "http"), `${origin}/Patient`, "fhir-proxy"]) {
      await expect(client({ [text]: serverId })).rejects.toThrow(/URL|origin of a server/);
    }
  });

  it("follows no redirection to somebody else", async () => {
    const issued = await authority.issue(serverId);
    const origin = await listening(
      createServer(
        { cert: issued.chain, key: issued.key, ca: authority.bundle, requestCert: true },
        (_, response) => {
          response.writeHead(307, { location: `${nobody}/` }).end();
        },
      ),
    );
    const { fetch } = await client({ [origin]: serverId });
    expect((await refused(fetch(origin))).problem).toBe("undeclared-server");
  });

  it("says that nobody is there", async () => {
    const { fetch } = await client({ [nobody]: serverId });
    const error = await refused(fetch(nobody));
    expect(error.problem).toBe("unreachable");
    expect(error.shown).toMatch(/^ECONNREFUSED: /);
  });

  it("calls nobody with a certificate of its own that has expired", async () => {
    const origin = await serving(await authority.issue(serverId));
    const { fetch } = await client({ [origin]: serverId });
    expect((await fetch(origin)).status).toBe(200);
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 2161 * 3_600_000);
    expect((await refused(fetch(origin))).problem).toBe("own-certificate");
  });

  it("takes its certificate from the files of an agent as well", async () => {
    const origin = await serving(await authority.issue(serverId));
    const text = JSON.stringify(await authority.credential(clientId));
    await writeSdsFiles(folder, verifiedCredential(text, clientId, new Date()));
    const { fetch } = await client({ [origin]: serverId }, { credential: { agentFolder: folder } });
    expect((await fetch(origin)).status).toBe(200);
  });

  it("takes its certificate from a secret store as well", async () => {
    const origin = await serving(await authority.issue(serverId));
    const text = JSON.stringify(await authority.credential(clientId));
    const source = { place: "a store", read: () => Promise.resolve(text) };
    const { fetch } = await client({ [origin]: serverId }, { credential: { source } });
    expect((await fetch(origin)).status).toBe(200);
  });

  it("does not begin with a certificate that is not its own", async () => {
    const credential = putFiles("client", await authority.issue(serverId));
    await expect(client({}, { credential })).rejects.toThrow(CredentialRefused);
  });
});

describe("a certificate that is replaced", () => {
  /** A server that counts what it is asked by the serial number of the certificate that it is shown. */
  async function counting(delay: () => number) {
    const counts = new Map<string, number>();
    const connections = new Set<TLSSocket>();
    const issued = await authority.issue(serverId);
    const server = createServer(
      {
        cert: issued.chain,
        key: issued.key,
        ca: authority.bundle,
        requestCert: true,
        rejectUnauthorized: true,
      },
      (request, response) => {
        const { serialNumber } = shownBy(request);
        counts.set(serialNumber, (counts.get(serialNumber) ?? 0) + 1);
        setTimeout(() => response.end(serialNumber), delay());
      },
    );
    // Only the client closes a connection that is idle.
    server.keepAliveTimeout = 600_000;
    server.on("secureConnection", (socket) => {
      connections.add(socket);
      socket.once("close", () => connections.delete(socket));
    });
    return { origin: await listening(server), counts, connections };
  }

  it("is shown from then on, and no request fails: 5 times, each time under 200 requests and more", async () => {
    const { origin, counts } = await counting(() => Math.random() * 20);
    const { fetch, refresh } = await client({ [origin]: serverId });
    const failures: unknown[] = [];
    let answered = 0;
    let isRunning = true;
    const callers = Array.from({ length: 16 }, async () => {
      while (isRunning) {
        try {
          const response = await fetch(origin);
          await response.text();
          answered += 1;
        } catch (error) {
          failures.push(error);
        }
      }
    });
    const further = async (count: number) => {
      const until = answered + count;
      await expect.poll(() => answered + failures.length, { timeout: 60_000 }).toBeGreaterThan(until);
    };
    const serials: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      await further(200);
      const issued = await authority.issue(clientId);
      putFiles("client", issued);
      serials.push(issued.certificate.serialNumber.toUpperCase().replace(/^0+/, ""));
      await refresh();
    }
    await further(200);
    isRunning = false;
    await Promise.all(callers);
    expect(failures).toEqual([]);
    expect([...counts.keys()].map((serial) => serial.replace(/^0+/, ""))).toEqual(
      expect.arrayContaining(serials),
    );
  });

  it("lets a request under way be finished, and closes the connection after", async () => {
    const { origin, connections } = await counting(() => 500);
    const { fetch, refresh } = await client({ [origin]: serverId });
    const before = fetch(origin).then((response) => response.text());
    await expect.poll(() => connections.size, patience).toBe(1);
    putFiles("client", await authority.issue(clientId));
    await refresh();
    const after = fetch(origin).then((response) => response.text());
    expect(await before).not.toBe(await after);
    await expect.poll(() => connections.size, patience).toBe(1);
  });

  it("is not taken up while its files do not fit together, or are bad", async () => {
    const { origin } = await counting(() => 0);
    const problems: unknown[] = [];
    const { fetch, refresh } = await client(
      { [origin]: serverId },
      { onProblem: (error) => problems.push(error) },
    );
    const serial = async () => (await fetch(origin)).text();
    const first = await serial();
    const issued = await authority.issue(clientId);
    const paths = pathsIn("client");
    put(paths.privateKey, issued.key);
    await refresh();
    expect(await serial()).toBe(first);
    expect(problems).toEqual([
      new CredentialRefused(["The certificate of epoch 0 cannot be used: the key is another certificate's."]),
    ]);
    put(paths.certificate, issued.chain);
    await refresh();
    expect(await serial()).not.toBe(first);
    rmSync(paths.certificate);
    await refresh();
    expect(await serial()).not.toBe(first);
    expect(problems).toHaveLength(2);
  });

  it("is found without being asked for", async () => {
    const { origin } = await counting(() => 0);
    const { fetch } = await client({ [origin]: serverId }, { everySeconds: 0.05 });
    const serial = async () => (await fetch(origin)).text();
    const first = await serial();
    putFiles("client", await authority.issue(clientId));
    await expect.poll(serial, patience).not.toBe(first);
  });

  it("is looked for anew at the other end, by connections that do not grow old", async () => {
    const { origin, connections } = await counting(() => 0);
    const seen = new Set<TLSSocket>();
    const { fetch } = await client({ [origin]: serverId });
    const call = async () => {
      await (await fetch(origin)).text();
      for (const connection of connections) {
        seen.add(connection);
      }
      // A connection is free for the next request when its answer has been taken in altogether.
      await sleep(50);
    };
    const now = vi.spyOn(Date, "now");
    const began = Date.now();
    await call();
    now.mockReturnValue(began + 14 * 60_000);
    await call();
    expect(seen.size).toBe(1);
    now.mockReturnValue(began + 16 * 60_000);
    await call();
    expect(seen.size).toBe(2);
  });
});

describe("the mTLS server", () => {
  let feed: CredentialFeed;
  const refusals: string[] = [];
  let origin: string;
  let server: Server;
  beforeEach(async () => {
    refusals.length = 0;
    feed = await openCredentialFeed(putFiles("server", await authority.issue(serverId)), serverId);
    cleanUp.push(() => feed.close());
    server = createMtlsServer(
      { credential: feed, admits: [clientId], onRefused: ({ shown }) => refusals.push(shown) },
      (_, response) => response.end("answered"),
    );
    origin = await listening(server);
  });

  it("answers whom it admits", async () => {
    const { fetch } = await client({ [origin]: serverId });
    expect(await (await fetch(origin)).text()).toBe("answered");
    expect(refusals).toEqual([]);
  });

  it.each<[string, LeafWishes, string]>([
    ["another workload", { uris: [`${clientId}-2`] }, `${clientId}-2`],
    ["nobody's certificate", { uris: [] }, "a certificate without a SPIFFE ID"],
  ])("cuts off %s, and says who it was", async (_, wishes, shown) => {
    const { certificate, privateKey } = putFiles("other", await authority.issue(clientId, wishes));
    expect(await curl(["--cert", certificate, "--key", privateKey])).not.toBe(0);
    expect(refusals).toEqual([shown]);
  });

  it("cuts off who shows no certificate, another authority's, or speaks an older TLS", async () => {
    const strange = putFiles("strange", await stranger.issue(clientId));
    const good = putFiles("good", await authority.issue(clientId));
    const shown = (paths: typeof good) => ["--cert", paths.certificate, "--key", paths.privateKey];
    expect(await curl(shown(good))).toBe(0);
    expect(await curl([])).not.toBe(0);
    expect(await curl(shown(strange))).not.toBe(0);
    expect(await curl([...shown(good), "--tls-max", "1.2"])).not.toBe(0);
  });

  it("shows a renewed certificate from then on, and asks no less", async () => {
    const serials: string[] = [];
    const good = putFiles("good", await authority.issue(clientId));
    const shown = ["--cert", good.certificate, "--key", good.privateKey];
    const serialShown = async () => {
      const [key, cert, ca] = [good.privateKey, good.certificate, good.trustBundle].map((path) =>
        readFileSync(path),
      );
      const { port } = new URL(origin);
      const socket = connect({ port: Number(port), key, cert, ca, checkServerIdentity: () => undefined });
      await once(socket, "secureConnect");
      serials.push(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    };
    await serialShown();
    putFiles("server", await authority.issue(serverId));
    await feed.refresh();
    await serialShown();
    expect(serials[1]).toBe(feed.current.serial);
    expect(serials[0]).not.toBe(serials[1]);
    expect(await curl(shown)).toBe(0);
    expect(await curl([])).not.toBe(0);
    expect(await curl([...shown, "--tls-max", "1.2"])).not.toBe(0);
  });

  async function curl(args: readonly string[]): Promise<number> {
    const asked = spawn("curl", ["--silent", "--insecure", "--max-time", "10", ...args, origin]);
    const [code] = (await once(asked, "close")) as [number];
    return code;
  }
});
