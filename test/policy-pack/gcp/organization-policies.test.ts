import { describe, expect, it } from "vitest";

import { unknownText, type Knowledge } from "../stack-sketch";

import { briefly } from "./gcp-stack-of";
import { factsOf, registerProjects, type Inputs } from "./perimeter-sketch";

const knowledges: readonly Knowledge[] = ["preview", "deployed"];

describe.each(knowledges)("a policy of the organisation, %s", (knowledge) => {
  const seals = (type: string, inputs: Inputs): readonly string[] =>
    briefly(
      factsOf(knowledge, (s) => {
        registerProjects(s);
        s.add(type, "policy", inputs);
      }).missingSeals,
    );
  const policy = (inputs: Inputs): readonly string[] =>
    seals("gcp:orgpolicy/policy:Policy", {
      name: "projects/hospital-phi/policies/compute.vmExternalIpAccess",
      parent: "projects/hospital-phi",
      ...inputs,
    });

  it("is enforced, and not only watched (GE-26)", () => {
    expect(policy({ spec: { rules: [{ denyAll: "TRUE" }] } })).toEqual([]);
    expect(policy({ spec: { rules: [{ enforce: "TRUE" }] } })).toEqual([]);
    expect(policy({ spec: { rules: [{ enforce: "FALSE" }] } })).toEqual(["open policy"]);
    expect(policy({ spec: { rules: [{ enforce: "false" }] } })).toEqual(["open policy"]);
    expect(
      policy({
        spec: { rules: [{ denyAll: "TRUE" }, { allowAll: "TRUE", condition: { expression: "x" } }] },
      }),
    ).toEqual(["open policy"]);
    expect(policy({ spec: { rules: [{ allowAll: "TRUE" }] } })).toEqual(["open policy"]);
    expect(policy({ spec: { reset: true } })).toEqual(["open policy"]);
    expect(policy({ dryRunSpec: { rules: [{ denyAll: "TRUE" }] } })).toEqual(["open policy"]);
    expect(policy({ dryRunSpec: { rules: [] }, spec: { rules: [{ denyAll: "TRUE" }] } })).toEqual([]);
    expect(policy({ spec: unknownText })).toEqual(["perhaps policy"]);
    expect(policy({ spec: { rules: [{ enforce: unknownText }] } })).toEqual(["perhaps policy"]);
    expect(policy({})).toEqual([]);
  });

  it("is over a zone, and of a constraint that closes something", () => {
    const lifted = { spec: { rules: [{ allowAll: "TRUE" }] } };
    expect(
      policy({
        ...lifted,
        name: "projects/hospital-phi/policies/iam.automaticIamGrantsForDefaultServiceAccounts",
      }),
    ).toEqual([]);
    expect(
      policy({ ...lifted, name: "folders/1/policies/compute.vmExternalIpAccess", parent: "folders/1" }),
    ).toEqual(["open policy"]);
    expect(
      policy({
        ...lifted,
        name: "projects/others/policies/compute.vmExternalIpAccess",
        parent: "projects/others",
      }),
    ).toEqual([]);
  });

  it("is the same in its former form", () => {
    for (const [type, of] of [
      ["gcp:projects/organizationPolicy:OrganizationPolicy", { project: "hospital-phi" }],
      ["gcp:folder/organizationPolicy:OrganizationPolicy", { folder: "folders/1" }],
      ["gcp:organizations/policy:Policy", { orgId: "1" }],
    ] as const) {
      const former = (inputs: Inputs): readonly string[] =>
        seals(type, { constraint: "constraints/storage.publicAccessPrevention", ...of, ...inputs });
      expect(former({ booleanPolicy: { enforced: true } })).toEqual([]);
      expect(former({ booleanPolicy: { enforced: false } })).toEqual(["open policy"]);
      expect(former({ listPolicy: { deny: { all: true } } })).toEqual([]);
      expect(former({ listPolicy: { allow: { all: true } } })).toEqual(["open policy"]);
      expect(former({ restorePolicy: { default: true } })).toEqual(["open policy"]);
      expect(former({ booleanPolicy: { enforced: unknownText } })).toEqual(["perhaps policy"]);
    }
  });
});
