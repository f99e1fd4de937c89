import type { Mutant } from "./mutants";
import { audited, egress, foreignBucket, set, type Properties } from "./service-mutants";
import { unknownText, type Sketch } from "./stack-sketch";

const task = "bulkhead-decision-point-task";
const subscription = "bulkhead-access-decisions-subscription";
const delivery = "bulkhead-access-decisions-delivery";
const lock = "bulkhead-audit-records-lock";

/** Changes the log of the program of the decision points. */
function logged(stack: Sketch, change: (configuration: Properties) => Properties): void {
  stack.change(task, (inputs) => ({
    ...inputs,
    containerDefinitions: JSON.stringify(
      (JSON.parse(String(inputs["containerDefinitions"])) as readonly Properties[]).map((container) => {
        return container["name"] === "decision-point"
          ? { ...container, logConfiguration: change(container["logConfiguration"] as Properties) }
          : container;
      }),
    ),
  }));
}

/** Changes the options of that log. */
function log(stack: Sketch, change: (options: Properties) => Properties): void {
  logged(stack, (configuration) => ({
    ...configuration,
    options: change(configuration["options"] as Properties),
  }));
}

/** Changes what a delivery does with records. */
function deliver(stack: Sketch, change: Properties): void {
  stack.change(delivery, (inputs) => ({
    ...inputs,
    extendedS3Configuration: { ...(inputs["extendedS3Configuration"] as Properties), ...change },
  }));
}

function one(fault: string, dig: Mutant["dig"], rule: Mutant["rule"] = audited): Mutant {
  return { fault: `decisions: ${fault}`, rule, dig };
}

/** Faults by which decisions or tool calls are not kept where nobody deletes them. */
export const programRecordMutants: readonly Mutant[] = [
  one("nothing copies them", (s) => s.remove(subscription)),
  one("those allowed are copied alone", (s) => {
    set(s, subscription, "filterPattern", "{ $.status_id = 1 }");
  }),
  one("which are copied is not known", (s) => {
    set(s, subscription, "filterPattern", unknownText);
  }),
  one("another stream is copied in their place", (s) => {
    set(s, subscription, "logGroup", `${s.id("bulkhead-tool-calls-records")}.name`);
  }),
  one("they are copied to somebody's function", (s) => {
    set(s, subscription, "destinationArn", "arn:aws:lambda:us-east-1:999988887777:function:hole");
  }),
  one("they are delivered to somebody's bucket", (s) => {
    deliver(s, { bucketArn: foreignBucket });
  }),
  one("to which bucket they are delivered is not known", (s) => {
    deliver(s, { bucketArn: unknownText });
  }),
  one("a function makes of them what it wants", (s) => {
    deliver(s, { processingConfiguration: { enabled: true, processors: [{ type: "Lambda" }] } });
  }),
  one("the bucket is not locked", (s) => s.remove(lock)),
  one("the lock can be taken off", (s) => {
    set(s, lock, "rule", { defaultRetention: { mode: "GOVERNANCE", days: 2192 } });
  }),
  one("the lock is of a month", (s) => {
    set(s, lock, "rule", { defaultRetention: { mode: "COMPLIANCE", days: 30 } });
  }),
  one("what cannot be written at once is dropped", (s) => {
    log(s, (options) => ({ ...options, mode: "non-blocking" }));
  }),
  one("what cannot be written at once is dropped, as AWS has it", (s) => {
    log(s, (options) => Object.fromEntries(Object.entries(options).filter(([key]) => key !== "mode")));
  }),
  one("another driver writes them, which reads no group", (s) => {
    logged(s, (configuration) => ({ ...configuration, logDriver: "fluentd" }));
  }),
  one("they are delivered to somebody's server", (s) => {
    set(s, delivery, "destination", "http_endpoint");
  }),
  one("they are cut to the columns of a table", (s) => {
    deliver(s, { dataFormatConversionConfiguration: { schemaConfiguration: { tableName: "short" } } });
  }),
  one("they may be cut to the columns of a table", (s) => {
    deliver(s, { dataFormatConversionConfiguration: unknownText });
  }),
  one("what a transformer makes of them is copied", (s) => {
    set(s, subscription, "applyOnTransformedLogs", true);
  }),
  one("they are written to a group that nothing copies", (s) => {
    log(s, (options) => ({ ...options, "awslogs-group": "/bulkhead/workload/decision-point" }));
  }),
  one("they are written to a group that is not of the stack", (s) => {
    log(s, (options) => ({ ...options, "awslogs-group": "/somebodys" }));
  }),
  one("what records them is not known", (s) => {
    set(s, task, "containerDefinitions", unknownText);
  }),
  one(
    "the PHI zone's records are delivered to somebody besides",
    (s) => {
      s.add("aws:cloudwatch/logGroup:LogGroup", "hole-group", {
        name: "hole",
        tags: { "bulkhead-zone": "phi" },
      });
      s.add("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter", "hole", {
        logGroup: "hole",
        filterPattern: "",
        destinationArn: "arn:aws:firehose:us-east-1:999988887777:deliverystream/hole",
      });
    },
    egress,
  ),
];
