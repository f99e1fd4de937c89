import { beforeAll, describe, expect, it } from "vitest";

import { withExternalProviders } from "../../model/with-external-providers";
import { hiding, keysOf } from "../hidden-value";
import { judge } from "../judge-on-a-day";
import { judged, shown, statements } from "../judged-proofs";
import type { Mutant } from "../mutants";
import { alter, put } from "../put";
import { named, renderedOnAzure } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { azureEgressMutants, firewall, policy, providers } from "./azure-egress-mutants";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const inspected = "internet-egress-is-inspected";

/** Changes that open nothing. */
const harmless: readonly Pick<Mutant, "fault" | "dig">[] = [
  {
    fault: "a provider's host in upper case",
    dig: (stack) => {
      alter(stack, providers, "ruleCollections/providers/rules/openai/targetFqdns", () => ["API.openai.com"]);
    },
  },
  {
    fault: "part of the guard's subnet",
    dig: (stack) => {
      alter(stack, providers, "ruleCollections/providers/rules/openai/sourceAddresses", (list) => [
        `${String((list as readonly string[])[0]).split("/")[0] ?? ""}/28`,
      ]);
    },
  },
  {
    fault: "no proxy, which is not said",
    dig: (stack) => {
      put(stack, policy, "explicitProxy", undefined);
    },
  },
  {
    fault: "each of the firewall's logs by its name",
    dig: (stack) => {
      put(
        stack,
        "bulkhead-firewall-recording",
        "logs",
        ["AZFWApplicationRule", "AZFWNetworkRule", "AZFWNatRule", "AZFWIdpsSignature", "AZFWThreatIntel"].map(
          (category) => ({ category, enabled: true }),
        ),
      );
    },
  },
];

describe.each(knowledges)("the egress zone of a platform on Azure, %s", (knowledge) => {
  let whole: Sketch;
  beforeAll(async () => {
    whole = await renderedOnAzure(withExternalProviders, knowledge);
  });
  const refused = (dig: (stack: Sketch) => unknown): readonly string[] => {
    const stack = whole.copy();
    dig(stack);
    return judge(stack.resources(), { dryRun: knowledge === "preview" })
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ rule }) => rule);
  };

  it("is accepted, and no declared flow is held back", () => {
    expect(judge(whole.resources(), { dryRun: knowledge === "preview" }).findings).toEqual([]);
  });

  it("is shown to have all that leaves it inspected", () => {
    const baseline = judged(whole, knowledge);
    expect(statements(baseline, inspected)).toContain(
      "Inspection: packets to the Internet from this subnet of zone egress go to what ends their TLS, and lets through those to hosts of declared providers alone.",
    );
    const evidence = [...shown(baseline, inspected)].filter((one) => one.startsWith("Inspection: "));
    expect(evidence.map((one) => one.split("::").at(-1)).sort()).toEqual(
      [firewall, "bulkhead-egress-workload-routes", "bulkhead-network"].sort(),
    );
  });

  it.each(azureEgressMutants)("is refused by $rule: $fault", ({ rule, dig }) => {
    expect(refused(dig)).toContain(rule);
  });

  it.each(harmless)("is accepted: $fault", ({ dig }) => {
    expect(refused(dig)).toEqual([]);
  });

  it("shows no more when a value of the firewall is hidden", () => {
    const resources = whole.resources();
    const dryRun = knowledge === "preview";
    const known = shown(judged(whole, knowledge), inspected);
    const places = [firewall, policy, providers].flatMap((name) => {
      const resource = resources.findIndex(({ urn }) => urn === named(whole, name).urn);
      return keysOf(resources[resource]?.inputs ?? {}).map((keys) => ({ resource, keys }));
    });
    const more = places.flatMap((place) =>
      [...shown(judge(hiding(resources, place), { dryRun }), inspected)].filter((one) => !known.has(one)),
    );
    expect(more).toEqual([]);
    expect(places.length).toBeGreaterThan(60);
  });
});

describe("the faults of the egress zone on Azure", () => {
  it("are each named once", () => {
    const faults = azureEgressMutants.map(({ fault }) => fault);
    expect(new Set(faults).size).toBe(faults.length);
  });
});
