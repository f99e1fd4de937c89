import { describe, expect, it } from "vitest";

import { isLike, matchZone, type MatchedResource, type ZoneRule } from "../../policy-pack/zone-matching";

const urn = "urn:pulumi:dev::shop::aws:ec2/subnet:Subnet::app-1";

function resource(tags: Readonly<Record<string, string | undefined>> = {}): MatchedResource {
  return {
    urn,
    name: "app-1",
    tag: (key) => {
      const value = tags[key];
      return value === undefined ? undefined : value === "?" ? "unknown" : { kind: "known", value };
    },
  };
}

const zonesOf = (rules: readonly ZoneRule[], tags?: Readonly<Record<string, string>>): readonly string[] =>
  matchZone(rules, resource(tags)).deciding.map(({ zone }) => zone);

describe("a pattern", () => {
  it.each([
    ["app-1", "app-1", true],
    ["app-1", "app-*", true],
    ["app-1", "*", true],
    ["app-", "app-*", true],
    ["app-1", "*-1", true],
    ["app-1", "a*p*1", true],
    ["app-1", "app-1*", true],
    ["app-1", "app", false],
    ["my-app-1", "app-*", false],
    ["app-1-x", "*-1", false],
    ["aba", "ab*ba", false],
    ["app.1", "app?1", false],
    ["app+1", "app+*", true],
    [urn, "urn:pulumi:*::*::aws:ec2/subnet:Subnet::app-*", true],
    [urn, "urn:pulumi:*::*::aws:ec2/vpc:Vpc::app-*", false],
  ] as const)("%s is like %s: %s", (text, pattern, expected) => {
    expect(isLike(text, pattern)).toBe(expected);
  });
});

describe("rules of the configuration", () => {
  const byUrn: ZoneRule = { zone: "gateway", match: { urn: "urn:*" } };
  const byTag: ZoneRule = { zone: "phi", match: { tag: { key: "data", value: "phi" } } };
  const byName: ZoneRule = { zone: "processing", match: { name: "app-1" } };

  it("decide by URN before tag before name, in any order", () => {
    for (const rules of [
      [byUrn, byTag, byName],
      [byName, byTag, byUrn],
    ]) {
      expect(zonesOf(rules, { data: "phi" })).toEqual(["gateway"]);
    }
    expect(zonesOf([byName, byTag], { data: "phi" })).toEqual(["phi"]);
    expect(zonesOf([byName, byTag], { data: "none" })).toEqual(["processing"]);
    expect(zonesOf([byTag], {})).toEqual([]);
  });

  it("decide by the longer literal text of one criterion", () => {
    const wide: ZoneRule = { zone: "phi", match: { name: "*a*" } };
    const narrow: ZoneRule = { zone: "gateway", match: { name: "app*" } };
    expect(zonesOf([wide, narrow])).toEqual(["gateway"]);
    expect(zonesOf([narrow, wide])).toEqual(["gateway"]);
  });

  it("tie where two have equal weight", () => {
    const one: ZoneRule = { zone: "phi", match: { name: "app*" } };
    const other: ZoneRule = { zone: "gateway", match: { name: "*p-1" } };
    expect(zonesOf([one, other])).toEqual(["phi", "gateway"]);
  });

  it("say which tags they would need to know, unless a URN decides before", () => {
    expect(matchZone([byTag, byName], resource({ data: "?" })).unknownTags).toEqual(["data"]);
    expect(matchZone([byTag, byUrn], resource({ data: "?" })).unknownTags).toEqual([]);
    expect(matchZone([byTag], resource()).unknownTags).toEqual([]);
  });
});
