import { typed, type EnvoyPart } from "./envoy-part";

/** What a proxy may take of its pod's memory, in MiB, before it sheds load. A pod needs that much beside its program. */
const proxyHeapMebibytes = 256;

/** Connections to a proxy at a time, above which it takes no more. */
const mostConnections = 4096;

/** What is kept of a connection whose other end is slow, as Envoy's documentation has it ("Configuring Envoy as an edge proxy"). */
export const connectionBufferBytes = 32_768;

/** What one connection of HTTP/2 may make a proxy keep (the same). */
export const http2Limits = {
  max_concurrent_streams: 100,
  initial_stream_window_size: 65_536,
  initial_connection_window_size: 1_048_576,
} as const;

/** A proxy refuses requests before it runs out of memory, and connections above a number (the same). */
export const overloadManager: EnvoyPart = {
  refresh_interval: "0.25s",
  resource_monitors: [
    {
      name: "envoy.resource_monitors.fixed_heap",
      typed_config: typed("resource_monitors.fixed_heap.v3.FixedHeapConfig", {
        max_heap_size_bytes: proxyHeapMebibytes * 1_048_576,
      }),
    },
    {
      name: "envoy.resource_monitors.global_downstream_max_connections",
      typed_config: typed("resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig", {
        max_active_downstream_connections: mostConnections,
      }),
    },
  ],
  actions: [
    {
      name: "envoy.overload_actions.shrink_heap",
      triggers: [{ name: "envoy.resource_monitors.fixed_heap", threshold: { value: 0.9 } }],
    },
    {
      name: "envoy.overload_actions.stop_accepting_requests",
      triggers: [{ name: "envoy.resource_monitors.fixed_heap", threshold: { value: 0.95 } }],
    },
  ],
};

/**
 * When a replica of a peer is left alone for a while: it cannot be reached, or its proxy cannot reach its program. Errors of
 * the program's own are answers, and say nothing of the replica.
 */
export const outlierDetection: EnvoyPart = {
  split_external_local_origin_errors: true,
  consecutive_local_origin_failure: 5,
  consecutive_gateway_failure: 5,
  enforcing_consecutive_gateway_failure: 100,
  enforcing_consecutive_5xx: 0,
  enforcing_success_rate: 0,
  enforcing_local_origin_success_rate: 0,
  max_ejection_percent: 50,
};
