import { describe, expect, it } from "vitest";

import { referencePlatform } from "../../model/reference-platform";
import type { Finding } from "../../policy-pack/finding";
import { judge, type Judgement } from "../../policy-pack/judge";
import { settings } from "../../policy-pack/settings";
import { noWaivers } from "../../policy-pack/waivers";

import { declaringProviders, inspectionOf, type SaidProvider } from "./declared-platform";
import { hostEntries } from "./host-entries";
import { renderedOnAzure, renderedOnGoogle, renderedPlatform } from "./rendered-stack";
import { Sketch, unknownText } from "./stack-sketch";

const rule = "llm-providers-have-agreements";
const today = "2026-11-30";

const openai: SaidProvider = {
  id: "openai",
  kind: "external",
  hosts: ["api.openai.com"],
  onFinding: { "gpt-5": "allow", "text-embedding-3-large": "block" },
  agreement: { signed: "2026-01-01", expires: "2027-01-01" },
};

const native: SaidProvider = {
  id: "cloud",
  kind: "native",
  hosts: [],
  onFinding: { "anthropic.claude": "block" },
  agreement: null,
};

function judged(stack: Sketch, dryRun = false): Judgement {
  return judge(stack.resources(), {
    dryRun,
    settings: settings({
      "zone-assignment": {},
      // A configuration adds nothing to what a platform of ours declares.
      [rule]: { llmProviders: [{ hosts: ["api.mistral.ai"] }] },
    }),
    waivers: { ...noWaivers, today },
  });
}

function ofRule({ findings }: Judgement, name: string = rule): readonly Finding[] {
  return findings.filter((finding) => finding.rule === name);
}

/** A platform with a guard that is told what it is to be told, unless a test says otherwise. */
function platform(
  providers: readonly SaidProvider[] | string,
  told: unknown = typeof providers === "string" ? {} : inspectionOf(providers),
): Sketch {
  const stack = declaringProviders(new Sketch("deployed"), providers);
  guard(stack, told);
  return stack;
}

function guard(stack: Sketch, told: unknown, name = "egress-guard"): void {
  stack.add("aws:ecs/taskDefinition:TaskDefinition", name, {
    family: name,
    containerDefinitions: JSON.stringify([
      {
        name: "egress-guard",
        image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/egress-guard@sha256:" + "a".repeat(64),
        environment:
          told === null
            ? []
            : [
                {
                  name: "BULKHEAD_INSPECTION",
                  value: typeof told === "string" ? told : JSON.stringify(told),
                },
              ],
      },
    ]),
    tags: { "bulkhead-zone": "egress", "bulkhead-workload": "egress-guard", "bulkhead-platform": "bulkhead" },
  });
}

const allowList = (stack: Sketch, targets: unknown): Sketch => {
  stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "providers", {
    type: "STATEFUL",
    ruleGroup: {
      rulesSource: {
        rulesSourceList: { generatedRulesType: "ALLOWLIST", targetTypes: ["TLS_SNI"], targets },
      },
    },
    tags: { "bulkhead-zone": "egress", "bulkhead-platform": "bulkhead" },
  });
  return stack;
};

describe("providers of a platform of ours", () => {
  it("that are declared, agreed and told are accepted, and shown", () => {
    const judgement = judged(allowList(platform([openai, native]), ["api.openai.com"]));
    expect(ofRule(judgement).map(({ summary }) => summary)).toEqual([]);
    const proofs = judgement.proofs.find((one) => one.rule === rule);
    expect(proofs?.kind === "proofs" ? proofs.proofs.map(({ statement }) => statement) : proofs).toEqual([
      "Agreement: provider openai may get PHI, and its agreement holds on 2026-11-30.",
      "Allow-list: it lets through hosts of declared providers alone: api.openai.com.",
      "Guard: it is told the providers, policies and agreements that its platform declares.",
      "Policy: no prompt with PHI goes to provider cloud as it is.",
    ]);
    expect(judgement.providers).toEqual([
      {
        platform: "bulkhead",
        id: "openai",
        kind: "external",
        hosts: ["api.openai.com"],
        models: [
          { name: "gpt-5", onFinding: "allow", today: "allow" },
          { name: "text-embedding-3-large", onFinding: "block", today: "block" },
        ],
        agreement: { signed: "2026-01-01", expires: "2027-01-01", holds: true },
        calledBy: ["rag-service"],
        entries: [
          {
            urn: "urn:pulumi:test::bulkhead::aws:networkfirewall/ruleGroup:RuleGroup::providers",
            label: "the allow-list of RuleGroup providers",
          },
        ],
      },
      {
        platform: "bulkhead",
        id: "cloud",
        kind: "native",
        hosts: [],
        models: [{ name: "anthropic.claude", onFinding: "block", today: "block" }],
        agreement: undefined,
        calledBy: [],
        entries: [],
      },
    ]);
  });

  it.each([
    [
      ["api.openai.com", "updates.example.org"],
      "updates.example.org, which is no host of a provider that is declared",
    ],
    [
      ["api.anthropic.com"],
      "api.anthropic.com, which is the API of Anthropic, and nothing declares that provider",
    ],
    [
      ["api.mistral.ai"],
      "api.mistral.ai, which is the API of Mistral AI, and nothing declares that provider",
    ],
    [["*.openai.com"], "*.openai.com, of which api.openai.com alone is declared"],
    [
      [".openai.com"],
      "*.openai.com, of which api.openai.com alone is declared; openai.com, which is no host of a provider that is declared",
    ],
    [["*"], "every host, of which api.openai.com alone is declared"],
  ])("are all that an allow-list may name: %j is refused", (targets, text) => {
    const findings = ofRule(judged(allowList(platform([openai]), targets)));
    expect(findings.map(({ level, verdict }) => `${level} ${verdict}`)).toContain("mandatory open");
    expect(findings.map(({ summary }) => summary)).toContain(
      `The allow-list of RuleGroup providers lets through ${text}.`,
    );
  });

  it("are not known where an allow-list is not", () => {
    const findings = ofRule(judged(allowList(platform([openai]), unknownText), true));
    expect(findings.map(({ level, verdict }) => `${level} ${verdict}`)).toEqual(["mandatory undetermined"]);
  });

  it("are the hosts whatever the order of the list, and the spelling of a name", () => {
    const two = { ...openai, hosts: ["api.openai.com", "eu.api.openai.com"] };
    const stack = allowList(platform([two]), ["EU.API.OpenAI.com.", "api.openai.com"]);
    expect(ofRule(judged(stack))).toEqual([]);
  });

  it.each([
    ["has ended today", { signed: "2026-01-01", expires: "2026-11-30" }, "its agreement ended on 2026-11-30"],
    [
      "is not signed yet",
      { signed: "2026-12-24", expires: "2027-12-24" },
      "its agreement is signed on 2026-12-24 only",
    ],
    ["is none", null, "there is no agreement with it"],
  ])("may not get PHI where the agreement %s", (_, agreement, text) => {
    const judgement = judged(platform([{ ...openai, agreement }]));
    expect(ofRule(judgement).map(({ summary }) => summary)).toEqual([
      `Platform bulkhead lets PHI go to provider openai (gpt-5), and ${text} on 2026-11-30.`,
    ]);
    expect(judgement.providers[0]?.models[0]).toEqual({ name: "gpt-5", onFinding: "allow", today: "block" });
  });

  it("are told of one by one, where several have no agreement", () => {
    const others = ["a", "b"].map((id): SaidProvider => ({ ...openai, id, agreement: null }));
    expect(ofRule(judged(platform(others))).map(({ openedBy }) => openedBy[0]?.label)).toEqual([
      "Platform bulkhead, provider a",
      "Platform bulkhead, provider b",
    ]);
  });

  it.each([
    ["with a wildcard", [{ ...openai, hosts: ["*.openai.com"] }]],
    ["with every host", [{ ...openai, hosts: ["*"] }]],
  ])("that are declared %s are refused, and declare nothing", (_, providers) => {
    const judgement = judged(allowList(platform(providers), ["api.openai.com"]));
    expect(ofRule(judgement, "resources-are-understood").map(({ summary }) => summary)).toContain(
      "It declares hosts of provider openai with a wildcard, which no platform may.",
    );
    expect(ofRule(judgement).map(({ summary }) => summary)).toContain(
      "The allow-list of RuleGroup providers lets through api.openai.com, which is the API of OpenAI, and nothing declares that provider.",
    );
  });

  it("that cannot be read are refused, and so is the rest of the declaration", () => {
    const judgement = judged(platform(unknownText));
    expect(ofRule(judgement, "resources-are-understood").map(({ summary }) => summary)).toContain(
      "What the platform declares cannot be read from its outputs, so none of its flows counts as declared.",
    );
  });

  it.each(hostEntries.filter(({ isList }) => isList))("are all that $name may name", ({ add }) => {
    const stack = platform([openai]);
    add(stack, "updates.example.org");
    expect(new Set(ofRule(judged(stack)).map(({ level }) => level))).toEqual(new Set(["mandatory"]));
    const right = platform([openai]);
    add(right, "api.openai.com");
    expect(ofRule(judged(right)).filter(({ summary }) => !summary.includes("example.org"))).toEqual([]);
  });
});

describe("an egress guard", () => {
  const wrong = (change: Partial<SaidProvider>): unknown => inspectionOf([{ ...openai, ...change }]);
  it.each([
    [
      "another policy",
      wrong({ onFinding: { "gpt-5": "allow", "text-embedding-3-large": "allow" } }),
      "other models, or something else of what happens to PHI, than its platform declares",
    ],
    [
      "another model",
      wrong({ onFinding: { ...openai.onFinding, "gpt-6": "block" } }),
      "other models, or something else of what happens to PHI, than its platform declares",
    ],
    [
      "another host",
      wrong({ hosts: ["api.openai.com", "api.example.org"] }),
      "other hosts of providers than its platform declares",
    ],
    [
      "another agreement",
      wrong({ agreement: { signed: "2026-01-01", expires: "until-terminated" } }),
      "other agreements than its platform declares",
    ],
    ["no agreement", wrong({ agreement: null }), "other agreements than its platform declares"],
    [
      "another provider",
      inspectionOf([openai, { ...openai, id: "other" }]),
      "other providers than its platform declares",
    ],
    [
      "other callers",
      { ...inspectionOf([openai]), callers: {} },
      "other callers than its platform's flows name",
    ],
    [
      "another trust domain",
      { ...inspectionOf([openai]), trustDomain: "other.example" },
      "another trust domain than its platform declares",
    ],
    [
      "another identity",
      { ...inspectionOf([openai]), egressGuard: "spiffe://hospital.example/zone/egress/workload/other" },
      "another identity of the egress guard than its platform declares",
    ],
  ])("that is told %s than declared is refused", (_, told, what) => {
    const summaries = ofRule(judged(platform([openai], told))).map(({ summary }) => summary);
    expect(summaries).toContain(`TaskDefinition egress-guard: its inspection document says ${what}.`);
  });

  it.each([
    [
      "nothing",
      null,
      "nothing shows what it is told of which providers it may call, and what happens to PHI",
    ],
    ["something that is no document", "{}", "its inspection document cannot be read"],
    [
      "something that is not known",
      unknownText,
      "nothing shows what it is told of which providers it may call, and what happens to PHI",
    ],
  ])("that is told %s is refused", (_, told, what) => {
    expect(
      ofRule(judged(platform([openai], told))).map(({ summary, verdict }) => [summary, verdict]),
    ).toEqual([[`TaskDefinition egress-guard: ${what}.`, "undetermined"]]);
  });

  it("that is told the same in another order is accepted", () => {
    const other: SaidProvider = {
      ...openai,
      id: "a",
      hosts: ["api.anthropic.com"],
      onFinding: { claude: "block" },
    };
    expect(ofRule(judged(platform([openai, other], inspectionOf([other, openai]))))).toEqual([]);
  });
});

const inspected = "internet-egress-is-inspected";

describe.each([
  { cloud: "AWS", rendered: () => renderedPlatform(referencePlatform, "preview") },
  { cloud: "Azure", rendered: () => renderedOnAzure(referencePlatform, "preview") },
  { cloud: "Google Cloud", rendered: () => renderedOnGoogle(referencePlatform, "preview") },
])("the reference platform on $cloud, which declares no external provider", ({ cloud, rendered }) => {
  const ways: Readonly<Record<string, readonly [type: string, inputs: Readonly<Record<string, unknown>>]>> = {
    AWS: ["aws:ec2/natGateway:NatGateway", { subnetId: "subnet-1" }],
    Azure: ["azure-native:network:PublicIPAddress", { publicIpAddressName: "way-out" }],
    "Google Cloud": [
      "gcp:compute/routerNat:RouterNat",
      {
        router: "router",
        natIpAllocateOption: "AUTO_ONLY",
        sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
      },
    ],
  };

  it("is accepted, and shown to let through nobody by name", async () => {
    const judgement = judged(await rendered(), true);
    expect([...ofRule(judgement), ...ofRule(judgement, inspected)].map(({ summary }) => summary)).toEqual([]);
    const proofs = judgement.proofs.find((one) => one.rule === rule);
    expect(proofs?.kind === "proofs" ? proofs.proofs.map(({ statement }) => statement) : proofs).toContain(
      "Providers: none outside of the cloud is declared, and no list lets anything out by the name of a host.",
    );
  });

  it("is refused with a way to the Internet, and with anything in an egress zone", async () => {
    const stack = await rendered();
    const [type, inputs] = ways[cloud] ?? ["", {}];
    stack.add(type, "way-out", inputs);
    stack.add("aws:cloudwatch/logGroup:LogGroup", "guard-log", {
      name: "guard",
      tags: { "bulkhead-zone": "egress" },
    });
    const findings = ofRule(judged(stack, true), inspected);
    const summaries = findings.map(({ summary }) => summary);
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(["mandatory"]));
    expect(summaries).toContain(
      "LogGroup guard-log is in the egress zone, which a platform without external providers does not have.",
    );
    expect(
      summaries.filter((text) => text.includes("way-out") && text.includes("declares no external provider")),
    ).toHaveLength(1);
  });
});
