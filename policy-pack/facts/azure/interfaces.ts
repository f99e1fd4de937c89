import { textOf, type Reading } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind, Filter, NetworkInterface, PublicAddress, Subnet } from "../fact";
import { pathText, referentsAt, valuesAt } from "../property-path";
import { broken } from "../setting";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { ownersOf } from "./owners";
import { placedTypes, type PlacedType } from "./placed-types";
import type { SecurityGroups } from "./security-groups";
import type { Subnets, SubnetsNamed } from "./subnets";

/** Which settings let network security groups be in force on private endpoints. */
const binding: readonly string[] = ["enabled", "networksecuritygroupenabled"];

/** Settings that give nothing a public address by which it reaches the Internet of IPv4. */
const withoutAddress: readonly string[] = ["enableIPForwarding", "privateIPAddressVersion"];

/** The name that Azure prescribes for the subnet of a firewall, in lower case ("Azure Firewall FAQ"). */
const firewallSubnet = "azurefirewallsubnet";

/** The resources with addresses in the subnets of a stack: interfaces, machines, gateways, private endpoints. */
export class Interfaces {
  /** Subnets in which something has a public address of its own, once somebody has asked. */
  #withPublicAddress: ReadonlySet<Subnet> | undefined;
  readonly #stack: AzureStack;
  readonly #groups: SecurityGroups;
  readonly #subnets: Subnets;
  readonly #blind: Blind[] = [];
  readonly all: readonly NetworkInterface[];

  constructor(stack: AzureStack, groups: SecurityGroups, subnets: Subnets) {
    this.#stack = stack;
    this.#groups = groups;
    this.#subnets = subnets;
    const { graph } = stack;
    this.all = graph.ofType(...placedTypes.keys()).flatMap((node) => this.#read(node));
    for (const subnet of subnets.all) {
      this.#readEmpty(subnet);
    }
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** Whether network security groups are in force on private endpoints of a subnet; unknown, where that is not known. */
  #binds(subnet: Subnet): Reading<boolean> {
    const text = textOf(
      this.#subnets.writtenOf(subnet)?.read("privateEndpointNetworkPolicies") ?? { kind: "absent" },
    );
    // Left out, they are off (Azure Resource Manager, `SubnetPropertiesFormat`).
    return text.kind === "known"
      ? { kind: "known", value: binding.includes(text.value.toLowerCase()) }
      : text.kind === "absent"
        ? { kind: "known", value: false }
        : text;
  }

  /**
   * Whether a firewall of the stack is in a subnet for certain, on which Azure takes no network security group, and in which
   * it puts nothing but firewalls.
   */
  #isFirewalls(subnet: Subnet): boolean {
    const { graph } = this.#stack;
    const written = this.#subnets.writtenOf(subnet);
    return (
      written?.name?.toLowerCase() === firewallSubnet &&
      written.groups.length === 0 &&
      graph.ofType(...types.firewall).some((firewall) => {
        const named = this.#subnets.at(firewall, ["ipConfigurations", "subnet", "id"]);
        return !named.isAmbiguous && named.subnets.length === 1 && named.subnets[0] === subnet;
      })
    );
  }

  /** A subnet of the PHI zone, or of a platform's, is judged as if something and a private endpoint were in it. */
  #readEmpty(subnet: Subnet): void {
    if (subnet.zone !== "phi" && this.#isFirewalls(subnet)) {
      return;
    }
    if (subnet.zone !== undefined && (subnet.zone === "phi" || subnet.platform !== undefined)) {
      this.#groups.ofSubnet(subnet);
      const binds = this.#binds(subnet);
      if (!(binds.kind === "known" && binds.value) && subnet.zone === "phi") {
        this.#groups.unbound(subnet, binds.kind === "known");
      }
    }
  }

  #filtersIn(node: Node, subnet: Subnet, groups: readonly Referent[]): readonly Filter[] {
    if ((types.endpoint as readonly string[]).includes(node.resourceType)) {
      const binds = this.#binds(subnet);
      return binds.kind === "known" && binds.value
        ? this.#groups.ofSubnet(subnet)
        : [this.#groups.unbound(subnet, binds.kind === "known")];
    }
    const { isAzures } = placedTypes.get(node.resourceType) ?? {};
    if (isAzures === true && subnet.zone !== "phi" && this.#subnets.writtenOf(subnet)?.groups.length === 0) {
      return [];
    }
    return groups.length === 0 ? this.#groups.ofSubnet(subnet) : this.#groups.ofInterface(subnet, groups);
  }

  #placeOfNic(nic: Node): Pick<NetworkInterface, "subnets" | "filters"> {
    const { subnets } = this.#subnets.at(nic, ["ipConfigurations", "subnet", "id"]);
    const groups = referentsAt(this.#stack.graph, nic, ["networkSecurityGroup", "id"], types.securityGroup);
    return { subnets, filters: subnets.flatMap((subnet) => this.#filtersIn(nic, subnet, groups)) };
  }

  #read(node: Node): readonly NetworkInterface[] {
    const { graph, zones } = this.#stack;
    const shape = placedTypes.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    const named = [
      ...shape.subnets.map((path) => this.#subnets.at(node, path)),
      ...this.#byName(node, shape),
    ];
    const unknown = named.flatMap(({ others }) => others).filter((other) => !other.startsWith("/"));
    const own = named.flatMap(({ subnets }) => subnets);
    const nics = (shape.interfaces ?? []).flatMap((path) =>
      referentsAt(graph, node, path, types.networkInterface),
    );
    const ofNics = nics.flatMap((to) => (to.kind === "resource" ? [this.#placeOfNic(to.node)] : []));
    // In which order a network lists its subnets says nothing.
    const subnets = [...new Set([...own, ...ofNics.flatMap((nic) => nic.subnets)])].sort((one, other) =>
      one.key < other.key ? -1 : 1,
    );
    if (unknown.length > 0 || nics.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "In which subnet it is cannot be known, so it may be in any zone.",
        remedy: `Set ${[...shape.subnets, ...(shape.interfaces ?? [])].map(pathText).join(" or ")} to ids of subnets of this stack, without computing them.`,
      });
    }
    for (const subnet of subnets) {
      zones.inherit(node.urn, subnet.zone, `its subnet ${subnet.label}`);
    }
    for (const owner of shape.partOf === undefined
      ? []
      : ownersOf(graph, node, shape.partOf.key, shape.partOf.type)) {
      if (owner.kind === "resource") {
        const { urn } = owner.node;
        zones.inherit(node.urn, zones.of(urn), `what it is a part of, ${labelOf(owner.node)}`);
        zones.inherit(urn, zones.of(node.urn), `its part ${labelOf(node)}`);
      }
    }
    // An interface is whose it is: a machine that says a zone puts its interfaces there.
    for (const nic of nics) {
      if (nic.kind === "resource") {
        zones.inherit(nic.node.urn, zones.of(node.urn), labelOf(node));
      }
    }
    for (const group of (shape.memberships ?? []).flatMap((path) =>
      referentsAt(graph, node, path, types.applicationSecurityGroup),
    )) {
      this.#groups.addMember(group, subnets);
    }
    const groups = (shape.groups ?? []).flatMap((path) =>
      referentsAt(graph, node, path, types.securityGroup),
    );
    if (groups.some(({ kind }) => kind !== "resource")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "What lets it open connections is not wholly known: its network security group is not in the stack.",
        remedy: "Give it network security groups of this stack only.",
      });
    }
    const filters = [
      ...new Set([
        ...own.flatMap((subnet) => this.#filtersIn(node, subnet, groups)),
        ...ofNics.flatMap((nic) => nic.filters),
      ]),
    ].sort((one, other) => (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0));
    return [
      {
        urn: node.urn,
        label: labelOf(node),
        get zone() {
          return zones.of(node.urn);
        },
        platform: platformOf(this.#stack, node),
        subnets,
        filters,
      },
    ];
  }

  /** The subnets that a resource names by their names, beside the id of their network. */
  #byName(node: Node, { namedSubnets }: PlacedType): readonly SubnetsNamed[] {
    const { graph } = this.#stack;
    if (namedSubnets === undefined) {
      return [];
    }
    const { network, names } = namedSubnets;
    return valuesAt(graph, node, network).flatMap((id) =>
      names
        .flatMap((path) => valuesAt(graph, node, path))
        .map((name): SubnetsNamed => {
          const [whole, part] = [textOf(id), textOf(name)];
          return this.#subnets.to(
            node,
            network[0],
            whole.kind === "known" && part.kind === "known"
              ? { kind: "known", value: `${whole.value}/subnets/${part.value}` }
              : { kind: "unknown" },
          );
        }),
    );
  }

  /** The settings of something that are not right, or may not be. */
  #broken(node: Node, { settings, oneOf = [], required = [] }: PlacedType): ReturnType<typeof broken> {
    const { graph } = this.#stack;
    const wrong = broken(graph, node, oneOf);
    const missing = required.filter(({ path }) => valuesAt(graph, node, path).length === 0);
    return [
      ...broken(graph, node, settings),
      ...(wrong.length < oneOf.length ? [] : wrong.slice(0, 1)),
      ...missing.map((setting) => ({ setting, isUnknown: false })),
    ];
  }

  /** Where something that runs code has an interface outside of the PHI zone, if it has one inside. */
  #elsewhere({ subnets, zone }: NetworkInterface, shape: PlacedType): string | undefined {
    return shape.runsCode && zone === "phi"
      ? subnets.find((subnet) => subnet.zone !== "phi" && subnets.length > 1)?.label
      : undefined;
  }

  /** The addresses that the Internet knows of what is in a zone, and the ways by which it gets out by itself. */
  publicAddresses(): readonly PublicAddress[] {
    const { graph } = this.#stack;
    return this.all.flatMap((one): readonly PublicAddress[] => {
      const { urn, label, zone, platform, subnets } = one;
      const node = graph.node(urn);
      const shape = node === undefined ? undefined : placedTypes.get(node.resourceType);
      if (node === undefined || shape === undefined || zone === undefined) {
        return [];
      }
      const found = (what: string, assumption: string | undefined, remedy: string): PublicAddress => ({
        urn,
        label,
        zone,
        platform,
        // A firewall sends on what others send, and opens nothing of its own.
        isForOthers: types.firewall.some((type) => type === node.resourceType),
        what,
        assumption,
        remedy,
      });
      const isPlaced =
        subnets.length > 0 || shape.subnets.some((path) => valuesAt(graph, node, path).length > 0);
      const away = this.#elsewhere(one, shape);
      return [
        ...this.#broken(node, shape).map(({ setting, isUnknown }) =>
          found(
            setting.what,
            isUnknown ? `\`${pathText(setting.path)}\` is not known` : undefined,
            setting.remedy,
          ),
        ),
        ...(shape.outsideOfNetworks === undefined || isPlaced
          ? []
          : [found(shape.outsideOfNetworks.what, undefined, shape.outsideOfNetworks.remedy)]),
        ...(away === undefined
          ? []
          : [
              found(
                `it has an interface outside of the PHI zone as well (${away}), by which it may send on what it reads`,
                undefined,
                "Give it interfaces in one zone only.",
              ),
            ]),
      ];
    });
  }

  /** Whether something in a subnet has a public address of its own, by which it reaches the Internet. */
  hasPublicAddress(subnet: Subnet): boolean {
    // Each subnet is asked about, so that what is in them is looked at once.
    this.#withPublicAddress ??= this.#subnetsWithPublicAddress();
    return this.#withPublicAddress.has(subnet);
  }

  #subnetsWithPublicAddress(): ReadonlySet<Subnet> {
    const { graph } = this.#stack;
    return new Set(
      this.all.flatMap(({ urn, subnets }) => {
        const node = graph.node(urn);
        const shape = node === undefined ? undefined : placedTypes.get(node.resourceType);
        return node !== undefined &&
          shape !== undefined &&
          this.#broken(node, shape).some(({ setting }) => !withoutAddress.includes(setting.path.at(-1) ?? ""))
          ? subnets
          : [];
      }),
    );
  }

  #ofTypes(matches: (type: string, shape: PlacedType) => boolean): readonly NetworkInterface[] {
    return this.all.filter(({ urn }) => {
      const type = this.#stack.graph.node(urn)?.resourceType ?? "";
      const shape = placedTypes.get(type);
      return shape !== undefined && matches(type, shape);
    });
  }

  /** What runs code of the customer's, and interfaces that no endpoint or load balancer owns. */
  running(): readonly NetworkInterface[] {
    return this.#ofTypes((_type, { runsCode }) => runsCode);
  }

  /** What has addresses, and is no private endpoint. */
  besidesEndpoints(): readonly NetworkInterface[] {
    return this.#ofTypes((type) => !(types.endpoint as readonly string[]).includes(type));
  }
}
