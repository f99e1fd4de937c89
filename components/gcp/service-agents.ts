import type { DataStoreKind } from "../../model/data-store";

/**
 * The service agents of Google Cloud that encrypt with a key of the customer's: what they are called in a project, by its
 * number (IAM documentation, "Service agents"; BigQuery documentation, "Customer-managed Cloud KMS keys").
 */
const addresses = {
  artifactregistry: (number: string): string =>
    `service-${number}@gcp-sa-artifactregistry.iam.gserviceaccount.com`,
  bigquery: (number: string): string => `bq-${number}@bigquery-encryption.iam.gserviceaccount.com`,
  compute: (number: string): string => `service-${number}@compute-system.iam.gserviceaccount.com`,
  healthcare: (number: string): string => `service-${number}@gcp-sa-healthcare.iam.gserviceaccount.com`,
  logging: (number: string): string => `service-${number}@gcp-sa-logging.iam.gserviceaccount.com`,
  secretmanager: (number: string): string => `service-${number}@gcp-sa-secretmanager.iam.gserviceaccount.com`,
  storage: (number: string): string => `service-${number}@gs-project-accounts.iam.gserviceaccount.com`,
} as const;

/** A service of Google Cloud that encrypts with a key of the customer's, by the name of its API. */
export type EncryptingService = keyof typeof addresses;

/** The service that holds each kind of store. */
export const storeServices = {
  fhir: "healthcare",
  document: "storage",
  vector: "bigquery",
} as const satisfies Record<DataStoreKind, EncryptingService>;

/**
 * The services whose agent in a project is made on request. Those of the others are there once the project's settings were
 * read for the first time, which no resource does: `docs/gcp.md` says how.
 */
export const requestedAgents: readonly EncryptingService[] = [
  "artifactregistry",
  "healthcare",
  "secretmanager",
];

/** A service's agent in a project, as policies of IAM name it. */
export function serviceAgent(service: EncryptingService, projectNumber: string): string {
  return `serviceAccount:${addresses[service](projectNumber)}`;
}
