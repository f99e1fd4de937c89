import { z } from "zod";

export const dataStoreKinds = ["fhir", "document", "vector"] as const;

/** What a store holds: FHIR resources (HL7 FHIR R4), documents, or the vectors of an index. */
export type DataStoreKind = (typeof dataStoreKinds)[number];

/**
 * A managed store of the PHI zone, reached on 443 by a private endpoint in the zone's subnets, so that the zone needs
 * no way out.
 */
export interface DataStore {
  /** Name of the store, unique in the platform. */
  readonly id: string;
  /** What it holds. */
  readonly kind: DataStoreKind;
}

export const dataStoreSchema = z
  .strictObject({
    id: z
      .string()
      .meta({ description: "Name of the store, unique in the platform.", examples: ["fhir-store"] }),
    kind: z.enum(dataStoreKinds).meta({ description: "What it holds." }),
  })
  .meta({ description: "A managed store in the PHI zone." });

export type DataStoreDocument = z.output<typeof dataStoreSchema>;
