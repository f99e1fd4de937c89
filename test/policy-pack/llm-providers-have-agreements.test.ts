import { describe, expect, it } from "vitest";

import type { Finding } from "../../policy-pack/finding";
import { settings, type RawSettings } from "../../policy-pack/settings";
import { noWaivers } from "../../policy-pack/waivers";

import { carried, carrierNames } from "./envoy/shown-envoys";
import { hiding, keysOf } from "./hidden-value";
import { hostEntries, type HostEntry } from "./host-entries";
import { judge } from "./judge-on-a-day";
import { stranger } from "./stranger-corpus";
import { Sketch, unknownText, type Knowledge } from "./stack-sketch";

const rule = "llm-providers-have-agreements";
const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const today = "2026-11-30";

function configured(properties: unknown): RawSettings {
  return { "zone-assignment": {}, [rule]: properties };
}

function found(
  stack: Sketch,
  knowledge: Knowledge = "deployed",
  raw: RawSettings = { "zone-assignment": {} },
): readonly Finding[] {
  return judge(stack.resources(), {
    dryRun: knowledge === "preview",
    settings: settings(raw),
    waivers: { ...noWaivers, today },
  }).findings.filter((finding) => finding.rule === rule);
}

function withEntry({ add }: HostEntry, host: string, knowledge: Knowledge = "deployed"): Sketch {
  const stack = stranger(knowledge);
  add(stack, host);
  return stack;
}

const verdicts = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ level, verdict }) => `${level} ${verdict}`);

describe.each(knowledges)("a stack of somebody's, %s", (knowledge) => {
  describe.each(hostEntries)("with $name", (entry) => {
    it("is refused where it is an API of models that nothing declares", () => {
      const findings = found(withEntry(entry, "api.openai.com", knowledge), knowledge);
      expect(verdicts(findings).length).toBeGreaterThan(0);
      expect(new Set(verdicts(findings))).toEqual(new Set(["mandatory open"]));
      for (const { summary, path, openedBy, urn } of findings) {
        expect(summary.toLowerCase()).toContain(entry.at.toLowerCase());
        expect(summary).toContain("OpenAI");
        expect(path.at(-1)).toContain("api.openai.com");
        expect(openedBy.map((evidence) => evidence.urn)).toEqual([urn]);
      }
    });

    it("is accepted where the configuration declares it, in whatever spelling", () => {
      const stack = withEntry(entry, "api.openai.com", knowledge);
      const raw = configured({ llmProviders: [{ hosts: ["API.OpenAI.com.", "*.api.openai.com"] }] });
      expect(found(stack, knowledge, raw)).toEqual([]);
    });

    it("is refused where the configuration declares another", () => {
      const stack = withEntry(entry, "api.openai.com", knowledge);
      const raw = configured({ llmProviders: [{ hosts: ["api.anthropic.com"] }] });
      expect(new Set(verdicts(found(stack, knowledge, raw)))).toEqual(new Set(["mandatory open"]));
    });

    it("is accepted where it is something else", () => {
      expect(found(withEntry(entry, "updates.example.org", knowledge), knowledge)).toEqual([]);
    });
  });
});

describe("an entry", () => {
  const lists = hostEntries.filter(({ isRoute }) => isRoute !== true);

  it.each(lists.filter(({ isList }) => isList))("of $name may be any where it is not known", (entry) => {
    const findings = found(withEntry(entry, unknownText, "preview"), "preview");
    expect(new Set(verdicts(findings))).toEqual(new Set(["mandatory undetermined"]));
  });

  it.each(hostEntries.filter(({ isRoute }) => isRoute === true))(
    "of $name is one of the stack's own where it is not known",
    (entry) => {
      expect(found(withEntry(entry, unknownText, "preview"), "preview")).toEqual([]);
    },
  );

  it.each(hostEntries)("of $name counts for a cloud's own API where it is a list of what leaves", (entry) => {
    const findings = found(withEntry(entry, "hospital.openai.azure.com"));
    expect(findings.length > 0).toBe(entry.isList);
  });

  const [list, suricata] = hostEntries;
  if (list === undefined || suricata === undefined) {
    throw new Error("there are entries");
  }

  it.each([
    ["API.OPENAI.COM", true],
    ["api.openai.com.", true],
    [".openai.com", true],
    ["*.openai.com", true],
    ["*.com", true],
    ["*", true],
    [".example.com", false],
    ["api.openai.com.example", false],
  ])("%s is refused: %j", (host, is) => {
    expect(found(withEntry(list, host)).length > 0).toBe(is);
  });

  it("that is wider than what is declared is refused, and says so", () => {
    const raw = configured({ llmProviders: [{ hosts: ["api.openai.com"] }] });
    const [finding, ...others] = found(withEntry(list, ".openai.com"), "deployed", raw);
    expect(others.map(({ summary }) => summary)).toEqual([]);
    expect(finding?.summary).toBe(
      "The allow-list of RuleGroup providers lets through *.openai.com, of which api.openai.com alone is declared.",
    );
  });

  it.each([
    ["blocks", { generatedRulesType: "DENYLIST", targetTypes: ["TLS_SNI"], targets: ["api.openai.com"] }, 0],
    ["says nothing of what it does", { targetTypes: ["TLS_SNI"], targets: ["api.openai.com"] }, 1],
  ])("of a list that %s counts accordingly", (_, rulesSourceList, count) => {
    const stack = stranger("deployed");
    stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "providers", {
      type: "STATEFUL",
      ruleGroup: { rulesSource: { rulesSourceList } },
    });
    expect(found(stack)).toHaveLength(count);
  });

  it.each([
    ['drop tls any any -> any any (tls.sni; content:"api.openai.com"; sid:1;)', []],
    [
      'pass tls any any -> any any (tls.sni; content:".openai.com"; dotprefix; endswith; sid:1;)',
      ["openai.com", "*.openai.com"],
    ],
    ['pass tls any any -> any any (tls.sni; content:"api.openai"; startswith; sid:1;)', ["api.openai**"]],
    [
      'pass tls any any -> any any (tls.sni; content:"api|2e|openai.com"; startswith; endswith; sid:1;)',
      ["api.openai.com"],
    ],
    ['pass tls any any -> any any (tls.sni; pcre:"/openai/i"; sid:1;)', ["every host"]],
    ['pass tls any any -> any any (tls.sni; content:!"bad.example"; sid:1;)', ["every host"]],
    ["pass tls any any -> any any (sid:1;)", ["every host"]],
    ['pass tls any any -> any any (tls.sni; content:"example.org"; startswith; endswith; sid:1;)', []],
    ["pass tcp any any -> 192.0.2.1 443 (flow:to_server; sid:1;)", []],
    ["this is no rule", ["every host"]],
  ])("in Suricata's language is read: %s", (rules, hosts) => {
    const stack = stranger("deployed");
    stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "providers", { type: "STATEFUL", rules });
    const named = found(stack).map(({ path }) => path.at(-1));
    expect(named).toEqual(hosts.filter((host) => host !== "openai.com"));
  });

  it.each(["fqdnTags", "webCategories"])("of a firewall's rule with %s may be any", (key) => {
    const stack = stranger("deployed");
    stack.add("azure-native:network:FirewallPolicyRuleCollectionGroup", "rules", {
      firewallPolicyName: "policy",
      ruleCollections: [
        {
          ruleCollectionType: "FirewallPolicyFilterRuleCollection",
          action: { type: "Allow" },
          rules: [{ name: "wide", ruleType: "ApplicationRule", [key]: ["Something"] }],
        },
      ],
    });
    expect(verdicts(found(stack))).toEqual(["mandatory undetermined"]);
  });

  it("is refused also on a stack where nothing is in a zone, unless it is not known which it is", () => {
    const verdictOf = (host: string): readonly string[] => {
      const stack = new Sketch("preview");
      list.add(stack, host);
      return verdicts(found(stack, "preview"));
    };
    expect(verdictOf("api.openai.com")).toEqual(["mandatory open"]);
    expect(verdictOf(unknownText)).toEqual(["advisory undetermined"]);
  });

  it("is advice where its host answers for much besides", () => {
    expect(verdicts(found(withEntry(list, "hospital.snowflakecomputing.com")))).toEqual(["advisory open"]);
  });

  it("of an API that the configuration adds is refused", () => {
    const stack = withEntry(list, "models.internal.example");
    const raw = configured({ llmApiDomains: [{ host: "*.internal.example", provider: "Our models" }] });
    expect(found(stack)).toEqual([]);
    expect(found(stack, "deployed", raw).map(({ summary }) => summary)).toEqual([
      "The allow-list of RuleGroup providers lets through models.internal.example, which is the API of Our models, and nothing declares that provider.",
    ]);
  });

  it("is found whatever the order of the resources is", () => {
    const stack = stranger("deployed");
    hostEntries
      .filter((entry, index, all) => all.findIndex(({ at }) => at === entry.at) === index)
      .forEach((entry) => {
        entry.add(stack, "api.mistral.ai");
      });
    const resources = stack.resources();
    const judged = [resources, [...resources].reverse()].map((list_) =>
      judge(list_, { dryRun: false }).findings.filter((finding) => finding.rule === rule),
    );
    expect(judged[0]?.length).toBeGreaterThan(10);
    expect(judged[1]).toEqual(judged[0]);
  });
});

describe("an agreement", () => {
  const provider = (agreement?: unknown): RawSettings =>
    configured({
      llmProviders: [
        { hosts: ["api.openai.com"], mayReceivePhi: true, ...(agreement === undefined ? {} : { agreement }) },
      ],
    });
  const agreement = (signed: string, expires: string): unknown => ({
    signed,
    expires,
    evidence: "contracts/1",
  });
  const [list] = hostEntries;
  if (list === undefined) {
    throw new Error("there are entries");
  }

  it.each([
    ["holds on its last day", agreement("2026-01-01", "2026-12-01"), []],
    ["holds from the day on which it is signed", agreement("2026-11-30", "2027-11-30"), []],
    ["holds until it is terminated", agreement("2026-01-01", "until-terminated"), []],
    [
      "ended today",
      agreement("2026-01-01", "2026-11-30"),
      ["its agreement ended on 2026-11-30 on 2026-11-30"],
    ],
    ["ended long ago", agreement("2024-01-01", "2025-01-01"), ["its agreement ended on 2025-01-01"]],
    [
      "is signed tomorrow",
      agreement("2026-12-01", "2027-12-01"),
      ["its agreement is signed on 2026-12-01 only"],
    ],
    ["does not exist", undefined, ["there is no agreement with it"]],
  ])("%s", (_, written, texts) => {
    // That it ends soon is advice.
    const findings = found(withEntry(list, "api.openai.com"), "deployed", provider(written)).filter(
      ({ level }) => level === "mandatory",
    );
    expect(findings).toHaveLength(texts.length);
    texts.forEach((text, index) => {
      expect(findings[index]?.summary).toContain(text);
      expect(findings[index]?.level).toBe("mandatory");
      expect(findings[index]?.openedBy.map(({ label }) => label)).toContain(
        "the allow-list of RuleGroup providers",
      );
    });
  });

  it("is not needed where no PHI goes there", () => {
    const raw = configured({ llmProviders: [{ hosts: ["api.openai.com"], mayReceivePhi: false }] });
    expect(found(withEntry(list, "api.openai.com"), "deployed", raw)).toEqual([]);
  });

  it.each([
    [{ llmProviders: [{ hosts: [] }] }, "llmProviders[0].hosts"],
    [{ llmProviders: [{ hosts: ["*"] }] }, "llmProviders[0].hosts[0]"],
    [{ llmProviders: [{ hosts: ["*.com", "api.*.com"] }] }, "llmProviders[0].hosts[0]"],
    [
      { llmProviders: [{ hosts: ["api.openai.com"], agreement: { signed: "yesterday" } }] },
      "llmProviders[0].agreement.signed",
    ],
    [{ llmProvider: [] }, ""],
    [{ llmApiDomains: [{ host: "models.example" }] }, "llmApiDomains[0].provider"],
  ])("in a configuration that is wrong counts for nothing: %j", (properties, path) => {
    const read = settings(configured(properties));
    expect(read.llmProviders).toEqual([]);
    expect(read.problems.map((problem) => [problem.policy, problem.path])).toContainEqual([rule, path]);
  });
});

describe.each(hostEntries)("what is hidden of $name", ({ add, isRoute }) => {
  it("turns no refusal into advice, but for the address of a route", () => {
    const stack = stranger("preview");
    const before = stack.resources().length;
    add(stack, "api.openai.com");
    const resources = stack.resources();
    const places = resources.flatMap((resource, index) =>
      index < before ? [] : keysOf(resource.inputs).map((keys) => ({ resource: index, keys })),
    );
    const passed = places.filter(
      (place) =>
        !judge(hiding(resources, place), { dryRun: true }).findings.some(
          (finding) => finding.rule === rule && finding.level === "mandatory",
        ),
    );
    const texts = passed.map(({ keys }) => keys.join("."));
    expect(isRoute === true ? [] : texts).toEqual([]);
  });
});

describe.each(carrierNames)("an Envoy in %s", (name) => {
  const leadingTo = (address: string): Sketch =>
    carried(
      name,
      JSON.stringify({
        static_resources: {
          clusters: [
            {
              name: "provider",
              type: "STRICT_DNS",
              load_assignment: {
                cluster_name: "provider",
                endpoints: [
                  {
                    lb_endpoints: [
                      { endpoint: { address: { socket_address: { address, port_value: 443 } } } },
                    ],
                  },
                ],
              },
            },
          ],
        },
      }),
    );

  it("may lead to no API of models that nothing declares", () => {
    const summaries = found(leadingTo("API.OpenAI.com")).map(({ summary }) => summary);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).toMatch(
      /^Cluster provider of .* lets through api\.openai\.com, which is the API of OpenAI/,
    );
  });

  it.each(["fhir-proxy.processing.internal", "10.0.0.5", "updates.example.org"])(
    "may lead to %s",
    (address) => {
      expect(found(leadingTo(address))).toEqual([]);
    },
  );
});

describe.each(knowledges)("what refuses an API of models, %s", (knowledge) => {
  const proxyRule = "gcp:networksecurity/gatewaySecurityPolicyRule:GatewaySecurityPolicyRule";
  const listName = "projects/hospital-ai/locations/us-central1/urlLists/models";
  const withList = (profiles: readonly string[]): Sketch => {
    const stack = stranger(knowledge);
    stack.add("gcp:networksecurity/urlList:UrlList", "models", {
      name: "models",
      project: "hospital-ai",
      location: "us-central1",
      values: ["api.openai.com"],
    });
    profiles.forEach((basicProfile, index) =>
      stack.add(proxyRule, `rule-${String(index)}`, {
        name: `rule-${String(index)}`,
        gatewaySecurityPolicy: "policy",
        location: "us-central1",
        enabled: true,
        priority: 100 + index,
        basicProfile,
        sessionMatcher: `inUrlList(host(), '${listName}')`,
        tlsInspectionEnabled: true,
      }),
    );
    return stack;
  };

  it("is no way to it: a list that rules of a proxy deny alone", () => {
    expect(found(withList(["DENY"]), knowledge)).toEqual([]);
    for (const profiles of [[], ["ALLOW"], ["DENY", "ALLOW"], ["DENY", unknownText]]) {
      expect(found(withList(profiles), knowledge).map(({ level }) => level)).toContain("mandatory");
    }
  });

  it("is no way to it: a rule within a firewall policy that denies, or is about what comes in", () => {
    const withRule = (rule: Readonly<Record<string, unknown>>): Sketch => {
      const stack = stranger(knowledge);
      stack.add("gcp:compute/networkFirewallPolicyWithRules:NetworkFirewallPolicyWithRules", "policy", {
        name: "policy",
        rules: [
          {
            priority: 100,
            direction: "EGRESS",
            action: "allow",
            match: { destFqdns: ["api.openai.com"], layer4Configs: [{ ipProtocol: "tcp" }] },
            ...rule,
          },
        ],
      });
      return stack;
    };
    expect(found(withRule({ action: "deny" }), knowledge)).toEqual([]);
    expect(found(withRule({ direction: "INGRESS" }), knowledge)).toEqual([]);
    for (const rule of [{}, { action: unknownText }, { direction: unknownText }]) {
      expect(found(withRule(rule), knowledge).map(({ level }) => level)).toEqual(["mandatory"]);
    }
  });

  it.each([
    'pass tcp $HOME_NET any -> any 443 (content:"|16 03|"; startswith; sid:1;)',
    'pass tcp any any -> any any (tls.cert_subject; content:"openai"; sid:1;)',
    'pass ip any any -> $EXTERNAL_NET [80,443] (content:"POST"; sid:1;)',
    'pass tcp any any -> any 443 (tls_sni; content:"api.openai.com"; sid:1;)',
  ])("is a way to any: %s", (rules) => {
    const stack = stranger(knowledge);
    stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "rules", { type: "STATEFUL", capacity: 10, rules });
    expect(found(stack, knowledge).map(({ level }) => level)).toEqual(["mandatory"]);
  });

  it.each([
    'pass tcp $HOME_NET any -> 10.0.9.0/24 443 (content:"|16 03|"; startswith; sid:1;)',
    'pass tcp any any -> any 22 (content:"SSH-"; startswith; sid:1;)',
    'pass udp any any -> any 443 (content:"a"; sid:1;)',
    'pass tcp any any -> any 443 (tls_sni; content:"updates.example.org"; startswith; endswith; sid:1;)',
  ])("is a way to none: %s", (rules) => {
    const stack = stranger(knowledge);
    stack.add("aws:networkfirewall/ruleGroup:RuleGroup", "rules", { type: "STATEFUL", capacity: 10, rules });
    expect(found(stack, knowledge)).toEqual([]);
  });
});
