import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { Ajv2020 } from "ajv/dist/2020";
import { describe, expect, it } from "vitest";

import { jsonReport, savedReport } from "../../../policy-pack/report/json-report";

import { accepted, hostile, samples } from "./sample-reports";

const schema = JSON.parse(
  readFileSync(resolve(__dirname, "../../../docs/report.schema.json"), "utf8"),
) as Record<string, unknown>;

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const validate = ajv.compile(schema);

describe("the report as JSON", () => {
  it.each(samples)("is valid by its own schema and read back as it was: %s", async (_, sample) => {
    const report = await sample();
    const text = jsonReport(report);
    validate(JSON.parse(text));
    expect(validate.errors).toBeNull();
    expect(savedReport(text)).toEqual(report);
  });

  it("is valid by a schema that refuses what is no report", async () => {
    expect(validate({ ...(await accepted()), verdict: "unsure" })).toBe(false);
    expect(validate({ ...(await accepted()), more: 1 })).toBe(false);
  });

  it("is not read where it is no report, with everything that is wrong", async () => {
    const report = await hostile();
    const wrong = JSON.stringify({ ...report, verdict: "unsure", durationMs: -1, version: 2 });
    expect(() => savedReport(wrong)).toThrow(/version: .*\n.*verdict: .*\n.*durationMs: /);
    expect(() => savedReport("{")).toThrow(/^This is no report: /);
    expect(() => savedReport("[]")).toThrow("expected object");
  });
});
