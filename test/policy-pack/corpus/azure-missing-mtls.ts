import type { Sketch } from "../stack-sketch";
import { ownGroup, unknownText } from "../stack-sketch";
import type { Inputs } from "./azure-base";
import {
  azureEntrance,
  behind,
  but,
  clients,
  entranceCase,
  fourthLayerEntrance,
  listenerCase,
  machines,
  newest,
  partOf,
  probe,
} from "./azure-entrance";
import { azureFrontDoors } from "./azure-front-doors";
import { azureMissingMtlsOfCompute } from "./azure-missing-mtls-of-compute";
import { cache, cosmos, events, here, said, sqlServer, storage, wrongly } from "./azure-service-pieces";
import { amend } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";
import { refused } from "./stranger-pieces";

const frontendPorts = [
  { name: "https", port: 443 },
  { name: "http", port: 80 },
];
const plainListener: Inputs = {
  name: "plain",
  protocol: "Http",
  frontendIPConfiguration: partOf("frontendIPConfigurations", "public"),
  frontendPort: partOf("frontendPorts", "http"),
};
const rule = (name: string, priority: number, listener: string, more: Inputs): Inputs => ({
  name,
  ruleType: "Basic",
  priority,
  httpListener: partOf("httpListeners", listener),
  ...more,
});
const toBackend = {
  backendAddressPool: partOf("backendAddressPools", "ai-gateway"),
  backendHttpSettings: partOf("backendHttpSettingsCollection", "https"),
};

const listeners: readonly CorpusCase[] = [
  listenerCase("ZM-01", "a listener of plain HTTP", {
    protocol: "Http",
    sslCertificate: undefined,
    sslProfile: undefined,
  }),
  listenerCase("ZM-01", "a listener that does not say what it speaks", { protocol: undefined }),
  listenerCase("ZM-01", "a listener of which nobody knows what it speaks", { protocol: unknownText }),
  entranceCase(
    "ZM-01",
    "a second listener of plain HTTP, which sends clients to the first",
    {
      frontendPorts,
      httpListeners: [machines, plainListener],
      redirectConfigurations: [
        {
          name: "https",
          redirectType: "Permanent",
          targetListener: partOf("httpListeners", "machines"),
          includePath: true,
        },
      ],
      requestRoutingRules: [
        rule("all", 100, "machines", toBackend),
        rule("redirect", 200, "plain", { redirectConfiguration: partOf("redirectConfigurations", "https") }),
      ],
    },
    { frontendPorts: [frontendPorts[0]] },
  ),
  entranceCase(
    "ZM-01",
    "a second listener of plain HTTP",
    {
      frontendPorts,
      httpListeners: [machines, plainListener],
      requestRoutingRules: [rule("all", 100, "machines", toBackend), rule("plain", 200, "plain", toBackend)],
    },
    { httpListeners: [machines, but(machines, { name: "more", hostName: "more.clinic.example" })] },
  ),
  entranceCase(
    "ZM-01",
    "a listener of HTTPS on the port of plain HTTP",
    { frontendPorts: [{ name: "https", port: 80 }] },
    { frontendPorts: [{ name: "https", port: 443 }] },
  ),
  {
    id: "ZM-01",
    name: "a listener of plain HTTP by a package of one version",
    expected: "refused",
    bad: (stack) =>
      amend(azureEntrance(stack, "azure-native_network_v20230201:network:ApplicationGateway"), "entrance", {
        httpListeners: [
          but(machines, { protocol: "Http", sslCertificate: undefined, sslProfile: undefined }),
        ],
      }),
    good: (stack) => azureEntrance(stack, "azure-native_network_v20230201:network:ApplicationGateway"),
  },
];

const verification = clients["clientAuthConfiguration"] as Inputs;

function profileCase(name: string, bad: Inputs, good: Inputs = {}): CorpusCase {
  return entranceCase(
    "ZM-02",
    name,
    { sslProfiles: [but(clients, bad)] },
    { sslProfiles: [but(clients, good)] },
  );
}

/** An entrance of a version in which a profile says how strictly clients are asked. */
function strict(verifyClientAuthMode: string): (stack: Sketch) => unknown {
  return (stack) =>
    amend(azureEntrance(stack, "azure-native_network_v20250301:network:ApplicationGateway"), "entrance", {
      sslProfiles: [but(clients, { clientAuthConfiguration: { ...verification, verifyClientAuthMode } })],
    });
}

const authentication: readonly CorpusCase[] = [
  listenerCase("ZM-02", "a listener that asks nobody who they are", { sslProfile: undefined }),
  entranceCase(
    "ZM-02",
    "a listener of which nobody knows which of two profiles it takes",
    {
      sslProfiles: [clients, { name: "nobody", sslPolicy: newest }],
      httpListeners: [but(machines, { sslProfile: { id: unknownText } })],
    },
    { sslProfiles: [clients, { name: "nobody", sslPolicy: newest }] },
  ),
  listenerCase("ZM-02", "a listener of which nobody knows whether it takes a profile", {
    sslProfile: unknownText,
  }),
  entranceCase(
    "ZM-02",
    "a listener whose profile is another than the one that asks",
    {
      sslProfiles: [clients, { name: "nobody", sslPolicy: newest }],
      httpListeners: [but(machines, { sslProfile: partOf("sslProfiles", "nobody") })],
    },
    { sslProfiles: [clients, { name: "nobody", sslPolicy: newest }] },
  ),
  entranceCase(
    "ZM-02",
    "a second listener that asks nobody who they are",
    {
      httpListeners: [
        machines,
        but(machines, { name: "more", hostName: "more.clinic.example", sslProfile: undefined }),
      ],
    },
    { httpListeners: [machines, but(machines, { name: "more", hostName: "more.clinic.example" })] },
  ),
  profileCase("a listener that trusts no authority of clients", { trustedClientCertificates: undefined }),
  profileCase("a listener with an empty list of authorities", { trustedClientCertificates: [] }),
  profileCase("a listener that takes what any intermediate authority issued", {
    clientAuthConfiguration: { ...verification, verifyClientCertIssuerDN: false },
  }),
  profileCase("a listener that does not say whose certificates it takes", {
    clientAuthConfiguration: said({ ...verification, verifyClientCertIssuerDN: undefined }),
  }),
  profileCase("a listener that does not say how it asks", { clientAuthConfiguration: undefined }),
  profileCase("a listener that takes what was revoked", {
    clientAuthConfiguration: { ...verification, verifyClientRevocation: "None" },
  }),
  {
    id: "ZM-02",
    name: "a listener that lets clients pass whatever they show",
    expected: "refused",
    bad: strict("Passthrough"),
    good: strict("Strict"),
  },
];

const policies: readonly CorpusCase[] = [
  ...(
    [
      ["TLS 1.2", { ...newest, minProtocolVersion: "TLSv1_2" }],
      ["no minimum", said({ ...newest, minProtocolVersion: undefined })],
      ["what nobody knows", { ...newest, minProtocolVersion: unknownText }],
      ["Azure's policy of 2022", { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" }],
      ["Azure's strict policy of 2022", { policyType: "Predefined", policyName: "AppGwSslPolicy20220101S" }],
      ["Azure's policy of 2017", { policyType: "Predefined", policyName: "AppGwSslPolicy20170401S" }],
      [
        "an old policy of its own",
        {
          policyType: "Custom",
          minProtocolVersion: "TLSv1_2",
          cipherSuites: ["TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"],
        },
      ],
      ["what Azure takes by default", undefined],
    ] as const
  ).map(([name, sslPolicy]) => entranceCase("ZM-03", `an entrance on ${name}`, { sslPolicy })),
  entranceCase(
    "ZM-03",
    "a listener whose profile goes back to TLS 1.2",
    { sslProfiles: [{ ...clients, sslPolicy: { ...newest, minProtocolVersion: "TLSv1_2" } }] },
    { sslProfiles: [{ ...clients, sslPolicy: newest }] },
  ),
  entranceCase(
    "ZM-03",
    "a listener whose profile goes back to Azure's policy of 2022",
    {
      sslProfiles: [
        { ...clients, sslPolicy: { policyType: "Predefined", policyName: "AppGwSslPolicy20220101S" } },
      ],
    },
    { sslPolicy: { ...newest, minProtocolVersion: "TLSv1_3" } },
  ),
  {
    id: "ZM-03",
    name: "an entrance of an old version on TLS 1.2",
    expected: "refused",
    bad: (stack) =>
      amend(azureEntrance(stack, "azure-native:network/v20230201:ApplicationGateway"), "entrance", {
        sslPolicy: { ...newest, minProtocolVersion: "TLSv1_2" },
      }),
    good: (stack) => azureEntrance(stack, "azure-native:network/v20230201:ApplicationGateway"),
  },
];

function backendCase(id: string, name: string, bad: Inputs): CorpusCase {
  return entranceCase(id, name, { backendHttpSettingsCollection: [but(behind, bad)] });
}

const layerFour: readonly (readonly [name: string, protocol: string | undefined])[] = [
  ["sends on as plain bytes", "Tcp"],
  ["sends on nobody knows how", unknownText],
];

const backends: readonly CorpusCase[] = [
  backendCase("ZM-04", "an entrance that sends on in plain HTTP", {
    protocol: "Http",
    port: 80,
    trustedRootCertificates: undefined,
  }),
  backendCase("ZM-04", "an entrance that does not say how it sends on", { protocol: undefined }),
  entranceCase(
    "ZM-04",
    "a second way behind the entrance, in plain HTTP",
    {
      backendHttpSettingsCollection: [
        behind,
        { name: "plain", protocol: "Http", port: 443, hostName: "ai-gateway.clinic.internal" },
      ],
      requestRoutingRules: [
        rule("all", 100, "machines", {
          ...toBackend,
          backendHttpSettings: partOf("backendHttpSettingsCollection", "plain"),
        }),
      ],
    },
    { backendHttpSettingsCollection: [behind, but(behind, { name: "second" })] },
  ),
  {
    ...backendCase("ZM-04", "an entrance that takes any public authority's word for what is behind it", {
      trustedRootCertificates: undefined,
    }),
    expected: "advised",
  },
  entranceCase("ZM-04", "an entrance that asks in plain HTTP whether all is well", {
    probes: [{ ...probe, protocol: "Http" }],
  }),
  entranceCase("ZM-04", "an entrance of the first generation", {
    sku: { name: "WAF_Large", tier: "WAF", capacity: 2 },
  }),
  ...layerFour.map(([name, protocol]) => ({
    id: "ZM-05",
    name: `a listener of bytes that ends TLS and ${name}`,
    expected: "refused" as const,
    bad: (stack: Sketch) =>
      amend(fourthLayerEntrance(stack), "entrance", {
        backendSettingsCollection: [{ name: "tls", protocol, port: 443 }],
      }),
    good: fourthLayerEntrance,
  })),
  {
    id: "ZM-05",
    name: "a listener of bytes that ends TLS and asks nobody who they are",
    expected: "refused",
    bad: (stack) =>
      amend(fourthLayerEntrance(stack), "entrance", {
        listeners: [
          {
            name: "bytes",
            protocol: "Tls",
            frontendIPConfiguration: partOf("frontendIPConfigurations", "public"),
            frontendPort: partOf("frontendPorts", "https"),
            sslCertificate: partOf("sslCertificates", "server"),
          },
        ],
      }),
    good: fourthLayerEntrance,
  },
];

const dataServices: readonly CorpusCase[] = [
  ...["TLS1_0", "TLS1_1", undefined, unknownText].map((minimumTlsVersion) =>
    wrongly(
      "ZM-11",
      `a storage on ${minimumTlsVersion === unknownText ? "TLS that nobody knows" : (minimumTlsVersion ?? "whatever TLS")}`,
      storage,
      { minimumTlsVersion },
    ),
  ),
  wrongly("ZM-11", "a storage that takes plain HTTP", storage, { enableHttpsTrafficOnly: false }),
  wrongly(
    "ZM-11",
    "a SQL server on TLS 1.0",
    sqlServer,
    { minimalTlsVersion: "1.0" },
    { minimalTlsVersion: "1.3" },
  ),
  wrongly("ZM-11", "a SQL server on any TLS or none", sqlServer, { minimalTlsVersion: "None" }),
  wrongly("ZM-11", "an account of Cosmos DB on TLS 1.0", cosmos, { minimalTlsVersion: "Tls" }),
  wrongly("ZM-11", "an account of Cosmos DB on TLS 1.1", cosmos, { minimalTlsVersion: "Tls11" }),
  wrongly("ZM-11", "event hubs on TLS 1.0", events, { minimumTlsVersion: "1.0" }),
  wrongly(
    "ZM-11",
    "event hubs of an old version on TLS 1.1",
    (stack, kind, more) => events(stack, kind, more, "azure-native:eventhub/v20220101preview:Namespace"),
    { minimumTlsVersion: "1.1" },
  ),
  wrongly("ZM-11", "a cache with a door in plaintext", cache, { enableNonSslPort: true }),
  wrongly("ZM-11", "a cache on TLS 1.0", cache, { minimumTlsVersion: "1.0" }),
  wrongly("ZM-11", "a cache without a word of TLS", cache, { minimumTlsVersion: undefined }),
  refused(
    "ZM-11",
    "a PostgreSQL server that takes plaintext",
    (stack, value: string) =>
      stack.add("azure-native:dbforpostgresql:Configuration", "parameter", {
        resourceGroupName: ownGroup,
        serverName: `${stack.add("azure-native:dbforpostgresql:Server", "records", {
          ...here,
          serverName: "records",
          network: { publicNetworkAccess: "Disabled" },
          tags: inZone("phi"),
        })}.name`,
        configurationName: "require_secure_transport",
        source: "user-override",
        value,
      }),
    "off",
    "on",
  ),
];

/** The checklist of what skips mutual TLS on Azure, but for certificates and inspection: rows ZM-01 to ZM-11. */
export const azureMissingMtls: readonly CorpusCase[] = [
  ...listeners,
  ...authentication,
  ...policies,
  ...backends,
  ...azureMissingMtlsOfCompute,
  ...azureFrontDoors,
  ...dataServices,
];
