import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checklistItems } from "../../../docs/checklist-items";
import { alwaysPresentOutputs } from "../../../preview/always-present-outputs";
import { findingKey } from "../finding-key";
import { judge } from "../judge-on-a-day";
import { unknownText, type Knowledge } from "../stack-sketch";

import { awsCorpus } from "./aws-corpus";
import { base } from "./corpus-case";
import { JudgedCorpus } from "./judged-corpus";

const judged = new JudgedCorpus(awsCorpus, base);
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
      .flatMap((one) => {
        const twin = new Set(judged.findings(one, "good", "deployed").map(findingKey));
        return judged
          .findings(one, "bad", "deployed")
          .filter(({ level }) => level === (one.expected === "refused" ? "mandatory" : "advisory"))
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
    (one) => {
      const resources = judged
        .stack(one, "good", "preview")
        .resources()
        .map((resource) => ({
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
  it("that is right and nothing else is accepted", () => {
    const { findings } = judge(judged.start(knowledge).resources(), { dryRun: knowledge === "preview" });
    expect(findings.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it.each(awsCorpus.filter(({ expected }) => expected === "refused"))(
    "is refused with $id $name, and accepted with its twin",
    (one) => {
      expect(judged.found(one, "bad", knowledge, "mandatory")).not.toEqual([]);
      expect(judged.found(one, "good", knowledge, "mandatory")).toEqual([]);
    },
  );

  it.each(awsCorpus.filter(({ expected }) => expected === "advised"))(
    "is advised with $id $name, and not with its twin",
    (one) => {
      expect(judged.found(one, "bad", knowledge, "mandatory")).toEqual([]);
      expect(judged.found(one, "good", knowledge, "mandatory")).toEqual([]);
      const twin = judged.found(one, "good", knowledge, "advisory");
      expect(
        judged.found(one, "bad", knowledge, "advisory").filter((advice) => !twin.includes(advice)),
      ).not.toEqual([]);
    },
  );

  it.each(awsCorpus)(
    "gets the same verdict with $id $name whatever its resources are called, where zones come from tags",
    (one) => {
      expect(judged.differingWhenRenamed(one, knowledge)).toEqual([]);
    },
  );
});
