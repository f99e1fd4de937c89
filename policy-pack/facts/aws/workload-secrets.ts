import { peerOf } from "../../zone-claims";
import type { Node } from "../../stack-graph";
import { Acceptor, allHops, type HopFacts } from "../acceptor";
import { placeIn } from "../place";

import { foreigners, own, service } from "./accounts";
import { canonical, labelOf, perimeterOf, type AwsStack } from "./aws-stack";
import { admissions, unrefused } from "./iam-evaluation";
import { readPolicy, type PolicyStatement } from "./iam-policy";
import { formsOf, roles } from "./roles";

const secretType = "aws:secretsmanager:secret";
const policyType = "aws:secretsmanager:secretpolicy";

/** Types from which facts about secrets are drawn. */
export const secretTypes = [secretType, policyType] as const;

/** What shows what a secret says. */
const reading = ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"];

/** In a secret's own policy, any resource is the secret itself. */
const itself = "*";

const remedy = (secret: Node): string =>
  `Let a policy of ${labelOf(secret)} deny every role but its workload's to read it, and every other account.`;

/**
 * Secrets that hold what a workload proves itself with, and that somebody else reads: whoever has a workload's key is taken
 * for the workload. A secret whose tags say no workload is nobody's proof.
 */
export function workloadSecretHops(stack: AwsStack): HopFacts {
  const { graph, zones } = stack;
  const secrets = graph.ofType(secretType).flatMap((node) => {
    const peer = peerOf(graph, node);
    const place = placeIn(zones.of(node.urn), undefined);
    return peer?.startsWith("workload/") === true && place !== undefined ? [{ node, peer, place }] : [];
  });
  return allHops(
    ...secrets.map(({ node, peer, place }): HopFacts => {
      const acceptor = new Acceptor(stack, node, place);
      const held = policiesOf(stack, node);
      if (held.unknown !== undefined) {
        acceptor.fault({
          what: `others than ${peer} may read what ${peer} proves itself with`,
          remedy: remedy(node),
          assumption: held.unknown,
          refusedOn: "our platform",
          needsOthers: true,
        });
        return acceptor.facts();
      }
      const others = readers(stack, peer, held.statements);
      if (others.length > 0) {
        acceptor.fault({
          what: `${others.join(", ")} may read what ${peer} proves itself with, and so pass for it`,
          remedy: remedy(node),
          refusedOn: "our platform",
          needsOthers: true,
        });
      }
      return acceptor.facts();
    }),
  );
}

/** What the policy of a secret says: its own, or the resource's that sets it. Without one it says nothing. */
function policiesOf(
  stack: AwsStack,
  secret: Node,
): { readonly statements: readonly PolicyStatement[]; readonly unknown: string | undefined } {
  const { graph } = stack;
  const separate = graph.ofType(policyType).flatMap((holder) => {
    const named = graph.referents(holder, "secretArn", [secretType]);
    const isOfThis = named.some((to) => to.kind === "resource" && to.node === secret);
    const isCertain = named.length === 1 && named.every((to) => to.kind === "resource" && !to.assumed);
    const mayBe = isOfThis || named.some(({ kind }) => kind === "undetermined");
    return mayBe ? [{ holder, isCertain }] : [];
  });
  // What AWS reports of a secret whose policy another resource sets is no policy of the program's.
  const holders = [
    ...(secret.inputs === undefined || "policy" in secret.inputs
      ? [{ holder: secret, isCertain: true }]
      : []),
    ...separate,
  ];
  const statements: PolicyStatement[] = [];
  for (const { holder, isCertain } of holders) {
    const policy = readPolicy("policy", graph.read(holder, "policy"), canonical(stack));
    if (policy.kind === "unknown") {
      return { statements, unknown: policy.why };
    }
    if (!isCertain) {
      return { statements, unknown: `whether ${labelOf(holder)} is its policy is not known` };
    }
    statements.push(...(policy.kind === "known" ? policy.statements : []));
  }
  return { statements, unknown: undefined };
}

/** Who besides a workload is not refused what shows its secret: other roles of the stack, and other accounts. */
function readers(stack: AwsStack, peer: string, statements: readonly PolicyStatement[]): readonly string[] {
  const perimeter = perimeterOf(stack);
  const uses = "the stack's account";
  const ofOthers = roles(stack.graph)
    .filter((role) => role.peer !== undefined && role.peer !== peer)
    .filter((role) => {
      const caller = own(perimeter, { who: { forms: formsOf(role) }, by: "no endpoint", uses });
      return unrefused(statements, caller, reading, itself).length > 0;
    })
    .flatMap(({ peer: other }) => other ?? []);
  const strangers = [...foreigners(perimeter, uses), service(perimeter, "another account")].some(
    (caller) => admissions(statements, caller).length > 0,
  );
  return [...new Set(ofOthers), ...(strangers ? ["another account"] : [])];
}
