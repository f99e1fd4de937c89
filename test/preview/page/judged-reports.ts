import { referencePlatform } from "../../../model/reference-platform";
import { judgedParts } from "../../../policy-pack/report/judged-parts";
import type { Report, ReportedFinding } from "../../../policy-pack/report/report";
import { reportedFinding } from "../../../policy-pack/report/reported-finding";
import { judge } from "../../policy-pack/judge-on-a-day";
import { renderedPlatform } from "../../policy-pack/rendered-stack";
import type { Sketch } from "../../policy-pack/stack-sketch";
import { stranger } from "../../policy-pack/stranger-corpus";

/** What the judge says of a stack, as a report. */
export function reportOn(sketch: Sketch): Report {
  const resources = sketch.resources();
  const judgement = judge(resources, { dryRun: true });
  const findings = judgement.findings.map((finding) =>
    reportedFinding(finding, { file: "index.ts", line: 11, column: 1 }),
  );
  return {
    version: 1,
    subject: "preview",
    verdict: findings.some(({ level }) => level === "mandatory") ? "refused" : "accepted",
    cloud: "aws",
    project: "bulkhead",
    stack: "test",
    ...judgedParts(resources, judgement),
    findings: [...findings].sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory")),
    waivers: [],
    guarantees: [],
    changes: null,
    warnings: [],
    durationMs: 1234,
  };
}

/** The reference platform. */
export async function platformReport(): Promise<Report> {
  return reportOn(await renderedPlatform(referencePlatform, "preview"));
}

/** The reference platform with a rule by which the FHIR store's endpoint may open connections to the Internet. */
export async function holeReport(): Promise<Report> {
  const sketch = await renderedPlatform(referencePlatform, "preview");
  sketch.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "hole", {
    securityGroupId: sketch.id("bulkhead-fhir-store-filter"),
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrIpv4: "0.0.0.0/0",
  });
  return reportOn(sketch);
}

/** A stack of somebody who knows nothing of our components, with a way in and a way out of its PHI zone. */
export function strangerReport(name = "phi-group"): Report {
  const sketch = stranger("preview");
  const https = { protocol: "tcp", fromPort: 443, toPort: 443 };
  const app = sketch.add("aws:ec2/securityGroup:SecurityGroup", "app-group", {
    vpcId: sketch.id("vpc"),
    tags: { "bulkhead-zone": "processing" },
    egress: [{ ...https, cidrBlocks: ["10.0.1.0/24"] }],
  });
  sketch.add("aws:ec2/securityGroup:SecurityGroup", name, {
    vpcId: sketch.id("vpc"),
    tags: { "bulkhead-zone": "phi" },
    ingress: [{ ...https, securityGroups: [app] }],
    egress: [{ ...https, cidrBlocks: ["0.0.0.0/0"] }],
  });
  return reportOn(sketch);
}

/** A report with as many findings as are asked for, in place of its own. */
export function withFindings(report: Report, count: number): Report {
  const [first] = report.findings;
  if (first === undefined) {
    throw new Error("a report without a finding");
  }
  const findings = Array.from({ length: count }, (_, index): ReportedFinding => {
    const end = report.ends[index % report.ends.length];
    const urn = end?.urns[0] ?? first.urn;
    return {
      ...first,
      fingerprint: `f${String(index)}`,
      level: index % 4 === 3 ? "advisory" : "mandatory",
      urn,
      passes: [urn, "world"],
      summary: `${end?.name ?? ""} may open connection ${String(index)}.`,
    };
  });
  return { ...report, verdict: "refused", findings };
}
