import type { Cidr } from "../../../model/cidr";
import type { PlatformSpec } from "../../../model/platform-spec";
import { platformPort } from "../../../model/workload";
import type { EdgeClients } from "../edge-clients";
import { callersOf, upstreamsOf } from "../ports";

import { behindIngress, ingress, labelsOf, podLabels, type Account } from "./account";
import { rootNamespace, type Manifest } from "./manifest";
import { endpointBlocks, providersOf } from "./private-destinations";

type Part = Readonly<Record<string, unknown>>;

/** The label that Kubernetes itself puts on each namespace. */
const namespaceLabel = "kubernetes.io/metadata.name";

function podsOf(account: Account): Part {
  return {
    namespaceSelector: { matchLabels: { [namespaceLabel]: account.zone } },
    podSelector: { matchLabels: podLabels(account) },
  };
}

function inCluster(namespace: string, labels: Readonly<Record<string, string>>): Part {
  return {
    namespaceSelector: { matchLabels: { [namespaceLabel]: namespace } },
    podSelector: { matchLabels: labels },
  };
}

const block = ({ text }: Cidr): Part => ({ ipBlock: { cidr: text } });

const platform = [{ protocol: "TCP", port: platformPort }] as const;

/** What every pod needs of the cluster: names, and what its sidecar is told. */
const everyPod: readonly Part[] = [
  {
    to: [inCluster("kube-system", { "k8s-app": "kube-dns" })],
    ports: [
      { protocol: "UDP", port: 53 },
      { protocol: "TCP", port: 53 },
    ],
  },
  { to: [inCluster(rootNamespace, { app: "istiod" })], ports: [{ protocol: "TCP", port: 15012 }] },
];

/** Rules with the same ports; an empty list of peers would let everybody through, and so makes no rule. */
function rules(key: "from" | "to", peers: readonly Part[]): readonly Part[] {
  return peers.length === 0 ? [] : [{ [key]: peers, ports: platform }];
}

function policy(account: Account, into: readonly Part[], out: readonly Part[]): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: account.id, namespace: account.zone, labels: labelsOf(account) },
    spec: {
      podSelector: { matchLabels: podLabels(account) },
      policyTypes: ["Ingress", "Egress"],
      ingress: into,
      egress: [...out, ...everyPod],
    },
  };
}

function ingressPolicy(behind: readonly Account[], edge: EdgeClients): Manifest {
  return policy(
    ingress,
    // A load balancer that shows a certificate, or passes one on, is known by it; only the other is known by its address.
    edge.certificate === "none" ? rules("from", edge.addresses.map(block)) : [{ ports: platform }],
    rules("to", behind.map(podsOf)),
  );
}

/**
 * The same flows once more, for packets: a sidecar is no wall for a program that gets around it. They hold where the
 * cluster's network plugin enforces such policies, and nowhere else.
 */
export function networkPolicies(spec: PlatformSpec, edge: EdgeClients): readonly Manifest[] {
  const behind = behindIngress(spec);
  return [
    ...(behind.length === 0 ? [] : [ingressPolicy(behind, edge)]),
    ...spec.workloads.map((workload) =>
      policy(
        workload,
        rules("from", [
          ...(behind.includes(workload) ? [podsOf(ingress)] : []),
          ...callersOf(spec, workload).map(podsOf),
        ]),
        [
          ...rules("to", [
            ...upstreamsOf(spec, workload).map(({ workload: to }) => podsOf(to)),
            ...endpointBlocks(spec, workload).map(block),
          ]),
          // Names of hosts are not what these policies know. Which of them it reaches, its sidecar and the inspection say.
          ...(providersOf(spec, workload).length === 0 ? [] : [{ ports: platform }]),
        ],
      ),
    ),
  ];
}
