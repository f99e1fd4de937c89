import type { CloudFaults } from "../hidden-values";
import type { Mutant } from "../mutants";
import { alter, put } from "../put";
import { renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { gcpMutants } from "./gcp-mutants";
import { phi, platform, requiredServices } from "./gcp-perimeter-mutants";

/**
 * One fault for each kind of resource that something is read from, and for each way of reading it: a rule of a firewall, a
 * denial, an order, a route, a join, a perimeter's rule, list and switch, a fragment, a grant, a list of a store's own, a
 * setting, a copy, a key, an endpoint, a name, a record and a part of an entrance. Others differ from these in which value is
 * wrong, and not in how it is read.
 */
const faults: readonly string[] = [
  "processing: egress 443 to the Internet",
  "processing: the last denial of egress is of TCP only",
  "processing: default routes are kept",
  "processing: joined to somebody's network, with its routes",
  "processing: packets are copied elsewhere",
  "PHI project: a network with its subnet and no rule",
  "PHI perimeter: it does not restrict storagetransfer",
  "PHI perimeter: a workload without a flow reads documents",
  "PHI perimeter: a way in by a resource of its own",
  "platform perimeter: the flow to the FHIR store is let out to somebody's project",
  "stores: a workload reads all documents of the project",
  "FHIR store: it tells somebody of its resources",
  "FHIR store: a workload without a flow reads it",
  "vector index: a workload without a flow reads it",
  "PHI keys: a stranger uses them",
  "endpoint of Google's APIs: leads to all of them",
  "names: no final block",
  "names: Google's APIs lead to an address of the Internet",
  "records: those of project phi are kept for a month",
  "machine clients: without a valid certificate they come in as well",
  "machine backends: plain text",
];

const mutants: readonly Mutant[] = faults.map((fault) => {
  const found = gcpMutants.find((mutant) => mutant.fault === fault);
  if (found === undefined) {
    throw new Error(`no fault ${fault}`);
  }
  return found;
});

/**
 * The platform with perimeters that restrict what they have to alone, and let the deployer do one thing alone: each of their
 * services and methods would be hidden by itself.
 */
function withShortLists(stack: Sketch): Sketch {
  const operations = [
    { serviceName: "storage.googleapis.com", methodSelectors: [{ method: "google.storage.buckets.get" }] },
  ];
  for (const perimeter of [phi, platform]) {
    alter(stack, perimeter, "status/restrictedServices", () =>
      requiredServices.map((service) => `${service}.googleapis.com`),
    );
  }
  put(stack, phi, "status/ingressPolicies/deployer to phi/ingressTo/operations", operations);
  put(stack, platform, "status/egressPolicies/deployer to phi/egressTo/operations", operations);
  return stack;
}

/** The faults of the platform on Google Cloud whose values are hidden: of each knowledge every other one, for time's sake. */
export function gcpFaults(knowledge: Knowledge): CloudFaults {
  return {
    platform: "our platform on Google Cloud",
    mutants: mutants.filter((_mutant, index) => index % 2 === (knowledge === "preview" ? 0 : 1)),
    render: async (file, known) => withShortLists(await renderedOnGoogle(file, known)),
  };
}
