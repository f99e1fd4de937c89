import { holdsUnknown, reading, recordOf, type Reading } from "../../reading";
import { bucketTypes, type Node } from "../../stack-graph";

import { types, type AwsStack } from "./aws-stack";

/** Keys of conditions whose value is the id of a resource, with the types that it can be of. */
const idKeys: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ["aws:sourcevpce", types.endpoint],
  ["aws:sourcevpc", types.network],
]);

/** What else a policy is made from, and what holds no such id. */
const otherParts: readonly string[] = [...bucketTypes, "aws:iam:role", "aws:kms:key"];

function mapped(
  value: Readonly<Record<string, unknown>>,
  change: (value: unknown, key: string) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, key)]));
}

/** A mapping with its members changed; anything else as it is. */
function members(value: unknown, change: (value: unknown, key: string) => unknown): unknown {
  const read = recordOf(reading(value));
  return read.kind === "known" ? mapped(read.value, change) : value;
}

/**
 * A policy that is written as a mapping, with what a preview does not know of it: the id of an endpoint, or of a network,
 * that a condition asks for is that of the only one from which the property was made.
 */
export function withOrigins({ graph }: AwsStack, node: Node, key: string): Reading<unknown> {
  const policy = graph.read(node, key);
  if (policy.kind !== "known" || typeof policy.value !== "object" || !holdsUnknown(policy.value)) {
    return policy;
  }
  const origin = (wanted: readonly string[]): string | undefined => {
    const origins = (node.propertyDependencies[key] ?? []).map((urn) => graph.node(urn));
    const [only, ...others] = origins.filter((found) => wanted.includes(found?.resourceType ?? ""));
    const isTold = origins.every((found) => [...wanted, ...otherParts].includes(found?.resourceType ?? ""));
    return isTold && others.length === 0 ? only?.urn : undefined;
  };
  const condition = (value: unknown, name: string): unknown => {
    const wanted = idKeys.get(name.toLowerCase());
    return wanted !== undefined && reading(value).kind === "unknown" ? (origin(wanted) ?? value) : value;
  };
  const statement = (value: unknown): unknown =>
    members(value, (part, name) =>
      name === "Condition" ? members(part, (tests) => members(tests, condition)) : part,
    );
  return {
    kind: "known",
    value: members(policy.value, (part, name) => {
      if (name !== "Statement") {
        return part;
      }
      return Array.isArray(part) ? part.map(statement) : statement(part);
    }),
  };
}
