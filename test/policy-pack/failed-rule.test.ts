import { describe, expect, it } from "vitest";

import { checked } from "../../policy-pack/failed-rule";
import type { JudgedStack } from "../../policy-pack/judged-stack";
import { zoneAssignment } from "../../policy-pack/rules/zone-assignment";

import { base } from "./corpus/corpus-case";
import { judge } from "./judge-on-a-day";

describe("a judge that fails", () => {
  it("refuses under the name of the rule that fails", () => {
    const rule = {
      ...zoneAssignment,
      check: () => {
        throw new TypeError("no such thing");
      },
    };
    const [finding, ...others] = checked(rule, { root: "urn:stack" } as JudgedStack);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      rule: "zone-assignment",
      level: "mandatory",
      verdict: "undetermined",
      urn: "urn:stack",
      summary: "The judge failed, so that nothing shows whether the stack keeps this rule: no such thing",
    });
  });

  it("refuses where the resources cannot even be read", () => {
    const [first, ...others] = base("preview").resources();
    const outputs = new Proxy(
      {},
      {
        get: () => {
          throw new Error("unreadable");
        },
      },
    );
    const stack = first === undefined ? [] : [{ ...first, outputs }, ...others];
    expect(
      judge(stack, { dryRun: true }).findings.map(({ rule, level, summary }) => ({ rule, level, summary })),
    ).toEqual([
      {
        rule: "resources-are-understood",
        level: "mandatory",
        summary: "The judge failed, so that nothing shows whether the stack keeps this rule: unreadable",
      },
    ]);
  });
});
