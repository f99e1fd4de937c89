import { describe, expect, it } from "vitest";

import { cloudTarget } from "../../model/cloud-target";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { assertRenderable, targetInvariants } from "../../model/target-invariants";

import { findingsOf } from "./findings-of";

const right = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};

describe("where a platform is rendered", () => {
  it("is read as it is written", () => {
    expect(cloudTarget(right)).toEqual(right);
  });

  it.each([
    [
      "a region that is none",
      { region: "useast1", availabilityZones: ["useast1a", "useast1b"] },
      ["aws:region"],
    ],
    ["an account that is none", { accountId: "1111-2222-3333" }, ["bulkhead:accountId"]],
    ["an account with its zeros lost", { accountId: 1122223333 }, ["bulkhead:accountId"]],
    ["one availability zone", { availabilityZones: ["us-east-1a"] }, ["bulkhead:availabilityZones"]],
    [
      "four availability zones",
      { availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"] },
      ["bulkhead:availabilityZones"],
    ],
    [
      "an availability zone twice",
      { availabilityZones: ["us-east-1a", "us-east-1a"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    [
      "an availability zone of another region",
      { availabilityZones: ["us-east-1a", "us-west-2b"] },
      ["bulkhead:availabilityZones[1]"],
    ],
    ["an unknown field", { acountId: "111122223333" }, ["bulkhead:"]],
    ["two mistakes", { region: "x", accountId: "1" }, ["aws:region", "bulkhead:accountId"]],
  ])("is refused with %s", (_, change, paths) => {
    const found = findingsOf(() => cloudTarget({ ...right, ...change })).map(({ path }) => path);
    expect(found).toEqual(expect.arrayContaining(paths));
  });
});

describe("a platform on its cloud", () => {
  const target = cloudTarget(right);
  const spec = platformSpec(referencePlatform);

  it("can be rendered if it is the reference platform", () => {
    expect(findingsOf(() => assertRenderable(spec, target))).toEqual([]);
  });

  it("needs a model of that cloud where its model inference is used", () => {
    const without = {
      ...spec,
      llmProviders: spec.llmProviders.map((provider) =>
        provider.kind === "native" ? { ...provider, models: { ...provider.models, aws: [] } } : provider,
      ),
    };
    expect(findingsOf(() => assertRenderable(without, target))).toEqual([
      { id: "BH-034", path: "llmProviders.models.aws" },
    ]);
    const unused = {
      ...without,
      flows: spec.flows.filter(({ to }) => !(to.kind === "platform-service" && to.id === "model-inference")),
    };
    expect(findingsOf(() => assertRenderable(unused, target))).toEqual([]);
  });

  it("has no external provider and no egress zone in this version", () => {
    const external = platformSpec({
      ...referencePlatform,
      llmProviders: [
        ...(referencePlatform.llmProviders ?? []),
        { id: "outside", kind: "external", fqdns: ["api.provider.example"], models: ["m"] },
      ],
      zones: [...referencePlatform.zones, { id: "egress", addressBlock: "10.40.192.0/18" }],
    });
    expect(findingsOf(() => assertRenderable(external, target))).toEqual([
      { id: "BH-035", path: "llmProviders" },
      { id: "BH-035", path: "zones" },
    ]);
  });

  it("has a test for each of its invariants", () => {
    expect(targetInvariants.map(({ id }) => id)).toEqual(["BH-034", "BH-035"]);
  });
});
