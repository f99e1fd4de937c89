import { describe, expect, it } from "vitest";

import type { StackResource } from "../../policy-pack/stack-resource";

import { base, inZone } from "./corpus/corpus-case";
import { ofEither } from "./id-of-either";
import { eachKind } from "./each-kind";
import { judge } from "./judge-on-a-day";
import { renderedPlatform, target } from "./rendered-stack";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

type Inputs = Readonly<Record<string, unknown>>;
type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const sealed = "network-defaults-are-sealed";
const audited = "traffic-is-audited";
const types = {
  block: "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions",
  exclusion: "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion",
  exclusive: "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive",
  flowLog: "aws:ec2/flowLog:FlowLog",
  subnet: "aws:ec2/subnet:Subnet",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

/** The findings of a rule in a few words each: how bad, how sure, of what, and how the text begins. */
function told(resources: readonly StackResource[], knowledge: Knowledge, rule: string): readonly string[] {
  return judge(resources, { dryRun: knowledge === "preview" })
    .findings.filter((finding) => finding.rule === rule)
    .map(
      ({ level, verdict, urn, summary }) =>
        `${level} ${verdict} ${urn.split("::").at(-1) ?? ""}: ${summary.slice(summary.indexOf(":") + 2)}`,
    );
}

/** What a change adds to the findings of the base. */
function added(knowledge: Knowledge, rule: string, change: Change): readonly string[] {
  const stack = base(knowledge);
  const before = told(stack.resources(), knowledge, rule);
  change(stack);
  return told(stack.resources(), knowledge, rule).filter((text) => !before.includes(text));
}

function exclude(stack: Sketch, inputs: Inputs): void {
  stack.add(types.block, "block", { internetGatewayBlockMode: "block-bidirectional" });
  stack.add(types.exclusion, "exclusion", { internetGatewayExclusionMode: "allow-bidirectional", ...inputs });
}

describe.each(knowledges)("the account's block of public access, %s", (knowledge) => {
  const missing =
    "It holds the PHI zone and has an Internet gateway, and nothing of the stack blocks public access for the account.";
  const advice = (change: Change): readonly string[] => added(knowledge, sealed, change);

  it("is missed where the PHI zone's network has an Internet gateway, and only there", () => {
    const about = (change: Change): readonly string[] => {
      const stack = base(knowledge);
      change(stack);
      return told(stack.resources(), knowledge, sealed).filter((text) => text.endsWith(missing));
    };
    expect(about(() => undefined)).toEqual([`advisory open vpc: ${missing}`]);
    expect(about((s) => s.remove("gateway-default-route").remove("internet-gateway"))).toEqual([]);
    expect(about((s) => s.change("internet-gateway", () => ({ vpcId: unknownText })))).toEqual([
      `advisory open vpc: ${missing}`,
    ]);
    expect(
      about((s) => {
        s.remove("gateway-default-route").remove("internet-gateway");
        s.add("aws-native:ec2:VpcGatewayAttachment", "attachment", { vpcId: s.id("vpc") });
      }),
    ).toEqual([`advisory open vpc: ${missing}`]);
    expect(
      about((s) => s.add(types.block, "block", { internetGatewayBlockMode: "block-bidirectional" })),
    ).toEqual([]);
  });

  it.each([
    ["off", "open", "meet"],
    ["block-ingress", "open", "open connections to"],
    [unknownText, "undetermined", "meet"],
    [undefined, "open", "meet"],
  ])("is weak as %s", (internetGatewayBlockMode, verdict, verb) => {
    expect(
      advice((s) =>
        s.add("aws-native:ec2:VpcBlockPublicAccessOptions", "block", { internetGatewayBlockMode }),
      ),
    ).toEqual([
      `advisory ${verdict} block: The account's networks may ${verb} the Internet by their gateways: internetGatewayBlockMode is not block-bidirectional.`,
    ]);
  });

  it.each<readonly [string, Change]>([
    [
      "a subnet of the gateway",
      (s) => {
        exclude(s, { subnetId: s.id("gateway-subnet") });
      },
    ],
    [
      "the subnet of a NAT gateway",
      (s) => {
        const subnetId = s.add(types.subnet, "nat-subnet", { vpcId: s.id("vpc"), cidrBlock: "10.0.9.0/24" });
        s.add("aws:ec2/natGateway:NatGateway", "nat", { subnetId });
        exclude(s, { subnetId });
      },
    ],
  ])("may leave out %s", (_what, change) => {
    expect(advice(change)).toEqual([]);
  });

  it.each<readonly [string, Change, string]>([
    [
      "a whole network",
      (s) => {
        exclude(s, { vpcId: s.id("vpc") });
      },
      "open exclusion: It excludes a whole network",
    ],
    [
      "a network that is not known",
      (s) => {
        exclude(s, { vpcId: unknownText });
      },
      "open exclusion: It excludes a whole network",
    ],
    [
      "a subnet of the PHI zone",
      (s) => {
        exclude(s, { subnetId: s.id("phi-subnet") });
      },
      "open exclusion: It excludes Subnet phi-subnet (zone phi)",
    ],
    [
      "a subnet of the PHI zone with a NAT gateway",
      (s) => {
        s.add("aws:ec2/natGateway:NatGateway", "nat", { subnetId: s.id("phi-subnet") });
        exclude(s, { subnetId: s.id("phi-subnet") });
      },
      "open exclusion: It excludes Subnet phi-subnet (zone phi)",
    ],
    [
      "a subnet of no zone",
      (s) => {
        const vpcId = s.id("vpc");
        exclude(s, { subnetId: s.add(types.subnet, "plain-subnet", { vpcId, cidrBlock: "10.0.9.0/24" }) });
      },
      "open exclusion: It excludes Subnet plain-subnet (in no zone)",
    ],
    [
      "a subnet of another stack",
      (s) => {
        exclude(s, { subnetId: "subnet-0123456789abcdef0" });
      },
      "undetermined exclusion: It excludes subnet-0123456789abcdef0 (not of the stack)",
    ],
    [
      "a subnet that is not known",
      (s) => {
        exclude(s, { subnetId: unknownText });
      },
      "undetermined exclusion: It excludes a subnet",
    ],
  ])("may not leave out %s", (_what, change, text) => {
    expect(advice(change)).toEqual([`advisory ${text} from the account's block of public access.`]);
  });

  it("is not asked of a platform, which says whether it is its own", async () => {
    const stack = await renderedPlatform(eachKind, knowledge);
    expect(told(stack.resources(), knowledge, sealed)).toEqual([]);
  });

  it("is the platform's own where it says so, and then whole", async () => {
    const refusals = async (change: Change): Promise<readonly string[]> => {
      const stack = await renderedPlatform(eachKind, knowledge, target, { guardsAccount: true });
      change(stack);
      return judge(stack.resources(), { dryRun: knowledge === "preview" })
        .findings.filter(({ level }) => level === "mandatory")
        .map(({ rule, urn }) => `${rule} ${urn.split("::").at(-1) ?? ""}`);
    };
    expect(await refusals(() => undefined)).toEqual([]);
    expect(
      await refusals((s) =>
        s.change("bulkhead-account-network", () => ({ internetGatewayBlockMode: "block-ingress" })),
      ),
    ).toEqual([`${sealed} bulkhead-account-network`]);
    expect(
      await refusals((s) =>
        s.change("bulkhead-account-entrance-a", ({ subnetId: _of, ...inputs }) => ({
          ...inputs,
          vpcId: s.id("bulkhead-network"),
        })),
      ),
    ).toEqual([`${sealed} bulkhead-account-entrance-a`]);
  });
});

describe.each(knowledges)("what owns the rules of a security group, %s", (knowledge) => {
  const own = (stack: Sketch, zone: string, egress: unknown, ingress: unknown): void => {
    stack.add(types.exclusive, "exclusive", {
      securityGroupId: stack.id(`${zone}-group`),
      egressRuleIds: egress,
      ingressRuleIds: ingress,
    });
  };
  const idOf = (stack: Sketch, name: string): string => `${stack.id(name)}.securityGroupRuleId`;
  const refusals = (change: Change): readonly string[] => {
    const stack = base(knowledge);
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule, verdict, urn }) => `${rule} ${verdict} ${urn.split("::").at(-1) ?? ""}`);
  };
  const out = ["phi-zone-has-no-egress undetermined exclusive"];
  const into = ["phi-zone-admits-only-processing undetermined exclusive"];

  it.each<readonly [string, Change]>([
    [
      "rules of the stack by their ids",
      (s) => {
        own(s, "phi", [], [s.id("phi-from-processing")]);
      },
    ],
    [
      "rules of the stack by their other ids",
      (s) => {
        own(s, "phi", [], [idOf(s, "phi-from-processing")]);
      },
    ],
    [
      "a legacy rule",
      (s) => {
        s.remove("phi-from-processing");
        s.add("aws:ec2/securityGroupRule:SecurityGroupRule", "phi-from-processing", {
          type: "ingress",
          securityGroupId: s.id("phi-group"),
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          sourceSecurityGroupId: s.id("processing-group"),
        });
        own(s, "phi", [], [idOf(s, "phi-from-processing")]);
      },
    ],
    [
      "no rule at all",
      (s) => {
        own(s, "phi", undefined, undefined);
      },
    ],
    [
      "a rule of somebody else's in another zone, by which nobody comes",
      (s) => {
        own(s, "processing", [], ["sgr-0123456789abcdef0"]);
      },
    ],
  ])("may leave %s", (_what, change) => {
    expect(refusals(change)).toEqual([]);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    [
      "a rule out of the PHI zone that is not of the stack",
      (s) => {
        own(s, "phi", ["sgr-0123456789abcdef0"], []);
      },
      out,
    ],
    [
      "a rule into the PHI zone that is not of the stack",
      (s) => {
        own(s, "phi", [], [idOf(s, "phi-from-processing"), "sgr-0123456789abcdef0"]);
      },
      into,
    ],
    [
      "a rule out of the PHI zone that is not known",
      (s) => {
        own(s, "phi", [unknownText], []);
      },
      out,
    ],
    [
      "a rule that is not known beside one of the stack",
      (s) => {
        own(s, "phi", [], [idOf(s, "phi-from-processing"), unknownText]);
      },
      into,
    ],
    [
      "rules that are not known",
      (s) => {
        own(s, "phi", unknownText, []);
      },
      out,
    ],
    [
      "a rule that is not of the stack and may be of either group",
      (s) => {
        own(s, "processing", ["sgr-0123456789abcdef0"], []);
        s.change("exclusive", (inputs) => ({ ...inputs, securityGroupId: s.id("phi-group") }));
      },
      out,
    ],
  ])("may not leave %s", (_what, change, expected) => {
    expect(refusals(change)).toEqual(expected);
  });

  it("may not leave rules that are not known, although some of them are of the stack", () => {
    const stack = base(knowledge);
    own(stack, "phi", [], []);
    const resources = ofEither(stack, "exclusive", "ingressRuleIds", ["phi-from-processing"]);
    expect(told(resources, knowledge, "phi-zone-admits-only-processing")).toEqual([
      expect.stringMatching(/^mandatory undetermined exclusive: /),
    ]);
  });

  it("is missed where it is one of two groups' and nobody knows which", () => {
    const stack = base(knowledge);
    own(stack, "phi", [], []);
    const resources = ofEither(stack, "exclusive", "securityGroupId", ["phi-group", "processing-group"]);
    const missing = "Nothing owns its rules exclusively, so that a rule added by hand stays.";
    expect(told(resources, knowledge, sealed)).toEqual(
      expect.arrayContaining(
        ["phi-group", "processing-group"].map((group) => `advisory open ${group}: ${missing}`),
      ),
    );
  });
});

describe.each(knowledges)("what strips the defaults of a network, %s", (knowledge) => {
  const nothingStrips = (network: string): string =>
    `advisory open ${network}: Nothing strips its default security group, into which falls whatever names none.`;
  const tell = (stack: Sketch): readonly string[] => told(stack.resources(), knowledge, sealed);

  it("is missed of a network that says its zone and holds nothing yet", () => {
    const stack = base(knowledge);
    stack.add(types.vpc, "phi-vpc", { cidrBlock: "10.3.0.0/16", tags: inZone("phi") });
    expect(tell(stack)).toContain(nothingStrips("phi-vpc"));
  });

  it("is missed where it strips one of two networks and nobody knows which", () => {
    const stack = base(knowledge);
    stack.add(types.vpc, "other-vpc", { cidrBlock: "10.3.0.0/16", tags: inZone("processing") });
    stack.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", {
      vpcId: stack.id("vpc"),
    });
    expect(tell(stack)).not.toContain(nothingStrips("vpc"));
    const resources = ofEither(stack, "default-group", "vpcId", ["vpc", "other-vpc"]);
    const found = told(resources, knowledge, sealed);
    expect(found).toContain(nothingStrips("vpc"));
    expect(found).toContain(nothingStrips("other-vpc"));
  });

  it.each([
    [[{ protocol: "-1", fromPort: 0, toPort: 0, self: true }], "open"],
    [unknownText, "undetermined"],
  ])("does not hold a rule", (ingress, verdict) => {
    expect(
      added(knowledge, sealed, (s) =>
        s.add("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default-group", {
          vpcId: s.id("vpc"),
          ingress,
        }),
      ),
    ).toEqual([
      `advisory ${verdict} default-group: The default security group of Vpc vpc is not empty: ingress hold something, or may.`,
    ]);
  });
});

describe.each(knowledges)("what is in force on a subnet, %s", (knowledge) => {
  it("may be what is in force on it or on another", () => {
    const stack = base(knowledge);
    const resources = ofEither(stack, "gateway-association", "subnetId", ["gateway-subnet", "phi-subnet"]);
    expect(told(resources, knowledge, "phi-zone-has-no-egress")).toEqual([
      expect.stringMatching(/^mandatory open gateway-default-route: /),
    ]);
  });

  it("is not what is in force on it or on another", () => {
    const stack = base(knowledge);
    stack.add("aws:ec2/defaultRouteTable:DefaultRouteTable", "main-routes", {
      defaultRouteTableId: `${stack.id("vpc")}.defaultRouteTableId`,
      routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: stack.id("internet-gateway") }],
    });
    expect(told(stack.resources(), knowledge, "phi-zone-has-no-egress")).toEqual([]);
    const resources = ofEither(stack, "phi-association", "subnetId", ["phi-subnet", "processing-subnet"]);
    expect(told(resources, knowledge, sealed)).toContain(
      "advisory open phi-subnet: No route table is associated with it, so the network's main one is in force.",
    );
    expect(told(resources, knowledge, "phi-zone-has-no-egress")).toEqual([
      expect.stringMatching(/^mandatory open main-routes: /),
    ]);
  });
});

describe.each(knowledges)("names in a network, %s", (knowledge) => {
  const unanswered = "No query for a name in it is recorded, and its flow logs leave queries out.";

  it("are recorded where there are any", () => {
    expect(told(base(knowledge).resources(), knowledge, audited)).not.toContain(
      `advisory open vpc: ${unanswered}`,
    );
    for (const enableDnsSupport of [true, undefined, unknownText]) {
      expect(
        added(knowledge, audited, (s) => s.change("vpc", (inputs) => ({ ...inputs, enableDnsSupport }))),
      ).toEqual([`advisory open vpc: ${unanswered}`]);
    }
  });

  it("are filtered in a network of another zone as well", () => {
    const unfiltered =
      "advisory open other-vpc: No DNS firewall is in force on it that answers the names of AWS's services alone, in an egress zone those of declared providers besides, and blocks every other.";
    const withOther =
      (enableDnsSupport: unknown): Change =>
      (s) => {
        const vpcId = s.add(types.vpc, "other-vpc", { cidrBlock: "10.3.0.0/16", enableDnsSupport });
        const tags = inZone("processing");
        s.add(types.subnet, "other-subnet", { vpcId, cidrBlock: "10.3.1.0/24", tags });
      };
    expect(added(knowledge, sealed, withOther(true))).toContain(unfiltered);
    expect(added(knowledge, sealed, withOther(unknownText))).toContain(unfiltered);
    expect(added(knowledge, sealed, withOther(false))).not.toContain(unfiltered);
  });
});

describe.each(knowledges)("a log of packets, %s", (knowledge) => {
  const none = "advisory open vpc: No flow of it is recorded.";
  const partial = "Its flow log leaves out what was accepted, or what was rejected.";
  const log = (stack: Sketch, name: string, inputs: Inputs, type: string = types.flowLog): void => {
    stack.add(type, name, { logDestinationType: "s3", logDestination: "arn:aws:s3:::logs", ...inputs });
  };
  const flows = (resources: readonly StackResource[]): readonly string[] =>
    told(resources, knowledge, audited).filter((text) => /flow (?:of|log)/.test(text));
  const found = (change: Change): readonly string[] => {
    const stack = base(knowledge);
    change(stack);
    return flows(stack.resources());
  };
  const ofEach = (stack: Sketch, trafficType: unknown): void => {
    for (const zone of ["gateway", "processing", "phi"]) {
      log(stack, `${zone}-log`, { subnetId: stack.id(`${zone}-subnet`), trafficType });
    }
  };

  it.each<readonly [string, Change]>([
    [
      "its network",
      (s) => {
        log(s, "log", { vpcId: s.id("vpc"), trafficType: "ALL" });
      },
    ],
    [
      "its network, by aws-native",
      (s) => {
        const inputs = { resourceType: "VPC", resourceId: s.id("vpc"), trafficType: "ALL" };
        log(s, "log", inputs, "aws-native:ec2:FlowLog");
      },
    ],
    [
      "each subnet",
      (s) => {
        ofEach(s, "ALL");
      },
    ],
    [
      "each subnet, beside one of the network that knows less",
      (s) => {
        ofEach(s, "ALL");
        log(s, "rejected", { vpcId: s.id("vpc"), trafficType: "REJECT" });
      },
    ],
    [
      "its network, beside one of less",
      (s) => {
        log(s, "log", { vpcId: s.id("vpc"), trafficType: "ALL" });
        log(s, "rejected", { vpcId: s.id("vpc"), trafficType: "REJECT" });
      },
    ],
  ])("is whole as that of %s", (_what, change) => {
    expect(found(change)).toEqual([]);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    ["nothing", () => undefined, [none]],
    [
      "one of its subnets",
      (s) => {
        log(s, "log", { subnetId: s.id("phi-subnet"), trafficType: "ALL" });
      },
      ["advisory open vpc: No flow of Subnet gateway-subnet, Subnet processing-subnet is recorded."],
    ],
    [
      "each subnet, but not of every packet",
      (s) => {
        ofEach(s, "ALL");
        s.change("phi-log", (inputs) => ({ ...inputs, trafficType: "ACCEPT" }));
      },
      [`advisory open phi-log: ${partial}`],
    ],
    [
      "its network, of packets that are not known",
      (s) => {
        log(s, "log", { vpcId: s.id("vpc"), trafficType: unknownText });
      },
      [`advisory undetermined log: ${partial}`],
    ],
    [
      "a network that is not known",
      (s) => {
        log(s, "log", { vpcId: unknownText, trafficType: "ALL" });
      },
      [none],
    ],
  ])("is not whole as that of %s", (_what, change, expected) => {
    expect(found(change)).toEqual(expected);
  });

  it("is not of a network where it is one of two networks' and nobody knows which", () => {
    const stack = base(knowledge);
    stack.add(types.vpc, "other-vpc", { cidrBlock: "10.3.0.0/16" });
    log(stack, "log", { vpcId: stack.id("vpc"), trafficType: "ALL" });
    expect(flows(ofEither(stack, "log", "vpcId", ["vpc", "other-vpc"]))).toEqual([none]);
  });
});

describe.each(knowledges)("what must exist, %s", (knowledge) => {
  it("is told alike in any order of the resources", () => {
    const stack = base(knowledge);
    exclude(stack, { vpcId: stack.id("vpc") });
    stack.add(types.exclusive, "exclusive", {
      securityGroupId: stack.id("phi-group"),
      egressRuleIds: ["sgr-0123456789abcdef0"],
      ingressRuleIds: [],
    });
    const resources = stack.resources();
    const options = { dryRun: knowledge === "preview" };
    expect(judge([...resources].reverse(), options).findings).toEqual(judge(resources, options).findings);
  });
});
