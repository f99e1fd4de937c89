import {
  perimeterFacts,
  inheritZonesOfProjects,
  type PerimeterFacts,
} from "../../../policy-pack/facts/gcp/perimeter-facts";
import { advisedServices, requiredServices } from "../../../policy-pack/facts/gcp/restricted-services";
import { inZone } from "../corpus/corpus-case";
import { Sketch, type Knowledge } from "../stack-sketch";

import { gcpStackOf } from "./gcp-stack-of";

export type Inputs = Readonly<Record<string, unknown>>;

export const perimeterType = "gcp:accesscontextmanager/servicePerimeter:ServicePerimeter";
export const phiPerimeter = "accessPolicies/111/servicePerimeters/phi";

/** What a perimeter that is right enforces around a project. */
export function closedStatus(more: Inputs = {}): Inputs {
  return {
    resources: ["projects/3003"],
    restrictedServices: [...requiredServices, ...advisedServices],
    accessLevels: [],
    vpcAccessibleServices: { enableRestriction: true, allowedServices: ["RESTRICTED-SERVICES"] },
    egressPolicies: [],
    ingressPolicies: [ingress()],
    ...more,
  };
}

/** An ingress rule that is right: one account, from one project, for one service. */
export function ingress(from: Inputs = {}, to: Inputs = {}): Inputs {
  return {
    ingressFrom: {
      identities: ["serviceAccount:fhir-proxy@hospital-processing.iam.gserviceaccount.com"],
      sources: [{ resource: "projects/2002" }],
      ...from,
    },
    ingressTo: {
      resources: ["projects/3003"],
      operations: [
        {
          serviceName: "healthcare.googleapis.com",
          methodSelectors: [{ permission: "healthcare.fhirResources.get" }],
        },
      ],
      ...to,
    },
  };
}

/** An egress rule of a perimeter around processing that is right. */
export function egress(from: Inputs = {}, to: Inputs = {}): Inputs {
  return {
    egressFrom: {
      identities: ["serviceAccount:fhir-proxy@hospital-processing.iam.gserviceaccount.com"],
      sourceRestriction: "SOURCE_RESTRICTION_ENABLED",
      sources: [{ resource: "projects/2002" }],
      ...from,
    },
    egressTo: {
      resources: ["projects/3003"],
      operations: [{ serviceName: "healthcare.googleapis.com", methodSelectors: [{ method: "*" }] }],
      ...to,
    },
  };
}

/** Registers the projects of zones, as our components do. */
export function registerProjects(stack: Sketch, parent?: string): void {
  stack.addRaw({
    urn: "urn:pulumi:test::bulkhead::bulkhead:gcp:Projects::projects",
    type: "bulkhead:gcp:Projects",
    name: "projects",
    inputs: {},
    outputs: {
      zoneProjects: {
        gateway: { id: "hospital-gateway", number: "1001" },
        processing: { id: "hospital-processing", number: "2002" },
        phi: { id: "hospital-phi", number: "3003" },
      },
    },
    custom: false,
    parent,
    computed: [],
  });
}

/** A bucket in the PHI project, whose perimeter is as it is told. */
export function held(stack: Sketch, status: unknown = closedStatus(), more: Inputs = {}): void {
  registerProjects(stack);
  stack.add("gcp:storage/bucket:Bucket", "scans", {
    name: "scans",
    project: "hospital-phi",
    labels: inZone("phi"),
  });
  stack.add(perimeterType, "phi", { name: phiPerimeter, parent: "accessPolicies/111", status, ...more });
  stack.withOptions("phi", { protect: true });
}

/** The facts of a sketched stack in which no platform is declared. */
export function factsOf(knowledge: Knowledge, build: (stack: Sketch) => void): PerimeterFacts {
  const sketch = new Sketch(knowledge);
  build(sketch);
  const stack = gcpStackOf(sketch);
  inheritZonesOfProjects(stack);
  return perimeterFacts(stack, { filters: [], networks: [] });
}
