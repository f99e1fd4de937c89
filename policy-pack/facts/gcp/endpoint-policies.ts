import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import type { GcpStack } from "./gcp-stack";
import { ServerTlsPolicies } from "./server-tls-policies";
import { ownersOf } from "./owners";

const endpointPolicyTypes: readonly ResourceType[] = ["gcp:networkservices:endpointpolicy"];

/** What is in a mesh of Traffic Director, and accepts connections by a policy for endpoints. */
export function endpointPolicyHops(stack: GcpStack): HopFacts {
  const { graph, zones } = stack;
  const policies = new ServerTlsPolicies(stack);
  return allHops(
    ...graph.ofType(...endpointPolicyTypes).map((node): HopFacts => {
      const place = placeIn(zones.of(node.urn), undefined);
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const named = ownersOf(graph, node, "serverTlsPolicy", ServerTlsPolicies.types);
      const isOfStack = named.length > 0 && named.every(({ kind }) => kind === "resource");
      if (!isOfStack) {
        const isUnknown = textOf(graph.read(node, "serverTlsPolicy")).kind === "unknown";
        acceptor.fault({
          what:
            named.length === 0 || isUnknown
              ? "what is behind it takes connections without TLS"
              : "its ServerTlsPolicy is not in the stack, so that nothing shows whether clients are asked for a certificate",
          remedy:
            "Set serverTlsPolicy to a ServerTlsPolicy of the stack with mtlsPolicy.clientValidationCas.",
          assumption: isUnknown ? "`serverTlsPolicy` is not known" : undefined,
          needsOthers: named.length > 0,
        });
      }
      const isMutual =
        isOfStack &&
        named.every((policy) => policy.kind === "resource" && policies.rejectsInMesh(policy.node));
      acceptor.hop(`clients and endpoints of ${acceptor.label}`, isMutual ? "mtls" : undefined);
      return acceptor.facts();
    }),
  );
}
