import type { ResourceType } from "../../resource-type";
import type { PropertyPath } from "../property-path";
import type { Setting } from "../setting";

/** Where something says in which network it is: the names of a network and of a subnet, next to each other. */
export interface Place {
  /** What holds both: each item of a list, or a mapping; the resource itself, where there is none. */
  readonly at?: PropertyPath;
  readonly network?: string;
  readonly subnet?: string;
  /** The project of the subnet, if it may be another. */
  readonly project?: string;
}

/** How a type of resource says where in a network it is, and who it is to the network's firewall. */
export interface PlacedType {
  readonly places: readonly Place[];
  /** Properties that hold e-mail addresses of service accounts. */
  readonly accounts?: readonly PropertyPath[];
  /** Whether it is not known that firewall rules for a service account are in force on it. */
  readonly accountsAreUnsure?: true;
  /** Properties that hold network tags. */
  readonly tags?: readonly PropertyPath[];
  /** Properties that hold mappings from tag keys to secure tags. */
  readonly secureTags?: readonly PropertyPath[];
  /** A property that names a Serverless VPC Access connector, by which it is in the connector's network. */
  readonly connector?: PropertyPath;
  /** Whether code of the customer's runs in it. */
  readonly runsCode: boolean;
  /** Settings by which it has an address that the Internet knows, or reaches the Internet by itself. */
  readonly settings: readonly Setting[];
  /** Settings of which one that is right is enough. */
  readonly oneOf?: readonly Setting[];
  /** Whether it is in the network `default` of its project where it names none. */
  readonly fallsBackToDefault?: true;
  /** The property that names the template from which it is made, and of which it takes what it does not say itself. */
  readonly template?: PropertyPath;
  /** What it is a part of, whose zone it takes: its property that names it, and the types. */
  readonly partOf?: { readonly key: string; readonly types: readonly ResourceType[] };
}

const publicAddress = "it has a public address";

function unlessAbsent(path: PropertyPath, what = publicAddress): Setting {
  const name = path.at(-1) ?? "";
  return {
    path,
    right: [],
    isMadeByEmpty: true,
    isRightByDefault: true,
    what: `${what} (${name})`,
    remedy: `Take ${name} away.`,
  };
}

function unlessFalse(path: PropertyPath, what: string): Setting {
  const name = path.at(-1) ?? "";
  return {
    path,
    right: [false],
    isRightByDefault: true,
    what: `${what} (${name})`,
    remedy: `Set ${name} to false.`,
  };
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
    what: `${what} (${name})`,
    remedy: `Set ${name} to ${right.map(String).join(" or ")}.`,
  };
}

const ipForwarding = "it sends on packets of others";
/** What is said of what has an interface in a network, and reaches the Internet past it. */
export const pastNetwork = "what it sends to public addresses leaves past its network";
const reached = "the Internet reaches it";

const nics: PropertyPath = ["networkInterfaces"];

const machine: PlacedType = {
  places: [{ at: nics, network: "network", subnet: "subnetwork", project: "subnetworkProject" }],
  accounts: [["serviceAccount", "email"]],
  tags: [["tags"]],
  secureTags: [["params", "resourceManagerTags"], ["resourceManagerTags"]],
  runsCode: true,
  settings: [
    unlessAbsent(["networkInterfaces", "accessConfigs"]),
    unlessAbsent(["networkInterfaces", "ipv6AccessConfigs"], "it has a public IPv6 address"),
    only(["networkInterfaces", "ipv6AccessType"], ["INTERNAL"], "it has a public IPv6 address", true),
    only(["networkInterfaces", "stackType"], ["IPV4_ONLY"], "it has an IPv6 address", true),
    unlessAbsent(["networkInterfaces", "networkAttachment"], "it has an interface in the network of another"),
    unlessFalse(["canIpForward"], ipForwarding),
  ],
};

/** What runs a container on Cloud Run, whose template is at a path. */
function cloudRun(template: readonly [string, ...string[]], ingress: readonly Setting[]): PlacedType {
  const access: PropertyPath = [...template, "vpcAccess"];
  return {
    places: [{ at: [...access, "networkInterfaces"], network: "network", subnet: "subnetwork" }],
    accounts: [[...template, "serviceAccount"]],
    accountsAreUnsure: true,
    tags: [[...access, "networkInterfaces", "tags"]],
    connector: [...access, "connector"],
    runsCode: true,
    settings: [only([...access, "egress"], ["ALL_TRAFFIC"], pastNetwork), ...ingress],
  };
}

const nodes: Pick<PlacedType, "accounts" | "tags" | "secureTags"> = {
  accounts: [["nodeConfig", "serviceAccount"]],
  tags: [["nodeConfig", "tags"]],
  secureTags: [["nodeConfig", "resourceManagerTags"]],
};

const dataflow: PlacedType = {
  places: [{ network: "network", subnet: "subnetwork" }],
  accounts: [["serviceAccountEmail"]],
  runsCode: true,
  settings: [only(["ipConfiguration"], ["WORKER_IP_PRIVATE"], "its workers have public addresses")],
  fallsBackToDefault: true,
};

/** The types that have addresses in the subnets of a stack, in the words of @pulumi/gcp 9.37. */
export const placedTypes: ReadonlyMap<ResourceType, PlacedType> = new Map<ResourceType, PlacedType>([
  ["gcp:compute:instance", machine],
  ["gcp:compute:instancetemplate", machine],
  ["gcp:compute:regioninstancetemplate", machine],
  ["gcp:compute:instancefromtemplate", { ...machine, template: ["sourceInstanceTemplate"] }],
  ["gcp:compute:instancefrommachineimage", machine],
  [
    "gcp:container:cluster",
    {
      ...nodes,
      places: [{ network: "network", subnet: "subnetwork" }],
      runsCode: true,
      settings: [
        only(["privateClusterConfig", "enablePrivateNodes"], [true], "its nodes have public addresses"),
        unlessFalse(
          ["controlPlaneEndpointsConfig", "dnsEndpointConfig", "allowExternalTraffic"],
          "the Internet reaches its control plane",
        ),
      ],
      oneOf: [
        only(
          ["privateClusterConfig", "enablePrivateEndpoint"],
          [true],
          "the Internet reaches its control plane, which runs commands in its containers",
        ),
        only(
          ["controlPlaneEndpointsConfig", "ipEndpointsConfig", "enabled"],
          [false],
          "the Internet reaches its control plane, which runs commands in its containers",
        ),
      ],
      fallsBackToDefault: true,
    },
  ],
  [
    "gcp:container:nodepool",
    {
      ...nodes,
      places: [
        { at: ["networkConfig"], subnet: "subnetwork" },
        { at: ["networkConfig", "additionalNodeNetworkConfigs"], network: "network", subnet: "subnetwork" },
        { at: ["networkConfig", "additionalPodNetworkConfigs"], subnet: "subnetwork" },
      ],
      runsCode: true,
      settings: [
        only(["networkConfig", "enablePrivateNodes"], [true], "its nodes have public addresses", true),
      ],
      partOf: { key: "cluster", types: ["gcp:container:cluster"] },
    },
  ],
  [
    "gcp:cloudrunv2:service",
    cloudRun(
      ["template"],
      [
        only(
          ["ingress"],
          ["INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"],
          reached,
        ),
        unlessFalse(["invokerIamDisabled"], "it lets in whoever reaches it"),
        unlessFalse(["iapEnabled"], "people are let in from the Internet"),
      ],
    ),
  ],
  ["gcp:cloudrunv2:job", cloudRun(["template", "template"], [])],
  ["gcp:cloudrunv2:workerpool", cloudRun(["template"], [])],
  [
    "gcp:cloudrun:service",
    {
      places: [],
      runsCode: true,
      settings: [
        only(
          ["template", "metadata", "annotations", "run.googleapis.com/vpc-access-egress"],
          ["all-traffic"],
          pastNetwork,
        ),
        only(
          ["metadata", "annotations", "run.googleapis.com/ingress"],
          ["internal", "internal-and-cloud-load-balancing"],
          reached,
        ),
      ],
    },
  ],
  [
    "gcp:cloudfunctionsv2:function",
    {
      places: [
        {
          at: ["serviceConfig", "directVpcNetworkInterfaces"],
          network: "network",
          subnet: "subnetwork",
        },
      ],
      accounts: [["serviceConfig", "serviceAccountEmail"]],
      accountsAreUnsure: true,
      tags: [["serviceConfig", "directVpcNetworkInterfaces", "tags"]],
      connector: ["serviceConfig", "vpcConnector"],
      runsCode: true,
      settings: [
        only(
          ["serviceConfig", "ingressSettings"],
          ["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"],
          reached,
        ),
      ],
      oneOf: [
        only(["serviceConfig", "vpcConnectorEgressSettings"], ["ALL_TRAFFIC"], pastNetwork),
        only(["serviceConfig", "directVpcEgress"], ["VPC_EGRESS_ALL_TRAFFIC"], pastNetwork),
      ],
    },
  ],
  [
    "gcp:cloudfunctions:function",
    {
      places: [],
      connector: ["vpcConnector"],
      runsCode: true,
      settings: [
        only(["vpcConnectorEgressSettings"], ["ALL_TRAFFIC"], pastNetwork),
        only(["ingressSettings"], ["ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB"], reached),
      ],
    },
  ],
  [
    "gcp:appengine:flexibleappversion",
    {
      places: [{ at: ["network"], network: "name", subnet: "subnetwork" }],
      accounts: [["serviceAccount"]],
      accountsAreUnsure: true,
      tags: [["network", "instanceTag"]],
      connector: ["vpcAccessConnector", "name"],
      runsCode: true,
      settings: [only(["network", "instanceIpMode"], ["INTERNAL"], "its machines have public addresses")],
      fallsBackToDefault: true,
    },
  ],
  [
    "gcp:appengine:standardappversion",
    {
      places: [],
      connector: ["vpcAccessConnector", "name"],
      runsCode: true,
      settings: [only(["vpcAccessConnector", "egressSetting"], ["ALL_TRAFFIC"], pastNetwork)],
    },
  ],
  [
    "gcp:vpcaccess:connector",
    {
      places: [{ network: "network" }, { at: ["subnet"], subnet: "name", project: "projectId" }],
      runsCode: false,
      settings: [],
    },
  ],
  [
    "gcp:dataproc:cluster",
    {
      places: [{ at: ["clusterConfig", "gceClusterConfig"], network: "network", subnet: "subnetwork" }],
      accounts: [["clusterConfig", "gceClusterConfig", "serviceAccount"]],
      tags: [["clusterConfig", "gceClusterConfig", "tags"]],
      secureTags: [["clusterConfig", "gceClusterConfig", "resourceManagerTags"]],
      runsCode: true,
      settings: [
        only(
          ["clusterConfig", "gceClusterConfig", "internalIpOnly"],
          [true],
          "its machines have public addresses",
        ),
      ],
      fallsBackToDefault: true,
    },
  ],
  ["gcp:dataflow:job", dataflow],
  ["gcp:dataflow:flextemplatejob", dataflow],
  [
    "gcp:composer:environment",
    {
      places: [{ at: ["config", "nodeConfig"], network: "network", subnet: "subnetwork" }],
      accounts: [["config", "nodeConfig", "serviceAccount"]],
      tags: [["config", "nodeConfig", "tags"]],
      runsCode: true,
      settings: [],
      oneOf: [
        only(["config", "privateEnvironmentConfig", "enablePrivateEndpoint"], [true], publicAddress),
        only(["config", "enablePrivateEnvironment"], [true], publicAddress),
      ],
      fallsBackToDefault: true,
    },
  ],
  [
    "gcp:workbench:instance",
    {
      places: [{ at: ["gceSetup", "networkInterfaces"], network: "network", subnet: "subnet" }],
      accounts: [["gceSetup", "serviceAccounts", "email"]],
      tags: [["gceSetup", "tags"]],
      runsCode: true,
      settings: [
        only(["gceSetup", "disablePublicIp"], [true], publicAddress),
        unlessFalse(["gceSetup", "enableIpForwarding"], ipForwarding),
        only(["disableProxyAccess"], [true], "people reach it from the Internet, by a proxy of Google's"),
      ],
      fallsBackToDefault: true,
    },
  ],
  [
    "gcp:notebooks:instance",
    {
      places: [{ network: "network", subnet: "subnet" }],
      accounts: [["serviceAccount"]],
      tags: [["tags"]],
      runsCode: true,
      settings: [
        only(["noPublicIp"], [true], publicAddress),
        only(["noProxyAccess"], [true], "people reach it from the Internet, by a proxy of Google's"),
      ],
      fallsBackToDefault: true,
    },
  ],
]);

/** Types that make machines from templates, and have no addresses themselves. */
export const managerTypes: readonly ResourceType[] = [
  "gcp:compute:instancegroupmanager",
  "gcp:compute:regioninstancegroupmanager",
];

/** Types that say what one machine of a manager's keeps, and the properties that name the manager. */
export const keptMachineTypes: ReadonlyMap<ResourceType, string> = new Map([
  ["gcp:compute:perinstanceconfig", "instanceGroupManager"],
  ["gcp:compute:regionperinstanceconfig", "regionInstanceGroupManager"],
]);

/** The settings of {@link keptMachineTypes} by which a machine has a public address. */
export const keptMachineSettings: readonly Setting[] = [
  unlessAbsent(["preservedState", "externalIps"], "it keeps a public address"),
];

/** The settings of {@link managerTypes} by which machines have public addresses. */
export const managerSettings: readonly Setting[] = [
  unlessAbsent(["statefulExternalIps"], "its machines keep public addresses"),
];
