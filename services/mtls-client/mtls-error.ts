import { errors } from "undici";

/**
 * What stood in the way of a connection.
 *
 * - `undeclared-server`: nobody said which identity answers there.
 * - `wrong-identity`: whoever answers is of the trust domain, and is not who was expected.
 * - `untrusted-certificate`: no authority of the trust bundle issued what was shown, or it is not valid now.
 * - `one-way`: the server asks for no certificate, so that it serves anybody.
 * - `refused-by-server`: the server says that it does not accept our certificate.
 * - `closed-by-server`: the server closed the connection before it answered anything, as many do with whom they do not admit.
 * - `no-common-tls`: the server does not speak TLS 1.3, or no TLS.
 * - `own-certificate`: ours has expired, and no new one has come.
 * - `unreachable`: no connection, for whatever other reason.
 */
export type MtlsProblem =
  | "undeclared-server"
  | "wrong-identity"
  | "untrusted-certificate"
  | "one-way"
  | "refused-by-server"
  | "closed-by-server"
  | "no-common-tls"
  | "own-certificate"
  | "unreachable";

/** What an error is about. */
export interface MtlsErrorDetails {
  readonly problem: MtlsProblem;
  /** The origin that was called, such as `https://rag-service.processing.ai.hospital.example`. */
  readonly server: string;
  /** The SPIFFE ID that was to answer, if that was known. */
  readonly expected: string | undefined;
  /** What was seen in its place. */
  readonly shown: string;
}

/** A call did not reach the server that it was meant for. Nothing of it was sent to another. */
export class MtlsError extends Error {
  override readonly name = "MtlsError";
  readonly problem: MtlsProblem;
  readonly server: string;
  readonly expected: string | undefined;
  readonly shown: string;

  constructor({ problem, server, expected, shown }: MtlsErrorDetails, options?: ErrorOptions) {
    const who = expected === undefined ? "" : ` as ${expected}`;
    super(`${server} cannot be called${who} (${problem}): ${shown}`, options);
    this.problem = problem;
    this.server = server;
    this.expected = expected;
    this.shown = shown;
  }
}

/** Codes of errors by which OpenSSL says that the ends have no version of TLS in common. */
const versionCodes: ReadonlySet<string> = new Set([
  "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
]);

/** Codes of OpenSSL's verification of a chain (`X509_V_ERR_*`), as Node.js hands them on. */
const verificationCode =
  /^(?:CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_|PATH_LENGTH_|ERROR_IN_CERT_|HOSTNAME_)/;

function problemOf(code: string): MtlsProblem {
  if (versionCodes.has(code)) {
    return "no-common-tls";
  }
  if (verificationCode.test(code)) {
    return "untrusted-certificate";
  }
  // An alert is what the other end says, and after the version of TLS our certificate is all that it can be about.
  return /^ERR_SSL_.*_ALERT_/.test(code) ? "refused-by-server" : "unreachable";
}

/** What an error of TLS or of the network says of a call. One that is no such error stays what it is. */
export function asMtlsError(error: Error, server: string, expected: string): Error {
  if (error instanceof MtlsError) {
    return error;
  }
  const named = (problem: MtlsProblem, shown: string): MtlsError =>
    new MtlsError({ problem, server, expected, shown }, { cause: error });
  if (error instanceof errors.SocketError && error.socket?.bytesRead === 0) {
    return named("closed-by-server", "it closed the connection before it answered anything");
  }
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code.startsWith("UND_ERR_")
    ? error
    : named(problemOf(code), `${code}: ${error.message}`);
}
