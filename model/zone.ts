import { z } from "zod";

import type { Cidr } from "./cidr";

/**
 * The zones: sets of workloads or stores with one class of data and one level of trust (NIST SP 800-207 §2: implicit
 * trust zones, kept small).
 *
 * - `gateway`: the Internet reaches its load balancer on 443, and nothing else in it.
 * - `processing`: private; admits 443 from the gateway and from itself.
 * - `phi`: holds protected health information in managed stores; admits 443 from processing; opens no connection.
 * - `egress`: exists only when an external LLM provider is declared, and inspects what leaves.
 */
export const zoneIds = ["gateway", "processing", "phi", "egress"] as const;

/**
 * A zone: `gateway`, which the Internet reaches; `processing`; `phi`, which opens no connection; `egress`, which
 * inspects what leaves.
 */
export type ZoneId = (typeof zoneIds)[number];

/** Zones that may run a workload: `phi` is managed-only, so no code of the customer's runs there. */
export type WorkloadZoneId = Exclude<ZoneId, "phi">;

/** A zone of a platform. */
export interface Zone {
  /** Which zone this is. */
  readonly id: ZoneId;
  /** The addresses that it owns. */
  readonly addressBlock: Cidr;
}

export const zoneSchema = z
  .strictObject({
    id: z.enum(zoneIds).meta({ description: "Which zone this is." }),
    addressBlock: z.string().meta({
      description: "The zone's part of the platform's address space, in CIDR notation.",
      examples: ["10.40.16.0/20"],
    }),
  })
  .meta({ description: "A zone and the addresses it owns." });

export type ZoneDocument = z.output<typeof zoneSchema>;
