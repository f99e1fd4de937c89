import type { PlatformSpec } from "../../model/platform-spec";
import type { Workload } from "../../model/workload";

import { roleKinds, type PhysicalNames } from "./physical-names";
import { anybody, type Statement } from "./policy-document";

/** What shows what a secret says. */
const reading = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"];

/**
 * Who reads a secret besides its workload: who runs Pulumi, where that has written it, whoever the account's own policies say
 * where its id is `undefined`; or nobody.
 */
export type OtherReader = { readonly deployerId: string | undefined } | "nobody";

/** Who is refused a secret of a workload's: every other role, and other accounts. In a secret's policy `*` is the secret itself. */
export function secretStatements(
  spec: PlatformSpec,
  names: PhysicalNames,
  workload: Workload,
  other: OtherReader,
): readonly Statement[] {
  const own = names.roleArn(workload, "workload");
  const others = spec.workloads
    .flatMap((other) => roleKinds.map((kind) => names.roleArn(other, kind)))
    .filter((role) => role !== own);
  const refuse = (Sid: string, Action: readonly string[], Condition: Statement["Condition"]): Statement => ({
    Sid,
    Effect: "Deny",
    Principal: anybody,
    Action,
    Resource: ["*"],
    ...(Condition === undefined ? {} : { Condition }),
  });
  const readers =
    other === "nobody" ? [own] : other.deployerId === undefined ? undefined : [own, other.deployerId];
  return [
    readers === undefined
      ? // Pulumi reads what it has written, and who runs it nobody has said.
        refuse("NoOtherRoleOfThePlatform", reading, { ArnEquals: { "aws:PrincipalArn": others } })
      : refuse("OnlyItsWorkload", reading, { ArnNotEquals: { "aws:PrincipalArn": readers } }),
    refuse("OwnAccountOnly", ["secretsmanager:*"], {
      StringNotEquals: { "aws:PrincipalAccount": names.accountId },
    }),
  ];
}
