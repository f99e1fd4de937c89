import { describe, expect, it } from "vitest";

import { base, inZone } from "./corpus/corpus-case";
import { instance } from "./corpus/stranger-pieces";
import { ofEither } from "./id-of-either";
import { judge } from "./judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;
type Change = (stack: Sketch) => unknown;

const rule = "phi-zone-resolver-is-closed";
const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const types = {
  options: "aws:ec2/vpcDhcpOptions:VpcDhcpOptions",
  optionsAssociation: "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation",
  list: "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList",
  firewallRule: "aws:route53/resolverFirewallRule:ResolverFirewallRule",
  firewallGroup: "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
  firewallAssociation:
    "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
  rule: "aws:route53/resolverRule:ResolverRule",
  ruleAssociation: "aws:route53/resolverRuleAssociation:ResolverRuleAssociation",
  namespace: "aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace",
  zone: "aws:route53/zone:Zone",
  zoneAssociation: "aws:route53/zoneAssociation:ZoneAssociation",
} as const;

/** Lets the base's network answer names. */
function withNames(stack: Sketch): void {
  stack.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: true }));
}

/** A network that answers names, before a firewall that blocks every one. */
function closed(stack: Sketch): void {
  withNames(stack);
  const group = stack.add(types.firewallGroup, "firewall", {});
  stack.add(types.firewallRule, "block", {
    firewallRuleGroupId: group,
    firewallDomainListId: stack.add(types.list, "all-names", { domains: ["*"] }),
    action: "BLOCK",
    blockResponse: "NXDOMAIN",
    priority: 100,
  });
  stack.add(types.firewallAssociation, "firewall-association", {
    firewallRuleGroupId: group,
    vpcId: stack.id("vpc"),
    priority: 101,
  });
}

/** The same firewall in Cloud Control's provider, whose groups list their rules themselves. */
function closedByNative(stack: Sketch, more: Inputs = {}, others: readonly Inputs[] = []): void {
  withNames(stack);
  const all = stack.add("aws-native:route53resolver:FirewallDomainList", "all-names", { domains: ["*"] });
  stack.add("aws-native:route53resolver:FirewallRuleGroupAssociation", "firewall-association", {
    firewallRuleGroupId: stack.add("aws-native:route53resolver:FirewallRuleGroup", "firewall", {
      firewallRules: [
        { action: "BLOCK", blockResponse: "NODATA", priority: 100, firewallDomainListId: all, ...more },
        ...others,
      ],
    }),
    vpcId: stack.id("vpc"),
    priority: 101,
  });
}

function nameServers(stack: Sketch, domainNameServers: unknown): void {
  stack.add(types.optionsAssociation, "options-association", {
    vpcId: stack.id("vpc"),
    dhcpOptionsId: stack.add(types.options, "options", { domainNameServers }),
  });
}

function resolverRule(stack: Sketch, more: Inputs): void {
  stack.add(types.ruleAssociation, "rule-association", {
    vpcId: stack.id("vpc"),
    resolverRuleId: stack.add(types.rule, "rule", { domainName: "hospital.example", ...more }),
  });
}

/** A private zone of a network of the stack's own, answered in the PHI zone's network as well. */
function sharedZone(stack: Sketch): void {
  const vpcId = stack.add("aws:ec2/vpc:Vpc", "other-vpc", { cidrBlock: "10.9.0.0/16" });
  stack.add(types.zoneAssociation, "zone-association", {
    vpcId: stack.id("vpc"),
    zoneId: stack.add(types.zone, "zone", { name: "hospital.example", vpcs: [{ vpcId }] }),
  });
}

/** A firewall that answers some names, before the block of all others. */
function answering(stack: Sketch, domains: readonly unknown[], more: Inputs = {}): void {
  closed(stack);
  stack.add(types.firewallRule, "answer", {
    firewallRuleGroupId: stack.id("firewall"),
    firewallDomainListId: stack.add(types.list, "own-names", { domains }),
    action: "ALLOW",
    priority: 50,
    ...more,
  });
}

/** A namespace of Cloud Map in the network. */
function namespace(stack: Sketch, more: Inputs = {}): void {
  stack.add(types.namespace, "namespace", {
    name: "ai.hospital.example",
    vpc: stack.id("vpc"),
    ...more,
  });
}

const inNamespace = "rag-service.processing.ai.hospital.example";

describe.each(knowledges)("names in a network that holds the PHI zone, %s", (knowledge) => {
  const found = (change: Change, code = true): readonly string[] => {
    const stack = base(knowledge);
    if (code) {
      instance(stack, "phi");
    }
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter((finding) => finding.rule === rule)
      .map(({ level, verdict, urn }) => `${level} ${verdict} ${urn.split("::").at(-1) ?? ""}`);
  };

  it.each<readonly [string, Change]>([
    ["no names", () => undefined],
    ["a firewall that blocks every name", closed],
    ["the same firewall by aws-native", (s) => closedByNative(s)],
    [
      "the network's own resolver by its address",
      (s) => {
        nameServers(s, ["169.254.169.253", "fd00:ec2::253", "AmazonProvidedDNS"]);
      },
    ],
    [
      "no name server at all",
      (s) => {
        nameServers(s, undefined);
      },
    ],
    [
      "AWS's own DHCP options",
      (s) => {
        s.add(types.optionsAssociation, "options-association", {
          vpcId: s.id("vpc"),
          dhcpOptionsId: s.add("aws:ec2/defaultVpcDhcpOptions:DefaultVpcDhcpOptions", "options", {}),
        });
      },
    ],
    [
      "an outbound endpoint of another network",
      (s) => {
        closed(s);
        const vpcId = s.add("aws:ec2/vpc:Vpc", "other-vpc", { cidrBlock: "10.9.0.0/16" });
        s.add("aws:route53/resolverEndpoint:ResolverEndpoint", "endpoint", {
          direction: "OUTBOUND",
          securityGroupIds: [s.add("aws:ec2/securityGroup:SecurityGroup", "other-group", { vpcId })],
          ipAddresses: [
            { subnetId: s.add("aws:ec2/subnet:Subnet", "other-subnet", { vpcId, cidrBlock: "10.9.1.0/24" }) },
          ],
        });
      },
    ],
    [
      "a rule that leaves names to the network's own resolver",
      (s) => {
        closed(s);
        resolverRule(s, { ruleType: "SYSTEM" });
      },
    ],
    [
      "a zone of the stack's own",
      (s) => {
        closed(s);
        sharedZone(s);
        s.add("aws:route53/record:Record", "record", {
          zoneId: s.id("zone"),
          name: "fhir",
          type: "A",
          records: ["10.0.3.9"],
        });
      },
    ],
    [
      "a firewall that answers names of a private namespace of the network",
      (s) => {
        answering(s, [inNamespace, "*.ai.hospital.example.", "AI.hospital.example"]);
        namespace(s);
      },
    ],
    [
      "a firewall that answers names of a private zone of the network",
      (s) => {
        answering(s, [inNamespace]);
        s.add(types.zone, "zone", { name: "ai.hospital.example.", vpcs: [{ vpcId: s.id("vpc") }] });
      },
    ],
  ])("are closed by %s", (_what, change) => {
    expect(found(change)).toEqual([]);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    ["names without a firewall", withNames, ["mandatory open vpc"]],
    [
      "whether there are names is not known",
      (s) => s.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport: unknownText })),
      ["mandatory open vpc"],
    ],
    [
      "a native firewall that only warns",
      (s) => {
        closedByNative(s, { action: "ALERT" });
      },
      ["mandatory open vpc", "mandatory open firewall"],
    ],
    [
      "a native firewall of one kind of question",
      (s) => {
        closedByNative(s, { qtype: "A" });
      },
      ["mandatory open vpc"],
    ],
    [
      "a native firewall whose rules are not known",
      (s) => {
        closedByNative(s);
        s.change("firewall", () => ({ firewallRules: unknownText }));
      },
      ["mandatory undetermined vpc"],
    ],
    [
      "a native firewall one of whose rules is not known",
      (s) => {
        closedByNative(s);
        s.change("firewall", ({ firewallRules }) => ({
          firewallRules: [...(firewallRules as readonly unknown[]), unknownText],
        }));
      },
      ["mandatory undetermined vpc"],
    ],
    [
      "a native firewall of another network",
      (s) => {
        closedByNative(s);
        const other = s.add("aws:ec2/vpc:Vpc", "other-vpc", { cidrBlock: "10.9.0.0/16" });
        s.change("firewall-association", (inputs) => ({ ...inputs, vpcId: other }));
      },
      ["mandatory open vpc"],
    ],
    [
      "a name server that is not known, after Amazon's",
      (s) => {
        nameServers(s, ["AmazonProvidedDNS", unknownText]);
      },
      ["mandatory undetermined options"],
    ],
    [
      "name servers that are not known",
      (s) => {
        nameServers(s, unknownText);
      },
      ["mandatory undetermined options"],
    ],
    [
      "a stranger's name server before one that is not known",
      (s) => {
        nameServers(s, ["203.0.113.53", unknownText]);
      },
      ["mandatory open options"],
    ],
    [
      "a stranger's name server by aws-native",
      (s) => {
        s.add("aws-native:ec2:VpcdhcpOptionsAssociation", "options-association", {
          vpcId: s.id("vpc"),
          dhcpOptionsId: s.add("aws-native:ec2:DhcpOptions", "options", {
            domainNameServers: ["203.0.113.53"],
          }),
        });
      },
      ["mandatory open options"],
    ],
    [
      "DHCP options of a network that is not known",
      (s) => {
        s.add(types.optionsAssociation, "options-association", {
          vpcId: unknownText,
          dhcpOptionsId: "dopt-0123456789abcdef0",
        });
      },
      ["mandatory undetermined options-association"],
    ],
    [
      "a rule of a type that is not known",
      (s) => {
        closed(s);
        resolverRule(s, { ruleType: unknownText });
      },
      ["mandatory undetermined rule-association"],
    ],
    [
      "a rule that delegates",
      (s) => {
        closed(s);
        resolverRule(s, { ruleType: "DELEGATE" });
      },
      ["mandatory open rule-association"],
    ],
    [
      "a rule of the stack or of somebody else's",
      (s) => {
        closed(s);
        resolverRule(s, { ruleType: "SYSTEM" });
        s.change("rule-association", (inputs) => ({ ...inputs, resolverRuleId: "rslvr-rr-0123456789" }));
      },
      ["mandatory undetermined rule-association"],
    ],
    [
      "a forwarding rule by aws-native",
      (s) => {
        closed(s);
        s.add("aws-native:route53resolver:ResolverRuleAssociation", "rule-association", {
          vpcId: s.id("vpc"),
          resolverRuleId: s.add("aws-native:route53resolver:ResolverRule", "rule", {
            domainName: "hospital.example",
            ruleType: "FORWARD",
          }),
        });
      },
      ["mandatory open rule-association"],
    ],
    [
      "a profile by aws-native",
      (s) => {
        closed(s);
        s.add("aws-native:route53profiles:ProfileAssociation", "profile-association", {
          resourceId: s.id("vpc"),
          profileId: "rp-0123456789abcdef",
        });
      },
      ["mandatory open profile-association"],
    ],
    [
      "a zone of the stack's own that hands a name on",
      (s) => {
        closed(s);
        sharedZone(s);
        s.add("aws:route53/record:Record", "record", {
          zoneId: s.id("zone"),
          name: "out",
          type: "NS",
          records: ["ns.attacker.example"],
        });
      },
      ["mandatory open record"],
    ],
    [
      "a name that is handed on in a zone that is not known",
      (s) => {
        closed(s);
        sharedZone(s);
        s.add("aws:route53/record:Record", "record", { zoneId: unknownText, name: "out", type: "NS" });
      },
      ["mandatory open record"],
    ],
    [
      "a zone that is not known",
      (s) => {
        closed(s);
        s.add(types.zoneAssociation, "zone-association", { vpcId: s.id("vpc"), zoneId: unknownText });
      },
      ["mandatory open zone-association"],
    ],
    [
      "an answer of a name that no zone of the network has",
      (s) => {
        answering(s, [inNamespace]);
      },
      ["mandatory open answer"],
    ],
    [
      "an answer of a name that ends like the namespace, and is not under it",
      (s) => {
        answering(s, ["evil-ai.hospital.example"]);
        namespace(s);
      },
      ["mandatory open answer"],
    ],
    [
      "an answer of names that may end like the namespace, and not be under it",
      (s) => {
        answering(s, ["*ai.hospital.example"]);
        namespace(s);
      },
      ["mandatory open answer"],
    ],
    [
      "an answer of the names that the namespace is under",
      (s) => {
        answering(s, ["*.hospital.example"]);
        namespace(s);
      },
      ["mandatory open answer"],
    ],
    [
      "a namespace of another network",
      (s) => {
        answering(s, [inNamespace]);
        namespace(s, { vpc: s.add("aws:ec2/vpc:Vpc", "other-vpc", { cidrBlock: "10.9.0.0/16" }) });
      },
      ["mandatory open answer"],
    ],
    [
      "a namespace of a network that is not known",
      (s) => {
        answering(s, [inNamespace]);
        namespace(s, { vpc: unknownText });
      },
      ["mandatory open answer"],
    ],
    [
      "a namespace of no network that is shown",
      (s) => {
        answering(s, [inNamespace]);
        namespace(s, { vpc: undefined });
      },
      ["mandatory open answer"],
    ],
    [
      "a namespace whose name is not known",
      (s) => {
        answering(s, [inNamespace]);
        namespace(s, { name: unknownText });
      },
      ["mandatory open answer"],
    ],
    [
      "a public namespace",
      (s) => {
        answering(s, [inNamespace]);
        s.add("aws:servicediscovery/publicDnsNamespace:PublicDnsNamespace", "namespace", {
          name: "ai.hospital.example",
        });
      },
      ["mandatory open answer"],
    ],
    [
      "a rule that only reports names of a namespace",
      (s) => {
        answering(s, [inNamespace], { action: "ALERT" });
        namespace(s);
      },
      ["mandatory open answer"],
    ],
    [
      "a namespace that hands a name on",
      (s) => {
        answering(s, [inNamespace]);
        namespace(s);
        s.add("aws:route53/record:Record", "record", {
          zoneId: s.id("namespace"),
          name: "out",
          type: "NS",
          records: ["ns.attacker.example"],
        });
      },
      ["mandatory open record"],
    ],
  ])("are open with %s", (_what, change, expected) => {
    expect([...found(change)].sort()).toEqual([...expected].sort());
    const advised = expected.map((text) => text.replace("mandatory", "advisory")).sort();
    expect([...found(change, false)].sort()).toEqual(advised);
  });

  /** A network of its own, with names, a subnet that says no zone, and a filter. */
  const ownNetwork = (stack: Sketch, ofFilter: Inputs): void => {
    const vpcId = stack.add("aws:ec2/vpc:Vpc", "own-vpc", { cidrBlock: "10.8.0.0/16" });
    stack.add("aws:ec2/subnet:Subnet", "own-subnet", { vpcId, cidrBlock: "10.8.1.0/24" });
    stack.add("aws:ec2/securityGroup:SecurityGroup", "own-group", { vpcId, ...ofFilter });
  };
  const ownInstance = (stack: Sketch, more: Inputs = {}): void => {
    stack.add("aws:ec2/instance:Instance", "instance", {
      subnetId: stack.id("own-subnet"),
      vpcSecurityGroupIds: [stack.id("own-group")],
      ...more,
    });
  };

  it.each<readonly [string, Change, readonly string[]]>([
    [
      "a filter of the PHI zone may be in force",
      (s) => {
        ownNetwork(s, { tags: inZone("phi") });
      },
      ["advisory open own-vpc"],
    ],
    [
      "code takes a filter of the PHI zone",
      (s) => {
        ownNetwork(s, { tags: inZone("phi") });
        ownInstance(s);
      },
      ["mandatory open own-vpc"],
    ],
    [
      "code says that it is in the PHI zone",
      (s) => {
        ownNetwork(s, {});
        ownInstance(s, { tags: inZone("phi") });
      },
      ["mandatory open own-vpc"],
    ],
    [
      "nothing is in the PHI zone",
      (s) => {
        ownNetwork(s, {});
        ownInstance(s);
      },
      [],
    ],
  ])("matter in a network without a subnet of the PHI zone where %s", (_what, change, expected) => {
    expect(found(change, false)).toEqual(expected);
  });

  it("matter where it cannot be known in which network code of the PHI zone is", () => {
    const change = (stack: Sketch): void => {
      withNames(stack);
      stack.add("aws:ec2/instance:Instance", "instance", {
        subnetId: "subnet-0123456789abcdef0",
        vpcSecurityGroupIds: [
          stack.add("aws:ec2/securityGroup:SecurityGroup", "own-group", {
            vpcId: unknownText,
            tags: inZone("phi"),
          }),
        ],
      });
    };
    expect(found(change, false)).toContain("mandatory open vpc");
  });

  it("are open where a firewall is in force on one of two networks, and nobody knows on which", () => {
    const stack = base(knowledge);
    instance(stack, "phi");
    closed(stack);
    stack.add("aws:ec2/vpc:Vpc", "other-vpc", { cidrBlock: "10.9.0.0/16" });
    const resources = ofEither(stack, "firewall-association", "vpcId", ["vpc", "other-vpc"]);
    const { findings } = judge(resources, { dryRun: knowledge === "preview" });
    expect(findings.filter((finding) => finding.rule === rule)).toMatchObject([
      { level: "mandatory", verdict: "open", urn: expect.stringMatching(/::vpc$/) as unknown },
    ]);
  });

  it("are judged alike in any order of the resources", () => {
    const stack = base(knowledge);
    instance(stack, "phi");
    closedByNative(stack, { action: "ALERT" });
    nameServers(stack, ["203.0.113.53"]);
    const resources = stack.resources();
    const options = { dryRun: knowledge === "preview" };
    expect(judge([...resources].reverse(), options).findings).toEqual(judge(resources, options).findings);
  });

  it("may leave by an outbound endpoint in the PHI zone only as far as its filters let them", () => {
    const refusals = (more: Inputs): readonly string[] => {
      const stack = base(knowledge);
      stack.add("aws:route53/resolverEndpoint:ResolverEndpoint", "endpoint", {
        direction: "OUTBOUND",
        securityGroupIds: [stack.id("phi-group")],
        ipAddresses: [{ subnetId: stack.id("phi-subnet") }],
        ...more,
      });
      return judge(stack.resources(), { dryRun: knowledge === "preview" })
        .findings.filter(({ level }) => level === "mandatory")
        .map((finding) => `${finding.rule} ${finding.urn.split("::").at(-1) ?? ""}`);
    };
    expect(refusals({})).toEqual([]);
    expect(refusals({ resolverEndpointType: "DUALSTACK" })).toEqual(["phi-zone-has-no-egress endpoint"]);
    expect(refusals({ securityGroupIds: ["sg-0123456789abcdef0"] })).toEqual([
      "resources-are-understood endpoint",
    ]);
  });
});
