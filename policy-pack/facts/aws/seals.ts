import { box } from "../../packet-set";
import { flagOf, listOf, textOf } from "../../reading";
import { routable } from "../../witness";
import type { Node } from "../../stack-graph";
import { everyPort, everyProtocol, type MissingSeal, type Network, type Route } from "../fact";

import { labelOf, platformOf, types, type AwsStack } from "./aws-stack";
import { firewallEndpointTypes } from "./network-firewalls";
import type { Networks } from "./networks";
import type { RouteTables } from "./route-tables";
import type { SecurityGroups } from "./security-groups";
import type { Subnets } from "./subnets";
import { zonedNetworks } from "./zoned-networks";

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

/** The resources that strip one of the defaults of a network, and of no other. */
function strippersOf(
  { graph }: AwsStack,
  networks: Networks,
  { type, part, key }: (typeof strippers)[number],
  network: Network,
): readonly Node[] {
  return graph.ofType(type).filter((node) =>
    graph.referents(node, key, types.network).some((referent) => {
      const vpc = networks.defaultPart(referent, part);
      // What may be another network's own excuses neither.
      const isCertain = referent.kind !== "resource" || !referent.assumed;
      return isCertain && vpc !== undefined && networks.ofNode(vpc) === network;
    }),
  );
}

/** The defaults of a network that are adopted and empty, with what strips each. */
export function strippedDefaults(
  stack: AwsStack,
  networks: Networks,
  network: Network,
): readonly { readonly what: string; readonly by: Node }[] {
  return strippers.flatMap((stripper) =>
    strippersOf(stack, networks, stripper, network)
      .filter((node) =>
        stripper.lists.every((list) => {
          const items = listOf(stack.graph.read(node, list));
          return items.kind === "absent" || (items.kind === "known" && items.value.length === 0);
        }),
      )
      .map((by) => ({ what: stripper.what, by })),
  );
}

/** Whether a route leads to addresses of the Internet; `undefined` where it is not known where it leads. */
function isToInternet({ destination }: Route): boolean | undefined {
  return destination === "anything"
    ? undefined
    : routable([box(everyProtocol, everyPort, destination, [])]).length > 0;
}

/**
 * The network firewalls past which packets go: those to which no route to the Internet leads, and those that replies do
 * not come back through, so that the firewall sees one half of a connection and refuses it or lets it by.
 */
function firewallsWithoutRoutes(stack: AwsStack, tables: RouteTables): readonly MissingSeal[] {
  const { graph } = stack;
  return graph.ofType(...firewallEndpointTypes).flatMap((node): readonly MissingSeal[] => {
    const routes = tables.all
      .flatMap((table) => table.routes)
      .filter(({ nextHop }) => nextHop.forwarders.some(({ urn }) => urn === node.urn));
    const leadsOut = routes.filter((route) => isToInternet(route) !== false);
    const leadsBack = routes.filter((route) => isToInternet(route) !== true);
    const seal = { urn: node.urn, label: labelOf(node), platform: platformOf(stack, node) };
    return [
      ...(leadsOut.length > 0
        ? []
        : [
            {
              ...seal,
              what: "No route to the Internet leads to it, so that nothing passes it on its way out.",
              remedy: "Lead the default route of the subnets whose packets it inspects to its endpoint.",
            },
          ]),
      ...(leadsBack.length > 0
        ? []
        : [
            {
              ...seal,
              what: "No route back to the network's own addresses leads to it, so that replies come past it.",
              remedy:
                "In the route table of the NAT gateway's subnet, lead the inspected subnets' addresses to its endpoint.",
            },
          ]),
    ];
  });
}

/** What keeps a network firewall from being taken out of the way of packets, or told otherwise, by one call. */
const firewallProtections = [
  "deleteProtection",
  "subnetChangeProtection",
  "firewallPolicyChangeProtection",
] as const;

/** Firewalls of a platform of ours that one call takes away, or tells something else. */
function changeableFirewalls(stack: AwsStack): readonly MissingSeal[] {
  const { graph } = stack;
  return graph
    .ofType("aws:networkfirewall:firewall")
    .filter((node) => platformOf(stack, node) !== undefined)
    .flatMap((node): readonly MissingSeal[] => {
      const read = firewallProtections.map((key) => ({ key, value: flagOf(graph.read(node, key)) }));
      const off = read.filter(({ value }) => value.kind !== "known" || !value.value);
      return off.length === 0
        ? []
        : [
            {
              urn: node.urn,
              label: labelOf(node),
              platform: platformOf(stack, node),
              what: `One call takes it out of the way of packets, or tells it something else: ${off.map(({ key }) => key).join(" and ")} ${off.length === 1 ? "is" : "are"} not true.`,
              ...(off.every(({ value }) => value.kind === "unknown")
                ? { assumption: `what ${off.map(({ key }) => key).join(" and ")} say is not known` }
                : {}),
              remedy: `Set ${off.map(({ key }) => key).join(" and ")} to true.`,
            },
          ];
    });
}

/** NAT gateways in the networks of a platform of ours that are elsewhere than behind the inspection of its egress zone. */
function strayTranslators(stack: AwsStack, subnets: Subnets): readonly MissingSeal[] {
  const { graph, platforms } = stack;
  return platforms.size === 0
    ? []
    : graph.ofType("aws:ec2:natgateway").flatMap((node): readonly MissingSeal[] => {
        const referents = graph.referents(node, "subnetId", types.subnet);
        const placed = subnets.of(referents);
        const isBehindInspection =
          placed.length > 0 &&
          placed.length === referents.length &&
          placed.every(({ zone, purpose }) => zone === "egress" && purpose === "address-translation");
        const isOurs =
          platformOf(stack, node) !== undefined ||
          placed.some(({ platform }) => platform !== undefined) ||
          placed.length < Math.max(referents.length, 1);
        return isBehindInspection || !isOurs
          ? []
          : [
              {
                urn: node.urn,
                label: labelOf(node),
                platform: platformOf(stack, node) ?? placed[0]?.platform ?? [...platforms.values()][0],
                what: "It translates addresses of the platform elsewhere than behind the inspection of its egress zone, so that one route is a way past that.",
                ...(placed.length === 0 ? { assumption: "in which subnet it is" } : {}),
                remedy:
                  "Take it away; what leaves for providers passes the NAT gateways of the egress zone's own subnets.",
              },
            ];
      });
}

/** Switches of an account that keep everybody from sharing what is made of its disks, with the states that do. */
export const sharingBlocks: ReadonlyMap<string, { readonly what: string; readonly right: string }> = new Map([
  ["aws:ebs:snapshotblockpublicaccess", { what: "snapshots", right: "block-all-sharing" }],
  ["aws:ec2:imageblockpublicaccess", { what: "images", right: "block-new-sharing" }],
]);

/**
 * What must be there and is not: a default of AWS's that nothing strips, a subnet that falls back to one, a security
 * group to which rules may be added behind the program's back, a firewall that packets go past.
 */
export function missingSeals(
  stack: AwsStack,
  networks: Networks,
  groups: SecurityGroups,
  subnets: Subnets,
  tables: RouteTables,
): readonly MissingSeal[] {
  const { graph } = stack;
  const found: MissingSeal[] = [
    ...firewallsWithoutRoutes(stack, tables),
    ...changeableFirewalls(stack),
    ...strayTranslators(stack, subnets),
  ];
  const zoned = subnets.all.filter(({ zone }) => zone !== undefined);

  for (const network of zonedNetworks(networks, subnets).filter(({ isInStack }) => isInStack)) {
    for (const stripper of strippers) {
      const { type, lists, what } = stripper;
      const own = strippersOf(stack, networks, stripper, network);
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
        const isUnknown = (list: string): boolean => listOf(graph.read(node, list)).kind === "unknown";
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
            ...(filled.every(isUnknown)
              ? { assumption: `what ${filled.join(" and ")} hold is not known` }
              : {}),
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
