import { referencePlatform } from "../../../model/reference-platform";
import { engineReport } from "../../../policy-pack/report/engine-report";
import type { Report, ReportedFinding, ReportedWaiver } from "../../../policy-pack/report/report";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { judge } from "../judge-on-a-day";
import { addEgress } from "../mutants";
import { renderedPlatform } from "../rendered-stack";
import { stranger } from "../stranger-corpus";

/** The report of the pack on a stack. */
export function reportOn(resources: readonly StackResource[]): Report {
  return engineReport(resources, judge(resources, { dryRun: true }), 1234);
}

/** Reports on the reference platform, each made once. */
const onPlatform: Record<string, Promise<Report>> = {};

function once(name: string, make: () => Promise<Report>): Promise<Report> {
  return (onPlatform[name] ??= make());
}

export function accepted(): Promise<Report> {
  return once("accepted", async () =>
    reportOn((await renderedPlatform(referencePlatform, "preview")).resources()),
  );
}

/** The resource that digs the hole of {@link refused}. */
export const hole =
  "urn:pulumi:test::bulkhead::aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule::hole";

/** The reference platform with one hole, whose lines are known as a preview knows them. */
export function refused(): Promise<Report> {
  return once("refused", platformWithHole);
}

async function platformWithHole(): Promise<Report> {
  const stack = await renderedPlatform(referencePlatform, "preview");
  addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
  const report = reportOn(stack.resources());
  return {
    ...report,
    resources: report.resources.map((resource) =>
      resource.urn === hole
        ? { ...resource, position: { file: "network/holes.ts", line: 12, column: 3 } }
        : resource,
    ),
    findings: report.findings.map((finding) =>
      finding.level === "mandatory"
        ? { ...finding, position: { file: "index.ts", line: 7, column: 1 } }
        : finding,
    ),
  };
}

/** A stranger's stack with 200 groups that are open to the Internet. */
export function crowded(): Report {
  const stack = stranger("preview");
  for (let index = 0; index < 200; index += 1) {
    stack.add("aws:ec2/securityGroup:SecurityGroup", `phi-group-${String(index)}`, {
      vpcId: stack.id("vpc"),
      tags: { "bulkhead-zone": "phi" },
      egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
    });
  }
  return reportOn(stack.resources());
}

/** What another pack says, which tells nothing but a message. */
export const foreignFinding: ReportedFinding = {
  fingerprint: "0123456789abcdef",
  id: "no-public-buckets",
  rule: "no-public-buckets",
  title: "no-public-buckets",
  level: "mandatory",
  severity: "unspecified",
  verdict: null,
  urn: "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::cats",
  summary: "A bucket is public.",
  packet: null,
  path: [],
  passes: ["urn:pulumi:dev::shop::aws:s3/bucket:Bucket::cats"],
  openedBy: [],
  notes: [],
  remedy: null,
  frameworks: [],
  url: null,
  position: null,
  waiver: null,
};

export async function foreign(): Promise<Report> {
  const report = await accepted();
  return {
    ...report,
    verdict: "refused",
    findings: [foreignFinding, { ...foreignFinding, rule: "be-nice", id: "be-nice", level: "advisory" }],
    policies: ["no-public-buckets", "be-nice", "no-public-groups"],
  };
}

export const waiver: ReportedWaiver = {
  rule: "flows-require-mtls",
  resource: "urn:pulumi:*::*::*::old-*",
  reason: "The old machine is replaced in spring.",
  owner: "ward-team@hospital.example",
  expires: "2027-01-31",
  status: "used",
  problem: null,
};

/** A refused stack whose one violation is waived, so that it is accepted. */
export async function waived(): Promise<Report> {
  const report = await refused();
  return {
    ...report,
    verdict: "accepted",
    waivers: [waiver, { ...waiver, resource: "*", status: "too-broad", problem: "It is like everything." }],
    findings: report.findings.map((finding) =>
      finding.level === "mandatory" ? { ...finding, waiver: 0 } : finding,
    ),
  };
}

/** A refused stack beside an accepted one. */
export async function changed(): Promise<Report> {
  const report = await refused();
  const [connection] = report.matrix;
  if (connection === undefined) {
    throw new Error("no connection");
  }
  return {
    ...report,
    waivers: [waiver],
    changes: {
      base: { file: "base.json", stack: "test", verdict: "accepted" },
      notCompared: [],
      opened: [{ ...connection, to: "world", toZone: "world" }],
      closed: [connection],
      zonesOpened: [{ fromZone: "phi", toZone: "world", protocol: "tcp", port: "443" }],
      zonesClosed: [],
      newFindings: report.findings
        .filter(({ level }) => level === "mandatory")
        .map(({ fingerprint }) => fingerprint),
      goneFindings: [{ ...foreignFinding, summary: "An old sin." }],
      newWaivers: [waiver],
      goneWaivers: [{ ...waiver, owner: "somebody who left" }],
    },
  };
}

/** A name that would break out of every format: markup, mentions, control characters, half characters. */
export const hostileText = [
  "</code></td></details><script>alert(1)</script><img src=x onerror=alert(1)>",
  "]]> --> <!-- ``` `` ` ~~~ @octocat owner/repository#1 #2 https://evil.example www.evil.example",
  "[a](javascript:alert(1)) ![b](http://evil.example/b.png) [c]: http://evil.example <http://evil.example>",
  "| a | b | \\| {0} {{1}} $x^2$ **bold** _it_ :tada: \u{1F3E5} &lt; &#64;octocat",
  "# heading\n- list\n\n    code\n1. one\n=== \u0000\u0007\u001B[31m\u0085\u202E\uD800\uFFFE\u{1FFFF} end",
].join("\n");

function hostileIn<T>(value: T): T {
  if (typeof value === "string") {
    return `${value}${hostileText}` as T;
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown) => hostileIn(item)) as T;
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]): readonly [string, unknown] => [
        key,
        [
          ...["fingerprint", "level", "severity", "verdict", "status", "fromZone", "toZone", "zone"],
          ...["newFindings", "version", "subject", "place", "may", "kind", "onFinding", "today"],
        ].includes(key)
          ? item
          : hostileIn(item as unknown),
      ]),
    ) as T;
  }
  return value;
}

/** A report with everything in it, in which every text that a stack or a pack can choose is {@link hostileText}. */
export async function hostile(): Promise<Report> {
  const { changes, findings, ...report } = await changed();
  return hostileIn({
    ...report,
    changes,
    resources: report.resources.filter(({ urn }) => urn === hole),
    matrix: report.matrix.slice(0, 1),
    findings: [...findings, { ...(findings[0] ?? foreignFinding), waiver: 0 }, foreignFinding],
    warnings: ["warning"],
  });
}

/** Every sample, by what it shows. */
export const samples: readonly (readonly [string, () => Report | Promise<Report>])[] = [
  ["an accepted stack", accepted],
  ["a refused stack", refused],
  ["200 findings", crowded],
  ["findings of another pack", foreign],
  ["waived findings", waived],
  ["changes", changed],
  ["hostile names", hostile],
];
