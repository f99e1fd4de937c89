import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { Finding } from "../../policy-pack/finding";
import type { StackResource } from "../../policy-pack/stack-resource";

import { hiding, keysOf } from "./hidden-value";
import { InspectedStack, inspectingPolicy } from "./inspected-stack";
import { judge } from "./judge-on-a-day";
import { renderedPlatform } from "./rendered-stack";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

const rule = "internet-egress-is-inspected";
const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
const everywhere6 = { destinationIpv6CidrBlock: "::/0" };

const urn = (type: string, name: string): string => `urn:pulumi:test::bulkhead::${type}::${name}`;
const natUrn = urn("aws:ec2/natGateway:NatGateway", "nat");
const gatewayUrn = urn("aws:ec2/internetGateway:InternetGateway", "internet");
const firewallUrn = urn("aws:networkfirewall/firewall:Firewall", "firewall");
const letOut = "SecurityGroup app-group egress[0]: egress tcp 443 to 0.0.0.0/0";

type Build = (stack: InspectedStack) => unknown;

/** Leads the whole Internet to a firewall with some policy, and from there out. */
function behind(policy: (stack: InspectedStack) => unknown): Build {
  return (s) => s.onward().route("app", { ...everywhere, vpcEndpointId: s.firewall(policy(s)) });
}

function stateful(s: InspectedStack, ...groups: readonly (readonly [string, object])[]): readonly unknown[] {
  return groups.map(([name, inputs], index) => ({
    resourceArn: s.ruleGroup(name, "STATEFUL", inputs as Record<string, unknown>),
    priority: index + 1,
  }));
}

function stateless(
  s: InspectedStack,
  name: string,
  rules: readonly (readonly [number, string, object])[],
): unknown[] {
  return [
    {
      priority: 1,
      resourceArn: s.ruleGroup(name, "STATELESS", {
        ruleGroup: {
          rulesSource: {
            statelessRulesAndCustomActions: {
              statelessRules: rules.map(([priority, action, matchAttributes]) => ({
                priority,
                ruleDefinition: { actions: [action], matchAttributes },
              })),
            },
          },
        },
      }),
    },
  ];
}

const lines = (...text: readonly string[]): object => ({
  ruleGroup: { rulesSource: { rulesString: text.join("\n") } },
});

const allowList = {
  ruleGroup: {
    rulesSource: {
      rulesSourceList: {
        generatedRulesType: "ALLOWLIST",
        targetTypes: ["TLS_SNI"],
        targets: ["api.example.com"],
      },
    },
  },
};

const mapped = (action: string, header: object, ruleOptions: readonly object[] = []): object => ({
  ruleGroup: {
    rulesSource: {
      statefulRules: [
        {
          action,
          header: {
            protocol: "IP",
            source: "ANY",
            sourcePort: "ANY",
            direction: "FORWARD",
            destination: "ANY",
            destinationPort: "ANY",
            ...header,
          },
          ruleOptions: [{ keyword: "sid", settings: ["1"] }, ...ruleOptions],
        },
      ],
    },
  },
});

/** A policy whose rules are tried by action, so that what no rule matches passes. */
const byAction = {
  statelessDefaultActions: ["aws:forward_to_sfe"],
  statelessFragmentDefaultActions: ["aws:drop"],
};

const appliance = (s: InspectedStack, subnet: string): string =>
  s.add("aws:ec2/instance:Instance", "appliance", {
    subnetId: s.id(subnet),
    vpcSecurityGroupIds: [
      s.add("aws:ec2/securityGroup:SecurityGroup", "appliance-group", { vpcId: s.id("vpc") }),
    ],
    sourceDestCheck: false,
  });

/** Ways to the Internet that are proved to be uninspected. */
const open: Readonly<Record<string, Build>> = {
  "an internet gateway": (s) => s.route("app", { ...everywhere, gatewayId: s.id("internet") }),
  "an internet gateway that is not in the stack": (s) =>
    s.route("app", { ...everywhere, gatewayId: "igw-0123" }),
  "an internet gateway, inline": (s) =>
    s.change("app-routes", (i) => ({
      ...i,
      routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: s.id("internet") }],
    })),
  "a NAT gateway": (s) => s.route("app", { ...everywhere, natGatewayId: s.id("nat") }),
  "a NAT gateway under the name of a gateway": (s) =>
    s.route("app", { ...everywhere, gatewayId: s.id("nat") }),
  "a regional NAT gateway": (s) =>
    s.route("app", {
      ...everywhere,
      natGatewayId: s.add("aws:ec2/natGateway:NatGateway", "regional", {
        vpcId: s.id("vpc"),
        availabilityMode: "regional",
      }),
    }),
  "an egress-only gateway": (s) =>
    s.route("app", {
      ...everywhere6,
      egressOnlyGatewayId: s.add("aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", "six", {
        vpcId: s.id("vpc"),
      }),
    }),
  "an egress-only gateway that is not in the stack": (s) =>
    s.route("app", { ...everywhere6, egressOnlyGatewayId: "eigw-0123" }),
  "a carrier gateway": (s) =>
    s.route("app", {
      ...everywhere,
      carrierGatewayId: s.add("aws:ec2/carrierGateway:CarrierGateway", "carrier", { vpcId: s.id("vpc") }),
    }),
  "IPv4 addresses in IPv6 ones, by a NAT gateway": (s) =>
    s.route("app", { destinationIpv6CidrBlock: "64:ff9b::/96", natGatewayId: s.id("nat") }),
  "both halves of the Internet": (s) =>
    s
      .route("app", { destinationCidrBlock: "0.0.0.0/1", natGatewayId: s.id("nat") }, "low")
      .route("app", { destinationCidrBlock: "128.0.0.0/1", natGatewayId: s.id("nat") }, "high"),
  "half of it, beside a firewall": (s) =>
    s
      .onward()
      .route("app", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) })
      .route("app", { destinationCidrBlock: "128.0.0.0/1", natGatewayId: s.id("nat") }, "high"),
  "a narrower route around the firewall": (s) =>
    s
      .onward()
      .route("app", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) })
      .route("app", { destinationCidrBlock: "52.0.0.0/8", natGatewayId: s.id("nat") }, "around"),
  "a narrower route to the firewall, and the rest around it": (s) =>
    s
      .onward()
      .route("app", { destinationCidrBlock: "52.0.0.0/8", vpcEndpointId: s.firewall(inspectingPolicy) }, "to")
      .route("app", { ...everywhere, natGatewayId: s.id("nat") }),
  "IPv6 around a firewall for IPv4": (s) =>
    s
      .onward()
      .route("app", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) })
      .route("app", { ...everywhere6, egressOnlyGatewayId: "eigw-0123" }, "six"),
  "a table that lists a route, and would take away those to the firewall": (s) =>
    s
      .onward()
      .change("app-routes", (i) => ({
        ...i,
        routes: [{ cidrBlock: "0.0.0.0/0", natGatewayId: s.id("nat") }],
      }))
      .route("app", { destinationCidrBlock: "0.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy) }, "low")
      .route(
        "app",
        { destinationCidrBlock: "128.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy, "other") },
        "high",
      ),
  "a prefix list, which others may change, to the firewall": (s) =>
    s
      .onward()
      .route(
        "app",
        {
          destinationPrefixListId: s.add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
            entries: [{ cidr: "0.0.0.0/1" }, { cidr: "128.0.0.0/1" }],
          }),
          vpcEndpointId: s.firewall(inspectingPolicy),
        },
        "listed",
      )
      .route("app", { ...everywhere, natGatewayId: s.id("nat") }),
  "the main route table": (s) => {
    s.remove("app-association");
    s.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main", {
      defaultRouteTableId: `${s.id("vpc")}.defaultRouteTableId`,
      routes: [{ cidrBlock: "0.0.0.0/0", natGatewayId: s.id("nat") }],
    });
  },
  "a prefix list of the stack that holds the Internet": (s) =>
    s.route("app", {
      destinationPrefixListId: s.add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
        entries: [{ cidr: "10.0.0.0/8" }, { cidr: "0.0.0.0/0" }],
      }),
      natGatewayId: s.id("nat"),
    }),
  "a firewall whose policy passes everything": behind(() => ({
    ...inspectingPolicy,
    statelessDefaultActions: ["aws:pass"],
  })),
  "a firewall that has no rules, and only records the rest": behind(() => ({
    ...inspectingPolicy,
    statefulDefaultActions: ["aws:alert_established"],
  })),
  "a firewall that is to drop the rest, in an order that takes no default": behind(() => ({
    ...byAction,
    statefulDefaultActions: ["aws:drop_established"],
  })),
  "a firewall without anything": behind(() => byAction),
  "a firewall whose rules only record": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, ["watch", lines("alert ip any any -> any any (sid:1;)")]),
  })),
  "a firewall of whose managed rules every drop is a record": behind(() => ({
    ...byAction,
    statefulRuleGroupReferences: [
      {
        resourceArn: "arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/Botnet",
        override: { action: "DROP_TO_ALERT" },
      },
    ],
  })),
  "a firewall whose rules pass everything": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, ["all", lines("# all", "pass ip any any -> any any (sid:1;)")]),
  })),
  "a firewall whose rules pass TCP to outside of it": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "tcp",
      lines('pass tcp $HOME_NET any -> $EXTERNAL_NET 443 (msg:"a; b"; flow:to_server; sid:1;)'),
    ]),
  })),
  "a firewall whose rules pass everything, as mappings": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, ["all", mapped("PASS", {})]),
  })),
  "a firewall whose rules pass everything before they refuse": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("pass ip any any -> any any (sid:1;)", "drop ip any any -> any any (sid:2;)"),
    ]),
  })),
  "a firewall that tries what passes before what drops": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("drop ip any any -> any any (sid:1;)", "pass ip any any -> any any (sid:2;)"),
    ]),
  })),
  "a firewall that refuses some addresses by their headers, and passes the rest": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("reject ip any any -> 192.0.2.0/24 any (sid:1;)", "pass ip any any -> any any (sid:2;)"),
    ]),
  })),
  "a firewall that refuses one port, and passes the rest": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("drop tcp any any -> any 23 (sid:1;)", "pass tcp $HOME_NET any -> $EXTERNAL_NET 443 (sid:2;)"),
    ]),
  })),
  "a firewall that refuses what comes from one address, and passes the rest": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("drop ip 10.0.1.9 any -> any any (sid:1;)", "pass ip any any -> any any (sid:2;)"),
    ]),
  })),
  "a firewall that refuses one port, and has no default": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, ["telnet", lines("drop tcp any any -> any 23 (sid:1;)")]),
  })),
  "a firewall whose rules pass the addresses of a provider": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "provider",
      lines("pass tcp $HOME_NET any -> [160.79.104.0/23, 10.9.0.0/16] 443 (sid:1;)"),
    ]),
  })),
  "a firewall with a variable that holds the addresses of a provider": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "provider",
      {
        ruleGroup: {
          ruleVariables: { ipSets: [{ key: "HOME_NET", ipSet: { definitions: ["160.79.104.0/23"] } }] },
          rulesSource: { rulesString: "pass tcp any any -> $HOME_NET 443 (sid:1;)" },
        },
      },
    ]),
  })),
  "a list of names that looks at plain HTTP alone, and no default": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, [
      "names",
      {
        ruleGroup: {
          rulesSource: {
            rulesSourceList: {
              generatedRulesType: "ALLOWLIST",
              targetTypes: ["HTTP_HOST"],
              targets: ["updates.example.org"],
            },
          },
        },
      },
    ]),
  })),
  "a firewall whose rules pass TCP by another name of it": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, ["tcp", lines("pass tcp-stream any any -> any 443 (sid:1;)")]),
  })),
  "a firewall with a variable that holds the Internet": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "all",
      {
        ruleGroup: {
          ruleVariables: { ipSets: [{ key: "PEERS", ipSet: { definitions: ["0.0.0.0/1", "128.0.0.0/1"] } }] },
          rulesSource: { rulesString: "pass tcp any any -> $PEERS any (sid:1;)" },
        },
      },
    ]),
  })),
  "a firewall whose stateless rules pass HTTPS": behind((s) => ({
    ...inspectingPolicy,
    statelessRuleGroupReferences: stateless(s, "bypass", [
      [1, "aws:pass", { protocols: [6], destinationPorts: [{ fromPort: 443, toPort: 443 }] }],
    ]),
  })),
  "a second endpoint of a firewall whose policy passes everything": (s) => {
    s.firewall({ ...inspectingPolicy, statelessDefaultActions: ["aws:pass"] });
    s.onward().route("app", { ...everywhere, vpcEndpointId: s.sharedEndpoint("firewall") });
  },
};

/** Ways of which the stack does not show that they are inspected. */
const undetermined: Readonly<Record<string, Build>> = {
  "a NAT gateway that is not in the stack": (s) =>
    s.route("app", { ...everywhere, natGatewayId: "nat-0123" }),
  "a NAT gateway in a subnet that is not in the stack": (s) => {
    s.change("nat", (i) => ({ ...i, subnetId: "subnet-0123" }));
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "a gateway that is not known": (s) => s.route("app", { ...everywhere, gatewayId: unknownText }),
  "no next hop": (s) => s.route("app", everywhere),
  "a transit gateway": (s) =>
    s.route("app", {
      ...everywhere,
      transitGatewayId: s.add("aws:ec2transitgateway/transitGateway:TransitGateway", "hub", {}),
    }),
  "a transit gateway that is not in the stack": (s) =>
    s.route("app", { ...everywhere, transitGatewayId: "tgw-0123" }),
  "a peering": (s) =>
    s.route("app", {
      ...everywhere,
      vpcPeeringConnectionId: s.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", {
        vpcId: s.id("vpc"),
        peerVpcId: "vpc-0123",
      }),
    }),
  "a core network": (s) =>
    s.route("app", { ...everywhere, coreNetworkArn: "arn:aws:networkmanager::111122223333:core-network/c" }),
  "a local gateway": (s) => s.route("app", { ...everywhere, localGatewayId: "lgw-0123" }),
  "an ODB network": (s) => s.route("app", { ...everywhere, odbNetworkArn: "arn:aws:odb:::odb-network/o" }),
  "routes that a virtual private gateway propagates": (s) =>
    s.add("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", "propagation", {
      routeTableId: s.id("app-routes"),
      vpnGatewayId: "vgw-0123",
    }),
  "an appliance": (s) => s.route("app", { ...everywhere, instanceId: appliance(s, "public") }),
  "the interface of an appliance": (s) => {
    const networkInterfaceId = s.add("aws:ec2/networkInterface:NetworkInterface", "nic", {
      subnetId: s.id("public"),
      sourceDestCheck: false,
    });
    s.add("aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment", "attachment", {
      instanceId: appliance(s, "inspection"),
      networkInterfaceId,
      deviceIndex: 1,
    });
    s.route("app", { ...everywhere, networkInterfaceId });
  },
  "another interface of an appliance": (s) => {
    const networkInterfaceId = s.add("aws:ec2/networkInterface:NetworkInterface", "nic", {
      subnetId: s.id("inspection"),
    });
    const other = s.add("aws:ec2/networkInterface:NetworkInterface", "other", { subnetId: s.id("public") });
    s.add("aws:ec2/instance:Instance", "appliance", {
      networkInterfaces: [
        { networkInterfaceId, deviceIndex: 0 },
        { networkInterfaceId: other, deviceIndex: 1 },
      ],
    });
    s.route("app", { ...everywhere, networkInterfaceId });
  },
  "an interface that nothing shows to be anybody's": (s) =>
    s.route("app", {
      ...everywhere,
      networkInterfaceId: s.add("aws:ec2/networkInterface:NetworkInterface", "nic", {
        subnetId: s.id("inspection"),
      }),
    }),
  "an endpoint that is not in the stack": (s) =>
    s.route("app", { ...everywhere, vpcEndpointId: "vpce-0123" }),
  "an endpoint that is not known": (s) => s.route("app", { ...everywhere, vpcEndpointId: unknownText }),
  "an endpoint of a type that is not known": (s) =>
    s.route("app", {
      ...everywhere,
      vpcEndpointId: s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
        vpcId: s.id("vpc"),
        vpcEndpointType: unknownText,
        subnetIds: [s.id("inspection")],
      }),
    }),
  "a firewall whose policy is not known": behind(() => unknownText),
  "a firewall whose policy is not in the stack": (s) =>
    s.onward().route("app", {
      ...everywhere,
      vpcEndpointId: s.firewallOf("arn:aws:network-firewall:us-east-1:111122223333:firewall-policy/p"),
    }),
  "a firewall whose default action is not known": behind(() => ({
    ...inspectingPolicy,
    statelessDefaultActions: [unknownText],
  })),
  "a firewall whose default action is none of its own": behind(() => ({
    ...inspectingPolicy,
    statelessDefaultActions: ["metrics"],
  })),
  "a firewall of which it is not known whether managed rules drop": behind(() => ({
    ...byAction,
    statefulRuleGroupReferences: [
      {
        resourceArn: "arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/Botnet",
        override: { action: unknownText },
      },
    ],
  })),
  "a firewall whose order of rules is not known": behind(() => ({
    ...inspectingPolicy,
    statefulEngineOptions: { ruleOrder: unknownText },
  })),
  "a firewall whose rules are not known": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, ["group", lines(unknownText)]),
  })),
  "a firewall whose rules are none that are understood": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, ["group", lines("drop everything")]),
  })),
  "a firewall of whose rules it is not known which they are": behind(() => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: unknownText,
  })),
  "a firewall whose stateless rules are not in the stack": behind(() => ({
    ...inspectingPolicy,
    statelessRuleGroupReferences: [{ priority: 1, resourceArn: "arn:aws:network-firewall:::stateless/s" }],
  })),
  "a firewall with rules of elsewhere, and no default": behind(() => ({
    ...byAction,
    statefulRuleGroupReferences: [{ resourceArn: "arn:aws:network-firewall:::stateful-rulegroup/s" }],
  })),
  "a firewall whose stateless rules pass what comes from somewhere": behind((s) => ({
    ...inspectingPolicy,
    statelessRuleGroupReferences: stateless(s, "bypass", [
      [1, "aws:pass", { sources: [{ addressDefinition: "10.0.0.0/16" }] }],
    ]),
  })),
  "a firewall whose rules pass packets of some length": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "some",
      lines("pass tcp any any -> any 443 (dsize:>0; sid:1;)"),
    ]),
  })),
  "a firewall whose rules pass packets to some countries": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "some",
      lines("pass ip $HOME_NET any -> any any (geoip:dst,US; flow:to_server; sid:1;)"),
    ]),
  })),
  "a firewall whose rules pass whatever speaks TLS": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "some",
      lines("pass tcp any any -> any 443 (app-layer-protocol:tls; sid:1;)"),
    ]),
  })),
  "a list of names of which it is not known what it looks at": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, [
      "names",
      {
        ruleGroup: {
          rulesSource: {
            rulesSourceList: {
              generatedRulesType: "ALLOWLIST",
              targetTypes: [unknownText],
              targets: ["updates.example.org"],
            },
          },
        },
      },
    ]),
  })),
  "a route to a place that is not known": (s) =>
    s
      .onward()
      .route("app", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) })
      .route("app", { destinationCidrBlock: unknownText, natGatewayId: s.id("nat") }, "around"),
  "a prefix list that is not in the stack": (s) =>
    s.route("app", { destinationPrefixListId: "pl-0123", natGatewayId: s.id("nat") }),
  "a route table that is not in the stack": (s) =>
    s.change("app-association", (i) => ({ ...i, routeTableId: "rtb-0123" })),
  "a route table that is not known": (s) =>
    s.change("app-association", (i) => ({ ...i, routeTableId: unknownText })),
  "a NAT gateway in a subnet with a route table that is not in the stack": (s) => {
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
    s.change("public-association", (i) => ({ ...i, routeTableId: "rtb-0123" }));
  },
  "subnets that are not in the stack": (s) => {
    s.remove("app-association");
    s.remove("app");
  },
  "a rule for an address that is not known": (s) => {
    s.change("app-group", (i) => ({
      ...i,
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [unknownText] }],
    }));
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "a subnet in which nothing is": (s) => {
    s.remove("app-group");
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
};

/** Groups of rules of which the first refuses something, and the second passes the rest. */
const refusingFirst = behind((s) => ({
  ...inspectingPolicy,
  statefulRuleGroupReferences: stateful(s, ["first", mapped("DROP", {})], ["second", mapped("PASS", {})]),
}));

/** Ways on which something inspects, or that do not lead to the Internet. */
const accepted: Readonly<Record<string, Build>> = {
  "no route": () => undefined,
  "a route to a NAT gateway, and filters that let nothing out": (s) => {
    s.change("app-group", (i) => ({ ...i, egress: [] }));
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "a route to a NAT gateway, and filters that let out to private addresses": (s) => {
    s.change("app-group", (i) => ({
      ...i,
      egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["10.0.0.0/8", "172.16.0.0/12"] }],
    }));
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "a route table that is not in the stack, and filters that let nothing out": (s) => {
    s.change("app-group", (i) => ({ ...i, egress: [] }));
    s.change("app-association", (i) => ({ ...i, routeTableId: "rtb-0123" }));
  },
  "a network ACL that lets nothing out of the NAT gateway's subnet": (s) => {
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
    s.add("aws:ec2/networkAcl:NetworkAcl", "closed", {
      vpcId: s.id("vpc"),
      subnetIds: [s.id("public")],
      egress: [
        { ruleNo: 1, action: "allow", protocol: "udp", fromPort: 0, toPort: 65535, cidrBlock: "0.0.0.0/0" },
      ],
    });
  },
  "a NAT gateway whose subnet has no route": (s) =>
    s.remove("public-default").change("app-routes", (i) => ({
      ...i,
      routes: [{ cidrBlock: "0.0.0.0/0", natGatewayId: s.id("nat") }],
    })),
  "a NAT gateway that leads to itself": (s) => {
    s.remove("public-default");
    s.route("public", { ...everywhere, natGatewayId: s.id("nat") });
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "private addresses by a transit gateway": (s) =>
    s.route("app", { destinationCidrBlock: "10.0.0.0/8", transitGatewayId: "tgw-0123" }),
  "a prefix list of private addresses by a transit gateway": (s) =>
    s.route("app", {
      destinationPrefixListId: s.add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
        entries: [{ cidr: "10.0.0.0/8" }],
      }),
      transitGatewayId: "tgw-0123",
    }),
  "a gateway endpoint": (s) =>
    s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "storage", {
      vpcId: s.id("vpc"),
      serviceName: "com.amazonaws.us-east-1.s3",
      routeTableIds: [s.id("app-routes")],
    }),
  "a firewall that drops what no rule lets pass": behind(() => inspectingPolicy),
  "a firewall, inline beside another route": (s) => {
    const vpcEndpointId = s.firewall(inspectingPolicy);
    s.onward().change("app-routes", (i) => ({
      ...i,
      routes: [
        { cidrBlock: "0.0.0.0/0", vpcEndpointId },
        { cidrBlock: "10.9.0.0/16", natGatewayId: s.id("nat") },
      ],
    }));
  },
  "a second endpoint of a firewall": (s) => {
    s.firewall(inspectingPolicy);
    s.onward().route("app", { ...everywhere, vpcEndpointId: s.sharedEndpoint("firewall") });
  },
  "a firewall behind the NAT gateway": (s) => {
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
    s.remove("public-default");
    s.route("public", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) });
    s.route("inspection", { ...everywhere, gatewayId: s.id("internet") });
  },
  "a firewall for IPv4 addresses in IPv6 ones": (s) => {
    s.route("app", { destinationIpv6CidrBlock: "64:ff9b::/96", natGatewayId: s.id("nat") });
    s.remove("public-default");
    s.route("public", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) });
    s.route("inspection", { ...everywhere, gatewayId: s.id("internet") });
  },
  "a narrower route to a firewall than to the Internet": (s) =>
    s
      .onward()
      .route("app", { destinationCidrBlock: "0.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy) }, "low")
      .route(
        "app",
        { destinationCidrBlock: "128.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy, "other") },
        "high",
      )
      .route("app", { ...everywhere, natGatewayId: s.id("nat") }),
  "a firewall that drops everything before its rules": behind(() => ({
    statelessDefaultActions: ["aws:drop"],
    statelessFragmentDefaultActions: ["aws:drop"],
  })),
  "an allow list of names": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, ["names", allowList]),
  })),
  "managed rules": behind(() => ({
    ...byAction,
    statefulRuleGroupReferences: [
      { resourceArn: "arn:aws:network-firewall:us-east-1:aws-managed:stateful-rulegroup/Botnet" },
    ],
  })),
  "rules of elsewhere, and a default that drops the rest": behind(() => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: [{ priority: 1, resourceArn: "arn:aws:network-firewall:::stateful/s" }],
  })),
  "rules that pass what they have looked into": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(
      s,
      [
        "names",
        lines(
          'pass tls any any -> any any (tls.sni; content:"api.example.com"; sid:1;)',
          'pass tcp $HOME_NET any -> [10.9.0.0/16, 172.16.0.1] 443 (msg:"x"; sid:2;)',
          "pass tcp $HOME_NET any -> $EXTERNAL_NET any (flow:not_established; sid:3;)",
          "pass tcp any any -> any [22, 25:26] (sid:4;)",
          "pass udp $HOME_NET any -> any 53 (sid:5;)",
          "pass tcp any any -> $HOME_NET any (sid:6;)",
        ),
      ],
      ["mapped", mapped("PASS", { protocol: "TCP" }, [{ keyword: "content", settings: ['"a"'] }])],
    ),
  })),
  "rules that look into everything to refuse some, and pass the rest": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines(
        'drop tls $HOME_NET any -> $EXTERNAL_NET any (tls.sni; content:"evil.example"; endswith; sid:1;)',
        "pass ip any any -> any any (sid:2;)",
      ),
    ]),
  })),
  "rules that refuse HTTPS by its port, and pass the rest": behind((s) => ({
    ...inspectingPolicy,
    statefulRuleGroupReferences: stateful(s, [
      "group",
      lines("reject tcp any any -> any 443 (sid:1;)", "pass ip any any -> any any (sid:2;)"),
    ]),
  })),
  "a list of names that are refused, by which TLS is looked at": behind((s) => ({
    ...byAction,
    statefulRuleGroupReferences: stateful(s, [
      "names",
      {
        ruleGroup: {
          rulesSource: {
            rulesSourceList: {
              generatedRulesType: "DENYLIST",
              targetTypes: ["TLS_SNI", "HTTP_HOST"],
              targets: ["evil.example"],
            },
          },
        },
      },
    ]),
  })),
  "stateless rules that hand on before they pass": behind((s) => ({
    ...inspectingPolicy,
    statelessDefaultActions: ["aws:pass"],
    statelessRuleGroupReferences: stateless(s, "first", [
      [2, "aws:pass", { protocols: [6], destinationPorts: [{ fromPort: 443 }] }],
      [1, "aws:forward_to_sfe", { protocols: [6] }],
    ]),
  })),
  "fragments that pass, of packets that no filter lets out": behind(() => ({
    ...inspectingPolicy,
    statelessFragmentDefaultActions: ["aws:pass"],
  })),
  "the endpoint of a gateway load balancer": (s) => {
    const vpcEndpointId = s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
      vpcId: s.id("vpc"),
      vpcEndpointType: "GatewayLoadBalancer",
      serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123",
      subnetIds: [s.id("inspection")],
    });
    s.onward().route("app", { ...everywhere, vpcEndpointId });
  },
  "an appliance that leads to a firewall": (s) =>
    s
      .route("app", { ...everywhere, instanceId: appliance(s, "public") })
      .remove("public-default")
      .change("public-routes", (i) => ({
        ...i,
        routes: [{ cidrBlock: "0.0.0.0/0", vpcEndpointId: s.firewall(inspectingPolicy) }],
      })),
  "another zone": (s) => {
    s.change("app", (i) => ({ ...i, tags: { "bulkhead-zone": "gateway" } }));
    s.change("app-group", (i) => ({ ...i, tags: { "bulkhead-zone": "gateway" } }));
    s.route("app", { ...everywhere, natGatewayId: s.id("nat") });
  },
  "a subnet of which nothing is in the stack": (s) => {
    s.remove("app-group");
    s.change("app-association", (i) => ({ ...i, routeTableId: "rtb-0123" }));
  },
};

function found(resources: readonly StackResource[], knowledge: Knowledge): readonly Finding[] {
  return judge(resources, { dryRun: knowledge === "preview" }).findings.filter((one) => one.rule === rule);
}

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("the way from processing to the Internet, %s", (knowledge) => {
  const built = (build: Build): StackResource[] => {
    const stack = new InspectedStack(knowledge);
    build(stack);
    return stack.resources();
  };
  const findings = (build: Build): readonly Finding[] => found(built(build), knowledge);

  it.each(Object.entries(open))("is refused by %s", (_, build) => {
    const all = findings(build);
    expect(all).not.toEqual([]);
    expect(all.every(({ level }) => level === "mandatory")).toBe(true);
    expect(all.map(({ verdict, severity }) => `${verdict} ${severity}`)).toContain("open critical");
  });

  it.each(Object.entries(undetermined))("is undetermined by %s", (_, build) => {
    const all = findings(build);
    expect(all).not.toEqual([]);
    expect(all.map(({ level, verdict, severity }) => `${level} ${verdict} ${severity}`)).toEqual(
      all.map(() => "mandatory undetermined high"),
    );
    expect(all.every(({ notes }) => notes.length > 0)).toBe(true);
  });

  it.each(Object.entries(accepted))("is accepted by %s", (_, build) => {
    expect(findings(build)).toEqual([]);
  });

  it.each(Object.entries({ ...open, ...undetermined }))(
    "gets the same findings in any order, by %s",
    (_, build) => {
      const resources = built(build);
      expect(found([...resources].reverse(), knowledge)).toEqual(findings(build));
    },
  );

  it.each(Object.entries({ ...open, ...undetermined }))(
    "stays refused by %s, whichever value is hidden",
    (_, build) => {
      const resources = built(build);
      const accepting = resources
        .flatMap(({ inputs, outputs }, resource) =>
          keysOf({ ...outputs, ...inputs }).map((keys) => ({ resource, keys })),
        )
        .filter(
          (place) =>
            !judge(hiding(resources, place), { dryRun: knowledge === "preview" }).findings.some(
              ({ level, rule: by }) => level === "mandatory" && by !== "zones-reach-only-declared-peers",
            ),
        );
      expect(accepting).toEqual([]);
    },
  );

  it("shows a packet and its path by a NAT gateway", () => {
    const [finding, ...others] = findings((s) =>
      s.route("app", { ...everywhere, natGatewayId: s.id("nat") }),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      urn: urn("aws:ec2/route:Route", "app-default"),
      summary: "SecurityGroup app-group of zone processing reaches the Internet past every inspection.",
      packet: "tcp 443, from SecurityGroup app-group to 1.0.0.0",
      path: [
        "SecurityGroup app-group",
        letOut,
        `Route app-default: 0.0.0.0/0 by NAT gateway ${natUrn}`,
        "NatGateway nat sends it on from Subnet public",
        `Route public-default: 0.0.0.0/0 by internet gateway ${gatewayUrn}`,
        "InternetGateway internet",
        "1.0.0.0",
      ],
      notes: [],
    });
  });

  it("shows the policy of a firewall that lets packets by", () => {
    const [finding, ...others] = findings(
      behind(() => ({ ...inspectingPolicy, statelessDefaultActions: ["aws:pass"] })),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      urn: urn("aws:networkfirewall/firewallPolicy:FirewallPolicy", "firewall-policy"),
      path: [
        "SecurityGroup app-group",
        letOut,
        `Route app-default: 0.0.0.0/0 by network firewall ${firewallUrn}`,
        "FirewallPolicy firewall-policy: statelessDefaultActions is aws:pass",
        "Firewall firewall sends it on from Subnet inspection",
        `Route inspection-default: 0.0.0.0/0 by NAT gateway ${natUrn}`,
        "NatGateway nat sends it on from Subnet public",
        `Route public-default: 0.0.0.0/0 by internet gateway ${gatewayUrn}`,
        "InternetGateway internet",
        "1.0.0.0",
      ],
    });
  });

  it("shows the packet that takes a narrower route around the firewall, and no other", () => {
    const all = findings(open["a narrower route around the firewall"] ?? (() => undefined));
    expect(all.map(({ urn: at, packet }) => [at, packet])).toEqual([
      [urn("aws:ec2/route:Route", "around"), "tcp 443, from SecurityGroup app-group to 52.0.0.0"],
    ]);
  });

  it("shows both halves of the Internet, each by its route", () => {
    const all = findings(open["both halves of the Internet"] ?? (() => undefined));
    expect(all.map(({ urn: at, packet }) => [at, packet])).toEqual([
      [urn("aws:ec2/route:Route", "high"), "tcp 443, from SecurityGroup app-group to 128.0.0.0"],
      [urn("aws:ec2/route:Route", "low"), "tcp 443, from SecurityGroup app-group to 1.0.0.0"],
    ]);
  });

  it("says what is not known of a transit gateway", () => {
    const [finding] = findings((s) => s.route("app", { ...everywhere, transitGatewayId: "tgw-0123" }));
    expect(finding).toMatchObject({
      summary: "SecurityGroup app-group of zone processing may reach the Internet past every inspection.",
      notes: [
        "Not known: where transit gateway tgw-0123 sends packets on, and whether it inspects them, is not in the stack.",
      ],
    });
  });

  it("asks for the order of rule groups, which a preview does not know", () => {
    expect(findings(refusingFirst).map(({ verdict, notes }) => [verdict, notes])).toEqual(
      knowledge === "deployed"
        ? []
        : [["undetermined", ["Not known: which rules of the policy come first is not known."]]],
    );
  });

  it("counts a route that may be another table's for nothing", () => {
    const resources = built((s) =>
      s
        .onward()
        .route("app", { ...everywhere, natGatewayId: s.id("nat") })
        .route(
          "app",
          { destinationCidrBlock: "0.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy) },
          "low",
        )
        .route(
          "app",
          { destinationCidrBlock: "128.0.0.0/1", vpcEndpointId: s.firewall(inspectingPolicy, "other") },
          "high",
        ),
    );
    expect(found(resources, knowledge)).toEqual([]);
    const tables = ["app-routes", "public-routes"].map((name) => urn("aws:ec2/routeTable:RouteTable", name));
    const unsure = resources.map((resource) =>
      ["low", "high"].includes(resource.name)
        ? {
            ...resource,
            inputs: { ...resource.inputs, routeTableId: unknownText },
            outputs: { ...resource.outputs, routeTableId: unknownText },
            propertyDependencies: { ...resource.propertyDependencies, routeTableId: tables },
          }
        : resource,
    );
    expect(found(unsure, knowledge).map(({ urn: at }) => at)).toEqual([
      urn("aws:ec2/route:Route", "app-default"),
    ]);
  });

  it("takes no rule group for another of which it may have been made", () => {
    const resources = built(
      behind((s) => ({
        ...inspectingPolicy,
        statefulRuleGroupReferences: stateful(s, ["names", allowList], ["all", mapped("PASS", {})]).slice(
          0,
          1,
        ),
      })),
    );
    expect(found(resources, knowledge)).toEqual([]);
    const groups = ["names", "all"].map((name) => urn("aws:networkfirewall/ruleGroup:RuleGroup", name));
    const unsure = resources.map((resource) =>
      resource.name === "firewall-policy"
        ? {
            ...resource,
            propertyDependencies: { ...resource.propertyDependencies, firewallPolicy: groups },
          }
        : resource,
    );
    expect(found(unsure, knowledge).map(({ verdict }) => verdict)).toEqual(
      knowledge === "preview" ? ["undetermined"] : [],
    );
  });

  it("takes a firewall's endpoint for nobody's if the firewall has others", () => {
    const stack = new InspectedStack("deployed");
    const endpoint = stack.firewall(inspectingPolicy);
    stack.onward().route("app", { ...everywhere, vpcEndpointId: endpoint });
    expect(found(stack.resources(), "deployed")).toEqual([]);
    const other = stack.resources().map((resource) =>
      resource.name === "app-default"
        ? {
            ...resource,
            inputs: { ...resource.inputs, vpcEndpointId: "vpce-0123" },
            outputs: { ...resource.outputs, vpcEndpointId: "vpce-0123" },
          }
        : resource,
    );
    expect(found(other, "deployed").map(({ verdict }) => verdict)).toEqual(["undetermined"]);
  });
});

describe("the way from processing to the Internet, of which a preview loses outputs", () => {
  it.each(Object.entries({ ...open, ...undetermined }))("stays refused by %s", (_, build) => {
    const stack = new InspectedStack("preview");
    build(stack);
    const resources = stack.resources();
    const accepting = resources
      .flatMap(({ name, outputs }) => Object.keys(outputs).map((key) => ({ name, key })))
      .filter(({ name, key: lost }) => {
        const shown = resources.map((resource) =>
          resource.name === name
            ? {
                ...resource,
                outputs: Object.fromEntries(Object.entries(resource.outputs).filter(([key]) => key !== lost)),
              }
            : resource,
        );
        return found(shown, "preview").length === 0;
      });
    expect(accepting).toEqual([]);
  });
});

describe.each(knowledges)("a platform of ours, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedPlatform(referencePlatform, knowledge);
  });
  /** Opens every layer between the workloads of a zone and the Internet. */
  const dug = (zone: "gateway" | "processing", filter: string): readonly string[] => {
    const stack = whole.copy();
    stack.add("aws:ec2/route:Route", "hole", {
      routeTableId: stack.id(`bulkhead-${zone}-workload-routes`),
      ...everywhere,
      gatewayId: stack.id("bulkhead-internet-gateway"),
    });
    stack.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "hole-rule", {
      securityGroupId: stack.id(filter),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    });
    stack.add("aws:ec2/networkAclRule:NetworkAclRule", "hole-acl", {
      networkAclId: stack.id(`bulkhead-${zone}-workload-acl`),
      egress: true,
      ruleNumber: 1,
      ruleAction: "allow",
      protocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrBlock: "0.0.0.0/0",
    });
    return found(stack.resources(), knowledge).map(({ urn: at, severity }) => `${severity} ${at}`);
  };
  const hole = [`critical ${urn("aws:ec2/route:Route", "hole")}`];

  it("is held in processing", () => {
    expect(dug("processing", "bulkhead-rag-service-filter")).toEqual(hole);
  });

  it("is held in gateway, but for the load balancer", () => {
    expect(dug("gateway", "bulkhead-ai-gateway-filter")).toEqual(hole);
    expect(dug("gateway", "bulkhead-load-balancer-filter")).toEqual([]);
  });
});

describe.each(knowledges)("a network firewall beside the PHI zone, %s", (knowledge) => {
  const refusals = (build: Build): readonly string[] => {
    const stack = new InspectedStack(knowledge);
    stack.subnet("store", "10.0.9.0/24", "phi", { mapPublicIpOnLaunch: false });
    stack.change("app-group", (i) => ({ ...i, egress: [] }));
    build(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule: by, urn: at }) => `${by} ${at.slice(at.lastIndexOf("::") + 2)}`);
  };

  it("is understood in a network that holds the PHI zone", () => {
    expect(refusals(behind(() => inspectingPolicy))).toEqual([]);
  });

  it("is refused in the PHI zone's subnets", () => {
    expect(refusals((s) => s.firewall(inspectingPolicy, "firewall", "store"))).toEqual([
      "resources-are-understood firewall",
    ]);
  });

  it("has no security group where it is the endpoint of a gateway load balancer", () => {
    expect(
      refusals((s) => {
        s.change("inspection", (i) => ({ ...i, tags: { "bulkhead-zone": "egress" } }));
        s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
          vpcId: s.id("vpc"),
          vpcEndpointType: "GatewayLoadBalancer",
          serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123",
          subnetIds: [s.id("inspection")],
        });
        s.onward();
      }),
    ).toEqual([]);
  });

  it("is refused in the PHI zone's subnets as the endpoint of a gateway load balancer", () => {
    expect(
      refusals((s) =>
        s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
          vpcId: s.id("vpc"),
          vpcEndpointType: "GatewayLoadBalancer",
          serviceName: "com.amazonaws.vpce.us-east-1.vpce-svc-0123",
          subnetIds: [s.id("store")],
        }),
      ),
    ).toEqual(["phi-zone-has-no-egress endpoint"]);
  });

  it("is no way out of the PHI zone", () => {
    expect(
      refusals((s) => s.route("store", { ...everywhere, vpcEndpointId: s.firewall(inspectingPolicy) })),
    ).toEqual(["phi-zone-has-no-egress store-default"]);
  });

  it("is advised to have a route that leads to it, and one that leads back", () => {
    const advice = (build: Build): readonly string[] => {
      const stack = new InspectedStack(knowledge);
      build(stack);
      return judge(stack.resources(), { dryRun: knowledge === "preview" })
        .findings.filter(
          ({ rule: by, urn: at }) => by === "network-defaults-are-sealed" && at === firewallUrn,
        )
        .map(({ level, summary }) => `${level}: ${summary}`);
    };
    expect(advice((s) => s.firewall(inspectingPolicy))).toEqual([
      "advisory: Firewall firewall: No route back to the network's own addresses leads to it, so that replies come past it.",
      "advisory: Firewall firewall: No route to the Internet leads to it, so that nothing passes it on its way out.",
    ]);
    expect(
      advice((s) => {
        const vpcEndpointId = s.firewall(inspectingPolicy);
        s.route("app", { ...everywhere, vpcEndpointId });
        s.route("public", { destinationCidrBlock: "10.0.1.0/24", vpcEndpointId }, "back");
      }),
    ).toEqual([]);
  });
});
