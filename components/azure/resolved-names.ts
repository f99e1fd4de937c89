import type { DataStore } from "../../model/data-store";
import { discoveryName } from "../../model/discovery-name";
import { providerHosts } from "../../model/egress-guard";
import type { Entrance } from "../../model/entrance";
import type { PlatformServiceId } from "../../model/platform-service";
import type { PlatformSpec } from "../../model/platform-spec";

import type { PhysicalNames } from "./physical-names";
import { linkedServices, linkedStores, type LinkedServiceId } from "./private-zones";
import { usedServices } from "./service-grants";

/** What names are asked for besides those of the platform's own services. */
export interface NamesAround {
  readonly entrance: Entrance;
  /** The ids of FHIR services that exist already, by the model's id. */
  readonly existingDataStores: ReadonlyMap<string, string>;
}

/** The platform services that a flow uses, and that have a private endpoint. */
function linkedServiceIds(spec: PlatformSpec): readonly LinkedServiceId[] {
  return [...usedServices(spec)].filter(isLinked);
}

function isLinked(id: PlatformServiceId): id is LinkedServiceId {
  return id !== "identity";
}

/** The hosts of a platform service. Those of Azure Monitor begin with names that are not known before they exist. */
function serviceHosts(id: LinkedServiceId, names: PhysicalNames): readonly string[] {
  switch (id) {
    case "model-inference":
      return ["cognitiveservices", "openai", "services.ai"].map(
        (kind) => `${names.modelAccount}.${kind}.azure.com`,
      );
    case "secrets":
      return [vaultHost(names.vault("secrets"))];
    case "keys":
      return [vaultHost(names.vault("platform"))];
    case "registry":
      return [`${names.registry}.azurecr.io`, `${names.registry}.${names.location}.data.azurecr.io`];
    case "logs":
    case "metrics":
      return ["monitor.azure.com", "ods.opinsights.azure.com", "oms.opinsights.azure.com"];
  }
}

function vaultHost(vault: string): string {
  return `${vault}.vault.azure.net`;
}

function storeHost({ id, kind }: DataStore, names: PhysicalNames, existingId: string | undefined): string {
  switch (kind) {
    case "fhir": {
      const [, workspace, service] =
        /\/workspaces\/([^/]+)\/fhirservices\/([^/]+)$/i.exec(existingId ?? "") ?? [];
      return workspace === undefined || service === undefined
        ? names.fhirHost(id)
        : `${workspace}-${service}.fhir.azurehealthcareapis.com`;
    }
    case "document":
      return `${names.storageAccount(id)}.blob.core.windows.net`;
    case "vector":
      return `${names.searchService(id)}.search.windows.net`;
  }
}

/**
 * What the load balancer asks for: the vault of the certificate that it presents, whose id's form the model has checked,
 * and who says whether a client's certificate is revoked.
 */
function entranceHosts(entrance: Entrance): readonly string[] {
  if (entrance.mode === "l4-passthrough") {
    return [];
  }
  const [, vault] = /\/vaults\/([^/]+)\//i.exec(entrance.certificateId) ?? [];
  return [...(vault === undefined ? [] : [vaultHost(vault)]), ...(entrance.machine?.responders ?? [])];
}

/** The names by which workloads find each other, where the platform runs them itself. */
function discoveryNames({ mesh, trustDomain, workloads }: PlatformSpec): readonly string[] {
  return mesh.kind === "envoy" ? workloads.map((workload) => discoveryName(trustDomain, workload)) : [];
}

/**
 * The names that what is in the network has reason to ask for: those of the private endpoints and of the workloads, and what
 * the entrance and the egress guard ask for. A policy of names is in force on a whole network, and cannot tell its subnets
 * apart: what one workload asks for is answered to all, though no other reaches it.
 */
export function resolvedNames(
  spec: PlatformSpec,
  names: PhysicalNames,
  { entrance, existingDataStores }: NamesAround,
): readonly string[] {
  const all = [
    ...linkedServiceIds(spec).flatMap((id) => serviceHosts(id, names)),
    ...spec.dataStores.map((store) => storeHost(store, names, existingDataStores.get(store.id))),
    ...discoveryNames(spec),
    ...entranceHosts(entrance),
    ...providerHosts(spec),
  ];
  return [...new Set(all.map((host) => host.toLowerCase()))].sort();
}

/** The private DNS zones in which the platform's private endpoints are found. */
export function privateZones(spec: PlatformSpec): readonly string[] {
  const all = [
    ...linkedServiceIds(spec).flatMap((id) => linkedServices[id].zones),
    ...spec.dataStores.flatMap(({ kind }) => linkedStores[kind].zones),
  ];
  return [...new Set(all)].sort();
}
