import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";

import type { GcpStack } from "./gcp-stack";
import { proxyTypes, type LoadBalancers } from "./load-balancers";
import { ownersOf } from "./owners";

/** Policies of which TLS load balancers speak, global and regional. */
export const sslPolicyTypes: readonly ResourceType[] = [
  "gcp:compute:sslpolicy",
  "gcp:compute:regionsslpolicy",
];

const newest = "TLS_1_3";

/** Google takes TLS 1.3 alone with this profile, and no other (Cloud Load Balancing, "SSL policies"). */
const narrowest = "RESTRICTED";

/** Whether a policy certainly lets nobody speak anything older than TLS 1.3. */
export function isNewestTls(graph: StackGraph, policy: Node): boolean {
  const version = textOf(graph.read(policy, "minTlsVersion"));
  const profile = textOf(graph.read(policy, "profile"));
  return (
    version.kind === "known" &&
    version.value === newest &&
    profile.kind === "known" &&
    profile.value === narrowest
  );
}

/** What the TLS policies of load balancers of a zone let their clients speak. One that nothing uses is judged as well. */
export function sslPolicyHops(stack: GcpStack, balancers: LoadBalancers): HopFacts {
  const { graph, zones } = stack;
  for (const proxy of [...proxyTypes.https, ...proxyTypes.ssl].flatMap((type) => graph.ofType(type))) {
    for (const policy of ownersOf(graph, proxy, "sslPolicy", sslPolicyTypes)) {
      if (policy.kind === "resource") {
        zones.inherit(policy.node.urn, zones.of(proxy.urn), `${proxy.name}, which speaks by it`);
      }
    }
  }
  return allHops(
    ...graph.ofType(...sslPolicyTypes).map((node): HopFacts => {
      const place = balancers.placeOf(node);
      if (place?.zone === undefined) {
        return allHops();
      }
      const acceptor = new Acceptor(stack, node, place);
      const isRecent = acceptor.requires({
        key: "minTlsVersion",
        read: textOf(graph.read(node, "minTlsVersion")),
        isRight: (value) => value === newest,
        absentIs: "wrong",
        what: "proxies with it take versions of TLS older than 1.3",
        remedy: 'Set minTlsVersion to "TLS_1_3" and profile to "RESTRICTED".',
      });
      if (isRecent) {
        acceptor.requires({
          key: "profile",
          read: textOf(graph.read(node, "profile")),
          isRight: (value) => value === narrowest,
          absentIs: "wrong",
          what: "its profile is not that of TLS 1.3 alone",
          remedy: 'Set profile to "RESTRICTED", and leave customFeatures out.',
        });
      }
      return acceptor.facts();
    }),
  );
}
