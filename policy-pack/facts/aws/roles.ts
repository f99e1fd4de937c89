import { reading, textOf } from "../../reading";
import type { Node, StackGraph } from "../../stack-graph";
import { peerOf } from "../../zone-claims";

/** A role of a stack. */
export interface Role {
  readonly node: Node;
  /** The end of its ARN, such as `role/bulkhead/bulkhead-fhir-proxy`, where its name is written out. */
  readonly end: string | undefined;
  /** Its ARN, once it exists. */
  readonly arn: string | undefined;
  /** The peer of the model whose identity it is, as its tags say. */
  readonly peer: string | undefined;
}

const read = new WeakMap<StackGraph, readonly Role[]>();

/** The roles of a stack. */
export function roles(graph: StackGraph): readonly Role[] {
  const known = read.get(graph);
  if (known !== undefined) {
    return known;
  }
  const all = graph.ofType("aws:iam:role").map((node): Role => {
    const arn = textOf(reading(node.outputs["arn"]));
    const name = textOf(graph.read(node, "name"));
    const path = textOf(graph.read(node, "path"));
    return {
      node,
      end:
        name.kind === "known" && path.kind !== "unknown"
          ? `role${path.kind === "known" ? path.value : "/"}${name.value}`
          : undefined,
      arn: arn.kind === "known" ? arn.value : undefined,
      peer: peerOf(graph, node),
    };
  });
  read.set(graph, all);
  return all;
}

const roleArn = /^arn:[^:]+:iam::(?<account>\d{12}):(?<end>role\/.+)$/;

/**
 * The role of the stack that a text names by its ARN.
 *
 * @param account the account that the stack is in; where nothing shows it, a name is enough.
 */
export function roleOf(graph: StackGraph, account: string | undefined, text: string): Role | undefined {
  const parts = roleArn.exec(text)?.groups;
  if (parts === undefined) {
    return undefined;
  }
  return roles(graph).find(
    ({ arn, end }) =>
      arn === text || (end === parts["end"] && (account === undefined || account === parts["account"])),
  );
}

/** The forms in which a policy may name a role. */
export function formsOf({ node, arn }: Role): readonly string[] {
  return arn === undefined ? [node.urn] : [node.urn, arn];
}
