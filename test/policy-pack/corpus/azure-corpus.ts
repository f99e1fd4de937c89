import { azureCertificates } from "./azure-certificates";
import { azureInspection } from "./azure-inspection";
import { azureMissingMtls } from "./azure-missing-mtls";
import { azureMustExist } from "./azure-must-exist";
import { azureWaysOutOfAddresses } from "./azure-ways-out-of-addresses";
import { azureWaysOutOfAi } from "./azure-ways-out-of-ai";
import { azureWaysOutOfBalancers } from "./azure-ways-out-of-balancers";
import { azureWaysOutOfCode } from "./azure-ways-out-of-code";
import { azureWaysOutOfCompute } from "./azure-ways-out-of-compute";
import { azureWaysOutOfDatabases } from "./azure-ways-out-of-databases";
import { azureWaysOutOfEndpoints } from "./azure-ways-out-of-endpoints";
import { azureWaysOutOfFhirAndSearch } from "./azure-ways-out-of-fhir-and-search";
import { azureWaysOutOfFilters } from "./azure-ways-out-of-filters";
import { azureWaysOutOfInterfaces } from "./azure-ways-out-of-interfaces";
import { azureWaysOutOfLogsAndSharing } from "./azure-ways-out-of-logs-and-sharing";
import { azureWaysOutOfManagers } from "./azure-ways-out-of-managers";
import { azureWaysOutOfNames } from "./azure-ways-out-of-names";
import { azureWaysOutOfNetworks } from "./azure-ways-out-of-networks";
import { azureWaysOutOfPipelines } from "./azure-ways-out-of-pipelines";
import { azureWaysOutOfRoutes } from "./azure-ways-out-of-routes";
import { azureWaysOutOfRuleOrder } from "./azure-ways-out-of-rule-order";
import { azureWaysOutOfStorage } from "./azure-ways-out-of-storage";
import type { CorpusCase } from "./corpus-case";

/** Every row of the Azure checklists: ways out of the PHI zone, missing mutual TLS, and what must exist. */
export const azureCorpus: readonly CorpusCase[] = [
  ...azureWaysOutOfAddresses,
  ...azureWaysOutOfFilters,
  ...azureWaysOutOfRuleOrder,
  ...azureWaysOutOfInterfaces,
  ...azureWaysOutOfRoutes,
  ...azureWaysOutOfBalancers,
  ...azureWaysOutOfEndpoints,
  ...azureWaysOutOfNetworks,
  ...azureWaysOutOfManagers,
  ...azureWaysOutOfNames,
  ...azureWaysOutOfAi,
  ...azureWaysOutOfStorage,
  ...azureWaysOutOfFhirAndSearch,
  ...azureWaysOutOfDatabases,
  ...azureWaysOutOfPipelines,
  ...azureWaysOutOfLogsAndSharing,
  ...azureWaysOutOfCompute,
  ...azureWaysOutOfCode,
  ...azureMissingMtls,
  ...azureCertificates,
  ...azureInspection,
  ...azureMustExist,
];
