import type { Sketch } from "../stack-sketch";
import type { CorpusCase } from "./corpus-case";
import {
  bucket,
  cluster,
  foreignAccount,
  loadBalancer,
  ownAccount,
  ownAccountOnly,
  place,
  policy,
  refused,
  rootOf,
  type Kind,
  type Place,
} from "./stranger-pieces";

type Inputs = Readonly<Record<string, unknown>>;

/** A service that somebody else offers by PrivateLink. */
const foreignService = "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0";
const s3 = "com.amazonaws.us-east-1.s3";

function endpoint(stack: Sketch, where: Place, more: Inputs): string {
  const { vpc, subnet, group } = place(stack, where);
  return stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
    vpcId: vpc,
    vpcEndpointType: "Interface",
    subnetIds: [subnet],
    securityGroupIds: [group],
    ...more,
  });
}

function gatewayEndpoint(stack: Sketch, more: Inputs): string {
  return stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
    vpcId: stack.id("vpc"),
    serviceName: s3,
    policy: policy(ownAccountOnly),
    ...more,
  });
}

const foreignEndpoints: readonly CorpusCase[] = [
  refused(
    "AE-18",
    "an endpoint of a stranger's service",
    (stack, where: Place) => endpoint(stack, where, { serviceName: foreignService }),
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-18",
    "an endpoint of a stranger's inspecting load balancer, and a route to it",
    (stack, where: "phi" | "gateway") => {
      const { vpc, subnet } = place(stack, where);
      stack.add("aws:ec2/route:Route", "route", {
        routeTableId: stack.id(`${where}-routes`),
        destinationCidrBlock: "198.51.100.0/24",
        vpcEndpointId: stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
          vpcId: vpc,
          vpcEndpointType: "GatewayLoadBalancer",
          serviceName: foreignService,
          subnetIds: [subnet],
        }),
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-18",
    "an endpoint of a stranger's resource",
    (stack, where: Place) =>
      endpoint(stack, where, {
        vpcEndpointType: "Resource",
        resourceConfigurationArn: `arn:aws:vpc-lattice:us-east-1:${foreignAccount}:resourceconfiguration/rcfg-0123456789abcdef0`,
      }),
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-18",
    "an endpoint of a stranger's service network",
    (stack, where: Place) =>
      endpoint(stack, where, {
        vpcEndpointType: "ServiceNetwork",
        serviceNetworkArn: `arn:aws:vpc-lattice:us-east-1:${foreignAccount}:servicenetwork/sn-0123456789abcdef0`,
      }),
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-18",
    "an endpoint of a stranger's service by aws-native",
    (stack, where: Place) => {
      const { vpc, subnet, group } = place(stack, where);
      stack.add("aws-native:ec2:VpcEndpoint", "endpoint", {
        vpcId: vpc,
        vpcEndpointType: "Interface",
        serviceName: foreignService,
        subnetIds: [subnet],
        securityGroupIds: [group],
      });
    },
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-18",
    "an endpoint of a stranger's service by Cloud Control",
    (stack, where: Place) => {
      const { vpc, subnet, group } = place(stack, where);
      stack.add("aws:cloudcontrol/resource:Resource", "endpoint", {
        typeName: "AWS::EC2::VPCEndpoint",
        desiredState: JSON.stringify({
          VpcId: vpc,
          VpcEndpointType: "Interface",
          ServiceName: foreignService,
          SubnetIds: [subnet],
          SecurityGroupIds: [group],
        }),
      });
    },
    "phi",
    "elsewhere",
  ),
];

const own = { Effect: "Allow", Principal: "*", Action: "s3:*", Resource: "*" };
const conditions = (Condition: Inputs): string => policy({ ...own, Condition });
const denied = (key: string, Action: string): Inputs => ({
  ...own,
  Effect: "Deny",
  Action,
  Condition: { StringNotEquals: { [key]: ownAccount } },
});
const deniedUnlessOwn = (action: string): string =>
  policy(own, denied("aws:PrincipalAccount", action), denied("aws:ResourceAccount", action));

/** The bad and the good policy of an endpoint of S3 in the PHI zone. */
const endpointPolicies: readonly (readonly [name: string, bad: string, good: string])[] = [
  ["for all", policy({ ...own, Action: "*" }), policy(ownAccountOnly)],
  [
    "for any bucket",
    conditions({ StringEquals: { "aws:PrincipalAccount": ownAccount } }),
    conditions({ StringEquals: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount } }),
  ],
  [
    "for a stranger's buckets",
    conditions({
      StringEquals: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": foreignAccount },
    }),
    conditions({ StringEquals: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount } }),
  ],
  [
    "for principals without a name",
    conditions({
      StringEqualsIfExists: { "aws:PrincipalAccount": ownAccount },
      StringEquals: { "aws:ResourceAccount": ownAccount },
    }),
    conditions({ StringEquals: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount } }),
  ],
  [
    "for every account by a wildcard",
    conditions({ StringLike: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": "*" } }),
    conditions({ StringLike: { "aws:PrincipalAccount": ownAccount, "aws:ResourceAccount": ownAccount } }),
  ],
  [
    "for all buckets but one",
    policy({
      Effect: "Allow",
      Principal: { AWS: rootOf(ownAccount) },
      Action: "s3:*",
      NotResource: "arn:aws:s3:::elsewhere-copies/*",
    }),
    policy({
      Effect: "Allow",
      Principal: { AWS: rootOf(ownAccount) },
      Action: "s3:*",
      NotResource: "arn:aws:s3:::elsewhere-copies/*",
      Condition: { StringEquals: { "aws:ResourceAccount": ownAccount } },
    }),
  ],
  [
    "for all actions but one",
    policy({ Effect: "Allow", Principal: "*", NotAction: "s3:DeleteBucket", Resource: "*" }),
    policy({ ...ownAccountOnly, Action: undefined, NotAction: "s3:DeleteBucket" }),
  ],
  ["with a denial of writing alone", deniedUnlessOwn("s3:PutObject"), deniedUnlessOwn("s3:*")],
  [
    "of which one statement is for all",
    policy(ownAccountOnly, { ...own, Action: "s3:PutObject" }),
    policy(ownAccountOnly, { ...ownAccountOnly, Action: "s3:PutObject" }),
  ],
  [
    "for any bucket of any organisation",
    conditions({ StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } }),
    conditions({
      StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid", "aws:ResourceOrgID": "o-exampleorgid" },
    }),
  ],
];

const openEndpoints: readonly CorpusCase[] = [
  refused(
    "AE-19",
    "an endpoint without a policy",
    (stack, more: Inputs) => endpoint(stack, "phi", { serviceName: s3, ...more }),
    {},
    { policy: policy(ownAccountOnly) },
  ),
  refused(
    "AE-19",
    "an endpoint of the token service without a policy",
    (stack, more: Inputs) => endpoint(stack, "phi", { serviceName: "com.amazonaws.us-east-1.sts", ...more }),
    {},
    { policy: policy(ownAccountOnly) },
  ),
  ...endpointPolicies.map(([name, bad, good]) =>
    refused(
      "AE-19",
      `an endpoint with a policy ${name}`,
      (stack, text: string) => endpoint(stack, "phi", { serviceName: s3, policy: text }),
      bad,
      good,
    ),
  ),
  refused(
    "AE-19",
    "an endpoint with a policy for a bucket that nobody knows",
    (stack, name: string) => {
      bucket(stack, "phi");
      endpoint(stack, "phi", {
        serviceName: s3,
        policy: policy({
          ...own,
          Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
          Condition: { StringEquals: { "aws:PrincipalAccount": ownAccount } },
        }),
      });
    },
    "elsewhere-copies",
    "phi-documents",
  ),
  refused(
    "AE-19",
    "an endpoint's policy by a resource of its own",
    (stack, text: string) =>
      stack.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "endpoint-policy", {
        vpcEndpointId: endpoint(stack, "phi", { serviceName: s3 }),
        policy: text,
      }),
    policy(own),
    policy(ownAccountOnly),
  ),
  refused(
    "AE-19",
    "a second policy beside that of the endpoint",
    (stack, text: string) =>
      stack.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "endpoint-policy", {
        vpcEndpointId: endpoint(stack, "phi", { serviceName: s3, policy: policy(ownAccountOnly) }),
        policy: text,
      }),
    policy(own),
    policy(ownAccountOnly),
  ),
  refused(
    "AE-19",
    "an endpoint by aws-native",
    (stack, statement: Inputs) => {
      const { vpc, subnet, group } = place(stack, "phi");
      stack.add("aws-native:ec2:VpcEndpoint", "endpoint", {
        vpcId: vpc,
        vpcEndpointType: "Interface",
        serviceName: s3,
        subnetIds: [subnet],
        securityGroupIds: [group],
        policyDocument: { Version: "2012-10-17", Statement: [statement] },
      });
    },
    own,
    ownAccountOnly,
  ),
];

const injectedRoutes: readonly CorpusCase[] = [
  refused(
    "AE-20",
    "a gateway endpoint in a route table",
    (stack, where: "phi" | "gateway") =>
      gatewayEndpoint(stack, { vpcEndpointType: "Gateway", routeTableIds: [stack.id(`${where}-routes`)] }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-20",
    "an endpoint that does not say that it is a gateway",
    (stack, where: "phi" | "gateway") =>
      gatewayEndpoint(stack, { routeTableIds: [stack.id(`${where}-routes`)] }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-20",
    "a gateway endpoint in a route table by an association",
    (stack, where: "phi" | "gateway") =>
      stack.add(
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "endpoint-routes",
        { vpcEndpointId: gatewayEndpoint(stack, {}), routeTableId: stack.id(`${where}-routes`) },
      ),
    "phi",
    "gateway",
  ),
  refused(
    "AE-20",
    "a gateway endpoint that the stack does not make, in a route table",
    (stack, where: "phi" | "gateway") =>
      stack.add(
        "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation",
        "endpoint-routes",
        { vpcEndpointId: "vpce-0123456789abcdef0", routeTableId: stack.id(`${where}-routes`) },
      ),
    "phi",
    "gateway",
  ),
  {
    id: "AE-20",
    name: "a gateway endpoint in the main route table, which is that of a PHI subnet without an association",
    expected: "refused",
    bad: (stack) => {
      stack.remove("phi-association");
      gatewayEndpoint(stack, { routeTableIds: [`${stack.id("vpc")}.mainRouteTableId`] });
    },
    good: (stack) => gatewayEndpoint(stack, { routeTableIds: [`${stack.id("vpc")}.mainRouteTableId`] }),
  },
  refused(
    "AE-20",
    "an open endpoint in a subnet by an association",
    (stack, where: "phi" | "gateway") => {
      const { vpc, subnet } = place(stack, where);
      stack.add("aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation", "endpoint-subnet", {
        subnetId: subnet,
        vpcEndpointId: stack.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", {
          vpcId: vpc,
          vpcEndpointType: "Interface",
          serviceName: s3,
          securityGroupIds: [
            stack.add("aws:ec2/securityGroup:SecurityGroup", "endpoint-group", { vpcId: vpc }),
          ],
        }),
      });
    },
    "phi",
    "gateway",
  ),
  refused(
    "AE-20",
    "a gateway endpoint in a route table by aws-native",
    (stack, where: "phi" | "gateway") =>
      stack.add("aws-native:ec2:VpcEndpoint", "endpoint", {
        vpcId: stack.id("vpc"),
        vpcEndpointType: "Gateway",
        serviceName: s3,
        routeTableIds: [stack.id(`${where}-routes`)],
        policyDocument: { Version: "2012-10-17", Statement: [ownAccountOnly] },
      }),
    "phi",
    "gateway",
  ),
];

function endpointService(stack: Sketch, more: Inputs, balancer: Inputs = {}): string {
  return stack.add("aws:ec2/vpcEndpointService:VpcEndpointService", "service", {
    networkLoadBalancerArns: [`${loadBalancer(stack, "phi", balancer)}.arn`],
    acceptanceRequired: true,
    ...more,
  });
}

const endpointServices: readonly CorpusCase[] = [
  refused(
    "AE-21",
    "a PHI service that everybody may join unasked",
    (stack, more: Inputs) => endpointService(stack, more),
    { allowedPrincipals: ["*"], acceptanceRequired: false },
    { allowedPrincipals: [rootOf(ownAccount)], acceptanceRequired: true },
  ),
  refused(
    "AE-21",
    "a PHI service that everybody may ask to join",
    (stack, principal: string) => endpointService(stack, { allowedPrincipals: [principal] }),
    "*",
    rootOf(ownAccount),
  ),
  refused(
    "AE-21",
    "a PHI service that another account may join unasked",
    (stack, account: string) =>
      endpointService(stack, {
        allowedPrincipals: [rootOf(account)],
        acceptanceRequired: account === ownAccount,
      }),
    foreignAccount,
    ownAccount,
  ),
  refused(
    "AE-21",
    "a PHI service that any network of the account may join unasked, past the load balancer's filter",
    (stack, open: boolean) =>
      endpointService(
        stack,
        { allowedPrincipals: [rootOf(ownAccount)], acceptanceRequired: !open },
        { enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: open ? "off" : "on" },
      ),
    true,
    false,
  ),
  refused(
    "AE-21",
    "a PHI service that is offered unasked in another region",
    (stack, more: Inputs) => endpointService(stack, { allowedPrincipals: [rootOf(ownAccount)], ...more }),
    { supportedRegions: ["eu-west-1"], acceptanceRequired: false },
    { supportedRegions: ["us-east-1"], acceptanceRequired: true },
  ),
  refused(
    "AE-21",
    "a principal let into a PHI service by a resource of its own",
    (stack, principalArn: string) =>
      stack.add(
        "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
        "principal",
        { vpcEndpointServiceId: endpointService(stack, {}), principalArn },
      ),
    "*",
    rootOf(ownAccount),
  ),
  refused(
    "AE-21",
    "a PHI service that accepts an endpoint of a network of no zone",
    (stack, where: Place) => {
      const service = endpointService(stack, { allowedPrincipals: [rootOf(ownAccount)] });
      stack.add("aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", "accepter", {
        vpcEndpointServiceId: service,
        vpcEndpointId: endpoint(stack, where, { serviceName: `${service}.serviceName` }),
      });
    },
    "elsewhere",
    "processing",
  ),
  {
    id: "AE-21",
    name: "a PHI service that accepts an endpoint that nobody knows",
    expected: "refused",
    bad: (stack) =>
      stack.add("aws:ec2/vpcEndpointConnectionAccepter:VpcEndpointConnectionAccepter", "accepter", {
        vpcEndpointServiceId: endpointService(stack, { allowedPrincipals: [rootOf(ownAccount)] }),
        vpcEndpointId: "vpce-0123456789abcdef0",
      }),
    good: (stack) => endpointService(stack, { allowedPrincipals: [rootOf(ownAccount)] }),
  },
  refused(
    "AE-21",
    "principals let into a PHI service by aws-native",
    (stack, principal: string) =>
      stack.add("aws-native:ec2:VpcEndpointServicePermissions", "permissions", {
        serviceId: endpointService(stack, {}),
        allowedPrincipals: [principal],
      }),
    "*",
    rootOf(ownAccount),
  ),
];

/** The addresses of the processing subnet, which `phi` admits. */
const processing = "10.0.2.0/24";

function prefixList(stack: Sketch, cidrs: readonly string[]): string {
  return stack.add("aws:ec2/managedPrefixList:ManagedPrefixList", "prefixes", {
    addressFamily: cidrs.some((cidr) => cidr.includes(":")) ? "IPv6" : "IPv4",
    maxEntries: 10,
    entries: cidrs.map((cidr) => ({ cidr })),
  });
}

function rule(stack: Sketch, direction: "Ingress" | "Egress", zone: string, list: string): string {
  return stack.add(`aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`, "rule", {
    securityGroupId: stack.id(`${zone}-group`),
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    prefixListId: list,
  });
}

const prefixLists: readonly CorpusCase[] = [
  refused(
    "AE-22",
    "a list that holds all addresses",
    (stack, cidr: string) => rule(stack, "Ingress", "phi", prefixList(stack, [processing, cidr])),
    "0.0.0.0/0",
    "10.0.2.128/25",
  ),
  refused(
    "AE-22",
    "a list that holds all addresses in two halves",
    (stack, cidrs: readonly string[]) => rule(stack, "Ingress", "phi", prefixList(stack, cidrs)),
    ["0.0.0.0/1", "128.0.0.0/1"],
    ["10.0.2.0/25", "10.0.2.128/25"],
  ),
  refused(
    "AE-22",
    "a list that holds all addresses of IPv6",
    (stack, cidr: string) => rule(stack, "Ingress", "phi", prefixList(stack, [cidr])),
    "::/0",
    processing,
  ),
  refused(
    "AE-22",
    "an entry of a list that holds all addresses",
    (stack, cidr: string) => {
      const list = prefixList(stack, [processing]);
      rule(stack, "Ingress", "phi", list);
      stack.add("aws:ec2/managedPrefixListEntry:ManagedPrefixListEntry", "entry", {
        prefixListId: list,
        cidr,
      });
    },
    "0.0.0.0/0",
    "10.0.2.128/25",
  ),
  refused(
    "AE-22",
    "a list that nobody knows",
    (stack, zone: string) => rule(stack, "Ingress", zone, "pl-0123456789abcdef0"),
    "phi",
    "gateway",
  ),
  refused(
    "AE-22",
    "a list to which a group may send",
    (stack, zone: string) => rule(stack, "Egress", zone, prefixList(stack, [processing])),
    "phi",
    "gateway",
  ),
  refused(
    "AE-22",
    "a list in a rule of the old kind",
    (stack, cidr: string) =>
      stack.add("aws:ec2/securityGroupRule:SecurityGroupRule", "rule", {
        type: "ingress",
        securityGroupId: stack.id("phi-group"),
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        prefixListIds: [prefixList(stack, [cidr])],
      }),
    "0.0.0.0/0",
    processing,
  ),
  refused(
    "AE-22",
    "a list in a rule inside a group",
    (stack, cidr: string) => {
      const list = prefixList(stack, [cidr]);
      stack.remove("phi-from-processing").change("phi-group", (inputs) => ({
        ...inputs,
        ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, prefixListIds: [list] }],
      }));
    },
    "0.0.0.0/0",
    processing,
  ),
  refused(
    "AE-22",
    "a route to a list",
    (stack, where: "phi" | "gateway") =>
      stack.add("aws:ec2/route:Route", "route", {
        routeTableId: stack.id(`${where}-routes`),
        destinationPrefixListId: prefixList(stack, ["198.51.100.0/24"]),
        gatewayId: stack.id("internet-gateway"),
      }),
    "phi",
    "gateway",
  ),
  refused(
    "AE-22",
    "a list by aws-native that holds all addresses",
    (stack, cidr: string) =>
      rule(
        stack,
        "Ingress",
        "phi",
        stack.add("aws-native:ec2:PrefixList", "prefixes", {
          prefixListName: "prefixes",
          addressFamily: "IPv4",
          maxEntries: 10,
          entries: [{ cidr }],
        }),
      ),
    "0.0.0.0/0",
    processing,
  ),
];

const foreignNetwork = `arn:aws:vpc-lattice:us-east-1:${foreignAccount}:servicenetwork/sn-0123456789abcdef0`;

function resourceGateway(stack: Sketch, where: Place): string {
  const { vpc, subnet, group } = place(stack, where);
  return stack.add("aws:vpclattice/resourceGateway:ResourceGateway", "resource-gateway", {
    vpcId: vpc,
    subnetIds: [subnet],
    securityGroupIds: [group],
  });
}

function resourceConfiguration(stack: Sketch, arn: string, where: Place): string {
  return stack.add("aws:vpclattice/resourceConfiguration:ResourceConfiguration", "resource", {
    type: "ARN",
    resourceGatewayIdentifier: resourceGateway(stack, where),
    resourceConfigurationDefinition: { arnResource: { arn } },
  });
}

const lattice: readonly CorpusCase[] = [
  refused(
    "AE-26",
    "a network in a stranger's service network",
    (stack, where: Place) =>
      stack.add(
        "aws:vpclattice/serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation",
        "lattice-association",
        { serviceNetworkIdentifier: foreignNetwork, vpcIdentifier: place(stack, where).vpc },
      ),
    "phi",
    "elsewhere",
  ),
  refused(
    "AE-26",
    "a network in a stranger's service network by aws-native",
    (stack, where: Place) =>
      stack.add("aws-native:vpclattice:ServiceNetworkVpcAssociation", "lattice-association", {
        serviceNetworkIdentifier: foreignNetwork,
        vpcIdentifier: place(stack, where).vpc,
      }),
    "phi",
    "elsewhere",
  ),
  refused("AE-26", "a gateway to resources", resourceGateway, "phi", "elsewhere"),
  refused(
    "AE-26",
    "a database as a resource of others",
    (stack, kind: Kind) =>
      resourceConfiguration(stack, `${cluster(stack, kind)}.arn`, kind === "phi" ? "phi" : "elsewhere"),
    "phi",
    "plain",
  ),
  refused(
    "AE-26",
    "a database as a resource of others, by its ARN and through a gateway of no zone",
    (stack, kind: Kind) => {
      cluster(stack, kind);
      resourceConfiguration(
        stack,
        `arn:aws:rds:us-east-1:${ownAccount}:cluster:${kind}-cluster`,
        "elsewhere",
      );
    },
    "phi",
    "plain",
  ),
  refused(
    "AE-26",
    "a database in a stranger's service network",
    (stack, kind: Kind) =>
      stack.add(
        "aws:vpclattice/serviceNetworkResourceAssociation:ServiceNetworkResourceAssociation",
        "lattice-association",
        {
          serviceNetworkIdentifier: foreignNetwork,
          resourceConfigurationIdentifier: resourceConfiguration(
            stack,
            `${cluster(stack, kind)}.arn`,
            kind === "phi" ? "phi" : "elsewhere",
          ),
        },
      ),
    "phi",
    "plain",
  ),
];

/** Ways out by endpoints, by what is offered to endpoints, and by prefix lists: rows AE-18 to AE-22, and AE-26. */
export const awsWaysOutOfEndpoints: readonly CorpusCase[] = [
  ...foreignEndpoints,
  ...openEndpoints,
  ...injectedRoutes,
  ...endpointServices,
  ...prefixLists,
  ...lattice,
];
