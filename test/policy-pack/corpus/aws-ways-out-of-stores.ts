import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import {
  advised,
  bucket,
  cluster,
  database,
  foreignAccount,
  instance,
  lambda,
  ownAccount,
  ownAccountOnly,
  place,
  policy,
  refused,
  role,
  rootOf,
  search,
  stream,
  table,
  tagsOf,
  vault,
  type Kind,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

/** The ARN of a thing of the database service in the stack's account. */
const rdsArn = (what: string): string => `arn:aws:rds:us-east-1:${ownAccount}:${what}`;

function snapshot(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  return stack.add("aws:rds/snapshot:Snapshot", "snapshot", {
    dbInstanceIdentifier: `${database(stack, kind)}.identifier`,
    dbSnapshotIdentifier: "snapshot",
    ...more,
  });
}

function clusterSnapshot(stack: Sketch, kind: Kind, more: Inputs = {}): string {
  return stack.add("aws:rds/clusterSnapshot:ClusterSnapshot", "snapshot", {
    dbClusterIdentifier: cluster(stack, kind),
    dbClusterSnapshotIdentifier: "snapshot",
    ...more,
  });
}

const snapshotCopies: readonly (readonly [name: string, bad: Inputs])[] = [
  ["into another region", { destinationRegion: "us-west-2" }],
  ["for another account", { sharedAccounts: [foreignAccount] }],
];

function databaseProxy(stack: Sketch, where: "phi" | "gateway"): void {
  const { subnet, group } = place(stack, where);
  stack.add("aws:rds/proxyTarget:ProxyTarget", "proxy-target", {
    targetGroupName: "default",
    dbClusterIdentifier: cluster(stack, "phi"),
    dbProxyName: stack.add("aws:rds/proxy:Proxy", "proxy", {
      engineFamily: "POSTGRESQL",
      roleArn: role("proxy"),
      requireTls: true,
      vpcSubnetIds: [subnet],
      vpcSecurityGroupIds: [group],
    }),
  });
}

const databases: readonly CorpusCase[] = [
  refused(
    "AE-32",
    "a cluster's role for export",
    (stack, featureName: string) =>
      stack.add("aws:rds/clusterRoleAssociation:ClusterRoleAssociation", "feature", {
        dbClusterIdentifier: cluster(stack, "phi"),
        featureName,
        roleArn: role("feature"),
      }),
    "s3Export",
    "s3Import",
  ),
  ...["Lambda", "SageMaker", "Bedrock"].map((featureName) =>
    refused(
      "AE-32",
      `a cluster's role for ${featureName}, by the cluster's name`,
      (stack, kind: Kind) => {
        cluster(stack, kind);
        stack.add("aws:rds/clusterRoleAssociation:ClusterRoleAssociation", "feature", {
          dbClusterIdentifier: `${kind}-cluster`,
          featureName,
          roleArn: role("feature"),
        });
      },
      "phi",
      "plain",
    ),
  ),
  refused(
    "AE-32",
    "a database's role",
    (stack, kind: Kind) =>
      stack.add("aws:rds/roleAssociation:RoleAssociation", "feature", {
        dbInstanceIdentifier: `${database(stack, kind)}.identifier`,
        featureName: "s3Export",
        roleArn: role("feature"),
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "roles that a cluster has for any feature",
    (stack, iamRoles: readonly string[]) => cluster(stack, "phi", { iamRoles }),
    [role("feature")],
    [],
  ),
  refused(
    "AE-32",
    "a role that a cluster by aws-native has",
    (stack, associatedRoles: readonly Inputs[]) => {
      const { subnet, group } = place(stack, "phi");
      stack.add("aws-native:rds:DbCluster", "records", {
        dbClusterIdentifier: "records",
        engine: "aurora-postgresql",
        storageEncrypted: true,
        dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "records-subnets", {
          subnetIds: [subnet],
          tags: inZone("phi"),
        }),
        vpcSecurityGroupIds: [group],
        associatedRoles,
        tags: [{ key: "bulkhead-zone", value: "phi" }],
      });
    },
    [{ featureName: "s3Export", roleArn: role("feature") }],
    [],
  ),
  refused(
    "AE-32",
    "an export of a snapshot",
    (stack, to: string) => {
      bucket(stack, "phi");
      stack.add("aws:rds/exportTask:ExportTask", "export", {
        exportTaskIdentifier: "export",
        sourceArn: `${snapshot(stack, "phi", { tags: inZone("phi") })}.dbSnapshotArn`,
        s3BucketName: to,
        iamRoleArn: role("export"),
        kmsKeyId: "alias/export",
      });
    },
    "elsewhere-copies",
    "phi-documents",
  ),
  refused(
    "AE-32",
    "an export of a cluster, by its ARN",
    (stack, kind: Kind) => {
      cluster(stack, kind);
      stack.add("aws:rds/exportTask:ExportTask", "export", {
        exportTaskIdentifier: "export",
        sourceArn: rdsArn(`cluster:${kind}-cluster`),
        s3BucketName: "elsewhere-copies",
        iamRoleArn: role("export"),
        kmsKeyId: "alias/export",
      });
    },
    "phi",
    "plain",
  ),
  ...snapshotCopies.flatMap(([name, bad]) => [
    refused(
      "AE-32",
      `a copy of a snapshot ${name}`,
      (stack, more: Inputs) =>
        stack.add("aws:rds/snapshotCopy:SnapshotCopy", "copy", {
          sourceDbSnapshotIdentifier: `${snapshot(stack, "phi", { tags: inZone("phi") })}.dbSnapshotArn`,
          targetDbSnapshotIdentifier: "copy",
          tags: inZone("phi"),
          ...more,
        }),
      bad,
      {},
    ),
    refused(
      "AE-32",
      `a copy of a cluster's snapshot ${name}`,
      (stack, more: Inputs) =>
        stack.add("aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy", "copy", {
          sourceDbClusterSnapshotIdentifier: `${clusterSnapshot(stack, "phi", { tags: inZone("phi") })}.dbClusterSnapshotArn`,
          targetDbClusterSnapshotIdentifier: "copy",
          tags: inZone("phi"),
          ...more,
        }),
      bad,
      {},
    ),
  ]),
  ...["all", foreignAccount].flatMap((account) => [
    refused(
      "AE-32",
      `a snapshot shared with ${account}`,
      (stack, sharedAccounts: readonly string[]) =>
        snapshot(stack, "phi", { tags: inZone("phi"), sharedAccounts }),
      [account],
      [],
    ),
    refused(
      "AE-32",
      `a cluster's snapshot, which says no zone, shared with ${account}`,
      (stack, kind: Kind) => clusterSnapshot(stack, kind, { sharedAccounts: [account] }),
      "phi",
      "plain",
    ),
  ]),
  refused(
    "AE-32",
    "backups that are replicated to another region",
    (stack, kind: Kind) =>
      stack.add(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "replication",
        { region: "us-west-2", sourceDbInstanceArn: `${database(stack, kind)}.arn` },
      ),
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "backups that are replicated to another region, by the database's ARN",
    (stack, kind: Kind) => {
      database(stack, kind);
      stack.add(
        "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
        "replication",
        { region: "us-west-2", sourceDbInstanceArn: rdsArn(`db:${kind}-db`) },
      );
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "backups that a database by aws-native replicates to another region",
    (stack, more: Inputs) =>
      stack.add("aws-native:rds:DbInstance", "records", {
        dbInstanceIdentifier: "records",
        engine: "postgres",
        dbInstanceClass: "db.m7g.large",
        storageEncrypted: true,
        publiclyAccessible: false,
        dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "records-subnets", {
          subnetIds: [stack.id("phi-subnet")],
          tags: inZone("phi"),
        }),
        vpcSecurityGroups: [stack.id("phi-group")],
        tags: [{ key: "bulkhead-zone", value: "phi" }],
        ...more,
      }),
    { automaticBackupReplicationRegion: "us-west-2" },
    {},
  ),
  refused(
    "AE-32",
    "a global cluster",
    (stack, kind: Kind) =>
      stack.add("aws:rds/globalCluster:GlobalCluster", "global", {
        globalClusterIdentifier: "global",
        sourceDbClusterIdentifier: `${cluster(stack, kind)}.arn`,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "a part in a global cluster that nobody knows",
    (stack, more: Inputs) => cluster(stack, "phi", more),
    { globalClusterIdentifier: "elsewhere" },
    {},
  ),
  refused(
    "AE-32",
    "a replica in another region",
    (stack, kind: Kind) => {
      database(stack, kind);
      stack.add("aws:rds/instance:Instance", "replica", {
        identifier: "replica",
        instanceClass: "db.m7g.large",
        region: "us-west-2",
        replicateSourceDb: rdsArn(`db:${kind}-db`),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "a replica outside the zone",
    (stack, zone: "gateway" | "phi") => {
      const { subnet, group } = place(stack, zone);
      stack.add("aws:rds/instance:Instance", "replica", {
        identifier: "replica",
        instanceClass: "db.m7g.large",
        replicateSourceDb: `${database(stack, "phi")}.identifier`,
        dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "replica-subnets", {
          subnetIds: [subnet],
        }),
        vpcSecurityGroupIds: [group],
        tags: inZone(zone),
      });
    },
    "gateway",
    "phi",
  ),
  refused(
    "AE-32",
    "an integration with a warehouse that nobody knows",
    (stack, kind: Kind) =>
      stack.add("aws:rds/integration:Integration", "integration", {
        integrationName: "integration",
        sourceArn: `${cluster(stack, kind)}.arn`,
        targetArn: `arn:aws:redshift-serverless:us-east-1:${ownAccount}:namespace/01234567-89ab-cdef-0123-456789abcdef`,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-32",
    "an integration with a warehouse",
    (stack, kind: Kind) =>
      stack.add("aws:rds/integration:Integration", "integration", {
        integrationName: "integration",
        sourceArn: `${cluster(stack, "phi")}.arn`,
        targetArn: `${stack.add("aws:redshiftserverless/namespace:Namespace", "warehouse", {
          namespaceName: "warehouse",
          ...tagsOf(kind),
        })}.arn`,
      }),
    "plain",
    "phi",
  ),
  refused("AE-32", "a proxy outside the zone", databaseProxy, "gateway", "phi"),
];

const tableArn = (kind: Kind): string => `arn:aws:dynamodb:us-east-1:${ownAccount}:table/${kind}-table`;

const tables: readonly CorpusCase[] = [
  refused(
    "AE-34",
    "a replica of a table",
    (stack, kind: Kind) =>
      stack.add("aws:dynamodb/tableReplica:TableReplica", "replica", {
        region: "us-west-2",
        globalTableArn: `${table(stack, kind)}.arn`,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-34",
    "a replica of a table, by its ARN",
    (stack, kind: Kind) => {
      table(stack, kind);
      stack.add("aws:dynamodb/tableReplica:TableReplica", "replica", {
        region: "us-west-2",
        globalTableArn: tableArn(kind),
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-34",
    "a global table, by its name",
    (stack, kind: Kind) => {
      table(stack, kind);
      stack.add("aws:dynamodb/globalTable:GlobalTable", "global", {
        name: `${kind}-table`,
        replicas: [{ regionName: "us-east-1" }, { regionName: "us-west-2" }],
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-34",
    "replicas inside a table",
    (stack, replicas: readonly Inputs[]) => table(stack, "phi", { replicas }),
    [{ regionName: "us-west-2" }],
    [],
  ),
  refused(
    "AE-34",
    "a table by aws-native in two regions",
    (stack, regions: readonly string[]) =>
      stack.add("aws-native:dynamodb:GlobalTable", "records", {
        tableName: "records",
        billingMode: "PAY_PER_REQUEST",
        attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
        keySchema: [{ attributeName: "id", keyType: "HASH" }],
        replicas: regions.map((region) => ({
          region,
          tags: [{ key: "bulkhead-zone", value: "phi" }],
        })),
      }),
    ["us-east-1", "us-west-2"],
    ["us-east-1"],
  ),
  refused(
    "AE-34",
    "changes of a table for a function outside the network",
    (stack, kind: Kind) =>
      stack.add("aws:lambda/eventSourceMapping:EventSourceMapping", "changes", {
        eventSourceArn: `${table(stack, kind, { streamEnabled: true, streamViewType: "NEW_IMAGE" })}.streamArn`,
        functionName: `${lambda(stack, undefined)}.arn`,
        startingPosition: "LATEST",
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-34",
    "an export of a table",
    (stack, to: string) => {
      bucket(stack, "phi");
      stack.add("aws:dynamodb/tableExport:TableExport", "export", {
        tableArn: `${table(stack, "phi")}.arn`,
        s3Bucket: to,
      });
    },
    "elsewhere-copies",
    "phi-documents",
  ),
  refused(
    "AE-34",
    "an export of a table, by its ARN",
    (stack, kind: Kind) => {
      table(stack, kind);
      stack.add("aws:dynamodb/tableExport:TableExport", "export", {
        tableArn: tableArn(kind),
        s3Bucket: "elsewhere-copies",
        s3BucketOwner: foreignAccount,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-34",
    "changes of a table in a stream",
    (stack, kind: Kind) =>
      stack.add("aws:dynamodb/kinesisStreamingDestination:KinesisStreamingDestination", "changes", {
        tableName: `${table(stack, "phi")}.name`,
        streamArn: `${stream(stack, kind)}.arn`,
      }),
    "plain",
    "phi",
  ),
  refused(
    "AE-34",
    "a policy of a table that lets another account read",
    (stack, principal: string) =>
      stack.add("aws:dynamodb/resourcePolicy:ResourcePolicy", "table-policy", {
        resourceArn: `${table(stack, "phi")}.arn`,
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: principal },
          Action: "dynamodb:GetItem",
          Resource: tableArn("phi"),
        }),
      }),
    rootOf(foreignAccount),
    role("records"),
  ),
];

/** A collection of vectors with its endpoint, and what its network policy says. */
function collection(stack: Sketch, rules: (endpoint: string) => Inputs, type?: string): void {
  const { vpc, subnet, group } = place(stack, "phi");
  stack.add("aws:opensearch/serverlessCollection:ServerlessCollection", "vectors", {
    name: "phi-vectors",
    type: "VECTORSEARCH",
    tags: inZone("phi"),
  });
  const endpoint = stack.add(
    "aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint",
    "vectors-endpoint",
    {
      name: "vectors-endpoint",
      vpcId: vpc,
      subnetIds: [subnet],
      securityGroupIds: [group],
    },
  );
  // The endpoint itself takes no policy, and without one it lets calls through to anybody's collections.
  stack.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "vectors-endpoint-policy", {
    vpcEndpointId: endpoint,
    policy: policy({ ...ownAccountOnly, Action: "aoss:APIAccessAll" }),
  });
  stack.add(type ?? "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", "vectors-network", {
    name: "vectors-network",
    type: "network",
    policy: JSON.stringify([rules(endpoint)]),
  });
}

const network =
  (resource: string, isPublic: boolean): ((endpoint: string) => Inputs) =>
  (endpoint) => ({
    Rules: [{ ResourceType: "collection", Resource: [resource] }],
    ...(isPublic ? { AllowFromPublic: true } : { AllowFromPublic: false, SourceVPCEs: [endpoint] }),
  });

const searches: readonly CorpusCase[] = [
  refused(
    "AE-35",
    "a connection of a search domain to another account's",
    (stack, kind: Kind) =>
      stack.add("aws:opensearch/outboundConnection:OutboundConnection", "connection", {
        connectionAlias: "elsewhere",
        localDomainInfo: {
          domainName: `${search(stack, kind)}.domainName`,
          ownerId: ownAccount,
          region: "us-east-1",
        },
        remoteDomainInfo: { domainName: "elsewhere", ownerId: foreignAccount, region: "us-east-1" },
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-35",
    "a connection of a search domain to another account's, by its name",
    (stack, kind: Kind) => {
      search(stack, kind);
      stack.add("aws:opensearch/outboundConnection:OutboundConnection", "connection", {
        connectionAlias: "elsewhere",
        localDomainInfo: { domainName: `${kind}-search`, ownerId: ownAccount, region: "us-east-1" },
        remoteDomainInfo: { domainName: "elsewhere", ownerId: foreignAccount, region: "us-east-1" },
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-35",
    "a search domain that speaks without TLS too",
    (stack, enforceHttps: boolean) =>
      search(stack, "phi", {
        domainEndpointOptions: { enforceHttps, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      }),
    false,
    true,
  ),
  refused(
    "AE-35",
    "a search domain that does not say that it speaks TLS alone",
    (stack, more: Inputs) =>
      search(stack, "phi", {
        domainEndpointOptions: { tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10", ...more },
      }),
    {},
    { enforceHttps: true },
  ),
  ...["collection/phi-vectors", "collection/phi-*", "collection/*"].map((resource) =>
    refused(
      "AE-35",
      `a collection on the Internet by a policy for ${resource}`,
      (stack, isPublic: boolean) => {
        collection(stack, network(resource, isPublic));
      },
      true,
      false,
    ),
  ),
  refused(
    "AE-35",
    "a collection on the Internet by aws-native",
    (stack, isPublic: boolean) => {
      collection(
        stack,
        network("collection/phi-vectors", isPublic),
        "aws-native:opensearchserverless:SecurityPolicy",
      );
    },
    true,
    false,
  ),
  refused(
    "AE-35",
    "a pipeline from a table to a stranger's search domain",
    (stack, kind: Kind) => {
      table(stack, kind);
      stack.add("aws:opensearchingest/pipeline:Pipeline", "pipeline", {
        pipelineName: "pipeline",
        minUnits: 1,
        maxUnits: 2,
        pipelineConfigurationBody: [
          'version: "2"',
          "records:",
          "  source:",
          "    dynamodb:",
          "      tables:",
          `        - table_arn: "${tableArn(kind)}"`,
          "  sink:",
          "    - opensearch:",
          '        hosts: ["https://search.example.com"]',
        ].join("\n"),
      });
    },
    "phi",
    "plain",
  ),
];

const foreignVault = `arn:aws:backup:us-west-2:${foreignAccount}:backup-vault:elsewhere`;

function plan(stack: Sketch, targetVaultName: string, copyTo?: string): string {
  return stack.add("aws:backup/plan:Plan", "plan", {
    name: "plan",
    rules: [
      {
        ruleName: "daily",
        targetVaultName,
        schedule: "cron(0 5 * * ? *)",
        ...(copyTo === undefined ? {} : { copyActions: [{ destinationVaultArn: copyTo }] }),
      },
    ],
  });
}

function diskSnapshot(stack: Sketch, kind: Kind, tags: Inputs = tagsOf(kind)): string {
  return stack.add("aws:ebs/snapshot:Snapshot", "snapshot", {
    volumeId: stack.add("aws:ebs/volume:Volume", "disk", {
      availabilityZone: "us-east-1a",
      size: 100,
      encrypted: true,
      ...tagsOf(kind),
    }),
    ...tags,
  });
}

const backups: readonly CorpusCase[] = [
  refused(
    "AE-36",
    "backups that are copied to another account",
    (stack, isForeign: boolean) =>
      plan(
        stack,
        `${vault(stack, "phi")}.name`,
        isForeign ? foreignVault : `${vault(stack, "phi", "copies")}.arn`,
      ),
    true,
    false,
  ),
  refused(
    "AE-36",
    "backups that are copied by names and ARNs",
    (stack, isForeign: boolean) => {
      vault(stack, "phi");
      vault(stack, "phi", "copies");
      plan(
        stack,
        "phi-vault",
        isForeign ? foreignVault : `arn:aws:backup:us-east-1:${ownAccount}:backup-vault:phi-copies`,
      );
    },
    true,
    false,
  ),
  refused(
    "AE-36",
    "backups of a table in a vault of no zone",
    (stack, kind: Kind) =>
      stack.add("aws:backup/selection:Selection", "selection", {
        name: "selection",
        iamRoleArn: role("backup"),
        planId: plan(stack, `${vault(stack, kind)}.name`),
        resources: [`${table(stack, "phi")}.arn`],
      }),
    "plain",
    "phi",
  ),
  refused(
    "AE-36",
    "backups of all that calls itself PHI, copied to another account",
    (stack, value: string) =>
      stack.add("aws:backup/selection:Selection", "selection", {
        name: "selection",
        iamRoleArn: role("backup"),
        planId: plan(stack, "Default", foreignVault),
        selectionTags: [{ type: "STRINGEQUALS", key: "bulkhead-zone", value }],
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-36",
    "backups by aws-native that are copied to another account",
    (stack, kind: Kind) =>
      stack.add("aws-native:backup:BackupPlan", "plan", {
        backupPlan: {
          backupPlanName: "plan",
          backupPlanRule: [
            {
              ruleName: "daily",
              targetBackupVault: `${vault(stack, kind)}.name`,
              copyActions: [{ destinationBackupVaultArn: foreignVault }],
            },
          ],
        },
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-36",
    "a vault from which another account may copy",
    (stack, principal: string) =>
      stack.add("aws:backup/vaultPolicy:VaultPolicy", "vault-policy", {
        backupVaultName: `${vault(stack, "phi")}.name`,
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: principal },
          Action: ["backup:CopyFromBackupVault", "backup:StartRestoreJob"],
          Resource: "*",
        }),
      }),
    rootOf(foreignAccount),
    role("backup"),
  ),
  refused(
    "AE-36",
    "a copy of a disk's snapshot in another region",
    (stack, more: Inputs) =>
      stack.add("aws:ebs/snapshotCopy:SnapshotCopy", "copy", {
        sourceSnapshotId: diskSnapshot(stack, "phi"),
        sourceRegion: "us-east-1",
        encrypted: true,
        tags: inZone("phi"),
        ...more,
      }),
    { region: "us-west-2" },
    {},
  ),
  refused(
    "AE-36",
    "a disk's snapshot that another account may use",
    (stack, kind: Kind) =>
      stack.add("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", "permission", {
        snapshotId: diskSnapshot(stack, kind),
        accountId: foreignAccount,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-36",
    "a disk's snapshot, which says no zone, that another account may use",
    (stack, kind: Kind) =>
      stack.add("aws:ec2/snapshotCreateVolumePermission:SnapshotCreateVolumePermission", "permission", {
        snapshotId: diskSnapshot(stack, kind, {}),
        accountId: foreignAccount,
      }),
    "phi",
    "plain",
  ),
  ...[{ accountId: foreignAccount }, { group: "all" }].map((to) =>
    refused(
      "AE-36",
      `an image of an instance for the ${Object.keys(to).join()} ${Object.values(to).join()}`,
      (stack, where: "phi" | "gateway") =>
        stack.add("aws:ec2/amiLaunchPermission:AmiLaunchPermission", "permission", {
          imageId: stack.add("aws:ec2/amiFromInstance:AmiFromInstance", "image", {
            name: "image",
            sourceInstanceId: instance(stack, where),
          }),
          ...to,
        }),
      "phi",
      "gateway",
    ),
  ),
  ...["unblocked", "block-new-sharing"].map((bad) =>
    advised(
      "AE-36",
      `a block of snapshots' sharing that is ${bad}`,
      (stack, state: string) =>
        stack.add("aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess", "block", { state }),
      bad,
      "block-all-sharing",
    ),
  ),
];

/** Ways out by the settings of stores other than buckets: rows AE-32, and AE-34 to AE-36. */
export const awsWaysOutOfStores: readonly CorpusCase[] = [...databases, ...tables, ...searches, ...backups];
