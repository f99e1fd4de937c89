import { constants } from "node:crypto";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { TlsOptions } from "node:tls";

import type { VerifiedCredential } from "../credentials/verified-credential";

import type { CredentialFeed } from "./credential-feed";
import { identityProblem, oldestTls } from "./mtls-connector";

/** What a server is made from. */
export interface MtlsServerOptions {
  /** Our certificate. The server does not close it. */
  readonly credential: CredentialFeed;
  /** The SPIFFE IDs of those who may call. */
  readonly admits: readonly string[];
  /** Is told who was refused, and from where. */
  readonly onRefused?: (refused: { readonly shown: string; readonly address: string | undefined }) => void;
}

function tlsOptions({ certificateChain, privateKey, trustBundle }: VerifiedCredential): TlsOptions {
  return {
    cert: certificateChain,
    key: privateKey,
    ca: trustBundle,
    minVersion: oldestTls,
    // A resumed session would outlive the certificate that it began with.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}

/**
 * A server of HTTP for a program that has no proxy before it. Whoever connects must speak TLS 1.3 or newer and show a
 * certificate of the trust bundle's authorities with one of the SPIFFE IDs that are admitted; others are cut off before
 * they can ask for anything. A renewed certificate is shown from then on.
 */
export function createMtlsServer(
  { credential, admits, onRefused = () => undefined }: MtlsServerOptions,
  listener: RequestListener,
): Server {
  const server = createServer(
    { ...tlsOptions(credential.current), requestCert: true, rejectUnauthorized: true },
    listener,
  );
  server.prependListener("secureConnection", (socket) => {
    const shown = identityProblem(socket.getPeerCertificate().subjectaltname, admits);
    if (shown !== undefined) {
      onRefused({ shown, address: socket.remoteAddress });
      socket.destroy();
    }
  });
  const end = credential.onChange((renewed) => {
    server.setSecureContext(tlsOptions(renewed));
  });
  server.once("close", end);
  return server;
}
