import { describe, expect, it } from "vitest";

import { guardrailSettings } from "../../components/aws/guardrail-settings";
import { findingPolicies, type FindingPolicy } from "../../model/llm-provider";

type Item = Readonly<Record<string, unknown>>;

const recordNumbers = [{ id: "medical_record", form: "MRN-9999999", context: [] }];

function phiItems(onFinding: FindingPolicy): readonly Item[] {
  const settings = guardrailSettings({ onFinding }, { recordNumbers });
  const { piiEntitiesConfigs, regexesConfigs } = settings.sensitiveInformationPolicyConfig as unknown as {
    readonly piiEntitiesConfigs: readonly Item[];
    readonly regexesConfigs: readonly Item[];
  };
  return [...piiEntitiesConfigs, ...regexesConfigs];
}

describe("the settings of a guardrail of Bedrock", () => {
  it.each([
    ["block", "BLOCK"],
    ["redact", "ANONYMIZE"],
    ["allow", "NONE"],
  ] as const)(
    "do with PHI, in what is asked and answered, what the policy says: %s is %s",
    (policy, action) => {
      const items = phiItems(policy);
      expect(items.map(({ type, name }) => type ?? name)).toEqual(
        expect.arrayContaining(["NAME", "US_SOCIAL_SECURITY_NUMBER", "record-number-medical_record"]),
      );
      const done = items.map(
        ({ type: _type, name: _name, pattern: _pattern, description: _said, ...what }) => what,
      );
      expect(done).toEqual(
        items.map(() => ({
          action,
          inputAction: action,
          inputEnabled: true,
          outputAction: action,
          outputEnabled: true,
        })),
      );
    },
  );

  it.each(findingPolicies)(
    "block harm and attacks in any case, and leave the region in none: %s",
    (onFinding) => {
      const { contentPolicyConfig } = guardrailSettings({ onFinding }, { recordNumbers });
      const harm = {
        inputStrength: "MEDIUM",
        inputAction: "BLOCK",
        inputEnabled: true,
        outputStrength: "MEDIUM",
        outputAction: "BLOCK",
        outputEnabled: true,
      };
      expect(contentPolicyConfig).toEqual({
        tierConfigs: [{ tierName: "CLASSIC" }],
        filtersConfigs: [
          { type: "HATE", ...harm },
          { type: "INSULTS", ...harm },
          { type: "MISCONDUCT", ...harm },
          { type: "SEXUAL", ...harm },
          { type: "VIOLENCE", ...harm },
          {
            type: "PROMPT_ATTACK",
            inputStrength: "HIGH",
            inputAction: "BLOCK",
            inputEnabled: true,
            outputStrength: "NONE",
          },
        ],
      });
    },
  );

  it("know numbers by the words before them, and the hospital's own by their form", () => {
    const patterns = Object.fromEntries(
      phiItems("block").flatMap(({ name, pattern }) =>
        typeof pattern === "string" ? [[String(name), new RegExp(pattern)]] : [],
      ),
    );
    const fits = (text: string): readonly string[] =>
      Object.entries(patterns).flatMap(([name, pattern]) => (pattern.test(text) ? [name] : []));
    expect(fits("MRN: 12345678")).toEqual(["medical-record-number"]);
    expect(fits("medical record number 4711-00")).toEqual([]);
    expect(fits("the medical record shows 12345 steps")).toEqual([]);
    expect(fits("Medical Record Number #H-0012345")).toEqual(["medical-record-number"]);
    expect(fits("NPI 1234567893")).toEqual(["national-provider-identifier"]);
    expect(fits("see MRN-1234567")).toEqual(["medical-record-number", "record-number-medical_record"]);
  });

  it("take no more forms of record numbers than AWS does", () => {
    const forms = (count: number): typeof recordNumbers =>
      Array.from({ length: count }, (_, index) => ({
        id: `form_${String(index)}`,
        form: "9999",
        context: [],
      }));
    expect(() => guardrailSettings({ onFinding: "block" }, { recordNumbers: forms(28) })).not.toThrow();
    expect(() => guardrailSettings({ onFinding: "block" }, { recordNumbers: forms(29) })).toThrow(
      "A guardrail of Bedrock takes 30 expressions, and the platform has 29 forms of record numbers: name 28 at most in inspection.recordNumbers.",
    );
  });
});
