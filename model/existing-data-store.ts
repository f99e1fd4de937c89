import { z } from "zod";

import type { CloudTarget } from "./cloud-target";
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

/** What a FHIR store's id looks like on a cloud, in the platform's own account. */
function storeForm(target: CloudTarget): { readonly pattern: RegExp; readonly what: string } {
  switch (target.kind) {
    case "aws":
      return {
        pattern: new RegExp(
          `^arn:aws(?:-us-gov)?:healthlake:${target.region}:${target.accountId}:datastore/(?:fhir/)?[0-9a-f]{32}$`,
        ),
        what: "the ARN of a HealthLake data store in the platform's account and region",
      };
    case "azure":
      return {
        pattern: new RegExp(
          `^/subscriptions/${target.subscriptionId}/resourceGroups/[^/]+/providers/Microsoft\\.HealthcareApis/workspaces/[a-z0-9]{3,24}/fhirservices/[a-z0-9-]{2,24}$`,
          "i",
        ),
        what: "the id of a FHIR service of Azure Health Data Services in the platform's subscription",
      };
    case "gcp":
      return {
        pattern: new RegExp(
          `^projects/${target.projects.phi.id}/locations/${target.region}/datasets/[\\p{L}\\p{N}_.-]{1,256}/fhirStores/[\\p{L}\\p{N}_.-]{1,256}$`,
          "u",
        ),
        what: "the name of a FHIR store of the Cloud Healthcare API in the PHI zone's project and the platform's region",
      };
  }
}

/**
 * The data stores of the platform that exist already: their ids with the cloud, by the model's id.
 *
 * @param raw what the stack's configuration says: a mapping, or nothing.
 * @throws PlatformError listing every entry that is wrong.
 */
export function existingDataStores(
  stores: readonly DataStore[],
  target: CloudTarget,
  raw: unknown,
): ReadonlyMap<string, string> {
  if (raw === undefined) {
    return new Map();
  }
  const path = "bulkhead:existingDataStores";
  const parsed = schema.safeParse(raw);
  const { pattern, what } = storeForm(target);
  const remedy = `Write the id of a FHIR store of the platform, and ${what}.`;
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
          : pattern.test(arn)
            ? undefined
            : `is not ${what}`;
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
