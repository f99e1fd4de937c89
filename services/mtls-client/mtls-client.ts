import { fetch, type RequestInfo, type RequestInit, type Response } from "undici";

import { openCredentialFeed, type CredentialFeedOptions, type CredentialOrigin } from "./credential-feed";
import { MtlsDispatcher, type MtlsDispatcherOptions } from "./mtls-dispatcher";
import { MtlsError } from "./mtls-error";

/** What a client is made from. */
export interface MtlsClientOptions extends CredentialFeedOptions, Omit<MtlsDispatcherOptions, "credential"> {
  /** Our own SPIFFE ID. */
  readonly spiffeId: string;
  /** Where our certificate comes from. */
  readonly credential: CredentialOrigin;
}

/** A client of the servers that it is told, over mutual TLS. */
export interface MtlsClient {
  /**
   * The `fetch` of the standard, to those servers alone.
   *
   * @throws {MtlsError} if the server is not who it should be, or does not take us for who we are.
   */
  readonly fetch: (input: RequestInfo, init?: Omit<RequestInit, "dispatcher">) => Promise<Response>;
  /** The same for undici's other functions, such as `request`. */
  readonly dispatcher: MtlsDispatcher;
  /** Looks for a new certificate now. */
  readonly refresh: () => Promise<void>;
  /** Takes no more requests, and waits for those under way. */
  readonly close: () => Promise<void>;
}

/**
 * A client for a program that has no proxy beside it. It shows its own certificate, speaks TLS 1.3 or newer, accepts of each
 * server exactly the SPIFFE ID that is named for it, and takes up renewed certificates while requests run.
 *
 * @throws as `openCredentialFeed` does, if there is no good certificate to begin with.
 */
export async function openMtlsClient(options: MtlsClientOptions): Promise<MtlsClient> {
  const { credential: origin, spiffeId, everySeconds, onProblem, ...rest } = options;
  const feed = await openCredentialFeed(origin, spiffeId, {
    ...(everySeconds === undefined ? {} : { everySeconds }),
    ...(onProblem === undefined ? {} : { onProblem }),
  });
  let dispatcher: MtlsDispatcher;
  try {
    dispatcher = new MtlsDispatcher({ ...rest, credential: feed });
  } catch (error) {
    feed.close();
    throw error;
  }
  return {
    dispatcher,
    async fetch(input, init) {
      try {
        return await fetch(input, { ...init, dispatcher });
      } catch (error) {
        // By the standard, whatever goes wrong on the network is a "fetch failed".
        throw error instanceof TypeError && error.cause instanceof MtlsError ? error.cause : error;
      }
    },
    refresh: () => feed.refresh(),
    async close() {
      feed.close();
      await dispatcher.close();
    },
  };
}
