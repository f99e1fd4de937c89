import { peerName } from "../../model/peer";
import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

/** Where a workload's own program listens: on the loopback of its pod, behind its proxy. */
export const programPort = 8080;

/** Where the proxy listens for the first of the peers that its program calls; each further one has the next. */
const firstUpstreamPort = 10001;

/** A workload that another calls, and where the caller's program finds it. */
export interface Upstream {
  readonly workload: Workload;
  /** The port on the loopback of the caller's pod. */
  readonly port: number;
}

/** The workloads that a workload's flows name, in the order of their ids. */
export function upstreamsOf({ flows, workloads }: PlatformSpec, { id }: Workload): readonly Upstream[] {
  const called = new Set(
    flows.flatMap(({ from, to }) =>
      from.kind === "workload" && from.id === id && to.kind === "workload" ? [peerName(to)] : [],
    ),
  );
  return workloads
    .filter((workload) => called.has(peerName({ kind: "workload", id: workload.id, zone: workload.zone })))
    .map((workload, index) => ({ workload, port: firstUpstreamPort + index }));
}

/** The workloads whose flows name a workload, in the order of their ids. */
export function callersOf({ flows, workloads }: PlatformSpec, { id }: Workload): readonly Workload[] {
  const calling = new Set(
    flows.flatMap(({ from, to }) =>
      from.kind === "workload" && to.kind === "workload" && to.id === id ? [from.id] : [],
    ),
  );
  return workloads.filter((workload) => calling.has(workload.id));
}
