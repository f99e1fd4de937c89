import type { CloudKind } from "./cloud-target";
import type { Edge } from "./edge";
import type { LoadBalancerPeer, Peer, WorldPeer } from "./peer";
import type { Flow, Transport } from "./flow";
import { platformPort } from "./workload";

/** What a cloud's load balancer needs to do its work; {@link controlPlaneFlows} holds one of each. */
export type ControlPlaneFlowId =
  "aws-clinician-sign-in" | "azure-client-revocation" | "azure-edge-certificate" | "azure-gateway-management";

/**
 * How the two ends of such a connection know each other: as those of a flow do, or by `signed-answers`, which anybody on
 * the way can read and nobody can forge.
 */
export type ControlPlaneTransport = Transport | "signed-answers";

/** TCP ports from `first` to `last`, both included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The one port on which flows of the model are accepted. */
export const flowPorts: PortRange = { first: platformPort, last: platformPort };

/** The two ends of such a connection, of which one is the load balancer. */
type LoadBalancerEnds =
  | { readonly from: LoadBalancerPeer; readonly to: WorldPeer }
  | { readonly from: WorldPeer; readonly to: LoadBalancerPeer };

/**
 * A connection that a load balancer needs besides the platform's flows, because the cloud's own service runs on it. It is
 * no flow of the model: no platform file can declare it, it belongs to the load balancer's subnets alone, and the matrix
 * prints it.
 */
export type ControlPlaneFlow = LoadBalancerEnds & {
  readonly id: ControlPlaneFlowId;
  readonly cloud: CloudKind;
  readonly protocol: "tcp";
  readonly ports: PortRange;
  /**
   * The cloud's own name for the addresses of the other end, where it has one: rules name that, and nothing wider. A star at
   * its end stands for a region.
   */
  readonly serviceTag: string | undefined;
  readonly transport: ControlPlaneTransport;
  /** Whether a platform with this entrance needs it. */
  readonly isNeeded: (edge: Edge) => boolean;
  readonly because: string;
  /** Where the cloud says so. */
  readonly source: string;
};

/** Every such connection, by cloud: a literal table, to which no configuration adds. */
export const controlPlaneFlows: readonly ControlPlaneFlow[] = [
  {
    id: "aws-clinician-sign-in",
    cloud: "aws",
    from: { kind: "load-balancer" },
    to: { kind: "world" },
    protocol: "tcp",
    ports: flowPorts,
    serviceTag: undefined,
    transport: "one-way-tls",
    isNeeded: ({ mode, clients }) => mode === "l7-terminate" && clients.includes("clinician"),
    because:
      "An Application Load Balancer that signs clinicians in by OpenID Connect calls the identity provider's token and user info endpoints itself.",
    source: 'Elastic Load Balancing user guide, "Authenticate users using an Application Load Balancer"',
  },
  {
    id: "azure-gateway-management",
    cloud: "azure",
    from: { kind: "world" },
    to: { kind: "load-balancer" },
    protocol: "tcp",
    ports: { first: 65200, last: 65535 },
    serviceTag: "GatewayManager",
    transport: "provider-tls+iam",
    isNeeded: () => true,
    because:
      "Azure's own gateway manager, known by the service tag `GatewayManager`, configures the instances of an Application Gateway and asks for their health on these ports.",
    source: 'Azure documentation, "Application Gateway infrastructure configuration"',
  },
  {
    id: "azure-edge-certificate",
    cloud: "azure",
    from: { kind: "load-balancer" },
    to: { kind: "world" },
    protocol: "tcp",
    ports: flowPorts,
    serviceTag: "AzureKeyVault.*",
    transport: "provider-tls+iam",
    isNeeded: ({ mode }) => mode === "l7-terminate",
    because:
      "An Application Gateway takes the certificate that it presents from Key Vault, every four hours, which the rule names by the service tag `AzureKeyVault` of its region.",
    source: 'Azure documentation, "TLS termination with Key Vault certificates"',
  },
  {
    id: "azure-client-revocation",
    cloud: "azure",
    from: { kind: "load-balancer" },
    to: { kind: "world" },
    protocol: "tcp",
    ports: { first: 80, last: 80 },
    serviceTag: undefined,
    transport: "signed-answers",
    isNeeded: ({ mode, clients }) => mode === "l7-terminate" && clients.includes("machine"),
    because:
      "An Application Gateway that verifies clients asks the responder that each client's certificate names whether it is revoked (OCSP, over HTTP; RFC 6960 appendix A), and refuses the client if nobody answers.",
    source: 'Azure documentation, "Overview of mutual authentication with Application Gateway"',
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
  readonly ports: PortRange;
  readonly transport: ControlPlaneTransport;
}

/** Every connection of a platform on a cloud: its flows, and what its load balancer needs besides. */
export function connectionsOf(
  { flows, edge }: { readonly flows: readonly Flow[]; readonly edge: Edge },
  cloud: CloudKind,
): readonly Connection[] {
  const ofFlows = flows.map(({ from, to, protocol, transport }): Connection => ({
    from,
    to,
    protocol,
    ports: flowPorts,
    transport,
  }));
  return [...ofFlows, ...controlPlaneFlowsOf(edge, cloud)];
}
