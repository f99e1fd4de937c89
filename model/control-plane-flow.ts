import type { CloudKind } from "./cloud-target";
import type { Edge } from "./edge";
import type { LoadBalancerPeer, Peer, WorldPeer } from "./peer";
import type { Transport } from "./flow";
import { platformPort, type PlatformPort } from "./workload";

/** What a cloud's load balancer needs to do its work; {@link controlPlaneFlows} holds one of each. */
export type ControlPlaneFlowId = "aws-clinician-sign-in";

/**
 * A connection that a load balancer needs besides the platform's flows, because the cloud's own service runs on it. It is
 * no flow of the model: no platform file can declare it, it belongs to the load balancer's subnets alone, and the matrix
 * prints it.
 */
export interface ControlPlaneFlow {
  readonly id: ControlPlaneFlowId;
  readonly cloud: CloudKind;
  readonly from: LoadBalancerPeer;
  readonly to: WorldPeer;
  readonly protocol: "tcp";
  readonly port: PlatformPort;
  readonly transport: Transport;
  /** Whether a platform with this entrance needs it. */
  readonly isNeeded: (edge: Edge) => boolean;
  readonly because: string;
  /** Where the cloud says so. */
  readonly source: string;
}

/** Every such connection, by cloud: a literal table, to which no configuration adds. */
export const controlPlaneFlows: readonly ControlPlaneFlow[] = [
  {
    id: "aws-clinician-sign-in",
    cloud: "aws",
    from: { kind: "load-balancer" },
    to: { kind: "world" },
    protocol: "tcp",
    port: platformPort,
    transport: "one-way-tls",
    isNeeded: ({ mode, clients }) => mode === "l7-terminate" && clients.includes("clinician"),
    because:
      "An Application Load Balancer that signs clinicians in by OpenID Connect calls the identity provider's token and user info endpoints itself.",
    source: 'Elastic Load Balancing user guide, "Authenticate users using an Application Load Balancer"',
  },
];

/** The connections that the load balancer of a platform with this entrance needs on a cloud. */
export function controlPlaneFlowsOf(edge: Edge, cloud: CloudKind): readonly ControlPlaneFlow[] {
  return controlPlaneFlows.filter((flow) => flow.cloud === cloud && flow.isNeeded(edge));
}

/** One directed connection with its two ends: a flow of the model, or one of a cloud's control plane. */
export interface Connection {
  readonly from: Peer;
  readonly to: Peer;
  readonly protocol: "tcp";
  readonly port: PlatformPort;
  readonly transport: Transport;
}
