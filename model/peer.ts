import { platformServiceIds, type PlatformServiceId } from "./platform-service";
import { zoneIds, type WorkloadZoneId, type ZoneId } from "./zone";

/** Everything outside the platform: the Internet, and any network of the customer's that no zone holds. */
export interface WorldPeer {
  /** Which kind of peer this is. */
  readonly kind: "world";
}

/** The load balancer of the gateway zone: all that the Internet reaches. */
export interface LoadBalancerPeer {
  /** Which kind of peer this is. */
  readonly kind: "load-balancer";
}

/** Each workload of a zone. */
export interface ZonePeer {
  /** Which kind of peer this is. */
  readonly kind: "zone";
  /** The zone. */
  readonly zone: ZoneId;
}

/** A workload. */
export interface WorkloadPeer<Z extends WorkloadZoneId = WorkloadZoneId> {
  /** Which kind of peer this is. */
  readonly kind: "workload";
  /** The workload. */
  readonly id: string;
  /** The zone that it runs in. */
  readonly zone: Z;
}

/** A data store of the PHI zone. */
export interface DataStorePeer {
  /** Which kind of peer this is. */
  readonly kind: "data-store";
  /** The store. */
  readonly id: string;
}

/** A service of the cloud, by its private endpoint. */
export interface PlatformServicePeer {
  /** Which kind of peer this is. */
  readonly kind: "platform-service";
  /** The service. */
  readonly id: PlatformServiceId;
}

/** An external provider. A native one is the platform service `model-inference`. */
export interface LlmProviderPeer {
  /** Which kind of peer this is. */
  readonly kind: "llm-provider";
  /** The provider. */
  readonly id: string;
}

/** One end of a flow: a validated value, made by `parsePeer`, never a raw text. */
export type Peer =
  | WorldPeer
  | LoadBalancerPeer
  | ZonePeer
  | WorkloadPeer
  | DataStorePeer
  | PlatformServicePeer
  | LlmProviderPeer;

/** What a platform declares, as far as the names of peers go. */
export interface PeerDirectory {
  readonly workloads: ReadonlyMap<string, WorkloadZoneId>;
  readonly dataStores: ReadonlySet<string>;
  readonly externalProviders: ReadonlySet<string>;
}

/** The kinds of peer that are written `<kind>/<id>`. */
export const namedPeerKinds = ["zone", "workload", "data-store", "platform-service", "llm-provider"] as const;

/** The text of a peer, as a platform file and a report write it. */
export function peerName(peer: Peer): string {
  switch (peer.kind) {
    case "world":
    case "load-balancer":
      return peer.kind;
    case "zone":
      return `zone/${peer.zone}`;
    case "workload":
    case "data-store":
    case "platform-service":
    case "llm-provider":
      return `${peer.kind}/${peer.id}`;
  }
}

/** The zone in which a peer's end of a connection sits, or `world`. Platform services answer in processing. */
export function zoneOf(peer: Peer): ZoneId | "world" {
  switch (peer.kind) {
    case "world":
    case "llm-provider":
      return "world";
    case "load-balancer":
      return "gateway";
    case "zone":
    case "workload":
      return peer.zone;
    case "data-store":
      return "phi";
    case "platform-service":
      return "processing";
  }
}

/** A text that names no peer, with the names that would have been understood. */
export interface UnknownPeer {
  readonly kind: "unknown";
  readonly known: readonly string[];
}

function isOneOf<T extends string>(values: readonly T[], text: string): text is T {
  return (values as readonly string[]).includes(text);
}

/**
 * Reads `world`, `load-balancer` or `<kind>/<id>`.
 *
 * @returns the peer, or the names that exist where the text names none.
 */
export function parsePeer(text: string, directory: PeerDirectory): Peer | UnknownPeer {
  if (text === "world" || text === "load-balancer") {
    return { kind: text };
  }
  const slash = text.indexOf("/");
  const kind = text.slice(0, slash);
  const id = text.slice(slash + 1);
  const unknown = (ids: Iterable<string>): UnknownPeer => ({
    kind: "unknown",
    known: [...ids].map((known) => `${kind}/${known}`),
  });
  switch (kind) {
    case "zone":
      return isOneOf(zoneIds, id) ? { kind, zone: id } : unknown(zoneIds);
    case "workload": {
      const zone = directory.workloads.get(id);
      return zone === undefined ? unknown(directory.workloads.keys()) : { kind, id, zone };
    }
    case "data-store":
      return directory.dataStores.has(id) ? { kind, id } : unknown(directory.dataStores);
    case "platform-service":
      return isOneOf(platformServiceIds, id) ? { kind, id } : unknown(platformServiceIds);
    case "llm-provider":
      return directory.externalProviders.has(id) ? { kind, id } : unknown(directory.externalProviders);
    default:
      return {
        kind: "unknown",
        known: ["world", "load-balancer", ...namedPeerKinds.map((named) => `${named}/<id>`)],
      };
  }
}
