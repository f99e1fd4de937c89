import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";

import type { GcpStack } from "./gcp-stack";
import { NetworkPlaces } from "./network-places";
import { WebProxies } from "./web-proxies";

const endTls =
  "Let the policy have a tlsInspectionPolicy, and each rule that allows tlsInspectionEnabled true and a sessionMatcher with the names of providers.";

/** Whether proxies of a zone end what is sent through them, and look into it. */
export function webProxyHops(stack: GcpStack): HopFacts {
  const places = new NetworkPlaces(stack);
  const proxies = new WebProxies(stack.graph);
  return allHops(
    ...proxies.all.flatMap((gateway): readonly HopFacts[] => {
      // Whatever is in its network sends it its requests, where it stands in a subnet of its own.
      const place =
        places.placeOf(gateway, [["subnetwork"], ["network"]]) ?? places.placeOf(gateway, [["network"]]);
      return place === undefined
        ? []
        : proxies.unlooked(gateway).map(({ node, why, assumption }) => {
            const acceptor = new Acceptor(stack, node, place, partOf(gateway, node));
            acceptor.fault({ what: `it ${why}`, remedy: endTls, assumption, needsOthers: true });
            return acceptor.facts();
          });
    }),
  );
}

/** Of which proxy a rule is; nothing, where it is the proxy itself. */
function partOf(gateway: Node, node: Node): string | undefined {
  return gateway === node ? undefined : `rule of ${gateway.name}`;
}
