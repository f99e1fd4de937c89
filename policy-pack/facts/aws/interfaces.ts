import { textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import {
  everyPort,
  everyProtocol,
  type Blind,
  type Filter,
  type Network,
  type NetworkInterface,
  type PublicAddress,
  type SideChannel,
  type Subnet,
} from "../fact";
import { pathText, referentsAt, type PropertyPath } from "../property-path";
import { broken } from "../setting";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import { placedTypes, subnetGroupTypes, type PlacedType } from "./placed-types";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";

/** Types that an address, or an additional filter, is attached to. */
const attachable = ["aws:ec2:instance", "aws:ec2:networkinterface", ...types.endpoint];

/** What instances are started from. */
const templateTypes = ["aws:ec2:launchtemplate", "aws:ec2:launchconfiguration"];

/** Properties by which something names what its instances are started from. */
const templatePaths: readonly PropertyPath[] = [
  ["launchTemplate", "id"],
  ["launchTemplate", "name"],
  ["launchConfiguration"],
  ["mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification", "launchTemplateId"],
  ["mixedInstancesPolicy", "launchTemplate", "launchTemplateSpecification", "launchTemplateName"],
  ["mixedInstancesPolicy", "launchTemplate", "overrides", "launchTemplateSpecification", "launchTemplateId"],
];

/** Properties by which an instance names interfaces that are resources of their own. */
const interfacePaths: readonly PropertyPath[] = [
  ["networkInterfaces", "networkInterfaceId"],
  ["primaryNetworkInterface", "networkInterfaceId"],
];

/** What something else gives to an interface. */
interface Addition {
  readonly filters: Filter[];
  readonly subnets: Subnet[];
  /** What is not in the stack, or not known. */
  readonly others: string[];
}

/** What holds where a load balancer takes no security group: whoever is in the network reaches its listeners. */
function unfiltered(node: Node, { zone, platform, network }: Subnet): Filter {
  const label = `no security group on ${labelOf(node)}`;
  return {
    urn: node.urn,
    label,
    zone,
    platform,
    kind: "security group",
    combination: "union",
    peer: undefined,
    network,
    subnets: undefined,
    egress: [],
    ingress: [
      {
        urn: node.urn,
        label: `${label}: ingress from anything`,
        action: "allow",
        protocols: everyProtocol,
        ports: everyPort,
        remote: { kind: "anything" },
        assumption: undefined,
      },
    ],
  };
}

function none(): Addition {
  return { filters: [], subnets: [], others: [] };
}

/** The resources with addresses in the subnets of a stack: instances, interfaces, load balancers, interface endpoints. */
export class Interfaces {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #groups: SecurityGroups;
  readonly #subnets: Subnets;
  readonly #blind: Blind[] = [];
  readonly all: readonly NetworkInterface[];

  constructor(stack: AwsStack, networks: Networks, groups: SecurityGroups, subnets: Subnets) {
    this.#stack = stack;
    this.#networks = networks;
    this.#groups = groups;
    this.#subnets = subnets;
    const { graph } = stack;
    const added = this.#additions();
    this.all = graph.ofType(...placedTypes.keys()).flatMap((node) => this.#read(node, added));
  }

  get blind(): readonly Blind[] {
    return this.#blind;
  }

  /** Filters and subnets that other resources give to an interface, by its URN. */
  #additions(): ReadonlyMap<string, Addition> {
    const { graph } = this.#stack;
    const added = new Map<string, Addition>();
    const attach = (node: Node, target: string, groupKey: string | undefined): void => {
      const targets = graph.referents(node, target, attachable);
      if (targets.some(({ kind }) => kind === "undetermined")) {
        this.#blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: this.#stack.zones.of(node.urn),
          what: `What it attaches to cannot be known: \`${target}\` is unknown.`,
          remedy: `Set ${target} to the id of a resource of this stack, without computing it.`,
        });
      }
      for (const referent of targets) {
        if (referent.kind !== "resource") {
          continue;
        }
        const entry = added.get(referent.node.urn) ?? none();
        if (groupKey === undefined) {
          entry.subnets.push(...this.#subnets.of(graph.referents(node, "subnetId", types.subnet)));
        } else {
          const { filters, others } = this.#groups.named(node, groupKey);
          entry.filters.push(...filters);
          entry.others.push(...others);
        }
        added.set(referent.node.urn, entry);
      }
    };
    for (const node of graph.ofType("aws:ec2:networkinterfacesecuritygroupattachment")) {
      attach(node, "networkInterfaceId", "securityGroupId");
    }
    for (const node of graph.ofType("aws:ec2:securitygroupassociation")) {
      attach(node, "vpcEndpointId", "securityGroupId");
    }
    for (const node of graph.ofType("aws:ec2:vpcendpointsubnetassociation")) {
      attach(node, "vpcEndpointId", undefined);
    }
    return added;
  }

  /** The subnets that a resource names, by itself or by a group that another resource lists. */
  #subnetReferents(node: Node, { subnets, subnetGroups = [] }: PlacedType): readonly Referent[] {
    const { graph } = this.#stack;
    const named = subnets.flatMap((path) => referentsAt(graph, node, path, types.subnet));
    const groups = subnetGroups.flatMap((path) => referentsAt(graph, node, path, subnetGroupTypes));
    return [
      ...named,
      ...groups.flatMap((group): readonly Referent[] =>
        group.kind === "resource" ? graph.listReferents(group.node, "subnetIds", types.subnet) : [group],
      ),
    ];
  }

  /** What an interface has of what it is started from, and of interfaces that are resources of their own. */
  #inherited(node: Node): Addition {
    const { graph } = this.#stack;
    const inherited = none();
    const parts = [
      ...templatePaths.flatMap((path) => referentsAt(graph, node, path, templateTypes)),
      ...interfacePaths.flatMap((path) => referentsAt(graph, node, path, ["aws:ec2:networkinterface"])),
    ];
    for (const part of parts) {
      const shape = part.kind === "resource" ? placedTypes.get(part.node.resourceType) : undefined;
      if (part.kind !== "resource" || shape === undefined) {
        inherited.others.push(part.kind === "external" ? part.id : "something that is not known");
        continue;
      }
      const { filters, others } = this.#groupsOf(part.node, shape);
      inherited.filters.push(...filters);
      inherited.others.push(...others);
      inherited.subnets.push(...this.#subnets.of(this.#subnetReferents(part.node, shape)));
      // An interface that names no group is in the default one, whoever uses it.
      const [subnet] = this.#subnets.of(this.#subnetReferents(part.node, shape));
      if (shape.withoutGroup === "default-group" && filters.length === 0 && others.length === 0) {
        inherited.filters.push(
          this.#groups.defaultOf(this.#networkOf(part.node, subnet === undefined ? [] : [subnet])),
        );
      }
    }
    return inherited;
  }

  #groupsOf(
    node: Node,
    { groups, networkBesideGroups }: PlacedType,
  ): { readonly filters: readonly Filter[]; readonly others: readonly string[] } {
    const listed = groups.map((path) => this.#groups.at(node, path, networkBesideGroups));
    return {
      filters: listed.flatMap(({ filters }) => filters),
      others: listed.flatMap(({ others }) => others),
    };
  }

  /**
   * A network load balancer takes security groups or none (Elastic Load Balancing guide, "Security groups"), and an endpoint
   * of a gateway load balancer takes none (AWS PrivateLink guide, "Gateway Load Balancer endpoints").
   */
  #takesNoDefault(node: Node, { withoutGroup }: PlacedType): boolean {
    const { graph } = this.#stack;
    const balancer = textOf(graph.read(node, "loadBalancerType"));
    const endpoint = textOf(graph.read(node, "vpcEndpointType"));
    return (
      withoutGroup === "nothing" ||
      (node.resourceType === "aws:lb:loadbalancer" &&
        balancer.kind === "known" &&
        balancer.value !== "application") ||
      (node.resourceType === "aws:ec2:vpcendpoint" &&
        endpoint.kind === "known" &&
        endpoint.value === "GatewayLoadBalancer")
    );
  }

  #networkOf(node: Node, subnets: readonly Subnet[]): Network {
    const [first] = subnets;
    return first?.network ?? this.#networks.of(node);
  }

  #read(node: Node, added: ReadonlyMap<string, Addition>): readonly NetworkInterface[] {
    const { graph, zones } = this.#stack;
    const shape = placedTypes.get(node.resourceType);
    if (shape === undefined) {
      return [];
    }
    if (node.resourceType === "aws:ec2:vpcendpoint") {
      const kind = textOf(graph.read(node, "vpcEndpointType"));
      if (kind.kind === "absent" || (kind.kind === "known" && kind.value === "Gateway")) {
        return []; // A gateway endpoint has no address; it is a route.
      }
    }
    const given = added.get(node.urn) ?? none();
    const inherited = this.#inherited(node);
    const placed = this.#subnetReferents(node, shape);
    if (placed.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "In which subnet it is cannot be known, so it may be in any zone.",
        remedy: `Set ${[...shape.subnets, ...(shape.subnetGroups ?? [])].map(pathText).join(" or ")} to the ids of subnets of this stack, without computing them.`,
      });
    }
    const subnets = [...this.#subnets.of(placed), ...given.subnets, ...inherited.subnets];
    const network = this.#networkOf(node, subnets);
    const own = this.#groupsOf(node, shape);
    const named = [...own.filters, ...inherited.filters];
    const others = [...own.others, ...inherited.others, ...given.others];
    // What names no group is in the default one of its VPC (Amazon EC2 API, `RunInstances`), if it is in one.
    const mayBeUnplaced = shape.outsideOfNetworks !== undefined || shape.mayBeUnplaced === true;
    const isInNetwork = placed.length > 0 || subnets.length > 0 || !mayBeUnplaced;
    const hasNone = named.length === 0 && own.others.length === 0 && inherited.others.length === 0;
    const filters = [
      ...new Set([
        ...named,
        ...given.filters,
        ...(hasNone && isInNetwork && !this.#takesNoDefault(node, shape)
          ? [this.#groups.defaultOf(network)]
          : []),
      ]),
    ];
    if (hasNone && node.resourceType === "aws:lb:loadbalancer" && this.#takesNoDefault(node, shape)) {
      const inPhi = subnets.find(({ zone }) => zone === "phi");
      if (inPhi !== undefined) {
        filters.push(unfiltered(node, inPhi));
      }
    }
    const { partOf } = shape;
    for (const owner of partOf === undefined ? [] : referentsAt(graph, node, partOf.path, partOf.types)) {
      if (owner.kind === "resource") {
        zones.inherit(node.urn, zones.of(owner.node.urn), `what it is a part of, ${labelOf(owner.node)}`);
      }
      if (owner.kind === "undetermined" && partOf !== undefined) {
        this.#blind.push({
          urn: node.urn,
          label: labelOf(node),
          zone: zones.of(node.urn),
          what: `Of what it is a part cannot be known: \`${pathText(partOf.path)}\` is unknown.`,
          remedy: `Set ${pathText(partOf.path)} to what a resource of this stack is called.`,
        });
      }
    }
    for (const subnet of subnets) {
      zones.inherit(node.urn, subnet.zone, `its subnet ${subnet.label}`);
    }
    for (const filter of filters) {
      zones.inherit(node.urn, filter.zone, `its filter ${filter.label}`);
    }
    const zone = zones.of(node.urn);
    if (others.length > 0) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone,
        what: `What lets it open connections cannot be known: ${others.join(" and ")} is in force on it, and not in the stack.`,
        remedy: "Attach security groups of this stack only.",
      });
    }
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
        runs: shape.runsCode ? peerOf(graph, node) : undefined,
      },
    ];
  }

  #isOutsideOfNetworks(node: Node, shape: PlacedType): boolean {
    return this.#subnetReferents(node, shape).length === 0;
  }

  /** Where something that runs code has an interface outside of the PHI zone, if it has one inside. */
  #elsewhere(node: Node, shape: PlacedType): string | undefined {
    const { graph } = this.#stack;
    if (!shape.runsCode) {
      return undefined;
    }
    const attached = graph
      .ofType("aws:ec2:networkinterfaceattachment")
      .filter((attachment) =>
        graph
          .referents(attachment, "instanceId", [node.resourceType])
          .some((to) => to.kind === "resource" && to.node === node),
      )
      .flatMap((attachment) =>
        graph.referents(attachment, "networkInterfaceId", ["aws:ec2:networkinterface"]),
      );
    const named = interfacePaths.flatMap((path) =>
      referentsAt(graph, node, path, ["aws:ec2:networkinterface"]),
    );
    const attaching = graph
      .ofType("aws:ec2:networkinterface")
      .filter((candidate) =>
        referentsAt(graph, candidate, ["attachments", "instance"], [node.resourceType]).some(
          (to) => to.kind === "resource" && to.node === node,
        ),
      )
      .map((candidate): Referent => ({ kind: "resource", node: candidate, assumed: false }));
    const ends = [...attached, ...named, ...attaching].map((to) => {
      const end = to.kind === "resource" ? this.all.find(({ urn }) => urn === to.node.urn) : undefined;
      return end ?? { label: "an interface that is not in the stack", zone: undefined };
    });
    const places = [...ends, ...this.#subnets.of(this.#subnetReferents(node, shape))];
    return places.some(({ zone }) => zone === "phi")
      ? places.find(({ zone }) => zone !== "phi")?.label
      : undefined;
  }

  /** The ways in which what is in the PHI zone is set to copy what it holds, or may write it, to somewhere else. */
  sideChannels(): readonly SideChannel[] {
    const { graph } = this.#stack;
    return this.all.flatMap(({ urn, label, zone, platform }): readonly SideChannel[] => {
      const node = graph.node(urn);
      const channels = node === undefined ? undefined : placedTypes.get(node.resourceType)?.channels;
      return node === undefined || channels === undefined || zone !== "phi"
        ? []
        : broken(graph, node, channels).map(({ setting, isUnknown }) => ({
            urn,
            label,
            zone,
            platform,
            what: setting.what,
            assumption: isUnknown ? `\`${pathText(setting.path)}\` is not known` : undefined,
            remedy: setting.remedy,
            isGuiltyAlone: !isUnknown,
          }));
    });
  }

  /** The addresses that the Internet knows of what is in a zone, and the ways by which it gets out by itself. */
  publicAddresses(): readonly PublicAddress[] {
    const { graph, zones } = this.#stack;
    const found: PublicAddress[] = [];
    const add = (
      node: Node,
      subject: { readonly urn: string; readonly zone: Subnet["zone"] },
      what: string,
      unknownKey: string | undefined,
      remedy: string,
    ): void => {
      if (subject.zone !== undefined) {
        found.push({
          urn: node.urn,
          label: labelOf(node),
          zone: subject.zone,
          platform: platformOf(this.#stack, node),
          runsCode: placedTypes.get(node.resourceType)?.runsCode === true,
          isForOthers: node.resourceType === "aws:ec2:natgateway",
          what,
          assumption: unknownKey === undefined ? undefined : `\`${unknownKey}\` is not known`,
          remedy,
        });
      }
    };
    for (const { urn, zone } of this.all) {
      const node = graph.node(urn);
      const shape = node === undefined ? undefined : placedTypes.get(node.resourceType);
      if (node === undefined || shape === undefined) {
        continue;
      }
      for (const { setting, isUnknown } of broken(graph, node, shape.settings)) {
        add(
          node,
          { urn, zone },
          setting.what,
          isUnknown ? pathText(setting.path) : undefined,
          setting.remedy,
        );
      }
      if (shape.outsideOfNetworks !== undefined && this.#isOutsideOfNetworks(node, shape)) {
        const { what, remedy } = shape.outsideOfNetworks;
        add(node, { urn, zone }, what, undefined, remedy);
      }
      const away = this.#elsewhere(node, shape);
      if (away !== undefined) {
        add(
          node,
          { urn, zone: "phi" },
          `it has an interface outside of the PHI zone as well (${away}), by which it may send on what it reads`,
          undefined,
          "Give it interfaces in one zone only.",
        );
      }
    }
    for (const node of graph.ofType("aws:ec2:natgateway")) {
      const subnets = this.#subnets.of(graph.referents(node, "subnetId", types.subnet));
      const network = this.#networks.of(node);
      const zone =
        subnets.map((subnet) => subnet.zone).find((held) => held === "phi") ??
        zones.of(node.urn) ??
        (subnets.length > 0 ? undefined : this.#subnets.mayBePhiAlone(network) ? "phi" : network.zone);
      add(
        node,
        { urn: node.urn, zone },
        "a NAT gateway gives the zone an address with which to reach other networks",
        undefined,
        "Take the NAT gateway away, or put it into another zone.",
      );
    }
    for (const [type, keys] of [
      ["aws:ec2:eip", ["instance", "networkInterface"]],
      ["aws:ec2:eipassociation", ["instanceId", "networkInterfaceId"]],
    ] as const) {
      for (const node of graph.ofType(type)) {
        for (const key of keys) {
          for (const referent of graph.referents(node, key, attachable)) {
            const zone = referent.kind === "resource" ? zones.of(referent.node.urn) : zones.of(node.urn);
            add(
              node,
              { urn: node.urn, zone },
              "a public IPv4 address is given to what is in the zone",
              undefined,
              "Take the address away.",
            );
          }
        }
      }
    }
    return found;
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
