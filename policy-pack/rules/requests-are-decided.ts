import { hipaa, nist800207, nist80053 } from "../framework";
import type { JudgedStack } from "../judged-stack";
import { placedZones } from "../placed-zones";
import type { PolicyRule } from "../policy-rule";

import { requestsAreDecidedProofs } from "./requests-are-decided-proofs";
import { undecidedRequests } from "./undecided-requests";

/** Why nothing of a stack is a matter of the rule's; `undefined` where something is. */
function unconcerned({ facts, declarations }: JudgedStack): string | undefined {
  const zones = placedZones(facts);
  const isReached = zones.has("gateway") && zones.has("processing");
  return declarations.platforms.size > 0 || isReached || facts.requestGates.length > 0
    ? undefined
    : "The stack has no gateway zone from which a processing zone is reached.";
}

/** Nothing goes on from the gateway zone about which the decision point was not asked. */
export const requestsAreDecided: PolicyRule = {
  id: "BH-114",
  name: "requests-are-decided",
  title: "Requests are decided",
  description:
    "Whatever takes requests for a workload of the gateway zone that calls others, or for one that the access policy has routes of, asks the decision point about every one of them before its program gets it, and lets none through that is refused, or about which it gets no answer. An Envoy asks by its filter `ext_authz`: before the router, on every route and in every protocol, about all requests, by gRPC, and takes for the decision point nobody but its exact identity. At an entrance it takes headers of the platform's own away from callers first, and tells the decision point no address that they can write. The decision points of a platform are all told the same access document, which says what the platform declares, and the policies in it are those that its roles, agents and tools come to. Istio asks by an `AuthorizationPolicy` with action CUSTOM, Google's load balancer by an `AuthzExtension`; neither may fail open. Advisory on a stack that no platform of ours is in, where whoever is asked counts.",
  severity: "high",
  level: {
    group: "second",
    elsewhere: "advisory",
    except: "a mesh of Istio's whose manifests are not in the stack",
  },
  frameworks: [
    hipaa("164.312(a)(1)"),
    hipaa("164.308(a)(4)(i)"),
    nist80053("AC-3"),
    nist80053("AC-24"),
    nist800207("Section 2.1, tenet 3"),
    nist800207("Section 2.1, tenet 4"),
    nist800207("Section 2.1, tenet 6"),
  ],
  remediation: "Let what the finding names ask the decision point about every request before it goes on.",
  check: undecidedRequests,
  proofs: requestsAreDecidedProofs,
  unconcerned,
};
