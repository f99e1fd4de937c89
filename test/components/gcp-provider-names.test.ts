import { describe, expect, it } from "vitest";

import { answeredZones, responseRules, type ResponseRule } from "../../components/gcp/answered-names";
import type { NetworkedZone } from "../../components/gcp/physical-names";
import { platformSpec, type PlatformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { withExternalProviders } from "../model/with-external-providers";
import { gcpTargetWithEgress, renderedOnGoogle } from "../policy-pack/rendered-stack";

const spec = platformSpec(withExternalProviders);

function rulesOf(network: NetworkedZone, of: PlatformSpec = spec): readonly ResponseRule[] {
  return responseRules(answeredZones(of), network, of);
}

/** The names that a network asks of others than itself. */
function passedOn(network: NetworkedZone, of?: PlatformSpec): readonly string[] {
  return rulesOf(network, of).flatMap(({ dnsName, answer }) => (answer === undefined ? [dnsName] : []));
}

const own = [
  "googleapis.com.",
  "*.googleapis.com.",
  "pkg.dev.",
  "*.pkg.dev.",
  "ai.hospital.example.",
  "*.ai.hospital.example.",
];

describe("the names that a network on Google Cloud passes on", () => {
  it("are in the egress network also the hosts of declared providers, each by its whole name", () => {
    expect(passedOn("egress")).toEqual([...own, "api.anthropic.com.", "api.openai.com."]);
  });

  it.each(["gateway", "processing"] as const)("are in the network of zone %s its own alone", (network) => {
    expect(passedOn(network)).toEqual(own);
  });

  it("are no provider's where none is declared", () => {
    expect(passedOn("egress", platformSpec(referencePlatform))).toEqual(own);
  });

  it("have rules whose names Google Cloud takes, and no two of which are alike", () => {
    const hosts = [
      `${"a".repeat(63)}.${"b".repeat(63)}.example`,
      `${"a".repeat(63)}.${"c".repeat(63)}.example`,
    ];
    const long: PlatformSpec = {
      ...spec,
      llmProviders: spec.llmProviders.map((provider) =>
        provider.kind === "external" && provider.id === "openai"
          ? { ...provider, fqdns: ["a-b.example", "a.b.example", ...hosts] }
          : provider,
      ),
    };
    const names = rulesOf("egress", long).map(({ name }) => name);
    expect(names.filter((name) => !/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  it("are rules of the egress network's policy, in its project", async () => {
    const stack = await renderedOnGoogle(withExternalProviders, "preview", gcpTargetWithEgress);
    const rules = stack
      .resources()
      .map(({ inputs }) => inputs ?? {})
      .filter(({ dnsName }) => dnsName === "api.openai.com." || dnsName === "api.anthropic.com.");
    expect(rules.map(({ ruleName: _, ...inputs }) => inputs)).toEqual(
      ["api.anthropic.com.", "api.openai.com."].map((dnsName) => ({
        responsePolicy: "bulkhead-egress-names",
        project: "hospital-egress",
        dnsName,
        behavior: "bypassResponsePolicy",
      })),
    );
  });
});
