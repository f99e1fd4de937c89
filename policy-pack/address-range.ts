import { Address4, Address6 } from "ip-address";

import type { AddressFamily } from "../model/cidr";

/**
 * An address as an integer: an IPv4 address is a number, since it is compared a million times in a large stack; an IPv6
 * address needs a bigint.
 */
export type Address = number | bigint;

/** Addresses of one family from `from` up to, and not including, `to`. */
export interface AddressRange {
  readonly family: AddressFamily;
  readonly from: Address;
  readonly to: Address;
}

const bits = { ipv4: 32, ipv6: 128 } as const satisfies Record<AddressFamily, number>;

/** Every address of each family. */
export const everyAddress = {
  ipv4: { family: "ipv4", from: 0, to: 2 ** 32 },
  ipv6: { family: "ipv6", from: 0n, to: 1n << 128n },
} as const satisfies Record<AddressFamily, AddressRange>;

const parsed = new Map<string, AddressRange | undefined>();

function parse(text: string): AddressRange | undefined {
  const match = /^([^/\s]+)\/(\d{1,3})$/.exec(text);
  const [, address = "", mask = ""] = match ?? [];
  const family: AddressFamily = address.includes(":") ? "ipv6" : "ipv4";
  const Parser = family === "ipv4" ? Address4 : Address6;
  const prefixLength = Number(mask);
  if (match === null || prefixLength > bits[family] || !Parser.isValid(address)) {
    return undefined;
  }
  const size = 1n << BigInt(bits[family] - prefixLength);
  const from = (new Parser(address).bigInt() / size) * size;
  return family === "ipv4"
    ? { family, from: Number(from), to: Number(from + size) }
    : { family, from, to: from + size };
}

/**
 * Reads CIDR notation as a cloud does: bits after the mask are dropped.
 *
 * @returns `undefined` for anything that is not CIDR notation.
 */
export function addressRange(text: string): AddressRange | undefined {
  if (!parsed.has(text)) {
    parsed.set(text, parse(text));
  }
  return parsed.get(text);
}

const ipv6Texts = new Map<bigint, string>();

function ipv6Text(address: bigint): string {
  const known = ipv6Texts.get(address) ?? Address6.fromBigInt(address).correctForm();
  ipv6Texts.set(address, known);
  return known;
}

/** The text of one address. */
export function addressText(family: AddressFamily, address: Address): string {
  if (family === "ipv6") {
    return ipv6Text(BigInt(address));
  }
  const number = Number(address);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join(".");
}

/** The text of a range: the shortest CIDR block if it is one, else its first and last address. */
export function rangeText({ family, from, to }: AddressRange): string {
  const size = BigInt(to) - BigInt(from);
  const isBlock = (size & (size - 1n)) === 0n && BigInt(from) % size === 0n;
  return isBlock
    ? `${addressText(family, from)}/${String(bits[family] - (size.toString(2).length - 1))}`
    : `${addressText(family, from)}-${addressText(family, BigInt(to) - 1n)}`;
}
