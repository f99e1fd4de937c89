import type { Sketch } from "../stack-sketch";
import {
  aws,
  give,
  image,
  inOwnNetwork,
  inPhiOrGateway,
  instance,
  launched,
  native,
  nativeTags,
  networkInterface,
  pair,
  scalingGroup,
  task,
  type Inputs,
  type Zone,
} from "./aws-network-pieces";
import { inZone, type CorpusCase } from "./corpus-case";

const networkV6 = "2600:1f18:1234:5600::/56";
const subnetV6 = "2600:1f18:1234:5603::/64";
const hostV6 = "2600:1f18:1234:5603::10";

/** IPv6 for the subnet of PHI, or of the gateway. */
function subnet(name: string, inputs: Inputs): CorpusCase {
  return inPhiOrGateway("AE-14", `subnet: ${name}`, (stack, zone) => give(stack, `${zone}-subnet`, inputs));
}

/** IPv6 for a network that PHI has to itself, or the gateway. */
function network(name: string, inputs: Inputs): CorpusCase {
  return inOwnNetwork("AE-14", `network: ${name}`, (stack) => give(stack, "own-vpc", inputs));
}

/** IPv6 for an interface of PHI, or of the gateway. */
function ipv6Interface(name: string, inputs: Inputs): CorpusCase {
  return inPhiOrGateway("AE-14", `interface: ${name}`, (stack, zone) =>
    networkInterface(stack, zone, inputs),
  );
}

/** IPv6 for an interface of `aws-native`. */
function nativeInterface(name: string, inputs: Inputs): CorpusCase {
  return inPhiOrGateway("AE-14", `native interface: ${name}`, (stack, zone) =>
    stack.add(native("ec2", "NetworkInterface"), "interface", {
      subnetId: stack.id(`${zone}-subnet`),
      groupSet: [stack.id(`${zone}-group`)],
      ...inputs,
    }),
  );
}

/** A second subnet of a zone, in `aws-native`, on the table of the zone. */
function nativeSubnet(stack: Sketch, zone: Zone, inputs: Inputs): string {
  const subnetId = stack.add(native("ec2", "Subnet"), "second-subnet", {
    vpcId: stack.id("vpc"),
    cidrBlock: "10.0.4.0/24",
    tags: nativeTags(zone),
    ...inputs,
  });
  stack.add(native("ec2", "SubnetRouteTableAssociation"), "second-association", {
    subnetId,
    routeTableId: stack.id(`${zone}-routes`),
  });
  return subnetId;
}

/** The base's subnet of a zone, of IPv6 alone. */
function ipv6Alone(stack: Sketch, zone: Zone, inputs: Inputs = {}): unknown {
  return stack.change(`${zone}-subnet`, ({ vpcId, tags }) => ({
    vpcId,
    tags,
    ipv6CidrBlock: subnetV6,
    ipv6Native: true,
    assignIpv6AddressOnCreation: true,
    ...inputs,
  }));
}

const ipv6: readonly CorpusCase[] = [
  network("a block of Amazon's", { assignGeneratedIpv6CidrBlock: true }),
  network("a block of a pool's, in full", {
    ipv6IpamPoolId: "ipam-pool-0123456789abcdef0",
    ipv6CidrBlock: networkV6,
  }),
  network("a block of a pool's, by its length", {
    ipv6IpamPoolId: "ipam-pool-0123456789abcdef0",
    ipv6NetmaskLength: 56,
  }),
  inOwnNetwork("AE-14", "network: a block of Amazon's, associated", (stack, vpcId) =>
    stack.add(aws("ec2", "VpcIpv6CidrBlockAssociation"), "block", {
      vpcId,
      assignGeneratedIpv6CidrBlock: true,
    }),
  ),
  inOwnNetwork("AE-14", "network: a block of a pool's, associated", (stack, vpcId) =>
    stack.add(aws("ec2", "VpcIpv6CidrBlockAssociation"), "block", {
      vpcId,
      ipv6IpamPoolId: "ipam-pool-0123456789abcdef0",
      ipv6CidrBlock: networkV6,
    }),
  ),
  inOwnNetwork("AE-14", "network: a native block of Amazon's", (stack, vpcId) =>
    stack.add(native("ec2", "VpcCidrBlock"), "block", { vpcId, amazonProvidedIpv6CidrBlock: true }),
  ),
  inPhiOrGateway(
    "AE-14",
    "network of all zones with IPv6, and which subnet has a part of it",
    (stack, zone) => {
      give(stack, "vpc", { assignGeneratedIpv6CidrBlock: true });
      return give(stack, `${zone}-subnet`, { ipv6CidrBlock: subnetV6 });
    },
  ),
  subnet("a block", { ipv6CidrBlock: subnetV6 }),
  subnet("a block of a pool's, by its length", {
    ipv6IpamPoolId: "ipam-pool-0123456789abcdef0",
    ipv6NetmaskLength: 64,
  }),
  subnet("addresses for what is made in it", { assignIpv6AddressOnCreation: true }),
  pair(
    "AE-14",
    "subnet: addresses for what is made in it, or none",
    (stack) => give(stack, "phi-subnet", { ipv6CidrBlock: subnetV6, assignIpv6AddressOnCreation: true }),
    (stack) => give(stack, "phi-subnet", { assignIpv6AddressOnCreation: false, enableDns64: false }),
  ),
  inPhiOrGateway("AE-14", "subnet: of IPv6 alone", (stack, zone) => ipv6Alone(stack, zone)),
  inPhiOrGateway("AE-14", "subnet: of IPv6 alone, with names for what has IPv4 alone", (stack, zone) =>
    ipv6Alone(stack, zone, { enableDns64: true }),
  ),
  inPhiOrGateway("AE-14", "subnet: a native block", (stack, zone) =>
    stack.add(native("ec2", "SubnetCidrBlock"), "block", {
      subnetId: stack.id(`${zone}-subnet`),
      ipv6CidrBlock: subnetV6,
    }),
  ),
  ...(
    [
      ["a block", { ipv6CidrBlock: subnetV6 }],
      ["addresses for what is made in it", { ipv6CidrBlock: subnetV6, assignIpv6AddressOnCreation: true }],
      ["names for what has IPv4 alone", { ipv6CidrBlock: subnetV6, enableDns64: true }],
    ] satisfies readonly (readonly [string, Inputs])[]
  ).map(([name, inputs]) =>
    inPhiOrGateway("AE-14", `native subnet: ${name}`, (stack, zone) => nativeSubnet(stack, zone, inputs)),
  ),
  pair(
    "AE-14",
    "native subnet: addresses for what is made in it, or none",
    (stack) => nativeSubnet(stack, "phi", { assignIpv6AddressOnCreation: true }),
    (stack) => nativeSubnet(stack, "phi", { assignIpv6AddressOnCreation: false }),
  ),
  ipv6Interface("an address", { ipv6AddressCount: 1 }),
  ipv6Interface("an address in full", { ipv6Addresses: [hostV6] }),
  ipv6Interface("an address in full, in order", { ipv6AddressListEnabled: true, ipv6AddressLists: [hostV6] }),
  ipv6Interface("a prefix", { ipv6PrefixCount: 1 }),
  ipv6Interface("a prefix in full", { ipv6Prefixes: ["2600:1f18:1234:5603:1::/80"] }),
  pair(
    "AE-14",
    "interface: some addresses of IPv6, or none",
    (stack) => networkInterface(stack, "phi", { ipv6AddressCount: 2 }),
    (stack) => networkInterface(stack, "phi", { ipv6AddressCount: 0, privateIpsCount: 2 }),
  ),
  nativeInterface("an address", { ipv6AddressCount: 1 }),
  nativeInterface("an address in full", { ipv6Addresses: [{ ipv6Address: hostV6 }] }),
  nativeInterface("a prefix", { ipv6PrefixCount: 1 }),
  inPhiOrGateway("AE-14", "instance: an address", (stack, zone) =>
    instance(stack, zone, { ipv6AddressCount: 1 }),
  ),
  inPhiOrGateway("AE-14", "instance: an address in full", (stack, zone) =>
    instance(stack, zone, { ipv6Addresses: [hostV6] }),
  ),
  inPhiOrGateway("AE-14", "launch template: an address", (stack, zone) =>
    launched(stack, zone, {
      networkInterfaces: [
        { deviceIndex: 0, securityGroups: [stack.id(`${zone}-group`)], ipv6AddressCount: 1 },
      ],
    }),
  ),
];

/** A setting of something in PHI that says whether it has a public address: on, and off. */
function switched(name: string, add: (stack: Sketch, on: boolean) => unknown): CorpusCase {
  return pair(
    "AE-15",
    name,
    (stack) => add(stack, true),
    (stack) => add(stack, false),
  );
}

/** Where a task runs: in PHI, with its group, and a public address or none. */
function place(stack: Sketch, assignPublicIp: boolean): Inputs {
  return {
    networkConfiguration: {
      subnets: [stack.id("phi-subnet")],
      securityGroups: [stack.id("phi-group")],
      assignPublicIp,
    },
  };
}

const allocation: Inputs = { allocationId: "eipalloc-0123456789abcdef0" };

const publicAddresses: readonly CorpusCase[] = [
  switched("subnet: public addresses for what starts in it", (stack, mapPublicIpOnLaunch) =>
    give(stack, "phi-subnet", { mapPublicIpOnLaunch }),
  ),
  inPhiOrGateway("AE-15", "subnet: public addresses for what starts in which zone", (stack, zone) =>
    give(stack, `${zone}-subnet`, { mapPublicIpOnLaunch: true }),
  ),
  switched("native subnet: public addresses for what starts in it", (stack, mapPublicIpOnLaunch) =>
    nativeSubnet(stack, "phi", { mapPublicIpOnLaunch }),
  ),
  inPhiOrGateway("AE-15", "Elastic IP of an instance", (stack, zone) =>
    stack.add(aws("ec2", "Eip"), "address", { domain: "vpc", instance: instance(stack, zone) }),
  ),
  inPhiOrGateway("AE-15", "Elastic IP of an interface", (stack, zone) =>
    stack.add(aws("ec2", "Eip"), "address", {
      domain: "vpc",
      networkInterface: networkInterface(stack, zone),
    }),
  ),
  inPhiOrGateway("AE-15", "native Elastic IP of an instance", (stack, zone) =>
    stack.add(native("ec2", "Eip"), "address", { domain: "vpc", instanceId: instance(stack, zone) }),
  ),
  ...[
    { name: "", type: aws("ec2", "EipAssociation") },
    { name: "native ", type: native("ec2", "EipAssociation") },
  ].flatMap(({ name, type }) => [
    inPhiOrGateway("AE-15", `${name}association of an Elastic IP with an instance`, (stack, zone) =>
      stack.add(type, "address", { ...allocation, instanceId: instance(stack, zone) }),
    ),
    inPhiOrGateway("AE-15", `${name}association of an Elastic IP with an interface`, (stack, zone) =>
      stack.add(type, "address", { ...allocation, networkInterfaceId: networkInterface(stack, zone) }),
    ),
  ]),
  pair(
    "AE-15",
    "association of an Elastic IP of the stack's with an instance in PHI, or of none",
    (stack) =>
      stack.add(aws("ec2", "EipAssociation"), "association", {
        allocationId: stack.add(aws("ec2", "Eip"), "address", { domain: "vpc" }),
        instanceId: instance(stack, "phi"),
      }),
    (stack) => {
      stack.add(aws("ec2", "Eip"), "address", { domain: "vpc" });
      return instance(stack, "phi");
    },
  ),
  switched("instance: a public address", (stack, associatePublicIpAddress) =>
    instance(stack, "phi", { associatePublicIpAddress }),
  ),
  inPhiOrGateway("AE-15", "instance: a public address in which zone", (stack, zone) =>
    instance(stack, zone, { associatePublicIpAddress: true }),
  ),
  switched("spot instance: a public address", (stack, associatePublicIpAddress) =>
    stack.add(aws("ec2", "SpotInstanceRequest"), "instance", {
      ...image,
      subnetId: stack.id("phi-subnet"),
      vpcSecurityGroupIds: [stack.id("phi-group")],
      associatePublicIpAddress,
    }),
  ),
  switched("native instance: a public address", (stack, associatePublicIpAddress) =>
    stack.add(native("ec2", "Instance"), "instance", {
      imageId: image["ami"],
      instanceType: image["instanceType"],
      networkInterfaces: [
        {
          deviceIndex: "0",
          subnetId: stack.id("phi-subnet"),
          groupSet: [stack.id("phi-group")],
          associatePublicIpAddress,
        },
      ],
    }),
  ),
  switched("launch template: a public address", (stack, on) =>
    launched(stack, "phi", {
      networkInterfaces: [
        { deviceIndex: 0, securityGroups: [stack.id("phi-group")], associatePublicIpAddress: String(on) },
      ],
    }),
  ),
  switched("launch template: an address of a carrier's", (stack, on) =>
    launched(stack, "phi", {
      networkInterfaces: [
        { deviceIndex: 0, securityGroups: [stack.id("phi-group")], associateCarrierIpAddress: String(on) },
      ],
    }),
  ),
  switched("launch template that names its subnet: a public address", (stack, on) =>
    stack.add(aws("ec2", "LaunchTemplate"), "template", {
      imageId: image["ami"],
      networkInterfaces: [
        {
          deviceIndex: 0,
          subnetId: stack.id("phi-subnet"),
          securityGroups: [stack.id("phi-group")],
          associatePublicIpAddress: String(on),
        },
      ],
    }),
  ),
  inPhiOrGateway("AE-15", "launch template with a public address, started in which zone", (stack, zone) =>
    launched(stack, zone, {
      networkInterfaces: [
        { deviceIndex: 0, securityGroups: [stack.id(`${zone}-group`)], associatePublicIpAddress: "true" },
      ],
    }),
  ),
  switched("native launch template: a public address", (stack, associatePublicIpAddress) => {
    const id = stack.add(native("ec2", "LaunchTemplate"), "template", {
      launchTemplateData: {
        imageId: image["ami"],
        instanceType: image["instanceType"],
        networkInterfaces: [{ deviceIndex: 0, groups: [stack.id("phi-group")], associatePublicIpAddress }],
      },
    });
    return scalingGroup(stack, "phi", { launchTemplate: { id, version: "$Latest" } });
  }),
  switched("launch configuration: a public address", (stack, associatePublicIpAddress) =>
    scalingGroup(stack, "phi", {
      launchConfiguration: stack.add(aws("ec2", "LaunchConfiguration"), "configuration", {
        imageId: image["ami"],
        instanceType: image["instanceType"],
        securityGroups: [stack.id("phi-group")],
        associatePublicIpAddress,
      }),
    }),
  ),
  switched("ECS service: a public address", (stack, on) =>
    stack.add(aws("ecs", "Service"), "service", { ...task, ...place(stack, on) }),
  ),
  switched("ECS task set: a public address", (stack, on) =>
    stack.add(aws("ecs", "TaskSet"), "tasks", { ...task, service: "stranger", ...place(stack, on) }),
  ),
  switched("scheduled ECS task: a public address", (stack, on) =>
    stack.add(aws("cloudwatch", "EventTarget"), "target", {
      rule: "nightly",
      arn: task["cluster"],
      roleArn: "arn:aws:iam::111122223333:role/stranger",
      ecsTarget: {
        taskDefinitionArn: task["taskDefinition"],
        launchType: "FARGATE",
        ...place(stack, on),
      },
    }),
  ),
  switched("native ECS service: a public address", (stack, on) =>
    stack.add(native("ecs", "Service"), "service", {
      ...task,
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [stack.id("phi-subnet")],
          securityGroups: [stack.id("phi-group")],
          assignPublicIp: on ? "ENABLED" : "DISABLED",
        },
      },
    }),
  ),
  switched("second subnet: public addresses for what starts in it", (stack, mapPublicIpOnLaunch) =>
    stack.add(aws("ec2", "RouteTableAssociation"), "second-association", {
      subnetId: stack.add(aws("ec2", "Subnet"), "second-subnet", {
        vpcId: stack.id("vpc"),
        cidrBlock: "10.0.4.0/24",
        mapPublicIpOnLaunch,
        tags: inZone("phi"),
      }),
      routeTableId: stack.id("phi-routes"),
    }),
  ),
];

/** AE-14 and AE-15: addresses that the Internet knows. */
export const waysOutOfAddresses: readonly CorpusCase[] = [...ipv6, ...publicAddresses];
