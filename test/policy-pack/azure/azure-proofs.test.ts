import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import { guarantees } from "../../../policy-pack/guarantee";
import { reportedFinding } from "../../../policy-pack/report/reported-finding";
import { reportedGuarantees } from "../../../policy-pack/report/reported-guarantees";
import { rules } from "../../../policy-pack/rules";
import { hiding, keysOf } from "../hidden-value";
import { judge, type Judgement } from "../judge-on-a-day";
import { judged, shown, statements, type Judged } from "../judged-proofs";
import { named, renderedOnAzure, renderedPlatform } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { eachKind } from "../each-kind";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

/** Each guarantee with what becomes of it, and the labels of what shows it. */
function guaranteed(stack: Sketch): ReturnType<typeof reportedGuarantees> {
  const judgement: Judgement = judge(stack.resources(), { dryRun: true });
  return reportedGuarantees(
    judgement,
    judgement.findings.map((finding) => reportedFinding(finding, undefined)),
  );
}

describe("the guarantees of the reference platform on Azure", () => {
  it("are those of AWS, each with evidence that is of Azure", async () => {
    const onAzure = guaranteed(await renderedOnAzure(referencePlatform, "preview"));
    const onAws = guaranteed(await renderedPlatform(referencePlatform, "preview"));
    expect(onAzure.map(({ id, status }) => [id, status])).toEqual(
      onAws.map(({ id, status }) => [id, status]),
    );
    expect(onAzure.map(({ id }) => id)).toEqual(guarantees.map(({ id }) => id));
    for (const { id, status, proofs } of onAzure) {
      const evidence = proofs.flatMap((proof) => proof.evidence);
      expect([id, evidence.length > 0]).toEqual([id, status === "held"]);
      expect(
        evidence.filter(({ urn }) => !/::(?:bulkhead:|azure-native:)|\$azure-native:/.test(urn)),
      ).toEqual([]);
    }
  });
});

describe.each(knowledges)("proofs of the reference platform on Azure, %s", (knowledge) => {
  let whole: Sketch;
  let baseline: Judged;
  let urns: ReadonlySet<string>;
  beforeAll(async () => {
    whole = await renderedOnAzure(eachKind, knowledge);
    baseline = judged(whole, knowledge);
    urns = new Set(whole.resources().map(({ urn }) => urn));
  });

  it.each(
    rules
      .map(({ name }) => name)
      .filter((name) => name !== "certificates-rotate" && name !== "waivers-are-in-order"),
  )("show %s by 1 to 20 statements, each with evidence that is of the stack", (rule) => {
    const of = baseline.proofs.find((one) => one.rule === rule);
    const proofs = of?.kind === "proofs" ? of.proofs : [];
    expect(proofs.length).toBeGreaterThan(0);
    expect(proofs.length).toBeLessThanOrEqual(20);
    for (const { evidence } of proofs) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(evidence.filter(({ urn }) => !urns.has(urn))).toEqual([]);
    }
  });

  it("show each layer by which the PHI zone is closed", () => {
    const layers = statements(baseline, "phi-zone-has-no-egress").map((text) => text.split(":")[0]);
    expect([...new Set(layers)].sort()).toEqual(["API", "Address", "Connection", "Filter", "Route", "Store"]);
  });

  it("show what stands in the place of each of Azure's defaults", () => {
    const of = baseline.proofs.find(({ rule }) => rule === "network-defaults-are-sealed");
    expect(
      of?.kind === "proofs" && of.proofs.map(({ statement, evidence }) => [statement, evidence.length]),
    ).toEqual([
      [
        "Default: Azure's own way to the Internet is switched off on the subnet (defaultOutboundAccess is false).",
        13,
      ],
      [
        "Default: a DNS security policy is in force on the network, and blocks every name that nobody named.",
        2,
      ],
      ["Default: a key of the customer's encrypts what is in the service.", 4],
      ["Default: a key of the customer's encrypts what is in the storage account.", 3],
      ["Default: a network security perimeter encloses the store.", 4],
      ["Default: a policy makes the key anew by itself.", 4],
      ["Default: nobody destroys the keys of a vault before their time (enablePurgeProtection is true).", 5],
      [
        "Default: one resource owns the rules of the network security group, so that a rule of another is taken out.",
        13,
      ],
      ["Default: the network security group of the subnet denies AzurePlatformIMDS to what is in it.", 9],
      ["Default: the network security group of the subnet denies AzurePlatformLKM to what is in it.", 13],
      [
        "Default: the subnet has a network security group, and a route table that leads 0.0.0.0/0 and takes no route of a gateway's, so that it falls back to no default.",
        13,
      ],
    ]);
  });

  it("show what holds the calls that come by each endpoint", () => {
    const said = (["phi-zone-has-no-egress", "platform-services-are-private"] as const).flatMap((rule) =>
      statements(baseline, rule).filter((text) => text.startsWith("API: ")),
    );
    expect(said).toEqual([
      "API: a network security perimeter holds the store whatever its own settings say (accessMode is Enforced), and lets no call out.",
      "API: an endpoint leads to one resource of the stack, and to no other of its service.",
      "API: a private link scope lets records be sent to its own members, and these be asked, and no others (PrivateOnly).",
      "API: an endpoint leads to one resource of the stack, and to no other of its service.",
    ]);
  });

  it("are the same whatever the order of the resources", () => {
    const dryRun = knowledge === "preview";
    expect(judge([...whole.resources()].reverse(), { dryRun }).proofs).toEqual(baseline.proofs);
  });

  it("claim nothing more, and nothing else, when a value is hidden", () => {
    const resources = whole.resources();
    const dryRun = knowledge === "preview";
    const places = resources
      .flatMap(({ name, inputs }, resource) =>
        /phi|-store|names|machine|perimeter|scope|network$/.test(name)
          ? keysOf(inputs ?? {}).map((keys) => ({ resource, keys }))
          : [],
      )
      // Every one is a minute: each knowledge takes others of them.
      .filter((_place, index) => index % 24 === knowledges.indexOf(knowledge) * 12);
    const known = new Map(rules.map(({ name }) => [name, shown(baseline, name)]));
    const more = places.flatMap((place) => {
      const hidden = judge(hiding(resources, place), { dryRun });
      return rules.flatMap(({ name }) =>
        [...shown(hidden, name)]
          .filter((one) => known.get(name)?.has(one) !== true)
          .map((one) => `${resources[place.resource]?.name ?? ""} ${place.keys.join(".")}: ${one}`),
      );
    });
    expect(more).toEqual([]);
    expect(places.length).toBeGreaterThan(40);
  });

  it.each([
    ["bulkhead-fhir-store-filter", "securityRules", "phi-zone-has-no-egress"],
    ["bulkhead-fhir-store-filter", "securityRules", "network-defaults-are-sealed"],
    ["bulkhead-phi-private-endpoint-routes", "disableBgpRoutePropagation", "network-defaults-are-sealed"],
    ["bulkhead-phi-private-endpoint-routes", "routes", "network-defaults-are-sealed"],
    ["bulkhead-perimeter-of-document-store", "accessMode", "phi-zone-has-no-egress"],
    ["bulkhead-perimeter-of-document-store", "privateLinkResource", "network-defaults-are-sealed"],
    ["bulkhead-monitor-scope", "accessModeSettings", "platform-services-are-private"],
    ["bulkhead-phi-key", "properties", "network-defaults-are-sealed"],
    ["bulkhead-phi-vault", "properties", "network-defaults-are-sealed"],
    ["bulkhead-document-store-account", "encryption", "network-defaults-are-sealed"],
    ["bulkhead-document-store-endpoint", "privateLinkServiceConnections", "phi-zone-has-no-egress"],
    ["bulkhead-network", "subnets", "network-defaults-are-sealed"],
    ["bulkhead-network-flows", "enabled", "traffic-is-audited"],
  ] as const)("claim less where %s does not show its %s", (name, key, rule) => {
    const { urn: hiddenUrn } = named(whole, name);
    const resources = whole.resources();
    const resource = resources.findIndex(({ urn }) => urn === hiddenUrn);
    const hidden = judge(hiding(resources, { resource, keys: [key] }), {
      dryRun: knowledge === "preview",
    });
    const left = shown(hidden, rule);
    const lost = [...shown(baseline, rule)].filter((one) => !left.has(one));
    expect(lost).not.toEqual([]);
  });

  it("lean on nothing of the PHI zone where something that cannot be read touches it", () => {
    const stack = whole.copy();
    stack.add("azure-native:somewhere:Thing", "hole", {
      resourceGroupName: "bulkhead-phi",
      subnetId: `${stack.id("bulkhead-network")}/subnets/bulkhead-fhir-store`,
      tags: { "bulkhead-zone": "phi" },
    });
    const mutant = judged(stack, knowledge);
    expect(statements(mutant, "phi-zone-has-no-egress")).toEqual([]);
    expect(statements(mutant, "phi-zone-admits-only-processing")).toEqual([]);
  });
});
