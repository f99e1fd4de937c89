import type { Sketch } from "../stack-sketch";
import type { CorpusCase } from "./corpus-case";
import {
  advised,
  bucket,
  cluster,
  foreignAccount,
  instance,
  key,
  ownAccount,
  place,
  refused,
  role,
  rootOf,
  tagsOf,
  type Kind,
  type Place,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

function share(stack: Sketch, more: Inputs = {}): string {
  return `${stack.add("aws:ram/resourceShare:ResourceShare", "share", { name: "share", ...more })}.arn`;
}

const sharing: readonly CorpusCase[] = [
  refused(
    "AE-39",
    "a subnet",
    (stack, where: Place) =>
      stack.add("aws:ram/resourceAssociation:ResourceAssociation", "shared", {
        resourceShareArn: share(stack),
        resourceArn: `${place(stack, where).subnet}.arn`,
      }),
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-39",
    "a cluster, by its ARN",
    (stack, kind: Kind) => {
      cluster(stack, kind);
      stack.add("aws:ram/resourceAssociation:ResourceAssociation", "shared", {
        resourceShareArn: share(stack),
        resourceArn: `arn:aws:rds:us-east-1:${ownAccount}:cluster:${kind}-cluster`,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-39",
    "what says that it is of the PHI zone, with another account",
    (stack, kind: Kind) =>
      stack.add("aws:ram/principalAssociation:PrincipalAssociation", "sharer", {
        resourceShareArn: share(stack, tagsOf(kind)),
        principal: foreignAccount,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-39",
    "a place of a lake with another account",
    (stack, principal: string) =>
      stack.add("aws:lakeformation/permissions:Permissions", "permissions", {
        principal,
        permissions: ["DATA_LOCATION_ACCESS"],
        dataLocation: { arn: `${bucket(stack, "phi")}.arn` },
      }),
    foreignAccount,
    role("records"),
  ),
  refused(
    "AE-39",
    "a place of a lake, by its ARN, with another account",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("aws:lakeformation/permissions:Permissions", "permissions", {
        principal: foreignAccount,
        permissions: ["DATA_LOCATION_ACCESS"],
        dataLocation: { arn: `arn:aws:s3:::${kind}-documents` },
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-39",
    "a share of a warehouse's data with another account",
    (stack, kind: Kind) => {
      const { subnet, group } = place(stack, kind === "phi" ? "phi" : "elsewhere");
      stack.add("aws:redshift/dataShareAuthorization:DataShareAuthorization", "shared", {
        consumerIdentifier: foreignAccount,
        dataShareArn: `${stack.add("aws:redshift/cluster:Cluster", "warehouse", {
          clusterIdentifier: "warehouse",
          nodeType: "ra3.large",
          encrypted: "true",
          enhancedVpcRouting: true,
          publiclyAccessible: false,
          clusterSubnetGroupName: stack.add("aws:redshift/subnetGroup:SubnetGroup", "warehouse-subnets", {
            subnetIds: [subnet],
          }),
          vpcSecurityGroupIds: [group],
          ...tagsOf(kind),
        })}.clusterNamespaceArn`,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-39",
    "the use of a key with another account",
    (stack, granteePrincipal: string) =>
      stack.add("aws:kms/grant:Grant", "grant", {
        keyId: `${key(stack, "phi")}.keyId`,
        granteePrincipal,
        operations: ["Decrypt"],
      }),
    rootOf(foreignAccount),
    role("records"),
  ),
  refused(
    "AE-39",
    "a key with another region",
    (stack, kind: Kind) =>
      stack.add("aws:kms/replicaKey:ReplicaKey", "replica", {
        region: "us-west-2",
        primaryKeyArn: `${key(stack, kind, { multiRegion: true })}.arn`,
      }),
    "phi",
    "plain",
  ),
  refused(
    "AE-39",
    "a key with another region by aws-native",
    (stack, kind: Kind) =>
      stack.add("aws-native:kms:ReplicaKey", "replica", {
        primaryKeyArn: `${key(stack, kind, { multiRegion: true })}.arn`,
        keyPolicy: {
          Version: "2012-10-17",
          Statement: [
            { Effect: "Allow", Principal: { AWS: rootOf(ownAccount) }, Action: "kms:*", Resource: "*" },
          ],
        },
      }),
    "phi",
    "plain",
  ),
];

const flowLogs: readonly CorpusCase[] = [
  ...(
    [
      ["vpc", "vpcId", "REJECT"],
      ["vpc", "vpcId", "ACCEPT"],
      ["phi-subnet", "subnetId", "REJECT"],
    ] as const
  ).map(([of, property, bad]) =>
    advised(
      "AE-40",
      `a log of the packets of ${of} that knows ${bad} alone`,
      (stack, trafficType: string) =>
        stack.add("aws:ec2/flowLog:FlowLog", "packets", {
          [property]: stack.id(of),
          trafficType,
          maxAggregationInterval: 60,
          logDestinationType: "s3",
          logDestination: "arn:aws:s3:::logs-of-packets",
        }),
      bad,
      "ALL",
    ),
  ),
  advised(
    "AE-40",
    "a log of packets by aws-native that knows some alone",
    (stack, trafficType: string) =>
      stack.add("aws-native:ec2:FlowLog", "packets", {
        resourceType: "Subnet",
        resourceId: stack.id("phi-subnet"),
        trafficType,
        maxAggregationInterval: 60,
        logDestinationType: "s3",
        logDestination: "arn:aws:s3:::logs-of-packets",
      }),
    "REJECT",
    "ALL",
  ),
];

/** The rows that refuse a type bind our own platform; a stranger's code is refused where it is given a PHI object. */
const foreignCode: readonly CorpusCase[] = [
  refused(
    "AE-41",
    "a command that is given a subnet",
    (stack, where: Place) =>
      stack.add("command:local:Command", "command", {
        create: "./open-up.sh",
        environment: { SUBNET: place(stack, where).subnet },
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-41",
    "a command that copies a bucket, by its name",
    (stack, kind: Kind) => {
      bucket(stack, kind);
      stack.add("command:local:Command", "command", {
        create: `aws s3 sync s3://${kind}-documents s3://elsewhere-copies`,
      });
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-41",
    "a command on an instance",
    (stack, where: Place) =>
      stack.add("command:remote:Command", "command", {
        connection: { host: `${instance(stack, where)}.privateIp`, user: "admin" },
        create: "./open-up.sh",
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-41",
    "a resource that the program makes up",
    (stack, where: Place) =>
      stack.add("pulumi-nodejs:dynamic:Resource", "dynamic", {
        __provider: "exports.handler = () => new Provider();",
        routeTable: stack.id(`${where}-routes`),
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-41",
    "a stack of another kind that is given a route table",
    (stack, where: Place) =>
      stack.add("aws:cloudformation/stack:Stack", "stack", {
        name: "stack",
        templateUrl: "https://templates.example.com/network.json",
        parameters: { RouteTable: stack.id(`${where}-routes`) },
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-41",
    "a route by Cloud Control",
    (stack, where: Place) =>
      stack.add("aws:cloudcontrol/resource:Resource", "route", {
        typeName: "AWS::EC2::Route",
        desiredState: JSON.stringify({
          RouteTableId: stack.id(`${where}-routes`),
          DestinationCidrBlock: "198.51.100.0/24",
          GatewayId: stack.id("internet-gateway"),
        }),
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-41",
    "another provider that is given a network",
    (stack, where: Place) =>
      stack.add("mongodbatlas:index/networkPeering:NetworkPeering", "peering", {
        projectId: "0123456789abcdef01234567",
        containerId: "0123456789abcdef01234568",
        providerName: "AWS",
        accepterRegionName: "us-east-1",
        awsAccountId: ownAccount,
        routeTableCidrBlock: "10.0.0.0/16",
        vpcId: place(stack, where).vpc,
      }),
    "phi",
    "elsewhere",
  ),
];

/** Ways out by shares, by logs of packets that know too little, and by code that the stack runs: rows AE-39 to AE-41. */
export const awsWaysOutOfSharingAndCode: readonly CorpusCase[] = [...sharing, ...flowLogs, ...foreignCode];
