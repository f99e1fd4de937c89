import type { Evidence } from "../../finding";
import type { Node } from "../../stack-graph";
import type { Safeguard } from "../safeguard";

import type { AuditTrail } from "./audit";
import { projectName } from "./audit-configs";
import { labelOf, type GcpStack } from "./gcp-stack";
import { logBucketTypes } from "./log-keeping";
import type { Resolvers } from "./resolvers";

/** @param of what it is of, by its label. Only what is itself in order is evidence. */
function evidenceOf(node: Node, of?: string): Evidence {
  return { urn: node.urn, label: `${labelOf(node)}${of === undefined ? "" : ` of ${of}`}` };
}

/** What is recorded, and what shows that records are kept. */
export function keptRecords(
  { zones }: GcpStack,
  audit: AuditTrail,
  resolvers: Resolvers,
): readonly Safeguard[] {
  const flows = audit.flows.subnets.flatMap((written) =>
    audit.flows.recordersOf(written).map((node): Safeguard => ({
      zone: written.subnet.zone,
      what: "every flow of the subnet is recorded",
      evidence: [evidenceOf(node, node === written.node ? undefined : written.subnet.label)],
    })),
  );
  const queries = audit.zonedNetworks().flatMap((network) =>
    resolvers.recordersOf(network).map((node): Safeguard => ({
      zone: undefined,
      what: "queries for names in the network are recorded",
      evidence: [evidenceOf(node, network.label)],
    })),
  );
  const requests = audit
    .services()
    .filter((service) => audit.requestProblems(service).length === 0)
    .map((service): Safeguard => ({
      zone: zones.of(service.urn),
      what: "the load balancer records every request to the backend service",
      evidence: [evidenceOf(service)],
    }));
  const calls = audit.projects().flatMap((project) =>
    audit.configs.recordersOf(project).map((node): Safeguard => ({
      zone: project.zone,
      what: "every call to the services of the project is recorded, reads among them, and nobody is exempted",
      evidence: [evidenceOf(node, projectName(project))],
    })),
  );
  const places = audit
    .places()
    .filter(({ problems }) => problems.length === 0)
    .map(({ node }): Safeguard => ({
      zone: undefined,
      what: logBucketTypes.includes(node.resourceType)
        ? "a locked bucket of Cloud Logging keeps records for six years, encrypted with a key of the customer's"
        : "a locked bucket of Cloud Storage keeps records for six years, encrypted with a key of the customer's",
      evidence: [evidenceOf(node)],
    }));
  const routed = audit.projects().flatMap((project) =>
    audit.keepersOf(project).map((node): Safeguard => ({
      zone: project.zone,
      what: "everything that is recorded in the project goes to a bucket of the stack's own",
      evidence: [evidenceOf(node, projectName(project))],
    })),
  );
  const refusals = audit
    .refusing()
    .filter(({ isRecorded }) => isRecorded)
    .map(({ node }): Safeguard => ({
      zone: zones.of(node.urn),
      what: "what the firewall refuses is recorded",
      evidence: [evidenceOf(node)],
    }));
  return [...flows, ...queries, ...requests, ...refusals, ...calls, ...places, ...routed];
}
