import { subtract } from "../../packet-set";
import { allPackets } from "../../reachability";
import type { Node } from "../../stack-graph";
import type { Filter, NetworkInterface, Rule, UnprovedHop } from "../fact";
import { referentsAt, type PropertyPath } from "../property-path";

import { allHops, type HopFacts } from "../acceptor";
import { labelOf, types, type AwsStack } from "./aws-stack";
import { actionsOf } from "./listener-actions";

/** How something says that it is a target: the property that names the target group, and the target, where it is another. */
interface TargetShape {
  readonly group: PropertyPath;
  readonly target: PropertyPath | undefined;
}

const shapes: ReadonlyMap<string, TargetShape> = new Map<string, TargetShape>([
  ["aws:lb:targetgroupattachment", { group: ["targetGroupArn"], target: ["targetId"] }],
  ["aws:ecs:service", { group: ["loadBalancers", "targetGroupArn"], target: undefined }],
  ["aws:ecs:taskset", { group: ["loadBalancers", "targetGroupArn"], target: undefined }],
  ["aws:autoscaling:group", { group: ["targetGroupArns"], target: undefined }],
]);

const targetTypes = ["aws:ec2:instance", "aws:ec2:networkinterface", "aws:lb:loadbalancer"];

/** The load balancers in front of each target group, by the group's URN. */
function balancersOfGroups({ graph }: AwsStack): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  const add = (node: Node, key: "actions" | "defaultActions", listeners: readonly Node[]): void => {
    const balancers = listeners.flatMap((listener) =>
      graph
        .referents(listener, "loadBalancerArn", types.loadBalancer)
        .flatMap((to) => (to.kind === "resource" ? [to.node.urn] : [])),
    );
    for (const target of actionsOf(graph, node, key).targets) {
      if (target.kind === "resource") {
        const known = found.get(target.node.urn) ?? new Set();
        balancers.forEach((urn) => known.add(urn));
        found.set(target.node.urn, known);
      }
    }
  };
  for (const listener of graph.ofType(...types.listener)) {
    add(listener, "defaultActions", [listener]);
  }
  for (const rule of graph.ofType("aws:lb:listenerrule")) {
    const listeners = graph
      .referents(rule, "listenerArn", types.listener)
      .flatMap((to) => (to.kind === "resource" ? [to.node] : []));
    add(rule, "actions", listeners);
  }
  return found;
}

/**
 * Targets that others than their load balancer reach. A load balancer says by headers whose
 * certificate it has verified (`X-Amzn-Mtls-*`); whoever reaches the targets past it can write them as well.
 */
export function trustedHeaders(stack: AwsStack, interfaces: readonly NetworkInterface[]): HopFacts {
  const { graph } = stack;
  const balancers = balancersOfGroups(stack);
  const byUrn = new Map(interfaces.map((one) => [one.urn, one]));
  const unprovedHops = graph.ofType(...shapes.keys()).flatMap((node): readonly UnprovedHop[] => {
    const shape = shapes.get(node.resourceType);
    const groups = shape === undefined ? [] : referentsAt(graph, node, shape.group, types.targetGroup);
    const fronts = groups.flatMap((group) =>
      group.kind === "resource" ? [...(balancers.get(group.node.urn) ?? [])] : [],
    );
    const targets =
      shape?.target === undefined
        ? [node.urn]
        : referentsAt(graph, node, shape.target, targetTypes).flatMap((to) =>
            to.kind === "resource" ? [to.node.urn] : [],
          );
    const balancing = fronts.flatMap((urn) => byUrn.get(urn) ?? []);
    const admitted = new Set<Filter>(balancing.flatMap(({ filters }) => filters));
    const addresses = allPackets(
      balancing.flatMap(({ subnets }) => subnets.flatMap(({ knownRanges }) => knownRanges)),
    );
    const isOfBalancer = ({ remote }: Rule, zone: NetworkInterface["zone"]): boolean => {
      switch (remote.kind) {
        case "filter":
          // Within processing, workloads call each other.
          return admitted.has(remote.filter) || (zone === "processing" && remote.filter.zone === zone);
        case "addresses":
          return subtract(allPackets([remote.range]), addresses).length === 0;
        case "anything":
          return false;
      }
    };
    return fronts.length === 0
      ? []
      : targets
          .flatMap((urn) => byUrn.get(urn) ?? [])
          .flatMap(({ label, zone, platform, filters }) =>
            filters
              .flatMap(({ ingress }) => ingress)
              .filter((rule) => zone !== undefined && !isOfBalancer(rule, zone))
              .map((rule) => ({
                urn: rule.urn,
                label,
                zone,
                platform,
                what: `${rule.label} lets in others than its load balancer, whose headers about verified clients they can forge`,
                assumption: rule.assumption,
                remedy: `Let ${label} admit the security group of ${fronts.map((urn) => labelOf(graph.node(urn) ?? node)).join(", ")} and nothing else.`,
                refusedOn: "any stack" as const,
                excusedBy: undefined,
                isGuiltyAlone: false,
              })),
          );
  });
  return allHops({ hops: [], unprovedHops });
}
