import { everyAddress } from "../../address-range";
import { subtract } from "../../packet-set";
import { allPackets } from "../../reachability";
import { textOf } from "../../reading";
import type { MissingSeal } from "../fact";
import { valuesAt } from "../property-path";

import { labelOf, platformOf, types, type AzureStack } from "./azure-stack";
import { ownersOf } from "./owners";
import type { RouteTables } from "./route-tables";
import type { Subnets, WrittenSubnet } from "./subnets";

/** Subnets on which Azure takes no network security group (Azure documentation, "Network security groups"). */
const withoutGroup: readonly string[] = [
  "gatewaysubnet",
  "azurefirewallsubnet",
  "azurefirewallmanagementsubnet",
  "routeserversubnet",
];

/** What is missing on a subnet that would close what Azure opens by default. */
export function sealsMissingOn(
  tables: RouteTables,
  { subnet, name, read }: WrittenSubnet,
): readonly Pick<MissingSeal, "what" | "remedy">[] {
  const written = subnet.routeTables.flatMap(({ urn }) => tables.at(urn) ?? []);
  const isReserved = withoutGroup.includes(name?.toLowerCase() ?? "");
  const said = written.flatMap(({ routes }) =>
    routes.flatMap(({ destination, isCertain }) =>
      destination === "anything" || !isCertain ? [] : [destination],
    ),
  );
  const isSaid = subtract(allPackets([everyAddress.ipv4]), allPackets(said)).length === 0;
  return [
    ...(read("routeTable").kind === "absent"
      ? [
          {
            what: "It has no route table of its own, so that Azure's own routes are in force on it.",
            remedy: "Give it a route table with a route for 0.0.0.0/0, to None where nothing leaves it.",
          },
        ]
      : []),
    ...(written.length > 0 && !isSaid
      ? [
          {
            what: "No route of its table takes the place of Azure's own for 0.0.0.0/0, which leads to the Internet.",
            remedy: "Give its route table a route for 0.0.0.0/0, to None where nothing leaves it.",
          },
        ]
      : []),
    ...(written.some(({ refusesLearned }) => !refusesLearned)
      ? [
          {
            what: "Its route table takes the routes that a gateway learns, should the network ever have one.",
            remedy: "Set disableBgpRoutePropagation of the route table to true.",
          },
        ]
      : []),
    ...(subnet.platform !== undefined && read("natGateway").kind !== "absent"
      ? [
          {
            what: "It has a NAT gateway, by which it would reach the Internet as soon as its route changed.",
            remedy: "Take natGateway away.",
          },
        ]
      : []),
    ...(read("networkSecurityGroup").kind === "absent" && !isReserved
      ? [
          {
            what: "It has no network security group, so that everything passes that reaches it.",
            remedy: "Give it a network security group that denies what no flow declares.",
          },
        ]
      : []),
  ];
}

/** Network security groups whose rules have more than one owner, each of which takes away what the other says. */
function groupsWithTwoOwners(stack: AzureStack): readonly MissingSeal[] {
  const { graph } = stack;
  const owned = new Set(
    graph
      .ofType("azure-native:network:securityrule")
      .flatMap((node) => ownersOf(graph, node, "networkSecurityGroupName", types.securityGroup[0]))
      .flatMap((to) => (to.kind === "resource" ? [to.node] : [])),
  );
  return [...owned]
    .filter(({ inputs }) => Object.hasOwn(inputs ?? {}, "securityRules"))
    .map((node) => ({
      urn: node.urn,
      label: labelOf(node),
      platform: platformOf(stack, node),
      what: "Its rules are both parts of it and resources of their own, each of which takes away what the other says.",
      remedy: "Write all its rules in one of these ways.",
    }));
}

/** Rules of a network manager that deny something, and that nothing puts in force. */
function uncommittedRules(stack: AzureStack): readonly MissingSeal[] {
  const { graph } = stack;
  const isCommitted = graph.ofType("azure-native:network:commit").some((node) => {
    const types = [["properties", "commitType"] as const, ["commitType"] as const].flatMap((path) =>
      valuesAt(graph, node, path).map(textOf),
    );
    return types.some((type) => type.kind === "known" && type.value.toLowerCase() === "securityadmin");
  });
  return isCommitted
    ? []
    : graph.ofType("azure-native:network:adminrule").map((node) => ({
        urn: node.urn,
        label: labelOf(node),
        platform: platformOf(stack, node),
        what: "Nothing puts the rule of the network manager in force.",
        remedy: "Add a Commit of type SecurityAdmin with the rule's configuration.",
      }));
}

/** What would have to be there that nothing in the zones' subnets falls back to what Azure opens. */
export function missingSeals(
  stack: AzureStack,
  tables: RouteTables,
  subnets: Subnets,
): readonly MissingSeal[] {
  return [
    ...subnets.written
      .filter(({ subnet }) => subnet.zone !== undefined)
      .flatMap((written) =>
        sealsMissingOn(tables, written).map((missing) => ({
          urn: written.subnet.urn,
          label: written.subnet.label,
          platform: written.subnet.platform,
          ...missing,
        })),
      ),
    ...groupsWithTwoOwners(stack),
    ...uncommittedRules(stack),
  ];
}
