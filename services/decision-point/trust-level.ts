/** How far a request is trusted, from not at all to as far as it asks, in that order. */
export const trustLevels = ["NONE", "AUTHENTICATED", "AUTHORIZED", "VERIFIED"] as const;

/**
 * How far a request is trusted (NIST SP 800-207 §2.1, tenets 3 and 4).
 *
 * - `NONE`: nobody is known to ask, or the device is not known to be compliant.
 * - `AUTHENTICATED`: it is known who asks, who may not do that, or not from there.
 * - `AUTHORIZED`: who asks may do that, after a second factor.
 * - `VERIFIED`: the request is allowed.
 */
export type TrustLevel = (typeof trustLevels)[number];
