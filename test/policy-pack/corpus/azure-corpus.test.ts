import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { azureCases, azureChecklistItems } from "../../../docs/azure-checklist-items";
import { alwaysPresentOutputs } from "../../../preview/always-present-outputs";
import { findingKey } from "../finding-key";
import { judge } from "../judge-on-a-day";
import { unknownText, type Knowledge } from "../stack-sketch";

import { azureBase, azureBaseWithSubnets } from "./azure-base";
import { azureCorpus } from "./azure-corpus";
import type { CorpusCase } from "./corpus-case";
import { JudgedCorpus, type Side } from "./judged-corpus";

const judged = new JudgedCorpus(azureCorpus, azureBase);
const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const root = join(__dirname, "../../..");

const rows = [
  ...Array.from({ length: 36 }, (_, index) => `ZE-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 13 }, (_, index) => `ZM-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 10 }, (_, index) => `must-${String(index + 1)}`),
  "inspection",
];

describe("the corpus of Azure", () => {
  it("has a case for each row of the checklists, and for no other", () => {
    expect([...new Set(azureCorpus.map(({ id }) => id))].sort()).toEqual([...rows].sort());
  });

  it("names each case once", () => {
    const names = azureCorpus.map(({ id, name }) => `${id} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("has another stack for the bad and the good side of each case", () => {
    const shown = (one: CorpusCase, side: Side): string =>
      JSON.stringify(judged.stack(one, side, "deployed").resources());
    expect(azureCorpus.filter((one) => shown(one, "bad") === shown(one, "good"))).toEqual([]);
  });
});

describe("the page of the checklist of Azure", () => {
  it.each(azureChecklistItems)("names for $id the rules that find its cases", ({ id, rules }) => {
    const found = azureCorpus
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

describe.each(knowledges)("a stranger's stack on Azure, %s", (knowledge) => {
  it.each([
    { what: "subnets that are parts of their network", base: azureBase },
    { what: "subnets of their own", base: azureBaseWithSubnets },
  ])("that is right and nothing else is accepted, with $what", ({ base }) => {
    const { findings } = judge(judged.start(knowledge, base).resources(), {
      dryRun: knowledge === "preview",
    });
    expect(findings.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it.each(azureCorpus.filter(({ expected }) => expected === "refused"))(
    "is refused with $id $name, and accepted with its twin",
    (one) => {
      expect(judged.found(one, "bad", knowledge, "mandatory")).not.toEqual([]);
      expect(judged.found(one, "good", knowledge, "mandatory")).toEqual([]);
    },
  );

  it.each(azureCorpus.filter(({ expected }) => expected === "advised"))(
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

  it.each(azureCorpus)(
    "gets the same verdict with $id $name whatever its resources are called, where zones come from tags",
    (one) => {
      expect(judged.differingWhenRenamed(one, knowledge)).toEqual([]);
    },
  );
});
