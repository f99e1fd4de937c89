import { textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";
import { textsOf } from "../../texts";
import { valuesAt, type PropertyPath } from "../property-path";

import type { AwsStack } from "./aws-stack";

/** Types that say who may do something or encrypt it, and hold nothing: to use one is to read nothing. */
const neutralModules = /^aws:(?:iam|kms):/;

/** Whether a resource says who may do something or encrypts it, and holds nothing. */
export function isNeutral({ resourceType: type }: Node): boolean {
  return neutralModules.test(type);
}

/** The bucket that an address names, such as `s3://records/answers/`; the text itself, where it is none. */
function withoutScheme(text: string): string {
  return /^s3:\/\/([^/]+)/.exec(text)?.[1] ?? text;
}

/** Where a resource sends something. */
export interface Destination {
  /** The properties that may say where, which are parts of one. */
  readonly paths: readonly [PropertyPath, ...PropertyPath[]];
  /** What it can be. */
  readonly types: readonly ResourceType[];
  /** Whether a resource of the stack is enough, in whatever zone. */
  readonly anyZone?: true;
}

/** Whether what holds a property is not known as a whole. */
function isPartOfUnknown(graph: StackGraph, node: Node, [first, ...rest]: PropertyPath): boolean {
  return rest.some((_key, length) =>
    valuesAt(graph, node, [first, ...rest.slice(0, length)]).some(({ kind }) => kind === "unknown"),
  );
}

/** Whether a destination is certainly a resource of the stack in the PHI zone. */
export function staysInPhi(
  { graph, zones }: AwsStack,
  node: Node,
  { paths, types, anyZone }: Destination,
  value: Reading<unknown>,
): boolean {
  const [[key]] = paths;
  const isRight = (found: Node): boolean => anyZone === true || zones.of(found.urn) === "phi";
  const isMeant = (found: Node): boolean => types.includes(found.resourceType);
  const text = textOf(value);
  if (text.kind === "known") {
    const direct = graph.node(text.value);
    const name = withoutScheme(text.value);
    const bearers = [
      ...(direct === undefined || !isMeant(direct) ? [] : [{ node: direct, isCertain: true }]),
      ...graph.bearers(name, types).filter(
        // A name of a thing in another region is that of another thing; that of a bucket is one in the world.
        ({ node: found }) =>
          /[:/]/.test(name) ||
          found.resourceType.startsWith("aws:s3:") ||
          graph.regionOf(found) === graph.regionOf(node),
      ),
    ];
    return bearers.length > 0 && bearers.every((bearer) => bearer.isCertain && isRight(bearer.node));
  }
  // Once a stack exists, what is not known was hidden, and comes from nothing that is shown. Of a whole that is not known,
  // parts may be written out.
  if (text.kind === "absent" || !graph.dryRun || paths.some((path) => isPartOfUnknown(graph, node, path))) {
    return false;
  }
  const origins = (node.propertyDependencies[key] ?? []).map((urn) => graph.node(urn));
  const seen = origins.flatMap((origin) => origin ?? []).filter((origin) => !isNeutral(origin));
  // What the property names by a text that is known is not where this value comes from.
  const { texts } = textsOf(graph.read(node, key));
  const isTold = (origin: Node): boolean =>
    texts.some((told) => graph.bearers(told).some((bearer) => bearer.node === origin));
  return (
    origins.every((origin) => origin !== undefined) &&
    seen.every(isRight) &&
    seen.some((origin) => isMeant(origin) && !isTold(origin))
  );
}
