import { Agent, Dispatcher, Pool } from "undici";

import type { VerifiedCredential } from "../credentials/verified-credential";

import type { CredentialFeed } from "./credential-feed";
import { mtlsConnector, type ConnectionOptions } from "./mtls-connector";
import { asMtlsError, MtlsError } from "./mtls-error";

/** What a dispatcher is made from. */
export interface MtlsDispatcherOptions extends Partial<ConnectionOptions> {
  /** Our certificate. The dispatcher does not close it. */
  readonly credential: CredentialFeed;
  /** Who answers where: SPIFFE IDs by origins, such as `https://rag-service.processing.ai.hospital.example`. */
  readonly servers: Readonly<Record<string, string>>;
  /** How old connections may get on which new requests begin, in milliseconds: 15 minutes, if left out. */
  readonly maxConnectionAge?: number;
}

/** Connections that were made with one certificate, and how old the oldest may be. */
interface Generation {
  readonly agent: Agent;
  readonly dispatcher: Dispatcher;
  readonly began: number;
}

function originOf(text: string): string {
  const { origin, protocol, pathname, search } = new URL(text);
  if (protocol !== "https:" || pathname !== "/" || search !== "") {
    throw new RangeError(`${text} is not the origin of a server: https://<name>[:<port>].`);
  }
  return origin;
}

/**
 * Dispatches requests over mutual TLS to the servers that are named, each by its own SPIFFE ID, and to nobody else.
 *
 * When another certificate takes the place of ours, or of the trust bundle, new requests go over new connections; those
 * that are under way are finished on the old ones, which are closed then.
 */
export class MtlsDispatcher extends Dispatcher {
  readonly #options: MtlsDispatcherOptions & ConnectionOptions & { readonly maxConnectionAge: number };
  readonly #servers: ReadonlyMap<string, string>;
  readonly #draining = new Set<Agent>();
  readonly #endFeed: () => void;
  #generation: Generation;
  #isClosed = false;

  /** @throws {RangeError} if what is called an origin is none. */
  constructor(options: MtlsDispatcherOptions) {
    super();
    this.#options = { connectTimeout: 10_000, allowH2: false, maxConnectionAge: 15 * 60_000, ...options };
    this.#servers = new Map(
      Object.entries(options.servers).map(([origin, spiffeId]) => [originOf(origin), spiffeId]),
    );
    this.#generation = this.#newGeneration(options.credential.current);
    this.#endFeed = options.credential.onChange(() => {
      this.#renew();
    });
  }

  /**
   * Dispatches one request, as undici's own dispatchers do. What goes wrong is told to the handler: an {@link MtlsError} if
   * it is about who is at the other end.
   */
  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const problem = this.#problem(options.origin);
    if (problem !== undefined) {
      throw problem;
    }
    if (Date.now() - this.#generation.began > this.#options.maxConnectionAge) {
      this.#renew();
    }
    return this.#generation.dispatcher.dispatch(options, handler);
  }

  /** Takes no more requests, and waits for those under way. */
  override close(callback?: () => void): Promise<void> {
    const closed = this.#end((agent) => agent.close());
    void closed.then(callback);
    return closed;
  }

  /** Ends all requests under way. */
  override destroy(error?: Error | null | (() => void), callback?: () => void): Promise<void> {
    const reason = error instanceof Error ? error : null;
    const destroyed = this.#end((agent) => agent.destroy(reason));
    void destroyed.then(typeof error === "function" ? error : callback);
    return destroyed;
  }

  async #end(end: (agent: Agent) => Promise<void>): Promise<void> {
    this.#isClosed = true;
    this.#endFeed();
    const agents = [this.#generation.agent, ...this.#draining];
    await Promise.all(agents.filter(({ destroyed }) => !destroyed).map(end));
  }

  /** Why a request is not even tried. */
  #problem(origin: string | URL | undefined): Error | undefined {
    const server = origin === undefined ? "nowhere" : new URL(origin).origin;
    const expected = this.#servers.get(server);
    if (expected === undefined) {
      const shown = `no SPIFFE ID is named for it; those of ${[...this.#servers.keys()].join(", ")} are`;
      return new MtlsError({ problem: "undeclared-server", server, expected, shown });
    }
    const { notAfter } = this.#options.credential.current;
    if (notAfter.getTime() < Date.now()) {
      const shown = `our own certificate expired on ${notAfter.toISOString()}`;
      return new MtlsError({ problem: "own-certificate", server, expected, shown });
    }
    return undefined;
  }

  #newGeneration(credential: VerifiedCredential): Generation {
    const agent = new Agent({
      factory: (origin, options) => {
        const server = new URL(origin).origin;
        const connect = mtlsConnector(server, this.#expected(server), credential, this.#options);
        return new Pool(origin, { ...(options as Pool.Options), connect, allowH2: this.#options.allowH2 });
      },
    });
    return { agent, dispatcher: agent.compose(this.#naming.bind(this)), began: Date.now() };
  }

  #renew(): void {
    if (this.#isClosed) {
      return;
    }
    const { agent } = this.#generation;
    this.#generation = this.#newGeneration(this.#options.credential.current);
    this.#draining.add(agent);
    void agent.close().finally(() => this.#draining.delete(agent));
  }

  #expected(server: string): string {
    const expected = this.#servers.get(server);
    if (expected === undefined) {
      throw new Error(`${server} is dispatched to without an identity`);
    }
    return expected;
  }

  /** In TLS 1.3 a server refuses our certificate when the connection stands already, so that the request hears of it. */
  #naming(dispatch: Dispatcher.Dispatch): Dispatcher.Dispatch {
    return (options, handler) => {
      const server = new URL(options.origin ?? "").origin;
      return dispatch(options, {
        onRequestStart: (controller, context: unknown) => handler.onRequestStart?.(controller, context),
        onRequestUpgrade: (controller, status, headers, socket) =>
          handler.onRequestUpgrade?.(controller, status, headers, socket),
        onResponseStart: (controller, status, headers, message) =>
          handler.onResponseStart?.(controller, status, headers, message),
        onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
        onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
        onResponseError: (controller, error) =>
          handler.onResponseError?.(controller, asMtlsError(error, server, this.#expected(server))),
      });
    };
  }
}
