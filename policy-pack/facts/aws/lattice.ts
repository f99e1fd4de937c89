import { addressRange } from "../../address-range";
import { intersect } from "../../packet-set";
import { allPackets } from "../../reachability";
import { memberReading, reading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import { mayBeSame, type Filter, type Network, type NetworkConnection } from "../fact";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";
import { givenNameTypes, namedResources } from "./given-names";
import type { Networks } from "./networks";
import type { Subnets } from "./subnets";

const associationType = "aws:vpclattice:servicenetworkvpcassociation";
const configurationType = "aws:vpclattice:resourceconfiguration";
const gatewayTypes = ["aws:vpclattice:resourcegateway"];
const definition = "resourceConfigurationDefinition";

/** Types by which service networks of VPC Lattice reach into a network, and what is in it reaches them. */
export const latticeOpeningTypes: readonly ResourceType[] = [associationType, configurationType];

/** The ways by which a service network and what is in the PHI zone reach each other. */
class Lattice {
  readonly #stack: AwsStack;
  readonly #networks: Networks;
  readonly #subnets: Subnets;
  /** The networks that hold something of the PHI zone. */
  readonly #ofPhi: readonly Network[];

  constructor(stack: AwsStack, networks: Networks, subnets: Subnets, filters: readonly Filter[]) {
    this.#stack = stack;
    this.#networks = networks;
    this.#subnets = subnets;
    const inPhi = ({ zone }: Pick<Network, "zone">): boolean => zone === "phi";
    this.#ofPhi = [
      ...networks.all.filter(inPhi),
      ...subnets.all.filter(inPhi).map(({ network }) => network),
      // In which network a filter is that nothing uses does not matter where it is not known.
      ...filters.filter(inPhi).flatMap(({ network }) => (network.isDetermined ? [network] : [])),
    ];
  }

  openings(): readonly NetworkConnection[] {
    const { graph } = this.#stack;
    return this.#ofPhi.length === 0
      ? []
      : [
          ...graph.ofType(associationType).flatMap((node) => this.#association(node)),
          ...graph.ofType(configurationType).flatMap((node) => this.#configuration(node)),
        ];
  }

  #opening(node: Node, what: string, assumption: string | undefined): NetworkConnection {
    return {
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      platform: platformOf(this.#stack, node),
      what,
      assumption,
      remedy: "Take it away: no service network reaches the PHI zone, or is reached from it.",
    };
  }

  /**
   * A network that is associated is so as a whole: AWS puts the addresses of Lattice into each of its route tables (VPC
   * Lattice guide, "Control traffic in VPC Lattice using security groups").
   */
  #association(node: Node): readonly NetworkConnection[] {
    const network = this.#networks.of(node, "vpcIdentifier");
    const isOfPhi = this.#stack.zones.of(node.urn) === "phi" || this.#ofPhi.includes(network);
    return isOfPhi || this.#ofPhi.some((other) => mayBeSame(other, network))
      ? [
          this.#opening(
            node,
            "what is in it calls the services of a service network",
            isOfPhi ? undefined : "`vpcIdentifier` is not known",
          ),
        ]
      : [];
  }

  /** What is offered to service networks as a resource. */
  #configuration(node: Node): readonly NetworkConnection[] {
    const { graph, zones } = this.#stack;
    const isInPhi = (candidate: Node): boolean => zones.of(candidate.urn) === "phi";
    const whole = recordOf(graph.read(node, definition));
    const at = (kind: string, key: string): Reading<string> =>
      textOf(memberReading(recordOf(memberReading(whole, kind)), key));
    const names = [at("arnResource", "arn"), at("dnsResource", "domainName")];
    const address = at("ipResource", "ipAddress");
    const origins = (node.propertyDependencies[definition] ?? []).flatMap((urn) => graph.node(urn) ?? []);
    const found = names
      .flatMap((name) => (name.kind === "known" ? this.#named(name.value) : []))
      .filter((candidate) => isInPhi(candidate.node));
    const [first] = [node, ...origins].filter(isInPhi).concat(found.map((candidate) => candidate.node));
    if (first !== undefined) {
      const isCertain = [node, ...origins].some(isInPhi) || found.some(({ assumed }) => !assumed);
      return [
        this.#opening(
          node,
          `${labelOf(first)} is offered to service networks`,
          isCertain ? undefined : `what \`${definition}\` names`,
        ),
      ];
    }
    const mayReach = this.#gatewayMayReachPhi(node);
    const isHidden = [...names, address].some(({ kind }) => kind === "unknown");
    // What is made of a database that is not in the zone names that database.
    const isOther =
      origins.length > 0 &&
      origins.every(({ resourceType }) => !mayReach || givenNameTypes.includes(resourceType));
    if (isHidden && !isOther) {
      return [
        this.#opening(
          node,
          "what is in it may be offered to service networks",
          `\`${definition}\` is not known`,
        ),
      ];
    }
    const [, host] = names;
    const isElsewhere = host?.kind !== "known" || this.#named(host.value).some(({ assumed }) => !assumed);
    if (mayReach && !isElsewhere) {
      return [
        this.#opening(
          node,
          "what is in it may be offered to service networks",
          `what ${host.value} leads to`,
        ),
      ];
    }
    return mayReach && address.kind === "known" && this.#mayBeAddressOfPhi(address.value)
      ? [this.#opening(node, `${address.value} is offered to service networks`, undefined)]
      : [];
  }

  /** What a text names by the cloud's own name for it, or by one that the program gives. */
  #named(text: string): readonly { readonly node: Node; readonly assumed: boolean }[] {
    const { graph } = this.#stack;
    const exact = graph.nodes.filter(({ outputs }) =>
      ["arn", "endpoint", "readerEndpoint", "address", "dnsName"].some((key) => {
        const own = textOf(reading(outputs[key]));
        return own.kind === "known" && own.value === text;
      }),
    );
    return [...exact.map((node) => ({ node, assumed: false })), ...namedResources(this.#stack, text)];
  }

  /** Whether the gateway by which a resource is reached is in a network that holds something of the PHI zone. */
  #gatewayMayReachPhi(node: Node): boolean {
    const { graph } = this.#stack;
    return graph.referents(node, "resourceGatewayIdentifier", gatewayTypes).some((to) => {
      switch (to.kind) {
        case "resource": {
          const network = this.#networks.of(to.node);
          return this.#ofPhi.some((other) => mayBeSame(other, network));
        }
        case "external":
          return this.#ofPhi.some(({ isInStack }) => !isInStack);
        case "undetermined":
          return true;
      }
    });
  }

  #mayBeAddressOfPhi(text: string): boolean {
    const range = addressRange(`${text}/${text.includes(":") ? "128" : "32"}`);
    const inPhi = this.#subnets.all.filter(({ zone }) => zone === "phi").flatMap(({ ranges }) => ranges);
    return range === undefined || intersect(allPackets([range]), allPackets(inPhi)).length > 0;
  }
}

/** The ways by which service networks of VPC Lattice reach what is in the PHI zone, or it reaches them. */
export function latticeOpenings(
  stack: AwsStack,
  networks: Networks,
  subnets: Subnets,
  filters: readonly Filter[],
): readonly NetworkConnection[] {
  return new Lattice(stack, networks, subnets, filters).openings();
}
