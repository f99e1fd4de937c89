import { recordingPrograms } from "../../../model/audit-policy";

import { flagOf, itemsOf, mayBeTrue, memberReading, recordOf, textOf, type Reading } from "../../reading";
import { bucketTypes, type Node, type Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { readAt, referentsAt, valuesAt } from "../property-path";

import { labelOf, platformOf, type AwsStack } from "./aws-stack";
import { jsonText } from "./json-text";
import { isLockedBucket } from "./locked-buckets";
import { anyCase } from "./task-containers";

const groupTypes = ["aws:cloudwatch:loggroup"];
const subscriptionType = "aws:cloudwatch:logsubscriptionfilter";
const deliveryType = "aws:kinesis:firehosedeliverystream";

/** What Firehose does to records without leaving one out, or telling a function what to make of it. */
const faithful: readonly string[] = [
  "AppendDelimiterToRecord",
  "CloudWatchLogProcessing",
  "Decompression",
  "RecordDeAggregation",
];

/** What a program records, as its task says, and what keeps a copy of it. */
export interface ProgramRecords {
  /** The definition of its task. */
  readonly node: Node;
  readonly workload: string;
  /** What keeps its records from being kept, written once, for six years. */
  readonly problems: readonly string[];
  readonly assumption: string | undefined;
  /** What keeps them: the group, the subscription, the delivery and the bucket. */
  readonly kept: readonly Node[];
}

/** The one resource that is certainly meant. */
function certain(referents: readonly Referent[]): Node | undefined {
  const [only, ...others] = referents;
  return only?.kind === "resource" && !only.assumed && others.length === 0 ? only.node : undefined;
}

interface Copy {
  readonly problems: readonly string[];
  readonly assumption: string | undefined;
  readonly kept: readonly Node[];
}

/** What a delivery puts, of all that it is given, into a bucket in which nobody deletes it. */
function deliveredBy({ graph }: AwsStack, delivery: Node): Pick<Copy, "problems" | "kept"> {
  const path = ["extendedS3Configuration", "bucketArn"] as const;
  const bucket = certain(referentsAt(graph, delivery, path, bucketTypes));
  const kinds = valuesAt(graph, delivery, [
    "extendedS3Configuration",
    "processingConfiguration",
    "processors",
    "type",
  ]).map(textOf);
  const destination = textOf(graph.read(delivery, "destination"));
  const isToBucket = destination.kind === "known" && destination.value === "extended_s3";
  // Another format has the columns of a table that is somewhere else, and no others.
  const conversion = readAt(graph, delivery, "extendedS3Configuration.dataFormatConversionConfiguration");
  const isConverted = conversion.kind !== "absent" && flagOf(memberReading(recordOf(conversion), "enabled"));
  const isFaithful =
    kinds.every((kind) => kind.kind === "known" && faithful.includes(kind.value)) &&
    (isConverted === false || (isConverted.kind === "known" && !isConverted.value));
  const isKept = bucket !== undefined && isLockedBucket(graph, bucket);
  return {
    problems: [
      ...(isToBucket ? [] : [`${labelOf(delivery)} delivers to something else than a bucket (destination)`]),
      ...(isKept
        ? []
        : [
            bucket === undefined
              ? `${labelOf(delivery)} writes into no bucket of the stack`
              : `nothing keeps what is written into ${labelOf(bucket)} from being deleted before its time`,
          ]),
      ...(isFaithful
        ? []
        : [`${labelOf(delivery)} hands records to something that may change them or leave some out`]),
    ],
    kept: [delivery, ...(bucket === undefined ? [] : [bucket])],
  };
}

/** What copies a group to a bucket, whole. */
function copyOf(stack: AwsStack, group: Node): Copy {
  const { graph } = stack;
  const subscriptions = graph
    .ofType(subscriptionType)
    .filter((node) => certain(graph.referents(node, "logGroup", groupTypes)) === group);
  const copies = subscriptions.map((node): Copy => {
    const pattern = textOf(graph.read(node, "filterPattern"));
    const delivery = certain(graph.referents(node, "destinationArn", [deliveryType]));
    const { problems, kept } =
      delivery === undefined
        ? {
            problems: [`${labelOf(node)} delivers to nothing of the stack that writes into a bucket`],
            kept: [],
          }
        : deliveredBy(stack, delivery);
    return {
      problems: [
        // An empty pattern is every record; some providers leave out what is empty.
        ...(pattern.kind === "absent" || (pattern.kind === "known" && pattern.value === "")
          ? []
          : [`${labelOf(node)} leaves out some records (filterPattern)`]),
        ...(mayBeTrue(flagOf(graph.read(node, "applyOnTransformedLogs")))
          ? [`${labelOf(node)} hands on what a transformer of the group makes of records`]
          : []),
        ...problems,
      ],
      assumption: pattern.kind === "unknown" ? "`filterPattern` is not known" : undefined,
      kept: [group, node, ...kept],
    };
  });
  return (
    copies.find(({ problems }) => problems.length === 0) ??
    copies[0] ?? {
      problems: [
        `what is written to ${labelOf(group)} is nowhere else: who administers the account can delete it`,
      ],
      assumption: undefined,
      kept: [],
    }
  );
}

/** What of a container's log is not as records need it, and its group. */
function logOf(
  { graph }: AwsStack,
  node: Node,
  container: Reading<Readonly<Record<string, unknown>>>,
): { readonly problems: readonly string[]; readonly group: Node | undefined } {
  const log = recordOf(anyCase(container, "logConfiguration"));
  const options = recordOf(anyCase(log, "options"));
  const mode = textOf(memberReading(options, "mode"));
  const name = memberReading(options, "awslogs-group");
  const driver = textOf(anyCase(log, "logDriver"));
  const isToGroup = driver.kind === "known" && driver.value === "awslogs";
  return {
    problems:
      mode.kind === "known" && mode.value === "blocking"
        ? []
        : ["what its program records is dropped where it cannot be written at once (mode)"],
    group:
      name.kind === "absent" || !isToGroup
        ? undefined
        : certain(graph.referentsOf(node, "containerDefinitions", name, groupTypes)),
  };
}

/** What programs of the platforms of ours in a stack record of decisions and tool calls, by the tasks that run them. */
export function programRecords(stack: AwsStack): readonly ProgramRecords[] {
  const { graph, platforms } = stack;
  if (platforms.size === 0) {
    return [];
  }
  return graph.ofType("aws:ecs:taskdefinition").flatMap((node): readonly ProgramRecords[] => {
    const program = recordingPrograms.find(({ workload }) => peerOf(graph, node) === `workload/${workload}`);
    if (program === undefined || platformOf(stack, node) === undefined) {
      return [];
    }
    const { workload, records } = program;
    const read = graph.read(node, "containerDefinitions");
    const list = read.kind === "known" && typeof read.value === "string" ? jsonText(read) : read;
    const container = itemsOf(list)
      .map((item) => recordOf(item))
      .find((one) => {
        const name = textOf(anyCase(one, "name"));
        return name.kind === "known" && name.value === workload;
      });
    if (container === undefined) {
      return [
        {
          node,
          workload,
          problems: [`nothing shows where its program records ${records}`],
          assumption: list.kind === "unknown" ? "`containerDefinitions` is not known" : undefined,
          kept: [],
        },
      ];
    }
    const { problems, group } = logOf(stack, node, container);
    const copy: Copy =
      group === undefined
        ? {
            problems: ["its program writes to a log group that is not of the stack"],
            assumption: undefined,
            kept: [],
          }
        : copyOf(stack, group);
    return [{ ...copy, node, workload, problems: [...problems, ...copy.problems] }];
  });
}
