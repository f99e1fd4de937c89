import { itemsOf, memberReading, recordOf } from "../../reading";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { AwsStack } from "./aws-stack";
import { groupsAt, placeOf, subnetsAt } from "./placement";
import { protocolOf } from "./target-groups";

/** Classic load balancers, which end TLS 1.2 at most, and ask no client for a certificate. */
export function classicLoadBalancerHops(stack: AwsStack): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType("aws:elb:loadbalancer").map((node): HopFacts => {
      const place = placeOf(stack, node, { within: [subnetsAt("subnets"), groupsAt("securityGroups")] });
      if (place === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const protocols = itemsOf(graph.read(node, "listeners")).flatMap((listener) => {
        const protocol = protocolOf(memberReading(recordOf(listener), "lbProtocol"));
        return protocol.kind === "known" ? [protocol.value] : [];
      });
      acceptor.fault({
        what: `a classic load balancer asks no client for a certificate${protocols.length === 0 ? "" : `, and this one speaks ${[...new Set(protocols)].join(" and ")}`}`,
        remedy:
          'Use an application load balancer (lb.LoadBalancer), whose HTTPS listener has mutualAuthentication mode "verify".',
      });
      acceptor.hop(`clients and ${acceptor.label}`, undefined);
      return acceptor.facts();
    }),
  );
}
