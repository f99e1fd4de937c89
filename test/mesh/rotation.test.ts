import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "node:tls";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { upstreamsOf } from "../../components/mesh/ports";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { throughOwnProxy } from "./direct-request";
import type { LogLine } from "./running-envoy";
import { SteadyLoad } from "./steady-load";
import type { IssuedCertificate } from "./test-authority";
import { writeCertificates } from "./test-certificates";
import { TestMesh, type TestPod } from "./test-mesh";
import { testPort } from "./test-place";

const spec = platformSpec(referencePlatform);
const hour = 3_600_000;

/** After so many requests no connection is used that was there before them: two workers, a thousand requests on each. */
const requestsOfConnections = 2 * 1000 + 500;

let mesh: TestMesh;
/** The one whose program calls, and the one that is called. */
let caller: TestPod;
let called: TestPod;
/** Where the caller's program calls the other. */
let way: { readonly host: string; readonly port: number };
let load: SteadyLoad;
/** An answer that began before any certificate was replaced. */
let early: IncomingMessage;
let earlyText = "";

beforeAll(async () => {
  mesh = await TestMesh.create(spec);
  [caller, called] = await Promise.all([mesh.start("rag-service"), mesh.start("embedding-service")]);
  const upstream = upstreamsOf(spec, caller.workload).find(
    ({ workload }) => workload.id === "embedding-service",
  );
  way = { host: caller.place.address, port: upstream?.port ?? 0 };
  [early] = (await once(request({ ...way, path: "/begin", agent: false }).end(), "response")) as [
    IncomingMessage,
  ];
  early.setEncoding("utf8").on("data", (text: string) => (earlyText += text));
  load = new SteadyLoad(way);
  await load.further(1000);
});

afterAll(async () => {
  await load.stop();
  await mesh.stop();
});

/** A certificate as it is told in the caller's log, which has no numbers of certificates. */
interface Rotated {
  readonly issued: IssuedCertificate;
  readonly expires: string;
}

let rotations = 0;

/** Gives a pod another key and certificate, as its agent would. */
function rotate({ workload, place }: TestPod): Rotated {
  rotations += 1;
  const seconds = Math.floor(Date.now() / 1000) * 1000;
  const notAfter = new Date(seconds + (2000 + rotations) * hour);
  const issued = mesh.issue(workload, notAfter);
  writeCertificates(place.certificates, mesh.authority.root, issued);
  return { issued, expires: notAfter.toISOString() };
}

/** The number of the certificate that a pod presents on a connection of its own. */
async function presented({ place }: TestPod): Promise<string> {
  const { key, chain: cert } = mesh.issue(mesh.workload("rag-service"));
  const socket = connect({ host: place.address, port: testPort, key, cert, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber.toLowerCase();
}

/** Lines of requests that a pod writes from now on, until some hundred more requests were answered. */
async function newLines({ envoy }: TestPod): Promise<readonly LogLine[]> {
  // What was answered until now is written a second later at most.
  await sleep(1500);
  const begin = envoy.lines.length;
  await load.further(500);
  await sleep(1500);
  return envoy.lines.slice(begin).filter(({ record }) => record === "request");
}

/** Whether lines tell one certificate alone. */
function values(lines: readonly LogLine[], field: string): readonly unknown[] {
  return [...new Set(lines.map((line) => line[field]))];
}

describe("while a program calls another without a pause, through both proxies", () => {
  it("the caller's certificate is replaced, and the old one is no longer shown", async () => {
    const { issued } = rotate(caller);

    await called.envoy.line("the new certificate", (line) => line["peer_serial"] === issued.serial);
    await load.further(requestsOfConnections);
    expect(values(await newLines(called), "peer_serial")).toEqual([issued.serial]);
  });

  it("the called one's certificate is replaced, and the old one is no longer shown", async () => {
    const { issued, expires } = rotate(called);

    await caller.envoy.line("the new one", (line) => line["upstream_peer_expires"] === expires);
    for (let connection = 0; connection < 10; connection += 1) {
      expect(await presented(called)).toBe(issued.serial);
    }
    await load.further(requestsOfConnections);
    expect(values(await newLines(caller), "upstream_peer_expires")).toEqual([expires]);
  });

  it("both are replaced at once, by certificates of another intermediate", async () => {
    const before = mesh.authority.intermediate;
    mesh.authority.replaceIntermediate();
    expect(mesh.authority.intermediate).not.toBe(before);
    const [ofCaller, ofCalled] = [rotate(caller), rotate(called)];

    await called.envoy.line("the new one", (line) => line["peer_serial"] === ofCaller.issued.serial);
    await caller.envoy.line("the new one", (line) => line["upstream_peer_expires"] === ofCalled.expires);
    expect(await presented(called)).toBe(ofCalled.issued.serial);
    await load.further(requestsOfConnections);
    const [atCalled, atCaller] = await Promise.all([newLines(called), newLines(caller)]);
    expect(values(atCalled, "peer_serial")).toEqual([ofCaller.issued.serial]);
    expect(values(atCaller, "upstream_peer_expires")).toEqual([ofCalled.expires]);
  });

  it("an answer goes on that began before", async () => {
    expect(earlyText).toBe("begun ");
    const over = once(early, "close");
    await throughOwnProxy(way.host, way.port, {}, "/end");
    await over;
    expect([earlyText, early.complete]).toEqual(["begun ended", true]);
  });

  it("no request fails, of 200 a second or more", async () => {
    await load.stop();

    expect(load.failures).toEqual([]);
    expect(load.rate).toBeGreaterThanOrEqual(200);
    process.stdout.write(
      `${String(load.latencies.length)} requests, ${load.rate.toFixed(0)} a second, while 4 certificates were replaced\n`,
    );
  });
});
