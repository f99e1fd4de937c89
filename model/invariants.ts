import type { Finding } from "./finding";
import { accessInvariants } from "./invariants/access-invariants";
import { addressInvariants } from "./invariants/address-invariants";
import type { Draft, Invariant } from "./invariants/draft";
import { flowInvariants } from "./invariants/flow-invariants";
import { nameInvariants } from "./invariants/name-invariants";
import { ownPolicyInvariants } from "./invariants/own-policy-invariants";
import { policyInvariants } from "./invariants/policy-invariants";
import { providerInvariants } from "./invariants/provider-invariants";
import { workloadInvariants } from "./invariants/workload-invariants";

/** What must hold of every platform, besides its shape; `docs/invariants.md` is generated from this list. */
export const invariants: readonly Invariant[] = [
  ...flowInvariants,
  ...addressInvariants,
  ...nameInvariants,
  ...workloadInvariants,
  ...providerInvariants,
  ...policyInvariants,
  ...accessInvariants,
  ...ownPolicyInvariants,
];

/** Every way in which a draft breaks an invariant, in the order of the invariants. */
export function findings(draft: Draft): readonly Finding[] {
  return invariants.flatMap(({ id, check }) => check(draft).map((breach) => ({ id, ...breach })));
}
