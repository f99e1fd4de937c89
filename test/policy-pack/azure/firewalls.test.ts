import { describe, expect, it } from "vitest";

import { settings } from "../../../policy-pack/settings";
import { azureBase, textId, type Inputs } from "../corpus/azure-base";
import { filter, networkRule, passed, provider, toFirewall } from "../corpus/azure-inspection";
import { foreignId, here } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { judge } from "../judge-on-a-day";
import { ownGroup, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** Lets the processing zone have flows to the Internet, so that it is a matter of inspection alone. */
const configured = settings({
  "zone-assignment": {},
  "zones-reach-only-declared-peers": {
    flows: [{ from: "processing", to: { cidr: "0.0.0.0/0" }, port: 443 }],
  },
});

const providers = filter("providers", 200, [provider]);
const past = (priority: number, more: Inputs = {}, access = "Allow"): Inputs => ({
  ...filter("past", priority, [networkRule(more)]),
  action: { type: access },
});
const collections = (...ruleCollections: readonly Inputs[]): Change =>
  passed({ collections: ruleCollections });

describe.each(knowledges)("a firewall of Azure's, %s", (knowledge) => {
  const findings = (change: Change): ReturnType<typeof judge>["findings"] => {
    const stack = azureBase(knowledge);
    change(stack);
    return judge(stack.resources(), {
      dryRun: knowledge === "preview",
      settings: configured,
    }).findings.filter(({ level, rule }) => level === "mandatory" && rule !== "resources-are-understood");
  };
  /** What lets packets by, and how sure it is. */
  const past443 = (change: Change): readonly string[] =>
    findings(change)
      // Which hosts it names is another rule's.
      .filter(({ rule }) => rule !== "llm-providers-have-agreements")
      .map(
        ({ rule, verdict, openedBy, packet }) =>
          `${rule === "internet-egress-is-inspected" ? "" : `${rule}: `}${verdict} ${openedBy.map(({ label }) => label).join(", ")} | ${(packet ?? "").replace(/.* to /, "")}`,
      );

  it("looks into what it lets by", () => {
    expect(past443(passed())).toEqual([]);
  });

  it("lets nothing by without rules", () => {
    expect(past443(collections())).toEqual([]);
    expect(past443(passed({ firewall: { firewallPolicy: undefined } }))).toEqual([]);
  });

  const group = "FirewallPolicyRuleCollectionGroup firewall-rules";
  it.each<readonly [string, Change, readonly string[]]>([
    [
      "one address",
      collections(providers, past(900, { destinationAddresses: ["203.0.113.7"] })),
      [`open rule past of ${group}: passes packets by their headers alone | 203.0.113.7`],
    ],
    [
      "an address of a range",
      collections(past(900, { destinationAddresses: ["203.0.113.7-203.0.113.9"] })),
      [`open rule past of ${group}: passes packets by their headers alone | 203.0.113.7`],
    ],
    [
      "what a rule before it leaves",
      collections(past(100, { sourceAddresses: ["*"] }, "Deny"), past(900)),
      [],
    ],
    [
      "what a denial of some senders leaves",
      collections(past(100, { sourceAddresses: ["10.0.2.7"] }, "Deny"), past(900)),
      [`open rule past of ${group}: passes packets by their headers alone | 1.0.0.0`],
    ],
    [
      "more than a denial of one address",
      collections(
        past(100, { sourceAddresses: ["*"], destinationAddresses: ["1.0.0.0"] }, "Deny"),
        past(900),
      ),
      [`open rule past of ${group}: passes packets by their headers alone | 1.0.0.1`],
    ],
    ["another port, which no filter opens", collections(past(900, { destinationPorts: ["8080-8090"] })), []],
    ["another protocol, which no filter opens", collections(past(900, { ipProtocols: ["UDP"] })), []],
    [
      "private addresses, which are not the Internet's",
      collections(past(900, { destinationAddresses: ["10.0.0.0/8"] })),
      [],
    ],
    [
      "a rule whose order is not known, before a denial",
      collections({ ...past(100, { sourceAddresses: ["*"] }, "Deny"), priority: unknownText }, past(900)),
      [`open rule past of ${group}: passes packets by their headers alone | 1.0.0.0`],
    ],
    [
      "a rule of which nobody knows what it does",
      collections({ ...past(900), action: unknownText }),
      [`undetermined rule past of ${group}: passes packets by their headers alone | 1.0.0.0`],
    ],
    [
      "collections that nobody knows",
      passed({ collections: unknownText as unknown as readonly Inputs[] }),
      [`undetermined a rule of ${group}: passes packets by their headers alone | 1.0.0.0`],
    ],
    [
      "what it translates to an address of the Internet",
      collections({
        ...past(100, {
          ruleType: "NatRule",
          destinationAddresses: ["198.51.100.1"],
          translatedAddress: "203.0.113.7",
          translatedPort: "443",
        }),
        ruleCollectionType: "FirewallPolicyNatRuleCollection",
        action: { type: "DNAT" },
      }),
      [
        `open rule past of ${group}: passes packets on to another address by their headers alone | 198.51.100.1`,
      ],
    ],
    [
      "what calls its own address, and is translated to one of the Internet",
      collections({
        ...past(100, {
          ruleType: "NatRule",
          destinationAddresses: ["10.0.6.4"],
          translatedAddress: "203.0.113.7",
          translatedPort: "443",
        }),
        ruleCollectionType: "FirewallPolicyNatRuleCollection",
        action: { type: "DNAT" },
      }),
      [`open rule past of ${group}: passes packets on to another address by their headers alone | 1.0.0.0`],
    ],
    [
      "what it translates to an address of its own network",
      collections({
        ...past(100, {
          ruleType: "NatRule",
          destinationAddresses: ["198.51.100.1"],
          translatedAddress: "10.0.2.7",
          translatedPort: "443",
        }),
        ruleCollectionType: "FirewallPolicyNatRuleCollection",
        action: { type: "DNAT" },
      }),
      [],
    ],
    [
      "TLS that it does not end",
      collections(filter("providers", 200, [{ ...provider, terminateTLS: false }])),
      [`open rule provider of ${group}: passes TLS without ending it (terminateTLS) | 1.0.0.0`],
    ],
    [
      "TLS that it may not end",
      collections(filter("providers", 200, [{ ...provider, terminateTLS: unknownText }])),
      [`undetermined rule provider of ${group}: passes TLS without ending it (terminateTLS) | 1.0.0.0`],
    ],
    [
      "every name under a hospital's own domain",
      collections(filter("providers", 200, [{ ...provider, targetFqdns: ["*.provider.example"] }])),
      [],
    ],
    [
      "a path under a name",
      collections(
        filter("providers", 200, [
          { ...provider, targetFqdns: undefined, targetUrls: ["api.provider.example/v1/*"] },
        ]),
      ),
      [],
    ],
    [
      "names that a rule of all names before it refuses",
      collections(
        {
          ...filter("none", 100, [{ ...provider, sourceAddresses: ["*"], targetFqdns: ["*"] }]),
          action: { type: "Deny" },
        },
        filter("providers", 200, [{ ...provider, terminateTLS: false }]),
      ),
      [],
    ],
  ])("lets by %s", (_what, change, expected) => {
    expect(past443(change)).toEqual(expected);
  });

  it("tries rules of the network first, whatever their priorities", () => {
    const denial = {
      ...filter("none", 100, [{ ...provider, sourceAddresses: ["*"], targetFqdns: ["*"] }]),
      action: { type: "Deny" },
    };
    expect(past443(collections(denial, past(900)))).toEqual([
      `open rule past of ${group}: passes packets by their headers alone | 1.0.0.0`,
    ]);
    expect(past443(collections(past(900), denial))).toEqual(past443(collections(denial, past(900))));
  });

  it("tries the rules of the policy that it is based on first", () => {
    const based =
      (denies: boolean): Change =>
      (stack) => {
        passed({
          collections: [past(100)],
          policy: { basePolicy: { id: textId("Microsoft.Network/firewallPolicies", "base") } },
        })(stack);
        stack.add("azure-native:network:FirewallPolicy", "base", {
          ...here,
          firewallPolicyName: "base",
          sku: { tier: "Premium" },
        });
        stack.add("azure-native:network:FirewallPolicyRuleCollectionGroup", "base-rules", {
          resourceGroupName: ownGroup,
          firewallPolicyName: "base",
          ruleCollectionGroupName: "base-rules",
          priority: 60000,
          ruleCollections: [past(60000, { sourceAddresses: ["*"] }, denies ? "Deny" : "Allow")],
        });
      };
    expect(past443(based(true))).toEqual([]);
    expect(past443(based(false))).toEqual([
      "open rule past of FirewallPolicyRuleCollectionGroup base-rules: passes packets by their headers alone | 1.0.0.0",
    ]);
    expect(
      past443(
        passed({ policy: { basePolicy: { id: foreignId("Microsoft.Network/firewallPolicies", "base") } } }),
      ),
    ).toEqual(["undetermined FirewallPolicy firewall-policy | 1.0.0.0"]);
  });

  it("looks into nothing where a part of it is of a smaller tier, or has no authority", () => {
    const why = (label: string): readonly string[] => [`open ${label} | 1.0.0.0`];
    const tier = "is of a tier that looks into no TLS (sku.tier)";
    expect(past443(passed({ policy: { sku: { tier: "Standard" } } }))).toEqual(
      why(`FirewallPolicy firewall-policy: ${tier}`),
    );
    expect(past443(passed({ firewall: { sku: { name: "AZFW_VNet", tier: "Standard" } } }))).toEqual(
      why(`AzureFirewall firewall: ${tier}`),
    );
    expect(past443(passed({ policy: { transportSecurity: undefined } }))).toEqual(
      why("FirewallPolicy firewall-policy: has no authority to end TLS with (transportSecurity)"),
    );
    expect(past443(passed({ policy: { sku: unknownText } }))).toEqual([
      `undetermined FirewallPolicy firewall-policy: ${tier} | 1.0.0.0`,
    ]);
    expect(
      past443(
        passed({
          policy: {
            transportSecurity: { certificateAuthority: { name: "a", keyVaultSecretId: unknownText } },
          },
        }),
      ),
    ).toEqual([]);
  });

  it("is known by its address, and by that of its subnet", () => {
    const led = (nextHopIpAddress: unknown): Change =>
      passed({ routes: [{ ...toFirewall(), nextHopIpAddress }] });
    expect(past443(led("10.0.6.63"))).toEqual([]);
    expect(
      past443((s) => {
        passed()(s);
        return amend(s, "processing-routes", {
          routes: [{ ...toFirewall(), nextHopIpAddress: `${s.id("firewall")}.privateAddress` }],
        });
      }),
    ).toEqual([]);
    const [elsewhere] = past443(led("10.0.6.64"));
    expect(elsewhere).toMatch(/^undetermined /);
    const [unknown] = past443(led(unknownText));
    expect(unknown).toMatch(/^undetermined /);
  });

  it("is what has to be on the way, in the words of Azure", () => {
    const [finding] = findings(passed({ collections: [past(900)] }));
    expect(finding?.remedy).toBe(
      "Lead the route to the private address of an AzureFirewall whose policy ends TLS and passes requests by their names alone; or take it away.",
    );
  });

  it("is judged the same in every order of the resources", () => {
    const stack = azureBase(knowledge);
    collections(past(100, { destinationAddresses: ["203.0.113.7"] }), providers)(stack);
    const resources = stack.resources();
    const options = { dryRun: knowledge === "preview", settings: configured };
    expect(judge([...resources].reverse(), options).findings).toEqual(judge(resources, options).findings);
  });
});
