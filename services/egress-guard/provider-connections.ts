import type { Readable } from "node:stream";

import { Agent, buildConnector, ProxyAgent, type Dispatcher } from "undici";

import { normalPem, pemCertificates } from "../credentials/pem-certificates";

/** How long the provider may be silent, in milliseconds: before its answer begins, and within it. */
const patience = { connect: 10_000, answer: 600_000, body: 300_000 } as const;

/** How many connections to one host, and how long one is kept that nobody uses, in milliseconds. */
const mostConnections = 256;
const idleMilliseconds = 30_000;

/** The firewall between us and the providers, which alone can prove that it is them. */
export interface FirewallAuthority {
  /** Certificates in PEM. */
  readonly certificates: string;
}

/** Reads the firewall's authority. @throws if there is no certificate in it. */
export function firewallAuthority(text: string): FirewallAuthority {
  const certificates = pemCertificates(text);
  if (certificates.length === 0 || !certificates.every(({ ca }) => ca)) {
    throw new RangeError("there is no authority");
  }
  return { certificates: normalPem(certificates) };
}

/** Where the host of a provider is found in a test. */
export type HostPlaces = Readonly<Record<string, { readonly host: string; readonly port: number }>>;

/** What is sent to a provider. */
export interface ProviderCall {
  /** The host of its API. */
  readonly host: string;
  /** The path with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** What a provider answers, whose body is not read yet. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/**
 * Connections to providers. Whoever is at their other end proves to be the provider by a certificate of the firewall's
 * authority and of no other: around the firewall no connection comes about.
 */
export class ProviderConnections {
  readonly #proxy: string | undefined;
  readonly #places: HostPlaces;
  #authority: string | undefined;
  #dispatcher: Dispatcher | undefined;

  /**
   * @param proxy the address of the proxy through which providers are called (HTTP CONNECT); routes lead to them without one.
   * @param places where hosts are found in place of their own addresses: for tests.
   */
  constructor(proxy: string | undefined, places: HostPlaces = {}) {
    this.#proxy = proxy;
    this.#places = places;
  }

  /** Calls a provider. @throws if there is no answer. */
  async call(
    { certificates }: FirewallAuthority,
    { host, path, headers, body, signal }: ProviderCall,
  ): Promise<ProviderAnswer> {
    const {
      statusCode,
      headers: answered,
      body: read,
    } = await this.#with(certificates).request({
      origin: `https://${host}`,
      path,
      method: "POST",
      headers,
      body,
      signal,
    });
    return { status: statusCode, headers: answered, body: read };
  }

  /** Ends them, once what is under way has ended. */
  async close(): Promise<void> {
    await this.#dispatcher?.close();
  }

  #with(authority: string): Dispatcher {
    if (this.#dispatcher === undefined || authority !== this.#authority) {
      void this.#dispatcher?.close();
      this.#authority = authority;
      this.#dispatcher = this.#opened(authority);
    }
    return this.#dispatcher;
  }

  #opened(authority: string): Dispatcher {
    const tls = {
      ca: authority,
      minVersion: "TLSv1.2",
      // Whatever the environment says.
      rejectUnauthorized: true,
      timeout: patience.connect,
    } as const;
    const shared = {
      allowH2: false,
      bodyTimeout: patience.body,
      connections: mostConnections,
      headersTimeout: patience.answer,
      keepAliveTimeout: idleMilliseconds,
      pipelining: 1,
    };
    if (this.#proxy !== undefined) {
      // The proxy shows a certificate of the same authority, and so does the firewall that it is, in the provider's place.
      return new ProxyAgent({ ...shared, uri: this.#proxy, proxyTls: tls, requestTls: tls });
    }
    const connect = buildConnector({ ...tls, allowH2: false });
    return new Agent({
      ...shared,
      connect: (options, callback) => {
        const place = this.#places[options.hostname];
        connect(
          place === undefined
            ? options
            : {
                ...options,
                host: `${place.host}:${String(place.port)}`,
                hostname: place.host,
                port: String(place.port),
                servername: options.hostname,
              },
          callback,
        );
      },
    });
  }
}
