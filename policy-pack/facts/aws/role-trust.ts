import type { StoreAdmission } from "../fact";

import { foreigners, own, service } from "./accounts";
import { canonical, labelOf, perimeterOf, platformOf, type AwsStack } from "./aws-stack";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";
import { roles } from "./roles";

/**
 * Roles that are let in as a peer of a platform, and that somebody else than a service of AWS, for this account, may take
 * on. Whoever takes a workload's role on is let into the stores as the workload.
 */
export function roleTrusts(stack: AwsStack): readonly StoreAdmission[] {
  const { graph } = stack;
  const perimeter = perimeterOf(stack);
  const takers = [
    ...foreigners(perimeter, "the stack's account"),
    service(perimeter, "another account"),
    own(perimeter, { who: "anybody", by: "no endpoint", uses: "the stack's account" }),
  ];
  return roles(graph)
    .filter(({ peer }) => peer !== undefined)
    .flatMap(({ node, peer }): readonly StoreAdmission[] => {
      const policy = readPolicy("assumeRolePolicy", graph.read(node, "assumeRolePolicy"), canonical(stack));
      const taken =
        policy.kind === "known"
          ? takers.flatMap((caller) => admissions(policy.statements, caller)).at(0)
          : undefined;
      const isClosed = policy.kind === "known" && taken === undefined;
      return isClosed
        ? []
        : [
            {
              urn: node.urn,
              label: labelOf(node),
              zone: "phi",
              platform: platformOf(stack, node),
              stores: [],
              who: undefined,
              what: `${labelOf(node)} is let in as ${peer ?? ""}, and its trust policy lets somebody take it on who is no service of AWS for this account${taken === undefined ? "" : ` (statement ${taken.statement.Sid ?? "without a name"})`}.`,
              assumption: policy.kind === "unknown" ? policy.why : undefined,
            },
          ];
    });
}
