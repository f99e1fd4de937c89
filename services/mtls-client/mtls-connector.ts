import { TLSSocket, type SecureVersion } from "node:tls";

import { buildConnector } from "undici";

import { uriNames } from "../credentials/alternative-names";
import type { VerifiedCredential } from "../credentials/verified-credential";

import { asMtlsError, MtlsError } from "./mtls-error";

/** The oldest version of TLS that is spoken. */
export const oldestTls: SecureVersion = "TLSv1.3";

/** What may be set of connections. */
export interface ConnectionOptions {
  /** How long it may take until a connection stands, in milliseconds. */
  readonly connectTimeout: number;
  /** Whether HTTP/2 is spoken with servers that do. */
  readonly allowH2: boolean;
}

/** Says why a certificate is not the one server's that is expected, or `undefined` if it is. Its other names do not count. */
export function identityProblem(
  subjectAltName: string | undefined,
  admitted: readonly string[],
): string | undefined {
  let uris: readonly string[];
  try {
    uris = uriNames(subjectAltName);
  } catch {
    return "a certificate whose names cannot be read";
  }
  const [uri, ...others] = uris;
  if (uri === undefined) {
    return "a certificate without a SPIFFE ID";
  }
  if (others.length > 0) {
    return `a certificate with several identities: ${uris.join(", ")}`;
  }
  return admitted.includes(uri) ? undefined : uri;
}

/**
 * Makes connections to one server: over TLS 1.3, with our certificate, and only if the server's is of the trust bundle's
 * authorities, bears exactly the expected SPIFFE ID, and the server asks for ours. What the server is called in DNS does
 * not count.
 */
export function mtlsConnector(
  server: string,
  expected: string,
  { certificateChain, privateKey, trustBundle }: VerifiedCredential,
  { connectTimeout, allowH2 }: ConnectionOptions,
): buildConnector.connector {
  const connect = buildConnector({
    cert: certificateChain,
    key: privateKey,
    ca: trustBundle,
    minVersion: oldestTls,
    rejectUnauthorized: true,
    // Node.js asks nobody who the server is when a session is resumed.
    maxCachedSessions: 0,
    timeout: connectTimeout,
    allowH2,
    checkServerIdentity: (_host, { subjectaltname }) => {
      const shown = identityProblem(subjectaltname, [expected]);
      return shown === undefined
        ? undefined
        : new MtlsError({ problem: "wrong-identity", server, expected, shown });
    },
  });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(asMtlsError(error, server, expected), null);
        return;
      }
      // A server's own algorithms for signatures are in its request for a certificate, and nowhere else.
      if (!(socket instanceof TLSSocket) || socket.getSharedSigalgs().length === 0) {
        socket.destroy();
        const shown = "the server asks for no certificate";
        callback(new MtlsError({ problem: "one-way", server, expected, shown }), null);
        return;
      }
      // What the server says when it refuses our certificate is lost if the end of the connection is heard as well.
      socket.once("error", () => socket.destroy());
      callback(null, socket);
    });
  };
}
