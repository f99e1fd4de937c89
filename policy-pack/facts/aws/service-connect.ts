import { flagOf, itemsOf, memberReading, recordOf } from "../../reading";

import { Acceptor, allHops, type HopFacts } from "../acceptor";
import type { AwsStack } from "./aws-stack";
import { groupsAt, placeOf, subnetsAt } from "./placement";

/** Services of ECS that others call by Service Connect, whose proxies never ask a client for a certificate. */
export function serviceConnectHops(stack: AwsStack): HopFacts {
  const { graph } = stack;
  return allHops(
    ...graph.ofType("aws:ecs:service").map((node): HopFacts => {
      const place = placeOf(stack, node, {
        within: [subnetsAt("networkConfiguration.subnets"), groupsAt("networkConfiguration.securityGroups")],
      });
      const configuration = recordOf(graph.read(node, "serviceConnectConfiguration"));
      const enabled = flagOf(memberReading(configuration, "enabled"));
      if (
        place === undefined ||
        configuration.kind === "absent" ||
        (enabled.kind === "known" && !enabled.value)
      ) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      for (const service of itemsOf(memberReading(configuration, "services"))) {
        const tls = memberReading(recordOf(service), "tls");
        const isEncrypted = tls.kind === "known";
        acceptor.fault({
          what: isEncrypted
            ? "Service Connect ends TLS for it, and asks no client for a certificate"
            : "Service Connect hands on what its clients say in plain text",
          remedy:
            "Take the service out of serviceConnectConfiguration.services, and let a proxy beside it end TLS 1.3 and verify certificates.",
          assumption:
            service.kind === "unknown" || tls.kind === "unknown" || enabled.kind === "unknown"
              ? "a part of `serviceConnectConfiguration` is not known"
              : undefined,
        });
        acceptor.hop(`clients and ${acceptor.label}`, isEncrypted ? "one-way-tls" : undefined);
      }
      return acceptor.facts();
    }),
  );
}
