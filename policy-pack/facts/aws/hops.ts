import type { Blind, NetworkInterface, Passage } from "../fact";

import { allHops, type HopFacts } from "../acceptor";
import { apiHops } from "./api-domains";
import { appMeshHops } from "./app-mesh";
import type { AwsStack } from "./aws-stack";
import { classicLoadBalancerHops } from "./classic-load-balancers";
import { databaseHops } from "./database-transport";
import { distributionHops } from "./distributions";
import { latticeHops } from "./lattice-services";
import { listenerHops } from "./listeners";
import { serviceConnectHops } from "./service-connect";
import { storeHops } from "./store-transport";
import { taskShellHops } from "./task-shells";
import { trustedHeaders } from "./trusted-headers";
import { workloadSecretHops } from "./workload-secrets";

/** Everything of AWS's that accepts connections for a zone. */
export function hopFacts(
  stack: AwsStack,
  interfaces: readonly NetworkInterface[],
  passages: readonly Passage[],
): HopFacts & { readonly blind: readonly Blind[] } {
  const listeners = listenerHops(stack, passages);
  const lattice = latticeHops(stack);
  return {
    ...allHops(
      listeners,
      lattice,
      classicLoadBalancerHops(stack),
      apiHops(stack),
      distributionHops(stack),
      serviceConnectHops(stack),
      appMeshHops(stack),
      storeHops(stack),
      databaseHops(stack),
      taskShellHops(stack),
      trustedHeaders(stack, interfaces),
      workloadSecretHops(stack),
    ),
    blind: [...listeners.blind, ...lattice.blind],
  };
}
