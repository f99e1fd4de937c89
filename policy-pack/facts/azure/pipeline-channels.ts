import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  mayNot,
  must,
  out,
  part,
  pipeline,
  pointer,
  reads,
  readsNamed,
  readsScope,
  store,
  to,
  toKeeper,
  toNamed,
  toOwn,
  toRegion,
  unless,
  type Exit,
  type SideChannelType,
} from "./side-channel-type";
import { storageAccounts } from "./store-channels";

const topics = ["azure-native:eventgrid:systemtopic"] as const;
export const eventNamespaces = ["azure-native:eventhub:namespace"] as const;
const busNamespaces = ["azure-native:servicebus:namespace"] as const;
export const logWorkspaces = ["azure-native:operationalinsights:workspace"] as const;
const disks = ["azure-native:compute:disk", "azure-native:compute:snapshot"] as const;
const machines = ["azure-native:compute:virtualmachine"] as const;
const backupVaults = ["azure-native:dataprotection:backupvault"] as const;
const recoveryVaults = ["azure-native:recoveryservices:vault"] as const;

const ofEventNamespace = readsNamed("namespaceName", ...eventNamespaces);
const ofBusNamespace = readsNamed("namespaceName", ...busNamespaces);
const ofLogWorkspace = readsNamed("workspaceName", ...logWorkspaces);

/** Where a subscription to events hands them on. */
const eventReceivers: readonly Exit[] = ["destination", "deliveryWithResourceIdentity.destination"].flatMap(
  (path) => [
    to(`${path}.resourceId`),
    ...unless(
      mayNot(`${path}.endpointUrl`, "what happens to it is told to an address on the Internet"),
      mayNot(`${path}.endpointBaseUrl`, "what happens to it is told to an address on the Internet"),
    ),
  ],
);

const deadLetters: readonly Exit[] = [
  to("deadLetterDestination.resourceId", ...storageAccounts),
  to("deadLetterWithResourceIdentity.deadLetterDestination.resourceId", ...storageAccounts),
];

const toldOn = "what happens to it is told to something outside of the PHI zone";

/** A disk, or a copy of one: nobody may export it. */
function exported(...from: readonly string[]): SideChannelType {
  return pointer(
    "it may be exported",
    from.map((path) => reads(path, ...disks, ...machines)),
    ...unless(
      must("networkAccessPolicy", ["DenyAll"], "it may be exported by a link"),
      must("publicNetworkAccess", ["Disabled"], "it may be exported over the Internet"),
    ),
  );
}

/** An image, whose versions may be put into other regions. */
const image = copy(
  "an image of it is kept outside of the PHI zone",
  [
    reads("sourceVirtualMachine.id", ...machines),
    reads("storageProfile.source.id", ...machines, ...disks),
    reads("storageProfile.source.virtualMachineId", ...machines),
    reads("storageProfile.osDiskImage.source.id", ...disks),
    reads("storageProfile.dataDiskImages.source.id", ...disks),
    reads("storageProfile.osDisk.managedDisk.id", ...disks),
    reads("storageProfile.osDisk.snapshot.id", ...disks),
    reads("storageProfile.dataDisks.managedDisk.id", ...disks),
    reads("storageProfile.dataDisks.snapshot.id", ...disks),
    reads("source.id", ...machines, ...disks),
  ],
  toRegion("publishingProfile.targetRegions.name"),
);

const shown = "its host writes what its console and its screen show to an account (boot diagnostics)";

/** A machine, which reads the disks that it has. Without an account of somebody's Azure keeps what its console shows. */
const machine = copy(
  "a disk of it is attached to a machine outside of the PHI zone",
  [
    reads("storageProfile.osDisk.managedDisk.id", ...disks),
    reads("storageProfile.dataDisks.managedDisk.id", ...disks),
    reads("storageProfile.dataDisks.sourceResource.id", ...disks),
    reads("virtualMachineProfile.storageProfile.osDisk.managedDisk.id", ...disks),
  ],
  ...unless(
    mayNot("diagnosticsProfile.bootDiagnostics.storageUri", shown),
    mayNot("virtualMachineProfile.diagnosticsProfile.bootDiagnostics.storageUri", shown),
  ),
);

/** What Azure Monitor writes to, by the kinds of destinations of a rule. */
const collected: readonly Exit[] = [
  to("destinations.eventHubs.eventHubResourceId", ...eventNamespaces),
  to("destinations.eventHubsDirect.eventHubResourceId", ...eventNamespaces),
  toOwn("destinations.logAnalytics.workspaceResourceId", ...logWorkspaces),
  toOwn("destinations.monitoringAccounts.accountResourceId"),
  toOwn("destinations.storageAccounts.storageAccountResourceId", ...storageAccounts),
  toOwn("destinations.storageBlobsDirect.storageAccountResourceId", ...storageAccounts),
  toOwn("destinations.storageTablesDirect.storageAccountResourceId", ...storageAccounts),
];

/** Types of which nobody knows where they send what they are given. */
export const pipelines: readonly ResourceType[] = [
  "azure-native:datafactory:credentialoperation",
  "azure-native:datafactory:dataflow",
  "azure-native:datafactory:dataset",
  "azure-native:datafactory:factory",
  "azure-native:datafactory:integrationruntime",
  "azure-native:datafactory:linkedservice",
  "azure-native:datafactory:managedprivateendpoint",
  "azure-native:datafactory:pipeline",
  "azure-native:datafactory:triggers",
  "azure-native:datashare:account",
  "azure-native:datashare:adlsgen1filedataset",
  "azure-native:datashare:adlsgen1folderdataset",
  "azure-native:datashare:adlsgen2filedataset",
  "azure-native:datashare:adlsgen2filesystemdataset",
  "azure-native:datashare:adlsgen2folderdataset",
  "azure-native:datashare:blobcontainerdataset",
  "azure-native:datashare:blobdataset",
  "azure-native:datashare:blobfolderdataset",
  "azure-native:datashare:invitation",
  "azure-native:datashare:share",
  "azure-native:datashare:sqldbtabledataset",
  "azure-native:kusto:eventgriddataconnection",
  "azure-native:kusto:eventhubdataconnection",
  "azure-native:logic:workflow",
  "azure-native:purview:account",
  "azure-native:streamanalytics:input",
  "azure-native:streamanalytics:output",
  "azure-native:streamanalytics:streamingjob",
  "azure-native:synapse:bigdatapool",
  "azure-native:synapse:integrationruntime",
  "azure-native:synapse:sqlpool",
  "azure-native:web:connection",
];

/** Types that tell of, copy, keep or carry on what stores hold. */
export const pipelineChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Events.
  ["azure-native:eventgrid:systemtopic", pointer(toldOn, [reads("source")])],
  [
    "azure-native:eventgrid:eventsubscription",
    { ...channel(toldOn, [readsScope("scope")], ...eventReceivers, ...deadLetters), needsExit: true },
  ],
  [
    "azure-native:eventgrid:systemtopiceventsubscription",
    {
      ...part(toldOn, readsNamed("systemTopicName", ...topics), ...eventReceivers, ...deadLetters),
      needsExit: true,
    },
  ],
  ["azure-native:eventhub:namespace", store()],
  ["azure-native:eventhub:consumergroup", part(toldOn, ofEventNamespace)],
  ["azure-native:eventhub:namespacenetworkruleset", part(toldOn, ofEventNamespace)],
  [
    "azure-native:eventhub:eventhub",
    part(
      "what is put into it is captured to a store",
      ofEventNamespace,
      to("captureDescription.destination.storageAccountResourceId", ...storageAccounts),
      ...unless(
        mayNot("captureDescription.destination.dataLakeAccountName", "it is captured to a data lake"),
      ),
    ),
  ],
  [
    "azure-native:eventhub:disasterrecoveryconfig",
    part("it is paired with another namespace", ofEventNamespace, to("partnerNamespace", ...eventNamespaces)),
  ],
  ["azure-native:servicebus:namespace", store()],
  [
    "azure-native:servicebus:disasterrecoveryconfig",
    part("it is paired with another namespace", ofBusNamespace, to("partnerNamespace", ...busNamespaces)),
  ],
  ["azure-native:servicebus:migrationconfig", part("it is moved to another namespace", ofBusNamespace, out)],

  // Pipelines.
  ...pipelines.map((type): readonly [ResourceType, SideChannelType] => [
    type,
    pipeline("it may be carried anywhere by what a pipeline, a share or a workflow is told"),
  ]),
  [
    "azure-native:synapse:workspace",
    {
      ...copy(
        "it is worked on outside of the PHI zone",
        [],
        ...unless(
          must("managedVirtualNetwork", ["default"], "it is worked on in no network of the workspace's own"),
          must(
            "managedVirtualNetworkSettings.preventDataExfiltration",
            [true],
            "what works on it may send it anywhere",
          ),
        ),
      ),
      readsAnything: true,
    },
  ],

  // Disks and backups.
  ["azure-native:compute:disk", exported("creationData.sourceResourceId")],
  ["azure-native:compute:snapshot", exported("creationData.sourceResourceId")],
  ["azure-native:compute:virtualmachine", machine],
  ["azure-native:compute:virtualmachinescaleset", machine],
  ["azure-native:compute:image", image],
  ["azure-native:compute:galleryimageversion", image],
  ["azure-native:compute:restorepointcollection", image],
  [
    "azure-native:dataprotection:backupinstance",
    channel(
      "it is backed up to a vault that is not in the PHI zone",
      [reads("properties.dataSourceInfo.resourceID"), reads("properties.dataSourceSetInfo.resourceID")],
      toNamed("vaultName", ...backupVaults),
    ),
  ],
  ["azure-native:dataprotection:backupvault", store()],
  [
    "azure-native:recoveryservices:protecteditem",
    channel(
      "it is backed up to a vault that is not in the PHI zone",
      [reads("properties.sourceResourceId"), reads("properties.virtualMachineId")],
      toNamed("vaultName", ...recoveryVaults),
    ),
  ],
  ["azure-native:recoveryservices:vault", store()],
  ["azure-native:recoveryservices:replicationprotecteditem", pipeline("it is replicated to another place")],

  // Logs.
  [
    "azure-native:monitor:diagnosticsetting",
    channel(
      "its logs are sent on",
      [reads("resourceUri")],
      to("eventHubAuthorizationRuleId", ...eventNamespaces),
      to("serviceBusRuleId", ...busNamespaces),
      toOwn("workspaceId", ...logWorkspaces),
      toOwn("storageAccountId", ...storageAccounts),
      ...unless(mayNot("marketplacePartnerId", "its logs are sent to a partner of Microsoft's")),
    ),
  ],
  ["azure-native:operationalinsights:workspace", store()],
  [
    "azure-native:operationalinsights:dataexport",
    {
      ...part(
        "its logs are exported as they come",
        ofLogWorkspace,
        toKeeper("resourceId", { others: eventNamespaces, keepers: storageAccounts }),
      ),
      isHeldEverywhere: true,
    },
  ],
  [
    "azure-native:operationalinsights:linkedstorageaccount",
    part(
      "its logs are kept in another store",
      ofLogWorkspace,
      toOwn("storageAccountIds", ...storageAccounts),
    ),
  ],
  ["azure-native:operationalinsights:table", part("its logs are kept", ofLogWorkspace)],
  ["azure-native:operationalinsights:savedsearch", part("its logs are kept", ofLogWorkspace)],
  [
    "azure-native:monitor:datacollectionrule",
    channel("what is collected of it is sent on", [], ...collected),
  ],
  ["azure-native:monitor:datacollectionruleassociation", pointer("it is collected", [reads("resourceUri")])],
  ["azure-native:monitor:privatelinkscope", store()],
];
