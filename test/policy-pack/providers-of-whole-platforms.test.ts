import { describe, expect, it } from "vitest";

import type { GcpTarget } from "../../model/cloud-target";
import { platformSpec } from "../../model/platform-spec";
import { judge, type Judgement } from "../../policy-pack/judge";
import { noWaivers } from "../../policy-pack/waivers";
import { withExternalProviders } from "../model/with-external-providers";

import { gcpTarget, renderedOnAzure, renderedOnGoogle, renderedPlatform } from "./rendered-stack";
import type { Knowledge, Sketch } from "./stack-sketch";

const rule = "llm-providers-have-agreements";
const inspected = "internet-egress-is-inspected";

const hosts = platformSpec(withExternalProviders)
  .llmProviders.flatMap((provider) => (provider.kind === "external" ? provider.fqdns : []))
  .sort();

function judged(stack: Sketch, knowledge: Knowledge, today = "2026-11-30"): Judgement {
  return judge(stack.resources(), { dryRun: knowledge === "preview", waivers: { ...noWaivers, today } });
}

function refusals({ findings }: Judgement, ...names: readonly string[]): readonly string[] {
  return findings
    .filter((finding) => names.includes(finding.rule) && finding.level === "mandatory")
    .map((finding) => `${finding.rule}: ${finding.summary}`);
}

function proved({ proofs }: Judgement, name: string): readonly string[] {
  const found = proofs.find((one) => one.rule === name);
  return found?.kind === "proofs" ? found.proofs.map(({ statement }) => statement) : [];
}

const onGoogle: GcpTarget = {
  ...gcpTarget,
  projects: { ...gcpTarget.projects, egress: { id: "hospital-egress", number: "100000000004" } },
};

const clouds = [
  { cloud: "AWS", rendered: (knowledge: Knowledge) => renderedPlatform(withExternalProviders, knowledge) },
  { cloud: "Azure", rendered: (knowledge: Knowledge) => renderedOnAzure(withExternalProviders, knowledge) },
  {
    cloud: "Google Cloud",
    rendered: (knowledge: Knowledge) => renderedOnGoogle(withExternalProviders, knowledge, onGoogle),
  },
];

describe.each(clouds)("a platform with external providers on $cloud", ({ rendered }) => {
  it.each(["preview", "deployed"] as const)(
    "is accepted, %s, and shown to let out nothing else",
    async (knowledge) => {
      const judgement = judged(await rendered(knowledge), knowledge);
      expect(refusals(judgement, rule, inspected)).toEqual([]);
      const statements = proved(judgement, rule);
      expect(statements.filter((text) => text.startsWith("Allow-list: "))).not.toEqual([]);
      expect(statements).toContain(
        "Guard: it is told the providers, policies and agreements that its platform declares.",
      );
      const external = judgement.providers.filter(({ kind }) => kind === "external");
      expect(external.flatMap((provider) => provider.hosts).sort()).toEqual(hosts);
      for (const { entries, calledBy } of external) {
        expect(entries).not.toEqual([]);
        expect(calledBy).not.toEqual([]);
      }
    },
  );

  it("is refused where an agreement is not signed yet, by which a provider gets PHI", async () => {
    const judgement = judged(await rendered("preview"), "preview", "2026-02-28");
    const unsigned = judgement.providers.filter(
      ({ models, agreement }) =>
        agreement?.holds === false && models.some(({ onFinding }) => onFinding === "allow"),
    );
    expect(unsigned).not.toEqual([]);
    expect(refusals(judgement, rule)).toHaveLength(unsigned.length);
  });
});
