import type { ResourceType } from "../../resource-type";

import {
  channel,
  copy,
  inert,
  mayBe,
  mayNot,
  reads,
  store,
  to,
  toOwn,
  toRegion,
  unless,
  type Read,
  type SideChannelType,
} from "./side-channel-type";
import { buckets, datasets, projects, topics } from "./store-channels";

const disks = ["gcp:compute:disk", "gcp:compute:regiondisk"] as const;
const snapshots = ["gcp:compute:snapshot", "gcp:compute:instantsnapshot"] as const;
const images = ["gcp:compute:image", "gcp:compute:machineimage"] as const;
const machines = ["gcp:compute:instance"] as const;
const vaults = ["gcp:backupdisasterrecovery:backupvault"] as const;
const plans = ["gcp:backupdisasterrecovery:backupplan"] as const;
export const logBuckets = [
  "gcp:logging:projectbucketconfig",
  "gcp:logging:folderbucketconfig",
  "gcp:logging:organizationbucketconfig",
  "gcp:logging:billingaccountbucketconfig",
] as const;
const secrets = ["gcp:secretmanager:secret"] as const;
const regionalSecrets = ["gcp:secretmanager:regionalsecret"] as const;

/** Where a disk is made from. */
const sources: readonly Read[] = [
  reads("sourceDisk", ...disks),
  reads("snapshot", ...snapshots),
  reads("sourceInstantSnapshot", ...snapshots),
  reads("image", ...images),
  reads("asyncPrimaryDisk.disk", ...disks),
  reads("sourceStorageObject", ...buckets),
];

const disk = copy("a copy of it is outside of the PHI zone", sources);

const instantSnapshot = copy("a snapshot of it is outside of the PHI zone", [reads("sourceDisk", ...disks)]);

/** A machine, which reads the disks that it has. */
const machine = copy("a disk of it is attached to a machine outside of the PHI zone", [
  reads("attachedDisks.source", ...disks),
  reads("bootDisk.source", ...disks),
  reads("bootDisk.initializeParams.snapshot", ...snapshots),
  reads("bootDisk.initializeParams.image", ...images),
  reads("sourceMachineImage", ...images),
]);

/** Of what logs are kept in, one in any zone is enough: who reads it is judged by itself. */
const destination = toOwn("destination", logBuckets, ...buckets, ...datasets, ...topics, ...projects);

/** A sink that is off sends nothing. */
const disabled = ["disabled"] as const;
const sent = "its logs are sent to something outside of the PHI zone";

/** A sink of a folder, an organisation or a billing account, which may send on the logs of every project below. */
const wideSink: SideChannelType = {
  ...channel(
    sent,
    [],
    destination,
    ...unless(
      mayBe("interceptChildren", [false], "logs of the projects below are kept from their own sinks"),
    ),
  ),
  readsAllIf: [["includeChildren"], ["interceptChildren"]],
  isOffBy: disabled,
};

/** The types that copy, keep or back up what is in the PHI zone, or send on what is logged of it. */
export const backupChannels: readonly (readonly [ResourceType, SideChannelType])[] = [
  // Disks.
  ["gcp:compute:disk", disk],
  ["gcp:compute:regiondisk", disk],
  [
    "gcp:compute:snapshot",
    copy(
      "a snapshot of it is outside of the PHI zone or of its region",
      [reads("sourceDisk", ...disks), reads("sourceInstantSnapshot", ...snapshots)],
      toRegion("storageLocations"),
    ),
  ],
  ["gcp:compute:instantsnapshot", instantSnapshot],
  ["gcp:compute:regioninstantsnapshot", instantSnapshot],
  [
    "gcp:compute:image",
    copy(
      "an image of it is outside of the PHI zone or of its region",
      [
        reads("sourceDisk", ...disks),
        reads("sourceSnapshot", ...snapshots),
        reads("sourceImage", ...images),
        reads("rawDisk.source", ...buckets),
      ],
      toRegion("storageLocations"),
    ),
  ],
  [
    "gcp:compute:machineimage",
    copy("an image of it is outside of the PHI zone", [reads("sourceInstance", ...machines)]),
  ],
  ["gcp:compute:instance", machine],
  ["gcp:compute:instancefromtemplate", machine],
  ["gcp:compute:instancefrommachineimage", machine],
  [
    "gcp:compute:attacheddisk",
    channel(
      "a disk of it is attached to a machine outside of the PHI zone",
      [reads("disk", ...disks)],
      to("instance", ...machines),
    ),
  ],
  [
    "gcp:compute:diskasyncreplication",
    channel(
      "it is replicated to a disk outside of the PHI zone",
      [reads("primaryDisk", ...disks)],
      to("secondaryDisk.disk", ...disks),
    ),
  ],
  [
    "gcp:compute:resourcepolicy",
    {
      ...store(toRegion("snapshotSchedulePolicy.snapshotProperties.storageLocations")),
      what: "snapshots of it are kept in another region",
    },
  ],
  [
    "gcp:compute:snapshotsettings",
    {
      ...store(toRegion("storageLocation.locations.location")),
      what: "snapshots of it are kept in another region",
    },
  ],
  ["gcp:compute:diskresourcepolicyattachment", inert(reads("disk", "gcp:compute:disk"))],
  ["gcp:compute:regiondiskresourcepolicyattachment", inert(reads("disk", "gcp:compute:regiondisk"))],

  // Backups.
  [
    "gcp:backupdisasterrecovery:backupvault",
    store(
      ...unless(
        mayBe(
          "accessRestriction",
          ["WITHIN_PROJECT", "WITHIN_ORGANIZATION"],
          "what it keeps may be restored in other organisations",
        ),
      ),
    ),
  ],
  [
    "gcp:backupdisasterrecovery:backupplan",
    channel("it is backed up to a vault that is not in the PHI zone", [], to("backupVault", ...vaults)),
  ],
  [
    "gcp:backupdisasterrecovery:backupplanassociation",
    channel(
      "it is backed up by a plan that is not of the PHI zone",
      [reads("resource")],
      to("backupPlan", ...plans),
    ),
  ],
  [
    "gcp:backupdisasterrecovery:restoreworkload",
    {
      ...channel(
        "it is restored outside of the PHI zone",
        [reads("backupVaultId", ...vaults), reads("dataSourceId"), reads("backupId")],
        to("computeInstanceTargetEnvironment.project", ...projects),
        to("diskTargetEnvironment.project", ...projects),
        to("regionDiskTargetEnvironment.project", ...projects),
      ),
      needsExit: true,
    },
  ],

  // Logs.
  [
    "gcp:logging:projectsink",
    { ...channel(sent, [], destination), readsProject: true, needsExit: true, isOffBy: disabled },
  ],
  ["gcp:logging:foldersink", wideSink],
  ["gcp:logging:organizationsink", wideSink],
  [
    "gcp:logging:billingaccountsink",
    { ...channel(sent, [], destination), readsAllIf: [], isOffBy: disabled },
  ],
  ["gcp:logging:projectbucketconfig", store()],
  ["gcp:logging:linkeddataset", inert(reads("bucket", ...logBuckets))],
  ["gcp:logging:logview", inert(reads("bucket", ...logBuckets))],
  ["gcp:logging:metric", inert(reads("bucketName", ...logBuckets))],
  [
    "gcp:monitoring:monitoredproject",
    channel(
      "what is measured of it is shown in another project",
      [reads("name", ...projects)],
      to("metricsScope", ...projects),
    ),
  ],

  // Secrets.
  [
    "gcp:secretmanager:secret",
    { ...store(to("topics.name", ...topics)), what: "what happens to it is told to a topic elsewhere" },
  ],
  [
    "gcp:secretmanager:regionalsecret",
    { ...store(to("topics.name", ...topics)), what: "what happens to it is told to a topic elsewhere" },
  ],
  ["gcp:secretmanager:secretversion", inert(reads("secret", ...secrets))],
  ["gcp:secretmanager:regionalsecretversion", inert(reads("secret", ...regionalSecrets))],
  ["gcp:parametermanager:parameter", store()],
  ["gcp:parametermanager:regionalparameter", store()],
  [
    "gcp:kms:ekmconnection",
    store(...unless(mayNot("serviceResolvers", "its keys are asked of a service outside of Google Cloud"))),
  ],
];
