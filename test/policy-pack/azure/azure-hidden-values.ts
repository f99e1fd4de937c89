import type { CloudFaults } from "../hidden-values";
import type { Mutant } from "../mutants";
import { renderedOnAzure } from "../rendered-stack";

import { azureMutants } from "./azure-mutants";

/**
 * One fault for each kind of resource that something is read from, and for each way of reading it: a list of rules, a rule
 * of its own, a route, an interface, a join, a setting, a copy, a role, an endpoint, a name, a perimeter, a record and a
 * listener. Others differ from these in which value is wrong, and not in how it is read.
 */
const faults: readonly string[] = [
  "PHI security group: egress 443 to the Internet",
  "PHI security group: a rule of its own, to the Internet",
  "PHI security group: ingress from a workload that no flow names",
  "PHI routes: a public /8, past the closed route",
  "PHI routes: a route of its own",
  "an interface in a PHI subnet, with a public address",
  "the network is joined to somebody's",
  "document store: it may be read with a key that can be given away",
  "document store: replicated to somebody's account",
  "document store: its calls are told to somebody's hub",
  "document store: a workload without a flow reads it",
  "vector index: it may be copied out by what it indexes",
  "PHI keys: a stranger is on their vault's own list",
  "PHI endpoint: it leads to somebody's account",
  "models: the account reaches whatever it likes",
  "names: the final block is off",
  "perimeter: it only learns",
  "perimeter: a way out to somebody's domain",
  "records: flows are not recorded, it is off",
  "records: the lock on those of services is off",
  "machine listener: HTTP",
];

const mutants: readonly Mutant[] = faults.map((fault) => {
  const found = azureMutants.find((mutant) => mutant.fault === fault);
  if (found === undefined) {
    throw new Error(`no fault ${fault}`);
  }
  return found;
});

/** The faults of the platform on Azure whose values are hidden. */
export const azureFaults: CloudFaults = {
  platform: "our platform on Azure",
  mutants,
  render: renderedOnAzure,
};
