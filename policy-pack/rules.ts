import type { PolicyRule } from "./policy-rule";
import type { RuleName } from "./rule-name";
import { certificatesRotate } from "./rules/certificates-rotate";
import { flowsRequireMtls } from "./rules/flows-require-mtls";
import { internetEgressIsInspected } from "./rules/internet-egress-is-inspected";
import { llmProvidersHaveAgreements } from "./rules/llm-providers-have-agreements";
import { networkDefaultsAreSealed } from "./rules/network-defaults-are-sealed";
import { phiZoneAdmitsOnlyProcessing } from "./rules/phi-zone-admits-only-processing";
import { phiZoneHasNoEgress } from "./rules/phi-zone-has-no-egress";
import { phiZoneResolverIsClosed } from "./rules/phi-zone-resolver-is-closed";
import { platformServicesArePrivate } from "./rules/platform-services-are-private";
import { requestsAreDecided } from "./rules/requests-are-decided";
import { resourcesAreUnderstood } from "./rules/resources-are-understood";
import { trafficIsAudited } from "./rules/traffic-is-audited";
import { waiversAreInOrder } from "./rules/waivers-are-in-order";
import { zoneAssignment } from "./rules/zone-assignment";
import { zonesReachOnlyDeclaredPeers } from "./rules/zones-reach-only-declared-peers";

/** Every rule of the judge; `docs/rules.md` is generated from this list. */
export const rules: readonly PolicyRule[] = [
  phiZoneHasNoEgress,
  phiZoneAdmitsOnlyProcessing,
  zonesReachOnlyDeclaredPeers,
  flowsRequireMtls,
  certificatesRotate,
  internetEgressIsInspected,
  resourcesAreUnderstood,
  zoneAssignment,
  networkDefaultsAreSealed,
  platformServicesArePrivate,
  phiZoneResolverIsClosed,
  trafficIsAudited,
  requestsAreDecided,
  llmProvidersHaveAgreements,
  waiversAreInOrder,
];

/** The rule of a name. */
export function ruleNamed(name: RuleName): PolicyRule {
  const rule = rules.find((candidate) => candidate.name === name);
  if (rule === undefined) {
    throw new Error(`no rule ${name}`);
  }
  return rule;
}
