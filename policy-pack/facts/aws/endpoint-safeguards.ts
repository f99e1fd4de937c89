import type { Evidence } from "../../finding";
import { flagOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { NetworkInterface } from "../fact";
import type { Safeguard } from "../safeguard";

import { canonical, labelOf, types, type AwsStack } from "./aws-stack";
import { hasPrivateRecord, leadsTo, peersOf } from "./endpoint-peers";
import { policyHolders } from "./endpoint-policies";
import { readPolicy, type PolicyStatement } from "./iam-policy";

function evidenceOf(node: Node): Evidence {
  return { urn: node.urn, label: labelOf(node) };
}

/** What holds a statement back that lets something through. */
function limits({ Principal, Resource, Condition = {} }: PolicyStatement): string {
  const keys = Object.values(Condition).flatMap((condition) => Object.keys(condition));
  const principals = Object.values(Principal ?? {}).flat();
  const named = [
    ...(principals.length > 0 && !principals.includes("*") ? ["the principals that it names"] : []),
    ...(Resource !== undefined && !Resource.includes("*") ? ["the resources that it names"] : []),
    ...[...new Set(keys)].sort().map((key) => `a condition on ${key}`),
  ];
  return named.length === 0 ? "its actions alone" : named.join(" and ");
}

/** What the policies of endpoints hold every call to, where all that may be in force is known. */
export function endpointPolicySafeguards(stack: AwsStack): readonly Safeguard[] {
  const { graph, zones } = stack;
  return graph.ofType(...types.endpoint).flatMap((endpoint): readonly Safeguard[] => {
    const zone = zones.of(endpoint.urn);
    const holders = policyHolders(stack, endpoint);
    const policies = holders.map((holder) =>
      readPolicy("policy", graph.read(holder, "policy"), canonical(stack)),
    );
    const statements = policies.flatMap((policy) => (policy.kind === "known" ? policy.statements : []));
    if (zone === undefined || policies.length === 0 || policies.some(({ kind }) => kind !== "known")) {
      return [];
    }
    const said = [...new Set(statements.filter(({ Effect }) => Effect === "Allow").map(limits))].sort();
    const what =
      said.length === 0
        ? "lets no call through"
        : `holds each call that it lets through to ${said.join("; or to ")}`;
    return [
      {
        zone,
        what: `the policy of an endpoint ${what}`,
        evidence: [...new Set([endpoint, ...holders])].map(evidenceOf),
      },
    ];
  });
}

/** Endpoints by which peers of a platform are reached, and by whose names services are found. */
export function endpointSafeguards(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
): readonly Safeguard[] {
  const { graph, zones } = stack;
  return graph.ofType(...types.endpoint).flatMap((endpoint): readonly Safeguard[] => {
    const zone = zones.of(endpoint.urn);
    if (zone === undefined) {
      return [];
    }
    const peers = peersOf(stack, endpoint, interfaces).filter((peer) => leadsTo(stack, endpoint, peer));
    const hasNames = flagOf(graph.read(endpoint, "privateDnsEnabled"));
    const isFoundByName =
      endpoint.resourceType === "aws:opensearch:serverlessvpcendpoint" ||
      (hasNames.kind === "known" && hasNames.value);
    const byName = isFoundByName
      ? "a service's own name leads to a private endpoint in the network"
      : hasPrivateRecord(stack, endpoint)
        ? "a record of a private zone leads to a private endpoint"
        : undefined;
    const { urn } = endpoint;
    return [
      ...peers.map((peer) => ({
        zone,
        what: "a private endpoint leads to the service or store",
        evidence: [{ urn, label: `${labelOf(endpoint)}: ${peer}` }],
      })),
      ...(byName === undefined ? [] : [{ zone, what: byName, evidence: [evidenceOf(endpoint)] }]),
    ];
  });
}
