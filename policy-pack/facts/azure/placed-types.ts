import type { ResourceType } from "../../resource-type";
import type { PropertyPath } from "../property-path";
import type { Setting } from "../setting";

/** How a type of resource says where in a network it is, and what is in force on it. */
export interface PlacedType {
  /** Properties that hold ids of subnets. */
  readonly subnets: readonly PropertyPath[];
  /** Properties that hold ids of network security groups of its own, besides those of its subnets. */
  readonly groups?: readonly PropertyPath[];
  /** Properties that hold ids of the application security groups of which it is a member. */
  readonly memberships?: readonly PropertyPath[];
  /** Properties that hold ids of interfaces that are resources of their own. */
  readonly interfaces?: readonly PropertyPath[];
  /** Whether code of the customer's runs in it. */
  readonly runsCode: boolean;
  /** Whether nothing but Azure's own instances are in it, on whose subnets no network security group need be. */
  readonly isAzures?: true;
  /** Settings by which it has an address that the Internet knows, or reaches the Internet by itself. */
  readonly settings: readonly Setting[];
  /** Settings of which one that is right is enough: the same said in the words of several API versions. */
  readonly oneOf?: readonly Setting[];
  /** Settings that have to be made, whatever they say. */
  readonly required?: readonly Setting[];
  /** Where it names subnets by their names, beside the id of their network. */
  readonly namedSubnets?: { readonly network: PropertyPath; readonly names: readonly PropertyPath[] };
  /** How it reaches the Internet by itself where it is in no subnet; `undefined` where it does not. */
  readonly outsideOfNetworks?: { readonly what: string; readonly remedy: string };
  /** What it is a part of, whose zone it takes: its input that holds the name, and the type. */
  readonly partOf?: { readonly key: string; readonly type: ResourceType };
}

const publicAddress = "it has a public address";

function unlessAbsent(path: PropertyPath, what = publicAddress): Setting {
  return { path, right: [], isRightByDefault: true, what, remedy: `Take ${path.at(-1) ?? ""} away.` };
}

function unlessFalse(path: PropertyPath, what = publicAddress, isRightByDefault = true): Setting {
  const name = path.at(-1) ?? "";
  return { path, right: [false], isRightByDefault, what, remedy: `Set ${name} to false.` };
}

function only(
  path: PropertyPath,
  right: readonly (string | boolean)[],
  what: string,
  isRightByDefault = false,
): Setting {
  const name = path.at(-1) ?? "";
  return {
    path,
    right,
    isRightByDefault,
    what,
    remedy: `Set ${name} to ${right.map(String).join(" or ")}.`,
  };
}

function under(prefix: PropertyPath, ...rest: readonly string[]): PropertyPath {
  return [...prefix, ...rest];
}

/** The interfaces that a machine, or each of a scale set, is made with. */
function madeInterfaces(
  prefix: PropertyPath,
): Pick<PlacedType, "subnets" | "groups" | "memberships" | "settings"> {
  const configurations = under(prefix, "networkInterfaceConfigurations");
  const addresses = under(configurations, "ipConfigurations");
  return {
    subnets: [under(addresses, "subnet", "id")],
    groups: [under(configurations, "networkSecurityGroup", "id")],
    memberships: [under(addresses, "applicationSecurityGroups", "id")],
    settings: [
      unlessAbsent(under(addresses, "publicIPAddressConfiguration")),
      unlessFalse(
        under(configurations, "enableIPForwarding"),
        "it sends on packets of others (IP forwarding)",
      ),
      only(under(addresses, "privateIPAddressVersion"), ["IPv4"], "it has an IPv6 address", true),
    ],
  };
}

const ipSubnet: PropertyPath = ["ipConfigurations", "subnet", "id"];
const ipPublic = unlessAbsent(["ipConfigurations", "publicIPAddress"]);
const frontend: PropertyPath = ["frontendIPConfigurations", "subnet", "id"];
const frontendPublic: readonly Setting[] = [
  unlessAbsent(["frontendIPConfigurations", "publicIPAddress"]),
  unlessAbsent(["frontendIPConfigurations", "publicIPPrefix"]),
];

/** Something that is only in the subnets that it names, and has no address that the Internet knows. */
function inside(runsCode: boolean, ...subnets: readonly PropertyPath[]): PlacedType {
  return { subnets, runsCode, settings: [] };
}

const ofService = {
  what: "it runs outside of every network of the stack, and reaches the Internet from there",
  remedy: "Give it a subnet of the stack.",
} as const;

const pastSubnet =
  "what it sends to public addresses leaves past its subnet (outboundVnetRouting.allTraffic)";

const webApp: PlacedType = {
  subnets: [["virtualNetworkSubnetId"]],
  runsCode: true,
  oneOf: [
    only(["outboundVnetRouting", "allTraffic"], [true], pastSubnet),
    only(["vnetRouteAllEnabled"], [true], pastSubnet),
    only(["siteConfig", "vnetRouteAllEnabled"], [true], pastSubnet),
  ],
  settings: [only(["publicNetworkAccess"], ["Disabled"], "the Internet reaches it (publicNetworkAccess)")],
  outsideOfNetworks: ofService,
};

/** The types that have addresses in the subnets of a stack, in the words of @pulumi/azure-native 3.28. */
export const placedTypes: ReadonlyMap<ResourceType, PlacedType> = new Map<ResourceType, PlacedType>([
  [
    "azure-native:network:networkinterface",
    {
      subnets: [ipSubnet],
      groups: [["networkSecurityGroup", "id"]],
      memberships: [["ipConfigurations", "applicationSecurityGroups", "id"]],
      runsCode: true,
      settings: [
        ipPublic,
        unlessFalse(["enableIPForwarding"], "it sends on packets of others (IP forwarding)"),
        only(["ipConfigurations", "privateIPAddressVersion"], ["IPv4"], "it has an IPv6 address", true),
      ],
    },
  ],
  [
    "azure-native:network:privateendpoint",
    {
      subnets: [["subnet", "id"]],
      memberships: [["applicationSecurityGroups", "id"]],
      runsCode: false,
      settings: [],
    },
  ],
  ["azure-native:network:privatelinkservice", inside(false, ipSubnet)],
  [
    "azure-native:network:loadbalancer",
    {
      subnets: [frontend],
      runsCode: false,
      settings: frontendPublic,
    },
  ],
  [
    "azure-native:network:applicationgateway",
    {
      subnets: [["gatewayIPConfigurations", "subnet", "id"], frontend],
      runsCode: false,
      settings: frontendPublic,
    },
  ],
  [
    "azure-native:network:azurefirewall",
    {
      subnets: [ipSubnet, ["managementIpConfiguration", "subnet", "id"]],
      runsCode: false,
      isAzures: true,
      settings: [ipPublic],
    },
  ],
  [
    "azure-native:network:bastionhost",
    { subnets: [ipSubnet], runsCode: false, isAzures: true, settings: [ipPublic] },
  ],
  [
    "azure-native:network:virtualnetworkgateway",
    { subnets: [ipSubnet], runsCode: false, isAzures: true, settings: [ipPublic] },
  ],
  [
    "azure-native:network:networkprofile",
    inside(true, ["containerNetworkInterfaceConfigurations", "ipConfigurations", "subnet", "id"]),
  ],
  ["azure-native:network:virtualhubipconfiguration", { ...inside(false, ["subnet", "id"]), isAzures: true }],
  ["azure-native:network:interfaceendpoint", inside(false, ["subnet", "id"])],
  ["azure-native:dnsresolver:inboundendpoint", inside(false, ipSubnet)],
  ["azure-native:dnsresolver:outboundendpoint", inside(false, ["subnet", "id"])],
  [
    "azure-native:compute:virtualmachine",
    {
      ...madeInterfaces(["networkProfile"]),
      interfaces: [["networkProfile", "networkInterfaces", "id"]],
      runsCode: true,
    },
  ],
  [
    "azure-native:compute:virtualmachinescaleset",
    { ...madeInterfaces(["virtualMachineProfile", "networkProfile"]), runsCode: true },
  ],
  [
    "azure-native:compute:virtualmachinescalesetvm",
    {
      ...madeInterfaces(["networkProfileConfiguration"]),
      interfaces: [["networkProfile", "networkInterfaces", "id"]],
      runsCode: true,
    },
  ],
  [
    "azure-native:containerinstance:containergroup",
    {
      subnets: [["subnetIds", "id"]],
      runsCode: true,
      settings: [only(["ipAddress", "type"], ["Private"], publicAddress, true)],
      outsideOfNetworks: ofService,
    },
  ],
  [
    "azure-native:app:managedenvironment",
    {
      subnets: [["vnetConfiguration", "infrastructureSubnetId"]],
      runsCode: true,
      settings: [
        only(["vnetConfiguration", "internal"], [true], "its entrance has a public address (internal)"),
      ],
      required: [
        {
          ...unlessAbsent(
            ["workloadProfiles"],
            "without workload profiles its containers reach the Internet by Azure's own addresses, whatever routes say",
          ),
          remedy: "Give it workloadProfiles, whose packets take the routes of its subnet.",
        },
      ],
      outsideOfNetworks: ofService,
    },
  ],
  [
    "azure-native:containerservice:managedcluster",
    {
      subnets: [
        ["agentPoolProfiles", "vnetSubnetID"],
        ["agentPoolProfiles", "podSubnetID"],
        ["apiServerAccessProfile", "subnetId"],
      ],
      memberships: [["agentPoolProfiles", "networkProfile", "applicationSecurityGroups"]],
      runsCode: true,
      settings: [
        unlessFalse(["agentPoolProfiles", "enableNodePublicIP"], "its nodes have public addresses"),
        only(
          ["networkProfile", "outboundType"],
          ["none", "block", "userDefinedRouting"],
          "its nodes reach the Internet by a public address (outboundType)",
        ),
        only(
          ["apiServerAccessProfile", "enablePrivateCluster"],
          [true],
          "the Internet reaches its API server, which runs commands in its containers (enablePrivateCluster)",
        ),
      ],
      outsideOfNetworks: ofService,
    },
  ],
  [
    "azure-native:containerservice:agentpool",
    {
      subnets: [["vnetSubnetID"], ["podSubnetID"]],
      memberships: [["networkProfile", "applicationSecurityGroups"]],
      runsCode: true,
      settings: [unlessFalse(["enableNodePublicIP"], "its nodes have public addresses")],
      partOf: { key: "resourceName", type: "azure-native:containerservice:managedcluster" },
    },
  ],
  ["azure-native:web:webapp", webApp],
  ["azure-native:web:webappslot", { ...webApp, partOf: { key: "name", type: "azure-native:web:webapp" } }],
  [
    "azure-native:web:webappswiftvirtualnetworkconnection",
    {
      ...inside(true, ["subnetResourceId"]),
      partOf: { key: "name", type: "azure-native:web:webapp" },
    },
  ],
  [
    "azure-native:web:appserviceenvironment",
    {
      subnets: [["virtualNetwork", "id"]],
      runsCode: true,
      settings: [
        only(
          ["internalLoadBalancingMode"],
          ["Web, Publishing", "Publishing, Web", "3"],
          "its entrance has a public address (internalLoadBalancingMode)",
        ),
      ],
    },
  ],
  [
    "azure-native:apimanagement:apimanagementservice",
    {
      subnets: [
        ["virtualNetworkConfiguration", "subnetResourceId"],
        ["additionalLocations", "virtualNetworkConfiguration", "subnetResourceId"],
      ],
      runsCode: false,
      settings: [
        only(["virtualNetworkType"], ["Internal"], "its entrance has a public address (virtualNetworkType)"),
      ],
    },
  ],
  ["azure-native:dbforpostgresql:server", inside(false, ["network", "delegatedSubnetResourceId"])],
  ["azure-native:dbformysql:server", inside(false, ["network", "delegatedSubnetResourceId"])],
  [
    "azure-native:sql:managedinstance",
    {
      subnets: [["subnetId"]],
      runsCode: false,
      settings: [
        unlessFalse(["publicDataEndpointEnabled"], "the Internet reaches it (publicDataEndpointEnabled)"),
      ],
    },
  ],
  ["azure-native:redis:redis", inside(false, ["subnetId"])],
  ["azure-native:netapp:volume", inside(false, ["subnetId"])],
  [
    "azure-native:databricks:workspace",
    {
      subnets: [],
      namedSubnets: {
        network: ["parameters", "customVirtualNetworkId", "value"],
        names: [
          ["parameters", "customPrivateSubnetName", "value"],
          ["parameters", "customPublicSubnetName", "value"],
        ],
      },
      runsCode: true,
      settings: [
        only(["parameters", "enableNoPublicIp", "value"], [true], "its machines have public addresses"),
      ],
    },
  ],
  [
    "azure-native:hdinsight:cluster",
    inside(true, ["properties", "computeProfile", "roles", "virtualNetworkProfile", "subnet"]),
  ],
  [
    "azure-native:batch:pool",
    {
      subnets: [["networkConfiguration", "subnetId"]],
      runsCode: true,
      settings: [
        only(
          ["networkConfiguration", "publicIPAddressConfiguration", "provision"],
          ["NoPublicIPAddresses"],
          "its machines have public addresses",
        ),
      ],
      outsideOfNetworks: ofService,
    },
  ],
  [
    "azure-native:machinelearningservices:compute",
    inside(true, ["properties", "properties", "subnet", "id"]),
  ],
  ["azure-native:kusto:cluster", inside(false, ["virtualNetworkConfiguration", "subnetId"])],
  [
    "azure-native:cognitiveservices:account",
    inside(false, ["properties", "networkInjections", "subnetArmId"]),
  ],
  ["azure-native:servicefabric:managedcluster", inside(true, ["subnetId"])],
]);
