import { ownProject, type Sketch } from "../stack-sketch";

import { gcpBaseOfNetworks, labelled } from "./gcp-base";
import { gcp } from "./gcp-network-pieces";
import { changed, type Inputs } from "./changed-case";
import type { CorpusCase } from "./corpus-case";

/** A certificate of an authority: of no importance to what is judged. */
export const authority = "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUQ2s=\n-----END CERTIFICATE-----\n";

/** The certificates by which the entrance shows who it is, and those that it shows to what is behind it. */
export const serverCertificates = `//certificatemanager.googleapis.com/projects/${ownProject}/locations/global/certificateMaps/portal`;
export const clientCertificate = `projects/${ownProject}/locations/global/certificates/front`;

/** Whose certificates are taken. */
export function trust(stack: Sketch, name: string, location = "global"): string {
  return stack.add(gcp("certificatemanager", "TrustConfig"), name, {
    name,
    location,
    trustStores: [{ trustAnchors: [{ pemCertificate: authority }] }],
  });
}

/** Whom the entrance admits: who shows a certificate that it trusts, and nobody else. */
function clientPolicy(stack: Sketch, location: string): string {
  return stack.add(gcp("networksecurity", "ServerTlsPolicy"), "clients", {
    name: "clients",
    location,
    allowOpen: false,
    mtlsPolicy: {
      clientValidationMode: "REJECT_INVALID",
      clientValidationTrustConfig: trust(stack, "clients-trust", location),
    },
    ...labelled("gateway"),
  });
}

/** What is behind the entrance, in the subnet of the gateway. */
function group(stack: Sketch): string {
  return stack.add(gcp("compute", "NetworkEndpointGroup"), "ai-gateway", {
    name: "ai-gateway",
    zone: "us-central1-a",
    networkEndpointType: "GCE_VM_IP_PORT",
    network: stack.id("vpc"),
    subnetwork: stack.id("gateway-subnet"),
  });
}

/**
 * An entrance that is right: a global load balancer that speaks TLS 1.3 alone, verifies the certificates of its clients,
 * and shows its own to what is behind it, whose certificates it verifies.
 *
 * Names: `entrance-address`, `entrance` (its forwarding rule), `proxy`, `newest`, `clients`, `clients-trust`, `urls`,
 * `behind` (its backend service), `behind-tls`, `services-trust`, `health`, `ai-gateway`.
 */
export function gcpEntrance(stack: Sketch): Sketch {
  const newest = stack.add(gcp("compute", "SSLPolicy"), "newest", {
    name: "newest",
    profile: "RESTRICTED",
    minTlsVersion: "TLS_1_3",
  });
  const behindTls = stack.add(gcp("networksecurity", "BackendAuthenticationConfig"), "behind-tls", {
    name: "behind-tls",
    location: "global",
    clientCertificate,
    trustConfig: trust(stack, "services-trust"),
    wellKnownRoots: "NONE",
  });
  const health = stack.add(gcp("compute", "HealthCheck"), "health", {
    name: "health",
    httpsHealthCheck: { port: 443, requestPath: "/healthz" },
  });
  const behind = stack.add(gcp("compute", "BackendService"), "behind", {
    name: "behind",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTPS",
    backends: [{ group: group(stack), balancingMode: "RATE", maxRatePerEndpoint: 100 }],
    healthChecks: health,
    securityPolicy: `projects/${ownProject}/global/securityPolicies/web-firewall`,
    tlsSettings: {
      authenticationConfig: behindTls,
      sni: "ai-gateway.clinic.internal",
      subjectAltNames: [{ dnsName: "ai-gateway.clinic.internal" }],
    },
    logConfig: { enable: true, sampleRate: 1 },
  });
  const urls = stack.add(gcp("compute", "URLMap"), "urls", { name: "urls", defaultService: behind });
  const proxy = stack.add(gcp("compute", "TargetHttpsProxy"), "proxy", {
    name: "proxy",
    urlMap: urls,
    certificateMap: serverCertificates,
    sslPolicy: newest,
    serverTlsPolicy: clientPolicy(stack, "global"),
    quicOverride: "DISABLE",
    tlsEarlyData: "DISABLED",
  });
  stack.add(gcp("compute", "GlobalForwardingRule"), "entrance", {
    name: "entrance",
    target: proxy,
    ipAddress: stack.add(gcp("compute", "GlobalAddress"), "entrance-address", {
      name: "entrance-address",
      addressType: "EXTERNAL",
      ...labelled("gateway"),
    }),
    ipProtocol: "TCP",
    portRange: "443",
    loadBalancingScheme: "EXTERNAL_MANAGED",
    ...labelled("gateway"),
  });
  return stack;
}

/** The same in one region. Names are the same; an address of its own has none. */
export function regionalEntrance(stack: Sketch): Sketch {
  const region = "us-central1";
  const newest = stack.add(gcp("compute", "RegionSslPolicy"), "newest", {
    name: "newest",
    region,
    profile: "RESTRICTED",
    minTlsVersion: "TLS_1_3",
  });
  const behindTls = stack.add(gcp("networksecurity", "BackendAuthenticationConfig"), "behind-tls", {
    name: "behind-tls",
    location: region,
    clientCertificate: clientCertificate.replace("global", region),
    trustConfig: trust(stack, "services-trust", region),
    wellKnownRoots: "NONE",
  });
  const behind = stack.add(gcp("compute", "RegionBackendService"), "behind", {
    name: "behind",
    region,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    protocol: "HTTPS",
    backends: [{ group: group(stack), balancingMode: "RATE", maxRatePerEndpoint: 100, capacityScaler: 1 }],
    healthChecks: stack.add(gcp("compute", "RegionHealthCheck"), "health", {
      name: "health",
      region,
      httpsHealthCheck: { port: 443, requestPath: "/healthz" },
    }),
    tlsSettings: {
      authenticationConfig: behindTls,
      sni: "ai-gateway.clinic.internal",
      subjectAltNames: [{ dnsName: "ai-gateway.clinic.internal" }],
    },
  });
  stack.add(gcp("compute", "Subnetwork"), "proxy-subnet", {
    name: "proxy-subnet",
    network: stack.id("vpc"),
    region,
    ipCidrRange: "10.0.8.0/24",
    purpose: "REGIONAL_MANAGED_PROXY",
    role: "ACTIVE",
  });
  const proxy = stack.add(gcp("compute", "RegionTargetHttpsProxy"), "proxy", {
    name: "proxy",
    region,
    urlMap: stack.add(gcp("compute", "RegionUrlMap"), "urls", {
      name: "urls",
      region,
      defaultService: behind,
    }),
    certificateManagerCertificates: [`projects/${ownProject}/locations/${region}/certificates/portal`],
    sslPolicy: newest,
    serverTlsPolicy: clientPolicy(stack, region),
  });
  stack.add(gcp("compute", "ForwardingRule"), "entrance", {
    name: "entrance",
    region,
    target: proxy,
    ipProtocol: "TCP",
    portRange: "443",
    network: stack.id("vpc"),
    loadBalancingScheme: "EXTERNAL_MANAGED",
    ...labelled("gateway"),
  });
  return stack;
}

/** The same case, where PHI has a network of its own. */
export function besideNetworks(one: CorpusCase): CorpusCase {
  return { ...one, base: gcpBaseOfNetworks };
}

/** A case in which something of the entrance says something else. */
export function entranceCase(
  id: string,
  name: string,
  resource: string,
  bad: Inputs,
  good: Inputs = {},
): CorpusCase {
  return besideNetworks(changed(id, name, gcpEntrance, resource, bad, good));
}

/** The same of the entrance of one region. */
export function regionalCase(
  id: string,
  name: string,
  resource: string,
  bad: Inputs,
  good: Inputs = {},
): CorpusCase {
  return besideNetworks(changed(id, `${name}, in one region`, regionalEntrance, resource, bad, good));
}
