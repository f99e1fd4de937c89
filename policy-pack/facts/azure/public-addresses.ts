import type { ZoneId } from "../../../model/zone";

import { flagOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { NetworkInterface, PublicAddress, Subnet } from "../fact";
import { referentsAt, valuesAt, type PropertyPath } from "../property-path";

import { withParents } from "./arm-id";
import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { oneOrMore } from "./extent";
import { ownersOf } from "./owners";
import { blockOf } from "./security-rules";
import type { Subnets, WrittenSubnet } from "./subnets";

const loadBalancer = "azure-native:network:loadbalancer";
const poolType = "azure-native:network:loadbalancerbackendaddresspool";
const natGateway = "azure-native:network:natgateway";

/** Types by which something is given an address that the Internet knows. */
export const publicAddressTypes = [
  ...types.publicAddress,
  natGateway,
  "azure-native:network:inboundnatrule",
  poolType,
] as const;

/** Where something names the pools of load balancers that it is in. */
const pools: readonly PropertyPath[] = [
  ["ipConfigurations", "loadBalancerBackendAddressPools", "id"],
  ["ipConfigurations", "loadBalancerInboundNatRules", "id"],
  [
    "virtualMachineProfile",
    "networkProfile",
    "networkInterfaceConfigurations",
    "ipConfigurations",
    "loadBalancerBackendAddressPools",
    "id",
  ],
  [
    "networkProfile",
    "networkInterfaceConfigurations",
    "ipConfigurations",
    "loadBalancerBackendAddressPools",
    "id",
  ],
];

/** What is behind a load balancer. */
interface Members {
  readonly zones: ReadonlySet<ZoneId>;
  readonly subnets: ReadonlySet<Subnet>;
}

interface Way {
  readonly what: string;
  readonly assumption: string | undefined;
  readonly remedy: string;
}

function isUnset(value: Reading<unknown>): boolean {
  return (
    value.kind === "absent" ||
    (value.kind === "known" && Array.isArray(value.value) && value.value.length === 0)
  );
}

/** The addresses that the Internet knows and that subnets, NAT gateways and load balancers give to what is in a zone. */
export class PublicAddresses {
  readonly #stack: AzureStack;
  readonly #subnets: Subnets;
  readonly #interfaces: readonly NetworkInterface[];

  constructor(stack: AzureStack, subnets: Subnets, interfaces: readonly NetworkInterface[]) {
    this.#stack = stack;
    this.#subnets = subnets;
    this.#interfaces = interfaces;
  }

  all(): readonly PublicAddress[] {
    return [
      ...this.#subnets.written.flatMap((written) => this.#ofSubnet(written)),
      ...this.#ofBalancers(),
      ...this.#ofTheirOwn(),
    ];
  }

  /** Whether a load balancer gives what is in a subnet an address with which it reaches the Internet. */
  balancerLeadsOut(subnet: Subnet): boolean {
    return this.#balancers().some(
      ({ isTranslating, members }) => isTranslating && members.subnets.has(subnet),
    );
  }

  #ofSubnet({ subnet, read }: WrittenSubnet): readonly PublicAddress[] {
    const { urn, label, zone, platform } = subnet;
    if (zone === undefined) {
      return [];
    }
    const found: PublicAddress[] = [];
    const add = (way: Way): void => {
      found.push({ urn, label, zone, platform, ...way });
    };
    const byDefault = flagOf(read("defaultOutboundAccess"));
    // Left out, it is on (Azure Resource Manager, `SubnetPropertiesFormat` to API version 2024-05-01).
    if (!(byDefault.kind === "known" && !byDefault.value)) {
      add({
        what: "what starts in the subnet gets a public address of Azure's to reach the Internet with (defaultOutboundAccess)",
        assumption: byDefault.kind === "unknown" ? "`defaultOutboundAccess` is not known" : undefined,
        remedy: "Set defaultOutboundAccess of the subnet to false.",
      });
    }
    const translated = read("natGateway");
    if (translated.kind !== "absent") {
      add({
        what: "a NAT gateway gives what is in the subnet an address with which to reach other networks",
        assumption: translated.kind === "unknown" ? "`natGateway` is not known" : undefined,
        remedy: "Take natGateway away from the subnet.",
      });
    }
    const blocks = oneOrMore(read("addressPrefix"), read("addressPrefixes")).map(textOf);
    if (blocks.some((block) => block.kind === "known" && block.value.includes(":"))) {
      add({
        what: "the subnet has IPv6 addresses, which are public where they are used",
        assumption: undefined,
        remedy: "Take the IPv6 block of the subnet away.",
      });
    }
    for (const gateway of this.#stack.graph.ofType(natGateway)) {
      const networks = referentsAt(this.#stack.graph, gateway, ["sourceVirtualNetwork", "id"], types.network);
      if (networks.some((to) => to.kind === "resource" && to.node.urn === subnet.network.urn)) {
        add({
          what: "a NAT gateway gives what is in the network an address with which to reach other networks",
          assumption: undefined,
          remedy: `Take ${labelOf(gateway)} away, or put the zone into a network of its own.`,
        });
      }
    }
    return found;
  }

  /** Public addresses and NAT gateways that say that they are in a zone. */
  #ofTheirOwn(): readonly PublicAddress[] {
    const { graph, zones } = this.#stack;
    const ofFirewalls = new Set(
      graph
        .ofType(...types.firewall)
        .flatMap((firewall) =>
          referentsAt(graph, firewall, ["ipConfigurations", "publicIPAddress", "id"], types.publicAddress),
        )
        .flatMap((to) => (to.kind === "resource" && !to.assumed ? [to.node] : [])),
    );
    return graph.ofType(...types.publicAddress, natGateway).flatMap((node): readonly PublicAddress[] => {
      const zone = zones.of(node.urn);
      return zone === undefined
        ? []
        : [
            {
              urn: node.urn,
              label: labelOf(node),
              zone,
              platform: platformOf(this.#stack, node),
              isForOthers: ofFirewalls.has(node),
              what: "an address that the Internet knows is in the zone",
              assumption: undefined,
              remedy: "Take it away, or put it into the zone whose address it is.",
            },
          ];
    });
  }

  /** The load balancers that an id, or the part of one that it is of, may be of. */
  #balancersAt(node: Node, path: PropertyPath): readonly Referent[] {
    const { graph } = this.#stack;
    return valuesAt(graph, node, path).flatMap((value) => {
      const text = textOf(value);
      if (text.kind !== "known") {
        return graph.origins(node, path[0], [loadBalancer]);
      }
      const whole = withParents(text.value).at(-1) ?? text.value;
      return graph.referentsOf(node, path[0], { kind: "known", value: whole }, [loadBalancer]);
    });
  }

  /** The addresses in the pools of a load balancer, with the subnets that they are of. */
  #poolSubnets(balancer: Node): readonly Subnet[] {
    const { graph } = this.#stack;
    const own = valuesAt(graph, balancer, ["backendAddressPools", "loadBalancerBackendAddresses"]).map(
      (address) => ({ node: balancer, key: "backendAddressPools", address }),
    );
    const others = graph
      .ofType(poolType)
      .filter((node) =>
        ownersOf(graph, node, "loadBalancerName", loadBalancer).some(
          (to) => to.kind === "resource" && to.node === balancer,
        ),
      )
      .flatMap((node) =>
        itemsOf(graph.read(node, "loadBalancerBackendAddresses")).map((address) => ({
          node,
          key: "loadBalancerBackendAddresses",
          address,
        })),
      );
    return [...own, ...others].flatMap(({ node, key, address }): readonly Subnet[] => {
      const record = recordOf(address);
      const id = memberReading(recordOf(memberReading(record, "subnet")), "id");
      if (id.kind !== "absent") {
        return this.#subnets.to(node, key, id).subnets;
      }
      const text = textOf(memberReading(record, "ipAddress"));
      const block = text.kind === "known" ? blockOf(text.value) : undefined;
      // An address that is not known may be in any subnet.
      return this.#subnets.all.filter(
        ({ ranges }) =>
          block === undefined ||
          ranges.some(
            (range) => range.family === block.family && range.from <= block.from && block.to <= range.to,
          ),
      );
    });
  }

  /** What is behind a load balancer, as interfaces say it or the balancer itself. */
  #membersOf(balancer: Node): Members {
    const { graph } = this.#stack;
    const named = this.#poolSubnets(balancer);
    const members = this.#interfaces.filter(({ urn }) => {
      const node = graph.node(urn);
      return (
        node !== undefined &&
        pools.some((path) =>
          this.#balancersAt(node, path).some((to) => to.kind === "resource" && to.node === balancer),
        )
      );
    });
    return {
      zones: new Set([...members, ...named].flatMap(({ zone }) => zone ?? [])),
      subnets: new Set([...members.flatMap(({ subnets }) => subnets), ...named]),
    };
  }

  #balancers(): readonly {
    readonly node: Node;
    readonly ways: readonly Way[];
    /** Whether what is behind it reaches the Internet by it. */
    readonly isTranslating: boolean;
    readonly members: Members;
  }[] {
    const { graph } = this.#stack;
    return graph.ofType(loadBalancer).map((node) => {
      const ways = this.#waysOf(node);
      const isTranslating = ways.some(({ isOutbound }) => isOutbound);
      return { node, ways, isTranslating, members: this.#membersOf(node) };
    });
  }

  #waysOf(node: Node): readonly (Way & { readonly isOutbound: boolean })[] {
    const { graph } = this.#stack;
    const frontends = itemsOf(graph.read(node, "frontendIPConfigurations")).map(recordOf);
    const isPublic = frontends.some(
      (frontend) =>
        frontend.kind !== "known" ||
        ["publicIPAddress", "publicIPPrefix"].some((key) => memberReading(frontend, key).kind !== "absent"),
    );
    if (!isPublic) {
      return [];
    }
    const rules = itemsOf(graph.read(node, "loadBalancingRules")).map(recordOf);
    const translating = rules.map((rule) => flagOf(memberReading(rule, "disableOutboundSnat")));
    return [
      ...(isUnset(graph.read(node, "outboundRules"))
        ? []
        : [
            {
              what: "a rule of a load balancer gives what is behind it an address with which to reach the Internet (outboundRules)",
              assumption: undefined,
              remedy: "Take outboundRules away.",
              isOutbound: true,
            },
          ]),
      ...(translating.every((flag) => flag.kind === "known" && flag.value)
        ? []
        : [
            {
              what: "a load balancer gives what is behind it its address to reach the Internet with (disableOutboundSnat)",
              assumption: undefined,
              remedy: "Set disableOutboundSnat of each of loadBalancingRules to true.",
              isOutbound: true,
            },
          ]),
      {
        what: "what is behind a load balancer with a public address is reached by it",
        assumption: undefined,
        remedy: "Take it out of the load balancer's pools.",
        isOutbound: false,
      },
    ];
  }

  #ofBalancers(): readonly PublicAddress[] {
    return this.#balancers().flatMap(({ node, ways, members }) =>
      ways.flatMap(({ what, assumption, remedy }) =>
        [...members.zones].map((zone): PublicAddress => ({
          urn: node.urn,
          label: labelOf(node),
          zone,
          platform: platformOf(this.#stack, node),
          what,
          assumption,
          remedy,
        })),
      ),
    );
  }
}
