import type { Sketch } from "../stack-sketch";
import {
  aws,
  image,
  instance,
  launched,
  native,
  networkInterface,
  openGroup,
  ownNetwork,
  pair,
  quietGroup,
  task,
  type Inputs,
} from "./aws-network-pieces";
import { inZone, type CorpusCase } from "./corpus-case";

/** Security groups of what is added, or nothing where it names none. */
type Groups = readonly string[] | undefined;

/** Something in the PHI subnet that has security groups. */
interface Holder {
  readonly name: string;
  readonly add: (stack: Sketch, groups: Groups) => unknown;
  /** Whether it can be made without groups; then AWS gives it the default group of its VPC, or none at all. */
  readonly optional: boolean;
}

/** The groups under a property's name; no property where there are none. */
function named(key: string, groups: Groups): Inputs {
  return groups === undefined ? {} : { [key]: groups };
}

function phiSubnet(stack: Sketch): string {
  return stack.id("phi-subnet");
}

function loadBalancer(type: string, loadBalancerType: "application" | "network"): Holder["add"] {
  return (stack, groups) =>
    stack.add(type, "balancer", {
      loadBalancerType,
      internal: true,
      ipAddressType: "ipv4",
      subnets: [phiSubnet(stack)],
      ...named("securityGroups", groups),
    });
}

/** A database that speaks TLS alone and keeps no password in the stack. */
const database: Inputs = { storageEncrypted: true, manageMasterUserPassword: true };

function databaseParameters(stack: Sketch, type: string, family: string): string {
  return stack.add(aws("rds", type), "parameters", {
    family,
    parameters: [{ name: "rds.force_ssl", value: "1" }],
  });
}

function databaseSubnets(stack: Sketch): string {
  return stack.add(aws("rds", "SubnetGroup"), "database-subnets", { subnetIds: [phiSubnet(stack)] });
}

/** A search domain but for its place, in the words that both providers have for it. */
const search: Inputs = {
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
};

const classicSearch: Inputs = {
  ...search,
  nodeToNodeEncryption: { enabled: true },
  encryptAtRest: { enabled: true },
};

const holders: readonly Holder[] = [
  {
    name: "interface",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("ec2", "NetworkInterface"), "interface", {
        subnetId: phiSubnet(stack),
        ...named("securityGroups", groups),
      }),
  },
  {
    name: "instance",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("ec2", "Instance"), "instance", {
        ...image,
        subnetId: phiSubnet(stack),
        ...named("vpcSecurityGroupIds", groups),
      }),
  },
  {
    name: "launch template",
    optional: true,
    add: (stack, groups) => launched(stack, "phi", named("vpcSecurityGroupIds", groups)),
  },
  {
    name: "launch template's interface",
    optional: true,
    add: (stack, groups) =>
      launched(stack, "phi", { networkInterfaces: [{ deviceIndex: 0, ...named("securityGroups", groups) }] }),
  },
  {
    name: "instance from a launch template",
    optional: true,
    add: (stack, groups) => {
      const id = stack.add(aws("ec2", "LaunchTemplate"), "template", {
        imageId: image["ami"],
        instanceType: image["instanceType"],
        ...named("vpcSecurityGroupIds", groups),
      });
      return stack.add(aws("ec2", "Instance"), "instance", {
        launchTemplate: { id, version: "$Latest" },
        subnetId: phiSubnet(stack),
      });
    },
  },
  {
    name: "function",
    optional: false,
    add: (stack, groups) =>
      stack.add(aws("lambda", "Function"), "function", {
        packageType: "Image",
        imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/stranger:1",
        role: "arn:aws:iam::111122223333:role/stranger",
        vpcConfig: { subnetIds: [phiSubnet(stack)], securityGroupIds: groups },
      }),
  },
  {
    name: "ECS service",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("ecs", "Service"), "service", {
        ...task,
        networkConfiguration: { subnets: [phiSubnet(stack)], ...named("securityGroups", groups) },
      }),
  },
  {
    name: "RDS cluster",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("rds", "Cluster"), "database", {
        ...database,
        engine: "aurora-postgresql",
        engineVersion: "16.4",
        masterUsername: "stranger",
        dbClusterParameterGroupName: databaseParameters(
          stack,
          "ClusterParameterGroup",
          "aurora-postgresql16",
        ),
        dbSubnetGroupName: databaseSubnets(stack),
        ...named("vpcSecurityGroupIds", groups),
      }),
  },
  {
    name: "RDS instance",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("rds", "Instance"), "database", {
        ...database,
        engine: "postgres",
        engineVersion: "16.4",
        instanceClass: "db.m7g.large",
        allocatedStorage: 100,
        username: "stranger",
        publiclyAccessible: false,
        parameterGroupName: databaseParameters(stack, "ParameterGroup", "postgres16"),
        dbSubnetGroupName: databaseSubnets(stack),
        ...named("vpcSecurityGroupIds", groups),
      }),
  },
  { name: "network load balancer", optional: true, add: loadBalancer(aws("lb", "LoadBalancer"), "network") },
  {
    name: "application load balancer",
    optional: true,
    add: loadBalancer(aws("lb", "LoadBalancer"), "application"),
  },
  {
    name: "load balancer of the module alb",
    optional: true,
    add: loadBalancer(aws("alb", "LoadBalancer"), "application"),
  },
  {
    name: "load balancer of the old module elasticloadbalancingv2",
    optional: true,
    add: loadBalancer(aws("elasticloadbalancingv2", "LoadBalancer"), "network"),
  },
  {
    name: "load balancer of the old module applicationloadbalancing",
    optional: true,
    add: loadBalancer(aws("applicationloadbalancing", "LoadBalancer"), "application"),
  },
  {
    name: "OpenSearch domain",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("opensearch", "Domain"), "search", {
        ...classicSearch,
        engineVersion: "OpenSearch_2.19",
        vpcOptions: { subnetIds: [phiSubnet(stack)], ...named("securityGroupIds", groups) },
      }),
  },
  {
    name: "Elasticsearch domain",
    optional: true,
    add: (stack, groups) =>
      stack.add(aws("elasticsearch", "Domain"), "search", {
        ...classicSearch,
        elasticsearchVersion: "7.10",
        vpcOptions: { subnetIds: [phiSubnet(stack)], ...named("securityGroupIds", groups) },
      }),
  },
  {
    name: "native interface",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("ec2", "NetworkInterface"), "interface", {
        subnetId: phiSubnet(stack),
        ...named("groupSet", groups),
      }),
  },
  {
    name: "native instance",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("ec2", "Instance"), "instance", {
        imageId: image["ami"],
        instanceType: image["instanceType"],
        subnetId: phiSubnet(stack),
        ...named("securityGroupIds", groups),
      }),
  },
  {
    name: "native instance's interface",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("ec2", "Instance"), "instance", {
        imageId: image["ami"],
        instanceType: image["instanceType"],
        networkInterfaces: [
          {
            deviceIndex: "0",
            subnetId: phiSubnet(stack),
            associatePublicIpAddress: false,
            ...named("groupSet", groups),
          },
        ],
      }),
  },
  {
    name: "native function",
    optional: false,
    add: (stack, groups) =>
      stack.add(native("lambda", "Function"), "function", {
        packageType: "Image",
        code: { imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/stranger:1" },
        role: "arn:aws:iam::111122223333:role/stranger",
        vpcConfig: { subnetIds: [phiSubnet(stack)], securityGroupIds: groups },
      }),
  },
  {
    name: "native ECS service",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("ecs", "Service"), "service", {
        ...task,
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: [phiSubnet(stack)],
            assignPublicIp: "DISABLED",
            ...named("securityGroups", groups),
          },
        },
      }),
  },
  {
    name: "native RDS cluster",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("rds", "DbCluster"), "database", {
        ...database,
        engine: "aurora-postgresql",
        engineVersion: "16.4",
        masterUsername: "stranger",
        dbClusterParameterGroupName: databaseParameters(
          stack,
          "ClusterParameterGroup",
          "aurora-postgresql16",
        ),
        dbSubnetGroupName: stack.add(native("rds", "DbSubnetGroup"), "database-subnets", {
          dbSubnetGroupDescription: "PHI",
          subnetIds: [phiSubnet(stack)],
        }),
        ...named("vpcSecurityGroupIds", groups),
      }),
  },
  {
    name: "native load balancer",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("elasticloadbalancingv2", "LoadBalancer"), "balancer", {
        type: "network",
        scheme: "internal",
        ipAddressType: "ipv4",
        subnets: [phiSubnet(stack)],
        ...named("securityGroups", groups),
      }),
  },
  {
    name: "native OpenSearch domain",
    optional: true,
    add: (stack, groups) =>
      stack.add(native("opensearchservice", "Domain"), "search", {
        ...search,
        engineVersion: "OpenSearch_2.19",
        nodeToNodeEncryptionOptions: { enabled: true },
        encryptionAtRestOptions: { enabled: true },
        vpcOptions: { subnetIds: [phiSubnet(stack)], ...named("securityGroupIds", groups) },
      }),
  },
];

function holder(name: string): Holder["add"] {
  const found = holders.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`no holder ${name}`);
  }
  return found.add;
}

/** An endpoint of a managed PHI store's, for callers of this organisation alone. */
function storeEndpoint(stack: Sketch): string {
  const condition = { "aws:PrincipalOrgID": "o-a1b2c3d4e5", "aws:ResourceOrgID": "o-a1b2c3d4e5" };
  return stack.add(aws("ec2", "VpcEndpoint"), "endpoint", {
    vpcId: stack.id("vpc"),
    vpcEndpointType: "Interface",
    serviceName: "com.amazonaws.us-east-1.healthlake",
    subnetIds: [phiSubnet(stack)],
    securityGroupIds: [stack.id("phi-group")],
    policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: "*",
          Action: "healthlake:*",
          Resource: "*",
          Condition: { StringEquals: condition },
        },
      ],
    }),
  });
}

/** The default group of the base's network, as the stack adopts it: with the rules given, and no others. */
function adoptedDefaultGroup(stack: Sketch, inputs: Inputs): unknown {
  return stack.add(aws("ec2", "DefaultSecurityGroup"), "default-group", {
    vpcId: stack.id("vpc"),
    ingress: [],
    egress: [],
    ...inputs,
  });
}

const everything: Inputs = { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] };

const secondGroups: readonly CorpusCase[] = [
  ...holders.map(({ name, add }) =>
    pair(
      "AE-04",
      `${name}: a second group lets out`,
      (stack) => add(stack, [stack.id("phi-group"), openGroup(stack)]),
      (stack) => add(stack, [stack.id("phi-group"), quietGroup(stack)]),
    ),
  ),
  pair(
    "AE-04",
    "interface: the processing zone's group instead",
    (stack) => holder("interface")(stack, [stack.id("processing-group")]),
    (stack) => holder("interface")(stack, [stack.id("phi-group")]),
  ),
  pair(
    "AE-04",
    "instance: the gateway's group as a second one",
    (stack) => holder("instance")(stack, [stack.id("phi-group"), stack.id("gateway-group")]),
    (stack) => holder("instance")(stack, [stack.id("phi-group"), quietGroup(stack)]),
  ),
  pair(
    "AE-04",
    "attachment of an open group to an interface",
    (stack) =>
      stack.add(aws("ec2", "NetworkInterfaceSecurityGroupAttachment"), "attachment", {
        networkInterfaceId: networkInterface(stack, "phi"),
        securityGroupId: openGroup(stack),
      }),
    (stack) =>
      stack.add(aws("ec2", "NetworkInterfaceSecurityGroupAttachment"), "attachment", {
        networkInterfaceId: networkInterface(stack, "phi"),
        securityGroupId: quietGroup(stack),
      }),
  ),
  pair(
    "AE-04",
    "attachment of an open group to an instance's first interface",
    (stack) =>
      stack.add(aws("ec2", "NetworkInterfaceSecurityGroupAttachment"), "attachment", {
        networkInterfaceId: `${instance(stack, "phi")}.primaryNetworkInterfaceId`,
        securityGroupId: openGroup(stack),
      }),
    (stack) =>
      stack.add(aws("ec2", "NetworkInterfaceSecurityGroupAttachment"), "attachment", {
        networkInterfaceId: `${instance(stack, "phi")}.primaryNetworkInterfaceId`,
        securityGroupId: quietGroup(stack),
      }),
  ),
  pair(
    "AE-04",
    "association of a group that is open both ways with a store's endpoint",
    (stack) => {
      const securityGroupId = openGroup(stack);
      stack.add(aws("vpc", "SecurityGroupIngressRule"), "open-group-in", {
        securityGroupId,
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
      });
      return stack.add(aws("ec2", "SecurityGroupAssociation"), "attachment", {
        vpcEndpointId: storeEndpoint(stack),
        securityGroupId,
      });
    },
    (stack) =>
      stack.add(aws("ec2", "SecurityGroupAssociation"), "attachment", {
        vpcEndpointId: storeEndpoint(stack),
        securityGroupId: quietGroup(stack),
      }),
  ),
  ...[
    { name: "", type: aws("vpc", "SecurityGroupVpcAssociation"), key: "securityGroupId" },
    { name: "native ", type: native("ec2", "SecurityGroupVpcAssociation"), key: "groupId" },
  ].map(({ name, type, key }) => {
    const lend = (stack: Sketch, group: string): unknown => {
      stack.add(type, "attachment", { [key]: group, vpcId: ownNetwork(stack, "phi") });
      return stack.add(aws("ec2", "NetworkInterface"), "interface", {
        subnetId: stack.id("own-subnet"),
        securityGroups: [stack.id("own-group"), group],
      });
    };
    return pair(
      "AE-04",
      `${name}association of another network's group with PHI's own network`,
      (stack) => lend(stack, openGroup(stack)),
      (stack) => lend(stack, quietGroup(stack)),
    );
  }),
];

const withoutGroups: readonly CorpusCase[] = [
  ...holders
    .filter(({ optional }) => optional)
    .map(({ name, add }) =>
      pair(
        "AE-05",
        `${name}: without a group`,
        (stack) => add(stack, undefined),
        (stack) => add(stack, [stack.id("phi-group")]),
      ),
    ),
  pair(
    "AE-05",
    "interface without a group, and the default group adopted",
    (stack) => {
      adoptedDefaultGroup(stack, { egress: [everything] });
      return holder("interface")(stack, undefined);
    },
    (stack) => {
      adoptedDefaultGroup(stack, {});
      return holder("interface")(stack, undefined);
    },
  ),
  pair(
    "AE-05",
    "instance without a group, and the default group of which network is emptied",
    (stack) => {
      stack.add(aws("ec2", "DefaultSecurityGroup"), "default-group", { vpcId: ownNetwork(stack, "gateway") });
      return holder("instance")(stack, undefined);
    },
    (stack) => {
      stack.add(aws("ec2", "DefaultSecurityGroup"), "default-group", { vpcId: stack.id("vpc") });
      return holder("instance")(stack, undefined);
    },
  ),
  pair(
    "AE-05",
    "network load balancer without a group, which no default group closes",
    (stack) => {
      adoptedDefaultGroup(stack, {});
      return holder("network load balancer")(stack, undefined);
    },
    (stack) => {
      adoptedDefaultGroup(stack, {});
      return holder("network load balancer")(stack, [stack.id("phi-group")]);
    },
  ),
  pair(
    "AE-05",
    "interface with an empty list of groups",
    (stack) => holder("interface")(stack, []),
    (stack) => holder("interface")(stack, [stack.id("phi-group")]),
  ),
];

const refilledDefault: readonly CorpusCase[] = [
  ...(
    [
      ["everything out, or nothing", { egress: [everything] }, { ingress: [], egress: [] }],
      [
        "both halves of the Internet, or PHI's subnet",
        { egress: [{ ...everything, cidrBlocks: ["0.0.0.0/1", "128.0.0.0/1"] }] },
        { egress: [{ ...everything, cidrBlocks: ["10.9.3.0/24"] }] },
      ],
      [
        "everything out by IPv6, or to itself",
        { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, ipv6CidrBlocks: ["::/0"] }] },
        { egress: [{ protocol: "-1", fromPort: 0, toPort: 0, self: true }] },
      ],
      ["in from the world, or nothing said", { ingress: [everything] }, {}],
    ] satisfies readonly (readonly [string, Inputs, Inputs])[]
  ).map(([name, bad, good]) => {
    const adopted = (stack: Sketch, inputs: Inputs): unknown =>
      stack.add(aws("ec2", "DefaultSecurityGroup"), "default-group", {
        vpcId: ownNetwork(stack, "phi"),
        tags: inZone("phi"),
        ...inputs,
      });
    return pair(
      "AE-06",
      `default group of PHI's own network: ${name}`,
      (stack) => adopted(stack, bad),
      (stack) => adopted(stack, good),
    );
  }),
  pair(
    "AE-06",
    "default group refilled, and an instance in PHI that falls back on it or does not",
    (stack) => {
      adoptedDefaultGroup(stack, { egress: [everything] });
      return holder("instance")(stack, undefined);
    },
    (stack) => {
      adoptedDefaultGroup(stack, { egress: [everything] });
      return holder("instance")(stack, [stack.id("phi-group")]);
    },
  ),
];

/** AE-04 to AE-06: which groups are on something in a PHI zone, where they are not the ones meant for it. */
export const waysOutOfGroups: readonly CorpusCase[] = [...secondGroups, ...withoutGroups, ...refilledDefault];
