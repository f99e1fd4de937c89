import { describe, expect, it } from "vitest";

import { cloudTarget, type AwsTarget } from "../../model/cloud-target";
import { assertProviderAccount } from "../../model/provider-account";

import { findingsOf } from "./findings-of";
import { googleTarget } from "./google-target";

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

  it("are one subscription on Azure, the platform's", () => {
    const azure = cloudTarget({
      kind: "azure",
      location: "eastus2",
      tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
      subscriptionId: "AAAAAAAA-2222-3333-4444-555555555555",
    });
    const foundOn = (subscription: unknown): unknown =>
      findingsOf(() => {
        assertProviderAccount(azure, subscription);
      });
    expect(foundOn("aaaaaaaa-2222-3333-4444-555555555555")).toEqual([]);
    expect(foundOn("AAAAAAAA-2222-3333-4444-555555555555")).toEqual([]);
    const refused = [{ id: "BH-038", path: "azure-native:subscriptionId" }];
    expect(foundOn(undefined)).toEqual(refused);
    expect(foundOn("99999999-2222-3333-4444-555555555555")).toEqual(refused);
    expect(foundOn(["aaaaaaaa-2222-3333-4444-555555555555"])).toEqual(refused);
  });

  it("are the processing zone's project on Google Cloud", () => {
    const foundOn = (project: unknown): unknown =>
      findingsOf(() => {
        assertProviderAccount(googleTarget, project);
      });
    expect(foundOn("hospital-ai")).toEqual([]);
    const refused = [{ id: "BH-038", path: "gcp:project" }];
    for (const project of [undefined, "hospital-phi", "100000000002", ["hospital-ai"]]) {
      expect(foundOn(project)).toEqual(refused);
    }
  });
});
