import type { AddressRange } from "../../address-range";
import { flagOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Network } from "../fact";

import { types } from "./compute-types";
import { gcpKey } from "./gcp-id";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { ownersIn, ownersOf } from "./owners";

/** The VPC networks of a stack, and those that it only names. */
export class Networks {
  readonly #stack: GcpStack;
  readonly #byUrn = new Map<string, Network>();
  readonly #external = new Map<string, Network>();
  /** The addresses that the subnets of a network have for certain, by its URN. */
  readonly #ranges = new Map<string, AddressRange[]>();
  /** Where it cannot be known which network something is in. */
  readonly undetermined: Network = {
    urn: "",
    label: "a network that is not known",
    zone: undefined,
    platform: undefined,
    isInStack: false,
    isDetermined: false,
    ranges: undefined,
  };

  constructor(stack: GcpStack) {
    this.#stack = stack;
    const { graph, zones } = stack;
    for (const node of graph.ofType(...types.network)) {
      const ranges: AddressRange[] = [];
      this.#ranges.set(node.urn, ranges);
      this.#byUrn.set(node.urn, {
        urn: node.urn,
        label: labelOf(node),
        get zone() {
          return zones.of(node.urn);
        },
        platform: platformOf(stack, node),
        isInStack: true,
        isDetermined: true,
        // A network has no addresses but those of its subnets.
        ranges,
      });
    }
  }

  get all(): readonly Network[] {
    return [...this.#byUrn.values()];
  }

  /** Networks that the stack only names. */
  get others(): readonly Network[] {
    return [...this.#external.values()];
  }

  ofNode(node: Node): Network {
    return this.#byUrn.get(node.urn) ?? this.undetermined;
  }

  nodeOf(network: Network): Node | undefined {
    return network.isInStack ? this.#stack.graph.node(network.urn) : undefined;
  }

  /** Says which addresses a subnet gives a network. */
  addRanges(network: Network, ranges: readonly AddressRange[]): void {
    this.#ranges.get(network.urn)?.push(...ranges);
  }

  /** Whether Google makes a subnet of a network in each region, as it does unless it is told not to. */
  makesSubnets(network: Network): Reading<boolean> {
    const node = this.nodeOf(network);
    if (node === undefined) {
      return { kind: "known", value: false };
    }
    const flag = flagOf(this.#stack.graph.read(node, "autoCreateSubnetworks"));
    return flag.kind === "absent" ? { kind: "known", value: true } : flag;
  }

  /** A network that is not in the stack, by its name. */
  external(id: string): Network {
    const key = gcpKey(id);
    const known = this.#external.get(key);
    const network: Network = known ?? {
      urn: key,
      label: key,
      zone: undefined,
      platform: undefined,
      isInStack: false,
      isDetermined: true,
      ranges: undefined,
    };
    this.#external.set(key, network);
    return network;
  }

  /** The networks to which referents may lead. */
  candidates(referents: readonly Referent[]): readonly Network[] {
    return [
      ...new Set(
        referents.map((to) => {
          switch (to.kind) {
            case "resource":
              return this.ofNode(to.node);
            case "external":
              return this.external(to.id);
            case "undetermined":
              return this.undetermined;
          }
        }),
      ),
    ];
  }

  /** The network to which referents lead; one that is not known, where that may be several. */
  to(referents: readonly Referent[]): Network {
    const [only, ...others] = this.candidates(referents);
    if (only !== undefined && others.length === 0) {
      return only;
    }
    const mayBePhi = this.candidates(referents).some(({ zone }) => zone === "phi");
    return mayBePhi ? { ...this.undetermined, zone: "phi" } : this.undetermined;
  }

  /** What a property of a resource names of networks. */
  referents(node: Node, key = "network"): readonly Referent[] {
    return ownersOf(this.#stack.graph, node, key, types.network);
  }

  /** What a value, held by a property of a resource, names of networks. */
  referentsIn(node: Node, key: string, value: Reading<unknown>): readonly Referent[] {
    return ownersIn(this.#stack.graph, node, key, value, types.network);
  }

  /** The network that a resource is of, as it says. */
  of(node: Node, key = "network"): Network {
    return this.to(this.referents(node, key));
  }

  /** The only network that the stack speaks of, where it speaks of one. */
  get only(): Network | undefined {
    const [first, ...others] = [...this.all, ...this.others];
    return others.length === 0 ? first : undefined;
  }
}
