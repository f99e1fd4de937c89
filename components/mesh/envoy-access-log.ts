import { typed, type EnvoyPart } from "./envoy-part";

/** What is recorded of who is at the other end of a connection that came in. */
const peerFields = {
  time: "%START_TIME%",
  source: "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%",
  client: "%DOWNSTREAM_REMOTE_ADDRESS%",
  peer: "%DOWNSTREAM_PEER_URI_SAN%",
  peer_subject: "%DOWNSTREAM_PEER_SUBJECT%",
  peer_serial: "%DOWNSTREAM_PEER_SERIAL%",
  peer_expires: "%DOWNSTREAM_PEER_CERT_V_END%",
  tls_version: "%DOWNSTREAM_TLS_VERSION%",
  transport_failure: "%DOWNSTREAM_TRANSPORT_FAILURE_REASON%",
  flags: "%RESPONSE_FLAGS%",
  details: "%CONNECTION_TERMINATION_DETAILS%",
} as const;

/** The same of a request, with what became of it, and who answered. */
export const requestFields = {
  ...peerFields,
  details: "%RESPONSE_CODE_DETAILS%",
  method: "%REQ(:METHOD):16%",
  protocol: "%PROTOCOL%",
  status: "%RESPONSE_CODE%",
  bytes_received: "%BYTES_RECEIVED%",
  bytes_sent: "%BYTES_SENT%",
  duration_ms: "%DURATION%",
  request_id: "%REQ(X-REQUEST-ID):36%",
  upstream: "%UPSTREAM_REMOTE_ADDRESS%",
  upstream_peer: "%UPSTREAM_PEER_URI_SAN%",
  upstream_peer_expires: "%UPSTREAM_PEER_CERT_V_END%",
  upstream_tls_version: "%UPSTREAM_TLS_VERSION%",
  upstream_failure: "%UPSTREAM_TRANSPORT_FAILURE_REASON%",
} as const;

/** What a line is about: a connection, of which none may have become a request, or a request. */
export type Recorded = "connection" | "request";

/**
 * The lines that a listener writes to the proxy's output: JSON, one for each. They hold no path, no header that a program
 * defines and no body, since there PHI may be.
 *
 * @param listener the name of the listener.
 * @param spiffeId the workload that the proxy stands before.
 */
export function accessLog(recorded: Recorded, listener: string, spiffeId: string): readonly EnvoyPart[] {
  return [
    {
      name: "envoy.access_loggers.stdout",
      typed_config: typed("access_loggers.stream.v3.StdoutAccessLog", {
        log_format: {
          json_format: {
            record: recorded,
            workload: spiffeId,
            listener,
            ...(recorded === "connection" ? peerFields : requestFields),
          },
        },
      }),
    },
  ];
}
