import { describe, expect, it } from "vitest";

import { rememberedByResource } from "../../policy-pack/remembered-by-resource";
import { StackGraph } from "../../policy-pack/stack-graph";
import type { StackResource } from "../../policy-pack/stack-resource";

import { Sketch } from "./stack-sketch";

const bucket = "aws:s3/bucket:Bucket";

/** A function that counts how often a resource is read, and the value that it remembers of a resource in a stack. */
function counting(): {
  readonly remembered: (resources: readonly StackResource[], dryRun?: boolean) => readonly unknown[];
  readonly count: () => number;
} {
  let count = 0;
  const read = rememberedByResource((graph, node) => {
    count += 1;
    return graph.read(node, "bucket");
  });
  return {
    remembered: (resources, dryRun = true) => {
      const graph = new StackGraph(resources, { dryRun });
      return graph.nodes.map((node) => read(graph, node));
    },
    count: () => count,
  };
}

function resources(options: { readonly ignoreChanges?: readonly string[] } = {}): readonly StackResource[] {
  const stack = new Sketch("deployed");
  stack.add(bucket, "records", { bucket: "records" });
  return stack.withOptions("records", options).resources();
}

describe("what is remembered of a resource", () => {
  it("is read once for all stacks that have it", () => {
    const { remembered, count } = counting();
    const shown = resources();
    expect(remembered(shown)).toEqual([{ kind: "known", value: "records" }]);
    expect(remembered([...shown, ...resources().map((one) => ({ ...one, urn: `${one.urn}2` }))])).toEqual([
      { kind: "known", value: "records" },
      { kind: "known", value: "records" },
    ]);
    expect(count()).toBe(2);
  });

  it("is read anew of a resource that is shown otherwise", () => {
    const { remembered } = counting();
    const [shown] = resources();
    const other = { ...shown, outputs: { bucket: "others" } } as StackResource;
    expect(remembered([shown as StackResource])).toEqual([{ kind: "known", value: "records" }]);
    expect(remembered([other])).toEqual([{ kind: "known", value: "others" }]);
  });

  it("is read by itself where nothing has been created yet", () => {
    const { remembered, count } = counting();
    const shown = resources();
    remembered(shown, true);
    remembered(shown, false);
    expect(count()).toBe(2);
  });

  it("is read by each stack of a resource whose changes are ignored, which keeps account of it", () => {
    const { remembered, count } = counting();
    const shown = resources({ ignoreChanges: ["bucket"] });
    remembered(shown);
    remembered(shown);
    expect(count()).toBe(2);
    const graph = new StackGraph(shown, { dryRun: true });
    expect(graph.nodes.map((node) => [...graph.propertiesRead(node)].sort())).toEqual([
      ["bucket", "bucketDomainName", "bucketRegionalDomainName"],
    ]);
  });
});
