import { z } from "zod";

import type { Image } from "./image";

/** On Kubernetes, what ends the connections of the load balancer, and calls the workloads behind it by the mesh. */
export const ingressName = "istio-ingress";

/**
 * What runs beside workloads: the containers of every pod, which are its proxy and the agent that keeps its certificates; and
 * on Kubernetes what the load balancer calls.
 */
export const sidecarNames = ["envoy", "certificate-agent", ingressName] as const;

/** The enforcement points of a platform that runs its workloads itself: an Envoy beside each. */
export interface EnvoyMesh {
  readonly kind: "envoy";
  /** Envoy's own image. */
  readonly proxyImage: Image;
  /** The image of the agent that keeps the proxy's certificates. */
  readonly agentImage: Image;
}

/** Where cert-manager gets certificates: an issuer that the cluster has already, of whatever kind. */
export interface CertificateIssuer {
  /** Whether it serves its namespace or the whole cluster. */
  readonly kind: "Issuer" | "ClusterIssuer";
  /** Its name in the cluster. */
  readonly name: string;
  /** The API group of its kind: that of cert-manager's own issuers, such as Vault's. */
  readonly group: string;
}

/** The enforcement points of a platform whose workloads run on the customer's Kubernetes: the sidecars of Istio. */
export interface IstioMesh {
  readonly kind: "istio";
  readonly issuer: CertificateIssuer;
}

/** What stands before every workload, and lets in only whom the flows name. */
export type Mesh = EnvoyMesh | IstioMesh;

const image = (whose: string): z.ZodString =>
  z.string().meta({
    description: `${whose}, in the platform's own registry, without a host, by digest: <repository>@sha256:<digest>.`,
  });

const kubernetesName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, "is not the name of a Kubernetes resource");

export const meshSchema = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("envoy"),
        proxyImage: image("Envoy's image"),
        agentImage: image("The certificate agent's image"),
      })
      .meta({ description: "The platform runs its workloads, each beside an Envoy." }),
    z
      .strictObject({
        kind: z.literal("istio"),
        issuer: z.strictObject({
          kind: z.enum(["Issuer", "ClusterIssuer"]).default("ClusterIssuer").meta({
            description: "Whether it serves its namespace or the whole cluster: the cluster when left out.",
          }),
          name: kubernetesName.meta({ description: "Its name in the cluster." }),
          group: kubernetesName.default("cert-manager.io").meta({
            description: "The API group of its kind: cert-manager's own when left out.",
          }),
        }),
      })
      .meta({ description: "Workloads run on the customer's Kubernetes, each beside a sidecar of Istio." }),
  ])
  .meta({ description: "What stands before every workload, and lets in only whom the flows name." });

export type MeshDocument = z.output<typeof meshSchema>;
