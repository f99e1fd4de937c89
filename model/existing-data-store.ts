import { z } from "zod";

import type { AwsTarget } from "./cloud-target";
import type { DataStore } from "./data-store";
import type { Finding } from "./finding";
import { PlatformError } from "./platform-error";

/** The invariant of stores that exist already, which {@link existingDataStores} checks. */
export const existingDataStoreInvariant = {
  id: "BH-037",
  title: "A store that exists already is a FHIR store of the platform, named by its id with the cloud.",
  because:
    "Only a FHIR store may be older than the platform; another store's settings are part of what keeps PHI in, and would be somebody else's.",
} as const;

const schema = z.record(z.string(), z.string());

/**
 * The data stores of the platform that exist already: their ids with the cloud, by the model's id.
 *
 * @param raw what the stack's configuration says: a mapping, or nothing.
 * @throws PlatformError listing every entry that is wrong.
 */
export function existingDataStores(
  stores: readonly DataStore[],
  { region, accountId }: AwsTarget,
  raw: unknown,
): ReadonlyMap<string, string> {
  if (raw === undefined) {
    return new Map();
  }
  const path = "bulkhead:existingDataStores";
  const parsed = schema.safeParse(raw);
  const remedy =
    "Write the id of a FHIR store of the platform, and the ARN of a HealthLake data store in its account and region.";
  const arnPattern = new RegExp(
    `^arn:aws(?:-us-gov)?:healthlake:${region}:${accountId}:datastore/(?:fhir/)?[0-9a-f]{32}$`,
  );
  if (!parsed.success) {
    throw new PlatformError("The stack's configuration", [
      { id: existingDataStoreInvariant.id, path, message: "Must be a mapping of ids.", remedy },
    ]);
  }
  const found = Object.entries(parsed.data).flatMap(([id, arn]): readonly Finding[] => {
    const store = stores.find((candidate) => candidate.id === id);
    const problem =
      store === undefined
        ? "is no store of the platform"
        : store.kind !== "fhir"
          ? `holds a ${store.kind} store, which the platform creates itself`
          : arnPattern.test(arn)
            ? undefined
            : "is not the ARN of a HealthLake data store in the platform's account and region";
    return problem === undefined
      ? []
      : [
          {
            id: existingDataStoreInvariant.id,
            path: `${path}.${id}`,
            message: `\`${problem.startsWith("is not") ? arn : id}\` ${problem}.`,
            remedy,
          },
        ];
  });
  if (found.length > 0) {
    throw new PlatformError("The stack's configuration", found);
  }
  return new Map(Object.entries(parsed.data));
}
