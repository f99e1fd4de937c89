import type { Filter, NetworkFacts, NetworkInterface } from "../fact";
import type { Safeguards } from "../safeguard";

import type { AzureStack } from "./azure-stack";
import { servedPeers } from "./endpoint-peers";
import { endpointPolicySafeguards, endpointSafeguards } from "./endpoint-safeguards";
import { unenforcedPolicies } from "./enforcement";
import { foreignLinks } from "./foreign-links";
import { perimeterChannels } from "./perimeters";
import type { SubnetZones } from "./subnet-zones";
import { inheritEndpointZones } from "./private-links";
import { publicServiceNames } from "./private-names";
import { publicAccess } from "./public-access";
import { openServiceEndpointPolicies } from "./service-endpoint-policies";
import { SideChannels } from "./side-channels";
import { storeAdmissions } from "./store-admissions";
import { closedStores, privateServices, privateStores } from "./store-safeguards";

/** What is read of the network, and what services are held against. */
export interface ServicePlaces {
  readonly interfaces: readonly NetworkInterface[];
  readonly filters: readonly Filter[];
  readonly subnets: SubnetZones;
}

/** The facts that services of Azure give, beside those of the network. */
export type ServiceFacts = Pick<
  NetworkFacts,
  | "networkConnections"
  | "openEndpointPolicies"
  | "sideChannels"
  | "storeAdmissions"
  | "publicNames"
  | "servedPeers"
  | "missingSeals"
> & {
  readonly safeguards: () => Pick<Safeguards, "endpointPolicies" | "stores" | "endpoints" | "privateStores">;
};

/**
 * Reads the stores and services of a stack, and by what they are reached. What a service inherits of its zone from its
 * private endpoint, and a part of it from the service, goes into the zones on the way.
 */
export function serviceFacts(
  stack: AzureStack,
  { interfaces, filters, subnets }: ServicePlaces,
): ServiceFacts {
  inheritEndpointZones(stack, subnets);
  const channels = new SideChannels(stack, subnets);
  const ofPerimeters = perimeterChannels(stack);
  const sideChannels = [...channels.channels(), ...ofPerimeters];
  const publicNames = [...publicAccess(stack), ...channels.publicNames(), ...publicServiceNames(stack)];
  const ofPolicies = openServiceEndpointPolicies(stack);
  return {
    networkConnections: foreignLinks(stack),
    openEndpointPolicies: ofPolicies,
    sideChannels,
    storeAdmissions: storeAdmissions(stack),
    publicNames,
    servedPeers: servedPeers(stack, interfaces, filters),
    missingSeals: unenforcedPolicies(stack),
    safeguards: () => ({
      endpointPolicies: endpointPolicySafeguards(stack, { ofPolicies, ofPerimeters }),
      stores: closedStores(stack, sideChannels),
      endpoints: endpointSafeguards(stack, interfaces),
      privateStores: [
        ...privateStores(stack, publicNames),
        ...privateServices(stack, publicNames, sideChannels),
      ],
    }),
  };
}
