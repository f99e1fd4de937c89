import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import type { CredentialSource } from "../credentials/credential-source";
import { normalPem, pemCertificates } from "../credentials/pem-certificates";
import { readSdsFiles } from "../credentials/sds-files";
import { verifiedCredential, type VerifiedCredential } from "../credentials/verified-credential";

/**
 * Where a program has its certificate from: three files in PEM, such as cert-manager writes; the folder that a certificate
 * agent keeps; or the secret store of a cloud.
 */
export type CredentialOrigin =
  | {
      /** The file of the certificate and its issuers. */
      readonly certificate: string;
      /** The file of its key. */
      readonly privateKey: string;
      /** The file of the root authorities of the trust domain. */
      readonly trustBundle: string;
    }
  | { readonly agentFolder: string }
  | { readonly source: CredentialSource };

/** How a feed looks for what is new. */
export interface CredentialFeedOptions {
  /** How often, in seconds: every ten for files, every 240 for a secret store, if left out. */
  readonly everySeconds?: number;
  /** Is told why something new cannot be used; what is there goes on being used. */
  readonly onProblem?: (error: unknown) => void;
}

/** A certificate that renews itself. Ends with {@link close}. */
export interface CredentialFeed {
  /** The newest that was found to be good. */
  readonly current: VerifiedCredential;
  /** Calls a function each time another takes its place. @returns what ends that. */
  readonly onChange: (listener: (credential: VerifiedCredential) => void) => () => void;
  /** Looks now, and does not wait for the next time. */
  readonly refresh: () => Promise<void>;
  readonly close: () => void;
}

async function ofFiles(
  paths: { readonly certificate: string; readonly privateKey: string; readonly trustBundle: string },
  spiffeId: string,
): Promise<VerifiedCredential> {
  const [certificate, privateKey, trustBundle] = await Promise.all([
    readFile(paths.certificate, "utf8"),
    readFile(paths.privateKey, "utf8"),
    readFile(paths.trustBundle, "utf8"),
  ]);
  return verifiedCredential(
    JSON.stringify({
      spiffeId,
      trustBundle: normalPem(pemCertificates(trustBundle)),
      certificates: [{ epoch: 0, certificateChain: normalPem(pemCertificates(certificate)), privateKey }],
    }),
    spiffeId,
    new Date(),
  );
}

async function read(
  origin: CredentialOrigin,
  spiffeId: string,
  signal: AbortSignal,
): Promise<VerifiedCredential> {
  if ("source" in origin) {
    return verifiedCredential(await origin.source.read(signal), spiffeId, new Date());
  }
  return "agentFolder" in origin
    ? readSdsFiles(origin.agentFolder, spiffeId, new Date())
    : ofFiles(origin, spiffeId);
}

function same(a: VerifiedCredential, b: VerifiedCredential): boolean {
  return (
    a.certificateChain === b.certificateChain &&
    a.privateKey === b.privateKey &&
    a.trustBundle === b.trustBundle
  );
}

/**
 * Reads a program's certificate, and goes on looking for a new one.
 *
 * Files are read again and again, and not watched: whichever way they are replaced, and on whichever file system. Files
 * that do not fit together, because one of them is not yet replaced, are a problem of that moment.
 *
 * @param spiffeId whose certificate it must be.
 * @throws if there is no good one to begin with: `CredentialRefused`, `CredentialUnavailable`, or what reading a file throws.
 */
export async function openCredentialFeed(
  origin: CredentialOrigin,
  spiffeId: string,
  options: CredentialFeedOptions = {},
): Promise<CredentialFeed> {
  const { everySeconds = "source" in origin ? 240 : 10, onProblem = () => undefined } = options;
  const closed = new AbortController();
  const listeners = new Set<(credential: VerifiedCredential) => void>();
  let current = await read(origin, spiffeId, closed.signal);

  async function refresh(): Promise<void> {
    let found: VerifiedCredential;
    try {
      found = await read(origin, spiffeId, closed.signal);
    } catch (error) {
      if (!closed.signal.aborted) {
        onProblem(error);
      }
      return;
    }
    if (!closed.signal.aborted && !same(found, current)) {
      current = found;
      for (const listener of listeners) {
        listener(found);
      }
    }
  }

  async function keepLooking(): Promise<void> {
    for (;;) {
      try {
        // A program that has nothing else to do may end.
        await sleep(everySeconds * 1000, undefined, { signal: closed.signal, ref: false });
      } catch {
        return;
      }
      await refresh();
    }
  }

  void keepLooking();
  return {
    get current() {
      return current;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refresh,
    close() {
      closed.abort();
      listeners.clear();
    },
  };
}
