import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { gcpCases, gcpChecklistItems } from "../../../docs/gcp-checklist-items";
import { alwaysPresentOutputs } from "../../../preview/always-present-outputs";
import { findingKey } from "../finding-key";
import { judge } from "../judge-on-a-day";
import { unknownText, type Knowledge } from "../stack-sketch";

import type { CorpusCase } from "./corpus-case";
import { gcpBase, gcpBaseOfFirewalls, gcpBaseOfNetworks, gcpBaseOfPerimeter } from "./gcp-base";
import { gcpCorpus } from "./gcp-corpus";
import { JudgedCorpus, type Side } from "./judged-corpus";

const judged = new JudgedCorpus(gcpCorpus, gcpBase);
const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const root = join(__dirname, "../../..");

const rows = [
  ...Array.from({ length: 28 }, (_, index) => `GE-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 13 }, (_, index) => `GM-${String(index + 1).padStart(2, "0")}`),
  ...Array.from({ length: 8 }, (_, index) => `must-${String(index + 1)}`),
  "inspection",
];

describe("the corpus of Google Cloud", () => {
  it("has a case for each row of the checklists, and for no other", () => {
    expect([...new Set(gcpCorpus.map(({ id }) => id))].sort()).toEqual([...rows].sort());
  });

  it("names each case once", () => {
    const names = gcpCorpus.map(({ id, name }) => `${id} ${name}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it("has another stack for the bad and the good side of each case", () => {
    const shown = (one: CorpusCase, side: Side): string =>
      JSON.stringify(judged.stack(one, side, "deployed").resources());
    expect(
      gcpCorpus
        .filter((one) => shown(one, "bad") === shown(one, "good"))
        .map(({ id, name }) => `${id} ${name}`),
    ).toEqual([]);
  });
});

describe("the page of the checklist of Google Cloud", () => {
  it.each(gcpChecklistItems)("names for $id the rules that find its cases", ({ id, rules }) => {
    const found = gcpCorpus
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
      gcpCorpus.filter(({ expected }) => expected === of).length;
    expect(gcpCases).toEqual({ refused: counted("refused"), advised: counted("advised") });
  });

  it("has every row", () => {
    expect(gcpChecklistItems.map(({ id }) => id).sort()).toEqual([...rows].sort());
  });
});

describe("a good twin in a preview", () => {
  it.each(gcpCorpus)(
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

describe.each(knowledges)("a stranger's stack on Google Cloud, %s", (knowledge) => {
  it.each([
    { what: "a network of all zones and a policy", base: gcpBase },
    { what: "a network of all zones and rules of its own", base: gcpBaseOfFirewalls },
    { what: "a network of PHI", base: gcpBaseOfNetworks },
    { what: "a project of PHI within a perimeter", base: gcpBaseOfPerimeter },
  ])("that is right and nothing else is accepted, with $what", ({ base }) => {
    const { findings } = judge(judged.start(knowledge, base).resources(), {
      dryRun: knowledge === "preview",
    });
    expect(findings.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it.each(gcpCorpus.filter(({ expected }) => expected === "refused"))(
    "is refused with $id $name, and accepted with its twin",
    (one) => {
      expect(judged.found(one, "bad", knowledge, "mandatory")).not.toEqual([]);
      expect(judged.found(one, "good", knowledge, "mandatory")).toEqual([]);
    },
  );

  it.each(gcpCorpus.filter(({ expected }) => expected === "advised"))(
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
});
