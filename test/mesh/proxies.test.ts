import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { connect as connectHttp2, type ClientHttp2Session, type ClientHttp2Stream } from "node:http2";
import { request, type IncomingMessage } from "node:http";
import { connect as connectTcp, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { podOf } from "../../components/mesh/pod";
import { upstreamsOf } from "../../components/mesh/ports";
import { parseCidr } from "../../model/cidr";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { workloadIds } from "./declared-flows";
import { direct, throughOwnProxy, type DirectCaller } from "./direct-request";
import { listeningOf } from "./listening-sockets";
import { TestAuthority } from "./test-authority";
import { newAddress, TestMesh, type TestPod } from "./test-mesh";
import { placedPaths, testPort, valuesOf } from "./test-place";

const spec = platformSpec(referencePlatform);
const balancerAddress = newAddress();
const balancerId = `spiffe://${spec.trustDomain}/zone/gateway/load-balancer` as const;
const hospital = new TestAuthority("Hospital Root");
const laboratory = { spiffeId: "spiffe://hospital.example/laboratory" };
/** A certificate that the hospital has taken back. */
const revoked = hospital.issue(laboratory);
const block = parseCidr(`${balancerAddress}/32`);
const addresses = block === undefined ? [] : [block];
const edges = {
  none: { certificate: "none", addresses },
  older: { certificate: "none", addresses, newestTls: "1.2" },
  "load-balancer": { certificate: "load-balancer", spiffeId: balancerId },
  clients: {
    certificate: "clients",
    authorities: hospital.root,
    revocations: hospital.revocations([revoked.serial]),
  },
  announced: { certificate: "clients", authorities: hospital.root, proxyProtocol: "required" },
} as const;
type EdgeKind = keyof typeof edges;
const edgeKinds = Object.keys(edges) as EdgeKind[];

let mesh: TestMesh;
const gateways = new Map<EdgeKind, TestPod>();

function gateway(kind: EdgeKind): TestPod {
  const pod = gateways.get(kind);
  if (pod === undefined) {
    throw new Error(`no ai-gateway was started for ${kind}`);
  }
  return pod;
}

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  await Promise.all([
    ...workloadIds.filter((id) => id !== "ai-gateway").map((id) => mesh.start(id)),
    ...edgeKinds.map(async (kind) => {
      gateways.set(kind, await mesh.startAt("ai-gateway", newAddress(), { edge: edges[kind] }));
    }),
  ]);
});

afterAll(() => mesh.stop());

/** Every pod: `ai-gateway` once for each way in which it can be called. */
const pods: readonly { readonly title: string; readonly pod: () => TestPod }[] = [
  ...edgeKinds.map((kind) => ({ title: `ai-gateway (${kind})`, pod: () => gateway(kind) })),
  ...workloadIds.filter((id) => id !== "ai-gateway").map((id) => ({ title: id, pod: () => mesh.pod(id) })),
];

/** Whoever calls a gateway, with what it shows there. */
function callerOf(kind: EdgeKind): {
  readonly from?: string;
  readonly certificate?: { chain: string; key: string };
} {
  switch (kind) {
    case "none":
    case "older":
      return { from: balancerAddress };
    case "load-balancer":
      return { certificate: mesh.authority.issue({ spiffeId: balancerId }) };
    default:
      return { certificate: hospital.issue(laboratory) };
  }
}

/** Where ai-gateway's program calls one of its peers. */
function wayTo(id: string): { readonly address: string; readonly port: number } {
  const { place, workload } = gateway("none");
  const upstream = upstreamsOf(spec, workload).find(({ workload: called }) => called.id === id);
  return { address: place.address, port: upstream?.port ?? 0 };
}

function last<T>(all: readonly T[]): T {
  const found = all.at(-1);
  if (found === undefined) {
    throw new Error("there is none");
  }
  return found;
}

describe("a proxy's configuration", () => {
  it.each(pods)("of $title is valid to Envoy itself, without a warning", ({ pod }) => {
    const { workload, place } = pod();
    const kind = edgeKinds.find((edge) => gateways.get(edge) === pod()) ?? "none";
    const { args } = mesh.command(workload, place, edges[kind]);

    const { status, stdout, stderr } = spawnSync(mesh.program, [...args, "--mode", "validate"], {
      encoding: "utf8",
    });

    expect([status, stderr, stdout]).toEqual([0, "", expect.stringMatching(/^configuration .* OK\n$/)]);
  });

  it.each(pods)(
    "of $title is changed for a test in addresses, ports, paths and patience alone",
    ({ pod }) => {
      const { workload, place } = pod();
      const { rendered, here } = mesh.command(workload, place, edges.none);
      const before = new Map(valuesOf(rendered));
      const after = valuesOf(here);

      expect(after.map(([path]) => path)).toEqual([...before.keys()]);
      const changed = after.filter(([path, value]) => before.get(path) !== value);
      expect(changed.filter(([path]) => !placedPaths.test(path))).toEqual([]);
      // Two things that are told apart are told apart still.
      const pairs = changed.map(([path, value]) => JSON.stringify([before.get(path), value]));
      expect(new Set(changed.map(([, value]) => value)).size).toBeLessThanOrEqual(new Set(pairs).size);
    },
  );

  it.each(pods)("of $title is the same as an argument and as a file", ({ pod }) => {
    const { mesh: kind } = spec;
    if (kind.kind !== "envoy") {
      throw new Error("the platform has no proxies of its own");
    }
    const place = { cloud: "aws", credentialId: "none", edge: edges.none } as const;
    const told = (configuration: "argument" | "file"): unknown => {
      const [, { command = [], files }] = podOf(spec, kind, pod().workload, {
        ...place,
        configuration,
      }).containers;
      const text = files[0]?.content ?? command[command.indexOf("--config-yaml") + 1];
      return JSON.parse(text ?? "");
    };

    expect(told("argument")).toEqual(told("file"));
  });
});

describe("a proxy", () => {
  it.each(pods)("of $title listens where it is declared, and nowhere else", ({ pod }) => {
    const { envoy, place, workload } = pod();

    expect(listeningOf(envoy.pid)).toEqual(
      [testPort, ...upstreamsOf(spec, workload).map(({ port }) => port)]
        .map((port) => `${place.address}:${String(port)}`)
        .sort(),
    );
  });

  it.each(pods)("of $title has nothing to complain of", ({ pod }) => {
    expect(pod().envoy.complaints).toEqual([]);
  });

  // openssl does not announce whose connection it is.
  const spoken = pods.filter(({ title }) => title !== "ai-gateway (announced)");

  it.each(spoken)("of $title presents a chain that openssl verifies, for its own names", ({ pod }) => {
    const { place, workload } = pod();
    const folder = join(place.certificates, "..");
    writeFileSync(join(folder, "root.pem"), mesh.authority.root);
    const names = [
      `${workload.id}.${workload.zone}.${spec.trustDomain}`,
      ...(workload.id === "ai-gateway" ? [`gateway.${spec.trustDomain}`] : []),
    ];
    for (const name of names) {
      const { stdout, stderr } = spawnSync(
        "openssl",
        [
          ...["s_client", "-connect", `${place.address}:${String(testPort)}`, "-tls1_3", "-x509_strict"],
          ...["-CAfile", join(folder, "root.pem"), "-no-CApath", "-verify_return_error"],
          ...["-verify_hostname", name, "-verify_depth", "2", "-showcerts"],
        ],
        { encoding: "utf8", input: "" },
      );

      expect(stdout + stderr).toContain("Verify return code: 0 (ok)");
      expect(stdout).toContain(`Verified peername: ${name}`);
      expect(stdout.match(/-----BEGIN CERTIFICATE-----/g)).toHaveLength(2);
    }
  });

  it.each(pods)("of $title has a certificate for both ends of a connection, says openssl", ({ pod }) => {
    const { place, issued } = pod();
    const file = (name: string, text: string): string => {
      const path = join(place.certificates, "..", name);
      writeFileSync(path, text);
      return path;
    };
    const [root, intermediate, leaf] = [
      file("root.pem", mesh.authority.root),
      file("intermediate.pem", mesh.authority.intermediate),
      file("leaf.pem", issued.certificate),
    ];

    for (const purpose of ["sslserver", "sslclient"]) {
      expect(
        execFileSync(
          "openssl",
          ["verify", "-x509_strict", "-purpose", purpose, "-CAfile", root, "-untrusted", intermediate, leaf],
          { encoding: "utf8" },
        ),
      ).toBe(`${leaf}: OK\n`);
    }
  });
});

describe("what passes two proxies", () => {
  it("is an answer that is not over yet", async () => {
    const { address, port } = wayTo("rag-service");
    const calling = request({ host: address, port, path: "/begin", agent: false }).end();
    const [answer] = (await once(calling, "response")) as [IncomingMessage];
    let body = "";
    answer.setEncoding("utf8").on("data", (text: string) => (body += text));

    // The program says the rest once it is told to, which it is after its first word has come.
    await once(answer, "data");
    expect(body).toBe("begun ");
    const over = once(answer, "close");
    await throughOwnProxy(address, port, {}, "/end");
    await over;
    expect(body).toBe("begun ended");
    expect(answer.complete).toBe(true);
  });

  it("is a web socket", async () => {
    const { address, port } = wayTo("rag-service");
    const calling = request({
      host: address,
      port,
      path: "/socket",
      agent: false,
      headers: { connection: "Upgrade", upgrade: "websocket", "sec-websocket-version": "13" },
    }).end();
    const [answer, socket] = (await once(calling, "upgrade")) as [IncomingMessage, Socket];

    expect(answer.statusCode).toBe(101);
    socket.write("asked");
    expect(String((await once(socket, "data"))[0])).toBe("asked");
    socket.destroy();
  });

  it("is gRPC, with its trailers", async () => {
    const { address, port } = wayTo("rag-service");
    const session = connectHttp2(`http://${address}:${String(port)}`);
    const stream = session.request({
      ":method": "POST",
      ":path": "/models.Answers/Ask",
      "content-type": "application/grpc",
      te: "trailers",
    });
    stream.end("question");
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    let body = "";
    stream.setEncoding("utf8").on("data", (text: string) => (body += text));
    const [trailers] = (await once(stream, "trailers")) as [Record<string, unknown>];
    session.destroy();

    expect(headers).toMatchObject({ ":status": 200, "content-type": "application/grpc" });
    expect(body).toBe("rag-service");
    expect(trailers).toMatchObject({ "grpc-status": "0" });
  });

  it("is no connection to somewhere else", async () => {
    const { key, chain: cert } = mesh.issue(mesh.workload("ai-gateway"));
    const { address } = mesh.pod("rag-service").place;
    const opened = async (session: ClientHttp2Session): Promise<unknown> => {
      const stream: ClientHttp2Stream = session.request({
        ":method": "CONNECT",
        ":authority": "192.0.2.1:443",
      });
      const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
      session.destroy();
      return headers[":status"];
    };

    expect(
      await opened(
        connectHttp2(`http://${wayTo("rag-service").address}:${String(wayTo("rag-service").port)}`),
      ),
    ).toBe(404);
    expect(
      await opened(
        connectHttp2(`https://${address}:${String(testPort)}`, { key, cert, rejectUnauthorized: false }),
      ),
    ).toBe(404);
  });
});

describe("what a caller says of itself", () => {
  const forgedInside = {
    "x-forwarded-client-cert": "By=spiffe://forged;URI=spiffe://forged",
    "x-envoy-upstream-rq-timeout-ms": "1",
    "x-envoy-external-address": "198.51.100.7",
    "x-envoy-internal": "true",
  };
  const forged = { ...forgedInside, "x-forwarded-for": "198.51.100.7" };

  it("is not told on by the proxies between two programs", async () => {
    const { address, port } = wayTo("fhir-proxy");
    await throughOwnProxy(address, port, forged, "/forged");

    const { headers } = last(mesh.pod("fhir-proxy").program.seen);
    expect(headers["x-forwarded-for"]).toBe("127.0.0.1");
    expect(headers["x-forwarded-client-cert"]).toMatch(
      new RegExp(
        `^By=${mesh.workload("fhir-proxy").spiffeId};Hash=[0-9a-f]{64};URI=${gateway("none").workload.spiffeId}$`,
      ),
    );
    expect(Object.keys(headers).filter((name) => name.startsWith("x-envoy-"))).toEqual([
      "x-envoy-external-address",
    ]);
    expect(headers["x-envoy-external-address"]).toBe("127.0.0.1");
  });

  it.each([
    ["with an address before its own", forged],
    ["without one, as whoever is inside", forgedInside],
  ])("is not told on where a peer calls without its proxy, %s", async (_, headers) => {
    const certificate = mesh.issue(mesh.workload("rag-service"));
    const pod = mesh.pod("fhir-proxy");
    const { status } = await direct(pod.place.address, { certificate, headers, path: "/forged-direct" });

    expect(status).toBe(200);
    const told = last(pod.program.seen).headers;
    expect(told["x-forwarded-for"]).toBe("127.0.0.1");
    expect(told["x-forwarded-client-cert"]).toMatch(
      new RegExp(
        `^By=${pod.workload.spiffeId};Hash=[0-9a-f]{64};URI=${mesh.workload("rag-service").spiffeId}$`,
      ),
    );
    expect(told["x-envoy-upstream-rq-timeout-ms"]).toBeUndefined();
    expect(told["x-envoy-internal"]).toBeUndefined();
  });

  it.each([
    ["none", "198.51.100.7, 203.0.113.9", "203.0.113.9"],
    ["none", undefined, balancerAddress],
    ["load-balancer", "198.51.100.7, 203.0.113.9, 203.0.113.250", "203.0.113.9"],
    ["clients", "198.51.100.7, 203.0.113.9", "127.0.0.1"],
  ] as const)("of where it is, only the load balancer's witness counts: %s, %s", async (kind, said, told) => {
    const { status } = await direct(gateway(kind).place.address, {
      ...callerOf(kind),
      headers: said === undefined ? {} : { "x-forwarded-for": said },
    });

    expect(status).toBe(200);
    expect(last(gateway(kind).program.seen).headers["x-forwarded-for"]).toBe(told);
  });

  it("of its certificate is left to a load balancer that looks at it", async () => {
    const headers = {
      "x-amzn-mtls-clientcert-subject": "CN=laboratory",
      "X-Amzn-Oidc-Identity": "clinician",
      "x-client-certificate-subject": "CN=laboratory",
    };
    const claims = (kind: EdgeKind): readonly string[] =>
      Object.keys(last(gateway(kind).program.seen).headers).filter((name) =>
        /^x-(?:amzn|client-certificate)/.test(name),
      );
    for (const kind of ["none", "clients"] as const) {
      expect((await direct(gateway(kind).place.address, { ...callerOf(kind), headers })).status).toBe(200);
    }

    expect(claims("none")).toEqual(Object.keys(headers).map((name) => name.toLowerCase()));
    expect(claims("clients")).toEqual([]);
    expect(last(gateway("clients").program.seen).headers["x-forwarded-client-cert"]).toMatch(
      /^By=[^;]*\/ai-gateway;Hash=[0-9a-f]{64};Subject="CN=workload";URI=spiffe:\/\/hospital\.example\/laboratory$/,
    );
  });
});

describe("a request that two readers may read as two", () => {
  const certificate = (): { readonly chain: string; readonly key: string } =>
    mesh.issue(mesh.workload("rag-service"));
  const asked = (path: string, headers = {}): ReturnType<typeof direct> =>
    direct(mesh.pod("fhir-proxy").place.address, { certificate: certificate(), path, headers });

  it.each([
    ["/Patient/../Observation", "/Observation"],
    ["//Patient///1", "/Patient/1"],
    ["/Patient/%2e%2e/Observation", "/Observation"],
  ])("reaches the program in one form: %s", async (path, seen) => {
    expect((await asked(path)).status).toBe(200);
    expect(last(mesh.pod("fhir-proxy").program.seen).url).toBe(seen);
  });

  it("is refused where there is no such form", async () => {
    expect((await asked("/Patient%2F1")).status).toBe(400);
    expect((await asked("/Patient", { x_forwarded_client_cert: "URI=spiffe://forged" })).status).toBe(400);
  });
});

describe("an edge", () => {
  it("answers the load balancer that it is well exactly if the program is", async () => {
    const { place, program } = gateway("none");
    const asked = async (): Promise<unknown> =>
      (await direct(place.address, { ...callerOf("none"), path: "/healthz" })).status;
    const becomes = async (status: number): Promise<void> => {
      const end = Date.now() + 30_000;
      while ((await asked()) !== status && Date.now() < end) {
        await sleep(100);
      }
      expect(await asked()).toBe(status);
    };

    await becomes(200);
    program.isWell = false;
    await becomes(503);
    program.isWell = true;
    await becomes(200);
  });

  it("answers so for no other path, and nobody else", async () => {
    const { place, program } = gateway("none");
    for (const path of ["/healthz/", "/healthz/more", "/healthz?more"]) {
      const { status, body } = await direct(place.address, { ...callerOf("none"), path });
      expect([status, body, last(program.seen).url]).toEqual([200, "ai-gateway", path]);
    }
    expect((await direct(place.address, { path: "/healthz" })).status).toBe(403);
    for (const kind of ["load-balancer", "clients"] as const) {
      expect((await direct(gateway(kind).place.address, { path: "/healthz" })).status).toBeUndefined();
    }
  });

  it("takes TLS 1.2 of a load balancer that speaks no newer, with suites that are fit, and nothing older", async () => {
    const { place, envoy } = gateway("older");
    const spoken = (tls: DirectCaller["tls"], ciphers?: string): ReturnType<typeof direct> =>
      direct(place.address, {
        ...callerOf("older"),
        ...(tls === undefined ? {} : { tls }),
        ...(ciphers === undefined ? {} : { ciphers }),
      });
    const [newest, older, weak, oldest] = [
      await spoken("TLSv1.3"),
      await spoken("TLSv1.2"),
      await spoken("TLSv1.2", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"),
      await spoken("TLSv1.1", "DEFAULT:@SECLEVEL=0"),
    ];

    expect([newest.status, older.status, weak.status, oldest.status]).toEqual([
      200,
      200,
      undefined,
      undefined,
    ]);
    for (const [{ source }, reason] of [
      [weak, /NO_SHARED_CIPHER/],
      [oldest, /UNSUPPORTED_PROTOCOL/],
    ] as const) {
      expect(await envoy.line("the connection", (line) => line["source"] === source)).toMatchObject({
        transport_failure: expect.stringMatching(reason) as unknown,
      });
    }
    expect((await direct(place.address, { tls: "TLSv1.2" })).status).toBe(403);
  });

  it("lets nobody in whose certificate is among the revoked ones", async () => {
    const { place, envoy } = gateway("clients");
    const { status, source } = await direct(place.address, { certificate: revoked });

    expect(status).toBeUndefined();
    expect(await envoy.line("the connection", (line) => line["source"] === source)).toMatchObject({
      peer_serial: revoked.serial,
      transport_failure: expect.stringMatching(/certificate_revoked/) as unknown,
    });
    expect((await direct(place.address, callerOf("clients"))).status).toBe(200);
  });

  it("takes the word of AWS's load balancer for where a client is, and no connection without it", async () => {
    const { place, program, envoy } = gateway("announced");
    const { key, chain: cert } = hospital.issue(laboratory);
    const announced = Buffer.concat([
      Buffer.from("0d0a0d0a000d0a515549540a2111000c", "hex"),
      Buffer.from([203, 0, 113, 9, 192, 0, 2, 1, 0x30, 0x39, 0x01, 0xbb]),
    ]);
    const socket = connectTcp(testPort, place.address);
    await once(socket, "connect");
    const source = `127.0.0.1:${String(socket.localPort)}`;
    socket.write(announced);
    const secure = connectTls({ socket, key, cert, rejectUnauthorized: false });
    await once(secure, "secureConnect");
    secure.write("GET /announced HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\n\r\n");
    let answer = "";
    secure.setEncoding("utf8").on("data", (text: string) => (answer += text));
    await once(secure, "close");

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(last(program.seen).headers["x-forwarded-for"]).toBe("203.0.113.9");
    expect(
      await envoy.line("the request", (line) => line["source"] === source && line["record"] === "request"),
    ).toMatchObject({ client: "203.0.113.9:12345", peer: "spiffe://hospital.example/laboratory" });
    expect((await direct(place.address, { certificate: { key, chain: cert } })).status).toBeUndefined();
  });
});
