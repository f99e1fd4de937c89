import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { Network } from "../fact";

import { types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";

/** Zones of Route 53, and namespaces of Cloud Map, each of which brings a zone of its name. */
export const privateZoneTypes = ["aws:route53:zone", "aws:servicediscovery:privatednsnamespace"] as const;

const [zoneType, namespaceType] = privateZoneTypes;

function withoutDot(name: string): string {
  return name.toLowerCase().replace(/\.$/, "");
}

/** Whether every name that a domain of a firewall's list stands for is that of a zone, or under it. */
export function isWithin(domain: string, zone: string): boolean {
  const [name, apex] = [withoutDot(domain), withoutDot(zone)];
  return name === apex || name.endsWith(`.${apex}`);
}

/**
 * The zones of a stack that the resolvers of its networks answer by themselves: for a name of one, which it has or has not,
 * nobody else is asked (Route 53 developer guide, "Considerations when working with a private hosted zone").
 */
export class PrivateZones {
  readonly #stack: AwsStack;
  readonly #networks: Networks;

  constructor(stack: AwsStack, networks: Networks) {
    this.#stack = stack;
    this.#networks = networks;
  }

  /** The zones that may be answered in a network. */
  mayBeIn(network: Network): readonly Node[] {
    const { graph } = this.#stack;
    return [
      ...graph
        .ofType(zoneType)
        .filter((zone) =>
          this.#listed(zone).some(
            (to) => to.kind !== "resource" || this.#networks.ofNode(to.node) === network,
          ),
        ),
      ...graph.ofType(namespaceType).filter((node) => this.#networks.mayBeOf(node, "vpc", network)),
    ];
  }

  /** The names of the zones that are answered in a network for certain. */
  namesIn(network: Network): readonly string[] {
    const { graph } = this.#stack;
    const zones = [
      ...graph
        .ofType(zoneType)
        .filter(
          (zone) =>
            network.isDetermined &&
            this.#listed(zone).some(
              (to) => to.kind === "resource" && !to.assumed && this.#networks.ofNode(to.node) === network,
            ),
        ),
      ...graph.ofType(namespaceType).filter((node) => this.#networks.isOf(node, "vpc", network)),
    ];
    return zones.flatMap((node) => {
      const name = textOf(graph.read(node, "name"));
      return name.kind === "known" && name.value !== "" ? [name.value] : [];
    });
  }

  /** The networks that a zone of Route 53 lists itself. */
  #listed(zone: Node): readonly Referent[] {
    const { graph } = this.#stack;
    return itemsOf(graph.read(zone, "vpcs")).flatMap((vpc) =>
      graph.referentsOf(zone, "vpcs", memberReading(recordOf(vpc), "vpcId"), types.network),
    );
  }
}
