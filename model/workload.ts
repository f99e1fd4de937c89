import { z } from "zod";

import type { Image } from "./image";
import type { SpiffeId } from "./spiffe-id";
import { zoneIds, type WorkloadZoneId } from "./zone";

/** The only port on which anything in the platform listens. */
export const platformPort = 443;

/** The only port on which anything in the platform listens. */
export type PlatformPort = typeof platformPort;

/** A service that the customer runs, with an identity of its own. */
export interface Workload {
  /** Name of the workload, unique in the platform. */
  readonly id: string;
  /** The zone that it runs in. */
  readonly zone: WorkloadZoneId;
  /** The port that it listens on. */
  readonly port: PlatformPort;
  /** What it runs. */
  readonly image: Image;
  /** How many copies run, spread over the zone's subnets. */
  readonly replicas: number;
  /** Its identity. */
  readonly spiffeId: SpiffeId;
}

export const workloadSchema = z
  .strictObject({
    id: z
      .string()
      .meta({ description: "Name of the workload, unique in the platform.", examples: ["rag-service"] }),
    zone: z
      .enum(zoneIds)
      .meta({ description: "The zone that it runs in; never `phi`, which is managed-only." }),
    port: z
      .int()
      .default(platformPort)
      .meta({ description: "The port that it listens on: 443 when left out, and no other is accepted." }),
    image: z.string().meta({
      description:
        "Image in the platform's own registry, without a host, by digest: <repository>@sha256:<digest>.",
    }),
    replicas: z.int().min(1).max(200).default(2).meta({ description: "Copies that run; two when left out." }),
  })
  .meta({ description: "A service that runs in a zone." });

export type WorkloadDocument = z.output<typeof workloadSchema>;
