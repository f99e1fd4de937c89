import { beforeAll, describe, expect, it } from "vitest";

import { judge, type Judgement } from "../../../policy-pack/judge";
import { noWaivers } from "../../../policy-pack/waivers";
import { withExternalProviders } from "../../model/with-external-providers";
import { amend } from "../corpus/changed-case";
import { gcpTargetWithEgress, renderedOnGoogle } from "../rendered-stack";
import { Sketch, unknownText, type Knowledge } from "../stack-sketch";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const inEgress = { project: "hospital-egress", responsePolicy: "bulkhead-egress-names" } as const;
const inProcessing = { project: "hospital-ai", responsePolicy: "bulkhead-processing-names" } as const;

/** A rule by which somebody wants a name passed on. */
const passing =
  (dnsName: unknown, policy: typeof inEgress | typeof inProcessing = inEgress): Change =>
  (stack) =>
    stack.add("gcp:dns/responsePolicyRule:ResponsePolicyRule", "hole", {
      ...policy,
      ruleName: "hole",
      dnsName,
      behavior: "bypassResponsePolicy",
    });

/** The logical name of the rule for a declared host. */
function ruleFor(stack: Sketch, host: string): string {
  const found = stack.resources().find(({ inputs }) => inputs?.["dnsName"] === `${host}.`);
  if (found === undefined) {
    throw new Error(`no rule is for ${host}`);
  }
  return found.name;
}

const ofOpenai =
  (inputs: Readonly<Record<string, unknown>>): Change =>
  (stack) =>
    amend(stack, ruleFor(stack, "api.openai.com"), inputs);

describe.each(knowledges)(
  "the names that the egress zone on Google Cloud asks of the Internet, %s",
  (knowledge) => {
    let whole: Sketch;
    beforeAll(async () => {
      whole = await renderedOnGoogle(withExternalProviders, knowledge, gcpTargetWithEgress);
    });
    const judged = (change: Change): Judgement => {
      const stack = whole.copy();
      change(stack);
      return judge(stack.resources(), {
        dryRun: knowledge === "preview",
        waivers: { ...noWaivers, today: "2026-11-30" },
      });
    };
    const refusedBy = (change: Change): readonly string[] =>
      judged(change)
        .findings.filter(({ level }) => level === "mandatory")
        .map(({ rule }) => rule);

    it.each<readonly [string, Change]>([
      ["as they are declared", () => undefined],
      ["as they are declared, in other letters", ofOpenai({ dnsName: "API.OpenAI.com." })],
      [
        "without one of them, which then is not found",
        (stack) => stack.remove(ruleFor(stack, "api.openai.com")),
      ],
    ])("are accepted %s", (_, change) => {
      expect(judged(change).findings).toEqual([]);
    });

    it.each<readonly [string, Change]>([
      ["another host", passing("api.evil.example.")],
      ["whatever is under a declared host", passing("*.api.openai.com.")],
      ["a name under a declared host", passing("data.api.openai.com.")],
      ["what a declared host is under", passing("openai.com.")],
      ["a name that is not known", passing(unknownText)],
      ["a declared host in the network of processing", passing("api.openai.com.", inProcessing)],
      ["another host in the place of a declared one", ofOpenai({ dnsName: "api.evil.example." })],
      ["perhaps another host", ofOpenai({ dnsName: "api.evil.example.", behavior: unknownText })],
      [
        "a name that leads to another host",
        ofOpenai({
          behavior: undefined,
          localData: {
            localDatas: [
              { name: "api.openai.com.", type: "CNAME", ttl: 300, rrdatas: ["api.evil.example."] },
            ],
          },
        }),
      ],
      [
        "every other name",
        (stack) =>
          amend(stack, "bulkhead-egress-names-every-other-name", {
            localData: undefined,
            behavior: "bypassResponsePolicy",
          }),
      ],
    ])("are refused with %s", (_, change) => {
      expect(refusedBy(change)).toContain("network-defaults-are-sealed");
    });
  },
);

describe.each(knowledges)("a stranger's response policy, %s", (knowledge) => {
  const said = (dnsName: string, change: Change = () => undefined): readonly string[] => {
    const stack = new Sketch(knowledge);
    stack.add("gcp:dns/responsePolicyRule:ResponsePolicyRule", "passing", {
      ruleName: "passing",
      responsePolicy: "policy",
      dnsName,
      behavior: "bypassResponsePolicy",
    });
    change(stack);
    return judge(stack.resources(), {
      dryRun: knowledge === "preview",
      waivers: { ...noWaivers, today: "2026-11-30" },
    })
      .findings.filter(({ rule }) => rule === "llm-providers-have-agreements")
      .map(({ level, summary }) => `${level}: ${summary}`);
  };

  it("is refused where it passes on the API of models of Google's by its name", () => {
    expect(said("generativelanguage.googleapis.com.")).toEqual([
      "mandatory: ResponsePolicyRule passing lets through generativelanguage.googleapis.com, which is the API of Google Gemini API, and nothing declares that provider.",
    ]);
  });

  it("is accepted where it passes on all of Google's names, another of them, or what a private zone answers", () => {
    expect(said("*.googleapis.com.")).toEqual([]);
    expect(said("storage.googleapis.com.")).toEqual([]);
    const zone: Change = (stack) =>
      stack.add("gcp:dns/managedZone:ManagedZone", "apis", {
        dnsName: "googleapis.com.",
        visibility: "private",
      });
    expect(said("generativelanguage.googleapis.com.", zone)).toEqual([]);
  });
});
