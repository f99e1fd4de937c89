import type { ResourceType } from "../../resource-type";

/** How resources of a type are called in Azure Resource Manager. */
export interface ArmType {
  /** The type's segments under `/providers/`, in lower case, such as `microsoft.network/virtualnetworks`. */
  readonly path: string;
  /** The inputs that name it, from the outermost resource to its own. */
  readonly names: readonly string[];
}

const network = (path: string, ...names: readonly string[]): ArmType => ({
  path: `microsoft.network/${path}`,
  names,
});

/**
 * The types whose resources others name by an id that a program can write before the resource exists, in the words of
 * the SDK (@pulumi/azure-native 3.28) and of the Azure Resource Manager reference.
 */
export const armTypes: ReadonlyMap<ResourceType, ArmType> = new Map<ResourceType, ArmType>([
  ["azure-native:network:virtualnetwork", network("virtualnetworks", "virtualNetworkName")],
  ["azure-native:network:subnet", network("virtualnetworks/subnets", "virtualNetworkName", "subnetName")],
  ["azure-native:network:networksecuritygroup", network("networksecuritygroups", "networkSecurityGroupName")],
  ["azure-native:network:routetable", network("routetables", "routeTableName")],
  [
    "azure-native:network:applicationsecuritygroup",
    network("applicationsecuritygroups", "applicationSecurityGroupName"),
  ],
  ["azure-native:network:networkinterface", network("networkinterfaces", "networkInterfaceName")],
  ["azure-native:network:privateendpoint", network("privateendpoints", "privateEndpointName")],
  ["azure-native:network:privatelinkservice", network("privatelinkservices", "serviceName")],
  ["azure-native:network:publicipaddress", network("publicipaddresses", "publicIpAddressName")],
  ["azure-native:network:publicipprefix", network("publicipprefixes", "publicIpPrefixName")],
  ["azure-native:network:natgateway", network("natgateways", "natGatewayName")],
  ["azure-native:network:loadbalancer", network("loadbalancers", "loadBalancerName")],
  ["azure-native:network:applicationgateway", network("applicationgateways", "applicationGatewayName")],
  [
    "azure-native:network:webapplicationfirewallpolicy",
    network("applicationgatewaywebapplicationfirewallpolicies", "policyName"),
  ],
  ["azure-native:network:azurefirewall", network("azurefirewalls", "azureFirewallName")],
  ["azure-native:network:firewallpolicy", network("firewallpolicies", "firewallPolicyName")],
  [
    "azure-native:network:serviceendpointpolicy",
    network("serviceendpointpolicies", "serviceEndpointPolicyName"),
  ],
  ["azure-native:network:ipgroup", network("ipgroups", "ipGroupsName")],
  [
    "azure-native:network:networksecurityperimeter",
    network("networksecurityperimeters", "networkSecurityPerimeterName"),
  ],
  [
    "azure-native:network:networksecurityperimeterprofile",
    network("networksecurityperimeters/profiles", "networkSecurityPerimeterName", "profileName"),
  ],
  ["azure-native:privatedns:privatezone", network("privatednszones", "privateZoneName")],
  ["azure-native:dnsresolver:dnsresolverpolicy", network("dnsresolverpolicies", "dnsResolverPolicyName")],
  [
    "azure-native:dnsresolver:dnsresolverdomainlist",
    network("dnsresolverdomainlists", "dnsResolverDomainListName"),
  ],
  [
    "azure-native:storage:storageaccount",
    { path: "microsoft.storage/storageaccounts", names: ["accountName"] },
  ],
  ["azure-native:keyvault:vault", { path: "microsoft.keyvault/vaults", names: ["vaultName"] }],
  [
    "azure-native:keyvault:secret",
    { path: "microsoft.keyvault/vaults/secrets", names: ["vaultName", "secretName"] },
  ],
  ["azure-native:keyvault:key", { path: "microsoft.keyvault/vaults/keys", names: ["vaultName", "keyName"] }],
  [
    "azure-native:containerregistry:registry",
    { path: "microsoft.containerregistry/registries", names: ["registryName"] },
  ],
  ["azure-native:search:service", { path: "microsoft.search/searchservices", names: ["searchServiceName"] }],
  [
    "azure-native:cognitiveservices:account",
    { path: "microsoft.cognitiveservices/accounts", names: ["accountName"] },
  ],
  [
    "azure-native:healthcareapis:workspace",
    { path: "microsoft.healthcareapis/workspaces", names: ["workspaceName"] },
  ],
  [
    "azure-native:healthcareapis:fhirservice",
    { path: "microsoft.healthcareapis/workspaces/fhirservices", names: ["workspaceName", "fhirServiceName"] },
  ],
  [
    "azure-native:operationalinsights:workspace",
    { path: "microsoft.operationalinsights/workspaces", names: ["workspaceName"] },
  ],
  [
    "azure-native:monitor:privatelinkscope",
    { path: "microsoft.insights/privatelinkscopes", names: ["scopeName"] },
  ],
  [
    "azure-native:managedidentity:userassignedidentity",
    { path: "microsoft.managedidentity/userassignedidentities", names: ["resourceName"] },
  ],
  ["azure-native:eventhub:namespace", { path: "microsoft.eventhub/namespaces", names: ["namespaceName"] }],
  ["azure-native:sql:server", { path: "microsoft.sql/servers", names: ["serverName"] }],
  [
    "azure-native:cosmosdb:databaseaccount",
    { path: "microsoft.documentdb/databaseaccounts", names: ["accountName"] },
  ],
  [
    "azure-native:dbforpostgresql:server",
    { path: "microsoft.dbforpostgresql/flexibleservers", names: ["serverName"] },
  ],
  ["azure-native:redis:redis", { path: "microsoft.cache/redis", names: ["name"] }],
  ["azure-native:compute:disk", { path: "microsoft.compute/disks", names: ["diskName"] }],
  ["azure-native:compute:snapshot", { path: "microsoft.compute/snapshots", names: ["snapshotName"] }],
  ["azure-native:compute:virtualmachine", { path: "microsoft.compute/virtualmachines", names: ["vmName"] }],
  [
    "azure-native:compute:virtualmachinescaleset",
    { path: "microsoft.compute/virtualmachinescalesets", names: ["vmScaleSetName"] },
  ],
  [
    "azure-native:compute:diskencryptionset",
    { path: "microsoft.compute/diskencryptionsets", names: ["diskEncryptionSetName"] },
  ],
  [
    "azure-native:dataprotection:backupvault",
    { path: "microsoft.dataprotection/backupvaults", names: ["vaultName"] },
  ],
  [
    "azure-native:recoveryservices:vault",
    { path: "microsoft.recoveryservices/vaults", names: ["vaultName"] },
  ],
  ["azure-native:datafactory:factory", { path: "microsoft.datafactory/factories", names: ["factoryName"] }],
  ["azure-native:datashare:account", { path: "microsoft.datashare/accounts", names: ["accountName"] }],
  ["azure-native:purview:account", { path: "microsoft.purview/accounts", names: ["accountName"] }],
  ["azure-native:synapse:workspace", { path: "microsoft.synapse/workspaces", names: ["workspaceName"] }],
  [
    "azure-native:machinelearningservices:workspace",
    { path: "microsoft.machinelearningservices/workspaces", names: ["workspaceName"] },
  ],
  [
    "azure-native:healthcareapis:dicomservice",
    {
      path: "microsoft.healthcareapis/workspaces/dicomservices",
      names: ["workspaceName", "dicomServiceName"],
    },
  ],
  [
    "azure-native:healthcareapis:iotconnector",
    {
      path: "microsoft.healthcareapis/workspaces/iotconnectors",
      names: ["workspaceName", "iotConnectorName"],
    },
  ],
  [
    "azure-native:eventgrid:systemtopic",
    { path: "microsoft.eventgrid/systemtopics", names: ["systemTopicName"] },
  ],
  ["azure-native:eventgrid:topic", { path: "microsoft.eventgrid/topics", names: ["topicName"] }],
  [
    "azure-native:eventhub:eventhub",
    { path: "microsoft.eventhub/namespaces/eventhubs", names: ["namespaceName", "eventHubName"] },
  ],
  [
    "azure-native:servicebus:namespace",
    { path: "microsoft.servicebus/namespaces", names: ["namespaceName"] },
  ],
  [
    "azure-native:storagemover:endpoint",
    { path: "microsoft.storagemover/storagemovers/endpoints", names: ["storageMoverName", "endpointName"] },
  ],
  [
    "azure-native:sql:database",
    { path: "microsoft.sql/servers/databases", names: ["serverName", "databaseName"] },
  ],
  ["azure-native:dbformysql:server", { path: "microsoft.dbformysql/flexibleservers", names: ["serverName"] }],
  [
    "azure-native:monitor:datacollectionendpoint",
    { path: "microsoft.insights/datacollectionendpoints", names: ["dataCollectionEndpointName"] },
  ],
  [
    "azure-native:monitor:datacollectionrule",
    { path: "microsoft.insights/datacollectionrules", names: ["dataCollectionRuleName"] },
  ],
  [
    "azure-native:applicationinsights:component",
    { path: "microsoft.insights/components", names: ["resourceName"] },
  ],
]);
