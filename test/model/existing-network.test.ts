import { describe, expect, it } from "vitest";

import { cloudTarget } from "../../model/cloud-target";
import { existingNetwork } from "../../model/existing-network";

import { findingsOf } from "./findings-of";
import { googleTarget } from "./google-target";

const aws = cloudTarget({
  kind: "aws",
  region: "us-east-1",
  accountId: "111122223333",
  availabilityZones: ["us-east-1a", "us-east-1b"],
});
const subscriptionId = "11111111-2222-3333-4444-555555555555";
const azure = cloudTarget({
  kind: "azure",
  location: "eastus2",
  tenantId: "aaaaaaaa-0000-4000-8000-000000000001",
  subscriptionId,
});
const networkOf = (subscription: string): string =>
  `/subscriptions/${subscription}/resourceGroups/hospital/providers/Microsoft.Network/virtualNetworks/own`;

describe("an existing network", () => {
  it("is none, or one with its Internet gateway", () => {
    expect(existingNetwork(aws, undefined, undefined)).toBeUndefined();
    expect(existingNetwork(aws, "vpc-1", "igw-1")).toEqual({
      networkId: "vpc-1",
      internetGatewayId: "igw-1",
    });
  });

  it.each([
    ["vpc-1", undefined, "bulkhead:existingInternetGatewayId"],
    [undefined, "igw-1", "bulkhead:existingNetworkId"],
  ])("is refused as %s with %s", (network, gateway, path) => {
    expect(findingsOf(() => existingNetwork(aws, network, gateway))).toEqual([{ id: "BH-039", path }]);
  });

  it("is a virtual network of the platform's subscription on Azure", () => {
    expect(existingNetwork(azure, networkOf(subscriptionId), undefined)).toEqual({
      networkId: networkOf(subscriptionId),
      internetGatewayId: undefined,
    });
  });

  it.each([
    ["of another subscription", networkOf("99999999-2222-3333-4444-555555555555"), undefined, "Network"],
    ["by its name", "own", undefined, "Network"],
    ["with an Internet gateway", networkOf(subscriptionId), "igw-1", "InternetGateway"],
  ])("is refused on Azure %s", (_, network, gateway, what) => {
    expect(findingsOf(() => existingNetwork(azure, network, gateway))).toEqual([
      { id: "BH-039", path: `bulkhead:existing${what}Id` },
    ]);
  });

  it("is none on Google Cloud, where the platform makes its own in the projects of its zones", () => {
    expect(existingNetwork(googleTarget, undefined, undefined)).toBeUndefined();
    const id = "projects/hospital-ai/global/networks/own";
    expect(findingsOf(() => existingNetwork(googleTarget, id, undefined))).toEqual([
      { id: "BH-039", path: "bulkhead:existingNetworkId" },
    ]);
    expect(findingsOf(() => existingNetwork(googleTarget, undefined, "igw-1"))).toEqual([
      { id: "BH-039", path: "bulkhead:existingInternetGatewayId" },
    ]);
  });
});
