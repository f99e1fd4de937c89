import { z } from "zod";

export const edgeModes = ["l7-terminate", "l4-passthrough"] as const;
export const edgeClients = ["machine", "clinician"] as const;

/**
 * How the Internet enters.
 *
 * - `l7-terminate`: web firewall and TLS 1.3 end at the load balancer, which verifies machine clients' certificates and
 *   sends clinicians through OpenID Connect; it cannot present a client certificate to `ai-gateway` on every cloud, so
 *   the hop behind it is one-way TLS.
 * - `l4-passthrough`: the load balancer forwards TCP; TLS 1.3 ends at `ai-gateway`, which requires a client certificate.
 */
export type EdgeMode = (typeof edgeModes)[number];

/** Who enters: programs with a client certificate, or people with a browser and an OpenID Connect sign-in. */
export type EdgeClient = (typeof edgeClients)[number];

/** How the Internet enters a platform, and who. */
export interface Edge {
  /** Where TLS from the Internet ends. */
  readonly mode: EdgeMode;
  /** Who enters; one at least. */
  readonly clients: readonly EdgeClient[];
}

export const edgeSchema = z
  .strictObject({
    mode: z
      .enum(edgeModes)
      .default("l7-terminate")
      .meta({ description: "Where TLS from the Internet ends." }),
    clients: z.array(z.enum(edgeClients)).min(1).default(["machine", "clinician"]).meta({
      description: "Who enters. `clinician` needs `l7-terminate`, since OpenID Connect is done there.",
    }),
  })
  .meta({ description: "How the Internet enters the platform." });

export type EdgeDocument = z.output<typeof edgeSchema>;
