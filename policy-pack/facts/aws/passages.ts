import { flagOf, itemsOf, listOf, memberReading, recordOf, textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { NetworkInterface, Passage } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { publishedServices } from "./endpoint-services";
import { actionsOf } from "./listener-actions";
import { protocolOf } from "./target-groups";

/** The one workload to which something leads, and what it is behind. */
interface Destination {
  readonly peer: string;
  readonly behind: Passage["behind"];
}

/** The resources to which referents certainly lead, all of them; `undefined` where one may be something else. */
function certain(referents: readonly Referent[]): readonly Node[] | undefined {
  const nodes = referents.flatMap((to) => (to.kind === "resource" && !to.assumed ? [to.node] : []));
  return nodes.length === 0 || nodes.length < referents.length ? undefined : nodes;
}

/** The one destination of several, if they have one in common. */
function common(destinations: readonly (Destination | undefined)[]): Destination | undefined {
  const [first, ...others] = destinations;
  return first !== undefined && others.every((other) => other?.peer === first.peer)
    ? { peer: first.peer, behind: [...new Set(destinations.flatMap((one) => one?.behind ?? []))] }
    : undefined;
}

/** Whether a property of a resource refers to another one, or may. */
function mayReferTo(referents: readonly Referent[], node: Node): boolean {
  return referents.some((to) => to.kind === "undetermined" || (to.kind === "resource" && to.node === node));
}

/** Ways by which connections reach workloads as they are, through load balancers and endpoints that end none of them. */
class Passages {
  readonly #stack: AwsStack;
  readonly #interfaces: ReadonlyMap<string, NetworkInterface>;

  constructor(stack: AwsStack, interfaces: readonly NetworkInterface[]) {
    this.#stack = stack;
    this.#interfaces = new Map(interfaces.map((one) => [one.urn, one]));
  }

  all(): readonly Passage[] {
    const { graph } = this.#stack;
    return [
      ...graph.ofType(...types.loadBalancer).map((node) => [node, this.#throughBalancer(node)] as const),
      ...graph.ofType("aws:ec2:vpcendpoint").map((node) => [node, this.#throughEndpoint(node)] as const),
    ].flatMap(([node, destination]): readonly Passage[] => {
      const own = this.#interfaces.get(node.urn);
      return destination === undefined || own === undefined
        ? []
        : [
            {
              urn: node.urn,
              label: labelOf(node),
              platform: platformOf(this.#stack, node),
              peer: destination.peer,
              filters: own.filters,
              behind: destination.behind,
            },
          ];
    });
  }

  /** An internal load balancer for TCP, all of whose listeners lead to one workload. */
  #throughBalancer(balancer: Node): Destination | undefined {
    const { graph } = this.#stack;
    const kind = textOf(graph.read(balancer, "loadBalancerType"));
    const isInternal = flagOf(graph.read(balancer, "internal"));
    if (
      kind.kind !== "known" ||
      kind.value !== "network" ||
      isInternal.kind !== "known" ||
      !isInternal.value
    ) {
      return undefined;
    }
    const listeners = graph
      .ofType(...types.listener)
      .filter((node) => mayReferTo(graph.referents(node, "loadBalancerArn", types.loadBalancer), balancer));
    return common(listeners.map((listener) => this.#throughListener(listener)));
  }

  #throughListener(listener: Node): Destination | undefined {
    const { graph } = this.#stack;
    const protocol = protocolOf(graph.read(listener, "protocol"));
    const groups = certain(actionsOf(graph, listener, "defaultActions").targets);
    return protocol.kind !== "known" || protocol.value !== "TCP" || groups === undefined
      ? undefined
      : common(groups.map((group) => this.#throughGroup(group)));
  }

  /** A target group whose targets are the tasks of one workload, and nothing that is registered besides. */
  #throughGroup(group: Node): Destination | undefined {
    const { graph } = this.#stack;
    const protocol = protocolOf(graph.read(group, "protocol"));
    const isAttachedTo = graph
      .ofType("aws:lb:targetgroupattachment", "aws:alb:targetgroupattachment")
      .some((node) => mayReferTo(graph.referents(node, "targetGroupArn", types.targetGroup), group));
    if (protocol.kind !== "known" || protocol.value !== "TCP" || isAttachedTo) {
      return undefined;
    }
    const services = graph.ofType("aws:ecs:service").filter((service) => {
      const balancers = listOf(graph.read(service, "loadBalancers"));
      return (
        balancers.kind === "unknown" ||
        itemsOf(balancers).some((item) =>
          mayReferTo(
            graph.referentsOf(
              service,
              "loadBalancers",
              memberReading(recordOf(item), "targetGroupArn"),
              types.targetGroup,
            ),
            group,
          ),
        )
      );
    });
    return common(
      services.map((service) => {
        const own = this.#interfaces.get(service.urn);
        return own?.runs === undefined ? undefined : { peer: own.runs, behind: own.filters };
      }),
    );
  }

  /** An endpoint that leads to a service of the stack which is offered behind such load balancers alone. */
  #throughEndpoint(endpoint: Node): Destination | undefined {
    const { graph } = this.#stack;
    const { services, isCertain } = publishedServices(graph, endpoint);
    return isCertain
      ? common(
          services.map((service) => {
            const balancers = certain(
              graph.listReferents(service, "networkLoadBalancerArns", types.loadBalancer),
            );
            const destinations = balancers?.map((balancer): Destination | undefined => {
              const destination = this.#throughBalancer(balancer);
              return destination === undefined
                ? undefined
                : {
                    peer: destination.peer,
                    behind: this.#interfaces.get(balancer.urn)?.filters ?? [],
                  };
            });
            return destinations === undefined ? undefined : common(destinations);
          }),
        )
      : undefined;
  }
}

/** The ways by which connections reach workloads through what ends none of them. */
export function passages(stack: AwsStack, interfaces: readonly NetworkInterface[]): readonly Passage[] {
  return new Passages(stack, interfaces).all();
}
