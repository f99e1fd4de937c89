import type { PlatformSpec } from "../../../model/platform-spec";
import { contextHeader, sourceAddressHeader } from "../../../model/request-headers";
import { platformPort } from "../../../model/workload";
import type { EdgeClients } from "../edge-clients";

import { behindIngress, ingress, labelsOf, podLabels, serviceName } from "./account";
import { certificateSecret } from "./certificates";
import type { Manifest } from "./manifest";
import { callingPort } from "./cluster-services";

type Part = Readonly<Record<string, unknown>>;

/** How the gateway proves itself to the load balancer or to its clients, and what it asks of them. */
function tls(edge: EdgeClients): Part {
  const own = { minProtocolVersion: "TLSV1_3", credentialName: certificateSecret(ingress) };
  switch (edge.certificate) {
    case "none":
      return { ...own, mode: "SIMPLE" };
    case "load-balancer":
      return { ...own, mode: "MUTUAL", subjectAltNames: [edge.spiffeId] };
    case "clients":
      return { ...own, mode: "MUTUAL" };
  }
}

/** Whose certificates clients show, where those are not the mesh's own: Istio looks for them under this name first. */
function clientAuthorities(edge: EdgeClients): readonly Manifest[] {
  return edge.certificate !== "clients"
    ? []
    : [
        {
          apiVersion: "v1",
          kind: "Secret",
          metadata: {
            name: `${certificateSecret(ingress)}-cacert`,
            namespace: ingress.zone,
            labels: labelsOf(ingress),
          },
          type: "Opaque",
          stringData: {
            cacert: edge.authorities,
            ...(edge.revocations === undefined ? {} : { crl: edge.revocations }),
          },
        },
      ];
}

/**
 * Headers by which load balancers that end TLS say who their client is. One that passes TLS through says nothing, so that
 * whoever writes them there is the client.
 */
const claimedIdentity = [
  "x-amzn-mtls-clientcert",
  "x-amzn-mtls-clientcert-issuer",
  "x-amzn-mtls-clientcert-leaf",
  "x-amzn-mtls-clientcert-serial-number",
  "x-amzn-mtls-clientcert-subject",
  "x-amzn-mtls-clientcert-validity",
  "x-amzn-oidc-accesstoken",
  "x-amzn-oidc-data",
  "x-amzn-oidc-identity",
  "x-client-certificate",
  "x-client-certificate-chain-verified",
  "x-client-certificate-fingerprint",
  "x-client-certificate-issuer",
  "x-client-certificate-present",
  "x-client-certificate-serial-number",
  "x-client-certificate-spiffe-id",
  "x-client-certificate-subject",
  "x-client-certificate-uri-sans",
  "x-client-certificate-verification",
] as const;

/**
 * Where the Internet enters the mesh: a gateway of Istio, which the load balancer's targets are. What comes in there goes on
 * by mutual TLS to the workloads behind the load balancer, so that none of those needs an exception.
 */
export function entrance(spec: PlatformSpec, edge: EdgeClients): readonly Manifest[] {
  const metadata = { name: ingress.id, namespace: ingress.zone, labels: labelsOf(ingress) };
  const behind = behindIngress(spec);
  if (behind.length === 0) {
    return [];
  }
  return [
    ...clientAuthorities(edge),
    {
      apiVersion: "networking.istio.io/v1",
      kind: "Gateway",
      metadata,
      spec: {
        selector: podLabels(ingress),
        servers: [
          {
            port: { number: platformPort, name: "https", protocol: "HTTPS" },
            hosts: ["./*"],
            tls: tls(edge),
          },
        ],
      },
    },
    {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata,
      spec: {
        hosts: ["*"],
        gateways: [ingress.id],
        exportTo: ["."],
        http: [
          {
            headers: {
              request: {
                remove: [contextHeader, ...(edge.certificate === "clients" ? claimedIdentity : [])],
                // Written over whatever a client says: this gateway knows where it is, and no sidecar after it does.
                set: { [sourceAddressHeader]: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" },
              },
            },
            route: behind.map((workload) => ({
              destination: { host: serviceName(workload), port: { number: callingPort } },
              ...(behind.length === 1 ? {} : { weight: 1 }),
            })),
          },
        ],
      },
    },
  ];
}
