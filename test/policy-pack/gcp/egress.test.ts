import { beforeAll, describe, expect, it } from "vitest";

import { judge, type Judgement } from "../../../policy-pack/judge";
import { noWaivers } from "../../../policy-pack/waivers";
import { withExternalProviders } from "../../model/with-external-providers";
import { statements } from "../judged-proofs";
import { gcpTargetWithEgress, renderedOnGoogle } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { gcpEgressMutants } from "./gcp-egress-mutants";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a platform with external providers on Google Cloud, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnGoogle(withExternalProviders, knowledge, gcpTargetWithEgress);
  });
  const judged = (stack: Sketch): Judgement =>
    judge(stack.resources(), {
      dryRun: knowledge === "preview",
      waivers: { ...noWaivers, today: "2026-11-30" },
    });

  it("is accepted, and its egress is proved to be inspected", () => {
    const judgement = judged(whole);
    expect(judgement.findings).toEqual([]);
    expect(statements(judgement, "internet-egress-is-inspected")).toEqual([
      "Inspection: the proxy of zone egress ends the TLS of what it lets through, which is what the egress guard sends to hosts of declared providers.",
      ...["egress", "gateway", "processing"].map(
        (zone) =>
          `Route: no route leads out of the network from this subnet of zone ${zone}, so that nothing gets to the Internet to be inspected.`,
      ),
    ]);
  });

  it.each(gcpEgressMutants)("is refused by $rule with $fault", ({ rule, dig }) => {
    const stack = whole.copy();
    dig(stack);
    const refused = judged(stack).findings.filter(({ level }) => level === "mandatory");
    expect(refused.map((finding) => finding.rule)).toContain(rule);
  });
});
