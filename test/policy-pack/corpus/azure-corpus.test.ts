import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { azureCases, azureChecklistItems } from "../../../docs/azure-checklist-items";
import type { Finding } from "../../../policy-pack/finding";
import { judge } from "../../../policy-pack/judge";
import { alwaysPresentOutputs } from "../../../preview/always-present-outputs";
import { findingKey } from "../finding-key";
import { unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { azureBase, azureBaseWithSubnets } from "./azure-base";
import { azureCorpus } from "./azure-corpus";
import type { CorpusCase } from "./corpus-case";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const root = join(__dirname, "../../..");

const rows = [
  ...Array.from({ length: 36 }, (_, index) => `ZE-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 13 }, (_, index) => `ZM-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 10 }, (_, index) => `must-${String(index + 1)}`),
  "inspection",
];

function stackOf({ base = azureBase }: CorpusCase, change: CorpusCase["bad"], knowledge: Knowledge): Sketch {
  const stack = base(knowledge);
  change(stack);
  return stack;
}

describe("the corpus of Azure", () => {
  it("has a case for each row of the checklists, and for no other", () => {
    expect([...new Set(azureCorpus.map(({ id }) => id))].sort()).toEqual([...rows].sort());
  });

  it("names each case once", () => {
    const names = azureCorpus.map(({ id, name }) => `${id} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("has another stack for the bad and the good side of each case", () => {
    const shown = (one: CorpusCase, side: "bad" | "good"): string =>
      JSON.stringify(stackOf(one, one[side], "deployed").resources());
    expect(azureCorpus.filter((one) => shown(one, "bad") === shown(one, "good"))).toEqual([]);
  });
});

describe("the page of the checklist of Azure", () => {
  it.each(azureChecklistItems)("names for $id the rules that find its cases", ({ id, rules }) => {
    const found = azureCorpus
      .filter((one) => one.id === id)
      .flatMap((one) => {
        const findings = (side: "bad" | "good"): readonly Finding[] =>
          judge(stackOf(one, one[side], "deployed").resources(), { dryRun: false }).findings;
        const twin = new Set(findings("good").map(findingKey));
        return findings("bad")
          .filter(({ level }) => level === (one.expected === "refused" ? "mandatory" : "advisory"))
          .filter((finding) => !twin.has(findingKey(finding)))
          .map(({ rule }) => rule);
      });
    expect([...new Set(found)].sort()).toEqual([...rules].sort());
  });

  it("says how many cases there are", () => {
    const counted = (of: CorpusCase["expected"]): number =>
      azureCorpus.filter(({ expected }) => expected === of).length;
    expect(azureCases).toEqual({ refused: counted("refused"), advised: counted("advised") });
  });

  it("has every row", () => {
    expect(azureChecklistItems.map(({ id }) => id).sort()).toEqual([...rows].sort());
  });
});

describe("a good twin in a preview", () => {
  it.each(azureCorpus)(
    "of $id $name is accepted with every output unknown that the program did not set",
    (one) => {
      const resources = stackOf(one, one.good, "preview")
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

describe.each(knowledges)("a stranger's stack on Azure, %s", (knowledge) => {
  const found = (stack: Sketch, level: "mandatory" | "advisory"): readonly string[] =>
    judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter((finding) => finding.level === level)
      .map(({ rule, urn, summary }) => `${rule} ${urn}: ${summary}`);

  it.each([
    { what: "subnets that are parts of their network", base: azureBase },
    { what: "subnets of their own", base: azureBaseWithSubnets },
  ])("that is right and nothing else is accepted, with $what", ({ base }) => {
    expect(found(base(knowledge), "mandatory")).toEqual([]);
  });

  it.each(azureCorpus.filter(({ expected }) => expected === "refused"))(
    "is refused with $id $name, and accepted with its twin",
    (one) => {
      expect(found(stackOf(one, one.bad, knowledge), "mandatory")).not.toEqual([]);
      expect(found(stackOf(one, one.good, knowledge), "mandatory")).toEqual([]);
    },
  );

  it.each(azureCorpus.filter(({ expected }) => expected === "advised"))(
    "is advised with $id $name, and not with its twin",
    (one) => {
      const bad = stackOf(one, one.bad, knowledge);
      const good = stackOf(one, one.good, knowledge);
      expect(found(bad, "mandatory")).toEqual([]);
      expect(found(good, "mandatory")).toEqual([]);
      const twin = found(good, "advisory");
      expect(found(bad, "advisory").filter((advice) => !twin.includes(advice))).not.toEqual([]);
    },
  );
});
