import type { SideChannel } from "../fact";

import { foreigner } from "./accounts";
import { accountAssumption, canonical, isEndpoint, labelOf, platformOf, type AwsStack } from "./aws-stack";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

/** Keys of the PHI zone with which somebody of another account may decrypt. A policy that is not set admits the account alone. */
export function keyChannels(stack: AwsStack): readonly SideChannel[] {
  const { graph, zones, account } = stack;
  return graph
    .ofType("aws:kms:key")
    .filter(({ urn }) => zones.of(urn) === "phi")
    .flatMap((node): readonly SideChannel[] => {
      const policy = readPolicy("policy", graph.read(node, "policy"), canonical(stack));
      const channel = (what: string, assumption: string | undefined): SideChannel => ({
        urn: node.urn,
        label: labelOf(node),
        zone: "phi",
        platform: platformOf(stack, node),
        what: `${labelOf(node)}: ${what}`,
        assumption,
        remedy: "Let nobody outside of the account use the key, in a policy that a preview knows.",
        isGuiltyAlone: false,
      });
      switch (policy.kind) {
        case "absent":
          return [];
        case "unknown":
          return [channel("its policy may let another account use it", policy.why)];
        case "known": {
          const [found] = admissions(
            policy.statements,
            foreigner(account, "the stack's account", isEndpoint(stack)),
          );
          return found === undefined
            ? []
            : [
                channel(
                  `its policy lets another account use it: statement ${found.statement.Sid ?? "without a name"}, ${found.action}`,
                  accountAssumption(stack),
                ),
              ];
        }
      }
    });
}
