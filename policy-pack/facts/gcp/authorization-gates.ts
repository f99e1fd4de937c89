import { flagOf, itemsOf, mayBeTrue, textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import { unasked } from "../envoy/request-decisions";
import type { Laxity, RequestGate } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";
import { readAt, valuesAt } from "../property-path";

import type { GcpStack } from "./gcp-stack";
import { ownersIn } from "./owners";

const policyType = "gcp:networksecurity:authzpolicy";
const extensionType = "gcp:networkservices:authzextension";

/** What leaves requests through about which a load balancer asks an extension. */
function gapsOf({ graph }: GcpStack, policy: Node): readonly Laxity[] {
  const rules = graph.read(policy, "httpRules");
  const asked = valuesAt(graph, policy, ["customProvider", "authzExtension", "resources"]).flatMap((id) =>
    ownersIn(graph, policy, "customProvider", id, [extensionType]),
  );
  const lax = asked.flatMap((one) =>
    one.kind === "resource" ? [flagOf(graph.read(one.node, "failOpen"))] : [],
  );
  return [
    // Without rules it is about every request.
    ...(rules.kind === "absent" || (rules.kind === "known" && itemsOf(rules).length === 0)
      ? []
      : [
          {
            what: "it asks about some requests only",
            remedy: "Take httpRules away: it is about every request then.",
            assumption: rules.kind === "unknown" ? "`httpRules` is not known" : undefined,
          },
        ]),
    ...(asked.length > 0 && asked.every(({ kind }) => kind === "resource")
      ? []
      : [
          {
            what: "nothing shows whom it asks about requests",
            remedy: "Let customProvider.authzExtension name an AuthzExtension of the stack.",
            assumption: "which AuthzExtension it asks",
          },
        ]),
    ...(lax.some(mayBeTrue)
      ? [
          {
            what: "it lets requests through about which it could ask nobody",
            remedy: "Set failOpen of the AuthzExtension to false.",
            assumption: lax.some((flag) => flag.kind === "known" && flag.value)
              ? undefined
              : "`failOpen` is not known",
          },
        ]
      : []),
  ];
}

/**
 * Whom load balancers ask about requests (Google Cloud documentation, "Authorization policy overview", policies that
 * delegate). A policy that leaves the decision to Identity-Aware Proxy signs people in, and is none.
 */
export function authorizationGates(stack: GcpStack): readonly RequestGate[] {
  const { graph, zones } = stack;
  return graph.ofType(policyType).flatMap((node): readonly RequestGate[] => {
    const action = textOf(graph.read(node, "action"));
    const zone = zones.of(node.urn);
    if (
      zone === undefined ||
      action.kind !== "known" ||
      action.value !== "CUSTOM" ||
      readAt(graph, node, "customProvider.authzExtension").kind === "absent"
    ) {
      return [];
    }
    const [gap, ...more] = gapsOf(stack, node);
    return [
      {
        urn: node.urn,
        label: labelOf(node),
        zone,
        platform: platformOf(stack, node),
        peers: undefined,
        isOfMesh: false,
        decision:
          gap === undefined
            ? {
                kind: "asked",
                deciders: [{ label: "its AuthzExtension", servers: undefined, source: "nobody", doubts: [] }],
              }
            : unasked(gap, ...more),
      },
    ];
  });
}
