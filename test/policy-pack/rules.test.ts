import { describe, expect, it } from "vitest";

import { ruleNames } from "../../policy-pack/rule-name";
import { rules } from "../../policy-pack/rules";

import { awsCorpus } from "./corpus/aws-corpus";
import { base } from "./corpus/corpus-case";
import { judge } from "./judge-on-a-day";

/** The first group, in the words of the issue that fixed it. */
const firstGroup = [
  "phi-zone-has-no-egress",
  "phi-zone-admits-only-processing",
  "zones-reach-only-declared-peers",
  "flows-require-mtls",
  "certificates-rotate",
  "internet-egress-is-inspected",
  "resources-are-understood",
  "zone-assignment",
];

describe("the rules", () => {
  it("are those that there are names for, each with an id of its own", () => {
    expect(rules.map(({ name }) => name)).toEqual([...ruleNames]);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it.each(rules)(
    "$name names a paragraph of each framework, that of HIPAA's Security Rule first",
    ({ frameworks }) => {
      const names = frameworks.map(({ name }) => name);
      expect(names[0]).toBe("HIPAA Security Rule");
      expect([...new Set(names)].filter((name) => name !== "HIPAA Privacy Rule").sort()).toEqual([
        "HIPAA Security Rule",
        "NIST SP 800-207",
        "NIST SP 800-53",
      ]);
    },
  );

  it("have the levels that the table says", () => {
    expect(rules.filter(({ level }) => level.group === "first").map(({ name }) => name)).toEqual(firstGroup);
  });

  it("find nothing mandatory of the second group on a stranger's stack, but where the table says so", () => {
    const second = new Set(["network-defaults-are-sealed", "traffic-is-audited"]);
    const found = awsCorpus.flatMap(({ bad }) => {
      const stack = base("deployed");
      bad(stack);
      return judge(stack.resources(), { dryRun: false }).findings.filter(
        ({ rule, level }) => level === "mandatory" && second.has(rule),
      );
    });
    expect(found).toEqual([]);
  });
});
