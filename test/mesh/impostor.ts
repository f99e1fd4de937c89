import { createSecureServer, type Http2SecureServer } from "node:http2";
import { createServer, type Server, type Socket } from "node:net";
import type { SecureVersion } from "node:tls";

import type { IssuedCertificate } from "./test-authority";
import { testPort } from "./test-place";

/** How somebody answers in the place of a workload. */
export interface Disguise {
  readonly certificate: IssuedCertificate;
  readonly tls?: SecureVersion;
  /** Answers without TLS. */
  readonly isPlain?: boolean;
}

/** Somebody who answers where a workload is looked for, behind no proxy of the platform's. */
export class Impostor {
  /** What it was asked, by the number of the request. */
  readonly asked = new Set<string>();
  readonly #secure: Http2SecureServer;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isPlain = false;

  private constructor() {
    this.#secure = createSecureServer({ requestCert: true, rejectUnauthorized: false });
    this.#secure.on("stream", (stream, headers) => {
      this.asked.add(String(headers["x-request-id"]));
      stream.respond({ ":status": 200 });
      stream.end("impostor");
    });
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.#sockets.delete(socket));
      if (this.#isPlain) {
        socket.end("HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nimpostor");
      } else {
        this.#secure.emit("connection", socket);
      }
    });
  }

  static start(address: string): Promise<Impostor> {
    const impostor = new Impostor();
    return new Promise((resolve, reject) => {
      impostor.#server.once("error", reject);
      impostor.#server.listen(testPort, address, () => {
        resolve(impostor);
      });
    });
  }

  /** From the next connection on; there are no others then. */
  disguise({ certificate, tls, isPlain = false }: Disguise): void {
    this.#isPlain = isPlain;
    this.#secure.setSecureContext({
      key: certificate.key,
      cert: certificate.chain,
      ...(tls === undefined ? {} : { minVersion: tls, maxVersion: tls }),
    });
    this.#sockets.forEach((socket) => socket.destroy());
  }

  stop(): Promise<void> {
    this.#sockets.forEach((socket) => socket.destroy());
    return new Promise((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }
}
