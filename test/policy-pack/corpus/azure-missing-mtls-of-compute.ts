import type { Sketch } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import { but } from "./azure-entrance";
import { here, subnetOf } from "./azure-service-pieces";
import { amend, changed } from "./changed-case";
import { inZone, type CorpusCase } from "./corpus-case";

const processing = { tags: inZone("processing") };

/** An environment of containers in the processing zone, whose members speak mutual TLS: `environment`. */
function environment(stack: Sketch, type = "azure-native:app:ManagedEnvironment"): Sketch {
  stack.add(type, "environment", {
    ...here,
    environmentName: "environment",
    vnetConfiguration: { infrastructureSubnetId: subnetOf(stack, "processing"), internal: true },
    publicNetworkAccess: "Disabled",
    peerAuthentication: { mtls: { enabled: true } },
    peerTrafficConfiguration: { encryption: { enabled: true } },
    ...processing,
  });
  return stack;
}

const ingress: Inputs = {
  external: false,
  allowInsecure: false,
  clientCertificateMode: "require",
  transport: "http2",
  targetPort: 443,
  targetPortHttpScheme: "https",
};

/** A service in the environment, called from within: `rag-service`. */
function containerApp(
  more: Inputs,
  configuration: Inputs = {},
  type = "azure-native:app:ContainerApp",
): (stack: Sketch) => Sketch {
  return (stack) => {
    environment(stack).add(type, "rag-service", {
      ...here,
      containerAppName: "rag-service",
      managedEnvironmentId: stack.id("environment"),
      configuration: { activeRevisionsMode: "Single", ingress: but(ingress, more), ...configuration },
      template: { containers: [{ name: "rag-service", image: "clinic.azurecr.io/rag-service:7" }] },
      ...processing,
    });
    return stack;
  };
}

function appCase(name: string, bad: Inputs): CorpusCase {
  return { id: "ZM-06", name, expected: "refused", bad: containerApp(bad), good: containerApp({}) };
}

const dapr = { dapr: { enabled: true, appId: "rag-service", appPort: 443, appProtocol: "https" } };

const containerApps: readonly CorpusCase[] = [
  changed("ZM-06", "an environment whose members show no certificate", environment, "environment", {
    peerAuthentication: { mtls: { enabled: false } },
  }),
  changed("ZM-06", "an environment without a word of its members' certificates", environment, "environment", {
    peerAuthentication: undefined,
  }),
  changed("ZM-06", "an environment whose members speak plaintext", environment, "environment", {
    peerTrafficConfiguration: { encryption: { enabled: false } },
  }),
  changed("ZM-06", "an environment without a word of encryption", environment, "environment", {
    peerTrafficConfiguration: undefined,
  }),
  changed(
    "ZM-06",
    "an environment of an old version whose members show no certificate",
    (stack) => environment(stack, "azure-native:app/v20240301:ManagedEnvironment"),
    "environment",
    { peerAuthentication: { mtls: { enabled: false } } },
  ),
  appCase("a service of containers that takes plain HTTP", { allowInsecure: true }),
  appCase("a service of containers that does not say that it takes no plain HTTP", {
    allowInsecure: undefined,
  }),
  appCase("a service of containers that takes callers without a certificate", {
    clientCertificateMode: "accept",
  }),
  appCase("a service of containers that looks at no certificate", { clientCertificateMode: "ignore" }),
  appCase("a service of containers without a word of its callers' certificates", {
    clientCertificateMode: undefined,
  }),
  appCase("a service of containers of plain bytes", { transport: "tcp", exposedPort: 443 }),
  appCase("a service of containers that is called on in plain HTTP", { targetPortHttpScheme: "http" }),
  appCase("a service of containers that the Internet may call", { external: true }),
  {
    id: "ZM-06",
    name: "a service of containers by a package of one version that takes plain HTTP",
    expected: "refused",
    bad: containerApp({ allowInsecure: true }, {}, "azure-native_app_v20240301:app:ContainerApp"),
    good: containerApp({}, {}, "azure-native_app_v20240301:app:ContainerApp"),
  },
  {
    id: "ZM-06",
    name: "sidecars that call each other without a certificate",
    expected: "refused",
    bad: (stack) =>
      amend(containerApp({}, dapr)(stack), "environment", {
        peerAuthentication: { mtls: { enabled: false } },
      }),
    good: containerApp({}, dapr),
  },
];

const ownAuthority: Inputs = {
  mode: "Istio",
  istio: {
    revisions: ["asm-1-25"],
    certificateAuthority: {
      plugin: {
        keyVaultId: textId("Microsoft.KeyVault/vaults", "mesh"),
        certObjectName: "certificate",
        keyObjectName: "key",
        rootCertObjectName: "root",
        certChainObjectName: "chain",
      },
    },
  },
};

/** A private cluster in the processing zone, with a mesh that has an authority of its own: `cluster`. */
function cluster(stack: Sketch, type = "azure-native:containerservice:ManagedCluster"): Sketch {
  stack.add(type, "cluster", {
    ...here,
    resourceName: "cluster",
    dnsPrefix: "cluster",
    identity: { type: "SystemAssigned" },
    agentPoolProfiles: [
      {
        name: "system",
        mode: "System",
        count: 3,
        vmSize: "Standard_D4s_v5",
        vnetSubnetID: subnetOf(stack, "processing"),
        enableNodePublicIP: false,
      },
    ],
    networkProfile: { networkPlugin: "azure", networkPolicy: "cilium", outboundType: "none" },
    apiServerAccessProfile: { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false },
    publicNetworkAccess: "Disabled",
    serviceMeshProfile: ownAuthority,
    ...processing,
  });
  return stack;
}

const meshes: readonly CorpusCase[] = [
  changed("ZM-07", "a cluster whose mesh is switched off", cluster, "cluster", {
    serviceMeshProfile: { mode: "Disabled" },
  }),
  changed("ZM-07", "a cluster without a mesh", cluster, "cluster", { serviceMeshProfile: undefined }),
  changed(
    "ZM-07",
    "a cluster of an old version without a mesh",
    (stack) => cluster(stack, "azure-native:containerservice/v20240501:ManagedCluster"),
    "cluster",
    { serviceMeshProfile: undefined },
  ),
  {
    ...changed("ZM-07", "a mesh that is its own authority", cluster, "cluster", {
      serviceMeshProfile: { mode: "Istio", istio: { revisions: ["asm-1-25"] } },
    }),
    expected: "advised",
  },
];

const site: Inputs = { minTlsVersion: "1.3", scmMinTlsVersion: "1.3", ftpsState: "Disabled" };

/** A service in App Service, bound to the processing zone, that asks its callers who they are: `web-app`. */
function webApp(stack: Sketch, type = "azure-native:web:WebApp"): Sketch {
  stack.add(type, "web-app", {
    ...here,
    name: "web-app",
    serverFarmId: textId("Microsoft.Web/serverfarms", "farm"),
    virtualNetworkSubnetId: subnetOf(stack, "processing"),
    outboundVnetRouting: { allTraffic: true },
    publicNetworkAccess: "Disabled",
    clientCertEnabled: true,
    clientCertMode: "Required",
    httpsOnly: true,
    endToEndEncryptionEnabled: true,
    siteConfig: site,
    ...processing,
  });
  return stack;
}

function webCase(name: string, bad: Inputs): CorpusCase {
  return changed("ZM-08", name, webApp, "web-app", bad);
}

const webApps: readonly CorpusCase[] = [
  webCase("an application that looks at no certificate", { clientCertEnabled: false }),
  webCase("an application without a word of its callers' certificates", {
    clientCertEnabled: undefined,
    clientCertMode: undefined,
  }),
  webCase("an application to which a certificate is optional", { clientCertMode: "Optional" }),
  webCase("an application to which a certificate is optional for users", {
    clientCertMode: "OptionalInteractiveUser",
  }),
  webCase("an application with a path for callers without a certificate", {
    clientCertExclusionPaths: "/healthz;/fhir",
  }),
  webCase("an application that takes plain HTTP", { httpsOnly: false }),
  webCase("an application without a word of plain HTTP", { httpsOnly: undefined }),
  webCase("an application on TLS 1.2", { siteConfig: { ...site, minTlsVersion: "1.2" } }),
  webCase("an application without a word of TLS", { siteConfig: undefined }),
  webCase("an application whose deployment is on TLS 1.0", {
    siteConfig: { ...site, scmMinTlsVersion: "1.0" },
  }),
  webCase("an application that is called on in plaintext", { endToEndEncryptionEnabled: false }),
  changed(
    "ZM-08",
    "an application of an old version that takes plain HTTP",
    (stack) => webApp(stack, "azure-native:web/v20230101:WebApp"),
    "web-app",
    { httpsOnly: false },
  ),
];

/** What runs the services of the processing zone, and lets them speak without mutual TLS: rows ZM-06 to ZM-08. */
export const azureMissingMtlsOfCompute: readonly CorpusCase[] = [...containerApps, ...meshes, ...webApps];
