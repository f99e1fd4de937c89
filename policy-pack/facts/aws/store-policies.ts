import type { ResourceType } from "../../resource-type";
import type { Node } from "../../stack-graph";
import type { SideChannel } from "../fact";

import { foreigners, service } from "./accounts";
import { accountAssumption, canonical, labelOf, perimeterOf, platformOf, type AwsStack } from "./aws-stack";
import { admissions, matches } from "./iam-evaluation";
import { readPolicy } from "./iam-policy";

/** A type of resource that says who may do what with a store. */
interface StorePolicyType {
  /** The property that names the store. */
  readonly of: string;
  readonly stores: readonly ResourceType[];
  /** The property that holds the policy. */
  readonly key: string;
}

/** Policies that are resources of their own. Those of buckets and of keys are read with these. */
const separate: ReadonlyMap<ResourceType, StorePolicyType> = new Map<ResourceType, StorePolicyType>([
  ["aws:backup:vaultpolicy", { of: "backupVaultName", stores: ["aws:backup:vault"], key: "policy" }],
  ["aws:dynamodb:resourcepolicy", { of: "resourceArn", stores: ["aws:dynamodb:table"], key: "policy" }],
  ["aws:efs:filesystempolicy", { of: "fileSystemId", stores: ["aws:efs:filesystem"], key: "policy" }],
  ["aws:kinesis:resourcepolicy", { of: "resourceArn", stores: ["aws:kinesis:stream"], key: "policy" }],
  ["aws:redshift:resourcepolicy", { of: "resourceArn", stores: ["aws:redshift:cluster"], key: "policy" }],
  [
    "aws:redshiftserverless:resourcepolicy",
    {
      of: "resourceArn",
      stores: ["aws:redshiftserverless:namespace", "aws:redshiftserverless:snapshot"],
      key: "policy",
    },
  ],
  [
    "aws:s3control:accesspointpolicy",
    { of: "accessPointArn", stores: ["aws:s3:accesspoint"], key: "policy" },
  ],
  ["aws:s3control:bucketpolicy", { of: "bucket", stores: ["aws:s3control:bucket"], key: "policy" }],
  ["aws:sns:topicpolicy", { of: "arn", stores: ["aws:sns:topic"], key: "policy" }],
  ["aws:sqs:queuepolicy", { of: "queueUrl", stores: ["aws:sqs:queue"], key: "policy" }],
]);

/** Stores that may hold their policy themselves, with the property that holds it. */
const inline: ReadonlyMap<ResourceType, string> = new Map([
  ["aws:dynamodb:table", "policy"],
  ["aws:sns:topic", "policy"],
  ["aws:sqs:queue", "policy"],
]);

/** Types of policies from which facts are drawn. */
export const storePolicyTypes: readonly ResourceType[] = [...separate.keys()];

/** What puts something into a store and reads nothing of it: services of AWS do that for others. */
const writes = ["sns:Publish", "sqs:SendMessage", "kinesis:PutRecord", "kinesis:PutRecords"];

function onlyWrites(action: string): boolean {
  return writes.some((write) => matches(write, action.replaceAll("*", "\u0001"), { ignoreCase: true }));
}

/** Stores of the PHI zone that a policy opens to another account. A policy that is not set admits the account alone. */
export function storePolicyChannels(stack: AwsStack): readonly SideChannel[] {
  const { graph, zones } = stack;
  const perimeter = perimeterOf(stack);

  const channelsOf = (store: Node, holder: Node, key: string): readonly SideChannel[] => {
    const policy = readPolicy(key, graph.read(holder, key), canonical(stack));
    const channel = (what: string, assumption: string | undefined): SideChannel => ({
      urn: holder.urn,
      label: labelOf(holder),
      zone: "phi",
      platform: platformOf(stack, store),
      what: `${labelOf(store)}: ${what}`,
      assumption,
      remedy:
        "Let nobody outside of the account use what is in the PHI zone, in a policy that a preview knows.",
      isGuiltyAlone: false,
    });
    if (policy.kind === "absent") {
      return [];
    }
    if (policy.kind === "unknown") {
      return [channel("its policy may let another account in", policy.why)];
    }
    const [found] = [
      ...foreigners(perimeter, "the stack's account").flatMap((caller) =>
        admissions(policy.statements, caller),
      ),
      ...admissions(policy.statements, service(perimeter, "another account")).filter(
        ({ action }) => !onlyWrites(action),
      ),
    ];
    return found === undefined
      ? []
      : [
          channel(
            `its policy lets another account in: statement ${found.statement.Sid ?? "without a name"}, ${found.action}`,
            accountAssumption(stack),
          ),
        ];
  };

  const isPhi = ({ urn }: Node): boolean => zones.of(urn) === "phi";
  const own = [...inline].flatMap(([type, key]) =>
    graph
      .ofType(type)
      .filter(isPhi)
      // What AWS reports of a store whose policy another resource sets, or nobody, is no policy of the program's.
      .filter(({ inputs }) => inputs === undefined || key in inputs)
      .flatMap((store) => channelsOf(store, store, key)),
  );
  const held = [...separate].flatMap(([type, { of, stores, key }]) =>
    graph.ofType(type).flatMap((holder) =>
      graph
        .referents(holder, of, stores)
        .flatMap((referent) => {
          switch (referent.kind) {
            case "resource":
              return [referent.node];
            case "undetermined":
              // A policy of a store that is not known may be of any.
              return graph.ofType(...stores);
            case "external":
              return [];
          }
        })
        .filter(isPhi)
        .flatMap((store) => channelsOf(store, holder, key)),
    ),
  );
  return [...own, ...held];
}
