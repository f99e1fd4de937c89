import type { PlatformSpec } from "../../../model/platform-spec";
import { platformPort, type Workload } from "../../../model/workload";
import type { EdgeClients } from "../edge-clients";
import { callersOf } from "../ports";

import {
  behindIngress,
  identityOf,
  ingress,
  labelsOf,
  podLabels,
  principalOf,
  type Account,
} from "./account";
import type { Manifest } from "./manifest";

/** What the policy that lets the callers of an account in is called. */
const policyName = "declared-flows";

/** Who may call a workload: exactly the accounts that the flows name. */
function callers(spec: PlatformSpec, workload: Workload): readonly Account[] {
  return [...(behindIngress(spec).includes(workload) ? [ingress] : []), ...callersOf(spec, workload)];
}

function allow(account: Account, rule: Readonly<Record<string, unknown>>): Manifest {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: `${account.id}-${policyName}`, namespace: account.zone, labels: labelsOf(account) },
    spec: {
      selector: { matchLabels: podLabels(account) },
      action: "ALLOW",
      rules: [{ ...rule, to: [{ operation: { ports: [String(platformPort)] } }] }],
    },
  };
}

/** What the gateway knows of who calls it. */
function ingressSource(edge: EdgeClients): Readonly<Record<string, unknown>> {
  switch (edge.certificate) {
    case "none":
      return { from: [{ source: { ipBlocks: edge.addresses.map(({ text }) => text) } }] };
    case "load-balancer":
      return { from: [{ source: { principals: [principalOf(edge.spiffeId)] } }] };
    case "clients":
      // Whoever has a certificate of the hospital's authorities, which the listener asks for; those need not be SPIFFE IDs.
      return {};
  }
}

/**
 * Who may call whom: for each workload that a flow names, the identities that those flows name, and nobody else, whatever
 * address they come from. A workload that nothing calls has no policy, and so lets nobody in.
 */
export function authorizationPolicies(spec: PlatformSpec, edge: EdgeClients): readonly Manifest[] {
  return [
    ...(behindIngress(spec).length === 0 ? [] : [allow(ingress, ingressSource(edge))]),
    ...spec.workloads.flatMap((workload): readonly Manifest[] => {
      const principals = callers(spec, workload).map((caller) =>
        principalOf(identityOf(spec.trustDomain, caller)),
      );
      return principals.length === 0 ? [] : [allow(workload, { from: [{ source: { principals } }] })];
    }),
  ];
}
