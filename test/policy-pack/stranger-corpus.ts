import { Sketch, unknownText, type Knowledge } from "./stack-sketch";

const sg = "aws:ec2/securityGroup:SecurityGroup";
const any = { protocol: "-1", fromPort: 0, toPort: 0 };
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
const phi = { "bulkhead-zone": "phi" };

/** A stack of somebody who knows nothing of our components: one VPC, a PHI subnet, and what a case adds. */
export function stranger(knowledge: Knowledge): Sketch {
  const stack = new Sketch(knowledge);
  const vpc = stack.add("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = stack.add("aws:ec2/subnet:Subnet", "phi-subnet", {
    vpcId: vpc,
    cidrBlock: "10.0.1.0/24",
    mapPublicIpOnLaunch: false,
    tags: phi,
  });
  const routes = stack.add("aws:ec2/routeTable:RouteTable", "phi-routes", { vpcId: vpc });
  stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "phi-association", {
    subnetId: subnet,
    routeTableId: routes,
  });
  return stack;
}

export function withGroup(stack: Sketch, inputs: Readonly<Record<string, unknown>>): Sketch {
  stack.add(sg, "phi-group", { vpcId: stack.id("vpc"), tags: phi, ...inputs });
  return stack;
}

/** What runs code can ask for names, so the network of one that is right answers none. */
function withoutNames(stack: Sketch): Sketch {
  return stack.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: false }));
}

function standalone(stack: Sketch, type: string, inputs: Readonly<Record<string, unknown>>): Sketch {
  withGroup(stack, {});
  stack.add(type, "rule", { securityGroupId: stack.id("phi-group"), ...inputs });
  return stack;
}

/** An open security group behind a network ACL that denies 443 to some addresses, and lets everything else out. */
function openBehindAcl(stack: Sketch, denied: string): void {
  withGroup(stack, { egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }] });
  const acl = stack.add("aws:ec2/networkAcl:NetworkAcl", "acl", {
    vpcId: stack.id("vpc"),
    egress: [
      { ruleNo: 1, action: "deny", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlock: denied },
      { ruleNo: 2, action: "allow", protocol: "-1", fromPort: 0, toPort: 0, cidrBlock: "0.0.0.0/0" },
    ],
  });
  stack.add("aws:ec2/networkAclAssociation:NetworkAclAssociation", "acl-association", {
    networkAclId: acl,
    subnetId: stack.id("phi-subnet"),
  });
}

export interface Case {
  readonly name: string;
  readonly bad: (stack: Sketch) => unknown;
  /** The nearest configuration that is right. */
  readonly good: (stack: Sketch) => unknown;
}

/** The known ways out of an AWS network that string matching misses, each beside the twin that is harmless. */
export const corpus: readonly Case[] = [
  {
    name: "any protocol to 0.0.0.0/0",
    bad: (s) => withGroup(s, { egress: [{ ...any, cidrBlocks: ["0.0.0.0/0"] }] }),
    good: (s) => withGroup(s, { egress: [] }),
  },
  {
    name: "TCP 443 to 0.0.0.0/0",
    bad: (s) => withGroup(s, { egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }] }),
    good: (s) => withGroup(s, { egress: [{ ...https, cidrBlocks: ["10.0.1.0/24"] }] }),
  },
  {
    name: "0.0.0.0/1 and 128.0.0.0/1",
    bad: (s) =>
      withGroup(s, {
        egress: [
          { ...https, cidrBlocks: ["0.0.0.0/1"] },
          { ...https, cidrBlocks: ["128.0.0.0/1"] },
        ],
      }),
    good: (s) =>
      withGroup(s, {
        egress: [
          { ...https, cidrBlocks: ["10.0.1.0/25"] },
          { ...https, cidrBlocks: ["10.0.1.128/25"] },
        ],
      }),
  },
  {
    name: "a public /8",
    bad: (s) => withGroup(s, { egress: [{ ...https, cidrBlocks: ["52.0.0.0/8"] }] }),
    good: (s) => withGroup(s, { egress: [{ ...https, self: true }] }),
  },
  {
    name: "a rule for itself before an open one",
    bad: (s) =>
      withGroup(s, {
        egress: [
          { ...any, self: true },
          { ...any, cidrBlocks: ["0.0.0.0/0"] },
        ],
      }),
    good: (s) => withGroup(s, { egress: [{ ...any, self: true }] }),
  },
  {
    name: "::/0",
    bad: (s) => withGroup(s, { egress: [{ ...any, ipv6CidrBlocks: ["::/0"] }] }),
    good: (s) => withGroup(s, { egress: [{ ...any, cidrBlocks: [], ipv6CidrBlocks: [], self: true }] }),
  },
  {
    name: "2000::/3",
    bad: (s) => withGroup(s, { egress: [{ ...https, ipv6CidrBlocks: ["2000::/3"] }] }),
    good: (s) => withGroup(s, {}),
  },
  {
    name: "a legacy rule on 443",
    bad: (s) =>
      standalone(s, "aws:ec2/securityGroupRule:SecurityGroupRule", {
        type: "egress",
        ...https,
        cidrBlocks: ["0.0.0.0/0"],
      }),
    good: (s) =>
      standalone(s, "aws:ec2/securityGroupRule:SecurityGroupRule", { type: "egress", ...https, self: true }),
  },
  {
    name: "a standalone rule of any protocol",
    bad: (s) =>
      standalone(s, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
      }),
    good: (s) =>
      standalone(s, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
        ipProtocol: "-1",
        cidrIpv4: "10.0.1.0/24",
      }),
  },
  {
    name: "an address block that is not known",
    bad: (s) =>
      standalone(s, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: unknownText,
      }),
    good: (s) =>
      standalone(s, "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", {
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "10.0.1.7/32",
      }),
  },
  {
    name: "a route to an internet gateway",
    bad: (s) => {
      const gateway = s.add("aws:ec2/internetGateway:InternetGateway", "gateway", { vpcId: s.id("vpc") });
      s.add("aws:ec2/route:Route", "route", {
        routeTableId: s.id("phi-routes"),
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway,
      });
    },
    good: (s) => {
      const gateway = s.add("aws:ec2/internetGateway:InternetGateway", "gateway", { vpcId: s.id("vpc") });
      const routes = s.add("aws:ec2/routeTable:RouteTable", "public-routes", { vpcId: s.id("vpc") });
      s.add("aws:ec2/route:Route", "route", {
        routeTableId: routes,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway,
      });
    },
  },
  {
    name: "a main route table that leads out, with no association",
    bad: (s) => {
      s.remove("phi-association");
      s.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main", {
        defaultRouteTableId: `${s.id("vpc")}.defaultRouteTableId`,
        routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0123" }],
      });
    },
    good: (s) => {
      s.remove("phi-association");
      s.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main", {
        defaultRouteTableId: `${s.id("vpc")}.defaultRouteTableId`,
        routes: [],
      });
    },
  },
  {
    name: "an instance in the default security group",
    bad: (s) =>
      withoutNames(s).add("aws:ec2/instance:Instance", "instance", { subnetId: s.id("phi-subnet") }),
    good: (s) => {
      withoutNames(s);
      s.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", { vpcId: s.id("vpc") });
      s.add("aws:ec2/instance:Instance", "instance", { subnetId: s.id("phi-subnet") });
    },
  },
  {
    name: "a second security group on a PHI instance",
    bad: (s) => {
      withGroup(withoutNames(s), { egress: [] });
      const open = s.add(sg, "open-group", {
        vpcId: s.id("vpc"),
        egress: [{ ...any, cidrBlocks: ["0.0.0.0/0"] }],
      });
      s.add("aws:ec2/instance:Instance", "instance", {
        subnetId: s.id("phi-subnet"),
        vpcSecurityGroupIds: [s.id("phi-group"), open],
      });
    },
    good: (s) => {
      withGroup(withoutNames(s), { egress: [] });
      s.add(sg, "open-group", { vpcId: s.id("vpc"), egress: [{ ...any, cidrBlocks: ["0.0.0.0/0"] }] });
      s.add("aws:ec2/instance:Instance", "instance", {
        subnetId: s.id("phi-subnet"),
        vpcSecurityGroupIds: [s.id("phi-group")],
      });
    },
  },
  {
    name: "an open security group that the network ACL does not hold back",
    bad: (s) => openBehindAcl(s, "0.0.0.0/1"),
    good: (s) => openBehindAcl(s, "0.0.0.0/0"),
  },
  {
    name: "public addresses on launch",
    bad: (s) => s.change("phi-subnet", (i) => ({ ...i, mapPublicIpOnLaunch: true })),
    good: (s) => s.change("phi-subnet", (i) => ({ ...i, mapPublicIpOnLaunch: false })),
  },
  {
    name: "an elastic address on a PHI interface",
    bad: (s) => {
      withGroup(withoutNames(s), {});
      const nic = s.add("aws:ec2/networkInterface:NetworkInterface", "nic", {
        subnetId: s.id("phi-subnet"),
        securityGroups: [s.id("phi-group")],
      });
      s.add("aws:ec2/eip:Eip", "address", { networkInterface: nic });
    },
    good: (s) => {
      withGroup(withoutNames(s), {});
      s.add("aws:ec2/networkInterface:NetworkInterface", "nic", {
        subnetId: s.id("phi-subnet"),
        securityGroups: [s.id("phi-group")],
      });
      s.add("aws:ec2/eip:Eip", "address", {});
    },
  },
  {
    name: "an endpoint in the PHI zone that lets every call through",
    bad: (s) => {
      withGroup(s, {});
      s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
        vpcId: s.id("vpc"),
        vpcEndpointType: "Interface",
        serviceName: "com.amazonaws.us-east-1.s3",
        subnetIds: [s.id("phi-subnet")],
        securityGroupIds: [s.id("phi-group")],
      });
    },
    good: (s) => {
      withGroup(s, {});
      s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
        vpcId: s.id("vpc"),
        vpcEndpointType: "Interface",
        serviceName: "com.amazonaws.us-east-1.s3",
        subnetIds: [s.id("phi-subnet")],
        securityGroupIds: [s.id("phi-group")],
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: {
            Effect: "Allow",
            Principal: "*",
            Action: "s3:GetObject",
            Resource: "arn:aws:s3:::records/*",
            Condition: {
              StringEquals: {
                "aws:PrincipalAccount": "111122223333",
                "aws:ResourceAccount": "111122223333",
              },
            },
          },
        }),
      });
    },
  },
  {
    name: "the zone said by the provider's default tags alone",
    bad: (s) => {
      s.change("phi-subnet", (i) => ({ ...i, tags: undefined, mapPublicIpOnLaunch: true }));
      s.defaultTags(phi);
    },
    good: (s) => {
      s.change("phi-subnet", (i) => ({ ...i, tags: undefined }));
      s.defaultTags(phi);
    },
  },
  {
    name: "the zone said by the network alone",
    bad: (s) => {
      s.change("phi-subnet", (i) => ({ ...i, tags: undefined, mapPublicIpOnLaunch: true }));
      s.change("vpc", (i) => ({ ...i, tags: phi }));
    },
    good: (s) => {
      s.change("phi-subnet", (i) => ({ ...i, tags: undefined }));
      s.change("vpc", (i) => ({ ...i, tags: phi }));
    },
  },
];
