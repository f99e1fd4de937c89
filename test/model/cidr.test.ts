import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { purposesOf, subnetBlock, subnetLetters, subnetPurposes } from "../../model/address-plan";
import { contains, isPrivate, overlaps, parseCidr, type Cidr } from "../../model/cidr";

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (parsed === undefined) {
    throw new Error(text);
  }
  return parsed;
}

describe("CIDR notation", () => {
  it.each(["0.0.0.0/0", "10.0.0.0/8", "255.255.255.255/32", "::/0", "2001:db8::/32", "::1/128"])(
    "%s is read",
    (text) => {
      expect(parseCidr(text)?.text).toBe(text);
    },
  );

  it.each([
    "10.0.0.1/8",
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/08x",
    "::1/127",
    "2001:db8::/129",
    "",
    "/8",
    "10.0.0.0/8/8",
  ])("%j is not", (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each([
    ["10.0.0.0/8", true],
    ["172.31.255.0/24", true],
    ["172.32.0.0/16", false],
    ["192.168.0.0/15", false],
    ["fd00::/8", false],
  ])("%s is private: %s", (text, expected) => {
    expect(isPrivate(cidr(text))).toBe(expected);
  });

  it("knows blocks of different families apart", () => {
    expect(overlaps(cidr("0.0.0.0/0"), cidr("::/0"))).toBe(false);
    expect(contains(cidr("::/0"), cidr("0.0.0.0/0"))).toBe(false);
    expect(overlaps(cidr("10.0.0.0/9"), cidr("10.128.0.0/9"))).toBe(false);
    expect(overlaps(cidr("10.0.0.0/9"), cidr("10.127.0.0/16"))).toBe(true);
  });
});

describe("the address plan", () => {
  it("gives every subnet of a zone a block of its own within the zone's", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 127 }),
        fc.integer({ min: 16, max: 23 }),
        (start, prefixLength) => {
          const zone = {
            id: "processing",
            addressBlock: cidr(`10.${String(start)}.0.0/${String(prefixLength)}`),
          } as const;
          // Of the purposes that share a quarter, no zone has two.
          const all = subnetPurposes
            .filter((purpose) => purpose !== "address-translation")
            .flatMap((purpose) => subnetLetters.map((letter) => subnetBlock(zone, purpose, letter)));
          expect(all.every((block) => contains(zone.addressBlock, block))).toBe(true);
          all.forEach((block, index) => {
            expect(all.slice(index + 1).filter((other) => overlaps(block, other))).toEqual([]);
          });
          expect(all.every(({ prefixLength: length }) => length <= 28)).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("gives no two purposes of one zone the same subnet", () => {
    const addressBlock = cidr("10.40.0.0/18");
    for (const [id, purposes] of Object.entries(purposesOf)) {
      const zone = { id: id as keyof typeof purposesOf, addressBlock };
      const starts = purposes.map((purpose) => subnetBlock(zone, purpose, "a").text);
      expect(new Set(starts).size).toBe(purposes.length);
    }
  });

  it("gives the PHI zone private endpoints and nothing else", () => {
    expect(purposesOf.phi).toEqual(["private-endpoint"]);
  });
});
