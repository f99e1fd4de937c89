import * as ec2 from "@pulumi/aws/ec2";
import * as ecs from "@pulumi/aws/ecs";
import * as iam from "@pulumi/aws/iam";
import * as lb from "@pulumi/aws/lb";
import * as rds from "@pulumi/aws/rds";
import * as s3 from "@pulumi/aws/s3";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const zones = ["us-east-1a", "us-east-1b"] as const;

// Network: public, app and data subnets. What is private leaves by a NAT gateway.
const vpc = new ec2.Vpc("referrals", { cidrBlock: "10.20.0.0/16", enableDnsHostnames: true });
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
const publicSubnets = subnetsOf("public", 0);
const appSubnets = subnetsOf("app", 10);
const dataSubnets = subnetsOf("data", 20);

const publicRoutes = new ec2.RouteTable("public-routes", { vpcId: vpc.id });
new ec2.Route("public-route-out", {
  routeTableId: publicRoutes.id,
  destinationCidrBlock: "0.0.0.0/0",
  gatewayId: internet.id,
});
const address = new ec2.Eip("public-nat-address", { domain: "vpc" });
const nat = new ec2.NatGateway("public-nat", {
  allocationId: address.id,
  subnetId: publicSubnets[0]?.id ?? "",
});
const privateRoutes = new ec2.RouteTable("app-routes", { vpcId: vpc.id });
new ec2.Route("app-route-out", {
  routeTableId: privateRoutes.id,
  destinationCidrBlock: "0.0.0.0/0",
  natGatewayId: nat.id,
});
const associate = (tier: string, subnets: readonly ec2.Subnet[], table: ec2.RouteTable): void => {
  subnets.forEach(({ id }, index) => {
    new ec2.RouteTableAssociation(`${tier}-association-${String(index)}`, {
      subnetId: id,
      routeTableId: table.id,
    });
  });
};
associate("public", publicSubnets, publicRoutes);
associate("app", appSubnets, privateRoutes);
associate("data", dataSubnets, privateRoutes);

// Filters, with the egress rule that everybody copies.
const anywhere = [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }];
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const door = new ec2.SecurityGroup("public-door", {
  vpcId: vpc.id,
  ingress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }],
  egress: anywhere,
});
const app = new ec2.SecurityGroup("app-referrals", {
  vpcId: vpc.id,
  ingress: [{ ...https, securityGroups: [door.id] }],
  egress: anywhere,
});
const data = new ec2.SecurityGroup("data-records", {
  vpcId: vpc.id,
  ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: [app.id] }],
  egress: anywhere,
});

// Where the other hospitals send their referrals.
const balancer = new lb.LoadBalancer("public-balancer", {
  loadBalancerType: "application",
  subnets: publicSubnets.map(({ id }) => id),
  securityGroups: [door.id],
});
const targets = new lb.TargetGroup("public-targets", {
  vpcId: vpc.id,
  targetType: "ip",
  port: 443,
  protocol: "HTTPS",
  healthCheck: { protocol: "HTTPS", path: "/healthz" },
});
new lb.Listener("public-listener", {
  loadBalancerArn: balancer.arn,
  port: 443,
  protocol: "HTTPS",
  sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
  certificateArn: config.require("certificate"),
  defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
});

// What holds PHI: the records, and the documents.
const databaseSubnets = new rds.SubnetGroup("data-subnets", { subnetIds: dataSubnets.map(({ id }) => id) });
const records = new rds.Instance("data-records", {
  engine: "postgres",
  engineVersion: "16.4",
  instanceClass: "db.r6g.large",
  allocatedStorage: 200,
  storageEncrypted: true,
  dbSubnetGroupName: databaseSubnets.name,
  vpcSecurityGroupIds: [data.id],
  username: "referrals",
  manageMasterUserPassword: true,
  publiclyAccessible: false,
  backupRetentionPeriod: 30,
});
const documents = new s3.Bucket("data-documents", {});
new s3.BucketPublicAccessBlock("data-documents", {
  bucket: documents.id,
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});

// What runs.
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
});
const starts = new iam.Role("app-starts", { assumeRolePolicy: trust });
new iam.RolePolicyAttachment("app-starts", {
  role: starts.name,
  policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
});
const runs = new iam.Role("app-runs", { assumeRolePolicy: trust });
new iam.RolePolicy("app-documents", {
  role: runs.name,
  policy: pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject"],
        Resource: pulumi.interpolate`${documents.arn}/*`,
      },
    ],
  }),
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
      environment: [{ name: "RECORDS", value: records.endpoint }],
    },
  ]),
});
new ecs.Service("app-service", {
  cluster: cluster.arn,
  taskDefinition: task.arn,
  desiredCount: 2,
  launchType: "FARGATE",
  networkConfiguration: { subnets: appSubnets.map(({ id }) => id), securityGroups: [app.id] },
  loadBalancers: [{ targetGroupArn: targets.arn, containerName: "referrals", containerPort: 443 }],
});
