import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import { disclaimer, frameworksOf, guarantees, notShownByReport } from "../../../policy-pack/guarantee";
import { complianceMarkdown } from "../../../policy-pack/report/compliance-markdown";
import { judgedParts } from "../../../policy-pack/report/judged-parts";
import { reportSchema, type Report, type ReportedFinding } from "../../../policy-pack/report/report";
import { reportedFinding } from "../../../policy-pack/report/reported-finding";
import { reportedGuarantees } from "../../../policy-pack/report/reported-guarantees";
import { ruleNames } from "../../../policy-pack/rule-name";
import { rules } from "../../../policy-pack/rules";
import type { StackResource } from "../../../policy-pack/stack-resource";

import { InspectedStack } from "../inspected-stack";
import { judge, type Judgement } from "../judge-on-a-day";
import { networkMutants } from "../mutants";
import { renderedPlatform } from "../rendered-stack";
import { serviceMutants } from "../service-mutants";
import type { Sketch } from "../stack-sketch";
import { stranger, withGroup } from "../stranger-corpus";
import { subtleMutants } from "../subtle-mutants";
import { transportMutants } from "../transport-mutants";

const firstGroup = rules.filter(({ level }) => level.group === "first").map(({ name }) => name);
const mutants = [...networkMutants, ...serviceMutants, ...transportMutants, ...subtleMutants].filter(
  ({ rule }) => firstGroup.includes(rule),
);

function findingsOf(judgement: Judgement): ReportedFinding[] {
  return judgement.findings.map((finding) => reportedFinding(finding, undefined));
}

/** A whole report, as a preview would give it. */
function reportOf(resources: readonly StackResource[], findings?: ReportedFinding[]): Report {
  const judgement = judge(resources, { dryRun: true });
  const all = findings ?? findingsOf(judgement);
  return {
    version: 1,
    subject: "preview",
    verdict: all.some(({ level, waiver }) => level === "mandatory" && waiver === null)
      ? "refused"
      : "accepted",
    cloud: "aws",
    project: "bulkhead",
    stack: "test",
    ...judgedParts(resources, judgement),
    findings: all,
    waivers: [],
    guarantees: reportedGuarantees(judgement, all),
    changes: null,
    warnings: [],
    durationMs: 0,
  };
}

function statusOf({ guarantees: all }: Report, id: string): string | undefined {
  return all.find((guarantee) => guarantee.id === id)?.status;
}

describe("the table of guarantees", () => {
  it("has each rule in one guarantee", () => {
    expect(guarantees.flatMap(({ rules: of }) => of).sort()).toEqual([...ruleNames].sort());
  });

  it("numbers them in their order", () => {
    expect(guarantees.map(({ id }) => id)).toEqual(guarantees.map((_one, index) => `G-${String(index + 1)}`));
  });

  it.each(guarantees)(
    "says of $id what is not shown, and serves each of the three frameworks",
    (guarantee) => {
      expect(guarantee.notShown.length).toBeGreaterThan(0);
      const names = new Set(frameworksOf(guarantee).map(({ name }) => name));
      // Disclosures to business associates are a matter of the Privacy Rule.
      expect(names.has("HIPAA Privacy Rule")).toBe(guarantee.id === "G-5");
      names.delete("HIPAA Privacy Rule");
      expect([...names].sort()).toEqual(["HIPAA Security Rule", "NIST SP 800-207", "NIST SP 800-53"]);
    },
  );
});

describe("the guarantees of the reference platform", () => {
  let whole: Sketch;
  let report: Report;
  beforeAll(async () => {
    whole = await renderedPlatform(referencePlatform, "preview");
    report = reportOf(whole.resources());
  });

  it("are held, each with a proof of the stack, but for waivers, of which it has none", () => {
    expect(report.guarantees.map(({ id, status }) => [id, status])).toEqual(
      guarantees.map(({ id }) => [id, id === "G-12" ? "not-applicable" : "held"]),
    );
    const urns = new Set(whole.resources().map(({ urn }) => urn));
    for (const { id, proofs } of report.guarantees.filter(({ status }) => status === "held")) {
      expect([id, proofs.length > 0]).toEqual([id, true]);
      expect(proofs.flatMap(({ evidence }) => evidence).filter(({ urn }) => !urns.has(urn))).toEqual([]);
    }
  });

  it("fit the report's schema", () => {
    expect(() => reportSchema.parse(report)).not.toThrow();
  });

  it("name advice that leaves nothing open, and stay held", () => {
    const { findings, guarantees: all } = report;
    const advice = findings.filter(({ rule }) => rule === "flows-require-mtls");
    expect(advice.map(({ level }) => level)).toEqual(["advisory"]);
    const of = all.find(({ id }) => id === "G-6");
    expect(of?.status).toBe("held");
    expect(of?.notShown[0]).toBe(`Advised, and so not kept in this part: ${advice[0]?.summary ?? ""}`);
  });

  it.each(mutants)("are not all held with $fault: that of $rule is broken", ({ rule, dig }) => {
    const stack = whole.copy();
    dig(stack);
    const mutant = reportOf(stack.resources());
    const of = mutant.guarantees.find(({ rules: own }) => own.includes(rule));
    expect(of?.status).toBe("broken");
    const mandatory = mutant.findings.filter((one) => one.rule === rule && one.level === "mandatory");
    expect(mandatory.length).toBeGreaterThan(0);
    expect(mandatory.filter(({ fingerprint }) => of?.findings.includes(fingerprint) !== true)).toEqual([]);
  });

  it("name what is waived, and do not count it as broken", () => {
    const stack = whole.copy();
    stack.change("bulkhead-network-flows-records", (inputs) => ({ ...inputs, retentionInDays: 30 }));
    const judgement = judge(stack.resources(), { dryRun: true });
    const findings = findingsOf(judgement);
    expect(statusOf(reportOf(stack.resources()), "G-9")).toBe("broken");
    const waived = findings.map((finding) =>
      finding.rule === "traffic-is-audited" ? { ...finding, waiver: 0 } : finding,
    );
    const of = reportedGuarantees(judgement, waived).find(({ id }) => id === "G-9");
    expect(of?.status).toBe("held");
    expect(of?.notShown[0]).toMatch(
      /^Waived, and so not kept in this part, which somebody has accepted: LogGroup bulkhead-network-flows-records/,
    );
    expect(of?.findings).toHaveLength(1);
  });

  it("are broken where the judge fails, or where nothing shows a rule", () => {
    const failed = reportedGuarantees(
      { proofs: [{ kind: "failed", rule: "traffic-is-audited", why: "a fault" }] },
      [],
    ).find(({ id }) => id === "G-9");
    expect([failed?.status, failed?.notShown[0]]).toEqual([
      "broken",
      "The judge failed while it looked for what shows traffic-is-audited: a fault",
    ]);
    const unshown = reportedGuarantees(
      { proofs: [{ kind: "proofs", rule: "traffic-is-audited", proofs: [] }] },
      [],
    ).find(({ id }) => id === "G-9");
    expect([unshown?.status, unshown?.notShown[0]]).toEqual([
      "broken",
      "Nothing in this stack shows that traffic-is-audited is kept, so that the guarantee counts as broken.",
    ]);
  });

  it("are broken where they rest on two rules, and one of them is not shown", () => {
    const shown = { statement: "s", evidence: [{ urn: "u", label: "l" }] };
    const [of] = reportedGuarantees(
      {
        proofs: [
          { kind: "proofs", rule: "resources-are-understood", proofs: [shown] },
          { kind: "proofs", rule: "zone-assignment", proofs: [] },
        ],
      },
      [],
    ).filter(({ id }) => id === "G-11");
    expect(of?.status).toBe("broken");
  });
});

describe("the guarantees of a stranger's stack", () => {
  it("are not held where the rule is advice and is not kept", () => {
    const report = reportOf(
      withGroup(stranger("preview"), {
        egress: [],
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, self: true }],
      }).resources(),
    );
    expect(report.verdict).toBe("accepted");
    expect(Object.fromEntries(report.guarantees.map(({ id, status }) => [id, status]))).toEqual({
      "G-1": "held",
      "G-2": "broken",
      "G-3": "held",
      "G-4": "not-applicable",
      "G-5": "not-applicable",
      "G-6": "not-applicable",
      "G-7": "not-applicable",
      "G-8": "not-applicable",
      "G-9": "broken",
      "G-10": "broken",
      "G-11": "held",
      "G-12": "not-applicable",
      "G-13": "not-applicable",
    });
  });

  it("are not held where a part is in order, and advice says what is not", () => {
    const stack = stranger("preview");
    stack.add("aws:ec2/flowLog:FlowLog", "flows", { vpcId: stack.id("vpc"), trafficType: "ALL" });
    const report = reportOf(stack.resources());
    const of = report.guarantees.find(({ id }) => id === "G-9");
    expect(report.verdict).toBe("accepted");
    expect(of?.proofs.map(({ evidence }) => evidence.map(({ label }) => label))).toEqual([
      ["FlowLog flows of Vpc vpc"],
    ]);
    expect(of?.findings).toHaveLength(1);
    expect(of?.status).toBe("broken");
  });

  it("are not held where nothing of the stack shows them", () => {
    const report = reportOf(stranger("preview").resources());
    const of = report.guarantees.find(({ id }) => id === "G-3");
    expect([of?.status, of?.findings, of?.notShown[0]]).toEqual([
      "broken",
      [],
      "Nothing in this stack shows that phi-zone-admits-only-processing is kept, so that the guarantee counts as broken.",
    ]);
  });

  it("are no matter of a stack without a PHI zone", () => {
    const report = reportOf(new InspectedStack("preview").resources());
    expect(["G-1", "G-2", "G-3"].map((id) => statusOf(report, id))).toEqual([
      "not-applicable",
      "not-applicable",
      "not-applicable",
    ]);
  });
});

describe("the compliance view", () => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedPlatform(referencePlatform, "preview");
  });

  it("says at its beginning and at its end what it is not", () => {
    const parts = complianceMarkdown(reportOf(whole.resources())).trim().split("\n\n");
    expect(parts[1]).toBe(`> ${disclaimer}`);
    expect(parts.at(-1)).toBe(`> ${disclaimer}`);
    expect(disclaimer).toContain("no certification");
    expect(disclaimer).toContain("no legal advice");
  });

  it("has a table for each framework, and each paragraph that a rule serves in one of them", () => {
    const text = complianceMarkdown(reportOf(whole.resources()));
    expect(text.match(/^### .*$/gm)?.filter((line) => !line.startsWith("### G-"))).toEqual([
      "### HIPAA Security Rule \\(2013\\)",
      "### NIST SP 800-53 \\(Rev. 5\\)",
      "### NIST SP 800-207 \\(2020\\)",
      "### HIPAA Privacy Rule \\(2013\\)",
    ]);
    const references = new Set(
      rules.flatMap(({ frameworks }) => frameworks.map(({ reference }) => reference)),
    );
    for (const reference of references) {
      expect(text).toContain(`| ${reference.replaceAll(/[()]/g, "\\$&")} | `);
    }
    expect(text).toContain(
      "| 45 CFR 164.312\\(b\\) | Audit controls | G-9 Who did what is recorded, and records are kept (held) | held |",
    );
  });

  it("shows what breaks a guarantee, and what is closed all the same", () => {
    const stack = whole.copy();
    stack.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "hole", {
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
      securityGroupId: stack.id("bulkhead-fhir-store-filter"),
    });
    const text = complianceMarkdown(reportOf(stack.resources()));
    const [, section = ""] = text.split("### G-1: ");
    const [first = ""] = section.split("### G-2: ");
    expect(first).toContain("**Status: broken.**");
    expect(first).toContain(
      "- BH-101 (mandatory): SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection. (<code>aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::hole</code>)",
    );
    expect(first).toContain("Evidence of the parts that are closed all the same:");
    expect(first).toContain("SecurityGroup bulkhead-document-store-filter (<code>");
    expect(first.split("Evidence of the parts")[1]).not.toContain("bulkhead-fhir-store-filter");
    expect(text).toContain("| 45 CFR 164.312\\(e\\)\\(1\\) | Transmission security |");
  });

  it("ends with what no guarantee speaks of", () => {
    const [, end = ""] = complianceMarkdown(reportOf(whole.resources())).split("## Not shown by this report");
    expect(end.match(/^- /gm)).toHaveLength(notShownByReport.length);
    expect(end).toContain("45 CFR 164.312(a)(2)(iv), Encryption and decryption");
  });

  it("is the same whatever the order of the resources", () => {
    const resources = whole.resources();
    expect(complianceMarkdown(reportOf([...resources].reverse()))).toBe(
      complianceMarkdown(reportOf(resources)),
    );
  });

  it("lets no text of the stack be markup", () => {
    const evil =
      "<img src=x onerror=alert(1)> | `a` [x](https://evil.example) ![i](//e) www.evil.example @team *b* _c_ ~d~ # e\u202e\n\n## heading\n1. one &lt;";
    const report = reportOf(whole.resources());
    const [first] = report.guarantees;
    const [one] = report.findings;
    if (first === undefined || one === undefined) {
      throw new Error("the report has no guarantee or no finding");
    }
    const text = complianceMarkdown({
      ...report,
      project: evil,
      stack: evil,
      findings: [{ ...one, fingerprint: "evil", summary: evil, urn: evil }],
      guarantees: [
        {
          ...first,
          findings: ["evil"],
          notShown: [evil],
          proofs: [{ rule: evil, statement: evil, evidence: [{ urn: evil, label: evil }] }],
        },
      ],
    });
    expect(text).not.toMatch(/<img|(?<!\\)`a|https:\/\/|www\.|@team|(?<!\\)\[x|(?<!\\)\*b|(?<!\\)_c_|\u202e/);
    expect(text).not.toMatch(/^## heading/m);
    expect(text.match(/&lt;img/g)?.length).toBe(9);
  });
});
