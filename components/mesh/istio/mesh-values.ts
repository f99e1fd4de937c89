import type { PlatformSpec } from "../../../model/platform-spec";
import { platformPort } from "../../../model/workload";
import type { EdgeClients } from "../edge-clients";
import { requestFields } from "../envoy-access-log";

import { decisionProviders } from "./access-decisions";
import { behindIngress, ingress, podLabels } from "./account";
import { certificateSecret } from "./certificates";

type Values = Readonly<Record<string, unknown>>;

/** Where Istio's agent looks for certificates that it is not to ask istiod for (Istio, `pkg/security`). */
const credentialFolder = "/var/run/secrets/workload-spiffe-credentials";

/** The names of the two templates that give a proxy the certificate of its account. */
const templates = { sidecar: "bulkhead-sidecar", gateway: "bulkhead-gateway" } as const;

/**
 * Puts the certificate that cert-manager issued where the proxy of a pod looks for it. Its files belong to root, and the proxy is
 * not root: whoever has the volume may read them, and no other container of the pod has it.
 */
function template(proxies: string): string {
  return `spec:
  ${proxies}:
  - name: istio-proxy
    env:
    # Whom the agent trusts to be istiod, which has an authority of its own.
    - name: XDS_ROOT_CA
      value: /var/run/secrets/istio/root-cert.pem
    volumeMounts:
    - name: bulkhead-certificate
      mountPath: ${credentialFolder}
      readOnly: true
  volumes:
  - name: bulkhead-certificate
    secret:
      secretName: ${certificateSecret({ id: "{{ .Spec.ServiceAccountName }}", zone: ingress.zone })}
      defaultMode: 0444
      items:
      - key: tls.crt
        path: cert-chain.pem
      - key: tls.key
        path: key.pem
      - key: ca.crt
        path: root-cert.pem
`;
}

/** Where Istio puts the proxy: beside the program, or before it where the cluster knows sidecars (the same as its own template). */
const sidecarProxies =
  '{{ if ne (index .ObjectMeta.Annotations "sidecar.istio.io/nativeSidecar" | default (printf "%t" .NativeSidecars)) "false" }}initContainers{{ else }}containers{{ end }}';

/**
 * What Istio itself has to be told, as values of its chart `istiod`: the trust domain, TLS 1.3 between sidecars, no way out
 * but to what is known, whom sidecars ask for decisions, and where proxies find the certificates that cert-manager issues.
 */
export function istiodValues({ trustDomain, workloads }: PlatformSpec): Values {
  const extensionProviders = decisionProviders({ workloads });
  return {
    meshConfig: {
      trustDomain,
      enableAutoMtls: true,
      meshMTLS: { minProtocolVersion: "TLSV1_3" },
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
      pathNormalization: { normalization: "DECODE_AND_MERGE_SLASHES" },
      accessLogFile: "/dev/stdout",
      accessLogEncoding: "JSON",
      accessLogFormat: JSON.stringify(requestFields),
      defaultConfig: {
        holdApplicationUntilProxyStarts: true,
        // What programs are told of who calls: an identity that was verified, and nothing that the caller wrote there.
        proxyHeaders: {
          forwardedClientCert: "SANITIZE_SET",
          setCurrentClientCertDetails: { subject: false, dns: false, uri: true },
        },
      },
      ...(extensionProviders.length === 0 ? {} : { extensionProviders }),
    },
    // What lets sidecars do without rights of their own, which the namespaces do not grant.
    cni: { enabled: true },
    sidecarInjectorWebhook: {
      templates: {
        [templates.sidecar]: template(sidecarProxies),
        [templates.gateway]: template("containers"),
      },
      defaultTemplates: ["sidecar", templates.sidecar],
    },
  };
}

/** What the gateway takes from who calls it: whose client it is, and nothing else that a client may have written. */
function topology(edge: EdgeClients): Values {
  switch (edge.certificate) {
    case "none":
      return { numTrustedProxies: 1, forwardClientCertDetails: "SANITIZE" };
    case "load-balancer":
      return { numTrustedProxies: 2, forwardClientCertDetails: "SANITIZE_SET" };
    case "clients":
      return {
        numTrustedProxies: 0,
        forwardClientCertDetails: "SANITIZE_SET",
        ...(edge.proxyProtocol === "required" ? { proxyProtocol: {} } : {}),
      };
  }
}

/**
 * What the gateway has to be told, as values of Istio's chart `gateway`: its name and labels, the certificate of its account,
 * and that the cluster makes no load balancer for it, since the platform has one. As many run as of the workloads behind it.
 */
export function ingressValues(spec: PlatformSpec, edge: EdgeClients): Values {
  return {
    name: ingress.id,
    labels: podLabels(ingress),
    serviceAccount: { create: true, name: ingress.id },
    podAnnotations: {
      "inject.istio.io/templates": `gateway,${templates.gateway}`,
      "proxy.istio.io/config": JSON.stringify({ gatewayTopology: topology(edge) }),
    },
    service: {
      type: "ClusterIP",
      ports: [{ name: "https", protocol: "TCP", port: platformPort, targetPort: platformPort }],
    },
    autoscaling: { enabled: false },
    replicaCount: Math.max(...behindIngress(spec).map(({ replicas }) => replicas)),
  };
}
