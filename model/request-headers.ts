/** With what the names of headers begin that proxies and decision points write, and nobody outside of the platform. */
export const ownHeaderPrefix = "x-bulkhead-";

/**
 * What was granted at the entrance, signed by the decision point. It goes from one workload to the next: programs hand it on
 * with what they ask for a request, as they do the headers of a trace.
 */
export const contextHeader = `${ownHeaderPrefix}context`;

/**
 * Where a request comes from: the address that the enforcement point of an entrance knows its client by, which it writes over
 * whatever was there. Nowhere else does it say anything.
 */
export const sourceAddressHeader = `${ownHeaderPrefix}source-address`;

/** The number of a request, by which what several record of it is told to be about the same. */
export const requestIdHeader = "x-request-id";

/** Headers in which a clinician's access token comes: of programs (RFC 6750 §2.1), and of AWS's load balancer after signing in. */
export const accessTokenHeaders = ["authorization", "x-amzn-oidc-accesstoken"] as const;
