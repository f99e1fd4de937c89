import { Socket } from "node:net";
import type { SecureContextOptions } from "node:tls";

import { buildConnector, Pool } from "undici";

/** How many tunnels may be asked for at once. */
const mostAsked = 256;

/** The proxy gave no way to a provider. Its message is our own, and says nothing that the proxy said but its status. */
export class TunnelRefused extends Error {
  override readonly name = "TunnelRefused";
}

/** Ways through a proxy to the hosts of providers (RFC 9110 §9.3.6, CONNECT). */
export class ProxyTunnels {
  readonly #proxy: Pool;
  readonly #patienceMilliseconds: number;

  /**
   * @param proxy its address.
   * @param tls how it proves who it is, where its address is one of TLS.
   * @param patienceMilliseconds how long it may take to be reached, and again to answer.
   */
  constructor(proxy: string, tls: SecureContextOptions, patienceMilliseconds: number) {
    const connect = buildConnector({
      ...tls,
      allowH2: false,
      // Whatever the environment says.
      rejectUnauthorized: true,
      timeout: patienceMilliseconds,
    });
    this.#proxy = new Pool(new URL(proxy).origin, {
      allowH2: false,
      connections: mostAsked,
      connect: (options, callback) => {
        // The name of its certificate is that of its address, and not that of the header `host`, which is the provider's.
        connect({ ...options, servername: "" }, callback);
      },
    });
    this.#patienceMilliseconds = patienceMilliseconds;
  }

  /**
   * Opens one.
   *
   * @throws {TunnelRefused} for whatever reason there is none: in an error of undici's own its client would see a passing
   * one, and ask again for ever.
   */
  async to(host: string, port: number): Promise<Socket> {
    const authority = `${host}:${String(port)}`;
    const { statusCode, socket } = await this.#proxy
      .connect({
        path: authority,
        headers: { host: authority },
        signal: AbortSignal.timeout(this.#patienceMilliseconds),
      })
      .catch((error: unknown) => {
        throw new TunnelRefused("the proxy cannot be asked", { cause: error });
      });
    // Whatever goes wrong with it from now on is said by the TLS in it.
    socket.on("error", () => undefined);
    if (statusCode === 200 && socket instanceof Socket) {
      return socket;
    }
    socket.destroy();
    throw new TunnelRefused(`the proxy answered with status ${String(statusCode)}`);
  }

  /** Asks for no more. Tunnels that are open stay. */
  async close(): Promise<void> {
    await this.#proxy.close();
  }
}
