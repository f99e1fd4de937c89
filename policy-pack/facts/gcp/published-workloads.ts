import type { AddressRange } from "../../address-range";
import { tcp } from "../../protocol";
import { integerOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { Filter, Network, NetworkInterface, Rule, Subnet } from "../fact";
import { blockOf } from "./firewall-rules";
import { portsOf } from "./forwarding-rules";
import { labelOf, platformOf, type GcpStack } from "./gcp-stack";
import { backendGroupTypes, backendServiceTypes } from "./load-balancers";
import type { Networks } from "./networks";
import { types } from "./compute-types";
import { ownersAt, ownersIn, ownersOf } from "./owners";
import { projectsOf } from "./projects";
import type { Subnets } from "./subnets";

const ruleType: ResourceType = "gcp:compute:forwardingrule";
const attachmentType: ResourceType = "gcp:compute:serviceattachment";
const groupTypes: readonly ResourceType[] = [...backendGroupTypes.instances, ...backendGroupTypes.managed];

/** What is read of the networks of a stack, and of what is in them. */
export interface PublishedPlaces {
  readonly networks: Networks;
  readonly subnets: Subnets;
  readonly interfaces: readonly NetworkInterface[];
  /** The filters of what is in networks. */
  readonly filters: readonly Filter[];
}

/** A service that a workload of the stack offers to another network with Private Service Connect. */
interface Publication {
  readonly attachment: Node;
  /** The forwarding rule that passes TCP to the workload's machines. */
  readonly front: Node;
  /** The filters in force on these machines, all of one peer. */
  readonly behind: readonly Filter[];
  readonly peer: string;
  /** The subnets from whose addresses whoever calls comes. */
  readonly callers: readonly Subnet[];
}

/** An address in a network by which a published workload is reached. */
interface Endpoint {
  readonly node: Node;
  readonly network: Network;
  readonly address: AddressRange;
  readonly publication: Publication;
}

/** The one resource that a property certainly names. */
function only(referents: readonly Referent[]): Node | undefined {
  const [first, ...others] = referents;
  return first?.kind === "resource" && !first.assumed && others.length === 0 ? first.node : undefined;
}

/**
 * The workloads of a stack that are published to another network of it, where all of the way is certain: an endpoint with one
 * address, a service attachment that accepts named projects of the stack alone, a load balancer that passes TCP, and machines
 * of one workload behind it. Whatever of this is not known leaves the endpoint a way to somewhere that is not declared.
 */
export class PublishedWorkloads {
  readonly #stack: GcpStack;
  readonly #places: PublishedPlaces;
  readonly #endpoints: readonly Endpoint[];

  constructor(stack: GcpStack, places: PublishedPlaces) {
    this.#stack = stack;
    this.#places = places;
    this.#endpoints = stack.graph.ofType(ruleType).flatMap((node) => this.#endpoint(node) ?? []);
  }

  /** The endpoints that lead to workloads of the stack. */
  get endpoints(): ReadonlySet<string> {
    return new Set(this.#endpoints.map(({ node }) => node.urn));
  }

  /** The forwarding rules behind the endpoints, which pass TCP to the workload that ends TLS. */
  get fronts(): ReadonlySet<string> {
    return new Set(this.#endpoints.map(({ publication }) => publication.front.urn));
  }

  /**
   * What the endpoints add to the filters of the stack: what an endpoint takes, from whom in its network filters let it be
   * reached, as a filter of the workload's; and where each of these comes from, in the workload's network, as one of theirs.
   */
  filters(): readonly Filter[] {
    return this.#endpoints.flatMap((endpoint) => {
      const sources = this.#places.filters.filter((filter) => this.#reaches(filter, endpoint));
      return [
        this.#asWorkload(endpoint, sources),
        ...sources.flatMap((source) =>
          endpoint.publication.callers.map((subnet) => this.#asCaller(endpoint, source, subnet)),
        ),
      ];
    });
  }

  /** Whether a filter may let something out to an endpoint. */
  #reaches({ kind, network, egress }: Filter, endpoint: Endpoint): boolean {
    const { address } = endpoint;
    return (
      kind === "firewall" &&
      network === endpoint.network &&
      egress.some(
        ({ action, remote }) =>
          action === "allow" &&
          (remote.kind !== "addresses" ||
            (remote.range.family === address.family &&
              remote.range.from < address.to &&
              address.from < remote.range.to)),
      )
    );
  }

  #passed({ node, publication }: Endpoint, filter: Filter, says: string): readonly Rule[] {
    const { intervals, assumption } = portsOf(this.#stack.graph, publication.front);
    return intervals.map((ports) => ({
      urn: node.urn,
      label: `${labelOf(node)}: ${says}`,
      action: "allow",
      protocols: { from: tcp, to: tcp + 1 },
      ports,
      remote: { kind: "filter", filter },
      assumption,
    }));
  }

  #asWorkload(endpoint: Endpoint, sources: readonly Filter[]): Filter {
    const { node, network, address, publication } = endpoint;
    const [first] = publication.behind;
    const label = labelOf(node);
    const place = { urn: node.urn, label, zone: first?.zone, platform: platformOf(this.#stack, node) };
    const subnet: Subnet = {
      ...place,
      key: `${node.urn} address`,
      label: `the address of ${label}`,
      network,
      purpose: "private-endpoint",
      ranges: [address],
      knownRanges: [address],
      filters: [],
      filteredBy: undefined,
      routeTables: [],
      unknownRoutes: undefined,
    };
    return {
      ...place,
      label: `${label}, which leads to ${publication.peer}`,
      kind: "load balancer",
      combination: "union",
      peer: publication.peer,
      network,
      subnets: [subnet],
      egress: [],
      ingress: sources.flatMap((source) =>
        this.#passed(endpoint, source, `takes connections from ${source.label}`),
      ),
    };
  }

  #asCaller(endpoint: Endpoint, source: Filter, subnet: Subnet): Filter {
    const { node, publication } = endpoint;
    const label = labelOf(node);
    return {
      urn: node.urn,
      label: `${source.label}, by ${label}`,
      zone: source.zone,
      platform: platformOf(this.#stack, node),
      kind: "load balancer",
      combination: "union",
      peer: source.peer,
      network: subnet.network,
      subnets: [subnet],
      egress: publication.behind.flatMap((filter) =>
        this.#passed(endpoint, filter, `passes connections to ${filter.label}`),
      ),
      ingress: [],
    };
  }

  /** A forwarding rule that is certainly an endpoint of a published workload; `undefined` for every other. */
  #endpoint(node: Node): Endpoint | undefined {
    const { graph } = this.#stack;
    const attachment = only(ownersOf(graph, node, "target", [attachmentType]));
    if (attachment === undefined || graph.read(node, "backendService").kind !== "absent") {
      return undefined;
    }
    const { networks } = this.#places;
    const [network, ...others] = networks.candidates(networks.referents(node));
    const address = this.#addressOf(node);
    const publication = this.#publication(attachment);
    return network === undefined ||
      others.length > 0 ||
      !network.isDetermined ||
      address === undefined ||
      publication === undefined ||
      platformOf(this.#stack, node) === undefined
      ? undefined
      : { node, network, address, publication };
  }

  /** The one address of an endpoint, as it says it or as that of an address of the stack. */
  #addressOf(node: Node): AddressRange | undefined {
    const { graph } = this.#stack;
    const text = textOf(graph.read(node, "ipAddress"));
    const own = text.kind === "known" ? blockOf(text.value) : undefined;
    if (own !== undefined) {
      return own;
    }
    const kept = only(ownersOf(graph, node, "ipAddress", ["gcp:compute:address"]));
    const said = kept === undefined ? undefined : textOf(graph.read(kept, "address"));
    return said?.kind === "known" ? blockOf(said.value) : undefined;
  }

  #publication(attachment: Node): Publication | undefined {
    const { graph } = this.#stack;
    const front = only(ownersOf(graph, attachment, "targetService", [ruleType]));
    const callers = this.#callersOf(attachment);
    if (front === undefined || callers === undefined || !this.#acceptsEndpointsAlone(attachment)) {
      return undefined;
    }
    const scheme = textOf(graph.read(front, "loadBalancingScheme"));
    const protocol = textOf(graph.read(front, "ipProtocol"));
    const service = only(ownersOf(graph, front, "backendService", backendServiceTypes));
    if (
      scheme.kind !== "known" ||
      scheme.value !== "INTERNAL" ||
      protocol.kind !== "known" ||
      protocol.value !== "TCP" ||
      service === undefined
    ) {
      return undefined;
    }
    const behind = this.#behind(service);
    const peers = new Set(behind?.map(({ peer }) => peer));
    const [peer] = peers;
    return behind === undefined || peer === undefined || peers.size !== 1
      ? undefined
      : { attachment, front, behind, peer, callers };
  }

  /** The subnets from whose addresses connections come; `undefined` where one is not known. */
  #callersOf(attachment: Node): readonly Subnet[] | undefined {
    const { graph } = this.#stack;
    const { subnets } = this.#places;
    const named = itemsOf(graph.read(attachment, "natSubnets")).map((item) =>
      subnets.to(subnets.referentsIn(attachment, "natSubnets", item)),
    );
    return named.length === 0 || named.some((found) => found.length !== 1) ? undefined : named.flat();
  }

  /** Whether an attachment accepts named projects alone, each of which has an endpoint of it in the stack. */
  #acceptsEndpointsAlone(attachment: Node): boolean {
    const { graph } = this.#stack;
    const projects = projectsOf(this.#stack);
    const preference = textOf(graph.read(attachment, "connectionPreference"));
    const endpoints = graph
      .ofType(ruleType)
      .filter((node) => only(ownersOf(graph, node, "target", [attachmentType])) === attachment)
      .map((node) => projects.of(node));
    const accepted = itemsOf(graph.read(attachment, "consumerAcceptLists"));
    return (
      preference.kind === "known" &&
      preference.value === "ACCEPT_MANUAL" &&
      accepted.length > 0 &&
      accepted.every((item) => {
        const project = textOf(memberReading(recordOf(item), "projectIdOrNum"));
        const limit = integerOf(memberReading(recordOf(item), "connectionLimit"));
        const here = endpoints.filter(
          (of) =>
            project.kind === "known" && of.kind === "project" && projects.named(project.value) === of.project,
        );
        return limit.kind === "known" && limit.value <= here.length && here.length > 0;
      })
    );
  }

  /** The filters in force on the machines behind a service; `undefined` where one of them may be something else. */
  #behind(service: Node): readonly Filter[] | undefined {
    const { graph } = this.#stack;
    const groups = ownersAt(graph, service, ["backends", "group"], groupTypes);
    if (groups.length === 0) {
      return undefined;
    }
    const found = groups.map((group): readonly Filter[] | undefined => {
      if (group.kind !== "resource" || group.assumed) {
        return undefined;
      }
      const machines = [
        ...itemsOf(graph.read(group.node, "instances")).flatMap((item) =>
          ownersIn(graph, group.node, "instances", item, types.instance),
        ),
        ...ownersAt(graph, group.node, ["versions", "instanceTemplate"], types.template),
      ];
      const filters = machines.map((machine) =>
        machine.kind !== "resource" || machine.assumed
          ? undefined
          : this.#places.interfaces.find(({ urn }) => urn === machine.node.urn)?.filters,
      );
      return filters.length === 0 || filters.some((some) => some === undefined || some.length === 0)
        ? undefined
        : filters.flatMap((some) => some ?? []);
    });
    return found.includes(undefined) ? undefined : [...new Set(found.flatMap((some) => some ?? []))];
  }
}
