import type { PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";
import { workloadsCalling } from "../clients";

/** The roles of Google's own that the platform gives workloads (IAM documentation, "IAM roles and permissions index"). */
export const predefinedRoles = {
  /** Pulls images of a repository. */
  registryReader: "roles/artifactregistry.reader",
  /** Runs queries in a project, of what the workload may read anyway. */
  queryRunner: "roles/bigquery.jobUser",
  /** Encrypts and decrypts with a key, and neither changes it nor lets others use it. */
  keyUser: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
  /** Has tokens made that say who a service account is, and give no access to Google Cloud. */
  identityTokenCreator: "roles/iam.serviceAccountOpenIdTokenCreator",
  /** Writes log entries, and reads none. */
  logWriter: "roles/logging.logWriter",
  /** Writes points of metrics. */
  metricWriter: "roles/monitoring.metricWriter",
  /** Reads what a secret says. */
  secretReader: "roles/secretmanager.secretAccessor",
} as const;

/** A role of our own making, since none of Google's is as small. */
export interface CustomRole {
  /** What it is called by, after the platform's name. */
  readonly what: string;
  readonly title: string;
  readonly permissions: readonly string[];
}

/**
 * Asks models. Google's own role for that, `roles/aiplatform.user`, would also let a workload train, tune and deploy models,
 * and export what it made.
 */
export const modelClient: CustomRole = {
  what: "model-client",
  title: "Asks models",
  permissions: ["aiplatform.endpoints.predict"],
};

/** The workloads whose flows name a platform service, in the order of their ids. */
export function clientsOf(service: PlatformServiceId, spec: PlatformSpec): readonly Workload[] {
  return workloadsCalling(spec, (to) => to.kind === "platform-service" && to.id === service);
}

/** The platform services that flows name. */
export function usedServices(spec: PlatformSpec): ReadonlySet<PlatformServiceId> {
  return new Set(spec.flows.flatMap(({ to }) => (to.kind === "platform-service" ? [to.id] : [])));
}
