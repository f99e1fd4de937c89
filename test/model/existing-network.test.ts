import { describe, expect, it } from "vitest";

import { existingNetwork } from "../../model/existing-network";

import { findingsOf } from "./findings-of";

describe("an existing network", () => {
  it("is none, or one with its Internet gateway", () => {
    expect(existingNetwork(undefined, undefined)).toBeUndefined();
    expect(existingNetwork("vpc-1", "igw-1")).toEqual({ networkId: "vpc-1", internetGatewayId: "igw-1" });
  });

  it.each([
    ["vpc-1", undefined, "bulkhead:existingInternetGatewayId"],
    [undefined, "igw-1", "bulkhead:existingNetworkId"],
  ])("is refused as %s with %s", (network, gateway, path) => {
    expect(findingsOf(() => existingNetwork(network, gateway))).toEqual([{ id: "BH-039", path }]);
  });
});
