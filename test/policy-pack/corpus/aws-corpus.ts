import { certificates } from "./aws-certificates";
import { inspectionCases } from "./aws-inspection";
import { missingMtls } from "./aws-missing-mtls";
import { waysOutOfNetworks } from "./aws-ways-out-of-networks";
import { awsWaysOutOfServices } from "./aws-ways-out-of-services";
import type { CorpusCase } from "./corpus-case";

/** Every row of the AWS checklists: ways out of the PHI zone, missing mutual TLS, and what must exist. */
export const awsCorpus: readonly CorpusCase[] = [
  ...waysOutOfNetworks,
  ...awsWaysOutOfServices,
  ...missingMtls,
  ...certificates,
  ...inspectionCases,
];
