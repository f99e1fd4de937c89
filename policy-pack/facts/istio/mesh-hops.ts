import {
  itemsOf,
  known,
  listOf,
  memberReading,
  recordOf,
  textOf,
  unknown,
  type Reading,
} from "../../reading";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";

import {
  clusterPlace,
  metadataOf,
  namespaceOf,
  namespacePlace,
  namespaces,
  type ClusterStack,
} from "./cluster-place";
import { part, parts, rootNamespace, setOn, specOf, typesOf, valuesOf, type Part } from "./mesh-resource";

const strict = {
  isRight: (mode: string) => mode === "STRICT",
  absentIs: "wrong",
  what: "its sidecars take callers without a certificate",
  remedy: "Set spec.mtls.mode to STRICT, on every port.",
} as const;

/** Whether what is in a namespace, or in the mesh, takes callers without a certificate. */
function peerAuthenticationHops(stack: ClusterStack): HopFacts {
  return allHops(
    ...stack.graph.ofType(...typesOf("security", "peerauthentication")).map((node): HopFacts => {
      const acceptor = new Acceptor(stack, node, clusterPlace(stack, node));
      const spec = specOf(stack, node);
      const ports = valuesOf(part(spec, "portLevelMtls"));
      const isStrict = [part(spec, "mtls"), ...ports].map((mtls) =>
        acceptor.requires({ key: "mode", read: setOn(node, textOf(memberReading(mtls, "mode"))), ...strict }),
      );
      acceptor.hop(`workloads of ${acceptor.label}`, isStrict.every(Boolean) ? "mtls" : undefined);
      return acceptor.facts();
    }),
  );
}

/** Whether a resource is certainly in a namespace, and holds for all of it. */
function holdsFor(stack: ClusterStack, node: Node, namespace: Reading<string>): boolean {
  const own = namespaceOf(stack, node);
  return (
    own.kind === "known" &&
    (own.value === rootNamespace || (namespace.kind === "known" && own.value === namespace.value)) &&
    memberReading(specOf(stack, node), "selector").kind === "absent"
  );
}

/** Namespaces with sidecars in them, for which nothing says that callers need a certificate: Istio takes plain text then. */
function unguardedNamespaces(stack: ClusterStack): HopFacts {
  const authentications = stack.graph.ofType(...typesOf("security", "peerauthentication"));
  return allHops(
    ...namespaces(stack).map((node): HopFacts => {
      const place = namespacePlace(stack, node);
      const metadata = metadataOf(stack, node);
      const labels = recordOf(memberReading(metadata, "labels"));
      const isInjected =
        memberReading(labels, "istio-injection").kind !== "absent" ||
        memberReading(labels, "istio.io/rev").kind !== "absent";
      const name = textOf(memberReading(metadata, "name"));
      if (place === undefined || !isInjected || authentications.some((one) => holdsFor(stack, one, name))) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      acceptor.fault({
        what: "no PeerAuthentication holds for it, and its sidecars then take callers without a certificate",
        remedy: `Put a PeerAuthentication with spec.mtls.mode STRICT and no selector into it, or into ${rootNamespace}.`,
        needsOthers: true,
      });
      return acceptor.facts();
    }),
  );
}

/** The labels by which a resource selects pods, as one text. */
function selectionOf(labels: Part): string | undefined {
  return labels.kind === "known" && Object.keys(labels.value).length > 0
    ? JSON.stringify(Object.entries(labels.value).sort())
    : undefined;
}

/** Who a rule lets in: nobody but certain identities, or perhaps others. */
function namesIdentities(rule: Part): Reading<boolean> {
  const sources = parts(rule, "from").map((from) => part(from, "source"));
  const named = sources.map((source): Reading<boolean> => {
    const principals = listOf(memberReading(source, "principals"));
    if (principals.kind !== "known") {
      return principals.kind === "absent" ? known(false) : unknown;
    }
    const texts = itemsOf(principals).map(textOf);
    return texts.some(({ kind }) => kind === "unknown")
      ? unknown
      : known(
          texts.length > 0 &&
            texts.every((text) => text.kind === "known" && text.value !== "" && !text.value.includes("*")),
        );
  });
  if (rule.kind === "unknown" || memberReading(rule, "from").kind === "unknown") {
    return unknown;
  }
  return (
    named.find((one) => one.kind === "known" && !one.value) ??
    named.find(({ kind }) => kind === "unknown") ??
    known(named.length > 0)
  );
}

/** Whether who may call is told by identity. What selects a gateway's pods is left to that gateway's listeners. */
function authorizationHops(stack: ClusterStack): HopFacts {
  const { graph } = stack;
  const gateways = new Set(
    graph
      .ofType(...typesOf("networking", "gateway"))
      .map((node) => selectionOf(part(specOf(stack, node), "selector"))),
  );
  return allHops(
    ...graph.ofType(...typesOf("security", "authorizationpolicy")).map((node): HopFacts => {
      const spec = specOf(stack, node);
      const action = textOf(memberReading(spec, "action"));
      const selection = selectionOf(part(part(spec, "selector"), "matchLabels"));
      const closes = action.kind === "known" && (action.value === "DENY" || action.value === "CUSTOM");
      if (closes || (selection !== undefined && gateways.has(selection))) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, clusterPlace(stack, node));
      if (action.kind === "known" && action.value === "AUDIT") {
        acceptor.fault({
          what: "it records who calls, and refuses nobody",
          remedy: "Write a policy with action ALLOW for it.",
          refusedOn: "no stack",
        });
        return acceptor.facts();
      }
      for (const rule of parts(spec, "rules")) {
        acceptor.requires({
          key: "rules[].from[].source.principals",
          read: namesIdentities(rule),
          isRight: (isNamed) => isNamed,
          absentIs: "wrong",
          what: "a rule of it lets callers in whose identity it does not name",
          remedy: "Name each caller with source.principals, as <trust domain>/ns/<namespace>/sa/<account>.",
        });
      }
      return acceptor.facts();
    }),
  );
}

/** Whether callers go on by mutual TLS, wherever a rule for a destination says how they do. */
function destinationRuleHops(stack: ClusterStack): HopFacts {
  return allHops(
    ...stack.graph.ofType(...typesOf("networking", "destinationrule")).map((node): HopFacts => {
      const acceptor = new Acceptor(stack, node, clusterPlace(stack, node));
      const spec = specOf(stack, node);
      const policies = [spec, ...parts(spec, "subsets")].map((one) => part(one, "trafficPolicy"));
      for (const policy of policies.flatMap((one) => [one, ...parts(one, "portLevelSettings")])) {
        const tls = part(policy, "tls");
        if (tls.kind === "absent") {
          continue;
        }
        acceptor.requires({
          key: "tls.mode",
          read: setOn(node, textOf(memberReading(tls, "mode"))),
          isRight: (mode) => mode === "ISTIO_MUTUAL" || mode === "MUTUAL",
          absentIs: "wrong",
          what: "callers show no certificate to what it is about",
          remedy: "Leave tls out, or set its mode to ISTIO_MUTUAL.",
        });
        acceptor.requires({
          key: "tls.insecureSkipVerify",
          read: memberReading(tls, "insecureSkipVerify"),
          isRight: (skips) => skips === false,
          absentIs: "right",
          what: "callers do not verify who answers",
          remedy: "Leave insecureSkipVerify out.",
        });
      }
      return acceptor.facts();
    }),
  );
}

/** Whether a gateway's listeners verify their clients, over TLS 1.3. */
function gatewayHops(stack: ClusterStack): HopFacts {
  return allHops(
    ...stack.graph.ofType(...typesOf("networking", "gateway")).map((node): HopFacts => {
      const acceptor = new Acceptor(stack, node, clusterPlace(stack, node));
      const isRight = parts(specOf(stack, node), "servers").map((server) => {
        const tls = part(server, "tls");
        const verifies = acceptor.requires({
          key: "servers[].tls.mode",
          read: setOn(node, textOf(memberReading(tls, "mode"))),
          isRight: (mode) => mode === "MUTUAL" || mode === "ISTIO_MUTUAL",
          absentIs: "wrong",
          what: "a listener of it takes clients without a certificate",
          remedy: "Set tls.mode of every server to MUTUAL.",
          excusedBy: "sign-in",
        });
        const isNew = acceptor.requires({
          key: "servers[].tls.minProtocolVersion",
          read: setOn(node, textOf(memberReading(tls, "minProtocolVersion"))),
          isRight: (version) => version === "TLSV1_3",
          absentIs: "wrong",
          what: "a listener of it speaks TLS older than 1.3",
          remedy: "Set tls.minProtocolVersion of every server to TLSV1_3.",
        });
        return verifies && isNew;
      });
      acceptor.hop(`clients and ${acceptor.label}`, isRight.every(Boolean) ? "mtls" : undefined);
      return acceptor.facts();
    }),
  );
}

/** Everything of Istio's that says how callers and what they call know each other. It serves every cloud's Kubernetes. */
export function istioHops(stack: ClusterStack): HopFacts {
  return allHops(
    peerAuthenticationHops(stack),
    unguardedNamespaces(stack),
    authorizationHops(stack),
    destinationRuleHops(stack),
    gatewayHops(stack),
  );
}
