import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";

/** How a type of resource is named by others, besides its id and its ARN. */
interface NamedType {
  /** Inputs by which the program names it, so that others can write the name down before it exists. */
  readonly by: readonly string[];
  /** How its ARN ends before the name: the service, and what stands between the account and the name. */
  readonly arns?: readonly (readonly [service: string, before: string])[];
  /** Outputs that hold further names of it. */
  readonly outputs?: readonly string[];
}

const rds = (by: string, kind: string, ...outputs: readonly string[]): NamedType => ({
  by: [by],
  arns: [["rds", `${kind}:`]],
  outputs,
});

const named = (
  by: string,
  arn?: readonly [service: string, before: string],
  ...outputs: readonly string[]
): NamedType => ({ by: [by], ...(arn === undefined ? {} : { arns: [arn] }), outputs });

/** The types whose resources others may name by a text of the program's, in the SDK's words (@pulumi/aws 7.48). */
const namedTypes: ReadonlyMap<ResourceType, NamedType> = new Map<ResourceType, NamedType>([
  ["aws:athena:workgroup", named("name", ["athena", "workgroup/"])],
  ["aws:backup:logicallyairgappedvault", named("name", ["backup", "backup-vault:"])],
  ["aws:backup:vault", named("name", ["backup", "backup-vault:"])],
  ["aws:cloudwatch:eventbus", named("name", ["events", "event-bus/"])],
  ["aws:cloudwatch:eventrule", named("name", ["events", "rule/"])],
  ["aws:cloudwatch:logdestination", named("name", ["logs", "destination:"])],
  ["aws:cloudwatch:loggroup", named("name", ["logs", "log-group:"])],
  ["aws:datasync:s3location", named("uri")],
  ["aws:dms:endpoint", named("endpointId", undefined, "endpointArn")],
  ["aws:dms:s3endpoint", named("endpointId", undefined, "endpointArn")],
  ["aws:docdb:cluster", rds("clusterIdentifier", "cluster", "endpoint", "readerEndpoint")],
  ["aws:docdb:clusterinstance", rds("identifier", "db", "endpoint")],
  [
    "aws:docdb:clustersnapshot",
    rds("dbClusterSnapshotIdentifier", "cluster-snapshot", "dbClusterSnapshotArn"),
  ],
  ["aws:docdb:subnetgroup", rds("name", "subgrp")],
  ["aws:dynamodb:table", named("name", ["dynamodb", "table/"], "streamArn")],
  [
    "aws:elasticache:replicationgroup",
    named("replicationGroupId", ["elasticache", "replicationgroup:"], "primaryEndpointAddress"),
  ],
  ["aws:elasticache:cluster", named("clusterId", ["elasticache", "cluster:"])],
  ["aws:elasticache:serverlesscache", named("name", ["elasticache", "serverlesscache:"])],
  ["aws:elasticache:subnetgroup", named("name", ["elasticache", "subnetgroup:"])],
  ["aws:elasticsearch:domain", named("domainName", ["es", "domain/"], "endpoint")],
  ["aws:kinesis:firehosedeliverystream", named("name", ["firehose", "deliverystream/"])],
  ["aws:kinesis:stream", named("name", ["kinesis", "stream/"])],
  ["aws:kms:key", { by: [], outputs: ["keyId"] }],
  ["aws:kms:replicakey", { by: [], outputs: ["keyId"] }],
  ["aws:lambda:function", named("name", ["lambda", "function:"], "invokeArn", "qualifiedArn")],
  [
    "aws:lb:loadbalancer",
    {
      by: ["name"],
      arns: (["app", "net", "gwy"] as const).map(
        (kind) => ["elasticloadbalancing", `loadbalancer/${kind}/`] as const,
      ),
      outputs: ["dnsName", "arnSuffix"],
    },
  ],
  ["aws:memorydb:cluster", named("name", ["memorydb", "cluster/"])],
  ["aws:memorydb:snapshot", named("name", ["memorydb", "snapshot/"])],
  ["aws:memorydb:subnetgroup", named("name", ["memorydb", "subnetgroup/"])],
  ["aws:msk:cluster", named("clusterName", ["kafka", "cluster/"])],
  ["aws:neptune:cluster", rds("clusterIdentifier", "cluster", "endpoint", "readerEndpoint")],
  ["aws:neptune:clusterinstance", rds("identifier", "db", "address")],
  [
    "aws:neptune:clustersnapshot",
    rds("dbClusterSnapshotIdentifier", "cluster-snapshot", "dbClusterSnapshotArn"),
  ],
  ["aws:neptune:subnetgroup", rds("name", "subgrp")],
  ["aws:opensearch:domain", named("domainName", ["es", "domain/"], "endpoint", "domainId")],
  [
    "aws:opensearch:serverlesscollection",
    named("name", undefined, "collectionEndpoint", "dashboardEndpoint"),
  ],
  ["aws:rds:cluster", rds("clusterIdentifier", "cluster", "endpoint", "readerEndpoint", "clusterResourceId")],
  ["aws:rds:clusterinstance", rds("identifier", "db", "endpoint", "dbiResourceId")],
  ["aws:rds:clustersnapshot", rds("dbClusterSnapshotIdentifier", "cluster-snapshot", "dbClusterSnapshotArn")],
  [
    "aws:rds:clustersnapshotcopy",
    rds("targetDbClusterSnapshotIdentifier", "cluster-snapshot", "dbClusterSnapshotArn"),
  ],
  ["aws:rds:instance", rds("identifier", "db", "address", "endpoint", "resourceId")],
  ["aws:rds:proxy", named("name", undefined, "endpoint")],
  ["aws:rds:snapshot", rds("dbSnapshotIdentifier", "snapshot", "dbSnapshotArn")],
  ["aws:rds:snapshotcopy", rds("targetDbSnapshotIdentifier", "snapshot", "dbSnapshotArn")],
  ["aws:rds:subnetgroup", rds("name", "subgrp")],
  [
    "aws:redshift:cluster",
    named("clusterIdentifier", ["redshift", "cluster:"], "clusterNamespaceArn", "dnsName", "endpoint"),
  ],
  ["aws:redshift:clustersnapshot", named("snapshotIdentifier")],
  ["aws:redshift:subnetgroup", named("name", ["redshift", "subnetgroup:"])],
  ["aws:redshiftserverless:namespace", named("namespaceName", undefined, "namespaceId")],
  ["aws:redshiftserverless:workgroup", named("workgroupName", undefined, "workgroupId")],
  ["aws:s3:accesspoint", named("name", ["s3", "accesspoint/"], "alias", "domainName")],
  ["aws:s3:bucket", named("bucket", ["s3", ""], "bucketDomainName", "bucketRegionalDomainName")],
  ["aws:s3:bucketv2", named("bucket", ["s3", ""], "bucketDomainName", "bucketRegionalDomainName")],
  ["aws:servicediscovery:privatednsnamespace", { by: [], outputs: ["hostedZone"] }],
  ["aws:sns:topic", named("name", ["sns", ""])],
  ["aws:sqs:queue", named("name", ["sqs", ""], "url")],
]);

/** What others may call a resource, as far as it is known. */
export interface PhysicalNames {
  /** Names that the program gives; each tells one resource of a type from another. */
  readonly names: readonly string[];
  /** Those of them that are the end of its ARN. */
  readonly namesInArn: readonly string[];
  /** Ends of its ARN, from the service on and without region and account: `rds:cluster:records`. */
  readonly arnEnds: readonly string[];
  /** Names of which there is one in the world, which the cloud gives. */
  readonly outputs: readonly string[];
  /** Whether the program gives it a name that is not known. */
  readonly isUnknown: boolean;
  /** How the ends of its ARN begin, whatever its name is: `rds:cluster:`. */
  readonly arnStarts: readonly string[];
}

/** Reads what others may call a resource, besides its id and its ARN. */
export function physicalNames(type: ResourceType, read: (key: string) => Reading<unknown>): PhysicalNames {
  const { by, arns = [], outputs = [] } = namedTypes.get(type) ?? { by: [] };
  const given = by.map((key) => textOf(read(key)));
  const starts = arns.map(([service, before]) => `${service}:${before}`);
  const names = given.flatMap((name) => (name.kind === "known" ? [name.value] : []));
  return {
    names,
    namesInArn: starts.length === 0 ? [] : names,
    arnEnds: names.flatMap((name) => starts.map((start) => `${start}${name}`)),
    arnStarts: starts,
    outputs: outputs.flatMap((key) => {
      const name = textOf(read(key));
      return name.kind === "known" ? [name.value] : [];
    }),
    isUnknown: given.some(({ kind }) => kind === "unknown"),
  };
}

/** What an ARN says: `undefined` for what is none. */
export interface ArnParts {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

const arnPattern = /^arn:[^:]*:(?<service>[^:]*):(?<region>[^:]*):(?<account>[^:]*):(?<resource>.+)$/s;
const queueUrl =
  /^https:\/\/sqs\.(?<region>[\w-]+)\.amazonaws\.com(?:\.cn)?\/(?<account>\d{12})\/(?<resource>[\w.-]+)$/;

/** Takes an ARN apart, or a queue's URL, which says the same. */
export function arnParts(text: string): ArnParts | undefined {
  const {
    service = "sqs",
    region = "",
    account = "",
    resource = "",
  } = arnPattern.exec(text)?.groups ?? queueUrl.exec(text)?.groups ?? {};
  return resource === "" ? undefined : { service, region, account, resource };
}

/** The ends of ARNs of which one may be a part: of a stream of a table, the stream's own and the table's. */
export function arnEndsOf({ service, resource }: ArnParts): readonly string[] {
  const cuts = [...resource.matchAll(/[:/]/g)].map(({ index }) => resource.slice(0, index));
  return [resource, ...cuts.reverse()].map((end) => `${service}:${end}`);
}
