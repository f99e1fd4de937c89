/**
 * Names of Azure's for addresses that it keeps itself, as far as rules of the platform use them (Azure documentation,
 * "Virtual network service tags").
 */
export type ServiceTag =
  | "AzureLoadBalancer"
  | "AzurePlatformDNS"
  | "AzurePlatformIMDS"
  | "AzurePlatformLKM"
  | "GatewayManager"
  | "Internet"
  | RegionalTag;

/** The addresses of Key Vault in one region. */
export type RegionalTag = `AzureKeyVault.${string}`;

/** The regions that service tags call otherwise than Azure Resource Manager does, by its name for them. */
const tagRegions: Readonly<Record<string, string>> = {
  brazilsoutheast: "brazilse",
  francecentral: "centralfrance",
  francesouth: "southfrance",
  germanynorth: "germanyn",
  germanywestcentral: "germanywc",
  norwayeast: "norwaye",
  norwaywest: "norwayw",
  switzerlandnorth: "switzerlandn",
  switzerlandwest: "switzerlandw",
};

/** The service tag of Key Vault in a region. */
export function keyVaultTag(location: string): RegionalTag {
  return `AzureKeyVault.${tagRegions[location] ?? location}`;
}
