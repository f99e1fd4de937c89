import { integerOf, memberReading } from "../../reading";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { Place } from "../place";

import type { AzureStack } from "./azure-stack";
import { partName, Parts, within, type Part } from "./gateway-parts";
import { ownersInStack } from "./part-of";
import type { Placement } from "./placement";
import { recordOf } from "../../reading";
import { wordOf } from "./word";

const balancerTypes = ["azure-native:network:loadbalancer"] as const;
const natRuleTypes = ["azure-native:network:inboundnatrule"] as const;

/** Types by which packets are passed on to others that end the connection. */
export const balancerRuleTypes = [...balancerTypes, ...natRuleTypes] as const;

function judge(stack: AzureStack, node: Node, place: Place, part: Part | undefined, kind: string): HopFacts {
  const acceptor = new Acceptor(stack, node, place, part === undefined ? undefined : partName(kind, part));
  const port = integerOf(
    part === undefined
      ? stack.graph.read(node, "frontendPort")
      : memberReading(part.properties, "frontendPort"),
  );
  acceptor.requires({
    key: "frontendPort",
    read: port,
    isRight: (value) => value !== 80,
    absentIs: "right",
    what: "it answers on port 80, where a client that is to be sent elsewhere has already said in plain text what it wants",
    remedy: "Take the rule away; clients come to 443.",
  });
  acceptor.fault({
    what: "it passes connections through, so that nothing shows who ends TLS, and whether clients are asked for a certificate",
    remedy: "End TLS at an application gateway, whose listener verifies the certificates of its clients.",
    excusedBy: "passthrough",
  });
  acceptor.hop(`clients and ${acceptor.label}`, undefined);
  return acceptor.facts();
}

/** What load balancers pass on for a zone. They end no connection, and have no filter of their own. */
export function balancerHops(stack: AzureStack, placement: Placement): HopFacts {
  const { graph } = stack;
  const placeOf = (node: Node): Place | undefined =>
    placement.of(node, { subnets: [["frontendIPConfigurations", "subnet", "id"]] });
  const balancers = graph.ofType(...balancerTypes).map((node): HopFacts => {
    const place = placeOf(node);
    const sku = wordOf(within(recordOf(graph.read(node, "sku")), "name"));
    // One of the kind `Gateway` hands packets to appliances as they pass, and ends no connection.
    if (place === undefined || (sku.kind === "known" && sku.value === "gateway")) {
      return allHops();
    }
    const parts = new Parts(graph, node);
    return allHops(
      ...parts.of("loadBalancingRules").map((rule) => judge(stack, node, place, rule, "rule")),
      ...parts.of("inboundNatRules").map((rule) => judge(stack, node, place, rule, "inbound NAT rule")),
    );
  });
  const rules = graph.ofType(...natRuleTypes).map((node): HopFacts => {
    const place = placement.of(node, {
      within: ownersInStack(graph, node, "loadBalancerName", balancerTypes[0]),
    });
    return place === undefined ? allHops() : judge(stack, node, place, undefined, "rule");
  });
  return allHops(...balancers, ...rules);
}
