import type { Mutant } from "../mutants";

import { gcpNetworkMutants } from "./gcp-network-mutants";
import { gcpPerimeterMutants } from "./gcp-perimeter-mutants";
import { gcpServiceMutants } from "./gcp-service-mutants";
import { gcpSubtleMutants } from "./gcp-subtle-mutants";
import { gcpTransportMutants } from "./gcp-transport-mutants";
import { gcpWorkloadMutants } from "./gcp-workload-mutants";

/** Every fault that is dug into the platform on Google Cloud. */
export const gcpMutants: readonly Mutant[] = [
  ...gcpNetworkMutants,
  ...gcpPerimeterMutants,
  ...gcpServiceMutants,
  ...gcpSubtleMutants,
  ...gcpTransportMutants,
  ...gcpWorkloadMutants,
];
