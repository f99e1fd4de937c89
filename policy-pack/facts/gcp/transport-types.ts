import type { ResourceType } from "../../resource-type";

import { auditTypes } from "./audit";
import { authorizationTypes } from "./authorization-extensions";
import { backendTlsTypes } from "./backend-services";
import { cloudRunTypes } from "./cloud-run";
import { clusterTypes } from "./clusters";
import { databaseTypes } from "./database-transport";
import { firewallInspectionTypes } from "./firewall-inspection";
import { webFirewallTypes } from "./load-balancer-sign-in";
import { loadBalancerTypes } from "./load-balancers";
import { machineMetadataTypes } from "./machine-metadata";
import { producerSealTypes } from "./producer-seals";
import { resolverTypes } from "./resolvers";
import { serverTlsTypes } from "./server-tls-policies";
import { sslPolicyTypes } from "./ssl-policies";
import { trustConfigTypes } from "./trust-configs";
import { webProxyTypes } from "./web-proxies";

/** Types from which it is read who accepts connections, who answers names and what is recorded. */
export const transportTypes: readonly ResourceType[] = [
  ...loadBalancerTypes,
  ...webFirewallTypes,
  ...sslPolicyTypes,
  ...serverTlsTypes,
  ...trustConfigTypes,
  ...backendTlsTypes,
  ...authorizationTypes,
  ...machineMetadataTypes,
  ...resolverTypes,
  ...auditTypes,
  ...producerSealTypes,
];

/** Types that are understood where they are outside of the PHI zone: they run code, or send what they are told on. */
export const transportTypesOutsidePhi: readonly ResourceType[] = [
  ...webProxyTypes,
  ...firewallInspectionTypes,
  ...cloudRunTypes,
  ...clusterTypes,
  ...databaseTypes,
];
