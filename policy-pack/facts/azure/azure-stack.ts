import type { ResourceType } from "../../resource-type";
import type { StackGraph } from "../../stack-graph";
import type { Zones } from "../../zones";

/** What every part of the Azure facts is read from. */
export interface AzureStack {
  readonly graph: StackGraph;
  readonly zones: Zones;
  /** The names of the platforms that the stack declares, by the URN of their component. */
  readonly platforms: ReadonlyMap<string, string>;
}

export { labelOf } from "../label";
export { platformOf } from "../platform-of";

export const types = {
  network: ["azure-native:network:virtualnetwork"],
  subnet: ["azure-native:network:subnet"],
  securityGroup: ["azure-native:network:networksecuritygroup"],
  routeTable: ["azure-native:network:routetable"],
  applicationSecurityGroup: ["azure-native:network:applicationsecuritygroup"],
  endpoint: ["azure-native:network:privateendpoint"],
  networkInterface: ["azure-native:network:networkinterface"],
  publicAddress: ["azure-native:network:publicipaddress", "azure-native:network:publicipprefix"],
  firewall: ["azure-native:network:azurefirewall"],
} as const satisfies Record<string, readonly ResourceType[]>;
