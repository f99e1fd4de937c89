import type { DataStoreKind } from "../../model/data-store";
import type { PlatformSpec } from "../../model/platform-spec";

import { screening, type ModelScreening } from "./model-screening";
import type { ProjectZone } from "./physical-names";
import { usedServices } from "./service-grants";

/** What the project of a zone with a network needs, whichever zone that is. */
const networked: readonly string[] = [
  "cloudresourcemanager.googleapis.com",
  "compute.googleapis.com",
  "dns.googleapis.com",
  "iam.googleapis.com",
  "iamcredentials.googleapis.com",
  "logging.googleapis.com",
  "monitoring.googleapis.com",
  "servicedirectory.googleapis.com",
];

/** What holds each kind of store. */
export const storeApis: Readonly<Record<DataStoreKind, string>> = {
  fhir: "healthcare.googleapis.com",
  document: "storage.googleapis.com",
  vector: "bigquery.googleapis.com",
};

/** What screens what the cloud's own models are asked. */
const screeningApis: Readonly<Record<ModelScreening, readonly string[]>> = {
  none: [],
  attacks: ["modelarmor.googleapis.com"],
  "attacks-and-phi": ["dlp.googleapis.com", "modelarmor.googleapis.com"],
};

/**
 * The APIs that are enabled in a zone's project, and no others. The PHI zone's has none by which anything could be run, or be
 * given an address.
 */
export function requiredApis(zone: ProjectZone, spec: PlatformSpec): readonly string[] {
  const apis = ((): readonly string[] => {
    switch (zone) {
      case "gateway":
        return [
          ...networked,
          "certificatemanager.googleapis.com",
          "networksecurity.googleapis.com",
          "networkservices.googleapis.com",
        ];
      case "processing":
        return [
          ...networked,
          "accesscontextmanager.googleapis.com",
          "artifactregistry.googleapis.com",
          "cloudkms.googleapis.com",
          "containerscanning.googleapis.com",
          "secretmanager.googleapis.com",
          ...(usedServices(spec).has("model-inference") ? ["aiplatform.googleapis.com"] : []),
          ...screeningApis[screening(spec)],
          ...(spec.certificates.issuer === "managed" ? ["privateca.googleapis.com"] : []),
        ];
      case "egress":
        return [
          ...networked,
          "certificatemanager.googleapis.com",
          "networksecurity.googleapis.com",
          "networkservices.googleapis.com",
          "privateca.googleapis.com",
        ];
      case "phi":
        return [
          "cloudkms.googleapis.com",
          "cloudresourcemanager.googleapis.com",
          "iam.googleapis.com",
          "logging.googleapis.com",
          ...spec.dataStores.map(({ kind }) => storeApis[kind]),
        ];
    }
  })();
  return [...new Set(apis)].sort();
}
