import { z } from "zod";

import type { Edge } from "./edge";
import type {
  DataStorePeer,
  LlmProviderPeer,
  LoadBalancerPeer,
  Peer,
  PlatformServicePeer,
  WorkloadPeer,
  WorldPeer,
} from "./peer";
import { platformPort, type PlatformPort } from "./workload";

/**
 * How the two ends of a flow know each other. It follows from who they are, and cannot be chosen.
 *
 * - `mtls`: both present a certificate of the platform's trust domain, over TLS 1.3.
 * - `one-way-tls`: only the server presents a certificate.
 * - `provider-tls+iam`: a managed service's certificate, and the workload's identity with the cloud.
 */
export type Transport = "mtls" | "one-way-tls" | "provider-tls+iam";

/** A connection from one kind of peer to another. */
export interface Directed<Source extends Peer, Destination extends Peer> {
  /** Who opens the connection. */
  readonly from: Source;
  /** Who accepts it. */
  readonly to: Destination;
  /** The transport protocol. */
  readonly protocol: "tcp";
  /** The port on which it is accepted. */
  readonly port: PlatformPort;
  /** How the two ends know each other. */
  readonly transport: Transport;
}

/**
 * One directed fact: the source may open a connection to the destination. Replies are not flows.
 *
 * The members of this union are all the edges there are; a flow out of `phi`, or from anywhere to the Internet but
 * through the egress zone, has no type.
 */
export type Flow =
  | Directed<WorldPeer, LoadBalancerPeer>
  | Directed<LoadBalancerPeer, WorkloadPeer<"gateway">>
  | Directed<WorkloadPeer<"gateway">, WorkloadPeer<"processing">>
  | Directed<WorkloadPeer<"processing">, WorkloadPeer<"processing">>
  | Directed<WorkloadPeer<"processing">, DataStorePeer>
  | Directed<WorkloadPeer, PlatformServicePeer>
  | Directed<WorkloadPeer<"processing">, WorkloadPeer<"egress">>
  | Directed<WorkloadPeer<"egress">, LlmProviderPeer>;

/** The two ends of a legal flow, before the platform's edge says how they know each other. */
export type LegalEdge = Flow extends infer F ? (F extends Flow ? Pick<F, "from" | "to"> : never) : never;

function isWorkloadIn<Z extends WorkloadPeer["zone"]>(peer: Peer, ...zones: Z[]): peer is WorkloadPeer<Z> {
  return peer.kind === "workload" && (zones as readonly string[]).includes(peer.zone);
}

/** The legal edge between two peers, or `undefined` if no such edge may exist. */
export function legalEdge(from: Peer, to: Peer): LegalEdge | undefined {
  if (from.kind === "world" && to.kind === "load-balancer") {
    return { from, to };
  }
  if (from.kind === "load-balancer" && isWorkloadIn(to, "gateway")) {
    return { from, to };
  }
  if (isWorkloadIn(from, "gateway", "processing", "egress") && to.kind === "platform-service") {
    return { from, to };
  }
  if (isWorkloadIn(from, "gateway") && isWorkloadIn(to, "processing")) {
    return { from, to };
  }
  if (isWorkloadIn(from, "processing")) {
    if (isWorkloadIn(to, "processing")) {
      return { from, to };
    }
    if (isWorkloadIn(to, "egress")) {
      return { from, to };
    }
    if (to.kind === "data-store") {
      return { from, to };
    }
  }
  if (isWorkloadIn(from, "egress") && to.kind === "llm-provider") {
    return { from, to };
  }
  return undefined;
}

function transportOf(edge: LegalEdge, entrance: Edge): Transport {
  switch (edge.to.kind) {
    case "load-balancer":
      // A browser signs in by OpenID Connect and presents no certificate; a program does.
      return entrance.mode === "l4-passthrough" || !entrance.clients.includes("clinician")
        ? "mtls"
        : "one-way-tls";
    case "workload":
      return edge.from.kind === "load-balancer" && entrance.mode === "l7-terminate" ? "one-way-tls" : "mtls";
    case "data-store":
    case "platform-service":
      return "provider-tls+iam";
    case "llm-provider":
      return "one-way-tls";
  }
}

/** The flow along a legal edge of a platform with this entrance. */
export function flowAlong(edge: LegalEdge, entrance: Edge): Flow {
  return { ...edge, protocol: "tcp", port: platformPort, transport: transportOf(edge, entrance) };
}

export const flowSchema = z
  .strictObject({
    from: z.string().meta({
      description:
        "Who opens the connection: `world`, `load-balancer`, `workload/<id>`, or `zone/<id>` for each workload in it.",
    }),
    to: z.string().meta({
      description:
        "Who accepts it: `load-balancer`, `workload/<id>`, `data-store/<id>`, `platform-service/<id>`, `llm-provider/<id>`.",
    }),
    port: z.int().default(platformPort).meta({ description: "443 when left out, and no other is accepted." }),
    protocol: z.literal("tcp").default("tcp"),
  })
  .meta({ description: "One connection that may be opened; replies need no flow." });

export type FlowDocument = z.output<typeof flowSchema>;
