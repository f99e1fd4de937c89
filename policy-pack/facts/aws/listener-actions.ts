import { integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { types } from "./aws-stack";

/** What a load balancer does with requests that a listener, or a rule of one, takes. */
export interface Actions {
  /** The target groups to which it forwards them, or may. */
  readonly targets: readonly Referent[];
  /** Whether it certainly lets somebody sign in before it forwards anything. */
  readonly signsIn: boolean;
  /** Whether it certainly forwards nothing: it answers itself, or redirects. */
  readonly answersItself: boolean;
}

type Mapping = Reading<Readonly<Record<string, unknown>>>;

/** Whether an action certainly stops whoever has not signed in. */
function asksToSignIn(type: Reading<string>, action: Mapping): boolean {
  if (type.kind !== "known") {
    return false;
  }
  if (type.value === "jwt-validation") {
    return recordOf(memberReading(action, "jwtValidation")).kind === "known";
  }
  const oidc = recordOf(memberReading(action, "authenticateOidc"));
  const otherwise = textOf(memberReading(oidc, "onUnauthenticatedRequest"));
  // Without a word on it, whoever has not signed in is sent to do so (Elastic Load Balancing API, `OnUnauthenticatedRequest`).
  return (
    type.value === "authenticate-oidc" &&
    oidc.kind === "known" &&
    (otherwise.kind === "absent" || (otherwise.kind === "known" && otherwise.value !== "allow"))
  );
}

/** The target groups that an action names. */
function targetsOf(graph: StackGraph, node: Node, key: string, action: Mapping): readonly Referent[] {
  const weighted = itemsOf(memberReading(recordOf(memberReading(action, "forward")), "targetGroups"));
  const ids = [
    memberReading(action, "targetGroupArn"),
    ...weighted.map((group) => memberReading(recordOf(group), "arn")),
  ].filter(({ kind }) => kind !== "absent");
  return ids.length === 0
    ? [{ kind: "undetermined" }]
    : ids.flatMap((id) => graph.referentsOf(node, key, id, types.targetGroup));
}

/** Reads the default actions of a listener, or the actions of a rule. */
export function actionsOf(graph: StackGraph, node: Node, key: "defaultActions" | "actions"): Actions {
  const actions = itemsOf(graph.read(node, key)).map((item, index) => {
    const action = recordOf(item);
    const type = textOf(memberReading(action, "type"));
    const order = integerOf(memberReading(action, "order"));
    return {
      order: order.kind === "absent" ? index : order.kind === "known" ? order.value : undefined,
      asksToSignIn: asksToSignIn(type, action),
      targets: type.kind === "known" && type.value !== "forward" ? [] : targetsOf(graph, node, key, action),
    };
  });
  const isOrdered = actions.every(({ order }) => order !== undefined);
  const [first] = [...actions].sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
  const targets = actions.flatMap((action) => action.targets);
  return {
    targets,
    signsIn: isOrdered && first?.asksToSignIn === true,
    answersItself: targets.length === 0,
  };
}
