import { describe, expect, it } from "vitest";

import { settings, type RawSettings } from "../../policy-pack/settings";

import { base } from "./corpus/corpus-case";
import { judge } from "./judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const rule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

/** The base stack with no word of its zones. */
function untagged(knowledge: Knowledge): Sketch {
  const stack = base(knowledge);
  stack.names().forEach((name) => stack.change(name, ({ tags: _tags, ...inputs }) => inputs));
  return stack;
}

const byName = {
  zones: [
    { zone: "gateway", match: { name: "gateway-*" } },
    { zone: "processing", match: { name: "processing-*" } },
    { zone: "phi", match: { name: "phi-*" } },
  ],
};

describe.each(knowledges)("zones from the pack's configuration, %s", (knowledge) => {
  const found = (stack: Sketch, raw: RawSettings): readonly string[] =>
    judge(stack.resources(), { dryRun: knowledge === "preview", settings: settings(raw) })
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule: name, urn, summary }) => `${name} ${urn.split("::").at(-1) ?? ""}: ${summary}`);
  const withZones = (zones: unknown): RawSettings => ({ "zone-assignment": { zones } });
  const open = (stack: Sketch, zone = "phi"): Sketch => {
    stack.add(rule, "out", {
      securityGroupId: stack.id(`${zone}-group`),
      ipProtocol: "-1",
      cidrIpv4: "0.0.0.0/0",
    });
    return stack;
  };

  it("hold as tags do: what is right is accepted, and a way out is refused", () => {
    expect(found(untagged(knowledge), { "zone-assignment": byName })).toEqual([]);
    expect(found(open(untagged(knowledge)), { "zone-assignment": byName })).toEqual([
      "phi-zone-has-no-egress out: SecurityGroup phi-group of the PHI zone may open a connection, and the packet gets out.",
    ]);
  });

  it("come from tags of the customer's own and from URNs", () => {
    const stack = open(untagged(knowledge));
    stack.change("phi-group", (inputs) => ({ ...inputs, tags: { data: "phi" } }));
    const byTag = [{ zone: "phi", match: { tag: { key: "data", value: "phi" } } }];
    expect(
      found(stack, withZones(byTag)).filter((text) => text.startsWith("phi-zone-has-no-egress out")),
    ).toHaveLength(1);
    const byUrn = [
      { zone: "phi", match: { urn: "urn:pulumi:*::*::aws:ec2/securityGroup:SecurityGroup::phi-*" } },
    ];
    expect(
      found(open(untagged(knowledge)), withZones(byUrn)).filter((text) =>
        text.startsWith("phi-zone-has-no-egress out"),
      ),
    ).toHaveLength(1);
  });

  it("do not put a rule into a zone by its name: it takes that of its group", () => {
    const stack = untagged(knowledge);
    stack.add(rule, "phi-like-rule", {
      securityGroupId: stack.id("gateway-group"),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      referencedSecurityGroupId: stack.id("processing-group"),
    });
    stack.add("aws:ec2/route:Route", "phi-like-route", {
      routeTableId: stack.id("gateway-routes"),
      destinationIpv6CidrBlock: "::/0",
      gatewayId: stack.id("internet-gateway"),
    });
    expect(found(stack, { "zone-assignment": byName })).toEqual([]);
  });

  it("are united with tags: what any source calls phi is phi, and the disagreement is a finding", () => {
    const stack = open(base(knowledge), "processing");
    const findings = found(stack, withZones([{ zone: "phi", match: { name: "processing-group" } }]));
    expect(findings).toContain(
      "zone-assignment processing-group: It is processing by its tag bulkhead-zone, and phi by the configured name processing-group.",
    );
    expect(findings.some((text) => text.startsWith("phi-zone-has-no-egress out"))).toBe(true);
  });

  it("tie where patterns of equal weight disagree", () => {
    const zones = [
      ...byName.zones,
      { zone: "gateway", match: { name: "*-group" } },
      { zone: "phi", match: { name: "gateway-*" } },
    ];
    expect(found(untagged(knowledge), withZones(zones))).toContain(
      "zone-assignment gateway-subnet: It is gateway by the configured name gateway-*, and phi by the configured name gateway-*.",
    );
  });

  it("are refused where the tag that decides is not known", () => {
    const stack = untagged(knowledge);
    stack.change("processing-group", (inputs) => ({ ...inputs, tags: { data: unknownText } }));
    const zones = [...byName.zones, { zone: "phi", match: { tag: { key: "data", value: "phi" } } }];
    expect(found(stack, withZones(zones))).toEqual([
      "zone-assignment processing-group: Its tag data, by which the configuration of zone-assignment assigns zones, is not known before the deployment, so it may be in any of them.",
    ]);
  });

  it("have to have a PHI zone where there is a network, unless none is meant", () => {
    const none =
      "The stack has a network, and nothing in it is in a PHI zone, so that the gate has nothing to hold closed.";
    expect(found(untagged(knowledge), { "zone-assignment": {} }).map((text) => text.split(": ")[1])).toEqual([
      none,
    ]);
    expect(found(untagged(knowledge), { "zone-assignment": { noPhiZone: true } })).toEqual([]);
    expect(
      found(base(knowledge), { "zone-assignment": { noPhiZone: true } }).map((text) => text.split(": ")[1]),
    ).toEqual(["The configuration says that the stack has no PHI zone, and this is in it."]);
  });

  it("are refused where the policy is switched off, or its configuration is not understood", () => {
    expect(found(base(knowledge), {})).toEqual([
      `zone-assignment ${rootName(knowledge)}: The policy zone-assignment is switched off, so that the zones which it is configured to assign are not known.`,
    ]);
    const [finding, ...others] = found(base(knowledge), { "zone-assignment": { zone: [] } });
    expect(finding).toContain("The configuration of the policy cannot be used: there is no zone.");
    expect(others).toEqual([]);
  });

  it("say which pattern is like nothing", () => {
    const advice = judge(base(knowledge).resources(), {
      dryRun: knowledge === "preview",
      settings: settings(withZones([{ zone: "phi", match: { name: "fhi-*" } }])),
    }).findings.filter(({ level, rule: name }) => level === "advisory" && name === "zone-assignment");
    expect(advice.map(({ summary }) => summary)).toEqual([
      "The configuration assigns zone phi by the configured name fhi-*, which is like nothing in the stack.",
    ]);
  });
});

/** What is said of the whole stack is said of its first resource, where the stack itself is not shown. */
function rootName(knowledge: Knowledge): string {
  return (
    [...base(knowledge).resources()]
      .map(({ urn }) => urn)
      .sort()[0]
      ?.split("::")
      .at(-1) ?? ""
  );
}

describe.each(knowledges)("flows from the pack's configuration, %s", (knowledge) => {
  const refusals = (port: number, flows: readonly unknown[]): readonly string[] => {
    const stack = base(knowledge);
    stack.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", {
      vpcId: stack.id("vpc"),
      peerVpcId: "vpc-1",
    });
    stack.add("aws:ec2/route:Route", "to-peer", {
      routeTableId: stack.id("processing-routes"),
      destinationCidrBlock: "10.9.9.0/24",
      vpcPeeringConnectionId: stack.id("peering"),
    });
    stack.add(rule, "out", {
      securityGroupId: stack.id("processing-group"),
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      cidrIpv4: "10.9.9.0/24",
    });
    return judge(stack.resources(), {
      dryRun: knowledge === "preview",
      settings: settings({ "zone-assignment": {}, "zones-reach-only-declared-peers": { flows } }),
    })
      .findings.filter(
        ({ level, rule: name }) => level === "mandatory" && name === "zones-reach-only-declared-peers",
      )
      .map(({ urn }) => urn.split("::").at(-1) ?? "");
  };
  const flow = { from: "processing", to: { cidr: "10.9.9.0/24" }, port: 5432 };

  it("let pass what they name, on their port and to their addresses alone", () => {
    expect(refusals(5432, [])).toEqual(["out"]);
    expect(refusals(5432, [flow])).toEqual([]);
    expect(refusals(5433, [flow])).toEqual(["out"]);
    expect(refusals(5432, [{ ...flow, to: { cidr: "10.9.9.0/25" } }])).toEqual(["out"]);
    expect(refusals(5432, [{ ...flow, from: "gateway" }])).toEqual(["out"]);
  });
});
