import { addressRange } from "../../address-range";
import { itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { mayBeSame, type Network, type PublicAddress } from "../fact";

import { armKey } from "./arm-id";
import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { ownersOf } from "./owners";

/** The blocks of addresses of a virtual network. */
function blocksOf(addressSpace: Reading<unknown>): readonly Reading<string>[] {
  const space = recordOf(addressSpace);
  const blocks = itemsOf(memberReading(space, "addressPrefixes")).map(textOf);
  // Blocks of a pool are given when the network is created.
  const isGiven = memberReading(space, "ipamPoolPrefixAllocations").kind !== "absent";
  return isGiven || blocks.length === 0 ? [...blocks, { kind: "unknown" }] : blocks;
}

/** The virtual networks of a stack, and those that it only names. */
export class Networks {
  readonly #stack: AzureStack;
  readonly #byUrn = new Map<string, Network>();
  readonly #external = new Map<string, Network>();
  /** Where it cannot be known which network something is in. */
  readonly undetermined: Network = {
    urn: "",
    label: "a virtual network that is not known",
    zone: undefined,
    platform: undefined,
    isInStack: false,
    isDetermined: false,
    ranges: undefined,
  };

  constructor(stack: AzureStack) {
    this.#stack = stack;
    const { graph, zones } = stack;
    for (const node of graph.ofType(...types.network)) {
      const blocks = blocksOf(graph.read(node, "addressSpace"));
      const ranges = blocks.flatMap((block) =>
        block.kind === "known" ? (addressRange(block.value) ?? []) : [],
      );
      this.#byUrn.set(node.urn, {
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        platform: platformOf(stack, node),
        isInStack: true,
        isDetermined: true,
        ranges: ranges.length === blocks.length ? ranges : undefined,
      });
    }
  }

  get all(): readonly Network[] {
    return [...this.#byUrn.values()];
  }

  ofNode(node: Node): Network {
    return this.#byUrn.get(node.urn) ?? this.undetermined;
  }

  /** A network that is not in the stack, by its id. */
  external(id: string): Network {
    const key = armKey(id);
    const known = this.#external.get(key);
    const network: Network = known ?? {
      urn: id,
      label: id,
      zone: undefined,
      platform: undefined,
      isInStack: false,
      isDetermined: true,
      ranges: undefined,
    };
    this.#external.set(key, network);
    return network;
  }

  /** The network to which referents lead; one that is not known, where that may be several. */
  to(referents: readonly Referent[]): Network {
    const [referent, ...others] = referents;
    if (referent === undefined || others.length > 0 || referent.kind === "undetermined") {
      const mayBePhi = referents.some((to) => to.kind === "resource" && this.ofNode(to.node).zone === "phi");
      return mayBePhi ? { ...this.undetermined, zone: "phi" } : this.undetermined;
    }
    return referent.kind === "resource" ? this.ofNode(referent.node) : this.external(referent.id);
  }

  /** The network of which a resource is a part, as it says by the network's name. */
  of(node: Node, key = "virtualNetworkName"): Network {
    return this.to(ownersOf(this.#stack.graph, node, key, types.network[0]));
  }

  /** The network that an id is of. */
  byId(id: string): Network {
    const [bearer, ...others] = this.#stack.graph.bearers(id, types.network);
    return bearer !== undefined && others.length === 0 ? this.ofNode(bearer.node) : this.external(id);
  }

  /** Whether something that names networks names a certain one, or may. */
  mayLeadTo(referents: readonly Referent[], network: Network): boolean {
    return referents.some((referent) => {
      switch (referent.kind) {
        case "resource":
          return mayBeSame(this.ofNode(referent.node), network);
        case "external":
          return armKey(referent.id) === armKey(network.urn) || !network.isDetermined;
        case "undetermined":
          return true;
      }
    });
  }

  /** The only network that the stack speaks of, where it speaks of one. */
  get only(): Network | undefined {
    const [first, ...others] = [...this.all, ...this.#external.values()];
    return others.length === 0 ? first : undefined;
  }

  /** The ways in which a network that is in a zone as a whole gives what is in it addresses that the Internet knows. */
  publicAddresses(): readonly PublicAddress[] {
    const { graph } = this.#stack;
    return this.all.flatMap(({ urn, label, zone, platform }): readonly PublicAddress[] => {
      const node = graph.node(urn);
      if (zone === undefined || node === undefined) {
        return [];
      }
      const blocks = blocksOf(graph.read(node, "addressSpace"));
      const isIpv6 = blocks.some((block) => block.kind === "known" && block.value.includes(":"));
      const mayBeIpv6 = blocks.some(({ kind }) => kind === "unknown");
      return isIpv6 || mayBeIpv6
        ? [
            {
              urn,
              label,
              zone,
              platform,
              what: "the virtual network has IPv6 addresses, which are public where they are used",
              assumption: isIpv6 ? undefined : "which addresses it has is not known (addressSpace)",
              remedy: "Take the IPv6 block out of addressSpace.",
            },
          ]
        : [];
    });
  }
}
