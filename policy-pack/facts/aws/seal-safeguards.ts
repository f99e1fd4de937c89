import type { Evidence } from "../../finding";
import { textOf } from "../../reading";
import type { Node } from "../../stack-graph";
import type { Safeguard } from "../safeguard";

import { labelOf, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import { sharingBlocks, strippedDefaults } from "./seals";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";
import { zonedNetworks } from "./zoned-networks";

function evidenceOf(node: Node): Evidence {
  return { urn: node.urn, label: labelOf(node) };
}

/** Resources whose state is a literal that closes something for the account. */
function switches(
  { graph }: AwsStack,
  type: string,
  key: string,
  right: string,
  what: string,
): readonly Safeguard[] {
  return graph
    .ofType(type)
    .filter((node) => {
      const state = textOf(graph.read(node, key));
      return state.kind === "known" && state.value === right;
    })
    .map((node) => ({ zone: undefined, what, evidence: [evidenceOf(node)] }));
}

/** Defaults that are stripped, and what stands in their place. */
export function seals(
  stack: AwsStack,
  networks: Networks,
  groups: SecurityGroups,
  subnets: Subnets,
): readonly Safeguard[] {
  const stripped = zonedNetworks(networks, subnets)
    .filter(({ isInStack }) => isInStack)
    .flatMap((network) =>
      strippedDefaults(stack, networks, network).map(({ what, by }): Safeguard => ({
        zone: undefined,
        what: `the ${what} of a network is adopted and empty`,
        evidence: [{ urn: by.urn, label: `${labelOf(by)} of ${network.label}` }],
      })),
    );
  return [
    ...stripped,
    ...subnets.all
      .filter(
        ({ urn, zone }) => zone !== undefined && subnets.withAcl.has(urn) && subnets.withRouteTable.has(urn),
      )
      .map(({ urn, label, zone }) => ({
        zone,
        what: "a network ACL and a route table are associated with the subnet, so that it falls back to no default",
        evidence: [{ urn, label }],
      })),
    ...groups.all
      .filter(({ urn, zone }) => zone !== undefined && groups.exclusivelyOwned.has(urn))
      .map(({ urn, label, zone }) => ({
        zone,
        what: "one resource owns the rules of the security group exclusively, so that a rule of another is taken out",
        evidence: [{ urn, label }],
      })),
    ...switches(
      stack,
      "aws:ec2:vpcblockpublicaccessoptions",
      "internetGatewayBlockMode",
      "block-bidirectional",
      "the account blocks public access to its networks in both directions, but by what it excludes",
    ),
    ...[...sharingBlocks].flatMap(([type, { what, right }]) =>
      switches(stack, type, "state", right, `nobody of the account shares ${what} with the public`),
    ),
  ];
}
