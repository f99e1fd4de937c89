import type { ResourceType } from "../../resource-type";
import { bucketTypes } from "../../stack-graph";
import type { PropertyPath } from "../property-path";
import type { Setting } from "../setting";

/** Where what is read goes. What is not set is no way out. */
export type Exit =
  /** A resource: of the stack and in the PHI zone, or what is read leaves. */
  | {
      readonly kind: "resource";
      readonly path: PropertyPath;
      readonly types: readonly ResourceType[];
      /** The key of the JSON text at the path under which it is named. */
      readonly within?: string;
      /** Whether other texts than ARNs stand at the path as well, which name nothing. */
      readonly isAmongOthers?: true;
      /** Whether a resource of the stack is enough, because it is judged by itself. */
      readonly anyZone?: true;
    }
  /** An account, or a principal of one: the stack's own, or what is read leaves. */
  | { readonly kind: "account"; readonly path: PropertyPath }
  /** A region: that of the resource itself, or what is read leaves. */
  | { readonly kind: "region"; readonly path: PropertyPath }
  /** A setting without which what is read leaves. */
  | { readonly kind: "setting"; readonly setting: Setting }
  /** A setting without which what is read may be had by whoever reads it, unless something of the stack does. */
  | {
      readonly kind: "reader";
      readonly setting: Setting;
      readonly readers: readonly ResourceType[];
    }
  /** The resource itself: in the PHI zone and in the region of what it reads, or what is read leaves. */
  | { readonly kind: "itself" }
  /** Out, whatever is set. */
  | { readonly kind: "out" };

/** A property that names what is read. */
export interface Read {
  readonly path: PropertyPath;
  /** What it can name; anything, where it says no more. */
  readonly types?: readonly ResourceType[];
  /** Whether the resource is put where that is which it reads, unless the program puts it somewhere. */
  readonly sharesPlace?: true;
}

/** How what a store holds leaves by a type of resource. */
export interface SideChannelType {
  /** What happens to what is read. */
  readonly what: string;
  readonly remedy: string;
  /** What it reads; nothing, where it is read itself. */
  readonly reads: readonly Read[];
  readonly exits: readonly Exit[];
  /**
   * Whether it holds what it reads, or stands for it, and so is in its zone: a snapshot, the rule that selects events.
   */
  readonly takesZone?: true;
  /** Whether it holds nothing, wherever it is: only what it names can leave by it. */
  readonly holdsNothing?: boolean;
  /** Whether it reads what its properties name, and nothing else that it refers to. */
  readonly readsNothingElse?: true;
  /** What it reads of the whole account: each of some types, or whatever there is. */
  readonly readsAccount?: readonly ResourceType[] | "everything";
  /** Whether what is read goes somewhere that is not known where no exit is set. */
  readonly needsExit?: true;
}

function at(path: string): PropertyPath {
  const [first = "", ...rest] = path.split(".");
  return [first, ...rest];
}

function reads(path: string, ...types: readonly ResourceType[]): Read {
  return { path: at(path), ...(types.length === 0 ? {} : { types }) };
}

function to(path: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), types };
}

/** A resource that a JSON text names under a key. */
function toWithin(path: string, within: string, ...types: readonly ResourceType[]): Exit {
  return { kind: "resource", path: at(path), types, within };
}

function toAccount(path: string): Exit {
  return { kind: "account", path: at(path) };
}

function toRegion(path: string): Exit {
  return { kind: "region", path: at(path) };
}

function unless(path: string, right: readonly (string | boolean)[], isRightByDefault: boolean): Exit {
  return { kind: "setting", setting: setting(path, right, isRightByDefault) };
}

function setting(path: string, right: readonly (string | boolean)[], isRightByDefault: boolean): Setting {
  return { path: at(path), right, isRightByDefault, what: "", remedy: "" };
}

/** A property that may not be set at all. */
function unlessSet(path: string): Exit {
  return unless(path, [], true);
}

const itself: Exit = { kind: "itself" };
const out: Exit = { kind: "out" };

const tables = ["aws:dynamodb:table"] as const;
const queues = ["aws:sqs:queue"] as const;
const streams = ["aws:kinesis:stream"] as const;
const deliveries = ["aws:kinesis:firehosedeliverystream"] as const;
const functions = ["aws:lambda:function"] as const;
const logGroups = ["aws:cloudwatch:loggroup"] as const;
const domains = ["aws:opensearch:domain", "aws:elasticsearch:domain"] as const;
const dmsEndpoints = ["aws:dms:endpoint", "aws:dms:s3endpoint"] as const;
const rdsClusters = ["aws:rds:cluster"] as const;
const rdsInstances = ["aws:rds:instance", "aws:rds:clusterinstance"] as const;
const rdsSnapshots = ["aws:rds:snapshot", "aws:rds:snapshotcopy"] as const;
const rdsClusterSnapshots = ["aws:rds:clustersnapshot", "aws:rds:clustersnapshotcopy"] as const;
const diskSnapshots = ["aws:ebs:snapshot", "aws:ebs:snapshotcopy", "aws:ebs:snapshotimport"] as const;
const images = ["aws:ec2:ami", "aws:ec2:amicopy", "aws:ec2:amifrominstance"] as const;
const warehouses = ["aws:redshift:cluster", "aws:redshiftserverless:namespace"] as const;

/** Locations between which files are moved, and of which the store is in AWS, so that it may be in the PHI zone. */
const locations = [
  "aws:datasync:s3location",
  "aws:datasync:efslocation",
  "aws:datasync:locationfsxlustre",
  "aws:datasync:fsxopenzfsfilesystem",
  "aws:datasync:locationfsxontapfilesystem",
  "aws:datasync:locationfsxwindows",
] as const;

/** What a record or a message may be handed to. */
const receivers = [
  ...queues,
  ...streams,
  ...deliveries,
  ...functions,
  ...logGroups,
  "aws:sns:topic",
  "aws:cloudwatch:eventbus",
] as const;

/** What reads the changes of a table, as far as a stack shows it. */
const streamReaders = [
  "aws:lambda:eventsourcemapping",
  "aws:pipes:pipe",
  "aws:dynamodb:kinesisstreamingdestination",
] as const;

const closed = "Take it away, or let it lead to a resource of the stack in the PHI zone.";
const inside = "Put it into the PHI zone, and into the region of what it is made from.";

/** A store that keeps what it holds unless a setting says otherwise. */
function store(what: string, ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: closed, reads: [], exits, readsNothingElse: true };
}

/** A copy, which is in the zone of what it is a copy of. */
function copy(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: inside, reads: from, exits, takesZone: true, readsNothingElse: true };
}

/** Something that is put somewhere in a network, and made from, or open to, what is elsewhere. */
function placed(what: string, from: readonly Read[]): SideChannelType {
  return { what, remedy: inside, reads: from, exits: [itself], readsNothingElse: true };
}

/** Something that sends what it reads on. */
function channel(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { what, remedy: closed, reads: from, exits };
}

/** Something that stands for what it names, for others to read it by. */
function pointer(what: string, from: readonly Read[], ...exits: readonly Exit[]): SideChannelType {
  return { ...channel(what, from, ...exits), takesZone: true };
}

/** Where a delivery stream puts records, besides in what its kind of destination is. */
function delivered(configuration: string, ...exits: readonly Exit[]): readonly Exit[] {
  const processors = `${configuration}.processingConfiguration.processors.parameters.parameterValue`;
  return [
    ...exits,
    to(`${configuration}.s3Configuration.bucketArn`, ...bucketTypes),
    to(`${configuration}.s3BackupConfiguration.bucketArn`, ...bucketTypes),
    { kind: "resource", path: at(processors), types: functions, isAmongOthers: true },
  ];
}

const global = channel(
  "a copy of it is kept in every region of the global database",
  [reads("sourceDbClusterIdentifier")],
  out,
);

/** Kinds of records that are delivered by hand: to whoever the address belongs to. */
const deliveredToResources = ["sqs", "lambda", "firehose"];

/**
 * The types by which what a store holds leaves it, or by which others are let at it, with no packet that a filter sees;
 * and the stores that are in no network, in the SDK's words (@pulumi/aws 7.48).
 */
export const sideChannelTypes: ReadonlyMap<ResourceType, SideChannelType> = new Map<
  ResourceType,
  SideChannelType
>([
  // Databases.
  [
    "aws:rds:clusterroleassociation",
    channel(
      "a role lets it write what it holds to other services",
      [reads("dbClusterIdentifier", ...rdsClusters)],
      unless("featureName", ["s3Import"], false),
    ),
  ],
  [
    "aws:rds:roleassociation",
    channel(
      "a role lets it write what it holds to other services",
      [reads("dbInstanceIdentifier", ...rdsInstances)],
      unless("featureName", ["s3Import"], false),
    ),
  ],
  [
    "aws:rds:exporttask",
    channel("it is exported to a bucket", [reads("sourceArn")], to("s3BucketName", ...bucketTypes)),
  ],
  [
    "aws:rds:snapshot",
    copy(
      "a snapshot of it is shared",
      [reads("dbInstanceIdentifier", ...rdsInstances)],
      toAccount("sharedAccounts"),
    ),
  ],
  [
    "aws:rds:clustersnapshot",
    copy(
      "a snapshot of it is shared",
      [reads("dbClusterIdentifier", ...rdsClusters)],
      toAccount("sharedAccounts"),
    ),
  ],
  [
    "aws:rds:snapshotcopy",
    copy(
      "a snapshot of it is copied",
      [reads("sourceDbSnapshotIdentifier", ...rdsSnapshots)],
      itself,
      toRegion("destinationRegion"),
      toAccount("sharedAccounts"),
      unlessSet("targetCustomAvailabilityZone"),
    ),
  ],
  [
    "aws:rds:clustersnapshotcopy",
    copy(
      "a snapshot of it is copied",
      [reads("sourceDbClusterSnapshotIdentifier", ...rdsClusterSnapshots)],
      itself,
      toRegion("destinationRegion"),
      toAccount("sharedAccounts"),
    ),
  ],
  [
    "aws:rds:instanceautomatedbackupsreplication",
    channel("its backups are replicated to another region", [reads("sourceDbInstanceArn")], out),
  ],
  ["aws:rds:globalcluster", global],
  ["aws:docdb:globalcluster", global],
  ["aws:neptune:globalcluster", global],
  [
    "aws:rds:instance",
    placed("a replica or a restored copy of it is outside of the PHI zone", [
      { path: ["replicateSourceDb"], types: [...rdsInstances, ...rdsClusters], sharesPlace: true },
      reads("snapshotIdentifier", ...rdsSnapshots, ...rdsClusterSnapshots),
      reads("restoreToPointInTime.sourceDbInstanceIdentifier", ...rdsInstances),
      reads("restoreToPointInTime.sourceDbInstanceAutomatedBackupsArn"),
      reads("restoreToPointInTime.sourceDbiResourceId", ...rdsInstances),
    ]),
  ],
  [
    "aws:rds:cluster",
    placed("a replica or a restored copy of it is outside of the PHI zone", [
      reads("replicationSourceIdentifier", ...rdsInstances, ...rdsClusters),
      reads("snapshotIdentifier", ...rdsSnapshots, ...rdsClusterSnapshots),
      reads("restoreToPointInTime.sourceClusterIdentifier", ...rdsClusters),
      reads("restoreToPointInTime.sourceClusterResourceId", ...rdsClusters),
    ]),
  ],
  [
    "aws:docdb:cluster",
    placed("a restored copy of it is outside of the PHI zone", [
      reads("snapshotIdentifier", "aws:docdb:clustersnapshot"),
      reads("restoreToPointInTime.sourceClusterIdentifier", "aws:docdb:cluster"),
    ]),
  ],
  ["aws:docdb:clustersnapshot", copy("a snapshot of it is made", [reads("dbClusterIdentifier")])],
  [
    "aws:neptune:cluster",
    placed("a replica or a restored copy of it is outside of the PHI zone", [
      reads("replicationSourceIdentifier", "aws:neptune:cluster"),
      reads("snapshotIdentifier", "aws:neptune:clustersnapshot"),
    ]),
  ],
  ["aws:neptune:clustersnapshot", copy("a snapshot of it is made", [reads("dbClusterIdentifier")])],
  [
    "aws:rds:integration",
    channel(
      "what it holds is copied to a warehouse as it changes",
      [reads("sourceArn")],
      to("targetArn", ...warehouses),
    ),
  ],
  [
    "aws:rds:clusteractivitystream",
    channel(
      "what is done in it is sent to a stream that the stack does not show",
      [reads("resourceArn")],
      out,
    ),
  ],
  [
    "aws:rds:proxytarget",
    channel(
      "a proxy lets others at it",
      [reads("dbClusterIdentifier", ...rdsClusters), reads("dbInstanceIdentifier", ...rdsInstances)],
      to("dbProxyName", "aws:rds:proxy"),
    ),
  ],
  [
    "aws:rds:proxyendpoint",
    placed("a proxy lets others at it outside of the PHI zone", [reads("dbProxyName", "aws:rds:proxy")]),
  ],
  ["aws:rds:clusterendpoint", pointer("a name leads to it", [reads("clusterIdentifier", ...rdsClusters)])],
  [
    "aws:elasticache:replicationgroup",
    placed("a restored copy of it is outside of the PHI zone", [
      reads("snapshotName"),
      reads("snapshotArns"),
    ]),
  ],
  [
    "aws:elasticache:globalreplicationgroup",
    channel("a copy of it is kept in other regions", [reads("primaryReplicationGroupId")], out),
  ],
  [
    "aws:memorydb:cluster",
    placed("a restored copy of it is outside of the PHI zone", [
      reads("snapshotName", "aws:memorydb:snapshot"),
      reads("snapshotArns"),
    ]),
  ],
  ["aws:memorydb:snapshot", copy("a snapshot of it is made", [reads("clusterName", "aws:memorydb:cluster")])],

  // Tables.
  [
    "aws:dynamodb:table",
    {
      ...copy(
        "what it holds is replicated, or read as it changes",
        [
          reads("restoreSourceName", ...tables),
          reads("restoreSourceTableArn", ...tables),
          reads("restoreBackupArn"),
        ],
        itself,
        toRegion("replicas.regionName"),
        toRegion("globalTableWitness.regionName"),
        // So Cloud Control writes what is a resource of its own with the classic provider.
        to("kinesisStreamSpecification.streamArn", ...streams),
        to("replicas.kinesisStreamSpecification.streamArn", ...streams),
        { kind: "reader", setting: setting("streamEnabled", [false], true), readers: streamReaders },
      ),
      remedy: "Keep the table in one region, and let something of the stack in the PHI zone read its stream.",
    },
  ],
  [
    "aws:dynamodb:tablereplica",
    channel("it is replicated to another region", [reads("globalTableArn", ...tables)], out),
  ],
  [
    "aws:dynamodb:globaltable",
    channel("it is replicated to other regions", [reads("name", ...tables)], toRegion("replicas.regionName")),
  ],
  [
    "aws:dynamodb:tableexport",
    channel(
      "it is exported to a bucket",
      [reads("tableArn", ...tables)],
      to("s3Bucket", ...bucketTypes),
      toAccount("s3BucketOwner"),
    ),
  ],
  [
    "aws:dynamodb:kinesisstreamingdestination",
    channel(
      "its changes are put into a stream",
      [reads("tableName", ...tables)],
      to("streamArn", ...streams),
    ),
  ],

  // Search.
  [
    "aws:opensearch:outboundconnection",
    channel(
      "two search domains answer each other's queries",
      [reads("localDomainInfo.domainName", ...domains), reads("remoteDomainInfo.domainName", ...domains)],
      toAccount("localDomainInfo.ownerId"),
      toAccount("remoteDomainInfo.ownerId"),
      toRegion("localDomainInfo.region"),
      toRegion("remoteDomainInfo.region"),
      to("localDomainInfo.domainName", ...domains),
      to("remoteDomainInfo.domainName", ...domains),
    ),
  ],
  [
    "aws:opensearch:inboundconnectionaccepter",
    {
      ...channel("another search domain may query it", []),
      readsAccount: domains,
      exits: [
        {
          kind: "resource",
          path: ["connectionId"],
          types: ["aws:opensearch:outboundconnection"],
          anyZone: true,
        },
      ],
    },
  ],
  [
    "aws:opensearch:authorizevpcendpointaccess",
    channel(
      "another account may make an endpoint of it",
      [reads("domainName", ...domains)],
      toAccount("account"),
    ),
  ],
  [
    "aws:opensearch:vpcendpoint",
    placed("an endpoint lets others at it outside of the PHI zone", [reads("domainArn", ...domains)]),
  ],
  [
    "aws:opensearchingest:pipeline",
    channel(
      "a pipeline sends it to where its configuration says, which the judge does not read",
      [reads("pipelineConfigurationBody")],
      out,
    ),
  ],

  // Disks, images and vaults.
  ["aws:backup:vault", store("its backups leave")],
  [
    "aws:ebs:volume",
    copy("a disk is made of it", [reads("snapshotId", ...diskSnapshots)], unlessSet("outpostArn")),
  ],
  [
    "aws:ebs:snapshot",
    copy("a snapshot of it leaves", [reads("volumeId", "aws:ebs:volume")], unlessSet("outpostArn")),
  ],
  [
    "aws:ebs:snapshotcopy",
    copy(
      "a snapshot of it is copied",
      [reads("sourceSnapshotId", ...diskSnapshots)],
      itself,
      toRegion("sourceRegion"),
    ),
  ],
  [
    "aws:ec2:ami",
    copy("an image is made of it", [reads("ebsBlockDevices.snapshotId", ...diskSnapshots)], itself),
  ],
  [
    "aws:ec2:amicopy",
    copy(
      "an image of it is copied",
      [reads("sourceAmiId", ...images)],
      itself,
      toRegion("sourceAmiRegion"),
      unlessSet("destinationOutpostArn"),
    ),
  ],
  ["aws:ec2:amifrominstance", copy("an image is made of it", [reads("sourceInstanceId")], itself)],
  [
    "aws:ec2:instance",
    placed("an instance outside of the PHI zone is started from it", [
      reads("ami", ...images),
      reads("ebsBlockDevices.snapshotId", ...diskSnapshots),
    ]),
  ],
  [
    "aws:ec2:amilaunchpermission",
    channel(
      "an image of it is shared",
      [reads("imageId", ...images)],
      toAccount("accountId"),
      unlessSet("group"),
      unlessSet("organizationArn"),
      unlessSet("organizationalUnitArn"),
    ),
  ],
  [
    "aws:ec2:snapshotcreatevolumepermission",
    channel("a snapshot of it is shared", [reads("snapshotId", ...diskSnapshots)], toAccount("accountId")),
  ],
  [
    "aws:ec2:volumeattachment",
    channel(
      "a disk is attached to an instance",
      [reads("volumeId", "aws:ebs:volume")],
      to("instanceId", "aws:ec2:instance"),
    ),
  ],

  // Files.
  ["aws:efs:filesystem", store("what it holds leaves")],
  [
    "aws:efs:replicationconfiguration",
    channel(
      "it is replicated to another file system",
      [reads("sourceFileSystemId", "aws:efs:filesystem")],
      toRegion("destination.region"),
      to("destination.fileSystemId", "aws:efs:filesystem"),
    ),
  ],
  [
    "aws:efs:mounttarget",
    placed("it is mounted outside of the PHI zone", [reads("fileSystemId", "aws:efs:filesystem")]),
  ],
  ["aws:efs:accesspoint", pointer("a way to it", [reads("fileSystemId", "aws:efs:filesystem")])],
  ...locations.map((type): [ResourceType, SideChannelType] => [
    type,
    pointer("files are moved from it", [
      reads("s3BucketArn"),
      reads("efsFileSystemArn"),
      reads("fsxFilesystemArn"),
      reads("storageVirtualMachineArn"),
    ]),
  ]),
  [
    "aws:datasync:task",
    channel(
      "files are moved from it",
      [reads("sourceLocationArn", ...locations)],
      to("destinationLocationArn", ...locations),
      to("cloudwatchLogGroupArn", ...logGroups),
      to("taskReportConfig.s3Destination.s3BucketArn", ...bucketTypes),
    ),
  ],
  [
    "aws:transfer:user",
    channel(
      "a user of a file server reads it",
      [reads("homeDirectory"), reads("homeDirectoryMappings")],
      to("serverId", "aws:transfer:server"),
    ),
  ],
  [
    "aws:transfer:access",
    channel(
      "users of a file server read it",
      [reads("homeDirectory"), reads("homeDirectoryMappings")],
      to("serverId", "aws:transfer:server"),
    ),
  ],

  // Buckets, besides what is said of one in Buckets.
  ["aws:s3control:bucket", store("what it holds leaves")],
  [
    "aws:s3:objectcopy",
    channel("an object of it is copied", [reads("source")], to("bucket", ...bucketTypes)),
  ],
  [
    "aws:s3control:multiregionaccesspoint",
    channel("an access point of many regions answers for it", [reads("details.regions.bucket")], out),
  ],

  // Pipelines.
  ...dmsEndpoints.map((type): [ResourceType, SideChannelType] => [
    type,
    pointer("a migration reads it", [reads("serverName"), reads("bucketName", ...bucketTypes)], {
      kind: "reader",
      setting: setting("endpointType", ["target"], false),
      readers: ["aws:dms:replicationtask", "aws:dms:replicationconfig"],
    }),
  ]),
  ...(["aws:dms:replicationtask", "aws:dms:replicationconfig"] as const).map(
    (type): [ResourceType, SideChannelType] => [
      type,
      channel(
        "a migration copies it",
        [reads("sourceEndpointArn", ...dmsEndpoints)],
        to("targetEndpointArn", ...dmsEndpoints),
      ),
    ],
  ),
  [
    "aws:glue:connection",
    channel(
      "jobs that the stack does not show read it by a connection",
      [reads("connectionProperties")],
      out,
    ),
  ],
  [
    "aws:kinesis:firehosedeliverystream",
    {
      ...channel(
        "records are delivered from it",
        [reads("kinesisSourceConfiguration.kinesisStreamArn"), reads("mskSourceConfiguration.mskClusterArn")],
        ...delivered("extendedS3Configuration", to("extendedS3Configuration.bucketArn", ...bucketTypes)),
        ...delivered(
          "redshiftConfiguration",
          to("redshiftConfiguration.clusterJdbcurl", "aws:redshift:cluster"),
        ),
        ...(["elasticsearchConfiguration", "opensearchConfiguration"] as const).flatMap((configuration) =>
          delivered(
            configuration,
            to(`${configuration}.domainArn`, ...domains),
            to(`${configuration}.clusterEndpoint`, ...domains),
          ),
        ),
        ...delivered(
          "opensearchserverlessConfiguration",
          to("opensearchserverlessConfiguration.collectionEndpoint", "aws:opensearch:serverlesscollection"),
        ),
        ...[
          "httpEndpointConfiguration",
          "icebergConfiguration",
          "snowflakeConfiguration",
          "splunkConfiguration",
        ].map(unlessSet),
      ),
      needsExit: true,
    },
  ],
  ["aws:kinesis:stream", store("its records leave")],
  [
    "aws:appflow:flow",
    channel(
      "a flow carries it to another service",
      [reads("sourceFlowConfig")],
      unless("destinationFlowConfigs.connectorType", ["S3"], false),
      to("destinationFlowConfigs.destinationConnectorProperties.s3.bucketName", ...bucketTypes),
    ),
  ],
  [
    "aws:athena:workgroup",
    {
      ...store(
        "answers to questions about it are kept",
        to("configuration.resultConfiguration.outputLocation", ...bucketTypes),
        toAccount("configuration.resultConfiguration.expectedBucketOwner"),
      ),
      needsExit: true,
    },
  ],
  [
    "aws:cloudwatch:eventrule",
    pointer("events of it are selected", [
      reads("eventPattern"),
      reads("eventBusName", "aws:cloudwatch:eventbus"),
    ]),
  ],
  ["aws:cloudwatch:eventbus", store("events on it leave", to("deadLetterConfig.arn", ...queues))],
  [
    "aws:cloudwatch:eventtarget",
    {
      ...channel(
        "events are sent on",
        [reads("rule", "aws:cloudwatch:eventrule"), reads("eventBusName", "aws:cloudwatch:eventbus")],
        to("arn", ...receivers),
        to("deadLetterConfig.arn", ...queues),
      ),
      holdsNothing: true,
      readsNothingElse: true,
    },
  ],
  [
    "aws:pipes:pipe",
    channel(
      "a pipe carries it on",
      [reads("source")],
      to("target", ...receivers),
      to("enrichment", ...functions),
      to("logConfiguration.cloudwatchLogsLogDestination.logGroupArn", ...logGroups),
      to("logConfiguration.firehoseLogDestination.deliveryStreamArn", ...deliveries),
      to("logConfiguration.s3LogDestination.bucketName", ...bucketTypes),
      to("sourceParameters.dynamodbStreamParameters.deadLetterConfig.arn", ...queues, "aws:sns:topic"),
      to("sourceParameters.kinesisStreamParameters.deadLetterConfig.arn", ...queues, "aws:sns:topic"),
    ),
  ],
  [
    "aws:lambda:eventsourcemapping",
    channel(
      "a function reads it",
      [reads("eventSourceArn")],
      to("functionName", ...functions),
      to("destinationConfig.onFailure.destinationArn", ...receivers, ...bucketTypes),
    ),
  ],
  [
    "aws:lambda:functioneventinvokeconfig",
    channel(
      "what a function says is sent on",
      [reads("functionName", ...functions)],
      to("destinationConfig.onFailure.destination", ...receivers, ...bucketTypes),
      to("destinationConfig.onSuccess.destination", ...receivers, ...bucketTypes),
    ),
  ],
  ["aws:sns:topic", store("what is published on it leaves")],
  [
    "aws:sns:topicsubscription",
    channel(
      "what is published on a topic is sent to a subscriber",
      [reads("topic", "aws:sns:topic")],
      unless("protocol", deliveredToResources, false),
      to("endpoint", ...queues, ...functions, ...deliveries),
      toWithin("redrivePolicy", "deadLetterTargetArn", ...queues),
    ),
  ],
  ["aws:sqs:queue", store("messages leave it", toWithin("redrivePolicy", "deadLetterTargetArn", ...queues))],
  [
    "aws:sqs:redrivepolicy",
    channel(
      "messages leave it",
      [reads("queueUrl", ...queues)],
      toWithin("redrivePolicy", "deadLetterTargetArn", ...queues),
    ),
  ],
  [
    "aws:mskconnect:connector",
    channel(
      "a connector sends it to where its configuration says, which the judge does not read",
      [reads("kafkaCluster"), reads("connectorConfiguration")],
      out,
    ),
  ],

  // Logs.
  [
    "aws:cloudwatch:logsubscriptionfilter",
    channel(
      "what is logged is sent on",
      [reads("logGroup", ...logGroups)],
      to("destinationArn", ...streams, ...deliveries, ...functions, "aws:cloudwatch:logdestination"),
    ),
  ],
  [
    "aws:cloudwatch:logmetricfilter",
    channel(
      "what is logged becomes the name of a measurement, which is in no zone",
      [reads("logGroupName", ...logGroups)],
      unlessSet("metricTransformation.dimensions"),
    ),
  ],
  [
    "aws:cloudwatch:logdestination",
    store("what is logged is sent on", to("targetArn", ...streams, ...deliveries)),
  ],
  [
    "aws:cloudwatch:logaccountpolicy",
    {
      ...channel(
        "what is logged is sent on",
        [],
        toWithin("policyDocument", "DestinationArn", ...streams, ...deliveries, ...functions),
      ),
      readsAccount: logGroups,
    },
  ],
  ["aws:cloudwatch:metricstream", channel("measurements are sent on", [], to("firehoseArn", ...deliveries))],
  [
    "aws:oam:link",
    {
      ...channel("another account reads what is logged and measured", [], toAccount("sinkIdentifier")),
      readsAccount: logGroups,
    },
  ],
  [
    "aws:bedrockmodel:invocationloggingconfiguration",
    {
      ...channel(
        "what models are asked and answer is logged",
        [],
        to("loggingConfig.s3Config.bucketName", ...bucketTypes),
        to("loggingConfig.cloudwatchConfig.logGroupName", ...logGroups),
        to("loggingConfig.cloudwatchConfig.largeDataDeliveryS3Config.bucketName", ...bucketTypes),
      ),
      readsAccount: "everything",
    },
  ],

  // Sharing.
  ["aws:ram:resourceassociation", channel("it is shared with others", [reads("resourceArn")], out)],
  ["aws:ram:resourceshare", store("what is in it is shared with others")],
  [
    "aws:ram:principalassociation",
    channel(
      "it is shared with others",
      [reads("resourceShareArn", "aws:ram:resourceshare")],
      toAccount("principal"),
    ),
  ],
  [
    "aws:lakeformation:permissions",
    channel("somebody may read it", [reads("dataLocation.arn")], toAccount("principal")),
  ],
  [
    "aws:redshift:clustersnapshot",
    copy("a snapshot of it is made", [reads("clusterIdentifier", "aws:redshift:cluster")]),
  ],
  [
    "aws:redshift:cluster",
    placed("a restored copy of it is outside of the PHI zone", [
      reads("snapshotIdentifier", "aws:redshift:clustersnapshot"),
      reads("snapshotArn", "aws:redshift:clustersnapshot"),
    ]),
  ],
  [
    "aws:redshift:snapshotcopy",
    channel(
      "its snapshots are copied to another region",
      [reads("clusterIdentifier", "aws:redshift:cluster")],
      out,
    ),
  ],
  [
    "aws:redshift:logging",
    channel(
      "what is asked of it is logged to a bucket",
      [reads("clusterIdentifier", "aws:redshift:cluster")],
      to("bucketName", ...bucketTypes),
    ),
  ],
  [
    "aws:redshift:clusteriamroles",
    channel(
      "its roles let it write what it holds to other services",
      [reads("clusterIdentifier", "aws:redshift:cluster")],
      unlessSet("iamRoleArns"),
      unlessSet("defaultIamRoleArn"),
    ),
  ],
  [
    "aws:redshift:datashareauthorization",
    channel("its data is shared", [reads("dataShareArn", ...warehouses)], toAccount("consumerIdentifier")),
  ],
  [
    "aws:redshift:endpointauthorization",
    channel(
      "another account may make an endpoint of it",
      [reads("clusterIdentifier", "aws:redshift:cluster")],
      toAccount("account"),
    ),
  ],
  [
    "aws:redshift:endpointaccess",
    placed("an endpoint lets others at it outside of the PHI zone", [
      reads("clusterIdentifier", "aws:redshift:cluster"),
    ]),
  ],
  [
    "aws:redshift:integration",
    channel("what it holds is copied to a warehouse", [reads("sourceArn")], to("targetArn", ...warehouses)),
  ],
  [
    "aws:redshiftserverless:namespace",
    store(
      "its roles let it write what it holds to other services",
      unlessSet("iamRoles"),
      unlessSet("defaultIamRoleArn"),
    ),
  ],
  [
    "aws:redshiftserverless:snapshot",
    copy("a snapshot of it is made", [reads("namespaceName", "aws:redshiftserverless:namespace")]),
  ],
  [
    "aws:redshiftserverless:endpointaccess",
    placed("an endpoint lets others at it outside of the PHI zone", [
      reads("workgroupName", "aws:redshiftserverless:workgroup"),
    ]),
  ],
]);
