import { describe, expect, it } from "vitest";

import { holdsOn } from "../../policy-pack/agreements";
import type { DeclaredProvider } from "../../policy-pack/declared-flows";
import { judge, type Judgement } from "../../policy-pack/judge";
import { settings } from "../../policy-pack/settings";
import { noWaivers } from "../../policy-pack/waivers";

import { declaringProviders, type SaidProvider } from "./declared-platform";
import { Sketch } from "./stack-sketch";

const rule = "llm-providers-have-agreements";
const today = "2026-11-30";

const openai: SaidProvider = {
  id: "openai",
  kind: "external",
  hosts: ["api.openai.com"],
  onFinding: { "gpt-5": "allow", "text-embedding-3-large": "block" },
  agreement: null,
};

function judged(provider: SaidProvider, on = today): Judgement {
  return judge(declaringProviders(new Sketch("deployed"), [provider]).resources(), {
    dryRun: false,
    waivers: { ...noWaivers, today: on },
  });
}

/** What is said of an agreement with a platform's provider, by its days. */
function saidOf({ findings }: Judgement): readonly string[] {
  return findings
    .filter(({ rule: by, summary }) => by === rule && summary.includes("lets PHI go"))
    .map(({ level, summary }) => `${level}: ${summary}`);
}

const until = (expires: string): SaidProvider => ({
  ...openai,
  agreement: { signed: "2026-01-01", expires },
});
const may = "Platform bulkhead lets PHI go to provider openai (gpt-5), and";

describe("an agreement by which PHI goes to a provider", () => {
  it.each([
    ["30 days before its end", "2026-12-30", undefined],
    ["until a party ends it", "until-terminated", undefined],
  ])("is nothing to speak of %s", (_, expires, daysLeft) => {
    const judgement = judged(until(expires));
    expect(saidOf(judgement)).toEqual([]);
    expect(judgement.providers[0]?.agreement?.daysLeft).toBe(daysLeft);
    expect(judgement.providers[0]?.agreement?.holds).toBe(true);
  });

  it.each([
    ["2026-12-29", 29, "29 days"],
    ["2026-12-01", 1, "1 day"],
  ])("is advised about where it ends on %s", (expires, daysLeft, text) => {
    const judgement = judged(until(expires));
    expect(saidOf(judgement)).toEqual([`advisory: ${may} its agreement ends on ${expires}, in ${text}.`]);
    expect(judgement.providers[0]?.agreement).toEqual({
      signed: "2026-01-01",
      expires,
      holds: true,
      daysLeft,
    });
  });

  it("is none from its end on, and before it is signed", () => {
    const ended = judged(until(today));
    expect(saidOf(ended)).toEqual([`mandatory: ${may} its agreement ended on ${today} on ${today}.`]);
    expect(ended.providers[0]?.agreement).toEqual({ signed: "2026-01-01", expires: today, holds: false });
    expect(saidOf(judged(until("2026-01-20"), "2025-12-31"))).toEqual([
      `mandatory: ${may} its agreement is signed on 2026-01-01 only on 2025-12-31.`,
    ]);
  });

  it("matters to nobody where no PHI goes by it", () => {
    const onFinding = { "gpt-5": "redact", "text-embedding-3-large": "block" };
    expect(saidOf(judged({ ...until("2026-12-01"), onFinding }))).toEqual([]);
    expect(saidOf(judged({ ...openai, onFinding }))).toEqual([]);
  });

  it("is advised about where the configuration of the pack says it, too", () => {
    const stack = new Sketch("deployed");
    stack.add("aws:cloudwatch/logGroup:LogGroup", "log", { name: "log" });
    const agreement = { signed: "2026-01-01", expires: "2026-12-10", evidence: "a drawer" };
    const { findings } = judge(stack.resources(), {
      dryRun: false,
      settings: settings({
        "zone-assignment": {},
        [rule]: { llmProviders: [{ hosts: ["api.openai.com"], mayReceivePhi: true, agreement }] },
      }),
      waivers: { ...noWaivers, today },
    });
    expect(
      findings.filter(({ rule: by }) => by === rule).map(({ level, summary }) => `${level}: ${summary}`),
    ).toEqual([
      "advisory: Configuration of the pack lets PHI go to provider api.openai.com (every model), and its agreement ends on 2026-12-10, in 10 days.",
    ]);
  });
});

describe("a day on which an agreement is to hold", () => {
  const provider: DeclaredProvider = {
    id: "openai",
    kind: "external",
    hosts: ["api.openai.com"],
    onFinding: { "gpt-5": "allow" },
    agreement: { signed: "2026-01-01", expires: "2026-06-01" },
  };

  it.each([
    ["2025-12-31", false],
    ["2026-01-01", true],
    ["2026-05-31", true],
    ["2026-06-01", false],
    ["1970-01-01", false],
    ["", false],
    ["today", false],
  ])("is %j: %s", (day, holds) => {
    expect(holdsOn(provider, day)).toBe(holds);
  });

  it("is none for a provider without one", () => {
    expect(holdsOn({ ...provider, agreement: undefined }, "2026-03-01")).toBe(false);
  });
});
