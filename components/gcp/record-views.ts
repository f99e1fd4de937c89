import type { ProgramStream, RecordStream } from "../audit-log";

import { networkedZones, type NetworkedZone } from "./physical-names";

/** What of the records of projects a stream is. */
export interface RecordView {
  /** In the projects of which zones it is written. */
  readonly zones: readonly NetworkedZone[];
  /** The log that Google Cloud writes it to; one of the platform's own, which workloads write to, where there is none. */
  readonly logId: string | undefined;
}

/** A stream that is a part of what the projects' buckets hold: all but those that have a bucket of their own. */
export type ViewedStream = Exclude<RecordStream, ProgramStream>;

/** These streams, with the logs of Google Cloud's own (Cloud Logging documentation, "Google Cloud services with logs"). */
export const recordViews: Readonly<Record<ViewedStream, RecordView>> = {
  "network-flows": { zones: networkedZones, logId: "compute.googleapis.com/vpc_flows" },
  "name-queries": { zones: networkedZones, logId: "dns.googleapis.com/dns_queries" },
  // What Cloud Armor did with a request is said in the load balancer's record of it.
  "web-firewall": { zones: ["gateway"], logId: "requests" },
};
