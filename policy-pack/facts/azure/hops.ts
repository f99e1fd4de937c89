import { allHops, type HopFacts } from "../acceptor";

import { apiServiceHops } from "./api-services";
import { applicationGatewayHops } from "./application-gateways";
import type { AzureStack } from "./azure-stack";
import { balancerHops } from "./balancer-rules";
import { clusterHops } from "./clusters";
import { containerAppHops } from "./container-apps";
import { databaseHops } from "./database-transport";
import { keyVaultReaders } from "./credential-readers";
import { frontDoorHops } from "./front-doors";
import type { Placement } from "./placement";
import { storeHops } from "./store-transport";
import { webAppHops } from "./web-apps";

/** Everything of Azure's that accepts connections for a zone. */
export function hopFacts(stack: AzureStack, placement: Placement): HopFacts {
  return allHops(
    applicationGatewayHops(stack, placement),
    balancerHops(stack, placement),
    containerAppHops(stack, placement),
    clusterHops(stack, placement),
    webAppHops(stack, placement),
    apiServiceHops(stack, placement),
    frontDoorHops(stack, placement),
    storeHops(stack, placement),
    databaseHops(stack, placement),
    keyVaultReaders(stack),
  );
}
