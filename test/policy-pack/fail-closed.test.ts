import { describe, expect, it } from "vitest";

import { Gate, policies } from "../../policy-pack/crossguard";
import type { StackResource } from "../../policy-pack/stack-resource";

import { base } from "./corpus/corpus-case";
import { judge } from "./judge-on-a-day";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

const out = {
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrIpv4: "0.0.0.0/0",
};
const ruleType = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

interface Found {
  readonly mandatory: readonly string[];
  readonly advisory: readonly string[];
}

function found(resources: readonly StackResource[], knowledge: Knowledge): Found {
  const { findings } = judge(resources, { dryRun: knowledge === "preview" });
  const of = (wanted: string): readonly string[] =>
    findings
      .filter(({ level }) => level === wanted)
      .map(({ rule, urn }) => `${rule} ${urn.split("::").at(-1) ?? ""}`);
  return { mandatory: of("mandatory"), advisory: of("advisory") };
}

const open = (knowledge: Knowledge): Sketch => {
  const stack = base(knowledge);
  stack.add(ruleType, "out", { securityGroupId: stack.id("phi-group"), ...out });
  return stack;
};

const withOut = ["phi-zone-has-no-egress out"];

describe("CrossGuard's ways of failing open, each closed", () => {
  it("F1: a value that is not known refuses, and stops no other finding", () => {
    const stack = open("preview");
    stack.add(ruleType, "hidden", { securityGroupId: stack.id("phi-group"), ...out, cidrIpv4: unknownText });
    expect(found(stack.resources(), "preview").mandatory).toEqual([
      "phi-zone-has-no-egress hidden",
      "phi-zone-has-no-egress out",
    ]);
  });

  it("F2: the order of the resources changes nothing", () => {
    const resources = open("preview").resources();
    const expected = judge(resources, { dryRun: true });
    for (let turn = 1; turn < resources.length; turn += 1) {
      const turned = [...resources.slice(turn), ...resources.slice(0, turn)];
      expect(judge(turned, { dryRun: true }).findings).toEqual(expected.findings);
    }
  });

  it("F3: outputs that are empty, since the provider's configuration is not known, give way to the inputs", () => {
    const resources = open("preview")
      .resources()
      .map((resource) => ({
        ...resource,
        outputs: {},
        providerInputs: { region: unknownText, allowedAccountIds: unknownText },
      }));
    expect(found(resources, "preview").mandatory).toEqual(withOut);
  });

  it("F3: default tags that are not known may put anything into the PHI zone", () => {
    const resources = base("preview")
      .resources()
      .map((resource) =>
        resource.name === "gateway-group"
          ? {
              ...resource,
              inputs: { vpcId: resource.inputs?.["vpcId"] },
              outputs: {},
              providerInputs: { defaultTags: unknownText },
            }
          : resource,
      );
    expect(found(resources, "preview").mandatory).toContain("zone-assignment gateway-group");
  });

  it.each(["cidrIpv4", "tags"])(
    "F4: a property that the preview has lost counts as the input has it: %s",
    (lost) => {
      const resources = open("preview")
        .resources()
        .map((resource) => {
          const kept = Object.entries(resource.outputs).filter(([key]) => key !== lost);
          return { ...resource, outputs: Object.fromEntries(kept) };
        });
      expect(found(resources, "preview").mandatory).toEqual(withOut);
    },
  );

  it("F5: computed outputs that are absent, since the provider has no preview, stop no reference", () => {
    const resources = open("preview")
      .resources()
      .map((resource) => ({ ...resource, outputs: resource.inputs ?? {} }));
    expect(found(resources, "preview").mandatory).toEqual(withOut);
    const right = base("preview")
      .resources()
      .map((resource) => ({ ...resource, outputs: resource.inputs ?? {} }));
    expect(found(right, "preview").mandatory).toEqual([]);
  });

  it.each(["phi-routes", "phi-group", "phi-subnet", "vpc"])(
    "F6: what refers to %s that is only read is not taken for closed",
    (name) => {
      const resources = open("deployed").resources();
      const read = resources.filter((resource) => resource.name !== name);
      expect(found(read, "deployed").mandatory).not.toEqual([]);
    },
  );

  it("F6: where packets of a subnet go whose route table is only read is not known", () => {
    const resources = base("deployed")
      .resources()
      .filter(({ name }) => name !== "phi-routes");
    expect(found(resources, "deployed").mandatory).toEqual(["phi-zone-has-no-egress phi-subnet"]);
  });

  it("F7: a property that throws where it is touched refuses, whatever catches it", () => {
    class UnknownValueError extends Error {}
    const touched = {
      resources: [
        {
          urn: "urn:group",
          get props(): never {
            throw new UnknownValueError("egress");
          },
        },
      ],
      getConfig: () => ({}),
    };
    const gate = new Gate({ dryRun: true, say: () => undefined, today: "2026-11-25" });
    const given: unknown[] = [];
    for (const policy of policies(gate)) {
      if ("validateStack" in policy) {
        const validate = policy.validateStack as (args: unknown, report: (one: unknown) => void) => void;
        validate(touched, (one) => given.push(one));
      }
    }
    expect(given).toEqual([
      {
        name: "zone-assignment",
        message: "The judge met a value that is not known, and nothing proves that it is harmless: egress.",
        urn: "urn:group",
        severity: "critical",
        enforcementLevel: "mandatory",
      },
    ]);
  });

  it("a secret that was not decrypted is not known", () => {
    const stack = base("deployed");
    stack.add(ruleType, "hidden", { securityGroupId: "[secret]", ...out });
    expect(found(stack.resources(), "deployed").mandatory).toEqual(["resources-are-understood hidden"]);
  });
});

describe("changes that are ignored", () => {
  const ignoring = (name: string, ...ignoreChanges: readonly string[]): Found =>
    found(base("deployed").withOptions(name, { ignoreChanges }).resources(), "deployed");

  it("refuse where they decide what the PHI zone lets pass", () => {
    expect(ignoring("phi-group", "egress").mandatory).toEqual(["resources-are-understood phi-group"]);
    expect(ignoring("phi-group", "egress[0].cidrBlocks").mandatory).toEqual([
      "resources-are-understood phi-group",
    ]);
    expect(ignoring("phi-from-processing", "cidrIpv4").mandatory).toEqual([
      "resources-are-understood phi-from-processing",
    ]);
    expect(ignoring("phi-group", "*").mandatory).toContain("resources-are-understood phi-group");
    expect(ignoring("phi-subnet", "tags").mandatory).toEqual(["resources-are-understood phi-subnet"]);
  });

  it("do not where they decide nothing", () => {
    expect(ignoring("phi-group", "description").mandatory).toEqual([]);
    expect(ignoring("phi-subnet", "tags.owner", 'tags["cost-centre"]').mandatory).toEqual([]);
    expect(ignoring("phi-subnet", 'tags["bulkhead-zone"]').mandatory).toEqual([
      "resources-are-understood phi-subnet",
    ]);
  });

  it("are advice away from the PHI zone", () => {
    const { mandatory, advisory } = ignoring("gateway-group", "egress");
    expect(mandatory).toEqual([]);
    expect(advisory).toContain("resources-are-understood gateway-group");
  });
});
