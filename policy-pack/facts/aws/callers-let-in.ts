import type { OwnCaller } from "./accounts";
import { labelOf, type AwsStack } from "./aws-stack";
import { namedPrincipals, type PolicyStatement } from "./iam-policy";
import { formsOf, roleOf, roles } from "./roles";

/** Somebody of the account whom a policy lets in. */
export interface CallerLetIn {
  /** The peer of the model, where it is the role of one. */
  readonly peer: string | undefined;
  readonly label: string;
  readonly remark: string | undefined;
}

/**
 * Whom a policy lets in: roles of the stack, principals that it names and the stack does not hold, and somebody whom it
 * does not name at all.
 */
export function callersLetIn(
  { graph, account }: AwsStack,
  statements: readonly PolicyStatement[],
  isLetIn: (who: OwnCaller["who"]) => boolean,
): readonly CallerLetIn[] {
  const strangers = namedPrincipals(statements).filter(
    (name) => graph.node(name) === undefined && !roleOf(graph, account, name),
  );
  return [
    ...roles(graph)
      .filter((role) => isLetIn({ forms: formsOf(role) }))
      .map(({ peer, node }) => ({ peer, label: labelOf(node), remark: undefined })),
    ...strangers
      .filter((name) => isLetIn({ forms: [name] }))
      .map((name) => ({ peer: undefined, label: name, remark: "which is no role of the stack" })),
    ...(isLetIn("somebody whom nothing names")
      ? [{ peer: undefined, label: "whoever has a permission of the account", remark: undefined }]
      : []),
  ];
}
