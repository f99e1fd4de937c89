import { readFileSync } from "node:fs";

import * as dynamodb from "@pulumi/aws/dynamodb";
import * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as iam from "@pulumi/aws/iam";
import * as lb from "@pulumi/aws/lb";
import * as s3 from "@pulumi/aws/s3";
import * as ssm from "@pulumi/aws/ssm";
import * as vpcRules from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const region = new pulumi.Config("aws").require("region");
const account = config.require("account");
const zones = ["us-east-1a", "us-east-1b"] as const;
const policy = (Statement: readonly unknown[]): string =>
  JSON.stringify({ Version: "2012-10-17", Statement });

// Network: public, app and data subnets. Only the balancer's have a route out of it.
const vpc = new ec2.Vpc("referrals", {
  cidrBlock: "10.20.0.0/16",
  enableDnsSupport: true,
  enableDnsHostnames: true,
});
new ec2.DefaultSecurityGroup("unused", { vpcId: vpc.id, ingress: [], egress: [] });
new ec2.DefaultRouteTable("unused", { defaultRouteTableId: vpc.defaultRouteTableId, routes: [] });
const internet = new ec2.InternetGateway("public-internet", { vpcId: vpc.id });
const subnetsOf = (tier: string, third: number): readonly ec2.Subnet[] =>
  zones.map(
    (availabilityZone, index) =>
      new ec2.Subnet(`${tier}-${availabilityZone}`, {
        vpcId: vpc.id,
        cidrBlock: `10.20.${String(third + index)}.0/24`,
        availabilityZone,
      }),
  );
const idsOf = (subnets: readonly ec2.Subnet[]): pulumi.Output<string>[] => subnets.map(({ id }) => id);
const publicSubnets = subnetsOf("public", 0);
const appSubnets = subnetsOf("app", 10);
const dataSubnets = subnetsOf("data", 20);

const routesOf = (tier: string, subnets: readonly ec2.Subnet[]): ec2.RouteTable => {
  const table = new ec2.RouteTable(`${tier}-routes`, { vpcId: vpc.id });
  subnets.forEach(({ id }, index) => {
    new ec2.RouteTableAssociation(`${tier}-association-${String(index)}`, {
      subnetId: id,
      routeTableId: table.id,
    });
  });
  return table;
};
new ec2.Route("public-route-out", {
  routeTableId: routesOf("public", publicSubnets).id,
  destinationCidrBlock: "0.0.0.0/0",
  gatewayId: internet.id,
});
routesOf("app", appSubnets);
routesOf("data", dataSubnets);

// Filters: what each tier needs, and no more.
const groupOf = (name: string): ec2.SecurityGroup => new ec2.SecurityGroup(name, { vpcId: vpc.id });
const door = groupOf("public-door");
const app = groupOf("app-referrals");
const services = groupOf("app-services");
const documentsDoor = groupOf("data-documents-door");
const recordsDoor = groupOf("data-records-door");
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
new vpcRules.SecurityGroupIngressRule("public-door-admits-partners", {
  securityGroupId: door.id,
  cidrIpv4: "0.0.0.0/0",
  ...https,
});
const admit = (name: string, from: ec2.SecurityGroup, to: ec2.SecurityGroup): void => {
  new vpcRules.SecurityGroupEgressRule(`${name}-out`, {
    securityGroupId: from.id,
    referencedSecurityGroupId: to.id,
    ...https,
  });
  new vpcRules.SecurityGroupIngressRule(`${name}-in`, {
    securityGroupId: to.id,
    referencedSecurityGroupId: from.id,
    ...https,
  });
};
admit("public-door-to-app", door, app);
admit("app-to-services", app, services);
admit("app-to-documents", app, documentsDoor);
admit("app-to-records", app, recordsDoor);

/**
 * An id for use within a policy. In a preview of what does not exist yet it is the URN, so that the gate can read all else in the
 * policy.
 */
function idOrUrn({ id, urn }: pulumi.CustomResource): pulumi.Output<string> {
  const { isKnown } = id as unknown as { readonly isKnown: Promise<boolean> };
  return pulumi.output(isKnown.then((known) => (known ? id : urn)));
}

const ownAccount = { StringEquals: { "aws:PrincipalAccount": account, "aws:ResourceAccount": account } };

/** An endpoint in the data subnets by which the app reaches one store, and nothing else. */
function storeEndpoint(
  name: string,
  service: string,
  group: ec2.SecurityGroup,
  Action: readonly string[],
  Resource: string,
): ec2.VpcEndpoint {
  return new ec2.VpcEndpoint(name, {
    vpcId: vpc.id,
    serviceName: `com.amazonaws.${region}.${service}`,
    vpcEndpointType: "Interface",
    privateDnsEnabled: false,
    subnetIds: idsOf(dataSubnets),
    securityGroupIds: [group.id],
    policy: policy([{ Effect: "Allow", Principal: "*", Action, Resource, Condition: ownAccount }]),
  });
}

/** Refuses whoever does not come by an endpoint. */
function refusesOthers(
  Action: string | readonly string[],
  Resource: string,
  endpoint: ec2.VpcEndpoint,
): pulumi.Output<string> {
  return idOrUrn(endpoint).apply((id) =>
    policy([
      {
        Effect: "Deny",
        Principal: "*",
        Action,
        Resource,
        Condition: { StringNotEquals: { "aws:SourceVpce": id } },
      },
    ]),
  );
}

// What holds PHI: the records, and the documents. Each answers by its endpoint alone.
const tableName = "referrals";
const tableArn = `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
const recordActions = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"];
const recordsEndpoint = storeEndpoint("data-records", "dynamodb", recordsDoor, recordActions, tableArn);
const records = new dynamodb.Table("data-records", {
  name: tableName,
  billingMode: "PAY_PER_REQUEST",
  hashKey: "patient",
  rangeKey: "referral",
  attributes: [
    { name: "patient", type: "S" },
    { name: "referral", type: "S" },
  ],
  serverSideEncryption: { enabled: true },
  pointInTimeRecovery: { enabled: true },
  deletionProtectionEnabled: true,
});
new dynamodb.ResourcePolicy("data-records", {
  resourceArn: records.arn,
  policy: refusesOthers(
    ["dynamodb:*Item", "dynamodb:Query", "dynamodb:Scan", "dynamodb:PartiQL*"],
    tableArn,
    recordsEndpoint,
  ),
});

const bucketName = "north-referrals-documents";
const objects = `arn:aws:s3:::${bucketName}/*`;
const documentActions = ["s3:GetObject", "s3:PutObject"];
const documentsEndpoint = storeEndpoint("data-documents", "s3", documentsDoor, documentActions, objects);
const documents = new s3.Bucket("data-documents", { bucket: bucketName });
new s3.BucketPublicAccessBlock("data-documents", {
  bucket: documents.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
new s3.BucketPolicy("data-documents", {
  bucket: documents.id,
  policy: refusesOthers("s3:*Object*", objects, documentsEndpoint),
});

// The services of AWS that the tasks need, in the place of a NAT gateway.
for (const service of ["ssm", "logs", "ecr.api", "ecr.dkr"]) {
  new ec2.VpcEndpoint(`app-${service}`, {
    vpcId: vpc.id,
    serviceName: `com.amazonaws.${region}.${service}`,
    vpcEndpointType: "Interface",
    privateDnsEnabled: true,
    subnetIds: idsOf(appSubnets),
    securityGroupIds: [services.id],
    policy: policy([{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*", Condition: ownAccount }]),
  });
}
// Layers of images come from a bucket of AWS's, and are signed by AWS.
new ec2.VpcEndpoint("app-image-layers", {
  vpcId: vpc.id,
  serviceName: `com.amazonaws.${region}.s3`,
  vpcEndpointType: "Interface",
  privateDnsEnabled: true,
  dnsOptions: { dnsRecordIpType: "ipv4", privateDnsOnlyForInboundResolverEndpoint: false },
  subnetIds: idsOf(appSubnets),
  securityGroupIds: [services.id],
  policy: policy([
    {
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`,
    },
  ]),
});

// Where the other hospitals send their referrals. Each has a certificate.
const balancer = new lb.LoadBalancer("public-balancer", {
  loadBalancerType: "application",
  subnets: idsOf(publicSubnets),
  securityGroups: [door.id],
});
const targets = new lb.TargetGroup("public-targets", {
  vpcId: vpc.id,
  targetType: "ip",
  port: 443,
  protocol: "HTTPS",
  healthCheck: { protocol: "HTTPS", path: "/healthz" },
});
const authorities = new s3.Bucket("public-partners", {});
new s3.BucketPublicAccessBlock("public-partners", {
  bucket: authorities.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
const versions = new s3.BucketVersioning("public-partners", {
  bucket: authorities.id,
  versioningConfiguration: { status: "Enabled" },
});
const bundle = new s3.BucketObjectv2(
  "public-partners",
  {
    bucket: authorities.id,
    key: "authorities.pem",
    content: readFileSync(config.require("partners"), "utf8"),
  },
  { dependsOn: [versions] },
);
const partners = new lb.TrustStore("public-partners", {
  caCertificatesBundleS3Bucket: authorities.id,
  caCertificatesBundleS3Key: bundle.key,
  caCertificatesBundleS3ObjectVersion: bundle.versionId,
});
new lb.Listener("public-listener", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
  certificateArn: config.require("certificate"),
  mutualAuthentication: { mode: "verify", trustStoreArn: partners.arn },
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

// What runs. It reads where records and documents are when it starts, so that its definition names neither.
for (const [name, { dnsEntries }] of Object.entries({
  records: recordsEndpoint,
  documents: documentsEndpoint,
})) {
  new ssm.Parameter(`app-${name}`, {
    name: `/referrals/${name}`,
    type: "String",
    value: dnsEntries.apply(([entry]) => entry?.dnsName ?? ""),
  });
}

const trust = policy([
  { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
]);
const starts = new iam.Role("app-starts", { assumeRolePolicy: trust });
new iam.RolePolicyAttachment("app-starts", {
  role: starts.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
});
const runs = new iam.Role("app-runs", { assumeRolePolicy: trust });
new iam.RolePolicy("app-stores", {
  role: runs.name,
  policy: policy([
    { Effect: "Allow", Action: recordActions, Resource: tableArn },
    { Effect: "Allow", Action: documentActions, Resource: objects },
    {
      Effect: "Allow",
      Action: "ssm:GetParametersByPath",
      Resource: `arn:aws:ssm:${region}:${account}:parameter/referrals`,
    },
  ]),
});
const cluster = new ecs.Cluster("app-cluster", {});
const task = new ecs.TaskDefinition("app-task", {
  family: "referrals",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "1024",
  memory: "2048",
  executionRoleArn: starts.arn,
  taskRoleArn: runs.arn,
  containerDefinitions: pulumi.jsonStringify([
    {
      name: "referrals",
      image: config.require("image"),
      essential: true,
      portMappings: [{ containerPort: 443 }],
      environment: [{ name: "PARAMETERS", value: "/referrals" }],
    },
  ]),
});
new ecs.Service("app-service", {
  cluster: cluster.arn,
  taskDefinition: task.arn,
  desiredCount: 2,
  launchType: "FARGATE",
  networkConfiguration: { subnets: idsOf(appSubnets), securityGroups: [app.id] },
  loadBalancers: [{ targetGroupArn: targets.arn, containerName: "referrals", containerPort: 443 }],
});
