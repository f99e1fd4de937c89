import type { DataStoreKind } from "../../model/data-store";
import type { PlatformServiceId } from "../../model/platform-service";

/** How a service of Azure's is reached by private endpoint. */
export interface LinkedService {
  /** What of the resource the endpoint leads to. */
  readonly groupId: string;
  /** The private DNS zones in which its names are answered. */
  readonly zones: readonly string[];
}

/** The platform services that have a private endpoint. Tokens for a workload's identity come from its own host. */
export type LinkedServiceId = Exclude<PlatformServiceId, "identity">;

const vault: LinkedService = { groupId: "vault", zones: ["privatelink.vaultcore.azure.net"] };

const blobZone = "privatelink.blob.core.windows.net";

/** One scope, and one endpoint, for both of what Azure Monitor takes. */
const monitor: LinkedService = {
  groupId: "azuremonitor",
  zones: [
    "privatelink.monitor.azure.com",
    "privatelink.oms.opinsights.azure.com",
    "privatelink.ods.opinsights.azure.com",
    "privatelink.agentsvc.azure-automation.net",
    blobZone,
  ],
};

/** How each platform service is reached (Azure documentation, "Azure Private Endpoint private DNS zone values"). */
export const linkedServices: Readonly<Record<LinkedServiceId, LinkedService>> = {
  "model-inference": {
    groupId: "account",
    zones: [
      "privatelink.cognitiveservices.azure.com",
      "privatelink.openai.azure.com",
      "privatelink.services.ai.azure.com",
    ],
  },
  secrets: vault,
  keys: vault,
  registry: { groupId: "registry", zones: ["privatelink.azurecr.io"] },
  logs: monitor,
  metrics: monitor,
};

/** How each kind of store is reached, of the same source. */
export const linkedStores: Readonly<Record<DataStoreKind, LinkedService>> = {
  fhir: {
    groupId: "healthcareworkspace",
    zones: [
      "privatelink.workspace.azurehealthcareapis.com",
      "privatelink.fhir.azurehealthcareapis.com",
      "privatelink.dicom.azurehealthcareapis.com",
    ],
  },
  document: { groupId: "blob", zones: [blobZone] },
  vector: { groupId: "searchService", zones: ["privatelink.search.windows.net"] },
};
