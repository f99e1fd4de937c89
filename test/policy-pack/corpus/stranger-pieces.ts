import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";

/** The account of the stack. */
export const ownAccount = "111122223333";
/** An account of which the stack says nothing. */
export const foreignAccount = "999988887777";

/** The root of an account, which stands for all its principals. */
export function rootOf(account: string): string {
  return `arn:aws:iam::${account}:root`;
}

/** A role of the stack's account that the stack does not make. */
export function role(name: string): string {
  return `arn:aws:iam::${ownAccount}:role/${name}`;
}

type Build<T> = (stack: Sketch, value: T) => unknown;

/** A case whose two stacks are built alike, and differ in one value: the bad one is refused. */
export function refused<const T>(id: string, name: string, build: Build<T>, bad: T, good: T): CorpusCase {
  return {
    id,
    name,
    expected: "refused",
    bad: (stack) => build(stack, bad),
    good: (stack) => build(stack, good),
  };
}

/** The same where the bad one is accepted with advice. */
export function advised<const T>(id: string, name: string, build: Build<T>, bad: T, good: T): CorpusCase {
  return { ...refused(id, name, build, bad, good), expected: "advised" };
}

/** Where something is put: in a subnet of a zone, or in a VPC that has no part in any zone. */
export type Place = "gateway" | "processing" | "phi" | "elsewhere";

/** The network of a place. */
export function place(
  stack: Sketch,
  where: Place,
): { readonly vpc: string; readonly subnet: string; readonly group: string } {
  if (where !== "elsewhere") {
    return { vpc: stack.id("vpc"), subnet: stack.id(`${where}-subnet`), group: stack.id(`${where}-group`) };
  }
  if (!stack.names().includes("other-vpc")) {
    const vpc = stack.add("aws:ec2/vpc:Vpc", "other-vpc", {
      cidrBlock: "10.9.0.0/16",
      enableDnsSupport: false,
    });
    stack.add("aws:ec2/subnet:Subnet", "other-subnet", { vpcId: vpc, cidrBlock: "10.9.1.0/24" });
    stack.add("aws:ec2/securityGroup:SecurityGroup", "other-group", { vpcId: vpc });
  }
  return { vpc: stack.id("other-vpc"), subnet: stack.id("other-subnet"), group: stack.id("other-group") };
}

/** An instance: something that runs customer code. */
export function instance(stack: Sketch, where: Place, more: Readonly<Record<string, unknown>> = {}): string {
  const { subnet, group } = place(stack, where);
  return stack.add("aws:ec2/instance:Instance", "instance", {
    ami: "ami-0123456789abcdef0",
    instanceType: "m7i.large",
    subnetId: subnet,
    vpcSecurityGroupIds: [group],
    ...more,
  });
}

/** A load balancer without a listener, inside its VPC. */
export function loadBalancer(
  stack: Sketch,
  where: Place,
  more: Readonly<Record<string, unknown>> = {},
  type = "aws:lb/loadBalancer:LoadBalancer",
): string {
  const { subnet, group } = place(stack, where);
  return stack.add(type, "load-balancer", {
    loadBalancerType: "network",
    internal: true,
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
    subnets: [subnet],
    securityGroups: [group],
    ...more,
  });
}

/** A policy document as text. */
export function policy(...statements: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A statement that lets own principals call for own resources. */
export const ownAccountOnly = {
  Effect: "Allow",
  Principal: "*",
  Action: "*",
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount } },
};

/** Whether a store holds PHI, and says so, or belongs to no zone. */
export type Kind = "phi" | "plain";

/** What a store of a kind says of itself. */
export function tagsOf(kind: Kind): { readonly tags?: Readonly<Record<string, string>> } {
  return kind === "phi" ? { tags: inZone("phi") } : {};
}

function subnetOf(stack: Sketch, kind: Kind): ReturnType<typeof place> {
  return place(stack, kind === "phi" ? "phi" : "elsewhere");
}

/** A statement that denies a bucket to all who do not come through an endpoint. */
export function onlyThrough(endpoint: string, bucket: string): Readonly<Record<string, unknown>> {
  return {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
    Condition: { StringNotEquals: { "aws:SourceVpce": endpoint } },
  };
}

/** The endpoint by which the PHI zone's buckets are reached, for own principals and own buckets alone. */
export function bucketEndpoint(stack: Sketch): string {
  if (!stack.names().includes("s3-endpoint")) {
    stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "s3-endpoint", {
      vpcId: stack.id("vpc"),
      vpcEndpointType: "Interface",
      serviceName: "com.amazonaws.us-east-1.s3",
      subnetIds: [stack.id("phi-subnet")],
      securityGroupIds: [stack.id("phi-group")],
      policy: policy(ownAccountOnly),
      tags: inZone("phi"),
    });
  }
  return stack.id("s3-endpoint");
}

/**
 * A bucket: `phi-documents`, `plain-copies` and so on, which is also its name in the cloud. One of PHI is right: public
 * access is blocked, and its policy denies all that does not come through {@link bucketEndpoint}. Its other parts are
 * called `phi-documents-access` and `phi-documents-policy`.
 */
export function bucket(stack: Sketch, kind: Kind, what = "documents"): string {
  const name = `${kind}-${what}`;
  const id = stack.add("aws:s3/bucket:Bucket", name, { bucket: name, ...tagsOf(kind) });
  if (kind === "phi") {
    stack.add("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", `${name}-access`, {
      bucket: id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    stack.add("aws:s3/bucketPolicy:BucketPolicy", `${name}-policy`, {
      bucket: id,
      policy: policy(onlyThrough(bucketEndpoint(stack), name)),
    });
  }
  return id;
}

/** A database cluster, `phi-cluster` or `plain-cluster`. */
export function cluster(stack: Sketch, kind: Kind, more: Readonly<Record<string, unknown>> = {}): string {
  const { subnet, group } = subnetOf(stack, kind);
  return stack.add("aws:rds/cluster:Cluster", `${kind}-cluster`, {
    clusterIdentifier: `${kind}-cluster`,
    engine: "aurora-postgresql",
    storageEncrypted: true,
    dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", `${kind}-cluster-subnets`, {
      subnetIds: [subnet],
      ...tagsOf(kind),
    }),
    vpcSecurityGroupIds: [group],
    ...tagsOf(kind),
    ...more,
  });
}

/** A database, `phi-db` or `plain-db`. */
export function database(stack: Sketch, kind: Kind, more: Readonly<Record<string, unknown>> = {}): string {
  const { subnet, group } = subnetOf(stack, kind);
  return stack.add("aws:rds/instance:Instance", `${kind}-db`, {
    identifier: `${kind}-db`,
    engine: "postgres",
    instanceClass: "db.m7g.large",
    storageEncrypted: true,
    publiclyAccessible: false,
    dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", `${kind}-db-subnets`, {
      subnetIds: [subnet],
      ...tagsOf(kind),
    }),
    vpcSecurityGroupIds: [group],
    ...tagsOf(kind),
    ...more,
  });
}

/** A table, `phi-table` or `plain-table`. */
export function table(stack: Sketch, kind: Kind, more: Readonly<Record<string, unknown>> = {}): string {
  return stack.add("aws:dynamodb/table:Table", `${kind}-table`, {
    name: `${kind}-table`,
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    attributes: [{ name: "id", type: "S" }],
    ...tagsOf(kind),
    ...more,
  });
}

/** A search domain, `phi-search` or `plain-search`, which speaks HTTPS alone. */
export function search(
  stack: Sketch,
  kind: Kind,
  more: Readonly<Record<string, unknown>> = {},
  type = "aws:opensearch/domain:Domain",
): string {
  const { subnet, group } = subnetOf(stack, kind);
  return stack.add(type, `${kind}-search`, {
    domainName: `${kind}-search`,
    vpcOptions: { subnetIds: [subnet], securityGroupIds: [group] },
    domainEndpointOptions: {
      enforceHttps: true,
      tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10",
    },
    nodeToNodeEncryption: { enabled: true },
    encryptAtRest: { enabled: true },
    ...tagsOf(kind),
    ...more,
  });
}

/** A stream of records, `phi-stream` or `plain-stream`. */
export function stream(stack: Sketch, kind: Kind): string {
  return stack.add("aws:kinesis/stream:Stream", `${kind}-stream`, {
    name: `${kind}-stream`,
    encryptionType: "KMS",
    kmsKeyId: "alias/aws/kinesis",
    ...tagsOf(kind),
  });
}

/** A queue, `phi-queue` or `plain-queue`. */
export function queue(stack: Sketch, kind: Kind): string {
  return stack.add("aws:sqs/queue:Queue", `${kind}-queue`, { name: `${kind}-queue`, ...tagsOf(kind) });
}

/** A topic, `phi-topic` or `plain-topic`. */
export function topic(stack: Sketch, kind: Kind): string {
  return stack.add("aws:sns/topic:Topic", `${kind}-topic`, { name: `${kind}-topic`, ...tagsOf(kind) });
}

/** A log group, `phi-logs` or `plain-logs`. */
export function logGroup(stack: Sketch, kind: Kind): string {
  return stack.add("aws:cloudwatch/logGroup:LogGroup", `${kind}-logs`, {
    name: `${kind}-logs`,
    ...tagsOf(kind),
  });
}

/** A vault of backups, `phi-vault` and so on. */
export function vault(stack: Sketch, kind: Kind, what = "vault"): string {
  const name = `${kind}-${what}`;
  return stack.add("aws:backup/vault:Vault", name, { name, ...tagsOf(kind) });
}

/** A key, `phi-key` or `plain-key`. */
export function key(stack: Sketch, kind: Kind, more: Readonly<Record<string, unknown>> = {}): string {
  return stack.add("aws:kms/key:Key", `${kind}-key`, {
    enableKeyRotation: true,
    ...tagsOf(kind),
    ...more,
  });
}

/** A function, in the subnets of a place or, where there is none, in a network of Amazon's that has the Internet. */
export function lambda(
  stack: Sketch,
  where: Place | undefined,
  more: Readonly<Record<string, unknown>> = {},
): string {
  const { subnet, group } = where === undefined ? {} : place(stack, where);
  return stack.add("aws:lambda/function:Function", "function", {
    role: role("function"),
    runtime: "nodejs22.x",
    handler: "index.handler",
    s3Bucket: "code-of-functions",
    s3Key: "function.zip",
    ...(where === undefined ? {} : { vpcConfig: { subnetIds: [subnet], securityGroupIds: [group] } }),
    ...more,
  });
}
