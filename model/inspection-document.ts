import { z } from "zod";

import { calendarDateSchema } from "./calendar-date";
import { egressGuardId } from "./egress-guard";
import { inspectionPolicySchema } from "./inspection-policy";
import { findingPolicies, providerApis } from "./llm-provider";
import type { PlatformSpec } from "./platform-spec";
import type { Workload } from "./workload";

/** The shape of {@link InspectionDocument}. */
export const inspectionDocumentSchema = z.strictObject({
  trustDomain: z.string(),
  /** The SPIFFE ID of the egress guard itself. */
  egressGuard: z.string(),
  /** The workloads that may call it, by their ids: their SPIFFE IDs. */
  callers: z.record(z.string(), z.string()),
  /** The external providers that it may call. */
  providers: z.array(
    z.strictObject({
      id: z.string(),
      api: z.enum(providerApis),
      fqdns: z.array(z.string()).min(1),
      models: z.array(z.strictObject({ name: z.string(), onFinding: z.enum(findingPolicies) })).min(1),
      /** The days between which an agreement holds; there if there is one. */
      agreement: z
        .strictObject({
          signed: calendarDateSchema,
          expires: z.union([calendarDateSchema, z.literal("until-terminated")]),
        })
        .optional(),
    }),
  ),
  inspection: inspectionPolicySchema,
});

/** All that an egress guard is told: which providers it may call for whom, and what happens to PHI. It holds nothing secret. */
export type InspectionDocument = z.output<typeof inspectionDocumentSchema>;

/**
 * What the egress guards of a platform are told. It holds nothing secret.
 *
 * @param identityOf the SPIFFE ID by which a workload is known where it runs: the platform's own, if left out.
 */
export function inspectionDocument(
  spec: PlatformSpec,
  identityOf: (workload: Workload) => string = ({ spiffeId }) => spiffeId,
): InspectionDocument {
  const { trustDomain, workloads, llmProviders, flows, inspection } = spec;
  const guard = workloads.find(({ id }) => id === egressGuardId);
  if (guard === undefined) {
    throw new Error("an invariant let a platform without an egress guard through");
  }
  const calling = new Set(
    flows.flatMap(({ from, to }) =>
      from.kind === "workload" && to.kind === "workload" && to.id === egressGuardId ? [from.id] : [],
    ),
  );
  return inspectionDocumentSchema.parse({
    trustDomain,
    egressGuard: identityOf(guard),
    callers: Object.fromEntries(
      workloads.filter(({ id }) => calling.has(id)).map((workload) => [workload.id, identityOf(workload)]),
    ),
    providers: llmProviders.flatMap((provider) =>
      provider.kind === "native"
        ? []
        : [
            {
              id: provider.id,
              api: provider.api,
              fqdns: provider.fqdns,
              models: provider.models,
              ...(provider.agreement === undefined
                ? {}
                : {
                    agreement: { signed: provider.agreement.signed, expires: provider.agreement.expires },
                  }),
            },
          ],
    ),
    inspection,
  });
}
