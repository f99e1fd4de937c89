import { beforeAll, describe, expect, it } from "vitest";

import { accessDocument } from "../../model/access-document";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { identityOf } from "./envoy/shown-envoys";
import { accessText, clouds, envoyText, type Change, type ToldText } from "./envoy/told-texts";
import { judge, type Judgement } from "./judge-on-a-day";
import type { Sketch } from "./stack-sketch";

const rule = "requests-are-decided";

/** A change of what is told to the first task or machine of a workload, or to each of them. */
interface Break {
  readonly name: string;
  readonly workload: string;
  readonly text: ToldText;
  readonly change: Change;
  readonly what: RegExp;
  readonly verdict: "open" | "undetermined";
}

function replaced(from: string, to: string): Change {
  return (text) => {
    if (!text.includes(from)) {
      throw new Error(`the text has no ${from}`);
    }
    return text.replace(from, to);
  };
}

const envoy = (
  name: string,
  workload: string,
  change: Change,
  what: RegExp,
  verdict: Break["verdict"] = "open",
): Break => ({ name, workload, text: envoyText, change, what, verdict });

const access = (
  name: string,
  change: Change,
  what: RegExp,
  verdict: Break["verdict"] = "open",
  workload = "decision-point",
): Break => ({ name, workload, text: accessText, change, what, verdict });

const breaks: readonly Break[] = [
  ...["ai-gateway", "fhir-proxy"].flatMap((workload) => [
    envoy(
      `the Envoy of ${workload} lets pass what it could not ask about`,
      workload,
      replaced('"failure_mode_allow":false', '"failure_mode_allow":true'),
      /lets requests through where whom it asks about them does not answer/,
    ),
    envoy(
      `the Envoy of ${workload} asks somebody else`,
      workload,
      replaced('"cluster_name":"decision-point","retry_policy"', '"cluster_name":"program","retry_policy"'),
      /is on its own machine, and not the decision point/,
    ),
    envoy(
      `the Envoy of ${workload} takes somebody else for the decision point`,
      workload,
      (text) => text.replaceAll(identityOf("decision-point"), identityOf("embedding-service")),
      /workload\/embedding-service, and not the decision point/,
    ),
    envoy(
      `the Envoy of ${workload} asks about half of the requests`,
      workload,
      replaced('"failure_mode_allow":false', '"filter_enabled":{"default_value":{"numerator":50}}'),
      /asks about some requests only/,
    ),
    envoy(
      `the Envoy of ${workload} does not ask`,
      workload,
      replaced("filters.http.ext_authz.v3.ExtAuthz", "filters.http.health_check.v3.HealthCheck"),
      /asks nobody about requests before they go on/,
    ),
    envoy(
      `the Envoy of ${workload} is told more by somebody else`,
      workload,
      replaced('{"node"', '{"dynamic_resources":{"lds_config":{"ads":{}}},"node"'),
      /nothing shows that its Envoy asks about every request/,
      "undetermined",
    ),
  ]),
  envoy(
    "the entrance tells the decision point an address of the hospital's",
    "ai-gateway",
    replaced(
      '"x-bulkhead-source-address","value":"%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"',
      '"x-bulkhead-source-address","value":"192.0.2.1"',
    ),
    /something in x-bulkhead-source-address that it does not know itself/,
  ),
  access(
    "decision points take workloads of another trust domain for their own",
    (text) => text.replaceAll("spiffe://ai.hospital.example/", "spiffe://elsewhere.example/"),
    /says another identity of the decision points than its platform declares/,
  ),
  access(
    "decision points take what a clinician sends for what was granted",
    replaced('"entrances":["ai-gateway"]', '"entrances":[]'),
    /says other entrances than the load balancer calls/,
  ),
  access(
    "policies permit more than the roles",
    replaced('"policies":{', '"policies":{"everybody":"permit (principal, action, resource);",'),
    /says other policies than those that its own access policy comes to/,
  ),
  access(
    "roles have more than the policies",
    replaced('"id":"nurse","resources":[', '"id":"nurse","resources":["phi_discharge_summary",'),
    /says other policies than those that its own access policy comes to/,
  ),
  access(
    "PHI is used from anywhere",
    replaced('"phiLocations":[', '"phiLocations":["external",'),
    /says that PHI may be used from external networks/,
  ),
  access(
    "the schema of policies is another",
    replaced("entity Tool;", "entity Tool; entity Another;"),
    /says another schema of policies than the model has/,
  ),
  access("the access document is none", () => "{}", /access document cannot be read/, "undetermined"),
  access("the access document is no JSON", () => "{", /access document cannot be read/, "undetermined"),
  access(
    "the gateway of tools is told another",
    replaced('"sessionMinutes":60', '"sessionMinutes":600'),
    /is another than those of others of its platform/,
    "open",
    "agent-tools",
  ),
];

describe.each(Object.entries(clouds))("decisions of a platform on %s", (_, { render, type, changed }) => {
  let platform: Sketch;
  beforeAll(async () => {
    platform = await render(referencePlatform, "preview");
  });

  const judged = (stack: Sketch): Judgement => judge(stack.resources(), { dryRun: true });
  const carriersOf = (workload: string): readonly string[] =>
    platform
      .resources()
      .filter((one) => type.test(one.type) && one.name.includes(workload))
      .map(({ name }) => name);
  const broken = ({ workload, text, change }: Pick<Break, "workload" | "text" | "change">): Sketch => {
    const stack = platform.copy();
    for (const name of carriersOf(workload)) {
      stack.change(name, (inputs) => changed(inputs, text, change));
    }
    return stack;
  };
  const found = (stack: Sketch): readonly string[] =>
    judged(stack)
      .findings.filter((finding) => finding.rule === rule)
      .map(({ level, verdict, summary }) => `${level} ${verdict} ${summary}`);

  it("are taken before each request, and the report says by whom", () => {
    const { proofs } = judged(platform);
    const mine = proofs.find((one) => one.rule === rule);
    const statements = mine?.kind === "proofs" ? mine.proofs.map(({ statement }) => statement) : [];
    const asked = `its Envoy asks ${identityOf("decision-point")} about each before it goes on, and lets none through about which it gets no answer.`;
    expect(found(platform)).toEqual([]);
    expect(statements).toEqual([
      "Decisions of platform bulkhead: its decision points are all told the same, which is 4 roles, 7 routes and 2 agents, of the workloads that it declares.",
      `Requests of zone gateway: ${asked}`,
      `Requests of zone processing: ${asked}`,
    ]);
  });

  it.each(breaks)("are refused where $name", (one) => {
    expect(carriersOf(one.workload).length).toBeGreaterThan(0);
    const findings = found(broken(one));
    expect(findings.join("\n")).toMatch(one.what);
    expect(findings.filter((text) => one.what.test(text)).map((text) => text.split(" ").slice(0, 2))).toEqual(
      findings.filter((text) => one.what.test(text)).map(() => ["mandatory", one.verdict]),
    );
  });

  it("are refused where nothing runs before the gateway", () => {
    const stack = platform.copy();
    carriersOf("ai-gateway").forEach((name) => {
      stack.remove(name);
    });
    expect(found(stack).join("\n")).toMatch(/ai-gateway/);
  });

  it("are listed: every role with every resource, and the tools of agents", () => {
    const [listed, ...others] = judged(platform).access;
    expect(others).toEqual([]);
    expect(listed?.notKnown).toBeUndefined();
    expect(listed?.sessionMinutes).toBe(60);
    const inside = "corporate_network vpn";
    const anywhere = "corporate_network vpn external";
    expect(
      listed?.uses.map(({ role, resource, allowed, locations, secondFactor }) =>
        [role, resource, allowed ? locations.join(" ") : "no", secondFactor ? "mfa" : ""].join("|"),
      ),
    ).toEqual([
      `administrative|knowledge_base_query|${anywhere}|`,
      "administrative|phi_clinical_rag|no|",
      "administrative|phi_discharge_summary|no|",
      "administrative|phi_medication_review|no|",
      `attending_physician|knowledge_base_query|${anywhere}|`,
      `attending_physician|phi_clinical_rag|${inside}|`,
      `attending_physician|phi_discharge_summary|${inside}|mfa`,
      `attending_physician|phi_medication_review|${inside}|`,
      `nurse|knowledge_base_query|${anywhere}|`,
      `nurse|phi_clinical_rag|${inside}|`,
      "nurse|phi_discharge_summary|no|",
      "nurse|phi_medication_review|no|",
      `pharmacist|knowledge_base_query|${anywhere}|`,
      "pharmacist|phi_clinical_rag|no|",
      "pharmacist|phi_discharge_summary|no|",
      `pharmacist|phi_medication_review|${inside}|`,
    ]);
    expect(
      listed?.calls.map(({ agent, tool, access: may, mostRows, patientInContext }) =>
        [agent, tool, may, mostRows, patientInContext].join(" "),
      ),
    ).toEqual([
      "discharge_summary_agent fhir_search read 200 true",
      "discharge_summary_agent document_search read 50 true",
      "discharge_summary_agent draft_summary write  true",
      "medication_review_agent fhir_search read 100 true",
    ]);
  });

  it("are not listed where it is not known what is told, or where several things are", () => {
    const unread = judged(broken({ workload: "decision-point", text: accessText, change: () => "{" }));
    expect(unread.access.map(({ uses, notKnown }) => [uses, notKnown !== undefined])).toEqual([[[], true]]);
    const several = judged(
      broken({
        workload: "agent-tools",
        text: accessText,
        change: replaced('"sessionMinutes":60', '"sessionMinutes":600'),
      }),
    );
    expect(several.access.map(({ uses, notKnown }) => [uses, notKnown])).toEqual([
      [[], "its decision points are told several things."],
    ]);
  });

  it("are listed with the names of policies of one's own", async () => {
    const own = { id: "night_shift", cedar: "forbid (principal, action, resource);" };
    const file = { ...referencePlatform, access: { ...referencePlatform.access, policies: [own] } };
    expect(accessDocument(platformSpec(file)).access.policies).toEqual([own]);
    const [listed] = judged(await render(file, "preview")).access;
    expect(listed?.ownPolicies).toEqual(["night_shift"]);
  });
});
