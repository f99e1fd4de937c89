import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../reading";
import type { Node } from "../stack-graph";

import type { AllowedBy, HostAllowance } from "./host-allowance";
import { clusterPlace, type ClusterStack } from "./istio/cluster-place";
import { part, parts, setOn, specOf, typesOf, type Part } from "./istio/mesh-resource";
import { hostAllowance } from "./read-hosts";

/** What names hosts in a rule of a network policy, by the type of the policy. */
interface NetworkPolicy {
  readonly types: readonly string[];
  /** The hosts that one rule for what goes out names. */
  readonly hostsOf: (rule: Part) => readonly Reading<unknown>[];
}

const networkPolicies: readonly NetworkPolicy[] = [
  {
    types: [
      "kubernetes:cilium.io:ciliumnetworkpolicy",
      "kubernetes:cilium.io:ciliumclusterwidenetworkpolicy",
    ],
    hostsOf: (rule) =>
      parts(rule, "toFQDNs").flatMap((one) => [
        memberReading(one, "matchName"),
        memberReading(one, "matchPattern"),
      ]),
  },
  {
    types: ["kubernetes:networking.gke.io:fqdnnetworkpolicy"],
    hostsOf: (rule) =>
      parts(rule, "matches").flatMap((one) => [memberReading(one, "name"), memberReading(one, "pattern")]),
  },
  {
    types: [
      "kubernetes:crd.projectcalico.org:globalnetworkpolicy",
      "kubernetes:crd.projectcalico.org:networkpolicy",
      "kubernetes:projectcalico.org:globalnetworkpolicy",
      "kubernetes:projectcalico.org:networkpolicy",
    ],
    hostsOf: (rule) => {
      const action = textOf(memberReading(rule, "action"));
      return action.kind === "known" && action.value === "Deny"
        ? []
        : itemsOf(memberReading(part(rule, "destination"), "domains"));
    },
  },
];

function read(
  stack: ClusterStack,
  node: Node,
  by: AllowedBy,
  hosts: readonly Reading<unknown>[],
): readonly HostAllowance[] {
  const { zone } = clusterPlace(stack, node);
  return hostAllowance(stack, node, { by, hosts: hosts.filter(({ kind }) => kind !== "absent") }).map(
    (one) => ({
      ...one,
      zone: one.zone ?? zone,
    }),
  );
}

/**
 * What resources of a cluster let through by the names of hosts: hosts that a mesh is told of (Istio, `ServiceEntry`), and
 * those that network policies let pods call.
 */
export function clusterHosts(stack: ClusterStack): readonly HostAllowance[] {
  const { graph } = stack;
  const entries = graph.ofType(...typesOf("networking", "serviceentry")).flatMap((node) => {
    const spec = specOf(stack, node);
    const hosts = itemsOf(setOn(node, memberReading(spec, "hosts")));
    const endpoints = parts(spec, "endpoints").map((endpoint) => memberReading(endpoint, "address"));
    return read(stack, node, "route", [...hosts, ...endpoints]);
  });
  const policies = networkPolicies.flatMap(({ types, hostsOf }) =>
    graph.ofType(...types).flatMap((node) => {
      const specs = [specOf(stack, node), ...itemsOf(graph.read(node, "specs")).map(recordOf)];
      return read(stack, node, "firewall", specs.flatMap((spec) => parts(spec, "egress")).flatMap(hostsOf));
    }),
  );
  return [...entries, ...policies];
}
