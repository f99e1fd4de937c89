import { textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";

import { accountOf } from "./accounts";
import type { AwsStack } from "./aws-stack";

/** How what AWS calls a type of resource holds the name that the program gives it. */
interface NamedType {
  /** ARNs and names of hosts. */
  readonly texts: readonly RegExp[];
  /** The input that holds the name. */
  readonly key: string;
}

const databaseHost =
  /^(?<name>[^.]+)\.(?:cluster-(?:ro-|custom-)?|proxy-)?[a-z0-9]+\.[a-z0-9-]+\.rds\.amazonaws\.com/i;

/** Types whose ARN and host can be written down before AWS has given them (service authorization reference, "Resource types"). */
const namedTypes: ReadonlyMap<ResourceType, NamedType> = new Map<ResourceType, NamedType>([
  [
    "aws:lb:loadbalancer",
    {
      texts: [
        /^arn:[^:]*:elasticloadbalancing:[^:]*:[^:]*:loadbalancer\/(?:app|net|gwy)\/(?<name>[^/]+)\//,
        /^(?:internal-)?(?<name>[^.]+)-[0-9a-f]+\.(?:elb\.)?[a-z0-9-]+\.(?:elb\.)?amazonaws\.com/i,
      ],
      key: "name",
    },
  ],
  [
    "aws:rds:cluster",
    { texts: [/^arn:[^:]*:rds:[^:]*:[^:]*:cluster:(?<name>.+)$/, databaseHost], key: "clusterIdentifier" },
  ],
  [
    "aws:rds:instance",
    { texts: [/^arn:[^:]*:rds:[^:]*:[^:]*:db:(?<name>.+)$/, databaseHost], key: "identifier" },
  ],
]);

/** Types of which another resource may say which it means by a text of the program's. */
export const givenNameTypes: readonly ResourceType[] = [...namedTypes.keys()];

/** A resource of the stack to which a text refers, or may. */
export interface NamedResource {
  readonly node: Node;
  /** Whether it is not known that it is this one: the cloud gives the name, or a preview does not know it. */
  readonly assumed: boolean;
}

/** The resources of a stack to which an ARN or a host's name refers by the name that the program gives them. */
export function namedResources({ graph, account }: AwsStack, text: string): readonly NamedResource[] {
  const of = accountOf(text);
  if (of !== undefined && account !== undefined && of !== account) {
    return []; // What another account has is not in the stack.
  }
  const found = [...namedTypes].flatMap(([type, { texts, key }]) => {
    const names = texts.flatMap((pattern) => pattern.exec(text)?.groups?.["name"] ?? []);
    return names.flatMap((name) =>
      graph.ofType(type).flatMap((node): readonly NamedResource[] => {
        const own = textOf(graph.read(node, key));
        // RDS keeps identifiers in lower case (Amazon RDS API, `CreateDBCluster`).
        const isThis = own.kind === "known" && own.value.toLowerCase() === name.toLowerCase();
        return isThis || own.kind !== "known" ? [{ node, assumed: !isThis }] : [];
      }),
    );
  });
  const certain = found.filter(({ assumed }) => !assumed);
  return certain.length > 0 ? certain : found;
}
