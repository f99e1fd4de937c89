import { describe, expect, it } from "vitest";

import { inspectionDocument } from "../../model/inspection-document";
import { policyOn } from "../../model/llm-provider";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";

import { withExternalProviders } from "./with-external-providers";

const processing = "spiffe://ai.hospital.example/zone/processing/workload";

describe("what an egress guard is told", () => {
  it("is who may call it, and each external provider with its models, policies and agreement", () => {
    expect(inspectionDocument(platformSpec(withExternalProviders))).toEqual({
      trustDomain: "ai.hospital.example",
      egressGuard: "spiffe://ai.hospital.example/zone/egress/workload/egress-guard",
      callers: {
        "async-ai-workers": `${processing}/async-ai-workers`,
        "rag-service": `${processing}/rag-service`,
      },
      providers: [
        {
          id: "anthropic",
          api: "anthropic",
          fqdns: ["api.anthropic.com"],
          models: [{ name: "claude-sonnet-5", onFinding: "redact" }],
        },
        {
          id: "openai",
          api: "openai",
          fqdns: ["api.openai.com"],
          models: [
            { name: "gpt-5", onFinding: "allow" },
            { name: "text-embedding-3-large", onFinding: "block" },
          ],
          agreement: { signed: "2026-03-01", expires: "until-terminated" },
        },
      ],
      inspection: {
        recordNumbers: [{ id: "medical_record", form: "MRN-9999999", context: [] }],
        mostBodyBytes: 4_194_304,
        deadlineMilliseconds: 1000,
      },
    });
  });

  it("is nothing where a platform has no egress guard", () => {
    expect(() => inspectionDocument(platformSpec(referencePlatform))).toThrow("without an egress guard");
  });
});

describe("what happens to a prompt with PHI on a day", () => {
  const agreement = { signed: "2026-03-01", expires: "2027-03-01", evidence: "x" } as const;

  it.each([
    ["allow", "2026-02-28", "block"],
    ["allow", "2026-03-01", "allow"],
    ["allow", "2027-02-28", "allow"],
    ["allow", "2027-03-01", "block"],
    ["redact", "2027-03-01", "redact"],
    ["block", "2026-03-01", "block"],
  ] as const)("meant as %s is, on %s, %s", (onFinding, day, policy) => {
    expect(policyOn(onFinding, agreement, day)).toBe(policy);
  });

  it("is blocked without an agreement, whatever was meant", () => {
    expect(policyOn("allow", undefined, "2026-03-01")).toBe("block");
  });
});
