import type { Evidence } from "../../finding";
import type { Node } from "../../stack-graph";
import type { Safeguard } from "../safeguard";

import type { AuditTrail } from "./audit";
import { labelOf, type AzureStack } from "./azure-stack";
import { workspaceType } from "./diagnostics";

/** @param of what it is of, by its label. Only what is itself in order is evidence. */
function evidenceOf(node: Node, of?: string): Evidence {
  return { urn: node.urn, label: `${labelOf(node)}${of === undefined ? "" : ` of ${of}`}` };
}

/** What is recorded, and what shows that records are kept. */
export function keptRecords({ zones }: AzureStack, audit: AuditTrail): readonly Safeguard[] {
  const networks = audit.zonedNetworks().filter(({ isInStack }) => isInStack);
  const flows = networks.flatMap((network) =>
    audit
      .flowLogsOf(network)
      .filter((node) => audit.flowProblems(node).length === 0)
      .map((node): Safeguard => ({
        zone: undefined,
        what: "a flow log records what the network accepts and what it rejects",
        evidence: [evidenceOf(node, network.label)],
      })),
  );
  const queries = networks.flatMap((network) =>
    audit.queriesOf(network).map(({ node }): Safeguard => ({
      zone: undefined,
      what: "queries for names in the network are recorded",
      evidence: [evidenceOf(node, network.label)],
    })),
  );
  const services = audit.services().flatMap(({ node, recordings }) =>
    recordings.map((recording): Safeguard => ({
      zone: zones.of(node.urn),
      what: "the service records who calls it, and for what",
      evidence: [evidenceOf(node), evidenceOf(recording.node)],
    })),
  );
  const calls = audit.recordedCalls().map(({ node }): Safeguard => ({
    zone: undefined,
    what: "the calls that manage something in the subscription are recorded for longer than Azure's 90 days",
    evidence: [evidenceOf(node)],
  }));
  const places = audit
    .places()
    .filter(({ problems }) => problems.length === 0)
    .map(({ node }): Safeguard => ({
      zone: undefined,
      what:
        node.resourceType === workspaceType
          ? "the records that a workspace holds are kept for six years, in it or in an account besides"
          : "an account keeps records for six years, encrypted with a key of the customer's",
      evidence: [evidenceOf(node)],
    }));
  const copies = audit
    .programs()
    .filter(({ problems }) => problems.length === 0)
    .map(({ node, kept }): Safeguard => ({
      zone: zones.of(node.urn),
      what: "all that the program records is copied to an account in which nobody deletes it before its time",
      evidence: [node, ...kept].map((one) => evidenceOf(one)),
    }));
  return [...flows, ...queries, ...services, ...calls, ...places, ...copies];
}
