import { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import { advised, ownAccount, refused } from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

/** Gives the PHI zone a network of its own, into which nobody comes. */
function ownNetwork(stack: Sketch): string {
  const vpc = stack.add("aws:ec2/vpc:Vpc", "phi-vpc", {
    cidrBlock: "10.3.0.0/16",
    enableDnsSupport: false,
    tags: inZone("phi"),
  });
  stack.remove("processing-to-phi").remove("phi-from-processing");
  for (const name of ["phi-subnet", "phi-routes", "phi-group"]) {
    stack.change(name, (inputs) => ({ ...inputs, vpcId: vpc }));
  }
  stack.change("phi-subnet", (inputs) => ({ ...inputs, cidrBlock: "10.3.1.0/24" }));
  return vpc;
}

/** What must exist for each network of the PHI zone. */
const ofNetwork: Readonly<Record<string, (stack: Sketch, vpc: string) => unknown>> = {
  "default security group": (stack, vpc) =>
    stack.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", { vpcId: vpc }),
  "default network ACL": (stack, vpc) =>
    stack.add("aws:ec2/defaultNetworkAcl:DefaultNetworkAcl", "default-acl", {
      defaultNetworkAclId: `${vpc}.defaultNetworkAclId`,
    }),
  "default route table": (stack, vpc) =>
    stack.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "default-routes", {
      defaultRouteTableId: `${vpc}.defaultRouteTableId`,
      routes: [],
    }),
  "log of packets": (stack, vpc) =>
    stack.add("aws:ec2/flowLog:FlowLog", "packets", {
      vpcId: vpc,
      trafficType: "ALL",
      maxAggregationInterval: 60,
      logDestinationType: "s3",
      logDestination: "arn:aws:s3:::logs-of-packets",
    }),
};

const sealedDefaults: readonly CorpusCase[] = Object.keys(ofNetwork).map((missing) =>
  advised(
    "must-1",
    `a network of the PHI zone without its ${missing}`,
    (stack, isMissing: boolean) => {
      const vpc = ownNetwork(stack);
      Object.entries(ofNetwork)
        .filter(([name]) => !isMissing || name !== missing)
        .forEach(([, add]) => {
          add(stack, vpc);
        });
    },
    true,
    false,
  ),
);

/** A list of rules for PHI's packets, bound to its subnet or to none. */
function accessList(stack: Sketch, isBound: boolean): void {
  const acl = stack.add("aws:ec2/networkAcl:NetworkAcl", "acl", {
    vpcId: stack.id("vpc"),
    tags: inZone("phi"),
  });
  const allow = (name: string, egress: boolean, fromPort: number, toPort: number): void => {
    stack.add("aws:ec2/networkAclRule:NetworkAclRule", name, {
      networkAclId: acl,
      ruleNumber: 100,
      ruleAction: "allow",
      protocol: "tcp",
      cidrBlock: "10.0.2.0/24",
      egress,
      fromPort,
      toPort,
    });
  };
  allow("acl-in", false, 443, 443);
  allow("acl-replies", true, 1024, 65535);
  if (isBound) {
    stack.add("aws:ec2/networkAclAssociation:NetworkAclAssociation", "acl-association", {
      networkAclId: acl,
      subnetId: stack.id("phi-subnet"),
    });
  }
}

const boundSubnets: readonly CorpusCase[] = [
  {
    id: "must-2",
    name: "a PHI subnet without a route table",
    expected: "advised",
    bad: (stack) => {
      accessList(stack, true);
      stack.remove("phi-association");
    },
    good: (stack) => {
      accessList(stack, true);
    },
  },
  advised("must-2", "a PHI subnet without an access list", accessList, false, true),
];

/** Who may send to whom, by the rules of the base. */
const rulesOf: Readonly<Record<string, { readonly in: readonly string[]; readonly out: readonly string[] }>> =
  {
    gateway: { in: ["gateway-from-world"], out: ["gateway-to-processing"] },
    processing: {
      in: ["processing-from-gateway", "processing-from-processing"],
      out: ["processing-to-processing", "processing-to-phi"],
    },
    phi: { in: ["phi-from-processing"], out: [] },
  };

function exclusive(stack: Sketch, zone: string, egressRuleIds?: readonly string[]): void {
  const ids = (names: readonly string[] = []): readonly string[] =>
    names.map((name) => `${stack.id(name)}.securityGroupRuleId`);
  stack.add("aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive", `${zone}-exclusive`, {
    securityGroupId: stack.id(`${zone}-group`),
    ingressRuleIds: ids(rulesOf[zone]?.in),
    egressRuleIds: egressRuleIds ?? ids(rulesOf[zone]?.out),
  });
}

const exclusiveRules: readonly CorpusCase[] = [
  ...Object.keys(rulesOf).map((missing) =>
    advised(
      "must-3",
      `rules of the group of ${missing} that do not exclude others`,
      (stack, isMissing: boolean) => {
        Object.keys(rulesOf)
          .filter((zone) => !isMissing || zone !== missing)
          .forEach((zone) => {
            exclusive(stack, zone);
          });
      },
      true,
      false,
    ),
  ),
  refused(
    "must-3",
    "a rule out of the PHI zone that nobody knows and that others are not to take away",
    (stack, egressRuleIds: readonly string[]) => {
      exclusive(stack, "phi", egressRuleIds);
    },
    ["sgr-0123456789abcdef0"],
    [],
  ),
];

/** What must exist for each network that has names: a firewall that ends in a block of all, and a log of questions. */
const ofNames: Readonly<Record<"firewall" | "log" | "log's binding", (stack: Sketch) => void>> = {
  firewall: (stack) => {
    const group = stack.add("aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup", "names", {});
    stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", "names-rule", {
      firewallRuleGroupId: group,
      firewallDomainListId: stack.add(
        "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
        "all-names",
        { domains: ["*"] },
      ),
      action: "BLOCK",
      blockResponse: "NXDOMAIN",
      priority: 100,
    });
    stack.add(
      "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
      "names-association",
      {
        firewallRuleGroupId: group,
        vpcId: stack.id("vpc"),
        priority: 101,
        mutationProtection: "ENABLED",
      },
    );
  },
  log: (stack) => {
    stack.add("aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig", "questions", {
      destinationArn: `arn:aws:logs:us-east-1:${ownAccount}:log-group:/dns`,
    });
  },
  "log's binding": (stack) => {
    stack.add(
      "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
      "questions-association",
      {
        resourceId: stack.id("vpc"),
        resolverQueryLogConfigId: stack.names().includes("questions")
          ? stack.id("questions")
          : "rqlc-0123456789abcdef",
      },
    );
  },
};

function withNames(stack: Sketch, parts: readonly (keyof typeof ofNames)[]): void {
  stack.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: true }));
  parts.forEach((part) => {
    ofNames[part](stack);
  });
}

const watchedNames: readonly CorpusCase[] = [
  advised(
    "must-4",
    "names with a log but no firewall",
    withNames,
    ["log", "log's binding"],
    ["firewall", "log", "log's binding"],
  ),
  advised(
    "must-4",
    "names with a firewall but no log",
    withNames,
    ["firewall"],
    ["firewall", "log", "log's binding"],
  ),
  advised(
    "must-4",
    "names with a firewall, and a log that belongs to no network",
    withNames,
    ["firewall", "log"],
    ["firewall", "log", "log's binding"],
  ),
];

const accountSwitch: readonly CorpusCase[] = [
  {
    id: "must-5",
    name: "an account that does not block public access",
    expected: "advised",
    bad: () => undefined,
    good: (stack) =>
      stack.add("aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", "block", {
        internetGatewayBlockMode: "block-bidirectional",
      }),
  },
];

function trustStore(stack: Sketch, name: string): string {
  const id = stack.add("aws:lb/trustStore:TrustStore", name, {
    caCertificatesBundleS3Bucket: "authorities",
    caCertificatesBundleS3Key: "authorities.pem",
    caCertificatesBundleS3ObjectVersion: "3sL4kqtJlcpXroDTDmJ",
  });
  stack.add("aws:lb/trustStoreRevocation:TrustStoreRevocation", `${name}-revocation`, {
    trustStoreArn: `${id}.arn`,
    revocationsS3Bucket: "authorities",
    revocationsS3Key: "revoked.crl",
    revocationsS3ObjectVersion: "3sL4kqtJlcpXroDTDmK",
  });
  return `${id}.arn`;
}

/** A load balancer of the gateway that asks its clients who they are, and speaks TLS to what is behind it. */
function frontDoor(stack: Sketch, more: Inputs): void {
  stack.add("aws:lb/listener:Listener", "listener", {
    loadBalancerArn: `${stack.add("aws:lb/loadBalancer:LoadBalancer", "front", {
      loadBalancerType: "application",
      internal: false,
      ipAddressType: "ipv4",
      dropInvalidHeaderFields: true,
      subnets: [stack.id("gateway-subnet")],
      securityGroups: [stack.id("gateway-group")],
      tags: inZone("gateway"),
    })}.arn`,
    port: 443,
    protocol: "HTTPS",
    sslPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06",
    certificateArn: `arn:aws:acm:us-east-1:${ownAccount}:certificate/01234567-89ab-cdef-0123-456789abcdef`,
    defaultActions: [
      {
        type: "forward",
        targetGroupArn: `${stack.add("aws:lb/targetGroup:TargetGroup", "targets", {
          vpcId: stack.id("vpc"),
          targetType: "ip",
          port: 443,
          protocol: "HTTPS",
          healthCheck: { protocol: "HTTPS", port: "443" },
        })}.arn`,
      },
    ],
    ...more,
  });
}

const verifies = (store: string): Inputs => ({
  mutualAuthentication: { mode: "verify", trustStoreArn: store, ignoreClientCertificateExpiry: false },
});

const listeners: readonly CorpusCase[] = [
  {
    id: "must-6",
    name: "a listener that asks nobody who they are",
    expected: "refused",
    bad: (stack) => {
      frontDoor(stack, {});
    },
    good: (stack) => {
      frontDoor(stack, verifies(trustStore(stack, "trust")));
    },
  },
  {
    id: "must-6",
    name: "a listener that takes any certificate",
    expected: "refused",
    bad: (stack) => {
      frontDoor(stack, { mutualAuthentication: { mode: "passthrough" } });
    },
    good: (stack) => {
      frontDoor(stack, verifies(trustStore(stack, "trust")));
    },
  },
  advised(
    "must-6",
    "a trust store that no listener trusts",
    (stack, isIdle: boolean) => {
      frontDoor(stack, verifies(trustStore(stack, "trust")));
      if (isIdle) {
        trustStore(stack, "second-trust");
      }
    },
    true,
    false,
  ),
];

/**
 * An inspecting firewall on the way of the processing zone to the Internet: a subnet of its own, and one of the
 * translator behind it; with its routes, or without some.
 */
function inspected(stack: Sketch, routes: readonly ("there" | "back")[]): void {
  const vpc = stack.id("vpc");
  const subnet = (name: string, cidrBlock: string): { readonly subnet: string; readonly routes: string } => {
    const id = stack.add("aws:ec2/subnet:Subnet", `${name}-subnet`, { vpcId: vpc, cidrBlock });
    const table = stack.add("aws:ec2/routeTable:RouteTable", `${name}-routes`, { vpcId: vpc });
    stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", `${name}-association`, {
      subnetId: id,
      routeTableId: table,
    });
    return { subnet: id, routes: table };
  };
  const firewallPlace = subnet("firewall", "10.0.10.0/24");
  const natPlace = subnet("nat", "10.0.11.0/24");
  const type = "aws:networkfirewall/firewall:Firewall";
  const firewall = Sketch.idOf(type, "firewall");
  stack.addRaw({
    urn: `urn:pulumi:test::bulkhead::${type}::firewall`,
    type,
    name: "firewall",
    inputs: {
      vpcId: vpc,
      firewallPolicyArn: `arn:aws:network-firewall:us-east-1:${ownAccount}:firewall-policy/inspect`,
      subnetMappings: [{ subnetId: firewallPlace.subnet }],
      deleteProtection: true,
    },
    outputs: undefined,
    custom: true,
    parent: undefined,
    computed: [],
    made: {
      firewallStatuses: [
        {
          syncStates: [
            {
              availabilityZone: "us-east-1a",
              attachments: [{ endpointId: `${firewall}.endpointId`, subnetId: firewallPlace.subnet }],
            },
          ],
        },
      ],
    },
  });
  const route = (name: string, inputs: Inputs): string => stack.add("aws:ec2/route:Route", name, inputs);
  route("firewall-to-nat", {
    routeTableId: firewallPlace.routes,
    destinationCidrBlock: "0.0.0.0/0",
    natGatewayId: stack.add("aws:ec2/natGateway:NatGateway", "nat", {
      subnetId: natPlace.subnet,
      allocationId: stack.add("aws:ec2/eip:Eip", "nat-address", { domain: "vpc" }),
    }),
  });
  route("nat-to-world", {
    routeTableId: natPlace.routes,
    destinationCidrBlock: "0.0.0.0/0",
    gatewayId: stack.id("internet-gateway"),
  });
  if (routes.includes("there")) {
    route("processing-to-firewall", {
      routeTableId: stack.id("processing-routes"),
      destinationCidrBlock: "0.0.0.0/0",
      vpcEndpointId: `${firewall}.endpointId`,
    });
  }
  if (routes.includes("back")) {
    route("nat-to-firewall", {
      routeTableId: natPlace.routes,
      destinationCidrBlock: "10.0.2.0/24",
      vpcEndpointId: `${firewall}.endpointId`,
    });
  }
}

const firewalls: readonly CorpusCase[] = [
  advised("must-7", "a firewall to which no route leads", inspected, [], ["there", "back"]),
  advised("must-7", "a firewall to which replies do not come back", inspected, ["there"], ["there", "back"]),
];

/** What must exist on AWS: assertions 1 to 7. What is missing and opens no layer is advice. */
export const awsMustExist: readonly CorpusCase[] = [
  ...sealedDefaults,
  ...boundSubnets,
  ...exclusiveRules,
  ...watchedNames,
  ...accountSwitch,
  ...listeners,
  ...firewalls,
];
