import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import {
  advised,
  cluster,
  database,
  instance,
  lambda,
  loadBalancer,
  ownAccount,
  place,
  refused,
  role,
  search,
  tagsOf,
  type Kind,
  type Place,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

function blockPublicAccess(stack: Sketch, internetGatewayBlockMode: string): void {
  stack.add("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", "block", {
    internetGatewayBlockMode,
  });
}

/** The account's own switch is no layer: without it, routes and filters decide as before. */
const accountSwitch: readonly CorpusCase[] = [
  ...["off", "block-ingress"].map((mode) =>
    advised(
      "AE-25",
      `a block of public access that is ${mode}`,
      blockPublicAccess,
      mode,
      "block-bidirectional",
    ),
  ),
  advised(
    "AE-25",
    "an exclusion of the whole network",
    (stack, [property, name]: readonly [string, string]) => {
      blockPublicAccess(stack, "block-bidirectional");
      stack.add("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", "exclusion", {
        internetGatewayExclusionMode: "allow-bidirectional",
        [property]: stack.id(name),
      });
    },
    ["vpcId", "vpc"],
    ["subnetId", "gateway-subnet"],
  ),
  advised(
    "AE-25",
    "an exclusion of a subnet",
    (stack, where: Place) => {
      blockPublicAccess(stack, "block-bidirectional");
      stack.add("aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", "exclusion", {
        internetGatewayExclusionMode: "allow-egress",
        subnetId: place(stack, where).subnet,
      });
    },
    "phi",
    "gateway",
  ),
  advised(
    "AE-25",
    "a block of public access by aws-native",
    (stack, internetGatewayBlockMode: string) =>
      stack.add("aws-native:ec2:VpcBlockPublicAccessOptions", "block", { internetGatewayBlockMode }),
    "block-ingress",
    "block-bidirectional",
  ),
];

const application = { loadBalancerType: "application" };
const loadBalancerArns = `arn:aws:elasticloadbalancing:us-east-1:${ownAccount}:loadbalancer`;

const frontDoors: readonly CorpusCase[] = [
  ...["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"].map((type) =>
    refused(
      "AE-27",
      `a load balancer that faces the Internet, as ${type}`,
      (stack, internal: boolean) => loadBalancer(stack, "phi", { ...application, internal }, type),
      false,
      true,
    ),
  ),
  refused(
    "AE-27",
    "a load balancer that does not say that it is internal",
    (stack, more: Inputs) =>
      stack.add("aws:lb/loadBalancer:LoadBalancer", "load-balancer", {
        loadBalancerType: "network",
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
        subnets: [stack.id("phi-subnet")],
        securityGroups: [stack.id("phi-group")],
        ...more,
      }),
    {},
    { internal: true },
  ),
  refused(
    "AE-27",
    "a load balancer with public addresses of IPv6",
    (stack, more: Inputs) => loadBalancer(stack, "phi", { ...application, ...more }),
    { internal: false, ipAddressType: "dualstack-without-public-ipv4" },
    { internal: true, ipAddressType: "ipv4" },
  ),
  refused(
    "AE-27",
    "a load balancer with an address of its own",
    (stack, isPublic: boolean) =>
      stack.add("aws:lb/loadBalancer:LoadBalancer", "load-balancer", {
        loadBalancerType: "network",
        internal: !isPublic,
        enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
        securityGroups: [stack.id("phi-group")],
        subnetMappings: [
          {
            subnetId: stack.id("phi-subnet"),
            ...(isPublic ? { allocationId: stack.add("aws:ec2/eip:Eip", "address", { domain: "vpc" }) } : {}),
          },
        ],
      }),
    true,
    false,
  ),
  refused(
    "AE-27",
    "a load balancer by aws-native that faces the Internet",
    (stack, more: Inputs) =>
      stack.add("aws-native:elasticloadbalancingv2:LoadBalancer", "load-balancer", {
        type: "application",
        subnets: [stack.id("phi-subnet")],
        securityGroups: [stack.id("phi-group")],
        ...more,
      }),
    {},
    { scheme: "internal" },
  ),
  refused(
    "AE-27",
    "a classic load balancer",
    (stack, where: Place) => {
      const { subnet, group } = place(stack, where);
      stack.add("aws:elb/loadBalancer:LoadBalancer", "load-balancer", {
        subnets: [subnet],
        securityGroups: [group],
        listeners: [{ lbPort: 443, lbProtocol: "tcp", instancePort: 443, instanceProtocol: "tcp" }],
      });
    },
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-27",
    "a load balancer as the origin of a content network",
    (stack, where: Place) =>
      stack.add("aws:cloudfront/vpcOrigin:VpcOrigin", "origin", {
        vpcOriginEndpointConfig: {
          arn: `${loadBalancer(stack, where, application)}.arn`,
          name: "origin",
          httpPort: 80,
          httpsPort: 443,
          originProtocolPolicy: "https-only",
          originSslProtocols: { items: ["TLSv1.2"], quantity: 1 },
        },
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-27",
    "a load balancer behind a global accelerator",
    (stack, where: Place) =>
      stack.add("aws:globalaccelerator/endpointGroup:EndpointGroup", "endpoints", {
        endpointConfigurations: [{ endpointId: `${loadBalancer(stack, where, application)}.arn` }],
        listenerArn: `${stack.add("aws:globalaccelerator/listener:Listener", "listener", {
          acceleratorArn: `${stack.add("aws:globalaccelerator/accelerator:Accelerator", "accelerator", {})}.arn`,
          protocol: "TCP",
          portRanges: [{ fromPort: 443, toPort: 443 }],
        })}.arn`,
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-27",
    "a subnet behind a public API",
    (stack, where: Place) => {
      const { subnet, group } = place(stack, where);
      stack.add("aws:apigatewayv2/vpcLink:VpcLink", "link", {
        subnetIds: [subnet],
        securityGroupIds: [group],
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-27",
    "a load balancer behind a public API",
    (stack, where: Place) =>
      stack.add("aws:apigateway/vpcLink:VpcLink", "link", {
        targetArn: `${loadBalancer(stack, where)}.arn`,
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-27",
    "a load balancer behind a public API, by its ARN",
    (stack, where: Place) => {
      loadBalancer(stack, where, { name: "records" });
      stack.add("aws:apigateway/vpcLink:VpcLink", "link", {
        targetArn: `${loadBalancerArns}/net/records/0123456789abcdef`,
      });
    },
    "phi",
    "gateway",
  ),
];

function networkInterface(stack: Sketch, where: Place, name: string, more: Inputs = {}): string {
  const { subnet, group } = place(stack, where);
  return stack.add("aws:ec2/networkInterface:NetworkInterface", name, {
    subnetId: subnet,
    securityGroups: [group],
    ...more,
  });
}

const manyHomed: readonly CorpusCase[] = [
  refused(
    "AE-28",
    "an instance with a second interface by an attachment",
    (stack, where: Place) =>
      stack.add("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", "attachment", {
        instanceId: instance(stack, "processing"),
        networkInterfaceId: networkInterface(stack, where, "second"),
        deviceIndex: 1,
      }),
    "phi",
    "processing",
  ),
  refused(
    "AE-28",
    "a PHI instance with a second interface that faces the gateway",
    (stack, where: Place) =>
      networkInterface(stack, where, "second", {
        attachments: [{ instance: instance(stack, "phi"), deviceIndex: 1 }],
      }),
    "gateway",
    "phi",
  ),
  refused(
    "AE-28",
    "an instance with two interfaces",
    (stack, where: Place) =>
      stack.add("aws:ec2/instance:Instance", "instance", {
        ami: "ami-0123456789abcdef0",
        instanceType: "m7i.large",
        networkInterfaces: [
          { deviceIndex: 0, networkInterfaceId: networkInterface(stack, "processing", "first") },
          { deviceIndex: 1, networkInterfaceId: networkInterface(stack, where, "second") },
        ],
      }),
    "phi",
    "processing",
  ),
  refused(
    "AE-28",
    "a template of instances with two interfaces",
    (stack, where: Place) => {
      const interfaces = (["phi", where] as const).map((at, deviceIndex) => {
        const { subnet, group } = place(stack, at);
        return { deviceIndex, subnetId: subnet, securityGroups: [group] };
      });
      stack.add("aws:ec2/launchTemplate:LaunchTemplate", "template", {
        imageId: "ami-0123456789abcdef0",
        instanceType: "m7i.large",
        networkInterfaces: interfaces,
      });
    },
    "gateway",
    "phi",
  ),
  refused(
    "AE-28",
    "an interface that forwards what is not its own",
    (stack, sourceDestCheck: boolean) => networkInterface(stack, "phi", "interface", { sourceDestCheck }),
    false,
    true,
  ),
  refused(
    "AE-28",
    "an instance that forwards what is not its own",
    (stack, sourceDestCheck: boolean) => instance(stack, "phi", { sourceDestCheck }),
    false,
    true,
  ),
];

function mirror(stack: Sketch, source: string, target: Inputs): void {
  stack.add("aws:ec2/trafficMirrorSession:TrafficMirrorSession", "mirror", {
    networkInterfaceId: source,
    sessionNumber: 1,
    trafficMirrorFilterId: stack.add("aws:ec2/trafficMirrorFilter:TrafficMirrorFilter", "mirror-filter", {}),
    trafficMirrorTargetId: stack.add(
      "aws:ec2/trafficMirrorTarget:TrafficMirrorTarget",
      "mirror-target",
      target,
    ),
  });
}

const mirrors: readonly CorpusCase[] = [
  refused(
    "AE-29",
    "a copy of an interface's packets for a load balancer",
    (stack, where: Place) => {
      mirror(stack, networkInterface(stack, where, "watched"), {
        networkLoadBalancerArn: `${loadBalancer(stack, "gateway")}.arn`,
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-29",
    "a copy of an instance's packets for an interface",
    (stack, where: Place) => {
      mirror(stack, `${instance(stack, where)}.primaryNetworkInterfaceId`, {
        networkInterfaceId: networkInterface(stack, "gateway", "watcher"),
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-29",
    "a copy of an interface's packets for an endpoint that nobody knows",
    (stack, where: Place) => {
      mirror(stack, networkInterface(stack, where, "watched"), {
        gatewayLoadBalancerEndpointId: "vpce-0123456789abcdef0",
      });
    },
    "phi",
    "gateway",
  ),
];

const notebook = (stack: Sketch, more: Inputs): string =>
  stack.add("aws:sagemaker/notebookInstance:NotebookInstance", "notebook", {
    instanceType: "ml.t3.medium",
    roleArn: role("notebook"),
    subnetId: stack.id("phi-subnet"),
    securityGroups: [stack.id("phi-group")],
    ...more,
  });

const studio = (stack: Sketch, more: Inputs): string =>
  stack.add("aws:sagemaker/domain:Domain", "studio", {
    domainName: "studio",
    authMode: "IAM",
    vpcId: stack.id("vpc"),
    subnetIds: [stack.id("phi-subnet")],
    defaultUserSettings: { executionRole: role("studio"), securityGroups: [stack.id("phi-group")] },
    ...more,
  });

const codeWithInternet: readonly CorpusCase[] = [
  refused(
    "AE-30",
    "a function outside the network",
    (stack, where: Place | undefined) => lambda(stack, where, { tags: inZone("phi") }),
    undefined,
    "phi",
  ),
  refused(
    "AE-30",
    "a function outside the network that says that it is in the PHI zone",
    (stack, tags: Inputs) => lambda(stack, undefined, tags),
    { tags: inZone("phi") },
    {},
  ),
  refused(
    "AE-30",
    "a function by aws-native outside the network",
    (stack, isOutside: boolean) =>
      stack.add("aws-native:lambda:Function", "function", {
        role: role("function"),
        runtime: "nodejs22.x",
        handler: "index.handler",
        code: { s3Bucket: "code-of-functions", s3Key: "function.zip" },
        tags: [{ key: "bulkhead-zone", value: "phi" }],
        ...(isOutside
          ? {}
          : {
              vpcConfig: { subnetIds: [stack.id("phi-subnet")], securityGroupIds: [stack.id("phi-group")] },
            }),
      }),
    true,
    false,
  ),
  refused(
    "AE-30",
    "a notebook that does not say how it reaches the Internet",
    notebook,
    {},
    { directInternetAccess: "Disabled" },
  ),
  refused(
    "AE-30",
    "a notebook that reaches the Internet",
    notebook,
    { directInternetAccess: "Enabled" },
    { directInternetAccess: "Disabled" },
  ),
  refused(
    "AE-30",
    "a studio that does not say how it reaches the Internet",
    studio,
    {},
    { appNetworkAccessType: "VpcOnly" },
  ),
  refused(
    "AE-30",
    "a studio that reaches the Internet",
    studio,
    { appNetworkAccessType: "PublicInternetOnly" },
    { appNetworkAccessType: "VpcOnly" },
  ),
  refused(
    "AE-30",
    "a model that is not isolated",
    (stack, more: Inputs) =>
      stack.add("aws:sagemaker/model:Model", "model", {
        executionRoleArn: role("model"),
        primaryContainer: { image: `${ownAccount}.dkr.ecr.us-east-1.amazonaws.com/model:1` },
        tags: inZone("phi"),
        ...more,
      }),
    {},
    { enableNetworkIsolation: true },
  ),
  refused(
    "AE-30",
    "a public service's way into a subnet",
    (stack, where: Place) => {
      const { subnet, group } = place(stack, where);
      stack.add("aws:apprunner/vpcConnector:VpcConnector", "connector", {
        vpcConnectorName: "connector",
        subnets: [subnet],
        securityGroups: [group],
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-30",
    "a container service that makes its own load balancer",
    (stack, where: Place) => {
      const { subnet, group } = place(stack, where);
      stack.add("aws:ecs/expressGatewayService:ExpressGatewayService", "service", {
        executionRoleArn: role("execution"),
        infrastructureRoleArn: role("infrastructure"),
        primaryContainer: { image: `${ownAccount}.dkr.ecr.us-east-1.amazonaws.com/service:1` },
        networkConfigurations: [{ subnets: [subnet], securityGroups: [group] }],
      });
    },
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-30",
    "an agent outside the network",
    (stack, isOutside: boolean) =>
      stack.add("aws:bedrock/agentcoreAgentRuntime:AgentcoreAgentRuntime", "agent", {
        agentRuntimeName: "agent",
        roleArn: role("agent"),
        agentRuntimeArtifact: {
          containerConfiguration: { containerUri: `${ownAccount}.dkr.ecr.us-east-1.amazonaws.com/agent:1` },
        },
        networkConfiguration: isOutside
          ? { networkMode: "PUBLIC" }
          : {
              networkMode: "VPC",
              networkModeConfig: {
                subnets: [stack.id("phi-subnet")],
                securityGroups: [stack.id("phi-group")],
              },
            },
        tags: inZone("phi"),
      }),
    true,
    false,
  ),
];

const publicly = (publiclyAccessible: boolean): Inputs => ({ publiclyAccessible });

const publicData: readonly CorpusCase[] = [
  refused(
    "AE-31",
    "a database",
    (stack, isPublic: boolean) => database(stack, "phi", publicly(isPublic)),
    true,
    false,
  ),
  refused(
    "AE-31",
    "a database that says its zone by its subnet alone",
    (stack, publiclyAccessible: boolean) =>
      stack.add("aws:rds/instance:Instance", "records", {
        identifier: "records",
        engine: "postgres",
        instanceClass: "db.m7g.large",
        storageEncrypted: true,
        dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "records-subnets", {
          subnetIds: [stack.id("phi-subnet")],
        }),
        vpcSecurityGroupIds: [stack.id("phi-group")],
        publiclyAccessible,
      }),
    true,
    false,
  ),
  refused(
    "AE-31",
    "an instance of a cluster",
    (stack, publiclyAccessible: boolean) =>
      stack.add("aws:rds/clusterInstance:ClusterInstance", "cluster-instance", {
        clusterIdentifier: cluster(stack, "phi"),
        engine: "aurora-postgresql",
        instanceClass: "db.r7g.large",
        publiclyAccessible,
      }),
    true,
    false,
  ),
  refused(
    "AE-31",
    "an instance of a cluster, by the cluster's name",
    (stack, publiclyAccessible: boolean) => {
      cluster(stack, "phi");
      stack.add("aws:rds/clusterInstance:ClusterInstance", "cluster-instance", {
        clusterIdentifier: "phi-cluster",
        engine: "aurora-postgresql",
        instanceClass: "db.r7g.large",
        publiclyAccessible,
      });
    },
    true,
    false,
  ),
  refused(
    "AE-31",
    "a warehouse",
    (stack, publiclyAccessible: boolean) =>
      stack.add("aws:redshift/cluster:Cluster", "warehouse", {
        clusterIdentifier: "warehouse",
        nodeType: "ra3.large",
        encrypted: "true",
        enhancedVpcRouting: true,
        clusterSubnetGroupName: stack.add("aws:redshift/subnetGroup:SubnetGroup", "warehouse-subnets", {
          subnetIds: [stack.id("phi-subnet")],
          tags: inZone("phi"),
        }),
        vpcSecurityGroupIds: [stack.id("phi-group")],
        publiclyAccessible,
        tags: inZone("phi"),
      }),
    true,
    false,
  ),
  refused(
    "AE-31",
    "a replication instance",
    (stack, publiclyAccessible: boolean) =>
      stack.add("aws:dms/replicationInstance:ReplicationInstance", "replication", {
        replicationInstanceId: "replication",
        replicationInstanceClass: "dms.t3.medium",
        replicationSubnetGroupId: stack.add(
          "aws:dms/replicationSubnetGroup:ReplicationSubnetGroup",
          "replication-subnets",
          {
            replicationSubnetGroupId: "replication-subnets",
            replicationSubnetGroupDescription: "PHI",
            subnetIds: [stack.id("phi-subnet")],
          },
        ),
        vpcSecurityGroupIds: [stack.id("phi-group")],
        publiclyAccessible,
        tags: inZone("phi"),
      }),
    true,
    false,
  ),
  ...["aws:opensearch/domain:Domain", "aws:elasticsearch/domain:Domain"].map((type) =>
    refused(
      "AE-31",
      `a search domain outside the network, as ${type}`,
      (stack, isOutside: boolean) => {
        search(stack, "phi", {}, type);
        if (isOutside) {
          stack.change("phi-search", ({ vpcOptions: _, ...inputs }) => inputs);
        }
      },
      true,
      false,
    ),
  ),
  ...[{}, { endpointPublicAccess: true }].map((more) =>
    refused(
      "AE-31",
      `a Kubernetes cluster whose endpoint is public, ${Object.keys(more).length > 0 ? "as it says" : "which it does not say"}`,
      (stack, where: Place) => {
        const { subnet, group } = place(stack, where);
        stack.add("aws:eks/cluster:Cluster", "kubernetes", {
          roleArn: role("kubernetes"),
          vpcConfig: { subnetIds: [subnet], securityGroupIds: [group], ...more },
        });
      },
      "phi",
      "elsewhere",
    ),
  ),
  refused(
    "AE-31",
    "a database by aws-native",
    (stack, publiclyAccessible: boolean) =>
      stack.add("aws-native:rds:DbInstance", "records", {
        dbInstanceIdentifier: "records",
        engine: "postgres",
        dbInstanceClass: "db.m7g.large",
        storageEncrypted: true,
        dbSubnetGroupName: stack.add("aws:rds/subnetGroup:SubnetGroup", "records-subnets", {
          subnetIds: [stack.id("phi-subnet")],
          tags: inZone("phi"),
        }),
        vpcSecurityGroups: [stack.id("phi-group")],
        publiclyAccessible,
        tags: [{ key: "bulkhead-zone", value: "phi" }],
      }),
    true,
    false,
  ),
  refused(
    "AE-31",
    "a database by Cloud Control",
    (stack, kind: Kind) =>
      stack.add("aws:cloudcontrol/resource:Resource", "records", {
        typeName: "AWS::RDS::DBInstance",
        desiredState: JSON.stringify({
          DBInstanceIdentifier: "records",
          DBInstanceClass: "db.m7g.large",
          Engine: "postgres",
          PubliclyAccessible: true,
          Tags: Object.entries(tagsOf(kind).tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
        }),
      }),
    "phi",
    "plain",
  ),
];

/** The account's switch, doors into the PHI zone, and compute and stores with the Internet: AE-25, AE-27 to AE-31. */
export const awsWaysOutOfDoorsAndCompute: readonly CorpusCase[] = [
  ...accountSwitch,
  ...frontDoors,
  ...manyHomed,
  ...mirrors,
  ...codeWithInternet,
  ...publicData,
];
