import type { Node } from "../../stack-graph";
import type { SideChannel } from "../fact";

import { foreigners, service } from "./accounts";
import { accountAssumption, canonical, labelOf, perimeterOf, platformOf, type AwsStack } from "./aws-stack";
import { admissions } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

const keyType = "aws:kms:key";
const policyType = "aws:kms:keypolicy";

/** Types from which facts about keys are drawn. */
export const keyTypes = [keyType, policyType] as const;

/** Keys of the PHI zone with which somebody of another account may decrypt. A policy that is not set admits the account alone. */
export function keyChannels(stack: AwsStack): readonly SideChannel[] {
  const { graph, zones } = stack;
  const perimeter = perimeterOf(stack);
  const channelsOf = (key: Node, holder: Node): readonly SideChannel[] => {
    const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
    const channel = (what: string, assumption: string | undefined): SideChannel => ({
      urn: holder.urn,
      label: labelOf(holder),
      zone: "phi",
      platform: platformOf(stack, key),
      what: `${labelOf(key)}: ${what}`,
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
        const callers = [
          ...foreigners(perimeter, "the stack's account"),
          service(perimeter, "another account"),
        ];
        const [found] = callers.flatMap((caller) => admissions(policy.statements, caller));
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
  };
  const keys = graph.ofType(keyType).filter(({ urn }) => zones.of(urn) === "phi");
  const own = keys.flatMap((key) => channelsOf(key, key));
  const separate = graph.ofType(policyType).flatMap((holder) =>
    graph
      .referents(holder, "keyId", [keyType])
      .flatMap((referent) =>
        // A policy of a key that is not known may be of any.
        referent.kind === "resource" ? [referent.node] : referent.kind === "undetermined" ? keys : [],
      )
      .filter((key) => keys.includes(key))
      .flatMap((key) => channelsOf(key, holder)),
  );
  return [...own, ...separate];
}
