import { z } from "zod";

import { accessPolicySchema, decisionPointId } from "./access-policy";
import { cedarAgents, cedarPolicies, cedarSchema } from "./cedar-policies";
import { isBehindLoadBalancer } from "./certificate-request";
import type { PlatformSpec } from "./platform-spec";
import type { Workload } from "./workload";

const spiffeIds = z.record(z.string(), z.string());

/** The shape of {@link AccessDocument}. */
export const accessDocumentSchema = z.strictObject({
  trustDomain: z.string(),
  /** The SPIFFE ID of the decision points, which sign what they granted. */
  decisionPoint: z.string(),
  /** The workloads by their SPIFFE IDs: enforcement points, agents and servers of tools. */
  workloads: spiffeIds,
  /** The ids of the workloads behind the load balancer: what they ask about is a clinician's own request. */
  entrances: z.array(z.string()),
  access: accessPolicySchema,
  cedar: z.strictObject({ schema: z.string(), policies: z.record(z.string(), z.string()) }),
});

/** All that a decision point and a gateway of tools are told: the access policy, with the identities that it is about. */
export type AccessDocument = z.output<typeof accessDocumentSchema>;

/**
 * What the decision points of a platform are told. It holds nothing secret.
 *
 * @param identityOf the SPIFFE ID by which a workload is known where it runs: the platform's own, if left out.
 */
export function accessDocument(
  spec: PlatformSpec,
  identityOf: (workload: Workload) => string = ({ spiffeId }) => spiffeId,
): AccessDocument {
  const { trustDomain, workloads, access } = spec;
  const identities = Object.fromEntries(workloads.map((workload) => [workload.id, identityOf(workload)]));
  const decisionPoint = identities[decisionPointId];
  if (decisionPoint === undefined) {
    throw new Error("an invariant let a platform without a decision point through");
  }
  return accessDocumentSchema.parse({
    trustDomain,
    decisionPoint,
    workloads: identities,
    entrances: workloads.filter((workload) => isBehindLoadBalancer(spec, workload)).map(({ id }) => id),
    access,
    cedar: { schema: cedarSchema, policies: cedarPolicies(access, cedarAgents(access, identities)) },
  });
}
