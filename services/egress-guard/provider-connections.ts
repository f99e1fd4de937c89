import type { Readable } from "node:stream";

import { Agent, buildConnector } from "undici";

import { normalPem, pemCertificates } from "../credentials/pem-certificates";

import { ProxyTunnels } from "./proxy-tunnels";

/** How long each may take, in milliseconds. */
export interface ProviderPatience {
  /** Whoever is connected to: the proxy, the proxy again until it has answered, and the provider. */
  readonly connect: number;
  /** The provider until its answer begins. */
  readonly answer: number;
  /** The provider between two parts of its answer. */
  readonly body: number;
}

const usualPatience: ProviderPatience = { connect: 10_000, answer: 600_000, body: 300_000 };

/** The port of TLS, on which providers are. */
const httpsPort = 443;

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
  readonly #patience: ProviderPatience;
  #authority: string | undefined;
  #opened: OpenConnections | undefined;

  /**
   * @param proxy the address of the proxy through which providers are called (HTTP CONNECT); routes lead to them without one.
   * @param places where hosts are found in place of their own addresses, without a proxy: for tests.
   * @param patience how long each may take; ten seconds to connect, ten minutes to answer and five between two parts, if left out.
   */
  constructor(
    proxy: string | undefined,
    places: HostPlaces = {},
    patience: ProviderPatience = usualPatience,
  ) {
    this.#proxy = proxy;
    this.#places = places;
    this.#patience = patience;
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
    } = await this.#with(certificates).agent.request({
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
    await this.#opened?.close();
  }

  #with(authority: string): OpenConnections {
    if (this.#opened === undefined || authority !== this.#authority) {
      void this.#opened?.close();
      this.#authority = authority;
      this.#opened = this.#open(authority);
    }
    return this.#opened;
  }

  #open(authority: string): OpenConnections {
    const { connect: timeout, answer, body } = this.#patience;
    const tls = {
      ca: authority,
      minVersion: "TLSv1.2",
      // Whatever the environment says.
      rejectUnauthorized: true,
    } as const;
    // The proxy shows a certificate of the same authority, and so does the firewall that it is, in the provider's place.
    const tunnels = this.#proxy === undefined ? undefined : new ProxyTunnels(this.#proxy, tls, timeout);
    const connect = buildConnector({ ...tls, timeout, allowH2: false });
    const agent = new Agent({
      allowH2: false,
      bodyTimeout: body,
      connections: mostConnections,
      headersTimeout: answer,
      keepAliveTimeout: idleMilliseconds,
      pipelining: 1,
      connect: (options, callback) => {
        if (tunnels === undefined) {
          connect(this.#placed(options), callback);
          return;
        }
        tunnels
          .to(options.hostname, Number(options.port || httpsPort))
          .then((httpSocket) => {
            connect({ ...options, httpSocket }, callback);
          })
          .catch((error: unknown) => {
            callback(error as Error, null);
          });
      },
    });
    return {
      agent,
      close: async () => {
        await agent.close();
        await tunnels?.close();
      },
    };
  }

  #placed(options: buildConnector.Options): buildConnector.Options {
    const place = this.#places[options.hostname];
    return place === undefined
      ? options
      : {
          ...options,
          host: `${place.host}:${String(place.port)}`,
          hostname: place.host,
          port: String(place.port),
          servername: options.hostname,
        };
  }
}

/** Connections of one authority. */
interface OpenConnections {
  readonly agent: Agent;
  readonly close: () => Promise<void>;
}
