import * as pulumi from "@pulumi/pulumi";

import { peerName, type Peer } from "../model/peer";

import type { ZoneMembers } from "./zone-facts";

/**
 * The filters of single peers: one for each workload, data store, load balancer and platform service, which admits the
 * flows of the model in both halves, and nothing else.
 */
export abstract class FlowFilters extends pulumi.ComponentResource {
  static readonly __pulumiType = "bulkhead:network:FlowFilters";

  /** The ids of the filters, by the name of their peer, such as `workload/rag-service`. */
  abstract readonly filterIds: Readonly<Record<string, pulumi.Output<string>>>;
  abstract readonly zoneMembers: ZoneMembers;
  /** What must stand before anything is put behind a filter. */
  abstract readonly sealed: readonly pulumi.Resource[];
}

/** The filter of a peer. @throws Error if the peer has none, which is a mistake of the renderer's. */
export function filterOf(filterIds: FlowFilters["filterIds"], peer: Peer): pulumi.Output<string> {
  const filter = filterIds[peerName(peer)];
  if (filter === undefined) {
    throw new Error(`${peerName(peer)} has no filter`);
  }
  return filter;
}
