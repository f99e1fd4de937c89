import { listOf, textOf } from "../../reading";
import type { MissingSeal } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import type { Networks } from "./networks";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";

/** What strips each of the defaults that AWS puts into a VPC, and the property that names the VPC's own. */
const strippers = [
  {
    type: "aws:ec2:defaultsecuritygroup",
    part: "securityGroup",
    key: "vpcId",
    lists: ["ingress", "egress"],
    what: "default security group",
  },
  {
    type: "aws:ec2:defaultnetworkacl",
    part: "networkAcl",
    key: "defaultNetworkAclId",
    lists: ["ingress", "egress"],
    what: "default network ACL",
  },
  {
    type: "aws:ec2:defaultroutetable",
    part: "routeTable",
    key: "defaultRouteTableId",
    lists: ["routes", "propagatingVgws"],
    what: "main route table",
  },
] as const;

/** Switches of an account that keep everybody from sharing what is made of its disks, with the states that do. */
export const sharingBlocks: ReadonlyMap<string, { readonly what: string; readonly right: string }> = new Map([
  ["aws:ebs:snapshotblockpublicaccess", { what: "snapshots", right: "block-all-sharing" }],
  ["aws:ec2:imageblockpublicaccess", { what: "images", right: "block-new-sharing" }],
]);

/**
 * What must be there and is not: a default of AWS's that nothing strips, a subnet that falls back to one, a security
 * group to which rules may be added behind the program's back.
 */
export function missingSeals(
  stack: AwsStack,
  networks: Networks,
  groups: SecurityGroups,
  subnets: Subnets,
): readonly MissingSeal[] {
  const { graph } = stack;
  const found: MissingSeal[] = [];
  const zoned = subnets.all.filter(({ zone }) => zone !== undefined);

  for (const network of networks.all) {
    if (!zoned.some((subnet) => subnet.network === network)) {
      continue;
    }
    for (const { type, part, key, lists, what } of strippers) {
      const own = graph.ofType(type).filter((node) =>
        graph.referents(node, key, types.network).some((referent) => {
          const vpc = networks.defaultPart(referent, part);
          return vpc !== undefined && networks.ofNode(vpc) === network;
        }),
      );
      if (own.length === 0) {
        found.push({
          urn: network.urn,
          label: network.label,
          platform: network.platform,
          what: `Nothing strips its ${what}, into which falls whatever names none.`,
          remedy: `Adopt the ${what} with ${type.slice(type.lastIndexOf(":") + 1)}, and leave it empty.`,
        });
      }
      for (const node of own) {
        const filled = lists.filter((list) => {
          const items = listOf(graph.read(node, list));
          return items.kind === "unknown" || (items.kind === "known" && items.value.length > 0);
        });
        if (filled.length > 0) {
          found.push({
            urn: node.urn,
            label: labelOf(node),
            platform: platformOf(stack, node),
            what: `The ${what} of ${network.label} is not empty: ${filled.join(" and ")} hold something, or may.`,
            remedy: `Set ${filled.join(" and ")} to an empty list.`,
          });
        }
      }
    }
  }

  for (const { urn, label, platform } of zoned) {
    if (!subnets.withAcl.has(urn)) {
      found.push({
        urn,
        label,
        platform,
        what: "No network ACL is associated with it, so the network's default one is in force.",
        remedy: "Add a NetworkAclAssociation with the network ACL of its zone.",
      });
    }
    if (!subnets.withRouteTable.has(urn)) {
      found.push({
        urn,
        label,
        platform,
        what: "No route table is associated with it, so the network's main one is in force.",
        remedy: "Add a RouteTableAssociation with the route table of its zone.",
      });
    }
  }

  for (const { urn, label, zone, platform } of groups.all) {
    if (
      zone !== undefined &&
      graph.node(urn)?.resourceType === "aws:ec2:securitygroup" &&
      !groups.exclusivelyOwned.has(urn)
    ) {
      found.push({
        urn,
        label,
        platform,
        what: "Nothing owns its rules exclusively, so that a rule added by hand stays.",
        remedy: "Add a VpcSecurityGroupRulesExclusive that lists the ids of its rules.",
      });
    }
  }
  for (const node of graph.ofType(...sharingBlocks.keys())) {
    const block = sharingBlocks.get(node.resourceType);
    const state = textOf(graph.read(node, "state"));
    if (block !== undefined && (state.kind !== "known" || state.value !== block.right)) {
      found.push({
        urn: node.urn,
        label: labelOf(node),
        platform: platformOf(stack, node),
        what: `${block.what} of the account ${state.kind === "known" ? "are" : "may be"} shared with the public: nothing blocks all of it.`,
        remedy: `Set state to ${block.right}.`,
      });
    }
  }
  return found;
}
