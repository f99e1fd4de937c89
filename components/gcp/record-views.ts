import type { RecordStream } from "../audit-log";

import { networkedZones, type NetworkedZone } from "./physical-names";

/** What of the records of projects a stream is. */
export interface RecordView {
  /** In the projects of which zones it is written. */
  readonly zones: readonly NetworkedZone[];
  /** The log that Google Cloud writes it to; one of the platform's own, which workloads write to, where there is none. */
  readonly logId: string | undefined;
}

/** The streams, with the logs of Google Cloud's own (Cloud Logging documentation, "Google Cloud services with logs"). */
export const recordViews: Readonly<Record<RecordStream, RecordView>> = {
  "network-flows": { zones: networkedZones, logId: "compute.googleapis.com/vpc_flows" },
  "name-queries": { zones: networkedZones, logId: "dns.googleapis.com/dns_queries" },
  // What Cloud Armor did with a request is said in the load balancer's record of it.
  "web-firewall": { zones: ["gateway"], logId: "requests" },
  "access-decisions": { zones: networkedZones, logId: undefined },
  "tool-calls": { zones: networkedZones, logId: undefined },
  "egress-inspections": { zones: ["processing"], logId: undefined },
};
