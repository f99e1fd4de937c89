import { configuredPlatform, Platform } from "./components/index";

// The clock is read here and nowhere else: which certificates are current follows from it.
const platform = new Platform(configuredPlatform({ now: new Date() }));

/** The id of the platform's network. */
export const networkId = platform.networkId;
/** The ids of each zone's subnets. */
export const subnetIds = platform.subnetIds;
/** The ids of the subnets in which each zone's workloads run. */
export const workloadSubnetIds = platform.workloadSubnetIds;
/** The ids of the filters, by peer, such as `workload/rag-service`. */
export const filterIds = platform.filterIds;
/** The ids of the private endpoints, by the cloud's name of the service. */
export const endpointIds = platform.endpointIds;
/** The ids of the data stores, by the model's id. */
export const storeIds = platform.storeIds;
/** The ids of the workloads' identities with the cloud. */
export const identityIds = platform.identityIds;
/** The ids of the identities that start workloads. */
export const startingIdentityIds = platform.startingIdentityIds;
/** The ids of what runs each workload with the cloud. */
export const serviceIds = platform.serviceIds;
/** The cloud's names of the logs into which workloads write. */
export const workloadLogNames = platform.workloadLogNames;
/** Where to push each image, by its repository. */
export const repositoryAddresses = platform.repositoryAddresses;
/** The guardrails that calls of the cloud's own models have to name, by native provider. */
export const guardrailIds = platform.guardrailIds;
/** The cloud's names of the entrances, by who enters there: point the hospital's own names to them. */
export const entranceNames = platform.entranceNames;
/** Where workloads that are reached from the Internet are registered, by who enters. */
export const targetIds = platform.targetIds;
