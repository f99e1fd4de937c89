import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { peerSubnetBlocks, peerSubnetsOf, purposeBlock, subnetPurposes } from "../../model/address-plan";
import { parseCidr, type Cidr } from "../../model/cidr";
import { stableHash } from "../../model/stable-hash";
import type { Zone } from "../../model/zone";

function cidr(text: string): Cidr {
  const read = parseCidr(text);
  if (read === undefined) {
    throw new Error(`${text} is no block`);
  }
  return read;
}

function zoneOf(text: string): Zone {
  return { id: "processing", addressBlock: cidr(text) };
}

const zones = [zoneOf("10.40.64.0/18"), zoneOf("10.40.0.0/20"), zoneOf("192.168.8.0/22")] as const;
const purposes = fc.constantFrom(...subnetPurposes);
const peerNames = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom("workload/", "data-store/", "platform-service/"),
      fc.stringMatching(/^[a-z][a-z0-9-]{0,18}$/),
    )
    .map(([kind, id]) => kind + id),
  { minLength: 1, maxLength: 8 },
);
const texts = (blocks: ReadonlyMap<string, Cidr>): Readonly<Record<string, string>> =>
  Object.fromEntries([...blocks].map(([name, { text }]) => [name, text]));

describe("the blocks of the subnets of single peers", () => {
  it("lie in the block of their zone and purpose, are all of one size, and no two overlap", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), purposes, peerNames, (zone, purpose, names) => {
        const whole = purposeBlock(zone, purpose);
        const blocks = [...peerSubnetBlocks(zone, purpose, names).values()];
        expect(blocks).toHaveLength(names.length);
        for (const block of blocks) {
          expect(block.prefixLength).toBe(27);
          expect(block.start >= whole.start && block.end <= whole.end).toBe(true);
        }
        const sorted = [...blocks].sort((a, b) => (a.start < b.start ? -1 : 1));
        sorted.slice(1).forEach((block, index) => {
          expect(block.start).toBeGreaterThanOrEqual(sorted[index]?.end ?? block.start + 1n);
        });
      }),
    );
  });

  it("are the same in whatever order the peers are named", () => {
    fc.assert(
      fc.property(
        peerNames.chain((names) =>
          fc.tuple(fc.constant(names), fc.shuffledSubarray(names, { minLength: names.length })),
        ),
        ([names, shuffled]) => {
          const [zone] = zones;
          expect(texts(peerSubnetBlocks(zone, "workload", shuffled))).toEqual(
            texts(peerSubnetBlocks(zone, "workload", names)),
          );
        },
      ),
    );
  });

  it("move only where a peer is added of which the hash asks for a place that is taken", () => {
    fc.assert(
      fc.property(fc.constantFrom(...zones), peerNames, (zone, [added = "", ...names]) => {
        const places = peerSubnetsOf(zone.addressBlock);
        const before = texts(peerSubnetBlocks(zone, "workload", names));
        const after = texts(peerSubnetBlocks(zone, "workload", [...names, added]));
        const wanted = [...names, added].map((name) => stableHash(name) % places);
        if (new Set(wanted).size === wanted.length) {
          expect(after).toEqual({ ...before, [added]: after[added] });
        } else {
          expect(Object.keys(after).sort()).toEqual([...names, added].sort());
        }
      }),
    );
  });

  it("are where the hash of the peer's name puts them, and in the next free place if that is taken", () => {
    const [zone] = zones;
    const places = peerSubnetsOf(zone.addressBlock);
    const place = (name: string): number => stableHash(name) % places;
    const first = "workload/a";
    // Found by trying: the first name whose place is that of the other.
    const second = Array.from({ length: 10_000 }, (_, index) => `workload/b${String(index)}`).find(
      (name) => place(name) === place(first),
    );
    const { start } = purposeBlock(zone, "workload");
    const blocks = peerSubnetBlocks(zone, "workload", [second ?? "", first]);
    expect(blocks.get(first)?.start).toBe(start + 32n * BigInt(place(first)));
    expect(blocks.get(second ?? "")?.start).toBe(start + 32n * BigInt((place(first) + 1) % places));
  });

  it("are refused where there are more peers than places", () => {
    const zone = zoneOf("192.168.8.0/24");
    expect(peerSubnetsOf(zone.addressBlock)).toBe(2);
    expect(() => peerSubnetBlocks(zone, "workload", ["a", "b", "c"])).toThrow(
      new RangeError("3 peers do not fit into 2 subnets"),
    );
    expect(peerSubnetsOf(cidr("192.168.8.0/26"))).toBe(0);
  });
});

describe("the block of a zone's purpose", () => {
  it("is a quarter of the zone's, and that of no other purpose that the zone can have", () => {
    const [zone] = zones;
    expect(subnetPurposes.map((purpose) => purposeBlock(zone, purpose).text)).toEqual([
      "10.40.64.0/20",
      "10.40.80.0/20",
      "10.40.96.0/20",
      "10.40.112.0/20",
      // Addresses are translated in the egress zone alone, which has no load balancer.
      "10.40.64.0/20",
    ]);
  });
});

describe("the stable hash of a text", () => {
  it("is FNV-1a of its bytes, as published", () => {
    // Test vectors of draft-eastlake-fnv, appendix C.
    expect(stableHash("")).toBe(0x811c9dc5);
    expect(stableHash("a")).toBe(0xe40c292c);
    expect(stableHash("foobar")).toBe(0xbf9cf968);
  });

  it("is a whole number of 32 bits", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const hash = stableHash(text);
        expect(Number.isInteger(hash) && hash >= 0 && hash <= 0xffffffff).toBe(true);
      }),
    );
  });
});
