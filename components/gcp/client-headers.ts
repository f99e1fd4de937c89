import type { EdgeClient } from "../../model/edge";

/**
 * Headers by which the entrance of programs tells `ai-gateway` who the client is, and the variable of the load balancer
 * that holds it (Cloud Load Balancing documentation, "Mutual TLS custom headers"). In lower case, as the web firewall
 * looks for them.
 */
export const identityHeaders = {
  "x-client-certificate-chain-verified": "client_cert_chain_verified",
  "x-client-certificate-fingerprint": "client_cert_sha256_fingerprint",
  "x-client-certificate-present": "client_cert_present",
  "x-client-certificate-serial-number": "client_cert_serial_number",
  "x-client-certificate-spiffe-id": "client_cert_spiffe_id",
  "x-client-certificate-uri-sans": "client_cert_uri_sans",
} as const;

/** What the load balancer writes into each request of an entrance, whatever the client wrote there. */
export function requestHeaders(client: EdgeClient): string[] {
  return client === "machine"
    ? Object.entries(identityHeaders).map(([header, variable]) => `${header}:{${variable}}`)
    : [];
}

/** What it writes into each answer: browsers are told that the platform is called by TLS only. */
export function responseHeaders(client: EdgeClient): string[] {
  return client === "clinician" ? ["strict-transport-security:max-age=31536000; includeSubDomains"] : [];
}
