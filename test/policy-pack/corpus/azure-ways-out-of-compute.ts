import { ownGroup, ownSubscription, unknownText, type Sketch } from "../stack-sketch";
import { textId, type Inputs } from "./azure-base";
import { disk, foreignId, here, phiOnly, storage, subnetOf, wrongly } from "./azure-service-pieces";
import { inZone, type CorpusCase } from "./corpus-case";
import { refused, tagsOf, type Kind, type Place } from "./stranger-pieces";

/** A machine in the subnet of a place, which has no public address. */
function machine(stack: Sketch, where: Place, more: Inputs = {}): string {
  const nic = stack.add("azure-native:network:NetworkInterface", "worker-nic", {
    ...here,
    networkInterfaceName: "worker-nic",
    ipConfigurations: [{ name: "ip", subnet: { id: subnetOf(stack, where) } }],
  });
  return stack.add("azure-native:compute:VirtualMachine", "worker", {
    ...here,
    vmName: "worker",
    hardwareProfile: { vmSize: "Standard_D2s_v5" },
    networkProfile: { networkInterfaces: [{ id: nic, primary: true }] },
    ...more,
  });
}

const diskText = (kind: Kind): string => textId("Microsoft.Compute/disks", `${kind}-disk`);

/** A picture of a disk. */
function snapshot(stack: Sketch, sourceResourceId: string, more: Inputs = {}): string {
  return stack.add("azure-native:compute:Snapshot", "snapshot", {
    ...here,
    snapshotName: "snapshot",
    creationData: { createOption: "Copy", sourceResourceId },
    networkAccessPolicy: "DenyAll",
    publicNetworkAccess: "Disabled",
    ...more,
  });
}

const anybody = { networkAccessPolicy: "AllowAll", publicNetworkAccess: "Enabled" };

function backup(stack: Sketch, vaultName: string, resourceID: string): string {
  return stack.add("azure-native:dataprotection:BackupInstance", "backup", {
    resourceGroupName: ownGroup,
    vaultName,
    backupInstanceName: "backup",
    properties: {
      objectType: "BackupInstance",
      dataSourceInfo: {
        resourceID,
        datasourceType: "Microsoft.Storage/storageAccounts/blobServices",
        objectType: "Datasource",
      },
      policyInfo: {
        policyId: textId("Microsoft.DataProtection/backupVaults", "elsewhere/backupPolicies/daily"),
      },
    },
  });
}

function recoveryVault(stack: Sketch, publicNetworkAccess: string | undefined): string {
  return stack.add("azure-native:recoveryservices:Vault", "recovery", {
    ...here,
    vaultName: "recovery",
    sku: { name: "RS0", tier: "Standard" },
    properties: publicNetworkAccess === undefined ? {} : { publicNetworkAccess },
    tags: inZone("phi"),
  });
}

function imageVersion(stack: Sketch, source: string, regions: readonly string[], more: Inputs = {}): string {
  return stack.add("azure-native:compute:GalleryImageVersion", "image", {
    ...here,
    galleryName: "images",
    galleryImageName: "records",
    galleryImageVersionName: "1.0.0",
    publishingProfile: { targetRegions: regions.map((name) => ({ name, regionalReplicaCount: 1 })) },
    storageProfile: { osDiskImage: { source: { id: source } } },
    ...more,
  });
}

const disks: readonly CorpusCase[] = [
  wrongly("ZE-29", "a disk that anybody may export", disk, anybody),
  wrongly("ZE-29", "a disk that does not say who may export it", disk, {
    networkAccessPolicy: undefined,
    publicNetworkAccess: undefined,
  }),
  wrongly("ZE-29", "a disk of which nobody knows who may export it", disk, {
    networkAccessPolicy: unknownText,
    publicNetworkAccess: unknownText,
  }),
  wrongly("ZE-29", "a disk that a stranger's endpoint may export", disk, {
    networkAccessPolicy: "AllowPrivate",
    diskAccessId: foreignId("Microsoft.Compute/diskAccesses", "elsewhere"),
  }),
  wrongly(
    "ZE-29",
    "a disk of an old version that anybody may export",
    (stack, kind, more) => disk(stack, kind, more, "azure-native:compute/v20230102:Disk"),
    anybody,
  ),
  phiOnly("ZE-29", "a picture of a disk that anybody may export", (stack, kind) =>
    snapshot(stack, disk(stack, kind), anybody),
  ),
  phiOnly(
    "ZE-29",
    "a picture, which says no zone, of a disk by its id, that anybody may export",
    (stack, kind) => {
      disk(stack, kind);
      snapshot(stack, diskText(kind), anybody);
    },
  ),
  refused(
    "ZE-29",
    "a picture of PHI that does not say who may export it",
    (stack, more: Inputs) =>
      stack.add("azure-native_compute_v20240302:compute:Snapshot", "snapshot", {
        ...here,
        snapshotName: "snapshot",
        creationData: { createOption: "Copy", sourceResourceId: disk(stack, "phi") },
        tags: inZone("phi"),
        ...more,
      }),
    {},
    { networkAccessPolicy: "DenyAll", publicNetworkAccess: "Disabled" },
  ),
  phiOnly("ZE-29", "a disk of PHI that a machine of the processing zone has", (stack, kind) =>
    machine(stack, "processing", {
      storageProfile: {
        dataDisks: [{ lun: 0, createOption: "Attach", managedDisk: { id: disk(stack, kind) } }],
      },
    }),
  ),
  phiOnly("ZE-29", "a copy of a disk, which says no zone, that anybody may export", (stack, kind) =>
    stack.add("azure-native:compute:Disk", "copy", {
      ...here,
      diskName: "copy",
      creationData: { createOption: "Copy", sourceResourceId: disk(stack, kind) },
      ...anybody,
    }),
  ),
  phiOnly("ZE-29", "a backup of a storage in a vault of no zone", (stack, kind) =>
    backup(stack, "elsewhere", storage(stack, kind)),
  ),
  phiOnly("ZE-29", "a backup of a disk, by its id, in a vault of no zone", (stack, kind) => {
    disk(stack, kind);
    backup(stack, "elsewhere", diskText(kind));
  }),
  ...(["Enabled", undefined] as const).map((access) =>
    refused(
      "ZE-29",
      `a vault of backups whose access from the Internet is ${access ?? "not said"}`,
      recoveryVault,
      access,
      "Disabled",
    ),
  ),
  refused(
    "ZE-29",
    "an image of PHI in another region",
    (stack, regions: readonly string[]) =>
      imageVersion(stack, diskText("plain"), regions, { tags: inZone("phi") }),
    ["eastus2", "westeurope"],
    ["eastus2"],
  ),
  phiOnly("ZE-29", "an image of a disk in another region", (stack, kind) =>
    imageVersion(stack, disk(stack, kind), ["eastus2", "westeurope"]),
  ),
];

/** An environment of containers in a place. */
function environment(stack: Sketch, where: Place, type = "azure-native:app:ManagedEnvironment"): string {
  return stack.add(type, "environment", {
    ...here,
    environmentName: "environment",
    vnetConfiguration: { infrastructureSubnetId: subnetOf(stack, where), internal: true },
    publicNetworkAccess: "Disabled",
    peerAuthentication: { mtls: { enabled: true } },
    peerTrafficConfiguration: { encryption: { enabled: true } },
  });
}

/** An application of App Service. */
function webApp(stack: Sketch, more: Inputs, type = "azure-native:web:WebApp"): string {
  return stack.add(type, "web-app", {
    ...here,
    name: "web-app",
    serverFarmId: textId("Microsoft.Web/serverfarms", "farm"),
    publicNetworkAccess: "Disabled",
    clientCertEnabled: true,
    clientCertMode: "Required",
    httpsOnly: true,
    endToEndEncryptionEnabled: true,
    siteConfig: { minTlsVersion: "1.3", scmMinTlsVersion: "1.3" },
    ...more,
  });
}

/** A cluster whose nodes are in a place. */
function kubernetes(stack: Sketch, where: Place, networkProfile: Inputs): string {
  return stack.add("azure-native:containerservice:ManagedCluster", "kubernetes", {
    ...here,
    resourceName: "kubernetes",
    dnsPrefix: "kubernetes",
    identity: { type: "SystemAssigned" },
    agentPoolProfiles: [
      {
        name: "system",
        mode: "System",
        count: 3,
        vmSize: "Standard_D4s_v5",
        vnetSubnetID: subnetOf(stack, where),
      },
    ],
    networkProfile: { networkPlugin: "azure", networkPolicy: "cilium", ...networkProfile },
    apiServerAccessProfile: { enablePrivateCluster: true, enablePrivateClusterPublicFQDN: false },
    publicNetworkAccess: "Disabled",
    serviceMeshProfile: {
      mode: "Istio",
      istio: {
        certificateAuthority: {
          plugin: {
            keyVaultId: textId("Microsoft.KeyVault/vaults", "mesh"),
            certObjectName: "cert",
            keyObjectName: "key",
            rootCertObjectName: "root",
            certChainObjectName: "chain",
          },
        },
      },
    },
  });
}

function databricks(stack: Sketch, where: "phi" | "elsewhere", noPublicIp: boolean | undefined): string {
  const network = subnetOf(stack, where).replace(/\/subnets\/.*/, "");
  const subnet = { value: where === "phi" ? "phi" : "other" };
  return stack.add("azure-native:databricks:Workspace", "notebooks", {
    ...here,
    workspaceName: "notebooks",
    managedResourceGroupId: `/subscriptions/${ownSubscription}/resourceGroups/${ownGroup}-notebooks`,
    sku: { name: "premium" },
    publicNetworkAccess: "Disabled",
    requiredNsgRules: "NoAzureDatabricksRules",
    parameters: {
      customVirtualNetworkId: { value: network },
      customPrivateSubnetName: subnet,
      customPublicSubnetName: subnet,
      ...(noPublicIp === undefined ? {} : { enableNoPublicIp: { value: noPublicIp } }),
    },
  });
}

/** What runs in the place, and has a way out of its own. */
const compute: readonly CorpusCase[] = [
  ...["azure-native:app:ManagedEnvironment", "azure-native:app/v20240301:ManagedEnvironment"].map((type) =>
    refused(
      "ZE-32",
      `an environment of containers by ${type}`,
      (stack, where: Place) => environment(stack, where, type),
      "phi",
      "elsewhere",
    ),
  ),
  refused(
    "ZE-32",
    "an application of PHI of whose calls some go out by Azure's own network",
    (stack, outboundVnetRouting: Inputs) =>
      webApp(stack, {
        virtualNetworkSubnetId: subnetOf(stack, "phi"),
        outboundVnetRouting,
        tags: inZone("phi"),
      }),
    { applicationTraffic: true },
    { allTraffic: true },
  ),
  refused(
    "ZE-32",
    "an application of PHI, of an old version, of whose calls some go out by Azure's own network",
    (stack, vnetRouteAllEnabled: boolean) =>
      webApp(
        stack,
        {
          virtualNetworkSubnetId: subnetOf(stack, "phi"),
          siteConfig: { minTlsVersion: "1.3", scmMinTlsVersion: "1.3", vnetRouteAllEnabled },
          tags: inZone("phi"),
        },
        "azure-native:web/v20230101:WebApp",
      ),
    false,
    true,
  ),
  phiOnly("ZE-32", "an application of PHI without a network", (stack, kind) => webApp(stack, tagsOf(kind))),
  phiOnly("ZE-32", "an application of PHI on the Internet", (stack, kind) =>
    webApp(stack, { publicNetworkAccess: "Enabled", ...tagsOf(kind) }),
  ),
  refused(
    "ZE-32",
    "an application that is bound to a subnet, and may go out besides",
    (stack, where: Place) =>
      stack.add("azure-native:web:WebAppSwiftVirtualNetworkConnection", "binding", {
        resourceGroupName: ownGroup,
        name: `${webApp(stack, {})}.name`,
        subnetResourceId: subnetOf(stack, where),
        swiftSupported: true,
      }),
    "phi",
    "elsewhere",
  ),
  phiOnly("ZE-32", "an application with a connection to a stranger's place", (stack, kind) =>
    stack.add("azure-native:web:WebAppHybridConnection", "hybrid", {
      resourceGroupName: ownGroup,
      name: `${webApp(stack, {
        ...(kind === "phi"
          ? { virtualNetworkSubnetId: subnetOf(stack, "phi"), outboundVnetRouting: { allTraffic: true } }
          : {}),
        ...tagsOf(kind),
      })}.name`,
      namespaceName: "elsewhere",
      relayName: "records",
      hostname: "records.elsewhere.example.com",
      port: 443,
      relayArmUri: foreignId("Microsoft.Relay/namespaces", "elsewhere/hybridConnections/records"),
    }),
  ),
  phiOnly("ZE-32", "a group of containers with a public address", (stack, kind) =>
    stack.add("azure-native:containerinstance:ContainerGroup", "containers", {
      ...here,
      containerGroupName: "containers",
      osType: "Linux",
      containers: [
        {
          name: "records",
          image: "clinic.azurecr.io/records:7",
          resources: { requests: { cpu: 1, memoryInGB: 1 } },
        },
      ],
      ipAddress: { type: "Public", ports: [{ port: 443, protocol: "TCP" }] },
      ...tagsOf(kind),
    }),
  ),
  ...[
    ["does not say how its nodes go out", {}],
    ["has a load balancer by which its nodes go out", { outboundType: "loadBalancer" }],
    ["has a translator by which its nodes go out", { outboundType: "managedNATGateway" }],
  ].map(([name, bad]) =>
    refused(
      "ZE-32",
      `a cluster in the PHI zone that ${name as string}`,
      (stack, networkProfile: Inputs) => kubernetes(stack, "phi", networkProfile),
      bad as Inputs,
      { outboundType: "none" },
    ),
  ),
  refused(
    "ZE-32",
    "a cluster with a load balancer by which its nodes go out, in the PHI zone",
    (stack, where: Place) => kubernetes(stack, where, { outboundType: "loadBalancer" }),
    "phi",
    "elsewhere",
  ),
  refused(
    "ZE-32",
    "notebooks in the PHI zone whose machines have public addresses",
    (stack, noPublicIp: boolean | undefined) => databricks(stack, "phi", noPublicIp),
    false,
    true,
  ),
  refused(
    "ZE-32",
    "notebooks whose machines have public addresses, in the PHI zone",
    (stack, where: "phi" | "elsewhere") => databricks(stack, where, undefined),
    "phi",
    "elsewhere",
  ),
];

/** Ways out by disks and their copies, and by compute that has a way out of its own: rows ZE-29 and ZE-32. */
export const azureWaysOutOfCompute: readonly CorpusCase[] = [...disks, ...compute];
