import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import { rules } from "../../policy-pack/rules";

import { certificateMutants } from "./certificate-mutants";
import { judge } from "./judge-on-a-day";
import { addAclRule, addEgress, addInternetGateway, networkMutants, phiRoutes, store } from "./mutants";
import { eachKind } from "./each-kind";
import { judged, refusals } from "./judged-proofs";
import { expectLessShown, faultless, type Faultless } from "./less-shown";
import { programRecordMutants } from "./program-record-mutants";
import { renderedPlatform } from "./rendered-stack";
import { serviceMutants } from "./service-mutants";
import type { Knowledge, Sketch } from "./stack-sketch";
import { subtleMutants } from "./subtle-mutants";
import { taskMutants, toolGatewayMutant } from "./task-mutants";
import { transportMutants } from "./transport-mutants";
import { workloadMutants } from "./workload-mutants";

/** The faults with which less is shown of their rules. */
const proved = [...networkMutants, ...serviceMutants, ...transportMutants, ...subtleMutants];
const mutants = [
  ...proved,
  ...programRecordMutants,
  ...taskMutants,
  ...workloadMutants,
  ...certificateMutants,
];
const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const firstGroup = rules.filter(({ level }) => level.group === "first").map(({ name }) => name);

describe.each(knowledges)("a rendered platform with one fault, %s", (knowledge) => {
  let whole: Sketch;
  let before: Faultless;
  beforeAll(async () => {
    whole = await renderedPlatform(eachKind, knowledge);
    before = faultless(whole);
  });

  it("is accepted without the fault", () => {
    expect(refusals(before.judged)).toEqual([]);
  });

  it.each(mutants)("refuses $fault by $rule, and shows less of it", (mutant) => {
    const { rule, dig } = mutant;
    const stack = whole.copy();
    dig(stack);
    const found = judged(stack, knowledge);
    expect(refusals(found)).toContain(rule);
    // What a fault of the second group does to proofs does not hang on what is known of ids.
    if (proved.includes(mutant) && (knowledge === "preview" || firstGroup.includes(rule))) {
      expectLessShown(before, found, rule, rule !== "certificates-rotate");
    }
  });
});

describe("a rendered platform with agents", () => {
  it("is refused where the gateway of tools has the certificates, and not before", async () => {
    const stack = (await renderedPlatform(referencePlatform, "preview")).copy();
    const refused = (): readonly string[] =>
      judge(stack.resources(), { dryRun: true })
        .findings.filter(({ level }) => level === "mandatory")
        .map(({ rule }) => rule);
    expect(refused()).toEqual([]);
    toolGatewayMutant.dig(stack);
    expect(refused()).toContain(toolGatewayMutant.rule);
  });
});

describe("the judge", () => {
  let whole: Sketch;
  let stack: Sketch;
  beforeAll(async () => {
    whole = await renderedPlatform(eachKind, "preview");
    stack = whole.copy();
    addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
  });

  it("shows the packet, its path, what opens it and the remedy", () => {
    const [finding] = judge(stack.resources(), { dryRun: true }).findings;
    expect(finding).toMatchObject({
      rule: "phi-zone-has-no-egress",
      verdict: "open",
      severity: "high",
      packet: `tcp 443, from SecurityGroup ${store} to 1.0.0.0`,
      urn: "urn:pulumi:test::bulkhead::aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::hole",
    });
    expect(finding?.path).toEqual([
      `SecurityGroup ${store}`,
      "SecurityGroupEgressRule hole: egress tcp 443 to 0.0.0.0/0",
      "network ACL: denied",
      "no route of the stack leads there",
      "1.0.0.0",
    ]);
    expect(finding?.remedy).toMatch(/^Take the rule away/);
  });

  it.each([
    {
      layer: "filter",
      fault: "PHI security group: egress 443 to the Internet",
      packet: `tcp 443, from SecurityGroup ${store} to 1.0.0.0`,
    },
    {
      layer: "the subnets' filter",
      fault: "PHI network ACL: egress to the Internet",
      packet: "tcp 443, from NetworkAcl bulkhead-phi-private-endpoint-acl to 1.0.0.0",
    },
    {
      layer: "route",
      fault: "PHI routes: a private block by a peering connection",
      packet:
        "tcp 443, from Subnet bulkhead-phi-private-endpoint-a to VPC peering connection pcx-0123 (10.200.0.0)",
    },
    {
      layer: "name resolution",
      fault: "names: no final block",
      packet:
        "udp 53, a query for data-to-take-out.attacker.example, from Vpc bulkhead-network to its resolver, and on to whoever answers for the name",
    },
    {
      layer: "endpoint policy",
      fault: "PHI endpoint: objects of another account's bucket may be written",
      packet: "any call, by VpcEndpoint bulkhead-phi-s3-endpoint, to any account",
    },
    {
      layer: "who may call",
      fault: "PHI endpoint: a workload without a flow passes to the FHIR store",
      packet: "any call, from workload/rag-service to data-store/fhir-store",
    },
    {
      layer: "the store's own settings",
      fault: "PHI key: another account decrypts with it",
      packet: "any record, by the store's own doing, past every filter of the network",
    },
    {
      layer: "private services",
      fault: "endpoint of secrets: no policy",
      packet: "any call, by VpcEndpoint bulkhead-secretsmanager-endpoint, to any account",
    },
  ])("shows a packet, and what opens its way, for the layer of $layer", ({ fault, packet }) => {
    const mutant = mutants.find((candidate) => candidate.fault === fault);
    const dug = whole.copy();
    mutant?.dig(dug);
    const [finding] = judge(dug.resources(), { dryRun: true }).findings.filter(
      ({ level }) => level === "mandatory",
    );
    expect(finding).toMatchObject({ rule: mutant?.rule, packet });
    expect(finding?.path.length).toBeGreaterThan(1);
    expect(finding?.openedBy.length).toBeGreaterThan(0);
    expect(finding?.remedy).not.toBe("");
  });

  it("finds the same whatever the order of the resources", () => {
    const resources = stack.resources();
    const findings = judge(resources, { dryRun: true }).findings;
    expect(judge([...resources].reverse(), { dryRun: true }).findings).toEqual(findings);
    expect(findings.length).toBeGreaterThan(0);
  });

  it("refuses resources of a preview whose checked inputs it was never shown", () => {
    const resources = stack.resources().map((resource) => ({ ...resource, inputs: undefined }));
    expect(judge(resources, { dryRun: true }).findings.map(({ rule }) => rule)).toContain(
      "resources-are-understood",
    );
  });

  it("calls a path that no layer closes critical", () => {
    const resources = stack;
    addAclRule(resources, { egress: true });
    const gateway = addInternetGateway(resources);
    resources.add("aws:ec2/route:Route", "hole-route", {
      routeTableId: resources.id(phiRoutes),
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: gateway,
    });
    const critical = judge(resources.resources(), { dryRun: true }).findings.filter(
      ({ severity }) => severity === "critical",
    );
    expect(critical.map(({ urn }) => urn.split("::").at(-1)).sort()).toEqual(["hole", "hole-route"]);
  });
});
