import { Address4, Address6 } from "ip-address";

/** The two address families of the Internet Protocol (RFC 791, RFC 8200). */
export type AddressFamily = "ipv4" | "ipv6";

/**
 * A block of addresses in CIDR notation (RFC 4632, RFC 4291 §2.3) whose host bits are all zero.
 *
 * `start` is its first address and `end` the one after its last, both as integers, so that two blocks are
 * compared by plain interval arithmetic.
 */
export interface Cidr {
  /** The block in CIDR notation, in its shortest form. */
  readonly text: string;
  /** The address family. */
  readonly family: AddressFamily;
  /** How many bits its addresses share: 0 to 32, or to 128 for IPv6. */
  readonly prefixLength: number;
  /** The first address. */
  readonly start: bigint;
  /** The address after the last. */
  readonly end: bigint;
}

const bitsOf = { ipv4: 32, ipv6: 128 } as const satisfies Record<AddressFamily, number>;

function block(family: AddressFamily, start: bigint, prefixLength: number): Cidr {
  const size = 1n << BigInt(bitsOf[family] - prefixLength);
  const first = family === "ipv4" ? Address4.fromBigInt(start) : Address6.fromBigInt(start);
  return {
    text: `${first.correctForm()}/${String(prefixLength)}`,
    family,
    prefixLength,
    start,
    end: start + size,
  };
}

/**
 * Reads CIDR notation of either family.
 *
 * @returns the block, or `undefined` if the text has no mask, is malformed, or has host bits set: a cloud refuses
 * `10.0.0.1/16`, and silently widening it to `10.0.0.0/16` would grant more than was written.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [address, mask, ...rest] = text.split("/");
  if (address === undefined || mask === undefined || rest.length > 0 || !/^\d{1,3}$/.test(mask)) {
    return undefined;
  }
  const family: AddressFamily = address.includes(":") ? "ipv6" : "ipv4";
  const prefixLength = Number(mask);
  if (prefixLength > bitsOf[family]) {
    return undefined;
  }
  const Parser = family === "ipv4" ? Address4 : Address6;
  if (!Parser.isValid(address)) {
    return undefined;
  }
  const parsed = block(family, new Parser(address).bigInt(), prefixLength);
  const hostBits = (parsed.end - parsed.start - 1n) & parsed.start;
  return hostBits === 0n ? parsed : undefined;
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.family === inner.family && outer.start <= inner.start && inner.end <= outer.end;
}

/** Whether the two blocks share an address. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.start < b.end && b.start < a.end;
}

/**
 * The `index`-th of the equal parts that `outer` falls into at `prefixLength`.
 *
 * @throws RangeError if the part does not lie in `outer`.
 */
export function partOf(outer: Cidr, prefixLength: number, index: number): Cidr {
  const part = block(
    outer.family,
    outer.start + (BigInt(index) << BigInt(bitsOf[outer.family] - prefixLength)),
    prefixLength,
  );
  if (!contains(outer, part)) {
    throw new RangeError(`${outer.text} has no part ${String(index)} of length /${String(prefixLength)}`);
  }
  return part;
}

const privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].flatMap(
  (text) => parseCidr(text) ?? [],
);

/** Whether the block is private IPv4 address space (RFC 1918 §3), never routed on the Internet. */
export function isPrivate(candidate: Cidr): boolean {
  return privateBlocks.some((outer) => contains(outer, candidate));
}
