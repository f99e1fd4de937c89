import { listOf, reading, recordOf, type Reading } from "../../reading";

/** Properties as they are sent: what is not known is one of CrossGuard's sentinels. */
export type Properties = Readonly<Record<string, unknown>>;

/** How a resource of AWS's Cloud Control API is written as one of the classic provider. */
export interface NativeShape {
  /** The classic type. */
  readonly type: string;
  /** Outputs that hold what the classic provider calls the id. */
  readonly id: readonly string[];
  /**
   * Classic properties that have another name or form, by the native property from which they are made. All other
   * properties keep their names.
   */
  readonly renamed?: Readonly<Record<string, readonly Renaming[]>>;
  /** What holds where a native property is absent, as AWS makes of it, by the classic property. */
  readonly absent?: Properties;
}

interface Renaming {
  readonly to: string;
  /** Makes the classic value; without it the value stays as it is. */
  readonly as?: (value: unknown) => unknown;
}

/** Writes a value that is known in another form; what is not known stays so. */
function whereKnown<T>(
  convert: (value: unknown) => Reading<T>,
  write: (value: T) => unknown,
): (value: unknown) => unknown {
  return (raw) => {
    const read = convert(raw);
    return read.kind === "known" ? write(read.value) : raw;
  };
}

const record = (raw: unknown): Reading<Properties> => recordOf(reading(raw));
const list = (raw: unknown): Reading<readonly unknown[]> => listOf(reading(raw));

function present(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** A list of one, for a property of which the classic provider has several. */
function several(value: unknown): readonly unknown[] | undefined {
  return reading(value).kind === "absent" ? undefined : [value];
}

/** Rules within a security group. */
const inlineRules = whereKnown(list, (rules) =>
  rules.map(
    whereKnown(record, (rule) =>
      present({
        protocol: rule["ipProtocol"],
        fromPort: rule["fromPort"],
        toPort: rule["toPort"],
        cidrBlocks: several(rule["cidrIp"]),
        ipv6CidrBlocks: several(rule["cidrIpv6"]),
        prefixListIds: several(rule["destinationPrefixListId"] ?? rule["sourcePrefixListId"]),
        securityGroups: several(
          rule["destinationSecurityGroupId"] ??
            rule["sourceSecurityGroupId"] ??
            rule["sourceSecurityGroupName"],
        ),
      }),
    ),
  ),
);

/** Rules of a DNS firewall. */
const firewallRules = whereKnown(list, (rules) =>
  rules.map(whereKnown(record, (rule) => present({ ...rule, qType: rule["qtype"] }))),
);

/** A policy is an object here, and a JSON text with the classic provider. */
const policyText = whereKnown(record, (policy) => JSON.stringify(policy));

const actions = whereKnown(list, (items) =>
  items.map(
    whereKnown(record, (action) =>
      present({
        ...action,
        authenticateOidc: action["authenticateOidcConfig"],
        authenticateCognito: action["authenticateCognitoConfig"],
        fixedResponse: action["fixedResponseConfig"],
        redirect: action["redirectConfig"],
        forward:
          action["forwardConfig"] === undefined
            ? undefined
            : whereKnown(record, (forward) => ({
                targetGroups: whereKnown(list, (groups) =>
                  groups.map(whereKnown(record, (group) => ({ ...group, arn: group["targetGroupArn"] }))),
                )(forward["targetGroups"]),
              }))(action["forwardConfig"]),
      }),
    ),
  ),
);

/** Interfaces of an instance or a template, whose groups have other names. */
const interfaces = whereKnown(list, (items) =>
  items.map(
    whereKnown(record, (item) => present({ ...item, securityGroups: item["groupSet"] ?? item["groups"] })),
  ),
);

const enabled = whereKnown(reading, (value) => value === "ENABLED");

/** What an object holds under a key, in a list of the kind that the classic provider has. */
function ofEach(key: string): (value: unknown) => unknown {
  return whereKnown(list, (items) => items.map(whereKnown(record, (item) => item[key])));
}

/** An object with one key, for what the classic provider groups. */
function under(key: string): (value: unknown) => unknown {
  return (value) => ({ [key]: value });
}

/** A member of an object. */
function memberOf(key: string): (value: unknown) => unknown {
  return whereKnown(record, (value) => value[key]);
}

/** The copies of a table, each of which says its region and its tags; the classic table has tags of its own. */
const replicas = {
  regions: whereKnown(list, (items) =>
    items.map(whereKnown(record, (item) => present({ ...item, regionName: item["region"] }))),
  ),
  tags: whereKnown(list, (items) => {
    const tags = items.map((item) => {
      const replica = record(item);
      return replica.kind === "known" ? list(replica.value["tags"]) : replica;
    });
    const known = tags.flatMap((read) => (read.kind === "known" ? read.value : []));
    const unreadable = items.find((_item, index) => tags[index]?.kind === "unknown");
    return unreadable === undefined ? known : [...known, unreadable];
  }),
  policy: whereKnown(list, (items) =>
    items
      .map(whereKnown(record, (item) => memberOf("policyDocument")(item["resourcePolicy"])))
      .find((policy) => reading(policy).kind !== "absent"),
  ),
};

/** A stream of changes is on where something is said of it. */
const isStreamed = whereKnown(reading, () => true);

const standaloneRule = (direction: "Egress" | "Ingress"): NativeShape => {
  const end = direction === "Egress" ? "destination" : "source";
  return {
    type: `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`,
    id: ["awsId"],
    renamed: {
      groupId: [{ to: "securityGroupId" }],
      cidrIp: [{ to: "cidrIpv4" }],
      [`${end}PrefixListId`]: [{ to: "prefixListId" }],
      [`${end}SecurityGroupId`]: [{ to: "referencedSecurityGroupId" }],
    },
  };
};

/** What a security group lets out to which nothing was given (AWS::EC2::SecurityGroup, "SecurityGroupEgress"). */
const everythingOut = [
  { protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"] },
];

/** The types of Cloud Control that are read as their classic twins, by their token in lower case. */
export const nativeShapes: ReadonlyMap<string, NativeShape> = new Map<string, NativeShape>([
  [
    "ec2:vpc",
    {
      type: "aws:ec2/vpc:Vpc",
      id: ["vpcId"],
      renamed: {
        defaultSecurityGroup: [{ to: "defaultSecurityGroupId" }],
        defaultNetworkAcl: [{ to: "defaultNetworkAclId" }],
      },
    },
  ],
  ["ec2:dhcpoptions", { type: "aws:ec2/vpcDhcpOptions:VpcDhcpOptions", id: ["dhcpOptionsId"] }],
  [
    "ec2:vpcdhcpoptionsassociation",
    { type: "aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation", id: [] },
  ],
  [
    "ec2:vpcblockpublicaccessoptions",
    { type: "aws:ec2/vpcBlockPublicAccessOptions:VpcBlockPublicAccessOptions", id: ["accountId"] },
  ],
  [
    "ec2:vpcblockpublicaccessexclusion",
    { type: "aws:ec2/vpcBlockPublicAccessExclusion:VpcBlockPublicAccessExclusion", id: ["exclusionId"] },
  ],
  [
    "ec2:flowlog",
    // What it is a log of is named by one property, whether it is a network, a subnet or an interface.
    {
      type: "aws:ec2/flowLog:FlowLog",
      id: ["awsId"],
      renamed: { resourceId: [{ to: "vpcId" }, { to: "subnetId" }, { to: "eniId" }] },
    },
  ],
  ["route53:hostedzone", { type: "aws:route53/zone:Zone", id: ["awsId"] }],
  [
    "route53profiles:profileassociation",
    { type: "aws:route53/profilesAssociation:ProfilesAssociation", id: ["awsId"] },
  ],
  [
    "route53resolver:firewalldomainlist",
    { type: "aws:route53/resolverFirewallDomainList:ResolverFirewallDomainList", id: ["awsId"] },
  ],
  [
    "route53resolver:firewallrulegroup",
    {
      type: "aws:route53/resolverFirewallRuleGroup:ResolverFirewallRuleGroup",
      id: ["awsId"],
      // The classic provider has these rules as resources of their own; they stay a list here.
      renamed: { firewallRules: [{ to: "firewallRules", as: firewallRules }] },
    },
  ],
  [
    "route53resolver:firewallrulegroupassociation",
    {
      type: "aws:route53/resolverFirewallRuleGroupAssociation:ResolverFirewallRuleGroupAssociation",
      id: ["awsId"],
    },
  ],
  [
    "route53resolver:resolverendpoint",
    { type: "aws:route53/resolverEndpoint:ResolverEndpoint", id: ["resolverEndpointId"] },
  ],
  [
    "route53resolver:resolverqueryloggingconfig",
    { type: "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig", id: ["awsId"] },
  ],
  [
    "route53resolver:resolverqueryloggingconfigassociation",
    {
      type: "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
      id: ["awsId"],
    },
  ],
  ["route53resolver:resolverrule", { type: "aws:route53/resolverRule:ResolverRule", id: ["resolverRuleId"] }],
  [
    "route53resolver:resolverruleassociation",
    {
      type: "aws:route53/resolverRuleAssociation:ResolverRuleAssociation",
      id: ["resolverRuleAssociationId"],
    },
  ],
  ["ec2:subnet", { type: "aws:ec2/subnet:Subnet", id: ["subnetId"] }],
  [
    "ec2:securitygroup",
    {
      type: "aws:ec2/securityGroup:SecurityGroup",
      id: ["groupId", "awsId"],
      renamed: {
        securityGroupEgress: [
          {
            to: "egress",
            // An empty list gives no rule either, so that the rule of AWS's own stays.
            as: (value) => {
              const rules = list(value);
              return rules.kind === "known" && rules.value.length === 0 ? everythingOut : inlineRules(value);
            },
          },
        ],
        securityGroupIngress: [{ to: "ingress", as: inlineRules }],
      },
      absent: { egress: everythingOut },
    },
  ],
  [
    "ec2:securitygroupvpcassociation",
    {
      type: "aws:vpc/securityGroupVpcAssociation:SecurityGroupVpcAssociation",
      id: [],
      renamed: { groupId: [{ to: "securityGroupId" }] },
    },
  ],
  ["ec2:securitygroupegress", standaloneRule("Egress")],
  ["ec2:securitygroupingress", standaloneRule("Ingress")],
  ["ec2:routetable", { type: "aws:ec2/routeTable:RouteTable", id: ["routeTableId"] }],
  [
    "ec2:route",
    {
      type: "aws:ec2/route:Route",
      id: [],
      renamed: { egressOnlyInternetGatewayId: [{ to: "egressOnlyGatewayId" }] },
    },
  ],
  [
    "ec2:subnetroutetableassociation",
    { type: "aws:ec2/routeTableAssociation:RouteTableAssociation", id: ["awsId"] },
  ],
  [
    "ec2:gatewayroutetableassociation",
    { type: "aws:ec2/routeTableAssociation:RouteTableAssociation", id: [] },
  ],
  ["ec2:networkacl", { type: "aws:ec2/networkAcl:NetworkAcl", id: ["awsId", "networkAclId"] }],
  [
    "ec2:networkaclentry",
    {
      type: "aws:ec2/networkAclRule:NetworkAclRule",
      id: ["awsId"],
      renamed: {
        portRange: [
          { to: "fromPort", as: whereKnown(record, (range) => range["from"]) },
          { to: "toPort", as: whereKnown(record, (range) => range["to"]) },
        ],
      },
    },
  ],
  [
    "ec2:subnetnetworkaclassociation",
    { type: "aws:ec2/networkAclAssociation:NetworkAclAssociation", id: ["associationId"] },
  ],
  [
    "ec2:flowlog",
    {
      type: "aws:ec2/flowLog:FlowLog",
      id: ["awsId"],
      // Of what kind it is, another property says; an id of one kind is none of another.
      renamed: { resourceId: [{ to: "vpcId" }, { to: "subnetId" }, { to: "eniId" }] },
    },
  ],
  [
    "rds:dbsubnetgroup",
    {
      type: "aws:rds/subnetGroup:SubnetGroup",
      id: ["dbSubnetGroupName"],
      renamed: { dbSubnetGroupName: [{ to: "name" }] },
    },
  ],
  [
    "rds:dbcluster",
    {
      type: "aws:rds/cluster:Cluster",
      id: ["dbClusterIdentifier"],
      renamed: {
        associatedRoles: [{ to: "iamRoles", as: ofEach("roleArn") }],
        dbClusterArn: [{ to: "arn" }],
        dbClusterIdentifier: [{ to: "clusterIdentifier" }],
        dbClusterResourceId: [{ to: "clusterResourceId" }],
        sourceDbClusterIdentifier: [{ to: "restoreToPointInTime", as: under("sourceClusterIdentifier") }],
      },
    },
  ],
  [
    "rds:dbinstance",
    {
      type: "aws:rds/instance:Instance",
      id: ["dbInstanceIdentifier"],
      renamed: {
        associatedRoles: [{ to: "iamRoles", as: ofEach("roleArn") }],
        dbClusterIdentifier: [{ to: "clusterIdentifier" }],
        dbClusterSnapshotIdentifier: [{ to: "snapshotIdentifier" }],
        dbInstanceArn: [{ to: "arn" }],
        dbInstanceIdentifier: [{ to: "identifier" }],
        dbSnapshotIdentifier: [{ to: "snapshotIdentifier" }],
        dbiResourceId: [{ to: "resourceId" }],
        sourceDbClusterIdentifier: [{ to: "replicateSourceDb" }],
        sourceDbInstanceAutomatedBackupsArn: [
          { to: "restoreToPointInTime", as: under("sourceDbInstanceAutomatedBackupsArn") },
        ],
        sourceDbInstanceIdentifier: [{ to: "replicateSourceDb" }],
        sourceDbiResourceId: [{ to: "restoreToPointInTime", as: under("sourceDbiResourceId") }],
        vpcSecurityGroups: [{ to: "vpcSecurityGroupIds" }],
      },
      // In a network with an internet gateway (AWS::RDS::DBInstance, "PubliclyAccessible").
      absent: { publiclyAccessible: true },
    },
  ],
  [
    "dynamodb:table",
    {
      type: "aws:dynamodb/table:Table",
      id: ["tableName"],
      renamed: {
        tableName: [{ to: "name" }],
        resourcePolicy: [{ to: "policy", as: memberOf("policyDocument") }],
        streamSpecification: [{ to: "streamEnabled", as: isStreamed }],
      },
    },
  ],
  [
    "dynamodb:globaltable",
    {
      type: "aws:dynamodb/table:Table",
      id: ["tableName"],
      renamed: {
        tableName: [{ to: "name" }],
        replicas: [
          { to: "replicas", as: replicas.regions },
          { to: "tags", as: replicas.tags },
          { to: "policy", as: replicas.policy },
        ],
        streamSpecification: [{ to: "streamEnabled", as: isStreamed }],
      },
    },
  ],
  [
    "opensearchserverless:accesspolicy",
    { type: "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy", id: ["name"] },
  ],
  [
    "opensearchserverless:collection",
    { type: "aws:opensearch/serverlessCollection:ServerlessCollection", id: ["awsId"] },
  ],
  [
    "opensearchserverless:securitypolicy",
    { type: "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy", id: ["name"] },
  ],
  [
    "opensearchserverless:vpcendpoint",
    { type: "aws:opensearch/serverlessVpcEndpoint:ServerlessVpcEndpoint", id: ["awsId"] },
  ],
  [
    "s3:bucketpolicy",
    {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      id: ["bucket"],
      renamed: { policyDocument: [{ to: "policy" }] },
    },
  ],
  ["ec2:internetgateway", { type: "aws:ec2/internetGateway:InternetGateway", id: ["internetGatewayId"] }],
  [
    "ec2:vpcgatewayattachment",
    { type: "aws:ec2/internetGatewayAttachment:InternetGatewayAttachment", id: ["attachmentType"] },
  ],
  [
    "ec2:egressonlyinternetgateway",
    { type: "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway", id: ["awsId"] },
  ],
  ["ec2:natgateway", { type: "aws:ec2/natGateway:NatGateway", id: ["natGatewayId"] }],
  [
    "ec2:vpcendpoint",
    {
      type: "aws:ec2/vpcEndpoint:VpcEndpoint",
      id: ["awsId"],
      renamed: { policyDocument: [{ to: "policy", as: policyText }] },
    },
  ],
  ["ec2:vpcendpointservice", { type: "aws:ec2/vpcEndpointService:VpcEndpointService", id: ["serviceId"] }],
  [
    "ec2:vpcendpointservicepermissions",
    {
      type: "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
      id: [],
      // The classic provider has a resource for each principal; they stay a list here.
      renamed: { serviceId: [{ to: "vpcEndpointServiceId" }] },
    },
  ],
  ["ec2:vpcpeeringconnection", { type: "aws:ec2/vpcPeeringConnection:VpcPeeringConnection", id: ["awsId"] }],
  [
    "ec2:transitgatewayattachment",
    { type: "aws:ec2transitgateway/vpcAttachment:VpcAttachment", id: ["awsId"] },
  ],
  [
    "ec2:transitgatewayvpcattachment",
    { type: "aws:ec2transitgateway/vpcAttachment:VpcAttachment", id: ["awsId"] },
  ],
  [
    "networkmanager:vpcattachment",
    { type: "aws:networkmanager/vpcAttachment:VpcAttachment", id: ["attachmentId"] },
  ],
  [
    "ec2:instance",
    {
      type: "aws:ec2/instance:Instance",
      id: ["instanceId"],
      renamed: {
        securityGroupIds: [{ to: "vpcSecurityGroupIds" }],
        networkInterfaces: [{ to: "networkInterfaces", as: interfaces }],
      },
    },
  ],
  [
    "ec2:launchtemplate",
    {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      id: ["launchTemplateId"],
      renamed: {
        launchTemplateData: [
          { to: "vpcSecurityGroupIds", as: whereKnown(record, (data) => data["securityGroupIds"]) },
          {
            to: "networkInterfaces",
            as: whereKnown(record, (data) => interfaces(data["networkInterfaces"])),
          },
        ],
      },
    },
  ],
  [
    "autoscaling:autoscalinggroup",
    {
      type: "aws:autoscaling/group:Group",
      id: ["autoScalingGroupName"],
      renamed: {
        vpcZoneIdentifier: [{ to: "vpcZoneIdentifiers" }],
        launchConfigurationName: [{ to: "launchConfiguration" }],
        launchTemplate: [
          {
            to: "launchTemplate",
            as: whereKnown(record, (template) =>
              present({
                ...template,
                id: template["launchTemplateId"],
                name: template["launchTemplateName"],
              }),
            ),
          },
        ],
      },
    },
  ],
  [
    "ecs:service",
    {
      type: "aws:ecs/service:Service",
      id: ["serviceArn"],
      renamed: {
        networkConfiguration: [
          {
            to: "networkConfiguration",
            as: whereKnown(record, (configuration) =>
              whereKnown(record, (vpc) =>
                present({
                  ...vpc,
                  assignPublicIp:
                    vpc["assignPublicIp"] === undefined ? undefined : enabled(vpc["assignPublicIp"]),
                }),
              )(configuration["awsvpcConfiguration"]),
            ),
          },
        ],
      },
    },
  ],
  ["ecs:taskdefinition", { type: "aws:ecs/taskDefinition:TaskDefinition", id: ["taskDefinitionArn"] }],
  ["lambda:function", { type: "aws:lambda/function:Function", id: ["functionName"] }],
  [
    "opensearchservice:domain",
    {
      type: "aws:opensearch/domain:Domain",
      id: ["arn"],
      renamed: { nodeToNodeEncryptionOptions: [{ to: "nodeToNodeEncryption" }] },
    },
  ],
  [
    "ec2:networkinterface",
    {
      type: "aws:ec2/networkInterface:NetworkInterface",
      id: ["awsId"],
      renamed: { groupSet: [{ to: "securityGroups" }] },
    },
  ],
  [
    "ec2:eip",
    { type: "aws:ec2/eip:Eip", id: ["allocationId"], renamed: { instanceId: [{ to: "instance" }] } },
  ],
  ["ec2:eipassociation", { type: "aws:ec2/eipAssociation:EipAssociation", id: ["awsId"] }],
  ["ec2:prefixlist", { type: "aws:ec2/managedPrefixList:ManagedPrefixList", id: ["prefixListId"] }],
  [
    "vpclattice:servicenetworkvpcassociation",
    {
      type: "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation",
      id: ["awsId", "arn"],
    },
  ],
  [
    "elasticloadbalancingv2:loadbalancer",
    {
      type: "aws:lb/loadBalancer:LoadBalancer",
      id: ["loadBalancerArn"],
      renamed: {
        loadBalancerArn: [{ to: "arn" }],
        scheme: [{ to: "internal", as: whereKnown(reading, (scheme) => scheme === "internal") }],
        type: [{ to: "loadBalancerType" }],
      },
    },
  ],
  [
    "elasticloadbalancingv2:listener",
    {
      type: "aws:lb/listener:Listener",
      id: ["listenerArn"],
      renamed: {
        listenerArn: [{ to: "arn" }],
        defaultActions: [{ to: "defaultActions", as: actions }],
      },
    },
  ],
  [
    "elasticloadbalancingv2:listenerrule",
    {
      type: "aws:lb/listenerRule:ListenerRule",
      id: ["ruleArn"],
      renamed: { ruleArn: [{ to: "arn" }], actions: [{ to: "actions", as: actions }] },
    },
  ],
  [
    "elasticloadbalancingv2:targetgroup",
    {
      type: "aws:lb/targetGroup:TargetGroup",
      id: ["targetGroupArn"],
      renamed: {
        targetGroupArn: [{ to: "arn" }],
        healthCheckProtocol: [{ to: "healthCheck", as: (protocol) => ({ protocol }) }],
      },
    },
  ],
  [
    "elasticloadbalancingv2:truststore",
    {
      type: "aws:lb/trustStore:TrustStore",
      id: ["trustStoreArn"],
      renamed: { trustStoreArn: [{ to: "arn" }] },
    },
  ],
]);
