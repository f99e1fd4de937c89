import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { SecureVersion } from "node:tls";

import { testPort } from "./test-place";

/** How a test connects to a proxy, without one of its own. */
export interface DirectCaller {
  /** Where it calls from; the machine's own loopback address where it does not say. */
  readonly from?: string;
  readonly certificate?: { readonly chain: string; readonly key: string };
  readonly tls?: SecureVersion;
  /** The suites that it offers, as OpenSSL names them. */
  readonly ciphers?: string;
  /** Sends its request without TLS. */
  readonly isPlain?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly path?: string;
  /** What it sends, by POST; without it, it gets something. */
  readonly body?: string;
}

/** What became of a request. */
export interface Outcome {
  /** The address and port that it came from, as the proxy writes it. */
  readonly source: string;
  /** The status of the answer; `undefined` where none came. */
  readonly status: number | undefined;
  readonly body: string;
  /** What went wrong, where no answer came. */
  readonly error: string | undefined;
}

/** Sends one request over a connection of its own to a proxy's listener, whoever presents what there. */
export function direct(address: string, caller: DirectCaller): Promise<Outcome> {
  const {
    from = "127.0.0.1",
    certificate,
    tls,
    ciphers,
    isPlain = false,
    headers = {},
    path = "/",
    body: sent,
  } = caller;
  const method = sent === undefined ? "GET" : "POST";
  const common = {
    ...{ host: address, port: testPort, localAddress: from, agent: false },
    ...{ method, path, headers },
  } as const;
  return new Promise((resolve) => {
    let source = "";
    const answered = (response: IncomingMessage): void => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("close", () => {
        resolve({ source, status: response.statusCode, body, error: undefined });
      });
    };
    const request = isPlain
      ? httpRequest(common, answered)
      : httpsRequest(
          {
            ...common,
            // What the proxy presents is looked at elsewhere; here it is asked whom it lets in.
            rejectUnauthorized: false,
            ...(certificate === undefined ? {} : { cert: certificate.chain, key: certificate.key }),
            ...(ciphers === undefined ? {} : { ciphers }),
            ...(tls === undefined ? {} : { minVersion: tls, maxVersion: tls }),
          },
          answered,
        );
    request.once("socket", (socket) => {
      socket.once("connect", () => {
        source = `${from}:${String(socket.localPort)}`;
      });
    });
    request.once("error", (error: NodeJS.ErrnoException) => {
      resolve({ source, status: undefined, body: "", error: error.code ?? error.message });
    });
    request.end(sent);
  });
}

/** Sends a request to a program's own loopback, from where its proxy takes it on. */
export function throughOwnProxy(
  address: string,
  port: number,
  headers: Readonly<Record<string, string>> = {},
  path = "/",
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: address, port, path, headers, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text: string) => (body += text));
      response.on("close", () => {
        resolve({ status: response.statusCode, body });
      });
    })
      .once("error", reject)
      .end();
  });
}
