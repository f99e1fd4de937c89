import type { ResourceType } from "../../resource-type";
import type { PropertyPath } from "../property-path";
import type { Setting } from "../setting";

/** How a type of resource says where in a network it is, and what is in force on it. */
export interface PlacedType {
  /** Properties that name subnets. */
  readonly subnets: readonly PropertyPath[];
  /** Properties that name a group of subnets, which another resource lists. */
  readonly subnetGroups?: readonly PropertyPath[];
  /** Properties that name security groups. */
  readonly groups: readonly PropertyPath[];
  /** The property beside those, and within the same one, that names the network. */
  readonly networkBesideGroups?: PropertyPath;
  /** What is in force on it where it names no security group: the default one of its VPC, or no filter at all. */
  readonly withoutGroup: "default-group" | "nothing";
  /** Whether code of the customer's runs in it. */
  readonly runsCode: boolean;
  /** Settings by which it has an address that the Internet knows, or reaches the Internet by itself. */
  readonly settings: readonly Setting[];
  /** Settings by which what it holds is copied, or it may write it, to somewhere else. */
  readonly channels?: readonly Setting[];
  /** Whether it may be in no network at all. What may not is in the account's default VPC where it names no subnet. */
  readonly mayBeUnplaced?: boolean;
  /** What it is a part of, whose zone it takes. */
  readonly partOf?: { readonly path: PropertyPath; readonly types: readonly ResourceType[] };
  /** How it reaches the Internet by itself where it is in no subnet; `undefined` where it does not. */
  readonly outsideOfNetworks?: { readonly what: string; readonly remedy: string };
}

const publicAddress = "it gets a public address";

function unlessFalse(path: PropertyPath, what: string, isRightByDefault = true): Setting {
  const name = path.at(-1) ?? "";
  return { path, right: [false], isRightByDefault, what, remedy: `Set ${name} to false.` };
}

function unlessAbsent(path: PropertyPath, what: string): Setting {
  return { path, right: [], isRightByDefault: true, what, remedy: `Take ${path.at(-1) ?? ""} away.` };
}

function roles(key: string): Setting {
  return unlessAbsent([key], "its roles let it write what it holds to other services");
}

function copies(key: string): Setting {
  return unlessAbsent([key], "what it holds is copied to other regions");
}

const forwards: Setting = {
  path: ["sourceDestCheck"],
  right: [true],
  isRightByDefault: true,
  what: "it sends on packets that are not its own",
  remedy: "Set sourceDestCheck to true.",
};

const publicly = unlessFalse(["publiclyAccessible"], "it answers at a public address");

/** IPv6 addresses, each of which the Internet knows. */
const ipv6Settings: readonly Setting[] = [
  "ipv6AddressCount",
  "ipv6Addresses",
  "ipv6AddressLists",
  "ipv6PrefixCount",
  "ipv6Prefixes",
].map((key) => unlessAbsent([key], publicAddress));

/** A database behind a group of subnets. */
function database(settings: readonly Setting[] = [], subnetGroup = "dbSubnetGroupName"): PlacedType {
  return {
    subnets: [],
    subnetGroups: [[subnetGroup]],
    groups: [["vpcSecurityGroupIds"]],
    withoutGroup: "default-group",
    runsCode: false,
    settings: [
      {
        path: ["networkType"],
        right: ["IPV4"],
        isRightByDefault: true,
        what: "it has IPv6 addresses, each of which the Internet knows",
        remedy: "Set networkType to IPV4.",
      },
      ...settings,
    ],
  };
}

/** An instance of a database's cluster: the cluster says where it is, and what is in force on it. */
function member(shape: PlacedType, cluster: ResourceType): PlacedType {
  return {
    ...shape,
    groups: [],
    withoutGroup: "nothing",
    partOf: { path: ["clusterIdentifier"], types: [cluster] },
  };
}

/** A cache or a file system: no code of the customer's runs in it. */
function store(shape: Pick<PlacedType, "subnets" | "groups"> & Partial<PlacedType>): PlacedType {
  return { withoutGroup: "default-group", runsCode: false, settings: [], ...shape };
}

const withoutTls: Setting = {
  path: ["domainEndpointOptions", "enforceHttps"],
  right: [true],
  isRightByDefault: false,
  what: "it speaks without TLS as well",
  remedy: "Set domainEndpointOptions.enforceHttps to true.",
};

function search(): PlacedType {
  return store({
    channels: [withoutTls],
    subnets: [["vpcOptions", "subnetIds"]],
    groups: [["vpcOptions", "securityGroupIds"]],
    settings: [
      {
        path: ["ipAddressType"],
        right: ["ipv4"],
        isRightByDefault: true,
        what: "it has IPv6 addresses, each of which the Internet knows",
        remedy: "Set ipAddressType to ipv4.",
      },
    ],
    outsideOfNetworks: {
      what: "without vpcOptions it answers at a public address",
      remedy: "Set vpcOptions, with subnets of the PHI zone.",
    },
  });
}

/** Containers as ECS starts them, wherever the property is that says in which network. */
function tasks(...path: readonly string[]): PlacedType {
  const at = (key: string): PropertyPath => [path[0] ?? "", ...path.slice(1), key];
  return {
    subnets: [at("subnets")],
    groups: [at("securityGroups")],
    withoutGroup: "default-group",
    runsCode: true,
    settings: [unlessFalse(at("assignPublicIp"), publicAddress)],
    mayBeUnplaced: true,
  };
}

const instance: PlacedType = {
  subnets: [["subnetId"], ["networkInterfaces", "subnetId"]],
  groups: [["vpcSecurityGroupIds"], ["securityGroups"], ["networkInterfaces", "securityGroups"]],
  withoutGroup: "default-group",
  runsCode: true,
  settings: [
    unlessFalse(["associatePublicIpAddress"], publicAddress),
    ...ipv6Settings,
    forwards,
    unlessFalse(["networkInterfaces", "associatePublicIpAddress"], publicAddress),
  ],
};

/**
 * The types that have addresses in a network, in the SDK's words (@pulumi/aws 7.48). A type that is not here is not
 * understood, so that in the PHI zone it is a finding.
 */
export const placedTypes: ReadonlyMap<ResourceType, PlacedType> = new Map<ResourceType, PlacedType>([
  ["aws:ec2:instance", instance],
  ["aws:ec2:spotinstancerequest", instance],
  [
    "aws:ec2:networkinterface",
    {
      subnets: [["subnetId"]],
      groups: [["securityGroups"]],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [...ipv6Settings, forwards],
    },
  ],
  [
    "aws:ec2:launchtemplate",
    {
      subnets: [["networkInterfaces", "subnetId"]],
      groups: [["vpcSecurityGroupIds"], ["networkInterfaces", "securityGroups"]],
      // What is started from it has the group; by itself it is a filter's use and nothing more.
      withoutGroup: "nothing",
      runsCode: true,
      settings: [
        unlessFalse(["networkInterfaces", "associatePublicIpAddress"], publicAddress),
        unlessFalse(["networkInterfaces", "associateCarrierIpAddress"], publicAddress),
        ...["ipv6AddressCount", "ipv6Addresses", "ipv6PrefixCount", "ipv6Prefixes"].map((key) =>
          unlessAbsent(["networkInterfaces", key], publicAddress),
        ),
      ],
    },
  ],
  [
    "aws:ec2:launchconfiguration",
    {
      subnets: [],
      groups: [["securityGroups"]],
      withoutGroup: "nothing",
      runsCode: true,
      settings: [unlessFalse(["associatePublicIpAddress"], publicAddress)],
    },
  ],
  [
    "aws:autoscaling:group",
    {
      subnets: [["vpcZoneIdentifiers"]],
      groups: [],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [],
    },
  ],
  [
    "aws:lb:loadbalancer",
    {
      subnets: [["subnets"], ["subnetMappings", "subnetId"]],
      groups: [["securityGroups"]],
      withoutGroup: "default-group",
      runsCode: false,
      settings: [
        {
          path: ["internal"],
          right: [true],
          isRightByDefault: false,
          what: "the load balancer has public addresses",
          remedy: "Set internal to true.",
        },
        {
          path: ["ipAddressType"],
          right: ["ipv4"],
          isRightByDefault: true,
          what: "the load balancer has IPv6 addresses, each of which the Internet knows",
          remedy: "Set ipAddressType to ipv4.",
        },
      ],
    },
  ],
  [
    "aws:elb:loadbalancer",
    {
      subnets: [["subnets"]],
      groups: [["securityGroups"]],
      withoutGroup: "default-group",
      runsCode: false,
      settings: [
        {
          path: ["internal"],
          right: [true],
          isRightByDefault: false,
          what: "the load balancer has public addresses",
          remedy: "Set internal to true.",
        },
      ],
    },
  ],
  [
    "aws:ec2:vpcendpoint",
    store({ subnets: [["subnetIds"]], groups: [["securityGroupIds"]], settings: ipv6Settings }),
  ],
  [
    "aws:opensearch:serverlessvpcendpoint",
    store({ subnets: [["subnetIds"]], groups: [["securityGroupIds"]] }),
  ],
  [
    "aws:route53:resolverendpoint",
    store({
      subnets: [["ipAddresses", "subnetId"]],
      groups: [["securityGroupIds"]],
      settings: [
        {
          path: ["resolverEndpointType"],
          right: ["IPV4"],
          isRightByDefault: true,
          what: "it has IPv6 addresses, each of which the Internet knows",
          remedy: "Set resolverEndpointType to IPV4.",
        },
      ],
    }),
  ],
  ["aws:ecs:service", tasks("networkConfiguration")],
  ["aws:ecs:taskset", tasks("networkConfiguration")],
  ["aws:cloudwatch:eventtarget", tasks("ecsTarget", "networkConfiguration")],
  [
    "aws:lambda:function",
    {
      subnets: [["vpcConfig", "subnetIds"]],
      groups: [["vpcConfig", "securityGroupIds"]],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [
        unlessFalse(
          ["vpcConfig", "ipv6AllowedForDualStack"],
          "it has IPv6 addresses, each of which the Internet knows",
        ),
      ],
      channels: [
        unlessAbsent(["deadLetterConfig"], "the events that it is given are sent on where it fails"),
      ],
      outsideOfNetworks: {
        what: "a function without vpcConfig reaches the Internet by itself",
        remedy: "Set vpcConfig, with subnets of the zone and a closed security group.",
      },
    },
  ],
  [
    "aws:rds:instance",
    {
      ...database([publicly]),
      // Cloud Control has one type for databases and for instances of clusters, and says of both what they send on.
      channels: [
        roles("iamRoles"),
        unlessAbsent(["automaticBackupReplicationRegion"], "its backups are replicated to another region"),
      ],
      partOf: { path: ["clusterIdentifier"], types: ["aws:rds:cluster"] },
    },
  ],
  [
    "aws:rds:cluster",
    { ...database([publicly]), channels: [roles("iamRoles"), copies("globalClusterIdentifier")] },
  ],
  ["aws:rds:clusterinstance", member(database([publicly]), "aws:rds:cluster")],
  ["aws:rds:proxy", store({ subnets: [["vpcSubnetIds"]], groups: [["vpcSecurityGroupIds"]] })],
  ["aws:rds:proxyendpoint", store({ subnets: [["vpcSubnetIds"]], groups: [["vpcSecurityGroupIds"]] })],
  ["aws:docdb:cluster", { ...database(), channels: [copies("globalClusterIdentifier")] }],
  ["aws:docdb:clusterinstance", member(database(), "aws:docdb:cluster")],
  [
    "aws:neptune:cluster",
    {
      ...database([], "neptuneSubnetGroupName"),
      channels: [roles("iamRoles"), copies("globalClusterIdentifier")],
    },
  ],
  [
    "aws:neptune:clusterinstance",
    member(database([publicly], "neptuneSubnetGroupName"), "aws:neptune:cluster"),
  ],
  [
    "aws:redshift:cluster",
    {
      ...database(
        [publicly, unlessAbsent(["elasticIp"], "it answers at a public address")],
        "clusterSubnetGroupName",
      ),
      channels: [
        roles("iamRoles"),
        roles("defaultIamRoleArn"),
        {
          path: ["enhancedVpcRouting"],
          right: [true],
          isRightByDefault: false,
          what: "it loads and unloads past the network that it is in",
          remedy: "Set enhancedVpcRouting to true.",
        },
      ],
    },
  ],
  [
    "aws:redshift:endpointaccess",
    store({ subnets: [], subnetGroups: [["subnetGroupName"]], groups: [["vpcSecurityGroupIds"]] }),
  ],
  [
    "aws:redshiftserverless:workgroup",
    store({
      subnets: [["subnetIds"]],
      groups: [["securityGroupIds"]],
      settings: [publicly],
      channels: [
        {
          path: ["enhancedVpcRouting"],
          right: [true],
          isRightByDefault: false,
          what: "it loads and unloads past the network that it is in",
          remedy: "Set enhancedVpcRouting to true.",
        },
      ],
      partOf: { path: ["namespaceName"], types: ["aws:redshiftserverless:namespace"] },
    }),
  ],
  [
    "aws:redshiftserverless:endpointaccess",
    store({ subnets: [["subnetIds"]], groups: [["vpcSecurityGroupIds"]] }),
  ],
  ["aws:dms:replicationinstance", database([publicly], "replicationSubnetGroupId")],
  ["aws:opensearch:domain", search()],
  ["aws:elasticsearch:domain", search()],
  [
    "aws:opensearch:vpcendpoint",
    store({
      subnets: [["vpcOptions", "subnetIds"]],
      groups: [["vpcOptions", "securityGroupIds"]],
    }),
  ],
  [
    "aws:elasticache:replicationgroup",
    {
      ...store({ subnets: [], subnetGroups: [["subnetGroupName"]], groups: [["securityGroupIds"]] }),
      channels: [copies("globalReplicationGroupId")],
    },
  ],
  [
    "aws:elasticache:cluster",
    store({ subnets: [], subnetGroups: [["subnetGroupName"]], groups: [["securityGroupIds"]] }),
  ],
  ["aws:elasticache:serverlesscache", store({ subnets: [["subnetIds"]], groups: [["securityGroupIds"]] })],
  [
    "aws:memorydb:cluster",
    store({
      subnets: [],
      subnetGroups: [["subnetGroupName"]],
      groups: [["securityGroupIds"]],
      channels: [copies("multiRegionClusterName")],
    }),
  ],
  [
    "aws:dax:cluster",
    store({ subnets: [], subnetGroups: [["subnetGroupName"]], groups: [["securityGroupIds"]] }),
  ],
  [
    "aws:msk:cluster",
    store({
      subnets: [["brokerNodeGroupInfo", "clientSubnets"]],
      groups: [["brokerNodeGroupInfo", "securityGroups"]],
      settings: [
        {
          path: ["brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type"],
          right: ["DISABLED"],
          isRightByDefault: true,
          what: "it answers at public addresses",
          remedy: "Set publicAccess.type to DISABLED.",
        },
      ],
    }),
  ],
  ["aws:mq:broker", store({ subnets: [["subnetIds"]], groups: [["securityGroups"]], settings: [publicly] })],
  [
    "aws:transfer:server",
    store({
      subnets: [["endpointDetails", "subnetIds"]],
      groups: [["endpointDetails", "securityGroupIds"]],
      networkBesideGroups: ["endpointDetails", "vpcId"],
      settings: [
        {
          path: ["endpointType"],
          right: ["VPC", "VPC_ENDPOINT"],
          isRightByDefault: false,
          what: "the file server answers at a public address",
          remedy: "Set endpointType to VPC.",
        },
        unlessAbsent(["endpointDetails", "addressAllocationIds"], publicAddress),
        {
          path: ["ipAddressType"],
          right: ["IPV4"],
          isRightByDefault: true,
          what: "it has IPv6 addresses, each of which the Internet knows",
          remedy: "Set ipAddressType to IPV4.",
        },
      ],
      channels: [
        unlessAbsent(["workflowDetails"], "files that it is given are handed on"),
        unlessAbsent(["url"], "who may read its files is asked of an address elsewhere"),
      ],
    }),
  ],
  ["aws:efs:mounttarget", store({ subnets: [["subnetId"]], groups: [["securityGroups"]] })],
  [
    "aws:sagemaker:notebookinstance",
    {
      subnets: [["subnetId"]],
      groups: [["securityGroups"]],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [
        {
          path: ["directInternetAccess"],
          right: ["Disabled"],
          isRightByDefault: false,
          what: "the notebook reaches the Internet by itself",
          remedy: "Set directInternetAccess to Disabled.",
        },
      ],
      outsideOfNetworks: {
        what: "a notebook without a subnet reaches the Internet by itself",
        remedy: "Set subnetId and securityGroups.",
      },
    },
  ],
  [
    "aws:sagemaker:model",
    {
      subnets: [["vpcConfig", "subnets"]],
      groups: [["vpcConfig", "securityGroupIds"]],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [
        {
          path: ["enableNetworkIsolation"],
          right: [true],
          isRightByDefault: false,
          what: "the model's containers call other services",
          remedy: "Set enableNetworkIsolation to true.",
        },
      ],
      mayBeUnplaced: true,
    },
  ],
  [
    "aws:sagemaker:domain",
    {
      subnets: [["subnetIds"]],
      groups: [
        ["defaultUserSettings", "securityGroups"],
        ["defaultSpaceSettings", "securityGroups"],
        ["domainSettings", "securityGroupIds"],
      ],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [
        {
          path: ["appNetworkAccessType"],
          right: ["VpcOnly"],
          isRightByDefault: false,
          what: "what runs in the studio reaches the Internet by itself",
          remedy: "Set appNetworkAccessType to VpcOnly.",
        },
      ],
    },
  ],
  [
    "aws:bedrock:agentcoreagentruntime",
    {
      subnets: [["networkConfiguration", "networkModeConfig", "subnets"]],
      groups: [["networkConfiguration", "networkModeConfig", "securityGroups"]],
      withoutGroup: "default-group",
      runsCode: true,
      settings: [
        {
          path: ["networkConfiguration", "networkMode"],
          right: ["VPC"],
          isRightByDefault: false,
          what: "the agent reaches the Internet by itself",
          remedy: "Set networkMode to VPC.",
        },
      ],
      mayBeUnplaced: true,
    },
  ],
]);

/** Groups of subnets, with the property that lists them. */
export const subnetGroupTypes: readonly ResourceType[] = [
  "aws:rds:subnetgroup",
  "aws:docdb:subnetgroup",
  "aws:neptune:subnetgroup",
  "aws:redshift:subnetgroup",
  "aws:elasticache:subnetgroup",
  "aws:memorydb:subnetgroup",
  "aws:dax:subnetgroup",
  "aws:dms:replicationsubnetgroup",
];
