import { describe, expect, it } from "vitest";

import type { Finding } from "../../policy-pack/finding";
import { settings } from "../../policy-pack/settings";

import { judge } from "./judge-on-a-day";
import { Sketch, type Knowledge } from "./stack-sketch";
import { corpus, stranger, withGroup, type Case } from "./stranger-corpus";
import { adviceCorpus, harmlessCorpus, serviceCorpus, withoutPhi } from "./stranger-services";

const sg = "aws:ec2/securityGroup:SecurityGroup";
const any = { protocol: "-1", fromPort: 0, toPort: 0 };
const https = { protocol: "tcp", fromPort: 443, toPort: 443 };

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a stack that knows nothing of our components, %s", (knowledge) => {
  const findings = (dig: Case["bad"]): readonly Finding[] => {
    const stack = stranger(knowledge);
    dig(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" }).findings;
  };
  const refusals = (dig: Case["bad"]): readonly string[] =>
    findings(dig)
      .filter(({ level }) => level === "mandatory")
      .map(({ rule, summary }) => `${rule}: ${summary}`);

  it.each(corpus)("is refused with $name", ({ bad }) => {
    expect(refusals(bad).filter((text) => text.startsWith("phi-zone-has-no-egress"))).not.toEqual([]);
  });

  it.each(corpus)("is accepted with the harmless twin of $name", ({ good }) => {
    expect(refusals(good)).toEqual([]);
  });

  it.each(serviceCorpus)("is refused with $name, by $rule", ({ bad, rule }) => {
    expect(refusals(bad).filter((text) => text.startsWith(rule))).not.toEqual([]);
  });

  it.each(serviceCorpus)("is accepted with the harmless twin of $name", ({ good }) => {
    expect(refusals(good)).toEqual([]);
  });

  it.each(harmlessCorpus)("is accepted with $name", ({ good }) => {
    expect(refusals(good)).toEqual([]);
  });

  it.each(withoutPhi)("and no PHI zone, is accepted with $name", ({ good }) => {
    const stack = new Sketch(knowledge);
    good(stack);
    const { findings: found } = judge(stack.resources(), {
      dryRun: knowledge === "preview",
      settings: settings({ "zone-assignment": { noPhiZone: true } }),
    });
    expect(found.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it.each(adviceCorpus)("is accepted, and advised, with $name", ({ bad, good, rule }) => {
    const advice = (dig: Case["bad"]): readonly string[] =>
      findings(dig).flatMap((finding) => (finding.rule === rule ? [finding.level] : []));
    expect(refusals(bad)).toEqual([]);
    expect(new Set(advice(bad))).toEqual(new Set(["advisory"]));
    expect(advice(good).length).toBeLessThan(advice(bad).length);
  });
});

describe.each(knowledges)("zones of a stack that knows nothing of our components, %s", (knowledge) => {
  const zoned = (): Sketch => {
    const stack = stranger(knowledge);
    const vpc = stack.id("vpc");
    const acls = ["gateway", "processing"] as const;
    acls.forEach((zone, index) => {
      const tags = { "bulkhead-zone": zone };
      const subnet = stack.add("aws:ec2/subnet:Subnet", `${zone}-subnet`, {
        vpcId: vpc,
        cidrBlock: `10.0.${String(10 + index)}.0/24`,
        tags,
      });
      const routes = stack.add("aws:ec2/routeTable:RouteTable", `${zone}-routes`, { vpcId: vpc, tags });
      stack.add("aws:ec2/routeTableAssociation:RouteTableAssociation", `${zone}-association`, {
        subnetId: subnet,
        routeTableId: routes,
      });
      stack.add(sg, `${zone}-group`, { vpcId: vpc, tags });
    });
    withGroup(stack, {});
    const gateway = stack.add("aws:ec2/internetGateway:InternetGateway", "gateway", { vpcId: vpc });
    stack.add("aws:ec2/route:Route", "gateway-route", {
      routeTableId: stack.id("gateway-routes"),
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway,
    });
    const rule = (
      name: string,
      type: "egress" | "ingress",
      group: string,
      more: Readonly<Record<string, unknown>>,
    ): string =>
      stack.add("aws:ec2/securityGroupRule:SecurityGroupRule", name, {
        type,
        ...https,
        securityGroupId: stack.id(group),
        ...more,
      });
    rule("world-in", "ingress", "gateway-group", { cidrBlocks: ["0.0.0.0/0"] });
    rule("gateway-out", "egress", "gateway-group", { sourceSecurityGroupId: stack.id("processing-group") });
    rule("processing-in", "ingress", "processing-group", {
      sourceSecurityGroupId: stack.id("gateway-group"),
    });
    rule("processing-out", "egress", "processing-group", { cidrBlocks: ["10.0.1.0/24"] });
    rule("phi-in", "ingress", "phi-group", { sourceSecurityGroupId: stack.id("processing-group") });
    return stack;
  };
  const refused = (stack: Sketch): readonly string[] => [
    ...new Set(
      judge(stack.resources(), { dryRun: knowledge === "preview" })
        .findings.filter(({ level }) => level === "mandatory")
        .map(({ rule }) => rule),
    ),
  ];
  const addRule = (
    stack: Sketch,
    type: "egress" | "ingress",
    group: string,
    more: Readonly<Record<string, unknown>>,
  ): Sketch => {
    stack.add("aws:ec2/securityGroupRule:SecurityGroupRule", "hole", {
      type,
      ...https,
      securityGroupId: stack.id(group),
      ...more,
    });
    return stack;
  };

  it("may reach from the Internet to PHI step by step, on 443", () => {
    expect(refused(zoned())).toEqual([]);
  });

  it("may not let the gateway into the PHI zone", () => {
    const stack = addRule(zoned(), "ingress", "phi-group", {
      sourceSecurityGroupId: zoned().id("gateway-group"),
    });
    expect(refused(stack)).toEqual(["phi-zone-admits-only-processing"]);
  });

  it("may not let processing into the PHI zone on another port", () => {
    const stack = addRule(zoned(), "ingress", "phi-group", {
      fromPort: 5432,
      toPort: 5432,
      sourceSecurityGroupId: zoned().id("processing-group"),
    });
    expect(refused(stack)).toEqual(["phi-zone-admits-only-processing"]);
  });

  it("may hold an egress rule in processing that no route follows", () => {
    expect(
      refused(addRule(zoned(), "egress", "processing-group", { cidrBlocks: ["203.0.113.0/24"] })),
    ).toEqual([]);
  });

  it("may not let processing call the gateway back", () => {
    const stack = addRule(zoned(), "egress", "processing-group", { cidrBlocks: ["0.0.0.0/0"] });
    expect(refused(stack)).toEqual(["zones-reach-only-declared-peers"]);
  });

  it("may not let processing out where a route follows", () => {
    const stack = addRule(zoned(), "egress", "processing-group", { cidrBlocks: ["203.0.113.0/24"] });
    stack.add("aws:ec2/route:Route", "hole-route", {
      routeTableId: stack.id("processing-routes"),
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: "nat-0123",
    });
    expect(refused(stack)).toEqual(["zones-reach-only-declared-peers", "internet-egress-is-inspected"]);
  });

  it("may not let a group without a zone into processing", () => {
    const stack = zoned();
    const other = stack.add(sg, "bastion", {
      vpcId: stack.id("vpc"),
      egress: [{ ...any, cidrBlocks: ["0.0.0.0/0"] }],
    });
    addRule(stack, "ingress", "processing-group", { sourceSecurityGroupId: other });
    expect(refused(stack)).toEqual(["zones-reach-only-declared-peers"]);
  });

  it("may not let the gateway reach processing on another port", () => {
    const stack = addRule(zoned(), "egress", "gateway-group", {
      fromPort: 22,
      toPort: 22,
      sourceSecurityGroupId: zoned().id("processing-group"),
    });
    expect(refused(stack)).toEqual([]);
    stack.add("aws:ec2/securityGroupRule:SecurityGroupRule", "hole-in", {
      type: "ingress",
      protocol: "tcp",
      fromPort: 22,
      toPort: 22,
      securityGroupId: stack.id("processing-group"),
      sourceSecurityGroupId: stack.id("gateway-group"),
    });
    expect(refused(stack)).toEqual(["zones-reach-only-declared-peers"]);
  });
});
