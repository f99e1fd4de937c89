import type { RuleName } from "../../policy-pack/rule-name";

import { unknownText, type Sketch } from "./stack-sketch";

/** One fault, dug past the model into the rendered resources, and the rule that has to find it. */
export interface Mutant {
  readonly fault: string;
  readonly rule: RuleName;
  readonly dig: (stack: Sketch) => unknown;
}

export const store = "bulkhead-fhir-store-filter";
const phiAcl = "bulkhead-phi-private-endpoint-acl";
export const phiRoutes = "bulkhead-phi-private-endpoint-routes";
const phiSubnet = "bulkhead-phi-private-endpoint-a";
const rag = "bulkhead-rag-service-filter";

const egressRule = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const aclRule = "aws:ec2/networkAclRule:NetworkAclRule";
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };

const egress = "phi-zone-has-no-egress";
const admits = "phi-zone-admits-only-processing";
const declared = "zones-reach-only-declared-peers";
const understood = "resources-are-understood";
const sealed = "network-defaults-are-sealed";
const assigned = "zone-assignment";

export function addEgress(stack: Sketch, more: Readonly<Record<string, unknown>>): void {
  stack.add(egressRule, "hole", { ...https, securityGroupId: stack.id(store), ...more });
}

function addRoute(stack: Sketch, more: Readonly<Record<string, unknown>>): void {
  stack.add("aws:ec2/route:Route", "hole", { routeTableId: stack.id(phiRoutes), ...more });
}

export function addAclRule(stack: Sketch, more: Readonly<Record<string, unknown>>): void {
  stack.add(aclRule, "hole", {
    networkAclId: stack.id(phiAcl),
    ruleNumber: 50,
    ruleAction: "allow",
    protocol: "tcp",
    fromPort: 443,
    toPort: 443,
    cidrBlock: "0.0.0.0/0",
    ...more,
  });
}

export function addInternetGateway(stack: Sketch): string {
  return stack.add("aws:ec2/internetGateway:InternetGateway", "hole-gateway", {
    vpcId: stack.id("bulkhead-network"),
  });
}

/** Faults in the network. */
export const networkMutants: readonly Mutant[] = [
  // Filter: security groups
  {
    fault: "PHI security group: egress 443 to the Internet",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: egress to half the Internet",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv4: "128.0.0.0/1" }),
  },
  {
    fault: "PHI security group: egress to a public /8",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv4: "52.0.0.0/8" }),
  },
  {
    fault: "PHI security group: egress to all of IPv6",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv6: "::/0" }),
  },
  {
    fault: "PHI security group: egress to 2000::/3",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv6: "2000::/3" }),
  },
  {
    fault: "PHI security group: egress by any protocol",
    rule: egress,
    dig: (s) => addEgress(s, { ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: egress of ICMP",
    rule: egress,
    dig: (s) => addEgress(s, { ipProtocol: "icmp", fromPort: -1, toPort: -1, cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: egress of UDP 53",
    rule: egress,
    dig: (s) => addEgress(s, { ipProtocol: "udp", fromPort: 53, toPort: 53, cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: egress to processing",
    rule: egress,
    dig: (s) => addEgress(s, { referencedSecurityGroupId: s.id(rag) }),
  },
  {
    fault: "PHI security group: egress to another store",
    rule: egress,
    dig: (s) => addEgress(s, { referencedSecurityGroupId: s.id("bulkhead-vector-index-filter") }),
  },
  {
    fault: "PHI security group: egress to a prefix list of elsewhere",
    rule: egress,
    dig: (s) => addEgress(s, { prefixListId: "pl-63a5400a" }),
  },
  {
    fault: "PHI security group: egress to a prefix list that holds the Internet",
    rule: egress,
    dig: (s) =>
      addEgress(s, {
        prefixListId: s.add("aws:ec2/managedPrefixList:ManagedPrefixList", "hole-list", {
          entries: [{ cidr: "0.0.0.0/0" }],
        }),
      }),
  },
  {
    fault: "PHI security group: egress to an address that is not known",
    rule: egress,
    dig: (s) => addEgress(s, { cidrIpv4: unknownText }),
  },
  {
    fault: "PHI security group: egress by a protocol that is not known, to itself no",
    rule: egress,
    dig: (s) => addEgress(s, { ipProtocol: unknownText, cidrIpv4: "10.99.0.0/16" }),
  },
  {
    fault: "PHI security group: egress to a group of elsewhere",
    rule: egress,
    dig: (s) => addEgress(s, { referencedSecurityGroupId: "sg-0123456789" }),
  },
  {
    fault: "PHI security group: inline egress",
    rule: egress,
    dig: (s) =>
      s.change(store, (i) => ({
        ...i,
        egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
      })),
  },
  {
    fault: "PHI security group: inline egress that is not known",
    rule: egress,
    dig: (s) => s.change(store, (i) => ({ ...i, egress: unknownText })),
  },
  {
    fault: "PHI security group: inline egress, a block of which is not known",
    rule: egress,
    dig: (s) =>
      s.change(store, (i) => ({
        ...i,
        egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [unknownText] }],
      })),
  },
  {
    fault: "PHI security group: a legacy rule",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/securityGroupRule:SecurityGroupRule", "hole", {
        type: "egress",
        protocol: "-1",
        fromPort: 0,
        toPort: 0,
        cidrBlocks: ["0.0.0.0/0"],
        securityGroupId: s.id(store),
      }),
  },
  {
    fault: "PHI security group: a legacy rule whose direction is not known",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/securityGroupRule:SecurityGroupRule", "hole", {
        type: unknownText,
        protocol: "tcp",
        fromPort: 443,
        toPort: 443,
        cidrBlocks: ["0.0.0.0/0"],
        securityGroupId: s.id(store),
      }),
  },
  {
    fault: "a rule of a security group that is not known",
    rule: understood,
    dig: (s) => s.add(egressRule, "hole", { ...https, securityGroupId: unknownText, cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: ingress from the Internet",
    rule: admits,
    dig: (s) => s.add(ingressRule, "hole", { ...https, securityGroupId: s.id(store), cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "PHI security group: ingress from the gateway",
    rule: admits,
    dig: (s) =>
      s.add(ingressRule, "hole", {
        ...https,
        securityGroupId: s.id(store),
        referencedSecurityGroupId: s.id("bulkhead-ai-gateway-filter"),
      }),
  },
  {
    fault: "PHI security group: ingress from a workload that no flow names",
    rule: admits,
    dig: (s) =>
      s.add(ingressRule, "hole", {
        ...https,
        securityGroupId: s.id(store),
        referencedSecurityGroupId: s.id(rag),
      }),
  },
  {
    fault: "PHI security group: ingress on another port",
    rule: admits,
    dig: (s) =>
      s.add(ingressRule, "hole", {
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        securityGroupId: s.id(store),
        referencedSecurityGroupId: s.id("bulkhead-fhir-proxy-filter"),
      }),
  },
  {
    fault: "PHI security group: ingress from an address that is not known",
    rule: admits,
    dig: (s) => s.add(ingressRule, "hole", { ...https, securityGroupId: s.id(store), cidrIpv4: unknownText }),
  },

  // Filter: network ACLs
  {
    fault: "PHI network ACL: egress to the Internet",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true }),
  },
  {
    fault: "PHI network ACL: egress by IPv6",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true, cidrBlock: undefined, ipv6CidrBlock: "::/0" }),
  },
  {
    fault: "PHI network ACL: replies to anywhere",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true, fromPort: 1024, toPort: 65535 }),
  },
  {
    fault: "PHI network ACL: replies on every port",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true, fromPort: 0, toPort: 65535, cidrBlock: "10.40.64.0/18" }),
  },
  {
    fault: "PHI network ACL: direction not known",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: unknownText }),
  },
  {
    fault: "PHI network ACL: action not known",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true, ruleAction: unknownText }),
  },
  {
    fault: "PHI network ACL: block not known",
    rule: egress,
    dig: (s) => addAclRule(s, { egress: true, cidrBlock: unknownText }),
  },
  {
    fault: "PHI network ACL: an inline rule",
    rule: egress,
    dig: (s) =>
      s.change(phiAcl, (i) => ({
        ...i,
        egress: [
          { ruleNo: 1, action: "allow", protocol: "-1", fromPort: 0, toPort: 0, cidrBlock: "0.0.0.0/0" },
        ],
      })),
  },
  {
    fault: "PHI network ACL: ingress from anywhere",
    rule: admits,
    dig: (s) => addAclRule(s, { egress: false }),
  },
  { fault: "PHI network ACL: ingress, the direction left out", rule: admits, dig: (s) => addAclRule(s, {}) },
  {
    fault: "a rule of a network ACL that is not known",
    rule: understood,
    dig: (s) => addAclRule(s, { networkAclId: unknownText, egress: true }),
  },
  {
    fault: "a PHI subnet without its network ACL",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-phi-private-endpoint-a-acl"),
  },
  {
    fault: "a PHI subnet with the network ACL of another zone",
    rule: assigned,
    dig: (s) =>
      s.change("bulkhead-phi-private-endpoint-a-acl", (i) => ({
        ...i,
        networkAclId: s.id("bulkhead-processing-workload-acl"),
      })),
  },

  // Route
  {
    fault: "PHI routes: default route to an internet gateway",
    rule: egress,
    dig: (s) => addRoute(s, { destinationCidrBlock: "0.0.0.0/0", gatewayId: addInternetGateway(s) }),
  },
  {
    fault: "PHI routes: to a gateway that is not in the stack",
    rule: egress,
    dig: (s) => addRoute(s, { destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0123" }),
  },
  {
    fault: "PHI routes: a private block by a peering connection",
    rule: egress,
    dig: (s) => addRoute(s, { destinationCidrBlock: "10.200.0.0/16", vpcPeeringConnectionId: "pcx-0123" }),
  },
  {
    fault: "PHI routes: IPv6 by an egress-only gateway",
    rule: egress,
    dig: (s) => addRoute(s, { destinationIpv6CidrBlock: "::/0", egressOnlyGatewayId: "eigw-0123" }),
  },
  {
    fault: "PHI routes: next hop not known",
    rule: egress,
    dig: (s) => addRoute(s, { destinationCidrBlock: "0.0.0.0/0", transitGatewayId: unknownText }),
  },
  {
    fault: "PHI routes: destination not known",
    rule: egress,
    dig: (s) => addRoute(s, { destinationCidrBlock: unknownText, natGatewayId: "nat-0123" }),
  },
  {
    fault: "PHI routes: an inline route",
    rule: egress,
    dig: (s) =>
      s.change(phiRoutes, (i) => ({ ...i, routes: [{ cidrBlock: "0.0.0.0/0", gatewayId: "igw-0123" }] })),
  },
  {
    fault: "PHI routes: inline routes not known",
    rule: egress,
    dig: (s) => s.change(phiRoutes, (i) => ({ ...i, routes: unknownText })),
  },
  {
    fault: "PHI routes: propagated by a VPN gateway",
    rule: egress,
    dig: (s) => s.change(phiRoutes, (i) => ({ ...i, propagatingVgws: ["vgw-0123"] })),
  },
  {
    fault: "PHI routes: propagation as a resource",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/vpnGatewayRoutePropagation:VpnGatewayRoutePropagation", "hole", {
        routeTableId: s.id(phiRoutes),
        vpnGatewayId: "vgw-0123",
      }),
  },
  {
    fault: "PHI routes: a gateway endpoint",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/vpcEndpoint:VpcEndpoint", "hole", {
        vpcId: s.id("bulkhead-network"),
        serviceName: "com.amazonaws.us-east-1.s3",
        routeTableIds: [s.id(phiRoutes)],
      }),
  },
  {
    fault: "a route of a route table that is not known",
    rule: understood,
    dig: (s) =>
      addRoute(s, { routeTableId: unknownText, destinationCidrBlock: "0.0.0.0/0", gatewayId: "igw-0123" }),
  },
  {
    fault: "a PHI subnet in the entrance's route table",
    rule: egress,
    dig: (s) =>
      s.change("bulkhead-phi-private-endpoint-a-routes", (i) => ({
        ...i,
        routeTableId: s.id("bulkhead-gateway-load-balancer-routes"),
      })),
  },
  {
    fault: "a PHI subnet in a route table of elsewhere",
    rule: egress,
    dig: (s) =>
      s.change("bulkhead-phi-private-endpoint-a-routes", (i) => ({ ...i, routeTableId: "rtb-0123" })),
  },
  {
    fault: "a PHI subnet that falls back to the main route table",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-phi-private-endpoint-a-routes"),
  },
  {
    fault: "the main route table is another, with a way out, and a PHI subnet falls back to it",
    rule: egress,
    dig: (s) => {
      s.remove("bulkhead-phi-private-endpoint-a-routes");
      s.add("aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation", "hole", {
        vpcId: s.id("bulkhead-network"),
        routeTableId: s.id("bulkhead-gateway-load-balancer-routes"),
      });
    },
  },

  // Address
  {
    fault: "PHI subnet: public addresses",
    rule: egress,
    dig: (s) => s.change(phiSubnet, (i) => ({ ...i, mapPublicIpOnLaunch: true })),
  },
  {
    fault: "PHI subnet: public addresses, perhaps",
    rule: egress,
    dig: (s) => s.change(phiSubnet, (i) => ({ ...i, mapPublicIpOnLaunch: unknownText })),
  },
  {
    fault: "PHI subnet: IPv6",
    rule: egress,
    dig: (s) => s.change(phiSubnet, (i) => ({ ...i, ipv6CidrBlock: "2600:1f18:1:2::/64" })),
  },
  {
    fault: "PHI subnet: a NAT gateway",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2/natGateway:NatGateway", "hole", {
        subnetId: s.id(phiSubnet),
        connectivityType: "private",
      }),
  },

  // What is not understood
  {
    fault: "a function in a PHI subnet",
    rule: understood,
    dig: (s) =>
      s.add("aws:lambda/function:Function", "hole", {
        vpcConfig: { subnetIds: [s.id(phiSubnet)], securityGroupIds: [s.id(store)] },
      }),
  },
  {
    fault: "an instance in a PHI subnet",
    rule: understood,
    dig: (s) =>
      s.add("aws:ec2/instance:Instance", "hole", {
        subnetId: s.id(phiSubnet),
        vpcSecurityGroupIds: [s.id(store)],
      }),
  },
  {
    fault: "a network interface with a group of elsewhere in a PHI subnet",
    rule: understood,
    dig: (s) =>
      s.add("aws:ec2/networkInterface:NetworkInterface", "hole", {
        subnetId: s.id(phiSubnet),
        securityGroups: ["sg-0123"],
      }),
  },
  {
    fault: "a command that names a PHI security group",
    rule: understood,
    dig: (s) =>
      s.add("command:local:Command", "hole", {
        create: `aws ec2 authorize-security-group-egress`,
        environment: { GROUP: s.id(store) },
      }),
  },
  {
    fault: "a transit gateway attachment in a PHI subnet",
    rule: egress,
    dig: (s) =>
      s.add("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "hole", {
        vpcId: s.id("bulkhead-network"),
        subnetIds: [s.id(phiSubnet)],
      }),
  },
  {
    fault: "a security group of the other AWS provider, marked PHI",
    rule: egress,
    dig: (s) =>
      s.add("aws-native:ec2:SecurityGroup", "hole", {
        groupDescription: "x",
        tags: [{ key: "bulkhead-zone", value: "phi" }],
      }),
  },
  {
    fault: "an instance in the PHI zone without a security group",
    rule: egress,
    dig: (s) => {
      s.remove("bulkhead-network-default-filter");
      s.add("aws:ec2/instance:Instance", "hole", { subnetId: s.id(phiSubnet) });
    },
  },

  // Zones
  {
    fault: "a PHI subnet marked processing",
    rule: assigned,
    dig: (s) => s.change(phiSubnet, (i) => ({ ...i, tags: { "bulkhead-zone": "processing" } })),
  },
  {
    fault: "a subnet marked with a zone that is not",
    rule: assigned,
    dig: (s) => s.change(phiSubnet, (i) => ({ ...i, tags: { "bulkhead-zone": "PHI" } })),
  },
  {
    fault: "a PHI security group whose zone is not known",
    rule: assigned,
    dig: (s) => s.change(store, (i) => ({ ...i, tags: { "bulkhead-zone": unknownText } })),
  },

  // Other zones
  {
    fault: "processing: egress to the Internet",
    rule: declared,
    dig: (s) => s.add(egressRule, "hole", { ...https, securityGroupId: s.id(rag), cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "processing: egress to a workload that no flow names",
    rule: declared,
    dig: (s) =>
      s.add(egressRule, "hole", {
        ...https,
        securityGroupId: s.id("bulkhead-decision-point-filter"),
        referencedSecurityGroupId: s.id(rag),
      }),
  },
  {
    fault: "processing: ingress from the Internet",
    rule: declared,
    dig: (s) => s.add(ingressRule, "hole", { ...https, securityGroupId: s.id(rag), cidrIpv4: "0.0.0.0/0" }),
  },
  {
    fault: "processing: a declared flow on every port",
    rule: declared,
    dig: (s) =>
      s.change("bulkhead-fhir-proxy-to-decision-point-egress", (i) => ({
        ...i,
        fromPort: 0,
        toPort: 65535,
      })),
  },
  {
    fault: "processing: a way out of the network",
    rule: declared,
    dig: (s) =>
      s.add("aws:ec2/route:Route", "hole", {
        routeTableId: s.id("bulkhead-processing-workload-routes"),
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: "nat-0123",
      }),
  },
  {
    fault: "processing network ACL: egress to the Internet",
    rule: declared,
    dig: (s) => addAclRule(s, { networkAclId: s.id("bulkhead-processing-workload-acl"), egress: true }),
  },
  {
    fault: "load balancer: another port from the Internet",
    rule: declared,
    dig: (s) =>
      s.add(ingressRule, "hole", {
        ipProtocol: "tcp",
        fromPort: 80,
        toPort: 80,
        securityGroupId: s.id("bulkhead-load-balancer-filter"),
        cidrIpv4: "0.0.0.0/0",
      }),
  },

  // Seals
  {
    fault: "the default security group as AWS makes it",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-network-default-filter"),
  },
  {
    fault: "the default network ACL as AWS makes it",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-network-default-acl"),
  },
  {
    fault: "the main route table as AWS makes it",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-network-default-routes"),
  },
  {
    fault: "the default security group refilled",
    rule: sealed,
    dig: (s) =>
      s.change("bulkhead-network-default-filter", (i) => ({
        ...i,
        egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
      })),
  },
  {
    fault: "a security group without an owner of its rules",
    rule: sealed,
    dig: (s) => s.remove("bulkhead-fhir-store-filter-rules"),
  },
];
