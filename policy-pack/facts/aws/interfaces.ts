import { flagOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Blind, Filter, Network, NetworkInterface, PublicAddress, Subnet } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";

/** The properties by which each type of resource with addresses names its subnets and its security groups. */
const shapes: Readonly<
  Record<string, { readonly subnets: readonly string[]; readonly groups: readonly string[] }>
> = {
  "aws:ec2:instance": { subnets: ["subnetId"], groups: ["vpcSecurityGroupIds", "securityGroups"] },
  "aws:ec2:networkinterface": { subnets: ["subnetId"], groups: ["securityGroups"] },
  "aws:lb:loadbalancer": { subnets: ["subnets", "subnetMappings"], groups: ["securityGroups"] },
  "aws:ec2:vpcendpoint": { subnets: ["subnetIds"], groups: ["securityGroupIds"] },
  "aws:opensearch:serverlessvpcendpoint": { subnets: ["subnetIds"], groups: ["securityGroupIds"] },
};

/** Types that an address, or an additional filter, is attached to. */
const attachable = ["aws:ec2:instance", "aws:ec2:networkinterface", ...types.endpoint];

/** What other resources give to an interface. */
interface Addition {
  readonly filters: Filter[];
  readonly subnets: Subnet[];
  /** What is not in the stack, or not known. */
  readonly others: string[];
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
    this.all = graph.ofType(...types.interface).flatMap((node) => this.#read(node, added));
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
        const entry = added.get(referent.node.urn) ?? { filters: [], subnets: [], others: [] };
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

  #subnetReferents(node: Node, keys: readonly string[]): readonly Referent[] {
    const { graph } = this.#stack;
    return keys.flatMap((key): readonly Referent[] => {
      if (key !== "subnetMappings") {
        return key === "subnetId"
          ? graph.referents(node, key, types.subnet)
          : graph.listReferents(node, key, types.subnet);
      }
      return itemsOf(graph.read(node, key)).flatMap((item) => {
        const id = memberReading(recordOf(item), "subnetId");
        return graph.referentsOf(node, key, id, types.subnet);
      });
    });
  }

  #networkOf(node: Node, subnets: readonly Subnet[]): Network {
    const [first] = subnets;
    return first?.network ?? this.#networks.of(node);
  }

  #read(node: Node, added: ReadonlyMap<string, Addition>): readonly NetworkInterface[] {
    const { graph, zones } = this.#stack;
    const shape = shapes[node.resourceType];
    if (shape === undefined) {
      return [];
    }
    if (node.resourceType === "aws:ec2:vpcendpoint") {
      const kind = textOf(graph.read(node, "vpcEndpointType"));
      if (kind.kind === "absent" || (kind.kind === "known" && kind.value === "Gateway")) {
        return []; // A gateway endpoint has no address; it is a route.
      }
    }
    const extra = added.get(node.urn);
    const placed = this.#subnetReferents(node, shape.subnets);
    if (placed.some(({ kind }) => kind === "undetermined")) {
      this.#blind.push({
        urn: node.urn,
        label: labelOf(node),
        zone: zones.of(node.urn),
        what: "In which subnet it is cannot be known, so it may be in any zone.",
        remedy: `Set ${shape.subnets.join(" or ")} to the ids of subnets of this stack, without computing them.`,
      });
    }
    const subnets = [...this.#subnets.of(placed), ...(extra?.subnets ?? [])];
    const network = this.#networkOf(node, subnets);
    const listed = shape.groups.map((key) => this.#groups.listed(node, key));
    const named = [...listed.flatMap(({ filters }) => filters), ...(extra?.filters ?? [])];
    const others = [...listed.flatMap(({ others: unread }) => unread), ...(extra?.others ?? [])];
    // What names no group is in the default one of its VPC (Amazon EC2 API, `RunInstances`).
    const hasNone = listed.every(
      ({ filters, others: unread }) => filters.length === 0 && unread.length === 0,
    );
    const isNetworkLoadBalancer = node.resourceType === "aws:lb:loadbalancer";
    // An endpoint of a gateway load balancer takes none (AWS PrivateLink guide, "Gateway Load Balancer endpoints").
    const type = textOf(graph.read(node, "vpcEndpointType"));
    const takesNone =
      isNetworkLoadBalancer || (type.kind === "known" && type.value === "GatewayLoadBalancer");
    const filters = [...new Set(hasNone && !takesNone ? [...named, this.#groups.defaultOf(network)] : named)];
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
      },
    ];
  }

  /** The addresses that the Internet knows of what is in a zone. */
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
          what,
          assumption: unknownKey === undefined ? undefined : `\`${unknownKey}\` is not known`,
          remedy,
        });
      }
    };
    for (const { urn, zone } of this.all) {
      const node = graph.node(urn);
      if (node === undefined) {
        continue;
      }
      for (const key of [
        "associatePublicIpAddress",
        "ipv6AddressCount",
        "ipv6Addresses",
        "ipv6PrefixCount",
      ]) {
        const value = graph.read(node, key);
        const isSet =
          value.kind === "known" &&
          value.value !== false &&
          value.value !== 0 &&
          !(Array.isArray(value.value) && value.value.length === 0);
        if (value.kind === "unknown" || isSet) {
          add(
            node,
            { urn, zone },
            "it gets a public address",
            value.kind === "unknown" ? key : undefined,
            `Take ${key} away.`,
          );
        }
      }
      if (node.resourceType === "aws:lb:loadbalancer") {
        const internal = flagOf(graph.read(node, "internal"));
        if (internal.kind !== "known" || !internal.value) {
          add(
            node,
            { urn, zone },
            "the load balancer has public addresses",
            internal.kind === "unknown" ? "internal" : undefined,
            "Set internal to true.",
          );
        }
      }
    }
    for (const node of graph.ofType("aws:ec2:natgateway")) {
      const subnets = this.#subnets.of(graph.referents(node, "subnetId", types.subnet));
      const network = this.#networks.of(node);
      const zone =
        subnets.map((subnet) => subnet.zone).find((held) => held === "phi") ??
        zones.of(node.urn) ??
        (subnets.length === 0 ? network.zone : undefined);
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

  /** What runs code of the customer's: instances, and interfaces that no endpoint or load balancer owns. */
  running(): readonly NetworkInterface[] {
    const { graph } = this.#stack;
    return this.all.filter(({ urn }) => {
      const type = graph.node(urn)?.resourceType;
      return type === "aws:ec2:instance" || type === "aws:ec2:networkinterface";
    });
  }

  /** Whether anything in a platform's PHI zone runs code: the zone is managed-only. */
  compute(): readonly NetworkInterface[] {
    const { graph } = this.#stack;
    return this.all.filter(({ urn }) => {
      const type = graph.node(urn)?.resourceType;
      return (
        type === "aws:ec2:instance" || type === "aws:ec2:networkinterface" || type === "aws:lb:loadbalancer"
      );
    });
  }
}
