import { peerOf } from "../../zone-claims";
import type { StoreAdmission } from "../fact";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";
import { roles } from "./roles";

/**
 * Tasks of one workload that run under the role of another, or under one that cannot be known: they are let into the stores
 * as that workload. Tasks whose tags say no workload are whatever their role is.
 */
export function taskRoleAdmissions(stack: AwsStack): readonly StoreAdmission[] {
  const { graph } = stack;
  return graph.ofType("aws:ecs:taskdefinition").flatMap((node): readonly StoreAdmission[] => {
    const peer = peerOf(graph, node);
    if (peer?.startsWith("workload/") !== true) {
      return [];
    }
    return graph.referents(node, "taskRoleArn", ["aws:iam:role"]).flatMap((to): readonly StoreAdmission[] => {
      const role =
        to.kind === "resource" ? roles(graph).find((candidate) => candidate.node === to.node) : undefined;
      if (to.kind === "external" || role?.peer === peer || (role !== undefined && role.peer === undefined)) {
        return [];
      }
      return [
        {
          urn: node.urn,
          label: labelOf(node),
          zone: "phi",
          platform: platformOf(stack, node),
          stores: [],
          who: undefined,
          what: `${labelOf(node)} is ${peer}, and ${role === undefined ? "may run under the role of another workload" : `runs under ${labelOf(role.node)}, the role of ${role.peer ?? ""}`}.`,
          assumption: role === undefined ? "`taskRoleArn` is not known" : undefined,
        },
      ];
    });
  });
}
