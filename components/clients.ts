import type { Peer } from "../model/peer";
import type { PlatformSpec } from "../model/platform-spec";
import type { Workload } from "../model/workload";

/** The workloads whose flows name a peer that is meant, in the order of their ids. */
export function workloadsCalling(spec: PlatformSpec, isMeant: (to: Peer) => boolean): readonly Workload[] {
  const clients = new Set(
    spec.flows.flatMap(({ from, to }) => (from.kind === "workload" && isMeant(to) ? [from.id] : [])),
  );
  return spec.workloads.filter(({ id }) => clients.has(id));
}
