import { beforeAll, describe, expect, it } from "vitest";

import { referencePlatform } from "../../../model/reference-platform";
import { guarantees } from "../../../policy-pack/guarantee";
import { reportedFinding } from "../../../policy-pack/report/reported-finding";
import { reportedGuarantees } from "../../../policy-pack/report/reported-guarantees";
import { rules } from "../../../policy-pack/rules";
import { hiding, keysOf } from "../hidden-value";
import { judge, type Judgement } from "../judge-on-a-day";
import { judged, shown, statements, type Judged } from "../judged-proofs";
import { named, renderedOnGoogle, renderedPlatform } from "../rendered-stack";
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

describe("the guarantees of the reference platform on Google Cloud", () => {
  it("are those of AWS, each with evidence that is of Google Cloud", async () => {
    const onGoogle = guaranteed(await renderedOnGoogle(referencePlatform, "preview"));
    const onAws = guaranteed(await renderedPlatform(referencePlatform, "preview"));
    expect(onGoogle.map(({ id, status }) => [id, status])).toEqual(
      onAws.map(({ id, status }) => [id, status]),
    );
    expect(onGoogle.map(({ id }) => id)).toEqual(guarantees.map(({ id }) => id));
    for (const { id, status, proofs } of onGoogle) {
      const evidence = proofs.flatMap((proof) => proof.evidence);
      expect([id, evidence.length > 0]).toEqual([id, status === "held"]);
      expect(evidence.filter(({ urn }) => !/::bulkhead:|\$gcp:/.test(urn))).toEqual([]);
    }
  });
});

describe.each(knowledges)("proofs of the reference platform on Google Cloud, %s", (knowledge) => {
  let whole: Sketch;
  let baseline: Judged;
  let urns: ReadonlySet<string>;
  beforeAll(async () => {
    whole = await renderedOnGoogle(eachKind, knowledge);
    baseline = judged(whole, knowledge);
    urns = new Set(whole.resources().map(({ urn }) => urn));
  });

  it.each(
    rules
      .map(({ name }) => name)
      .filter((name) => name !== "certificates-rotate" && name !== "waivers-are-in-order"),
  )("show %s by a few statements, each with evidence that is of the stack", (rule) => {
    const of = baseline.proofs.find((one) => one.rule === rule);
    const proofs = of?.kind === "proofs" ? of.proofs : [];
    expect(proofs.length).toBeGreaterThan(0);
    // Much of Google Cloud takes no labels: what is in a zone is said by each component.
    expect(proofs.length).toBeLessThanOrEqual(rule === "zone-assignment" ? 40 : 16);
    for (const { evidence } of proofs) {
      expect(evidence.length).toBeGreaterThan(0);
      expect(evidence.filter(({ urn }) => !urns.has(urn))).toEqual([]);
    }
  });

  it("show that calls alone could leave the PHI zone, which has no network", () => {
    const layers = statements(baseline, "phi-zone-has-no-egress").map((text) => text.split(":")[0]);
    expect([...new Set(layers)].sort()).toEqual(["API", "Store"]);
  });

  it("claim nothing more, and nothing else, when a value is hidden", () => {
    const resources = whole.resources();
    const dryRun = knowledge === "preview";
    const places = resources
      .flatMap(({ name, inputs }, resource) =>
        /phi-key|-store|-index|names|machine|endpoint/.test(name)
          ? keysOf(inputs ?? {}).map((keys) => ({ resource, keys }))
          : [],
      )
      // Every one is a minute: each knowledge takes others of them.
      .filter((_place, index) => index % 20 === knowledges.indexOf(knowledge) * 10);
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
    expect(places.length).toBeGreaterThan(20);
  });

  it("are the same whatever the order of the resources", () => {
    const dryRun = knowledge === "preview";
    expect(judge([...whole.resources()].reverse(), { dryRun }).proofs).toEqual(baseline.proofs);
  });

  it.each([
    ["bulkhead-phi-perimeter", "status", "phi-zone-has-no-egress"],
    ["bulkhead-platform-perimeter", "status", "platform-services-are-private"],
    ["bulkhead-phi-key", "rotationPeriod", "network-defaults-are-sealed"],
    ["bulkhead-document-store", "encryption", "network-defaults-are-sealed"],
    ["bulkhead-processing-network", "networkFirewallPolicyEnforcementOrder", "network-defaults-are-sealed"],
    ["bulkhead-processing-googleapis-com-apex", "rrdatas", "platform-services-are-private"],
    ["bulkhead-processing-names-recording", "enableLogging", "traffic-is-audited"],
    ["bulkhead-fhir-proxy-subnet", "logConfig", "traffic-is-audited"],
    ["bulkhead-machine-clients", "mtlsPolicy", "flows-require-mtls"],
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
    stack.add("gcp:somewhere/thing:Thing", "hole", {
      project: "hospital-phi",
      labels: { "bulkhead-zone": "phi" },
    });
    const mutant = judged(stack, knowledge);
    expect(statements(mutant, "phi-zone-has-no-egress")).toEqual([]);
    expect(statements(mutant, "phi-zone-admits-only-processing")).toEqual([]);
  });
});
