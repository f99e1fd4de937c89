import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { faultText } from "../../../services/egress-guard/fault-text";
import {
  firewallAuthority,
  ProviderConnections,
  type FirewallAuthority,
} from "../../../services/egress-guard/provider-connections";
import type { TestAuthority } from "../test-authority";

import { ConnectProxy, leadsTo, says, type ProxyAnswer } from "./connect-proxy";
import { chatAnswer, chatEvents, json, ProviderStandIn, stream } from "./provider-stand-in";
import { firewalls, TestGuard } from "./test-guard";

const chat = "/openai/v1/chat/completions";
const clean = { model: "gpt-5-nano", messages: [{ role: "user", content: "Hello." }] };
/** Longer than anything takes that is not waited for in vain. */
const patient = { connect: 30_000, answer: 30_000, body: 30_000 };

let guard: TestGuard;
let proxy: ConnectProxy;
let trusted: FirewallAuthority;
let other: TestAuthority;
const cleanUp: (() => Promise<void>)[] = [];

/** A guard that calls providers by a proxy. */
async function startBy(given: ConnectProxy, patience = patient): Promise<void> {
  const [firewall, another] = await firewalls;
  trusted = firewallAuthority(firewall.bundle);
  other = another;
  proxy = given;
  guard = await TestGuard.start({
    authority: () => trusted,
    connections: new ProviderConnections(proxy.address, {}, patience),
  });
  cleanUp.push(
    () => guard.close(),
    () => proxy.close(),
  );
  guard.provider.answer = json(chatAnswer({ content: "Well." }));
  proxy.answer = leadsTo(guard.provider.port);
}

afterEach(async () => {
  for (const end of cleanUp.splice(0)) {
    await end();
  }
});

/** What the guard answers to a clean request, and what its log says went wrong. */
async function refused(body: unknown = clean): Promise<readonly unknown[]> {
  const response = await guard.post(chat, body);
  const { error } = (await response.json()) as { error: { code: string } };
  return [response.status, error.code, ...guard.faults.map(faultText)];
}

describe("through a proxy", () => {
  beforeEach(async () => {
    const [firewall] = await firewalls;
    await startBy(await ConnectProxy.start(firewall));
  });

  it("a provider is asked in a tunnel to its own name and port, and the key is in the tunnel alone", async () => {
    expect((await guard.post(chat, clean)).status).toBe(200);
    expect(guard.provider.last.headers).toMatchObject({
      host: "api.openai.com",
      authorization: "Bearer key-of-openai",
    });
    expect(proxy.asked).toHaveLength(1);
    expect(proxy.asked[0]).toMatch(
      /^CONNECT api\.openai\.com:443 HTTP\/1\.1\r\nhost: api\.openai\.com:443\r\n/i,
    );
    expect(proxy.asked[0]).not.toMatch(/key-of|authorization|Hello/i);
  });

  it("a tunnel is used again, and streams come through it to the byte", async () => {
    const events = chatEvents(
      ...Array.from({ length: 50 }, (_, at) => ({ content: `wörd ${String(at)}, ` })),
    );
    guard.provider.answer = stream(...events);
    for (let time = 0; time < 3; time += 1) {
      const response = await guard.post(chat, { ...clean, stream: true });
      expect(await response.text()).toBe(events.join(""));
    }
    expect(proxy.asked).toHaveLength(1);
  });

  it("many are asked at once, over no more tunnels than there are requests", async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => guard.post(chat, clean)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    await Promise.all(responses.map((response) => response.text()));
    expect(proxy.asked.length).toBeLessThanOrEqual(20);
    expect(guard.provider.seen).toHaveLength(20);
  });

  it.each<[string, ProxyAnswer, string]>([
    [
      "refuses",
      says("HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: 10\r\n\r\nJohn Smith"),
      "the proxy answered with status 403",
    ],
    [
      "wants a password",
      says('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="x"\r\n\r\n'),
      "the proxy answered with status 407",
    ],
    [
      "is ill",
      says("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n"),
      "the proxy answered with status 503",
    ],
    [
      "says that all is well in other words",
      says("HTTP/1.1 204 No Content\r\n\r\n"),
      "the proxy answered with status 204",
    ],
    [
      "leads elsewhere",
      says("HTTP/1.1 302 Found\r\nlocation: https://x.example/\r\n\r\n"),
      "the proxy answered with status 302",
    ],
    ["answers rubbish", says("John Smith\r\n\r\n"), "the proxy cannot be asked (HTTPParserError)"],
    ["hangs up", (socket) => socket.end(), "the proxy cannot be asked (SocketError UND_ERR_SOCKET)"],
    ["breaks off", (socket) => socket.destroy(), "the proxy cannot be asked (SocketError UND_ERR_SOCKET)"],
    [
      "gives a way to somebody who speaks no TLS",
      says("HTTP/1.1 200 Connection established\r\n\r\nJohn Smith, and much else that is no TLS"),
      "Error ERR_SSL_WRONG_VERSION_NUMBER",
    ],
    ["gives a way, and breaks off", (socket) => socket.end("HTTP/1.1 200 OK\r\n\r\n"), "Error ECONNRESET"],
  ])("nothing is sent to a provider if it %s, and it is asked once", async (_name, answer, problem) => {
    proxy.answer = answer;
    expect(await refused()).toEqual([502, "provider-unreachable", problem]);
    expect(guard.provider.seen).toHaveLength(0);
    expect(guard.records).toEqual(["request allowed clean", "answer refused provider-unreachable"]);
    expect(proxy.asked).toHaveLength(1);
    // It is no reason to ask no more.
    proxy.answer = leadsTo(guard.provider.port);
    expect((await guard.post(chat, clean)).status).toBe(200);
  });

  it("nothing is sent to a provider whose certificate is of another authority, or for another name", async () => {
    const [firewall] = await firewalls;
    for (const [authority, hosts, problem] of [
      [other, ["api.openai.com"], "Error UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
      [firewall, ["api.anthropic.com"], "Error ERR_TLS_CERT_ALTNAME_INVALID"],
    ] as const) {
      const provider = await ProviderStandIn.start(authority, hosts);
      cleanUp.push(() => provider.close());
      proxy.answer = leadsTo(provider.port);
      guard.faults.length = 0;
      expect(await refused()).toEqual([502, "provider-unreachable", problem]);
      expect(provider.seen).toHaveLength(0);
    }
  });

  it("no tunnel of an authority that was replaced is used again", async () => {
    expect((await guard.post(chat, clean)).status).toBe(200);
    trusted = firewallAuthority(other.bundle);
    expect(await refused()).toEqual([
      502,
      "provider-unreachable",
      "the proxy cannot be asked (Error UNABLE_TO_GET_ISSUER_CERT_LOCALLY)",
    ]);
    expect(guard.provider.seen).toHaveLength(1);
  });
});

describe("whoever says nothing is waited for, and given up", () => {
  it.each<[string, ProxyAnswer, string]>([
    ["is silent", () => undefined, "the proxy cannot be asked (TimeoutError 23)"],
    [
      "answers without an end",
      says("HTTP/1.1 200 Connection established\r\nx: "),
      "the proxy cannot be asked (TimeoutError 23)",
    ],
    ["gives a way to nobody", says("HTTP/1.1 200 OK\r\n\r\n"), "ConnectTimeoutError UND_ERR_CONNECT_TIMEOUT"],
  ])("a proxy that %s", async (_name, answer, problem) => {
    const [firewall] = await firewalls;
    await startBy(await ConnectProxy.start(firewall), { ...patient, connect: 500 });
    proxy.answer = answer;
    const [status, code, said] = await refused();
    expect([status, code]).toEqual([502, "provider-unreachable"]);
    // On a machine with much other work the proxy is not even reached.
    expect([problem, "the proxy cannot be asked (ConnectTimeoutError UND_ERR_CONNECT_TIMEOUT)"]).toContain(
      said,
    );
    expect(guard.provider.seen).toHaveLength(0);
  });

  it("a provider that does not answer, or stops in its answer, is waited for and given up", async () => {
    const [firewall] = await firewalls;
    await startBy(await ConnectProxy.start(firewall), { ...patient, answer: 500, body: 500 });
    guard.provider.answer = () => undefined;
    expect(await refused()).toEqual([
      502,
      "provider-unreachable",
      "HeadersTimeoutError UND_ERR_HEADERS_TIMEOUT",
    ]);
    guard.faults.length = 0;
    guard.provider.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
    };
    expect(await refused()).toEqual([502, "provider-unreachable", "BodyTimeoutError UND_ERR_BODY_TIMEOUT"]);
    guard.faults.length = 0;
    const [first = "", second = ""] = chatEvents(
      { content: "Well. ".repeat(200) },
      { content: "And so on." },
    );
    guard.provider.answer = (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(first + second);
    };
    const streamed = await guard.post(chat, { ...clean, stream: true });
    expect(await streamed.text()).toMatch(
      /^data: \{"id"[^]*\n\ndata: \{"error":\{[^\n]*"provider-unreachable"\}\}\n\n$/,
    );
    expect(guard.records.at(-1)).toBe("answer refused provider-unreachable");
  });
});

describe("a proxy that cannot prove who it is", () => {
  it.each([
    ["by another authority", "the proxy cannot be asked (Error UNABLE_TO_GET_ISSUER_CERT_LOCALLY)"],
    ["for another name", "the proxy cannot be asked (Error ERR_TLS_CERT_ALTNAME_INVALID)"],
  ])("%s is told nothing", async (name, problem) => {
    const [firewall, another] = await firewalls;
    await startBy(
      name === "for another name"
        ? await ConnectProxy.start(firewall, ["elsewhere.example"])
        : await ConnectProxy.start(another),
    );
    expect(await refused()).toEqual([502, "provider-unreachable", problem]);
    expect(proxy.asked).toEqual([]);
  });

  it("and one that is not there, are not waited for", async () => {
    await startBy(await ConnectProxy.start(undefined));
    await proxy.close();
    cleanUp.pop();
    expect(await refused()).toEqual([
      502,
      "provider-unreachable",
      "the proxy cannot be asked (Error ECONNREFUSED)",
    ]);
  });
});

it("a proxy without TLS that resets a connection, before a tunnel, in its handshake or within it, ends the call alone", async () => {
  await startBy(await ConnectProxy.start(undefined));
  const resets: readonly ProxyAnswer[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.once("data", () => socket.resetAndDestroy()).resume();
    },
    (socket) => {
      leadsTo(guard.provider.port)(socket);
      guard.provider.answer = () => {
        socket.resetAndDestroy();
      };
    },
  ];
  for (const answer of resets) {
    proxy.answer = answer;
    guard.faults.length = 0;
    expect((await refused()).slice(0, 2)).toEqual([502, "provider-unreachable"]);
  }
  proxy.answer = leadsTo(guard.provider.port);
  guard.provider.answer = json(chatAnswer({ content: "Well." }));
  expect((await guard.post(chat, clean)).status).toBe(200);
});

it("a caller that goes away while a tunnel is asked for is taken note of", async () => {
  await startBy(await ConnectProxy.start(undefined), { ...patient, connect: 1000 });
  proxy.answer = () => undefined;
  const gone = new AbortController();
  const asked = fetch(`${guard.origin}${chat}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...guard.headers },
    body: JSON.stringify(clean),
    signal: gone.signal,
  });
  await vi.waitFor(() => expect(proxy.asked).toHaveLength(1));
  gone.abort();
  await expect(asked).rejects.toThrow();
  await vi.waitFor(() => expect(guard.records.at(-1)).toBe("answer refused client-gone"), {
    timeout: 20_000,
  });
});
