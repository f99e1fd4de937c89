import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { addressRange, rangeText } from "../../policy-pack/address-range";
import type { Rule } from "../../policy-pack/facts/fact";
import {
  box,
  firstMatch,
  intersect,
  mostBoxes,
  subtract,
  type Box,
  type PacketSet,
} from "../../policy-pack/packet-set";

interface Point {
  readonly family: "ipv4" | "ipv6";
  readonly protocol: number;
  readonly port: number;
  readonly address: number | bigint;
}

function holds(packets: PacketSet, { family, protocol, port, address }: Point): boolean {
  return packets.some(
    (one) =>
      one.family === family &&
      one.protocolFrom <= protocol &&
      protocol < one.protocolTo &&
      one.portFrom <= port &&
      port < one.portTo &&
      one.addressFrom <= address &&
      address < one.addressTo,
  );
}

const interval = (most: number): fc.Arbitrary<{ from: number; to: number }> =>
  fc
    .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: most }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + 1 }));

const small = 7;
const aBox: fc.Arbitrary<Box> = fc
  .tuple(fc.constantFrom("ipv4" as const, "ipv6" as const), interval(small), interval(small), interval(small))
  .map(([family, protocols, ports, addresses]) =>
    box(
      protocols,
      ports,
      family === "ipv4"
        ? { family, ...addresses }
        : { family, from: BigInt(addresses.from), to: BigInt(addresses.to) },
      [],
    ),
  );
const aSet = fc.array(aBox, { maxLength: 4 });
const aPoint: fc.Arbitrary<Point> = fc
  .tuple(fc.constantFrom("ipv4" as const, "ipv6" as const), fc.nat(small), fc.nat(small), fc.nat(small))
  .map(([family, protocol, port, address]) => ({
    family,
    protocol,
    port,
    address: family === "ipv4" ? address : BigInt(address),
  }));

const rule = (action: "allow" | "deny"): Rule => ({
  urn: "urn",
  label: action,
  action,
  protocols: { from: 0, to: 256 },
  ports: { from: 0, to: 65536 },
  remote: { kind: "anything" },
  assumption: undefined,
});

describe("packet sets", () => {
  it("intersect as sets of packets do", () => {
    fc.assert(
      fc.property(aSet, aSet, aPoint, (a, b, point) => {
        expect(holds(intersect(a, b), point)).toBe(holds(a, point) && holds(b, point));
      }),
      { numRuns: 1000 },
    );
  });

  it("subtract as sets of packets do", () => {
    fc.assert(
      fc.property(aSet, aSet, aPoint, (a, b, point) => {
        expect(holds(subtract(a, b), point)).toBe(holds(a, point) && !holds(b, point));
      }),
      { numRuns: 1000 },
    );
  });

  it("of an ordered filter hold what the first rule that matches allows", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("allow" as const, "deny" as const), aSet), { maxLength: 6 }),
        aPoint,
        (rules, point) => {
          const allowed = firstMatch(rules.map(([action, packets]) => ({ rule: rule(action), packets })));
          const first = rules.find(([, packets]) => holds(packets, point));
          expect(holds(allowed, point)).toBe(first?.[0] === "allow");
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("of an ordered filter too large to evaluate are everything, with the reason", () => {
    const many = Array.from({ length: mostBoxes }, (_, index) => ({
      rule: rule("allow"),
      packets: [
        box(
          { from: 0, to: 256 },
          { from: 0, to: 65536 },
          { family: "ipv4", from: index * 2, to: index * 2 + 1 },
          [],
        ),
      ],
    }));
    const allowed = firstMatch(many);
    expect(holds(allowed, { family: "ipv6", protocol: 6, port: 443, address: 1n })).toBe(true);
    expect(allowed[0]?.steps[0]?.assumption).toMatch(/too many rules/);
  });
});

describe("an address range", () => {
  it.each([
    ["0.0.0.0/0", 0, 2 ** 32],
    ["10.0.0.0/8", 167772160, 184549376],
    ["10.1.2.3/16", 167837696, 167903232],
    ["255.255.255.255/32", 2 ** 32 - 1, 2 ** 32],
  ])("%s is read as a cloud reads it", (text, from, to) => {
    expect(addressRange(text)).toEqual({ family: "ipv4", from, to });
  });

  it("of IPv6 is read exactly", () => {
    expect(addressRange("::/0")).toEqual({ family: "ipv6", from: 0n, to: 1n << 128n });
    expect(addressRange("2001:db8::/127")?.to).toBe(0x20010db8000000000000000000000002n);
  });

  it.each(["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/8 ", "any", "0.0.0.0/0,10.0.0.0/8", "10.0.0/8"])(
    "%j is none",
    (text) => {
      expect(addressRange(text)).toBeUndefined();
    },
  );

  it("is written as it was read", () => {
    for (const text of ["0.0.0.0/0", "10.64.0.0/10", "::/0", "2000::/3"]) {
      const range = addressRange(text);
      expect(range === undefined ? undefined : rangeText(range)).toBe(text);
    }
    expect(rangeText({ family: "ipv4", from: 1, to: 4 })).toBe("0.0.0.1-0.0.0.3");
  });
});
