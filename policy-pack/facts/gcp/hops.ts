import { allHops, type HopFacts } from "../acceptor";

import { authorizationHops } from "./authorization-extensions";
import { BackendServices } from "./backend-services";
import { cloudRunHops } from "./cloud-run";
import { secretManagerReaders } from "./credential-readers";
import { clusterHops } from "./clusters";
import { databaseHops } from "./database-transport";
import { endpointPolicyHops } from "./endpoint-policies";
import { forwardingRuleHops } from "./forwarding-rules";
import type { GcpStack } from "./gcp-stack";
import type { LoadBalancers } from "./load-balancers";
import { machineHops } from "./machine-metadata";
import { poolIssuers } from "./pool-issuers";
import { Proxies } from "./proxies";
import { ServerTlsPolicies } from "./server-tls-policies";
import { sslPolicyHops } from "./ssl-policies";
import { storeHops } from "./store-transport";
import { trustConfigHops } from "./trust-configs";
import { webProxyHops } from "./web-proxy-hops";

/**
 * Everything of Google Cloud's that accepts connections for a zone.
 *
 * @param published the forwarding rules that certainly lead to one workload of a platform of ours; none, if left out.
 */
export function hopFacts(
  stack: GcpStack,
  balancers: LoadBalancers,
  published: ReadonlySet<string> = new Set(),
): HopFacts {
  return allHops(
    forwardingRuleHops(stack, balancers, published),
    new Proxies(stack, balancers).hops(),
    sslPolicyHops(stack, balancers),
    new BackendServices(stack, balancers).hops(),
    endpointPolicyHops(stack),
    // Whoever asks by a policy gives it its zone, and it gives its own to the authorities that it takes.
    new ServerTlsPolicies(stack).hops(),
    trustConfigHops(stack),
    authorizationHops(stack),
    cloudRunHops(stack),
    clusterHops(stack),
    machineHops(stack),
    secretManagerReaders(stack),
    poolIssuers(stack),
    webProxyHops(stack),
    storeHops(stack),
    databaseHops(stack),
  );
}
