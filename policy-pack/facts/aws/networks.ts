import { addressRange } from "../../address-range";
import { reading, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { mayBeSame, type Network, type PublicAddress } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";

/** What AWS puts into every VPC, with the outputs of the VPC that hold its id. */
const defaultParts = {
  securityGroup: ["defaultSecurityGroupId"],
  networkAcl: ["defaultNetworkAclId"],
  routeTable: ["defaultRouteTableId", "mainRouteTableId"],
} as const;

export type DefaultPart = keyof typeof defaultParts;

/** Whether a VPC or subnet has, or may have, IPv6 addresses. */
const ipv6Properties = [
  "ipv6CidrBlock",
  "assignGeneratedIpv6CidrBlock",
  "ipv6IpamPoolId",
  "ipv6NetmaskLength",
];

/** Whether a property is set, or may be. */
function isSet(value: Reading<unknown>): boolean {
  return value.kind === "unknown" || (value.kind === "known" && value.value !== false && value.value !== 0);
}

/** The VPCs of a stack, and those that it only names. */
export class Networks {
  readonly #stack: AwsStack;
  readonly #byUrn = new Map<string, Network>();
  readonly #external = new Map<string, Network>();
  readonly #defaults = new Map<string, { readonly part: DefaultPart; readonly vpc: Node }>();
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

  constructor(stack: AwsStack) {
    this.#stack = stack;
    const { graph, zones } = stack;
    const secondary = graph.ofType("aws:ec2:vpcipv4cidrblockassociation");
    const ipv6 = graph.ofType("aws:ec2:vpcipv6cidrblockassociation");
    for (const vpc of graph.ofType(...types.network)) {
      const attached = (nodes: readonly Node[]): readonly Node[] =>
        nodes.filter((node) =>
          graph
            .referents(node, "vpcId", types.network)
            .some((to) => to.kind === "resource" && to.node === vpc),
        );
      const first = textOf(graph.read(vpc, "cidrBlock"));
      const more = attached(secondary).map((node) => textOf(graph.read(node, "cidrBlock")));
      const blocks = [first, ...more].map((block) =>
        block.kind === "known" ? addressRange(block.value) : undefined,
      );
      const hasIpv6 = attached(ipv6).length > 0 || ipv6Properties.some((key) => isSet(graph.read(vpc, key)));
      const ranges = blocks.filter((range) => range !== undefined);
      this.#byUrn.set(vpc.urn, {
        urn: vpc.urn,
        label: labelOf(vpc),
        zone: zones.of(vpc.urn),
        platform: platformOf(stack, vpc),
        isInStack: true,
        isDetermined: true,
        // The IPv6 block of a VPC is given by AWS, and so not known before it exists.
        ranges: ranges.length === blocks.length && !hasIpv6 ? ranges : undefined,
      });
      for (const [part, keys] of Object.entries(defaultParts) as readonly (readonly [
        DefaultPart,
        readonly string[],
      ])[]) {
        for (const key of keys) {
          const id = textOf(reading(vpc.outputs[key]));
          if (id.kind === "known") {
            this.#defaults.set(id.value, { part, vpc });
          }
        }
      }
    }
  }

  get all(): readonly Network[] {
    return [...this.#byUrn.values()];
  }

  /**
   * The ways in which a network that is in a zone as a whole gives what is in it addresses that the Internet knows.
   *
   * @param mayBePhiAlone whether a network that is only read may be the PHI zone's own.
   */
  publicAddresses(mayBePhiAlone: (network: Network) => boolean): readonly PublicAddress[] {
    const { graph } = this.#stack;
    const associations = graph.ofType("aws:ec2:vpcipv6cidrblockassociation");
    const ofOthers = associations.flatMap((association): readonly PublicAddress[] => {
      const network = this.of(association);
      return mayBePhiAlone(network)
        ? [
            {
              urn: association.urn,
              label: labelOf(association),
              zone: "phi",
              platform: platformOf(this.#stack, association),
              what: "the network has IPv6 addresses, every one of which is public",
              assumption: `${network.label} is not in the stack, and may be the PHI zone's own`,
              remedy: "Take the IPv6 block of the network away.",
            },
          ]
        : [];
    });
    const ofOwn = this.all.flatMap(({ urn, label, zone, platform }): readonly PublicAddress[] => {
      const node = graph.node(urn);
      if (zone === undefined || node === undefined) {
        return [];
      }
      const set = ipv6Properties.map((key) => graph.read(node, key)).filter(isSet);
      const added = associations.filter((association) =>
        graph
          .referents(association, "vpcId", types.network)
          .some((to) => to.kind === "resource" && to.node === node),
      );
      return set.length === 0 && added.length === 0
        ? []
        : [
            {
              urn: added[0]?.urn ?? urn,
              label: added[0] === undefined ? label : labelOf(added[0]),
              zone,
              platform,
              what: "the network has IPv6 addresses, every one of which is public",
              assumption:
                added.length === 0 && set.every(({ kind }) => kind === "unknown")
                  ? "whether it has an IPv6 block is not known"
                  : undefined,
              remedy: "Take the IPv6 block of the network away.",
            },
          ];
    });
    return [...ofOwn, ...ofOthers];
  }

  ofNode(vpc: Node): Network {
    return this.#byUrn.get(vpc.urn) ?? this.undetermined;
  }

  /** The network that a property names. A resource without one is in the account's default VPC, which no stack holds. */
  of(node: Node, key = "vpcId"): Network {
    const referents = this.#stack.graph.referents(node, key, types.network);
    const [referent, ...others] = referents;
    if (referent === undefined || others.length > 0 || referent.kind === "undetermined") {
      const mayBePhi = referents.some((to) => to.kind === "resource" && this.ofNode(to.node).zone === "phi");
      return mayBePhi ? { ...this.undetermined, zone: "phi" } : this.undetermined;
    }
    if (referent.kind === "resource") {
      return this.ofNode(referent.node);
    }
    return this.external(referent.id);
  }

  /** A network that is not in the stack, by its id. */
  external(id: string): Network {
    const known = this.#external.get(id);
    const network: Network = known ?? {
      urn: id,
      label: id,
      zone: undefined,
      platform: undefined,
      isInStack: false,
      isDetermined: true,
      ranges: undefined,
    };
    this.#external.set(id, network);
    return network;
  }

  /** Whether a property that holds the id of a network names a certain one, and for certain no other. */
  isOf(node: Node, key: string, network: Network): boolean {
    return network.isDetermined && this.of(node, key) === network;
  }

  /** Whether it names that network, or may. */
  mayBeOf(node: Node, key: string, network: Network): boolean {
    return this.#stack.graph.referents(node, key, types.network).some((referent) => {
      switch (referent.kind) {
        case "resource":
          return mayBeSame(this.ofNode(referent.node), network);
        case "external":
          return referent.id === network.urn || !network.isDetermined;
        case "undetermined":
          return true;
      }
    });
  }

  /** The VPC whose default part a referent is, if it is one. */
  defaultPart(referent: Referent, part: DefaultPart): Node | undefined {
    if (referent.kind === "resource") {
      return (types.network as readonly string[]).includes(referent.node.resourceType)
        ? referent.node
        : undefined;
    }
    const found = referent.kind === "external" ? this.#defaults.get(referent.id) : undefined;
    return found?.part === part ? found.vpc : undefined;
  }
}
