import type { Sketch } from "../stack-sketch";
import { subnetId, textId, type Inputs } from "./azure-base";
import { here, said } from "./azure-service-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

/** A part of the application gateway: `partOf("sslProfiles", "clients")`. */
export function partOf(list: string, name: string): Inputs {
  return { id: textId("Microsoft.Network/applicationGateways", `entrance/${list}/${name}`) };
}

/** A certificate of an authority, as Azure takes it: of no importance to what is judged. */
const authority = "MIIBszCCAVmgAwIBAgIUQ2s=";

/** TLS 1.3 and nothing else. */
export const newest: Inputs = {
  policyType: "CustomV2",
  minProtocolVersion: "TLSv1_3",
  cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"],
};

/** Whom the entrance admits, and how it makes sure. */
export const clients: Inputs = {
  name: "clients",
  trustedClientCertificates: [partOf("trustedClientCertificates", "clinic")],
  clientAuthConfiguration: { verifyClientCertIssuerDN: true, verifyClientRevocation: "OCSP" },
};

/** A listener of HTTPS that asks its clients who they are. */
export const machines: Inputs = {
  name: "machines",
  protocol: "Https",
  frontendIPConfiguration: partOf("frontendIPConfigurations", "public"),
  frontendPort: partOf("frontendPorts", "https"),
  hostName: "api.clinic.example",
  requireServerNameIndication: true,
  sslCertificate: partOf("sslCertificates", "server"),
  sslProfile: partOf("sslProfiles", "clients"),
};

/** How the entrance calls what is behind it. */
export const behind: Inputs = {
  name: "https",
  protocol: "Https",
  port: 443,
  hostName: "ai-gateway.clinic.internal",
  trustedRootCertificates: [partOf("trustedRootCertificates", "services")],
  probe: partOf("probes", "healthz"),
};

/** How the entrance asks whether what is behind it is well. */
export const probe: Inputs = {
  name: "healthz",
  protocol: "Https",
  path: "/healthz",
  pickHostNameFromBackendHttpSettings: true,
  interval: 30,
  timeout: 30,
  unhealthyThreshold: 3,
};

/**
 * An entrance that is right: an application gateway in the gateway zone that speaks TLS 1.3 alone, verifies the
 * certificates of its clients, filters what they ask, and encrypts again what it sends to the processing zone.
 *
 * Names: `entrance`, `entrance-address`, `web-firewall`.
 */
export function azureEntrance(stack: Sketch, type = "azure-native:network:ApplicationGateway"): Sketch {
  const tags = inZone("gateway");
  const address = stack.add("azure-native:network:PublicIPAddress", "entrance-address", {
    ...here,
    publicIpAddressName: "entrance-address",
    sku: { name: "Standard" },
    publicIPAllocationMethod: "Static",
    publicIPAddressVersion: "IPv4",
    tags,
  });
  const firewall = stack.add("azure-native:network:WebApplicationFirewallPolicy", "web-firewall", {
    ...here,
    policyName: "web-firewall",
    policySettings: { state: "Enabled", mode: "Prevention" },
    managedRules: { managedRuleSets: [{ ruleSetType: "OWASP", ruleSetVersion: "3.2" }] },
    tags,
  });
  stack.add(type, "entrance", {
    ...here,
    applicationGatewayName: "entrance",
    sku: { name: "WAF_v2", tier: "WAF_v2", capacity: 2 },
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: [textId("Microsoft.ManagedIdentity/userAssignedIdentities", "entrance")],
    },
    firewallPolicy: { id: firewall },
    gatewayIPConfigurations: [{ name: "gateway", subnet: { id: subnetId(stack, "gateway") } }],
    frontendIPConfigurations: [{ name: "public", publicIPAddress: { id: address } }],
    frontendPorts: [{ name: "https", port: 443 }],
    sslCertificates: [
      { name: "server", keyVaultSecretId: "https://clinic-certificates.vault.azure.net/secrets/portal" },
    ],
    trustedClientCertificates: [{ name: "clinic", data: authority }],
    trustedRootCertificates: [{ name: "services", data: authority }],
    sslPolicy: newest,
    sslProfiles: [clients],
    httpListeners: [machines],
    backendAddressPools: [{ name: "ai-gateway", backendAddresses: [{ ipAddress: "10.0.2.10" }] }],
    backendHttpSettingsCollection: [behind],
    probes: [probe],
    requestRoutingRules: [
      {
        name: "all",
        ruleType: "Basic",
        priority: 100,
        httpListener: partOf("httpListeners", "machines"),
        backendAddressPool: partOf("backendAddressPools", "ai-gateway"),
        backendHttpSettings: partOf("backendHttpSettingsCollection", "https"),
      },
    ],
    tags,
  });
  return stack;
}

/**
 * The same as a passage of bytes, which ends TLS and begins it again: a listener of layer 4, whose clients are asked
 * who they are, and settings for what is behind it.
 */
export function fourthLayerEntrance(stack: Sketch): Sketch {
  return amend(azureEntrance(stack), "entrance", {
    sku: { name: "Standard_v2", tier: "Standard_v2", capacity: 2 },
    firewallPolicy: undefined,
    httpListeners: undefined,
    backendHttpSettingsCollection: undefined,
    requestRoutingRules: undefined,
    probes: undefined,
    listeners: [
      {
        name: "bytes",
        protocol: "Tls",
        frontendIPConfiguration: partOf("frontendIPConfigurations", "public"),
        frontendPort: partOf("frontendPorts", "https"),
        sslCertificate: partOf("sslCertificates", "server"),
        sslProfile: partOf("sslProfiles", "clients"),
      },
    ],
    backendSettingsCollection: [
      {
        name: "tls",
        protocol: "Tls",
        port: 443,
        hostName: "ai-gateway.clinic.internal",
        trustedRootCertificates: [partOf("trustedRootCertificates", "services")],
      },
    ],
    routingRules: [
      {
        name: "all",
        ruleType: "Basic",
        priority: 100,
        listener: partOf("listeners", "bytes"),
        backendAddressPool: partOf("backendAddressPools", "ai-gateway"),
        backendSettings: partOf("backendSettingsCollection", "tls"),
      },
    ],
  });
}

/** The same with something else said, or not said where it is `undefined`. */
export function but(before: Inputs, more: Inputs): Inputs {
  return said({ ...before, ...more });
}

/** A case in which the entrance says something else. */
export function entranceCase(id: string, name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return {
    id,
    name,
    expected: "refused",
    bad: (stack) => amend(azureEntrance(stack), "entrance", bad),
    good: (stack) => amend(azureEntrance(stack), "entrance", good),
  };
}

/** A case in which the listener of the entrance says something else. */
export function listenerCase(id: string, name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return entranceCase(
    id,
    name,
    { httpListeners: [but(machines, bad)] },
    { httpListeners: [but(machines, good)] },
  );
}
