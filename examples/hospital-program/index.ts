import { configuredPlatform, Platform, referencePlatform } from "@bulkhead/components";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";

const name = "north";
const id = "discharge-letters";
const repository = `${name}/${id}`;
const digest = `sha256:${"6".repeat(64)}`;

// The reference platform with one workload more, what that one may reach, and what a clinician needs to ask it.
const platform = new Platform(
  configuredPlatform({
    platform: {
      ...referencePlatform,
      name,
      trustDomain: "ai.north-hospital.example",
      workloads: [
        ...referencePlatform.workloads,
        { id, zone: "processing", image: `${repository}@${digest}`, replicas: 2 },
      ],
      flows: [
        ...referencePlatform.flows,
        { from: "workload/ai-gateway", to: `workload/${id}` },
        { from: `workload/${id}`, to: "workload/fhir-proxy" },
        { from: `workload/${id}`, to: "platform-service/model-inference" },
      ],
      access: {
        ...referencePlatform.access,
        routes: [
          ...(referencePlatform.access.routes ?? []),
          { at: "ai-gateway", path: "/v1/discharge-letters", resource: "phi_discharge_summary" },
        ],
      },
    },
  }),
);

/** What the platform has for the workload. */
function ofWorkload<T>(outputs: Readonly<Record<string, T>>, key: string = id): T {
  const output = outputs[key];
  if (output === undefined) {
    throw new Error(`the platform has nothing for ${key}`);
  }
  return output;
}

const logName = ofWorkload(platform.workloadLogNames);

// Who is on call hears when letters fail, by a topic that the hospital has already.
const failed = new cloudwatch.LogMetricFilter(`${id}-failed`, {
  logGroupName: logName,
  pattern: '{ $.outcome = "failed" }',
  metricTransformation: {
    namespace: "North/Discharge",
    name: "LettersFailed",
    value: "1",
    defaultValue: "0",
  },
});
new cloudwatch.MetricAlarm(`${id}-failing`, {
  alarmDescription: "Discharge letters fail.",
  namespace: failed.metricTransformation.namespace,
  metricName: failed.metricTransformation.name,
  statistic: "Sum",
  comparisonOperator: "GreaterThanThreshold",
  threshold: 5,
  period: 300,
  evaluationPeriods: 1,
  treatMissingData: "breaching",
  alarmActions: [new pulumi.Config().require("onCallTopic")],
});

/** Where the hospital's own name for the platform points to. */
export const entranceNames = platform.entranceNames;
/** Where to push the image. */
export const repositoryAddress = ofWorkload(platform.repositoryAddresses, repository);
