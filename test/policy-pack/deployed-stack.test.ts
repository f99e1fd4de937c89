import { describe, expect, it } from "vitest";

import { StackGraph } from "../../policy-pack/stack-graph";
import type { StackResource } from "../../policy-pack/stack-resource";

import { judge } from "./judge-on-a-day";
import { unknownText } from "./stack-sketch";
import { stranger, withGroup } from "./stranger-corpus";

const inside = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.1.0/24"] };

/** A stack whose PHI zone is closed, with one resource told by its name as `change` makes it. */
function stack(
  name = "",
  change: (resource: StackResource) => readonly StackResource[] = (r) => [r],
): StackResource[] {
  return withGroup(stranger("deployed"), { egress: [inside] })
    .resources()
    .flatMap((resource) => (resource.name === name ? change(resource) : [resource]));
}

function refused(resources: readonly StackResource[], dryRun = false): readonly string[] {
  return judge(resources, { dryRun })
    .findings.filter(({ level }) => level === "mandatory")
    .map(({ rule, verdict, urn }) => `${rule}, ${verdict}, ${urn.split("::").at(-1) ?? ""}`);
}

describe("what is not known of a deployed stack", () => {
  const hidden =
    (inputs: StackResource["inputs"], output: unknown = "[secret]") =>
    (resource: StackResource): readonly StackResource[] => [
      { ...resource, inputs, outputs: { ...resource.outputs, egress: output } },
    ];
  const atGroup = ["phi-zone-has-no-egress, undetermined, phi-group"];
  const tags = { "bulkhead-zone": "phi" };

  it("is hidden, and stays unknown whether or not there is an input", () => {
    expect(refused(stack("phi-group", hidden({ tags })))).toEqual(atGroup);
    expect(refused(stack("phi-group", hidden({ tags, egress: [inside] })))).toEqual(atGroup);
    expect(refused(stack("phi-group", hidden({ tags, egress: [inside] }, [unknownText])))).toEqual(atGroup);
    expect(refused(stack("phi-group", hidden(undefined)))).toEqual(atGroup);
  });

  it("is the input where there is no output", () => {
    const without = ({ outputs, ...resource }: StackResource, egress: unknown): readonly StackResource[] => [
      {
        ...resource,
        inputs: { tags, egress },
        outputs: Object.fromEntries(Object.entries(outputs).filter(([key]) => key !== "egress")),
      },
    ];
    expect(refused(stack("phi-group", (resource) => without(resource, [inside])))).toEqual([]);
    expect(refused(stack("phi-group", (resource) => without(resource, "[secret]")))).toEqual(atGroup);
  });

  it("gives way to the input in a preview, which has not got the output yet", () => {
    expect(refused(stack("phi-group", hidden({ tags }, unknownText)), true)).toEqual([]);
    expect(refused(stack("phi-group", hidden({ tags, egress: [inside] }, unknownText)), true)).toEqual([]);
  });
});

describe("a stack that shows a resource twice under one URN", () => {
  const twice = (resource: StackResource): readonly StackResource[] => [
    resource,
    { ...resource, outputs: { ...resource.outputs, id: "old" } },
  ];

  it("names it once, however often it is there", () => {
    const graph = new StackGraph(
      stack("phi-group", (resource) => [...twice(resource), resource]),
      { dryRun: false },
    );
    expect(graph.repeated.map(({ name }) => name)).toEqual(["phi-group"]);
    expect(new StackGraph(stack(), { dryRun: false }).repeated).toEqual([]);
  });

  it("is refused where it holds PHI, whether or not the resource is in the PHI zone", () => {
    const understood = (name: string): readonly string[] => [
      `resources-are-understood, undetermined, ${name}`,
    ];
    expect(refused(stack("phi-group", twice))).toEqual(understood("phi-group"));
    expect(refused(stack("phi-group", twice).reverse())).toEqual(understood("phi-group"));
    expect(refused(stack("phi-routes", twice))).toContain(understood("phi-routes")[0]);
    expect(refused([...stack(), ...twice(policy)])).toEqual(understood("policy"));
    expect(refused([bucket, policy])).not.toContain(understood("policy")[0]);
    expect(refused([bucket, ...twice(policy)])).toContain(understood("policy")[0]);
  });

  it("is accepted where it holds no PHI", () => {
    expect(refused(twice(policy))).toEqual([]);
  });
});

const policy: StackResource = {
  urn: "urn:pulumi:test::bulkhead::aws:iam/policy:Policy::policy",
  type: "aws:iam/policy:Policy",
  name: "policy",
  inputs: {},
  outputs: { id: "policy" },
  parent: undefined,
  dependencies: [],
  propertyDependencies: {},
  ignoreChanges: [],
  protect: false,
  providerInputs: { region: "us-east-1" },
};

/** Holds PHI outside of any network. */
const bucket: StackResource = {
  ...policy,
  urn: "urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::bucket",
  type: "aws:s3/bucket:Bucket",
  name: "bucket",
  outputs: { id: "records", bucket: "records", tags: { "bulkhead-zone": "phi" } },
};
