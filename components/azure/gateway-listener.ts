import type * as network from "@pulumi/azure-native/network";
import type * as pulumi from "@pulumi/pulumi";

import type { MachineAuthorities } from "../../model/entrance";
import { platformPort } from "../../model/workload";

import { authorityChains } from "./authority-chains";
import { clientHeaders } from "./client-headers";

/** The parts of a gateway by which it listens, and sends on what it lets in. */
export type GatewayListener = Pick<
  network.ApplicationGatewayArgs,
  | "frontendPorts"
  | "sslPolicy"
  | "sslCertificates"
  | "sslProfiles"
  | "trustedClientCertificates"
  | "trustedRootCertificates"
  | "httpListeners"
  | "listeners"
  | "probes"
  | "backendAddressPools"
  | "backendHttpSettingsCollection"
  | "backendSettingsCollection"
  | "rewriteRuleSets"
  | "requestRoutingRules"
  | "routingRules"
>;

/** What listens: who comes there, and what the gateway needs to know them. */
export type GatewayClients =
  { readonly kind: "machine"; readonly authorities: MachineAuthorities } | { readonly kind: "clinician" };

/** A root authority as Application Gateway takes it: a file in PEM, in base64. */
export interface GatewayRoot {
  readonly name: string;
  readonly data: pulumi.Input<string>;
}

/** What a gateway sends requests to, and how it knows them. */
export interface GatewayWorkloads {
  /** The name that their certificates have to bear. */
  readonly host: string;
  /** The authorities to one of which their certificates have to lead. */
  readonly roots: readonly GatewayRoot[];
  /** Where they are; `undefined` where who runs them says so to the gateway. */
  readonly addresses: readonly string[] | undefined;
}

/** The name of the one frontend of a gateway, which has a public address. */
export const frontendName = "public";

/** The name of the pool into which the workloads behind a gateway are put. */
export const poolName = "workloads";

/** How long a connection to a workload may be silent, in seconds: as long as a model takes to begin its answer. */
const answerTimeout = 120;

/**
 * TLS 1.3 and nothing older: policies of Azure's own all allow 1.2 (Azure documentation, "Application Gateway TLS policy
 * overview"). The SDK does not know the names of the suites yet.
 */
const tls13Policy = {
  policyType: "CustomV2",
  minProtocolVersion: "TLSv1_3",
  cipherSuites: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"],
} as const satisfies NonNullable<network.ApplicationGatewayArgs["sslPolicy"]>;

/** Who may come: whoever an authority itself has issued a certificate that it has not revoked. */
const clientAuthConfiguration = {
  verifyClientCertIssuerDN: true,
  verifyClientRevocation: "OCSP",
} as const;

/** References to other parts of a gateway, by their kind and name. */
type PartOf = (kind: string, name: string) => { readonly id: string };

/** How parts of a gateway refer to each other: by ids that begin with the gateway's own. */
export function partsOf(gatewayId: string): PartOf {
  return (kind, name) => ({ id: `${gatewayId}/${kind}/${name}` });
}

/** The pool of workloads behind a gateway. */
function pool(
  addresses: readonly string[] | undefined,
): network.ApplicationGatewayArgs["backendAddressPools"] {
  return [
    {
      name: poolName,
      ...(addresses === undefined ? {} : { backendAddresses: addresses.map((ipAddress) => ({ ipAddress })) }),
    },
  ];
}

/** The one port on which a gateway listens. There is none for HTTP, not even to redirect. */
const port = { name: "tls", port: platformPort };

/**
 * A listener that ends TLS 1.3, and sends requests on by TLS.
 *
 * @param workloads without their authorities a gateway would take certificates of any that everybody knows.
 * @param secretUrl where the gateway reads the certificate that it presents.
 */
export function terminatingListener(
  gatewayId: string,
  workloads: GatewayWorkloads,
  secretUrl: string,
  clients: GatewayClients,
): GatewayListener {
  const part = partsOf(gatewayId);
  const { host, roots, addresses } = workloads;
  const chains = clients.kind === "machine" ? authorityChains(clients.authorities.certificates) : [];
  return {
    frontendPorts: [port],
    sslPolicy: tls13Policy,
    sslCertificates: [{ name: "edge", keyVaultSecretId: secretUrl }],
    ...(clients.kind === "machine"
      ? {
          trustedClientCertificates: chains.map(({ name, chain }) => ({ name, data: chain })),
          sslProfiles: [
            {
              name: "machine",
              // Its own policy takes the place of the gateway's, so it says the same.
              sslPolicy: tls13Policy,
              clientAuthConfiguration,
              trustedClientCertificates: chains.map(({ name }) => part("trustedClientCertificates", name)),
            },
          ],
        }
      : {}),
    httpListeners: [
      {
        name: clients.kind,
        protocol: "Https",
        frontendIPConfiguration: part("frontendIPConfigurations", frontendName),
        frontendPort: part("frontendPorts", port.name),
        sslCertificate: part("sslCertificates", "edge"),
        ...(clients.kind === "machine" ? { sslProfile: part("sslProfiles", "machine") } : {}),
      },
    ],
    trustedRootCertificates: [...roots],
    probes: [
      {
        name: poolName,
        protocol: "Https",
        host,
        path: "/healthz",
        interval: 30,
        timeout: 10,
        unhealthyThreshold: 3,
        match: { statusCodes: ["200"] },
      },
    ],
    backendAddressPools: pool(addresses),
    backendHttpSettingsCollection: [
      {
        name: poolName,
        protocol: "Https",
        port: platformPort,
        hostName: host,
        cookieBasedAffinity: "Disabled",
        requestTimeout: answerTimeout,
        trustedRootCertificates: roots.map(({ name }) => part("trustedRootCertificates", name)),
        probe: part("probes", poolName),
      },
    ],
    rewriteRuleSets: clientHeaders(clients.kind),
    requestRoutingRules: [
      {
        name: clients.kind,
        ruleType: "Basic",
        priority: 1,
        httpListener: part("httpListeners", clients.kind),
        backendAddressPool: part("backendAddressPools", poolName),
        backendHttpSettings: part("backendHttpSettingsCollection", poolName),
        rewriteRuleSet: part("rewriteRuleSets", "client-headers"),
      },
    ],
  };
}

/** A listener that ends no TLS, and passes on what comes over TCP. */
export function passingListener(
  gatewayId: string,
  addresses: GatewayWorkloads["addresses"],
): GatewayListener {
  const part = partsOf(gatewayId);
  const name = "passthrough";
  return {
    frontendPorts: [port],
    listeners: [
      {
        name,
        protocol: "Tcp",
        frontendIPConfiguration: part("frontendIPConfigurations", frontendName),
        frontendPort: part("frontendPorts", port.name),
      },
    ],
    probes: [
      {
        name: poolName,
        protocol: "Tcp",
        port: platformPort,
        interval: 30,
        timeout: 10,
        unhealthyThreshold: 3,
      },
    ],
    backendAddressPools: pool(addresses),
    backendSettingsCollection: [
      {
        name: poolName,
        protocol: "Tcp",
        port: platformPort,
        timeout: answerTimeout,
        probe: part("probes", poolName),
      },
    ],
    routingRules: [
      {
        name,
        ruleType: "Basic",
        priority: 1,
        listener: part("listeners", name),
        backendAddressPool: part("backendAddressPools", poolName),
        backendSettings: part("backendSettingsCollection", poolName),
      },
    ],
  };
}
