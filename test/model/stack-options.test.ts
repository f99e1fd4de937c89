import { describe, expect, it } from "vitest";

import type { AwsTarget, AzureTarget } from "../../model/cloud-target";
import { stackOptions } from "../../model/stack-options";

import { findingsOf } from "./findings-of";
import { googleTarget } from "./google-target";

const target: AwsTarget = {
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
};
const deployer = "arn:aws:iam::111122223333:role/ci/deployer";
const nothing = { deployer: undefined, guardAccount: undefined, lockRecords: undefined };
const found = (raw: Partial<Parameters<typeof stackOptions>[1]>): unknown =>
  findingsOf(() => stackOptions(target, { ...nothing, ...raw }));

describe("the options of a stack", () => {
  it("are off where nothing is said, and otherwise what is said", () => {
    expect(stackOptions(target, nothing)).toEqual({
      deployerId: undefined,
      guardsAccount: false,
      locksRecords: true,
    });
    expect(stackOptions(target, { ...nothing, deployer, guardAccount: "true" })).toEqual({
      deployerId: deployer,
      guardsAccount: true,
      locksRecords: true,
    });
    expect(stackOptions(target, { ...nothing, deployer, guardAccount: "false" }).guardsAccount).toBe(false);
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

describe("the options of a stack on Azure", () => {
  const onAzure: AzureTarget = {
    kind: "azure",
    location: "eastus2",
    tenantId: "00000000-0000-0000-0000-00000000000a",
    subscriptionId: "00000000-0000-0000-0000-00000000000b",
    availabilityZones: [],
  };
  const objectId = "0a1b2c3d-0000-4000-8000-00000000000c";

  it("name the deployer by its object id", () => {
    expect(stackOptions(onAzure, { ...nothing, deployer: objectId, guardAccount: "true" })).toEqual({
      deployerId: objectId,
      guardsAccount: true,
      locksRecords: false,
    });
  });

  it("lock records on Azure where they are asked to, and need not be asked on AWS", () => {
    const locking = (lockRecords: string): unknown =>
      stackOptions(onAzure, { ...nothing, lockRecords }).locksRecords;
    expect([locking("true"), locking("false")]).toEqual([true, false]);
    const refused = [{ id: "BH-040", path: "bulkhead:lockRecords" }];
    expect(findingsOf(() => stackOptions(onAzure, { ...nothing, lockRecords: "yes" }))).toEqual(refused);
    expect(found({ lockRecords: "true" })).toEqual(refused);
  });

  it.each([
    ["the ARN of a role", deployer],
    ["an id in upper case, which is compared with ids in lower case", objectId.toUpperCase()],
    ["a name", "deployer"],
    ["an id of Azure Resource Manager", `/subscriptions/${objectId}`],
    ["two ids", `${objectId} ${objectId}`],
    ["nothing", ""],
  ])("are refused with %s for the deployer", (_, text) => {
    expect(findingsOf(() => stackOptions(onAzure, { ...nothing, deployer: text }))).toEqual([
      { id: "BH-040", path: "bulkhead:deployer" },
    ]);
  });
});

describe("the options of a stack on Google Cloud", () => {
  const account = "deployer@hospital-seed.iam.gserviceaccount.com";

  it("name the deployer by its address, and lock records", () => {
    expect(stackOptions(googleTarget, { ...nothing, deployer: account })).toEqual({
      deployerId: account,
      guardsAccount: false,
      locksRecords: true,
    });
    expect(
      findingsOf(() => stackOptions(googleTarget, { ...nothing, deployer: account, lockRecords: "true" })),
    ).toEqual([{ id: "BH-040", path: "bulkhead:lockRecords" }]);
  });

  it.each([
    ["nobody, whom the perimeter would shut out", undefined],
    ["a member", `serviceAccount:${account}`],
    ["a person", "admin@hospital.example"],
    ["everybody", "allUsers"],
    ["the account of a service of Google's", "service-1@gcp-sa-healthcare.iam.gserviceaccount.com.example"],
    ["two accounts", `${account} ${account}`],
  ])("are refused with %s for the deployer", (_, deployer) => {
    expect(findingsOf(() => stackOptions(googleTarget, { ...nothing, deployer }))).toEqual([
      { id: "BH-040", path: "bulkhead:deployer" },
    ]);
  });
});
