import { gcpMissingMtlsOfCompute } from "./gcp-missing-mtls-of-compute";
import { gcpCertificates } from "./gcp-certificates";
import { gcpInspection } from "./gcp-inspection";
import { gcpMustExist } from "./gcp-must-exist";
import { gcpMissingMtls } from "./gcp-missing-mtls";
import { gcpSpellings } from "./gcp-spellings";
import { gcpWaysOutOfAddresses } from "./gcp-ways-out-of-addresses";
import { gcpWaysOutOfCompute } from "./gcp-ways-out-of-compute";
import { gcpWaysOutOfNames } from "./gcp-ways-out-of-names";
import { gcpWaysOutOfNetworks } from "./gcp-ways-out-of-networks";
import { gcpWaysOutOfDatabases } from "./gcp-ways-out-of-databases";
import { gcpWaysOutOfRecords } from "./gcp-ways-out-of-records";
import { gcpWaysOutOfStorage } from "./gcp-ways-out-of-storage";
import { gcpWaysOutOfPipelines } from "./gcp-ways-out-of-pipelines";
import { gcpWaysOutOfLogsAndCopies } from "./gcp-ways-out-of-logs-and-copies";
import { gcpWaysOutOfCode } from "./gcp-ways-out-of-code";
import { gcpWaysOutOfFilters } from "./gcp-ways-out-of-filters";
import { gcpWaysOutOfPerimeters } from "./gcp-ways-out-of-perimeters";
import { gcpWaysOutOfRoutes } from "./gcp-ways-out-of-routes";
import { gcpWaysOutOfRuleOrder } from "./gcp-ways-out-of-rule-order";
import type { CorpusCase } from "./corpus-case";

/** Every row of the checklists of Google Cloud: ways out of the PHI zone, missing mutual TLS, and what must exist. */
export const gcpCorpus: readonly CorpusCase[] = [
  ...gcpWaysOutOfFilters,
  ...gcpWaysOutOfRuleOrder,
  ...gcpWaysOutOfRoutes,
  ...gcpWaysOutOfAddresses,
  ...gcpWaysOutOfCompute,
  ...gcpWaysOutOfNames,
  ...gcpWaysOutOfNetworks,
  ...gcpWaysOutOfPerimeters,
  ...gcpWaysOutOfDatabases,
  ...gcpWaysOutOfRecords,
  ...gcpWaysOutOfStorage,
  ...gcpWaysOutOfPipelines,
  ...gcpWaysOutOfLogsAndCopies,
  ...gcpWaysOutOfCode,
  ...gcpSpellings,
  ...gcpMissingMtls,
  ...gcpMissingMtlsOfCompute,
  ...gcpCertificates,
  ...gcpInspection,
  ...gcpMustExist,
];
