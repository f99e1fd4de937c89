import type { Sketch } from "../stack-sketch";

/** Inputs of a resource. */
export type Inputs = Readonly<Record<string, unknown>>;

/** The labels by which a resource says in which zone it is. */
export function inGoogleZone(zone: string, more: Inputs = {}): { readonly labels: Inputs } {
  return { labels: { "bulkhead-zone": zone, ...more } };
}

/** Authorities whose certificates are taken. */
export function trustConfig(stack: Sketch, name: string, more: Inputs = {}): string {
  return stack.add("gcp:certificatemanager/trustConfig:TrustConfig", name, {
    name,
    location: "global",
    trustStores: [{ trustAnchors: [{ pemCertificate: "-----BEGIN CERTIFICATE-----" }] }],
    ...more,
  });
}

/**
 * The entrance of programs: an external load balancer on 443 that verifies its clients, and what is behind it, over TLS 1.3.
 * Its parts refer to each other by their outputs.
 */
export function googleEntrance(stack: Sketch): Sketch {
  const network = stack.add("gcp:compute/network:Network", "vpc", { name: "vpc" });
  const subnetwork = stack.add("gcp:compute/subnetwork:Subnetwork", "gateway-subnet", {
    name: "gateway-subnet",
    network: `${network}.selfLink`,
    ipCidrRange: "10.0.1.0/24",
  });
  const group = stack.add("gcp:compute/networkEndpointGroup:NetworkEndpointGroup", "endpoints", {
    name: "endpoints",
    zone: "us-central1-a",
    networkEndpointType: "GCE_VM_IP_PORT",
    network: `${network}.selfLink`,
    subnetwork: `${subnetwork}.selfLink`,
    defaultPort: 443,
  });
  const authentication = stack.add(
    "gcp:networksecurity/backendAuthenticationConfig:BackendAuthenticationConfig",
    "backend-authentication",
    {
      name: "backend-authentication",
      location: "global",
      clientCertificate: "projects/hospital-ai/locations/global/certificates/edge-client",
      trustConfig: trustConfig(stack, "workload-authorities"),
      wellKnownRoots: "NONE",
    },
  );
  const check = stack.add("gcp:compute/healthCheck:HealthCheck", "health", {
    name: "health",
    httpsHealthCheck: { port: 443 },
  });
  const service = stack.add("gcp:compute/backendService:BackendService", "gateway-service", {
    name: "gateway-service",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTPS",
    healthChecks: check,
    backends: [{ group }],
    tlsSettings: {
      authenticationConfig: `//networksecurity.googleapis.com/${authentication}`,
      sni: "ai-gateway.hospital.internal",
      subjectAltNames: [{ uniformResourceIdentifier: "spiffe://hospital/ai-gateway" }],
    },
    logConfig: { enable: true, sampleRate: 1 },
  });
  const urlMap = stack.add("gcp:compute/uRLMap:URLMap", "paths", {
    name: "paths",
    defaultService: `${service}.selfLink`,
  });
  const sslPolicy = stack.add("gcp:compute/sSLPolicy:SSLPolicy", "newest", {
    name: "newest",
    profile: "RESTRICTED",
    minTlsVersion: "TLS_1_3",
  });
  const serverTlsPolicy = stack.add("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy", "clients", {
    name: "clients",
    location: "global",
    allowOpen: false,
    mtlsPolicy: {
      clientValidationMode: "REJECT_INVALID",
      clientValidationTrustConfig: trustConfig(stack, "machine-authorities"),
    },
  });
  const proxy = stack.add("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "proxy", {
    name: "proxy",
    urlMap: `${urlMap}.selfLink`,
    sslPolicy: `${sslPolicy}.selfLink`,
    serverTlsPolicy,
    tlsEarlyData: "DISABLED",
    quicOverride: "DISABLE",
  });
  stack.add("gcp:compute/globalForwardingRule:GlobalForwardingRule", "entrance", {
    name: "entrance",
    ...inGoogleZone("gateway"),
    target: `${proxy}.selfLink`,
    portRange: "443",
    loadBalancingScheme: "EXTERNAL_MANAGED",
  });
  return stack;
}
