import { loadRenderer } from "./components/load-renderer";
import { Platform } from "./components/platform";
import { stackConfiguration } from "./components/stack-configuration";

const { spec, target, existingNetwork } = stackConfiguration();

const platform = new Platform({ spec, renderer: loadRenderer(target, existingNetwork) });

/** The id of the platform's network. */
export const networkId = platform.networkId;
/** The ids of each zone's subnets. */
export const subnetIds = platform.subnetIds;
/** The ids of the filters, by peer, such as `workload/rag-service`. */
export const filterIds = platform.filterIds;
/** The ids of the private endpoints, by the cloud's name of the service. */
export const endpointIds = platform.endpointIds;
