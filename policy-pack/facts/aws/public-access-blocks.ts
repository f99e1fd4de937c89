import { textOf } from "../../reading";
import type { Node, Referent } from "../../stack-graph";
import type { MissingSeal, Network } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { Subnets } from "./subnets";

const optionsType = "aws:ec2:vpcblockpublicaccessoptions";
const exclusionType = "aws:ec2:vpcblockpublicaccessexclusion";

/** Types from which it is drawn whether an account blocks public access to its networks. */
export const publicAccessBlockTypes = [optionsType, exclusionType] as const;

/** What attaches an Internet gateway to a network. */
const gatewayTypes = [
  "aws:ec2:internetgateway",
  "aws:ec2:internetgatewayattachment",
  "aws:ec2:egressonlyinternetgateway",
];

/** Zones that have a way to the Internet, which the account's block may leave open. */
const zonesWithInternet: readonly string[] = ["gateway", "egress"];

function sealOf(stack: AwsStack, node: Node): Pick<MissingSeal, "urn" | "label" | "platform"> {
  return { urn: node.urn, label: labelOf(node), platform: platformOf(stack, node) };
}

/** Switches that do not block both directions. */
function weakSwitches(stack: AwsStack): readonly MissingSeal[] {
  const { graph } = stack;
  return graph.ofType(optionsType).flatMap((node): readonly MissingSeal[] => {
    const mode = textOf(graph.read(node, "internetGatewayBlockMode"));
    if (mode.kind === "known" && mode.value === "block-bidirectional") {
      return [];
    }
    return [
      {
        ...sealOf(stack, node),
        what: `The account's networks may ${mode.kind === "known" && mode.value === "block-ingress" ? "open connections to" : "meet"} the Internet by their gateways: internetGatewayBlockMode is not block-bidirectional.`,
        ...(mode.kind === "unknown" ? { assumption: "`internetGatewayBlockMode` is not known" } : {}),
        remedy: "Set internetGatewayBlockMode to block-bidirectional.",
      },
    ];
  });
}

/** What an exclusion leaves open that should have no way to the Internet; `undefined` where that is in order. */
function leftOpen(stack: AwsStack, subnets: Subnets, referent: Referent): string | undefined {
  const { graph } = stack;
  const [subnet] = subnets.of([referent]);
  if (subnet === undefined) {
    return referent.kind === "external" ? `${referent.id} (not of the stack)` : "a subnet";
  }
  // A subnet of no zone may hold a NAT gateway, by which others reach the Internet.
  const isOfNat =
    subnet.zone === undefined &&
    graph
      .ofType("aws:ec2:natgateway")
      .some((node) => subnets.of(graph.referents(node, "subnetId", types.subnet)).includes(subnet));
  return isOfNat || (subnet.zone !== undefined && zonesWithInternet.includes(subnet.zone))
    ? undefined
    : `${subnet.label} (${subnet.zone === undefined ? "in no zone" : `zone ${subnet.zone}`})`;
}

/** Exclusions of more than the subnets that have a way to the Internet. */
function wideExclusions(stack: AwsStack, subnets: Subnets): readonly MissingSeal[] {
  const { graph } = stack;
  return graph.ofType(exclusionType).flatMap((node): readonly MissingSeal[] => {
    const open =
      graph.read(node, "vpcId").kind === "absent"
        ? graph
            .referents(node, "subnetId", types.subnet)
            .map((referent) => ({ referent, what: leftOpen(stack, subnets, referent) }))
            .find(({ what }) => what !== undefined)
        : { referent: undefined, what: "a whole network" };
    const isUnknown = open?.referent !== undefined && open.referent.kind !== "resource";
    return open?.what === undefined
      ? []
      : [
          {
            ...sealOf(stack, node),
            what: `It excludes ${open.what} from the account's block of public access.`,
            ...(isUnknown ? { assumption: "in which zone the subnet is" } : {}),
            remedy: "Exclude the subnets of load balancers and NAT gateways alone, one by one.",
          },
        ];
  });
}

/**
 * Where nothing of the stack blocks public access for the account: networks that hold the PHI zone, and have an Internet
 * gateway that one wrong route leads to. A platform of ours says by an option whether the account's switches are its own.
 */
function unblocked(
  stack: AwsStack,
  networks: Networks,
  holdingPhi: readonly Network[],
): readonly MissingSeal[] {
  const { graph, platforms } = stack;
  if (platforms.size > 0 || graph.ofType(optionsType).length > 0) {
    return [];
  }
  const gateways = graph.ofType(...gatewayTypes);
  return holdingPhi
    .filter((network) => gateways.some((node) => networks.mayBeOf(node, "vpcId", network)))
    .map(({ urn, label, platform, isDetermined }) => ({
      urn: isDetermined ? urn : graph.root,
      label,
      platform,
      what: "It holds the PHI zone and has an Internet gateway, and nothing of the stack blocks public access for the account.",
      remedy:
        "Set internetGatewayBlockMode of VpcBlockPublicAccessOptions to block-bidirectional, here or in the account's baseline, and exclude the gateway's subnets.",
    }));
}

/** What the account's block of public access to networks lacks: Amazon VPC user guide, "Block public access". */
export function publicAccessBlocks(
  stack: AwsStack,
  networks: Networks,
  subnets: Subnets,
  holdingPhi: readonly Network[],
): readonly MissingSeal[] {
  return [
    ...weakSwitches(stack),
    ...wideExclusions(stack, subnets),
    ...unblocked(stack, networks, holdingPhi),
  ];
}
