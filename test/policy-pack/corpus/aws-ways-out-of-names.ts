import type { Sketch } from "../stack-sketch";
import { inZone, type CorpusCase } from "./corpus-case";
import {
  advised,
  bucketEndpoint,
  instance,
  lambda,
  loadBalancer,
  ownAccount,
  place,
  refused,
  type Place,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

type FirewallRule = Inputs & { readonly domains?: readonly string[] };

const blockAll: FirewallRule = {
  action: "BLOCK",
  blockResponse: "NXDOMAIN",
  priority: 100,
  domains: ["*"],
};
const allowHealthLake: FirewallRule = {
  action: "ALLOW",
  priority: 10,
  domains: ["healthlake.us-east-1.amazonaws.com"],
};

function firewallGroup(stack: Sketch, name: string, rules: readonly FirewallRule[]): string {
  const group = stack.add("aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup", name, {});
  rules.forEach(({ domains, ...more }, index) => {
    const each = `${name}-${String(index)}`;
    stack.add("aws:route53/resolverFirewallRule:ResolverFirewallRule", `${each}-rule`, {
      firewallRuleGroupId: group,
      ...(domains === undefined
        ? {}
        : {
            firewallDomainListId: stack.add(
              "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
              `${each}-domains`,
              { domains },
            ),
          }),
      ...more,
    });
  });
  return group;
}

function bindFirewall(stack: Sketch, group: string, vpc: string, priority = 101): void {
  stack.add(
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
    `firewall-${String(priority)}`,
    { firewallRuleGroupId: group, vpcId: vpc, priority, mutationProtection: "ENABLED" },
  );
}

/** The base's network with names and a log of the questions; with what a firewall lets through, where there is one. */
function withNames(stack: Sketch, rules?: readonly FirewallRule[]): void {
  const vpc = stack.id("vpc");
  stack.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: true }));
  stack.add(
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
    "query-log-association",
    {
      resourceId: vpc,
      resolverQueryLogConfigId: stack.add(
        "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
        "query-log",
        { destinationArn: `arn:aws:logs:us-east-1:${ownAccount}:log-group:/dns` },
      ),
    },
  );
  if (rules !== undefined) {
    bindFirewall(stack, firewallGroup(stack, "firewall", rules), vpc);
  }
}

/** What runs customer code in the PHI zone. */
const code: Readonly<Record<string, (stack: Sketch) => unknown>> = {
  "an instance": (stack) => instance(stack, "phi"),
  "a function": (stack) => lambda(stack, "phi"),
  "a container": (stack) =>
    stack.add("aws:ecs/service:Service", "tasks", {
      cluster: `arn:aws:ecs:us-east-1:${ownAccount}:cluster/tasks`,
      taskDefinition: `arn:aws:ecs:us-east-1:${ownAccount}:task-definition/tasks:1`,
      launchType: "FARGATE",
      networkConfiguration: {
        subnets: [stack.id("phi-subnet")],
        securityGroups: [stack.id("phi-group")],
        assignPublicIp: false,
      },
    }),
  "a group of instances": (stack) =>
    stack.add("aws:autoscaling/group:Group", "instances", {
      minSize: 1,
      maxSize: 2,
      vpcZoneIdentifiers: [stack.id("phi-subnet")],
      launchTemplate: {
        version: "$Latest",
        id: stack.add("aws:ec2/launchTemplate:LaunchTemplate", "template", {
          imageId: "ami-0123456789abcdef0",
          instanceType: "m7i.large",
          vpcSecurityGroupIds: [stack.id("phi-group")],
        }),
      },
    }),
  "an interface of nobody's": (stack) =>
    stack.add("aws:ec2/networkInterface:NetworkInterface", "interface", {
      subnetId: stack.id("phi-subnet"),
      securityGroups: [stack.id("phi-group")],
    }),
  "an instance that takes a PHI filter in a subnet of no zone": (stack) => {
    const subnet = stack.add("aws:ec2/subnet:Subnet", "unzoned-subnet", {
      vpcId: stack.id("vpc"),
      cidrBlock: "10.0.9.0/24",
    });
    stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", "unzoned-association", {
      subnetId: subnet,
      routeTableId: stack.id("phi-routes"),
    });
    instance(stack, "phi", { subnetId: subnet });
  },
};

/** What a firewall of names lets through before an instance's PHI, and the nearest that lets nothing through. */
const firewalls: readonly (readonly [
  name: string,
  bad: readonly FirewallRule[],
  good: readonly FirewallRule[],
])[] = [
  [
    "allows a name of a stranger's",
    [{ ...allowHealthLake, domains: ["*.example.com"] }, blockAll],
    [allowHealthLake, blockAll],
  ],
  [
    "allows every name of Amazon's",
    [{ ...allowHealthLake, domains: ["*.amazonaws.com"] }, blockAll],
    [allowHealthLake, blockAll],
  ],
  ["only warns", [{ action: "ALERT", priority: 100, domains: ["*"] }], [blockAll]],
  [
    "blocks some names only",
    [{ ...blockAll, domains: ["*.example.com", "*.example.net"] }],
    [{ ...blockAll, domains: ["*.example.com", "*"] }],
  ],
  [
    "blocks a list of Amazon's only",
    [{ action: "BLOCK", blockResponse: "NXDOMAIN", priority: 100, firewallDomainListId: "rslvr-fdl-0123" }],
    [
      { action: "BLOCK", blockResponse: "NXDOMAIN", priority: 90, firewallDomainListId: "rslvr-fdl-0123" },
      blockAll,
    ],
  ],
  [
    "blocks tunnels only",
    [
      {
        action: "BLOCK",
        blockResponse: "NODATA",
        priority: 90,
        dnsThreatProtection: "DNS_TUNNELING",
        confidenceThreshold: "LOW",
      },
    ],
    [
      {
        action: "BLOCK",
        blockResponse: "NODATA",
        priority: 90,
        dnsThreatProtection: "DNS_TUNNELING",
        confidenceThreshold: "LOW",
      },
      blockAll,
    ],
  ],
  ["blocks questions of one kind only", [{ ...blockAll, qType: "A" }], [blockAll]],
  [
    "allows all before it blocks all",
    [blockAll, { action: "ALLOW", priority: 50, domains: ["*"] }],
    [blockAll, { action: "ALLOW", priority: 150, domains: ["*"] }],
  ],
  ["says nothing", [], [blockAll]],
];

const names: readonly CorpusCase[] = [
  ...Object.entries(code).map(([name, run]) =>
    refused(
      "AE-23",
      `${name} that can ask for any name`,
      (stack, on: boolean) => {
        run(stack);
        stack.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: on }));
      },
      true,
      false,
    ),
  ),
  refused(
    "AE-23",
    "a network that does not say that it has names",
    (stack, more: Inputs) => {
      instance(stack, "phi");
      stack.change("vpc", () => ({ cidrBlock: "10.0.0.0/16", ...more }));
    },
    {},
    { enableDnsSupport: false },
  ),
  refused(
    "AE-23",
    "names without a firewall",
    (stack, rules: readonly FirewallRule[] | undefined) => {
      instance(stack, "phi");
      withNames(stack, rules);
    },
    undefined,
    [blockAll],
  ),
  ...firewalls.map(([name, bad, good]) =>
    refused(
      "AE-23",
      `a firewall of names that ${name}`,
      (stack, rules: readonly FirewallRule[]) => {
        instance(stack, "phi");
        withNames(stack, rules);
      },
      bad,
      good,
    ),
  ),
  refused(
    "AE-23",
    "a firewall of names before another network",
    (stack, where: Place) => {
      instance(stack, "phi");
      withNames(stack);
      bindFirewall(stack, firewallGroup(stack, "firewall", [blockAll]), place(stack, where).vpc);
    },
    "elsewhere",
    "phi",
  ),
  refused(
    "AE-23",
    "a firewall of names before which another allows all",
    (stack, priority: number) => {
      instance(stack, "phi");
      withNames(stack, [blockAll]);
      const allowAll = { action: "ALLOW", priority: 1, domains: ["*"] };
      bindFirewall(stack, firewallGroup(stack, "second", [allowAll]), stack.id("vpc"), priority);
    },
    100,
    102,
  ),
  refused(
    "AE-23",
    "a firewall of names that opens when it fails",
    (stack, firewallFailOpen: string) => {
      instance(stack, "phi");
      withNames(stack, [blockAll]);
      stack.add("aws:route53/resolverFirewallConfig:ResolverFirewallConfig", "firewall-config", {
        resourceId: stack.id("vpc"),
        firewallFailOpen,
      });
    },
    "ENABLED",
    "DISABLED",
  ),
  refused(
    "AE-23",
    "a network by aws-native that has names",
    (stack, more: Inputs) => {
      const vpc = stack.add("aws-native:ec2:Vpc", "native-vpc", { cidrBlock: "10.8.0.0/16", ...more });
      instance(stack, "phi", {
        subnetId: stack.add("aws:ec2/subnet:Subnet", "native-subnet", {
          vpcId: vpc,
          cidrBlock: "10.8.1.0/24",
          tags: inZone("phi"),
        }),
        vpcSecurityGroupIds: [
          stack.add("aws:ec2/securityGroup:SecurityGroup", "native-group", {
            vpcId: vpc,
            tags: inZone("phi"),
          }),
        ],
      });
    },
    {},
    { enableDnsSupport: false },
  ),
  advised(
    "AE-23",
    "names without a firewall, and no code to ask for them",
    (stack, rules: readonly FirewallRule[] | undefined) => {
      withNames(stack, rules);
    },
    undefined,
    [blockAll],
  ),
  advised(
    "AE-23",
    "a firewall of names that only warns, and no code to ask for them",
    (stack, action: string) => {
      withNames(stack, [{ action, priority: 100, domains: ["*"] }]);
    },
    "ALERT",
    "BLOCK",
  ),
  advised(
    "AE-23",
    "names without a firewall, and interfaces of a load balancer alone",
    (stack, rules: readonly FirewallRule[] | undefined) => {
      loadBalancer(stack, "phi");
      withNames(stack, rules);
    },
    undefined,
    [blockAll],
  ),
  advised(
    "AE-23",
    "names without a firewall, and interfaces of an endpoint alone",
    (stack, rules: readonly FirewallRule[] | undefined) => {
      bucketEndpoint(stack);
      withNames(stack, rules);
    },
    undefined,
    [blockAll],
  ),
];

/** Whose name servers answer for a network. */
const forwarders: Readonly<Record<string, (stack: Sketch, vpc: string) => unknown>> = {
  "a forwarding rule": (stack, vpc) =>
    stack.add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "rule-association", {
      vpcId: vpc,
      resolverRuleId: stack.add("aws:route53/resolverRule:ResolverRule", "forward", {
        domainName: "amazonaws.com",
        ruleType: "FORWARD",
        resolverEndpointId: "rslvr-out-0123456789abcdef0",
        targetIps: [{ ip: "203.0.113.53", port: 53 }],
      }),
    }),
  "a forwarding rule that nobody knows": (stack, vpc) =>
    stack.add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "rule-association", {
      vpcId: vpc,
      resolverRuleId: "rslvr-rr-0123456789abcdef0",
    }),
  "a forwarding rule by aws-native": (stack, vpc) =>
    stack.add("aws-native:route53resolver:ResolverRuleAssociation", "rule-association", {
      vpcId: vpc,
      resolverRuleId: "rslvr-rr-0123456789abcdef0",
    }),
  "a stranger's private zone": (stack, vpc) =>
    stack.add("aws:route53/zoneAssociation:ZoneAssociation", "zone-association", {
      vpcId: vpc,
      zoneId: "Z0123456789ABCDEFGHIJ",
    }),
  "a profile that nobody knows": (stack, vpc) =>
    stack.add("aws:route53/profilesAssociation:ProfilesAssociation", "profile-association", {
      resourceId: vpc,
      profileId: "rp-0123456789abcdef",
    }),
};

function nameServers(stack: Sketch, domainNameServers: readonly string[]): void {
  stack.add("aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", "options-association", {
    vpcId: stack.id("vpc"),
    dhcpOptionsId: stack.add("aws:ec2/vpcDhcpOptions:VpcDhcpOptions", "options", { domainNameServers }),
  });
}

const forwarding: readonly CorpusCase[] = [
  ...Object.entries(forwarders).map(([name, forward]) =>
    refused(
      "AE-24",
      `${name} for an instance's names`,
      (stack, where: Place) => {
        instance(stack, "phi");
        withNames(stack, [allowHealthLake, blockAll]);
        forward(stack, place(stack, where).vpc);
      },
      "phi",
      "elsewhere",
    ),
  ),
  ...Object.entries(forwarders).map(([name, forward]) =>
    advised(
      "AE-24",
      `${name}, and no code to ask for names`,
      (stack, where: Place) => {
        withNames(stack, [allowHealthLake, blockAll]);
        forward(stack, place(stack, where).vpc);
      },
      "phi",
      "elsewhere",
    ),
  ),
  refused(
    "AE-24",
    "a rule that leaves a domain to the network's own resolver, or does not",
    (stack, forward: Inputs) => {
      instance(stack, "phi");
      withNames(stack, [allowHealthLake, blockAll]);
      stack.add("aws:route53/resolverRuleAssociation:ResolverRuleAssociation", "rule-association", {
        vpcId: stack.id("vpc"),
        resolverRuleId: stack.add("aws:route53/resolverRule:ResolverRule", "forward", {
          domainName: "amazonaws.com",
          ...forward,
        }),
      });
    },
    {
      ruleType: "FORWARD",
      resolverEndpointId: "rslvr-out-0123456789abcdef0",
      targetIps: [{ ip: "203.0.113.53" }],
    },
    { ruleType: "SYSTEM" },
  ),
  refused(
    "AE-24",
    "an outbound resolver endpoint that reaches a stranger's name server",
    (stack, where: Place) => {
      const { vpc, subnet } = place(stack, where);
      const group = stack.add("aws:ec2/securityGroup:SecurityGroup", "names-group", { vpcId: vpc });
      stack.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "names-rule", {
        securityGroupId: group,
        ipProtocol: "udp",
        fromPort: 53,
        toPort: 53,
        cidrIpv4: "203.0.113.53/32",
      });
      stack.add("aws:route53/resolverEndpoint:ResolverEndpoint", "resolver", {
        direction: "OUTBOUND",
        securityGroupIds: [group],
        ipAddresses: [{ subnetId: subnet }],
      });
    },
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-24",
    "a stranger's name server for an instance, beside a firewall of names",
    (stack, server: string) => {
      instance(stack, "phi");
      withNames(stack, [blockAll]);
      nameServers(stack, [server]);
    },
    "203.0.113.53",
    "AmazonProvidedDNS",
  ),
  refused(
    "AE-24",
    "a stranger's name server for an instance, in a network without names",
    (stack, server: string) => {
      instance(stack, "phi");
      nameServers(stack, [server]);
    },
    "203.0.113.53",
    "AmazonProvidedDNS",
  ),
  refused(
    "AE-24",
    "a stranger's name server for an instance, after Amazon's",
    (stack, servers: readonly string[]) => {
      instance(stack, "phi");
      withNames(stack, [blockAll]);
      nameServers(stack, servers);
    },
    ["AmazonProvidedDNS", "203.0.113.53"],
    ["AmazonProvidedDNS"],
  ),
  refused(
    "AE-24",
    "DHCP options that nobody knows",
    (stack, dhcpOptionsId: string) => {
      instance(stack, "phi");
      withNames(stack, [blockAll]);
      stack.add("aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", "options-association", {
        vpcId: stack.id("vpc"),
        dhcpOptionsId,
      });
    },
    "dopt-0123456789abcdef0",
    "default",
  ),
  advised(
    "AE-24",
    "a stranger's name server, and no code to ask it",
    (stack, server: string) => {
      nameServers(stack, [server]);
    },
    "203.0.113.53",
    "AmazonProvidedDNS",
  ),
];

/** Ways out by the resolution of names: rows AE-23 and AE-24. */
export const awsWaysOutOfNames: readonly CorpusCase[] = [...names, ...forwarding];
