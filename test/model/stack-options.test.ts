import { describe, expect, it } from "vitest";

import type { AwsTarget } from "../../model/cloud-target";
import { stackOptions } from "../../model/stack-options";

import { findingsOf } from "./findings-of";

const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const deployer = "arn:aws:iam::111122223333:role/ci/deployer";
const found = (raw: Partial<Parameters<typeof stackOptions>[1]>): unknown =>
  findingsOf(() => stackOptions(target, { deployer: undefined, guardAccount: undefined, ...raw }));

describe("the options of a stack", () => {
  it("are off where nothing is said, and otherwise what is said", () => {
    expect(stackOptions(target, { deployer: undefined, guardAccount: undefined })).toEqual({
      deployerId: undefined,
      guardsAccount: false,
    });
    expect(stackOptions(target, { deployer, guardAccount: "true" })).toEqual({
      deployerId: deployer,
      guardsAccount: true,
    });
    expect(stackOptions(target, { deployer, guardAccount: "false" }).guardsAccount).toBe(false);
  });

  it.each([
    ["a session", "arn:aws:sts::111122223333:assumed-role/deployer/ci"],
    ["a user", "arn:aws:iam::111122223333:user/somebody"],
    ["a role of another account", "arn:aws:iam::999999999999:role/deployer"],
    ["any role", "arn:aws:iam::111122223333:role/*"],
    ["a name", "deployer"],
  ])("are refused with %s for the deployer", (_, text) => {
    expect(found({ deployer: text })).toEqual([{ id: "BH-040", path: "bulkhead:deployer" }]);
  });

  it("are refused with every finding at once", () => {
    expect(found({ deployer: "x", guardAccount: "yes" })).toEqual([
      { id: "BH-040", path: "bulkhead:deployer" },
      { id: "BH-040", path: "bulkhead:guardAccount" },
    ]);
  });
});
