import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checklistItems } from "../../../docs/checklist-items";
import type { Finding } from "../../../policy-pack/finding";
import { judge } from "../../../policy-pack/judge";
import { alwaysPresentOutputs } from "../../../preview/always-present-outputs";
import { findingKey } from "../finding-key";
import { unknownText, type Knowledge } from "../stack-sketch";

import { awsCorpus } from "./aws-corpus";
import { base, type CorpusCase } from "./corpus-case";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const root = join(__dirname, "../../..");

const rows = [
  ...Array.from({ length: 41 }, (_, index) => `AE-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 16 }, (_, index) => `AM-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 7 }, (_, index) => `must-${String(index + 1)}`),
  "inspection",
];

describe("the corpus", () => {
  it("has a case for each row of the checklists, and for no other", () => {
    expect([...new Set(awsCorpus.map(({ id }) => id))].sort()).toEqual([...rows].sort());
  });

  it("names each case once", () => {
    const names = awsCorpus.map(({ id, name }) => `${id} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe("the page of the checklist", () => {
  it.each(checklistItems)("names for $id the rules that find its cases", ({ id, rules }) => {
    const found = awsCorpus
      .filter((one) => one.id === id)
      .flatMap(({ expected, bad, good }) => {
        const findings = (change: CorpusCase["bad"]): readonly Finding[] => {
          const stack = base("deployed");
          change(stack);
          return judge(stack.resources(), { dryRun: false }).findings;
        };
        const twin = new Set(findings(good).map(findingKey));
        return findings(bad)
          .filter(({ level }) => level === (expected === "refused" ? "mandatory" : "advisory"))
          .filter((finding) => !twin.has(findingKey(finding)))
          .map(({ rule }) => rule);
      });
    expect([...new Set(found)].sort()).toEqual([...rules].sort());
  });

  it("has every row", () => {
    expect(checklistItems.map(({ id }) => id).sort()).toEqual([...rows].sort());
  });
});

describe("a good twin in a preview", () => {
  it.each(awsCorpus)(
    "of $id $name is accepted with every output unknown that the program did not set",
    ({ good }) => {
      const stack = base("preview");
      good(stack);
      const resources = stack.resources().map((resource) => ({
        ...resource,
        outputs: {
          ...Object.fromEntries(alwaysPresentOutputs(resource.type, root).map((key) => [key, unknownText])),
          ...resource.outputs,
        },
      }));
      expect(
        judge(resources, { dryRun: true }).findings.filter(({ level }) => level === "mandatory"),
      ).toEqual([]);
    },
  );
});

describe.each(knowledges)("a stranger's stack, %s", (knowledge) => {
  const found = (change: CorpusCase["bad"], level: "mandatory" | "advisory"): readonly string[] => {
    const stack = base(knowledge);
    change(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter((finding) => finding.level === level)
      .map(({ rule, urn, summary }) => `${rule} ${urn}: ${summary}`);
  };

  it("that is right and nothing else is accepted", () => {
    expect(found(() => undefined, "mandatory")).toEqual([]);
  });

  it.each(awsCorpus.filter(({ expected }) => expected === "refused"))(
    "is refused with $id $name, and accepted with its twin",
    ({ bad, good }) => {
      expect(found(bad, "mandatory")).not.toEqual([]);
      expect(found(good, "mandatory")).toEqual([]);
    },
  );

  it.each(awsCorpus.filter(({ expected }) => expected === "advised"))(
    "is advised with $id $name, and not with its twin",
    ({ bad, good }) => {
      expect(found(bad, "mandatory")).toEqual([]);
      expect(found(good, "mandatory")).toEqual([]);
      const twin = found(good, "advisory");
      expect(found(bad, "advisory").filter((advice) => !twin.includes(advice))).not.toEqual([]);
    },
  );
});
