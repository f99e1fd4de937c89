import { addressRange } from "../../address-range";
import { intersect } from "../../packet-set";
import { textOf } from "../../reading";
import { allPackets } from "../../reachability";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { NetworkConnection } from "../fact";
import { pathText, referentsAt, valuesAt, type PropertyPath } from "../property-path";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { Subnets } from "./subnets";

/** How a type of resource joins a network to others, or lets the public into it. */
interface ConnectionShape {
  /** Properties that name the networks. */
  readonly networks: readonly PropertyPath[];
  /** Properties that name the subnets by which it is reached. */
  readonly subnets: readonly PropertyPath[];
  readonly what: string;
}

function ofNetwork(what: string, ...keys: readonly string[]): ConnectionShape {
  return { networks: keys.map((key): PropertyPath => [key]), subnets: [], what };
}

function inSubnets(what: string, ...keys: readonly string[]): ConnectionShape {
  return { networks: [], subnets: keys.map((key): PropertyPath => [key]), what };
}

const shapes: ReadonlyMap<ResourceType, ConnectionShape> = new Map<ResourceType, ConnectionShape>([
  ["aws:ec2:internetgateway", ofNetwork("an Internet gateway is attached to it", "vpcId")],
  ["aws:ec2:internetgatewayattachment", ofNetwork("an Internet gateway is attached to it", "vpcId")],
  [
    "aws:ec2:egressonlyinternetgateway",
    ofNetwork("an egress-only Internet gateway is attached to it", "vpcId"),
  ],
  ["aws:ec2:carriergateway", ofNetwork("a carrier gateway is attached to it", "vpcId")],
  ["aws:ec2:vpngateway", ofNetwork("a virtual private gateway is attached to it", "vpcId")],
  ["aws:ec2:vpngatewayattachment", ofNetwork("a virtual private gateway is attached to it", "vpcId")],
  ["aws:ec2:vpcpeeringconnection", ofNetwork("it is peered with another network", "vpcId", "peerVpcId")],
  [
    "aws:ec2:localgatewayroutetablevpcassociation",
    ofNetwork("a local gateway leads to a site of the customer's", "vpcId"),
  ],
  [
    "aws:ec2transitgateway:vpcattachment",
    { networks: [["vpcId"]], subnets: [["subnetIds"]], what: "it is attached to a transit gateway" },
  ],
  [
    "aws:networkmanager:vpcattachment",
    { networks: [["vpcArn"]], subnets: [["subnetArns"]], what: "it is attached to a core network" },
  ],
  [
    "aws:vpclattice:resourcegateway",
    { networks: [["vpcId"]], subnets: [["subnetIds"]], what: "a service network reaches resources in it" },
  ],
  ["aws:ec2clientvpn:networkassociation", inSubnets("a client VPN enters by it", "subnetId")],
  ["aws:ec2clientvpn:route", inSubnets("a client VPN leads on by it", "targetVpcSubnetId")],
  [
    "aws:ec2transitgateway:instanceconnectendpoint",
    inSubnets("people connect to it from outside", "subnetId"),
  ],
  ["aws:apigatewayv2:vpclink", inSubnets("a public API leads into it", "subnetIds")],
  ["aws:apprunner:vpcconnector", inSubnets("a public service reaches into it", "subnets")],
]);

/** Types by which networks are joined, and which are judged by what they join. */
export const connectionTypes: readonly ResourceType[] = [
  ...shapes.keys(),
  "aws:ec2clientvpn:authorizationrule",
];

/**
 * Types that lead somewhere only from a network to which one of {@link connectionTypes}, or a route, joins them. What is
 * in the PHI zone itself is not understood.
 */
export const joinedTypes: readonly ResourceType[] = [
  "aws:directconnect:gatewayassociation",
  "aws:directconnect:privatevirtualinterface",
  "aws:ec2:customergateway",
  "aws:ec2:vpcpeeringconnectionaccepter",
  "aws:ec2:vpcpeeringconnectionoptions",
  "aws:ec2:vpnconnection",
  "aws:ec2:vpnconnectionroute",
  "aws:ec2clientvpn:endpoint",
  "aws:ec2transitgateway:route",
  "aws:ec2transitgateway:routetable",
  "aws:ec2transitgateway:routetableassociation",
  "aws:ec2transitgateway:routetablepropagation",
  "aws:ec2transitgateway:transitgateway",
  "aws:networkmanager:corenetwork",
  "aws:networkmanager:sitetositevpnattachment",
];

function notKnown(path: PropertyPath): string {
  return `\`${pathText(path)}\` is not known`;
}

/** The ways in which a network that the PHI zone has to itself, or a subnet of the zone, is joined to others. */
export function networkConnections(
  stack: AwsStack,
  networks: Networks,
  subnets: Subnets,
): readonly NetworkConnection[] {
  const { graph } = stack;
  const found: NetworkConnection[] = [];
  const add = (node: Node, what: string, assumption: string | undefined): void => {
    found.push({
      urn: node.urn,
      label: labelOf(node),
      zone: "phi",
      platform: platformOf(stack, node),
      what,
      assumption,
      remedy: "Take it away: nothing but its clients' connections reaches the PHI zone, and it opens none.",
    });
  };
  const holdsPhi =
    networks.all.some(({ zone }) => zone === "phi") || subnets.all.some(({ zone }) => zone === "phi");
  for (const node of graph.ofType(...shapes.keys())) {
    const shape = shapes.get(node.resourceType);
    if (shape === undefined) {
      continue;
    }
    const ends = [
      ...shape.networks.flatMap((path) =>
        referentsAt(graph, node, path, types.network).map((to) => ({
          path,
          to,
          zone: to.kind === "resource" ? networks.ofNode(to.node).zone : undefined,
          mayBePhi: to.kind === "external" && subnets.mayBePhiAlone(networks.external(to.id)),
        })),
      ),
      ...shape.subnets.flatMap((path) =>
        referentsAt(graph, node, path, types.subnet).map((to) => ({
          path,
          to,
          zone: subnets.of([to])[0]?.zone,
          mayBePhi: false,
        })),
      ),
    ];
    const open = ends.find(({ zone }) => zone === "phi");
    const perhaps = ends.find(({ mayBePhi }) => mayBePhi);
    const hidden = ends.find(({ to }) => to.kind === "undetermined");
    if (open !== undefined) {
      add(node, shape.what, open.to.kind === "resource" && open.to.assumed ? notKnown(open.path) : undefined);
    } else if (perhaps !== undefined) {
      add(
        node,
        shape.what,
        `the network that \`${pathText(perhaps.path)}\` names is not in the stack, and may be the PHI zone's own`,
      );
    } else if (hidden !== undefined && holdsPhi) {
      add(node, shape.what, notKnown(hidden.path));
    }
  }
  const inPhi = allPackets(subnets.all.filter(({ zone }) => zone === "phi").flatMap(({ ranges }) => ranges));
  for (const node of graph.ofType("aws:ec2clientvpn:authorizationrule")) {
    for (const value of valuesAt(graph, node, ["targetNetworkCidr"])) {
      const text = textOf(value);
      const range = text.kind === "known" ? addressRange(text.value) : undefined;
      const isOpen =
        range === undefined ? inPhi.length > 0 : intersect(inPhi, allPackets([range])).length > 0;
      if (isOpen) {
        add(
          node,
          "users of a client VPN are let into it",
          range === undefined ? notKnown(["targetNetworkCidr"]) : undefined,
        );
      }
    }
  }
  return found;
}
