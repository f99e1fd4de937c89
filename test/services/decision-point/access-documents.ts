import { accessDocument, type AccessDocument } from "../../../model/access-document";
import { accessPolicySchema } from "../../../model/access-policy";
import type { AccessPolicyEntry } from "../../../model/platform-file";
import { platformSpec } from "../../../model/platform-spec";
import { referencePlatform } from "../../../model/reference-platform";

/** The access policy of the reference platform. */
export const referenceAccess: AccessPolicyEntry = referencePlatform.access;

const spec = platformSpec(referencePlatform);

/** What the decision points of the reference platform are told, with some of its access policy in other words. */
export function documentWith(changes: Partial<AccessPolicyEntry> = {}): AccessDocument {
  return accessDocument({
    ...spec,
    access: accessPolicySchema.parse({ ...structuredClone(referenceAccess), ...changes }),
  });
}

/** The SPIFFE ID of a workload of the reference platform. */
export function identityOf(workload: string): string {
  const identity = spec.workloads.find(({ id }) => id === workload)?.spiffeId;
  if (identity === undefined) {
    throw new Error(`there is no workload ${workload}`);
  }
  return identity;
}
