import { describe, expect, it } from "vitest";

import { amend } from "./corpus/changed-case";
import { base } from "./corpus/corpus-case";
import { refusals } from "./refusals";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

const admits = (verdict: "open" | "undetermined"): readonly string[] => [
  `${verdict} phi-group: SecurityGroup phi-group of the PHI zone admits what is not declared.`,
];

describe.each(knowledges)("a prefix list in a rule inside a group of the PHI zone, %s", (knowledge) => {
  const withList = (entries: unknown): Sketch => {
    const stack = base(knowledge).remove("phi-from-processing");
    stack.add("aws:ec2/managedPrefixList:ManagedPrefixList", "list", {
      addressFamily: "IPv4",
      maxEntries: 10,
      entries,
    });
    return amend(stack, "phi-group", { ingress: [rule(stack.id("list"))] });
  };
  const rule = (list: string): unknown => ({
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
    prefixListIds: [list],
  });
  const processing = [{ cidr: "10.0.2.0/24" }];

  it.each([
    ["the addresses of processing", processing, []],
    ["nothing that the stack shows", [], admits("undetermined")],
    ["nothing at all", undefined, admits("undetermined")],
    ["what is not known", unknownText, admits("undetermined")],
    ["an address that is not known", [...processing, { cidr: unknownText }], admits("undetermined")],
    ["addresses of anybody's", [...processing, { cidr: "198.51.100.0/24" }], admits("open")],
  ])("holds %s", (_name, entries, expected) => {
    expect(refusals(withList(entries))).toEqual(expected);
  });

  it("is held to the entries that are resources of their own", () => {
    const entry = (cidr: string): Sketch => {
      const stack = withList([]);
      stack.add("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "entry", {
        prefixListId: stack.id("list"),
        cidr,
      });
      return stack;
    };
    expect(refusals(entry("10.0.2.0/24"))).toEqual([]);
    expect(refusals(entry("0.0.0.0/0"))).toEqual(admits("open"));
  });

  it("that is not in the stack may hold any address", () => {
    const named = (list: string): readonly string[] =>
      refusals(amend(withList(processing), "phi-group", { ingress: [rule(list)] }));
    expect(named("pl-0123456789abcdef0")).toEqual(admits("undetermined"));
    expect(named(unknownText)).toEqual(admits("undetermined"));
  });

  it("says nothing of another list beside it", () => {
    const stack = withList(processing);
    amend(stack, "phi-group", { ingress: [rule(stack.id("list")), rule("pl-0123456789abcdef0")] });
    expect(refusals(stack)).toEqual(admits("undetermined"));
  });

  it("is found by its id alone, where it has one", () => {
    const withoutDependencies = refusals(withList(processing), (resources) =>
      resources.map((resource) => ({
        ...resource,
        propertyDependencies: resource.name === "phi-group" ? {} : resource.propertyDependencies,
      })),
    );
    expect(withoutDependencies.includes(admits("undetermined")[0] ?? "")).toBe(knowledge === "preview");
  });
});
