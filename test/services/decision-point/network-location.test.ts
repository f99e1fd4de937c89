import { describe, expect, it } from "vitest";

import { NetworkLocations } from "../../../services/decision-point/network-location";

const locations = new NetworkLocations([
  { location: "corporate_network", addresses: ["192.0.2.0/24", "2001:db8:1::/48"] },
  { location: "vpn", addresses: ["198.51.100.0/25", "203.0.113.7/32"] },
]);

describe("where an address is", () => {
  it.each([
    ["192.0.2.0", "corporate_network"],
    ["192.0.2.255", "corporate_network"],
    ["192.0.1.255", "external"],
    ["192.0.3.0", "external"],
    ["2001:db8:1:ffff::1", "corporate_network"],
    ["2001:db8:2::1", "external"],
    ["::ffff:192.0.2.9", "corporate_network"],
    ["198.51.100.127", "vpn"],
    ["198.51.100.128", "external"],
    ["203.0.113.7", "vpn"],
    ["203.0.113.8", "external"],
    ["127.0.0.1", "external"],
  ])("%s is %s", (address, location) => {
    expect(locations.of(address)).toBe(location);
  });

  it.each(["", "192.0.2", "192.0.2.1:443", "192.0.2.1, 203.0.113.7", "corporate_network", "192.0.2.1/32"])(
    "is not known of what is no address: %j",
    (address) => {
      expect(locations.of(address)).toBeUndefined();
    },
  );

  it("is external where two networks say different things", () => {
    const both = new NetworkLocations([
      { location: "corporate_network", addresses: ["10.0.0.0/8"] },
      { location: "vpn", addresses: ["10.9.0.0/16"] },
    ]);
    expect([both.of("10.8.0.1"), both.of("10.9.0.1")]).toEqual(["corporate_network", "external"]);
  });

  it("refuses what is no network, all at once", () => {
    expect(
      () =>
        new NetworkLocations([
          { location: "vpn", addresses: ["10.0.0.0", "10.0.0.0/33", "10.0.0.0/8", "somewhere/8"] },
        ]),
    ).toThrow("These are no addresses of a network: 10.0.0.0, 10.0.0.0/33, somewhere/8.");
  });
});
