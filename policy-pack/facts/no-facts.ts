import type { NetworkFacts } from "./fact";

/** The facts of a cloud on which a stack has nothing. */
export const noFacts: NetworkFacts = {
  interfaceFilters: [],
  subnetFilters: [],
  routeTables: [],
  subnets: [],
  interfaces: [],
  publicAddresses: [],
  networkConnections: [],
  openEndpointPolicies: [],
  sideChannels: [],
  storeAdmissions: [],
  publicNames: [],
  servedPeers: [],
  resolverOpenings: [],
  hops: [],
  unprovedHops: [],
  networksWithCodeInPhi: [],
  unaudited: [],
  blind: [],
  missingSeals: [],
  safeguards: () => ({
    endpointPolicies: [],
    stores: [],
    resolvers: [],
    endpoints: [],
    privateStores: [],
    records: [],
    seals: [],
  }),
};
