import { BlockList, isIP } from "node:net";

import type { Network, NetworkLocation } from "../../model/access-policy";

/** Tells from an address where a request comes from. */
export class NetworkLocations {
  readonly #networks: readonly { readonly location: NetworkLocation; readonly addresses: BlockList }[];

  /** @throws {RangeError} that lists every address that is not one in CIDR notation. */
  constructor(networks: readonly Network[]) {
    const wrong: string[] = [];
    this.#networks = networks.map(({ location, addresses }) => {
      const list = new BlockList();
      for (const text of addresses) {
        try {
          const [, address = "", length = ""] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
          list.addSubnet(address, Number(length), isIP(address) === 6 ? "ipv6" : "ipv4");
        } catch {
          wrong.push(text);
        }
      }
      return { location, addresses: list };
    });
    if (wrong.length > 0) {
      throw new RangeError(`These are no addresses of a network: ${wrong.join(", ")}.`);
    }
  }

  /**
   * Where an address is: `external` if it is in no network of the hospital's, or in networks that say different things.
   *
   * @returns `undefined` for what is no address.
   */
  of(address: string): NetworkLocation | undefined {
    const version = isIP(address);
    if (version === 0) {
      return undefined;
    }
    const found = new Set(
      this.#networks.flatMap(({ location, addresses }) =>
        addresses.check(address, version === 6 ? "ipv6" : "ipv4") ? [location] : [],
      ),
    );
    const [location] = found;
    return location === undefined || found.size > 1 ? "external" : location;
  }
}
