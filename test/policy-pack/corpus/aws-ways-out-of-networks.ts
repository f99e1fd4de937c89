import type { Sketch } from "../stack-sketch";
import {
  aws,
  inOwnNetwork,
  inPhiOrGateway,
  native,
  ownNetwork,
  pair,
  type Inputs,
  type Zone,
} from "./aws-network-pieces";
import { waysOutOfAcls } from "./aws-ways-out-of-acls";
import { waysOutOfAddresses } from "./aws-ways-out-of-addresses";
import { waysOutOfFilters } from "./aws-ways-out-of-filters";
import { waysOutOfGroups } from "./aws-ways-out-of-groups";
import { waysOutOfRoutes } from "./aws-ways-out-of-routes";
import type { CorpusCase } from "./corpus-case";

/** A gateway on a network that PHI has to itself, or the gateway. */
const gateways: readonly CorpusCase[] = [
  inOwnNetwork("AE-12", "Internet gateway", (stack, vpcId) =>
    stack.add(aws("ec2", "InternetGateway"), "own-gateway", { vpcId }),
  ),
  inOwnNetwork("AE-12", "Internet gateway that is attached", (stack, vpcId) =>
    stack.add(aws("ec2", "InternetGatewayAttachment"), "attachment", {
      vpcId,
      internetGatewayId: stack.add(aws("ec2", "InternetGateway"), "own-gateway", {}),
    }),
  ),
  inOwnNetwork("AE-12", "Internet gateway from elsewhere that is attached", (stack, vpcId) =>
    stack.add(aws("ec2", "InternetGatewayAttachment"), "attachment", {
      vpcId,
      internetGatewayId: "igw-0123456789abcdef0",
    }),
  ),
  inOwnNetwork("AE-12", "Internet gateway with a route to it", (stack, vpcId) =>
    stack.add(aws("ec2", "Route"), "own-route", {
      routeTableId: stack.id("own-routes"),
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: stack.add(aws("ec2", "InternetGateway"), "own-gateway", { vpcId }),
    }),
  ),
  inOwnNetwork("AE-12", "egress-only gateway", (stack, vpcId) =>
    stack.add(aws("ec2", "EgressOnlyInternetGateway"), "own-gateway", { vpcId }),
  ),
  inOwnNetwork("AE-12", "carrier gateway", (stack, vpcId) =>
    stack.add(aws("ec2", "CarrierGateway"), "own-gateway", { vpcId }),
  ),
  inOwnNetwork("AE-12", "native attachment of an Internet gateway", (stack, vpcId) =>
    stack.add(native("ec2", "VpcGatewayAttachment"), "attachment", {
      vpcId,
      internetGatewayId: stack.add(native("ec2", "InternetGateway"), "own-gateway", {}),
    }),
  ),
  inOwnNetwork("AE-12", "native egress-only gateway", (stack, vpcId) =>
    stack.add(native("ec2", "EgressOnlyInternetGateway"), "own-gateway", { vpcId }),
  ),
  inOwnNetwork("AE-12", "native carrier gateway", (stack, vpcId) =>
    stack.add(native("ec2", "CarrierGateway"), "own-gateway", { vpcId }),
  ),
  pair(
    "AE-12",
    "way out by IPv6 of PHI's own network, or of that of all zones for the gateway alone",
    (stack) => wayOutV6(stack, ownNetwork(stack, "phi"), "own-routes"),
    (stack) => wayOutV6(stack, stack.id("vpc"), "gateway-routes"),
  ),
  pair(
    "AE-12",
    "carrier gateway of PHI's own network, or of that of all zones for the gateway alone",
    (stack) => carrier(stack, ownNetwork(stack, "phi"), "own-routes"),
    (stack) => carrier(stack, stack.id("vpc"), "gateway-routes"),
  ),
];

function wayOutV6(stack: Sketch, vpcId: string, table: string): unknown {
  return stack.add(aws("ec2", "Route"), "own-route", {
    routeTableId: stack.id(table),
    destinationIpv6CidrBlock: "::/0",
    egressOnlyGatewayId: stack.add(aws("ec2", "EgressOnlyInternetGateway"), "own-gateway", { vpcId }),
  });
}

function carrier(stack: Sketch, vpcId: string, table: string): unknown {
  return stack.add(aws("ec2", "Route"), "own-route", {
    routeTableId: stack.id(table),
    destinationCidrBlock: "198.51.100.0/24",
    carrierGatewayId: stack.add(aws("ec2", "CarrierGateway"), "own-gateway", { vpcId }),
  });
}

/** A NAT gateway in the subnet of PHI, or of the gateway; nothing need be routed to it yet. */
function nat(name: string, inputs: Inputs, type = aws("ec2", "NatGateway")): CorpusCase {
  return inPhiOrGateway("AE-13", name, (stack, zone) =>
    stack.add(type, "nat", { subnetId: stack.id(`${zone}-subnet`), ...inputs }),
  );
}

const allocation: Inputs = { allocationId: "eipalloc-0123456789abcdef0" };

const nats: readonly CorpusCase[] = [
  nat("NAT gateway", allocation),
  nat("NAT gateway that says it is public", { ...allocation, connectivityType: "public" }),
  nat("private NAT gateway", { connectivityType: "private" }),
  nat("native NAT gateway", allocation, native("ec2", "NatGateway")),
  nat("native private NAT gateway", { connectivityType: "private" }, native("ec2", "NatGateway")),
  inPhiOrGateway("AE-13", "NAT gateway with an Elastic IP of the stack's", (stack, zone) =>
    stack.add(aws("ec2", "NatGateway"), "nat", {
      subnetId: stack.id(`${zone}-subnet`),
      allocationId: stack.add(aws("ec2", "Eip"), "address", { domain: "vpc" }),
    }),
  ),
  inOwnNetwork("AE-13", "NAT gateway of the region, which has no subnet", (stack, vpcId) =>
    stack.add(aws("ec2", "NatGateway"), "nat", { vpcId, availabilityMode: "regional" }),
  ),
  inOwnNetwork("AE-13", "native NAT gateway of the region", (stack, vpcId) =>
    stack.add(native("ec2", "NatGateway"), "nat", { vpcId, availabilityMode: "regional" }),
  ),
  pair(
    "AE-13",
    "NAT gateway of the region in the network of all zones, and which table leads to it",
    (stack) => regionalNat(stack, "phi"),
    (stack) => regionalNat(stack, "gateway"),
  ),
];

function regionalNat(stack: Sketch, zone: Zone): unknown {
  return stack.add(aws("ec2", "Route"), "route", {
    routeTableId: stack.id(`${zone}-routes`),
    destinationCidrBlock: "198.51.100.0/24",
    natGatewayId: stack.add(aws("ec2", "NatGateway"), "nat", {
      vpcId: stack.id("vpc"),
      availabilityMode: "regional",
    }),
  });
}

const partner: Inputs = { peerVpcId: "vpc-0123456789abcdef0", peerOwnerId: "444455556666" };
const transitGatewayId = "tgw-0123456789abcdef0";
const coreNetworkId = "core-network-0123456789abcdef0";
const dxGatewayId = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";

/** A virtual private gateway of a network. */
function virtualGateway(stack: Sketch, vpcId: string): string {
  return stack.add(aws("ec2", "VpnGateway"), "virtual-gateway", { vpcId });
}

/** A tunnel to a site, which ends where it says. */
function tunnel(stack: Sketch, end: Inputs, type = aws("ec2", "VpnConnection")): string {
  return stack.add(type, "tunnel", {
    type: "ipsec.1",
    customerGatewayId: "cgw-0123456789abcdef0",
    staticRoutesOnly: true,
    ...end,
  });
}

/** The network and the subnet of a zone in a core network. */
function inCoreNetwork(stack: Sketch, network: string, subnet: string, type: string): string {
  return stack.add(type, "attachment", {
    coreNetworkId,
    vpcArn: `${network}.arn`,
    subnetArns: [`${stack.id(subnet)}.arn`],
  });
}

/** A route of a zone's table in the network of all zones, by what connects that network to another one. */
function byPeering(stack: Sketch, zone: Zone, vpcPeeringConnectionId: string): unknown {
  return stack.add(aws("ec2", "Route"), "route", {
    routeTableId: stack.id(`${zone}-routes`),
    destinationCidrBlock: "10.20.0.0/16",
    vpcPeeringConnectionId,
  });
}

const connections: readonly CorpusCase[] = [
  inOwnNetwork("AE-16", "peering with a partner", (stack, vpcId) =>
    stack.add(aws("ec2", "VpcPeeringConnection"), "peering", { vpcId, ...partner }),
  ),
  inOwnNetwork("AE-16", "peering that a partner asks for", (stack, peerVpcId) =>
    stack.add(aws("ec2", "VpcPeeringConnection"), "peering", { vpcId: "vpc-0123456789abcdef0", peerVpcId }),
  ),
  inOwnNetwork("AE-16", "peering within the account, accepted at once", (stack, peerVpcId) =>
    stack.add(aws("ec2", "VpcPeeringConnection"), "peering", {
      vpcId: stack.id("vpc"),
      peerVpcId,
      autoAccept: true,
    }),
  ),
  inOwnNetwork("AE-16", "native peering with a partner", (stack, vpcId) =>
    stack.add(native("ec2", "VpcPeeringConnection"), "peering", { vpcId, ...partner }),
  ),
  inOwnNetwork("AE-16", "native peering that a partner asks for", (stack, peerVpcId) =>
    stack.add(native("ec2", "VpcPeeringConnection"), "peering", {
      vpcId: "vpc-0123456789abcdef0",
      peerVpcId,
    }),
  ),
  inOwnNetwork("AE-16", "peering of another region's network, accepted", (stack, peerVpcId) =>
    stack.add(aws("ec2", "VpcPeeringConnectionAccepter"), "accepter", {
      autoAccept: true,
      vpcPeeringConnectionId: stack.add(aws("ec2", "VpcPeeringConnection"), "peering", {
        vpcId: "vpc-0123456789abcdef0",
        peerVpcId,
        peerRegion: "us-west-2",
      }),
    }),
  ),
  inPhiOrGateway("AE-16", "peering of a stranger's, accepted, and which table leads to it", (stack, zone) =>
    byPeering(
      stack,
      zone,
      stack.add(aws("ec2", "VpcPeeringConnectionAccepter"), "accepter", {
        autoAccept: true,
        vpcPeeringConnectionId: "pcx-0123456789abcdef0",
      }),
    ),
  ),
  inPhiOrGateway("AE-16", "peering of the network of all zones, and which table leads to it", (stack, zone) =>
    byPeering(
      stack,
      zone,
      stack.add(aws("ec2", "VpcPeeringConnection"), "peering", { vpcId: stack.id("vpc"), ...partner }),
    ),
  ),
  inOwnNetwork("AE-16", "transit gateway attachment of a network", (stack, vpcId) =>
    stack.add(aws("ec2transitgateway", "VpcAttachment"), "attachment", {
      vpcId,
      transitGatewayId,
      subnetIds: [stack.id("own-subnet")],
    }),
  ),
  inOwnNetwork("AE-16", "attachment of a network to a transit gateway of the stack's", (stack, vpcId) =>
    stack.add(aws("ec2transitgateway", "VpcAttachment"), "attachment", {
      vpcId,
      transitGatewayId: stack.add(aws("ec2transitgateway", "TransitGateway"), "transit", {}),
      subnetIds: [stack.id("own-subnet")],
    }),
  ),
  ...[
    { name: "transit gateway attachment", type: aws("ec2transitgateway", "VpcAttachment") },
    { name: "native transit gateway attachment", type: native("ec2", "TransitGatewayAttachment") },
    { name: "native transit gateway VPC attachment", type: native("ec2", "TransitGatewayVpcAttachment") },
  ].map(({ name, type }) =>
    inPhiOrGateway("AE-16", `${name} in a subnet of the network of all zones`, (stack, zone) =>
      stack.add(type, "attachment", {
        vpcId: stack.id("vpc"),
        transitGatewayId,
        subnetIds: [stack.id(`${zone}-subnet`)],
      }),
    ),
  ),
  ...[
    { name: "Cloud WAN attachment", type: aws("networkmanager", "VpcAttachment") },
    { name: "native Cloud WAN attachment", type: native("networkmanager", "VpcAttachment") },
  ].flatMap(({ name, type }) => [
    inOwnNetwork("AE-16", `${name} of a network`, (stack, vpcId) =>
      inCoreNetwork(stack, vpcId, "own-subnet", type),
    ),
    inPhiOrGateway("AE-16", `${name} in a subnet of the network of all zones`, (stack, zone) =>
      inCoreNetwork(stack, stack.id("vpc"), `${zone}-subnet`, type),
    ),
  ]),
  inOwnNetwork("AE-16", "virtual private gateway", (stack, vpcId) => virtualGateway(stack, vpcId)),
  inOwnNetwork("AE-16", "virtual private gateway that is attached", (stack, vpcId) =>
    stack.add(aws("ec2", "VpnGatewayAttachment"), "attachment", {
      vpcId,
      vpnGatewayId: stack.add(aws("ec2", "VpnGateway"), "virtual-gateway", {}),
    }),
  ),
  inOwnNetwork("AE-16", "virtual private gateway from elsewhere that is attached", (stack, vpcId) =>
    stack.add(aws("ec2", "VpnGatewayAttachment"), "attachment", {
      vpcId,
      vpnGatewayId: "vgw-0123456789abcdef0",
    }),
  ),
  inOwnNetwork("AE-16", "native attachment of a virtual private gateway", (stack, vpcId) =>
    stack.add(native("ec2", "VpcGatewayAttachment"), "attachment", {
      vpcId,
      vpnGatewayId: stack.add(native("ec2", "VpnGateway"), "virtual-gateway", { type: "ipsec.1" }),
    }),
  ),
  inOwnNetwork("AE-16", "VPN to a site", (stack, vpcId) =>
    tunnel(stack, { vpnGatewayId: virtualGateway(stack, vpcId) }),
  ),
  inOwnNetwork("AE-16", "native VPN to a site", (stack, vpcId) =>
    tunnel(stack, { vpnGatewayId: virtualGateway(stack, vpcId) }, native("ec2", "VpnConnection")),
  ),
  inOwnNetwork("AE-16", "Direct Connect gateway", (stack, vpcId) =>
    stack.add(aws("directconnect", "GatewayAssociation"), "association", {
      dxGatewayId,
      associatedGatewayId: virtualGateway(stack, vpcId),
    }),
  ),
  inOwnNetwork("AE-16", "native Direct Connect gateway", (stack, vpcId) =>
    stack.add(native("directconnect", "DirectConnectGatewayAssociation"), "association", {
      directConnectGatewayId: dxGatewayId,
      associatedGatewayId: virtualGateway(stack, vpcId),
    }),
  ),
  inOwnNetwork("AE-16", "Direct Connect line", (stack, vpcId) =>
    stack.add(aws("directconnect", "PrivateVirtualInterface"), "line", {
      connectionId: "dxcon-ffabc123",
      vlan: 4094,
      addressFamily: "ipv4",
      bgpAsn: 65352,
      vpnGatewayId: virtualGateway(stack, vpcId),
    }),
  ),
  inOwnNetwork("AE-16", "VPN to a site by a core network that has the network too", (stack, vpcId) => {
    inCoreNetwork(stack, vpcId, "own-subnet", aws("networkmanager", "VpcAttachment"));
    return stack.add(aws("networkmanager", "SiteToSiteVpnAttachment"), "site", {
      coreNetworkId,
      vpnConnectionArn: `${tunnel(stack, {})}.arn`,
    });
  }),
  inPhiOrGateway(
    "AE-16",
    "VPN of the network of all zones, and which table has its routes",
    (stack, zone) => {
      const vpnGatewayId = virtualGateway(stack, stack.id("vpc"));
      tunnel(stack, { vpnGatewayId });
      return stack.add(aws("ec2", "VpnGatewayRoutePropagation"), "propagation", {
        vpnGatewayId,
        routeTableId: stack.id(`${zone}-routes`),
      });
    },
  ),
];

/** An endpoint by which people's machines get into a zone, with the zone's group. */
function clientVpn(stack: Sketch, zone: Zone): string {
  return stack.add(aws("ec2clientvpn", "Endpoint"), "client-vpn", {
    vpcId: stack.id("vpc"),
    clientCidrBlock: "172.16.0.0/22",
    serverCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/stranger",
    authenticationOptions: [
      {
        type: "certificate-authentication",
        rootCertificateChainArn: "arn:aws:acm:us-east-1:111122223333:certificate/clients",
      },
    ],
    connectionLogOptions: { enabled: true, cloudwatchLogGroup: "client-vpn" },
    securityGroupIds: [stack.id(`${zone}-group`)],
  });
}

function enterBy(stack: Sketch, zone: Zone, clientVpnEndpointId: string): string {
  return stack.add(aws("ec2clientvpn", "NetworkAssociation"), "entry", {
    clientVpnEndpointId,
    subnetId: stack.id(`${zone}-subnet`),
  });
}

const doors: readonly CorpusCase[] = [
  inPhiOrGateway("AE-17", "client VPN that enters by a subnet", (stack, zone) =>
    enterBy(stack, zone, clientVpn(stack, zone)),
  ),
  inPhiOrGateway("AE-17", "client VPN of a stranger's that enters by a subnet", (stack, zone) =>
    enterBy(stack, zone, "cvpn-endpoint-0123456789abcdef0"),
  ),
  pair(
    "AE-17",
    "client VPN whose users may go to PHI by processing, or to the gateway",
    (stack) => mayGo(stack, "processing", "10.0.3.0/24"),
    (stack) => mayGo(stack, "gateway", "10.0.1.0/24"),
  ),
  inPhiOrGateway("AE-17", "client VPN that enters by a subnet, and its users may go there", (stack, zone) =>
    mayGo(stack, zone, zone === "phi" ? "10.0.3.0/24" : "10.0.1.0/24"),
  ),
  inPhiOrGateway("AE-17", "client VPN with a route that leads to a subnet", (stack, zone) => {
    const clientVpnEndpointId = clientVpn(stack, zone);
    enterBy(stack, zone, clientVpnEndpointId);
    return stack.add(aws("ec2clientvpn", "Route"), "client-route", {
      clientVpnEndpointId,
      destinationCidrBlock: "198.51.100.0/24",
      targetVpcSubnetId: stack.id(`${zone}-subnet`),
    });
  }),
  ...[
    { name: "", type: aws("ec2transitgateway", "InstanceConnectEndpoint") },
    { name: "native ", type: native("ec2", "InstanceConnectEndpoint") },
  ].map(({ name, type }) =>
    inPhiOrGateway("AE-17", `${name}EC2 Instance Connect endpoint in a subnet`, (stack, zone) =>
      stack.add(type, "connect", {
        subnetId: stack.id(`${zone}-subnet`),
        securityGroupIds: [stack.id(`${zone}-group`)],
        preserveClientIp: false,
      }),
    ),
  ),
];

/** Lets everybody with a certificate go to a block from where a client VPN enters. */
function mayGo(stack: Sketch, zone: Zone, targetNetworkCidr: string): unknown {
  const clientVpnEndpointId = clientVpn(stack, zone);
  enterBy(stack, zone, clientVpnEndpointId);
  return stack.add(aws("ec2clientvpn", "AuthorizationRule"), "authorization", {
    clientVpnEndpointId,
    targetNetworkCidr,
    authorizeAllGroups: true,
  });
}

/** AE-01 to AE-17: every way out of a PHI zone's networks on AWS. */
export const waysOutOfNetworks: readonly CorpusCase[] = [
  ...waysOutOfFilters,
  ...waysOutOfGroups,
  ...waysOutOfAcls,
  ...waysOutOfRoutes,
  ...gateways,
  ...nats,
  ...waysOutOfAddresses,
  ...connections,
  ...doors,
];
