import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import type { NetworkConnection } from "../fact";

import { armKey, withParents } from "./arm-id";
import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { membersOfGroups } from "./manager-groups";
import type { Subnets } from "./subnets";

const rule = "azure-native:network:adminrule";
const collection = "azure-native:network:adminrulecollection";
const defaultRule = "azure-native:network:defaultadminrule";

/** Rules of a network manager, which Azure tries before those of every network security group. */
export const managerRuleTypes: readonly ResourceType[] = [
  rule,
  collection,
  defaultRule,
  "azure-native:network:securityadminconfiguration",
  "azure-native:network:commit",
];

/** Whether the collection of a rule applies to a network of the PHI zone, or may. */
function mayApply({ graph }: AzureStack, subnets: Subnets, node: Node): boolean {
  const name = textOf(graph.read(node, "ruleCollectionName"));
  const collections = graph.ofType(collection).filter((one) => {
    const own = textOf(graph.read(one, "ruleCollectionName"));
    return (
      name.kind !== "known" || own.kind !== "known" || own.value.toLowerCase() === name.value.toLowerCase()
    );
  });
  const inPhi = subnets.all.filter(({ zone }) => zone === "phi").map(({ network }) => network);
  const isPhi = (to: Referent): boolean =>
    to.kind === "undetermined" ||
    inPhi.some(
      ({ urn, isDetermined }) =>
        !isDetermined ||
        urn === (to.kind === "resource" ? to.node.urn : "") ||
        (to.kind === "external" && withParents(to.id).includes(armKey(urn))),
    );
  return (
    collections.length === 0 ||
    collections.some((one) => membersOfGroups(graph, one, ["appliesToGroups", "networkGroupId"]).some(isPhi))
  );
}

/** The rules of network managers by which packets pass whatever network security groups deny. */
export function openManagerRules(stack: AzureStack, subnets: Subnets): readonly NetworkConnection[] {
  const { graph } = stack;
  return graph.ofType(rule, defaultRule).flatMap((node): readonly NetworkConnection[] => {
    const access = textOf(graph.read(node, "access"));
    const said = access.kind === "known" ? access.value.toLowerCase() : undefined;
    const direction = textOf(graph.read(node, "direction"));
    const isInbound = direction.kind === "known" && direction.value.toLowerCase() === "inbound";
    // What is only allowed is tried by network security groups as well; the PHI zone lets nothing out all the same.
    const isClosed = said === "deny" || (said === "allow" && isInbound);
    return isClosed || !mayApply(stack, subnets, node)
      ? []
      : [
          {
            urn: node.urn,
            label: labelOf(node),
            zone: "phi",
            platform: platformOf(stack, node),
            what:
              said === "allow"
                ? "a rule of a network manager allows what goes out, ahead of what the manager denies"
                : "a rule of a network manager lets packets pass whatever network security groups deny",
            assumption: said === "alwaysallow" || said === "allow" ? undefined : "`access` is not known",
            remedy: "Set access to Deny, or take the rule away.",
          },
        ];
  });
}
