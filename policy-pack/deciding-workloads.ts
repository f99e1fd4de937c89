import { decisionPointId } from "../model/access-policy";
import { peerName } from "../model/peer";

import type { DeclaredPlatform } from "./declared-flows";
import type { ToldAccess } from "./told-access";

/**
 * The peers of a platform whose requests have to be decided about before their programs get them: workloads of the gateway
 * zone that call others, and those that the access policy has routes of.
 */
export function decidingWorkloads(
  { flows, workloads }: DeclaredPlatform,
  told: ToldAccess | undefined,
): ReadonlySet<string> {
  const calling = flows.flatMap(({ from, to }) =>
    from.kind === "workload" && from.zone === "gateway" && to.kind === "workload" && to.id !== decisionPointId
      ? [peerName(from)]
      : [],
  );
  const routed = told?.document?.access.routes.map(({ at }) => `workload/${at}`) ?? [];
  const declared = new Set(workloads.map(({ id }) => `workload/${id}`));
  return new Set([...calling, ...routed].filter((peer) => declared.has(peer)));
}
