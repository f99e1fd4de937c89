import { describe, expect, it } from "vitest";

import type { AwsTarget } from "../../model/cloud-target";
import { assertProviderAccount } from "../../model/provider-account";

import { findingsOf } from "./findings-of";

const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const found = (allowed: unknown): unknown =>
  findingsOf(() => {
    assertProviderAccount(target, allowed);
  });

describe("the accounts in which the provider may be used", () => {
  it("may be the platform's own", () => {
    expect(found(["111122223333"])).toEqual([]);
  });

  it.each([
    ["any", undefined],
    ["none", []],
    ["another", ["999999999999"]],
    ["another besides", ["111122223333", "999999999999"]],
    ["the platform's, but not in a list", "111122223333"],
    ["the platform's, but as a number", [111122223333]],
  ])("may not be %s", (_, allowed) => {
    expect(found(allowed)).toEqual([{ id: "BH-038", path: "aws:allowedAccountIds" }]);
  });
});
