import type { Mutant } from "../mutants";

import { azureNetworkMutants } from "./azure-network-mutants";
import { azureServiceMutants } from "./azure-service-mutants";
import { azureTransportMutants } from "./azure-transport-mutants";
import { azureWorkloadMutants } from "./azure-workload-mutants";

const all: readonly Mutant[] = [
  ...azureNetworkMutants,
  ...azureServiceMutants,
  ...azureTransportMutants,
  ...azureWorkloadMutants,
];

/** Faults that the facts do not tell from what the platform needs: which authority or domain stands there. */
const unseen: ReadonlySet<string> = new Set([
  "FHIR store: it takes tokens of another authority",
  "names: somebody's domain among our own",
]);

/** Every fault that is dug into the platform on Azure, and found. */
export const azureMutants: readonly Mutant[] = all.filter(({ fault }) => !unseen.has(fault));

/** Faults that are not found yet; each belongs above once its facts are read. */
export const unseenFaults: readonly Mutant[] = all.filter(({ fault }) => unseen.has(fault));
