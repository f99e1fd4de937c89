import * as cloudwatch from "@pulumi/aws/cloudwatch";
import type * as kms from "@pulumi/aws/kms";
import * as sns from "@pulumi/aws/sns";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { peerTagsOf, zoneTags } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { policyDocument } from "./policy-document";

export interface CertificateAlarmsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  readonly key: kms.Key;
  /** The log groups into which workloads write, by workload. */
  readonly logNames: Readonly<Record<string, pulumi.Output<string>>>;
}

/** How often a certificate agent says what it has, in seconds, on the average of an hour (`services/certificate-agent`). */
const roundSeconds = 240;

/** How long what agents say is counted, in seconds. */
const period = 3600;

/** What a certificate agent writes into its log once a round: one line of JSON. */
const rounds = {
  all: '{ $.event = "certificate" }',
  insideWindow: '{ ($.event = "certificate") && ($.insideWindow IS TRUE) }',
} as const;

/** The topic on which alarms are published, by CloudWatch and by nobody else. Whom it tells is for the account to say. */
function alarmTopic({ spec, names, key }: CertificateAlarmsArgs, parent: pulumi.Resource): sns.Topic {
  const topic = new sns.Topic(
    `${spec.name}-alarms`,
    { name: names.alarmTopic, kmsMasterKeyId: key.arn, tags: zoneTags(spec.name, sharedZone) },
    { parent },
  );
  new sns.TopicPolicy(
    `${spec.name}-alarms-policy`,
    {
      arn: topic.arn,
      policy: policyDocument([
        {
          Sid: "AlarmsArePublished",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["sns:Publish"],
          Resource: [names.owned("sns", names.alarmTopic)],
          Condition: {
            StringEquals: { "aws:SourceAccount": names.accountId },
            ArnLike: { "aws:SourceArn": names.owned("cloudwatch", "alarm:*") },
          },
        },
      ]),
    },
    { parent },
  );
  return topic;
}

/**
 * Alarms for the certificates of workloads: one for a certificate that should have been renewed and was not, and one for
 * agents that say nothing, so that it is not known. They come from what the agents write into their workload's log.
 */
export function certificateAlarms(args: CertificateAlarmsArgs, parent: pulumi.Resource): void {
  const { spec, names, logNames } = args;
  const topic = alarmTopic(args, parent);
  const measured = (workload: Workload, what: string, pattern: string): string => {
    const logName = logNames[workload.id];
    if (logName === undefined) {
      throw new Error(`workload/${workload.id} has no log`);
    }
    const name = `${names.ofWorkload(workload)}-${what}`;
    new cloudwatch.LogMetricFilter(
      `${spec.name}-${workload.id}-${what}`,
      {
        name,
        logGroupName: logName,
        pattern,
        metricTransformation: { name, namespace: names.metricNamespace, value: "1", unit: "Count" },
      },
      { parent },
    );
    return name;
  };
  const alarm = (
    workload: Workload,
    what: string,
    metricName: string,
    when: Pick<
      cloudwatch.MetricAlarmArgs,
      "alarmDescription" | "comparisonOperator" | "threshold" | "treatMissingData"
    >,
  ): void => {
    const { id, zone } = workload;
    new cloudwatch.MetricAlarm(
      `${spec.name}-${id}-${what}-alarm`,
      {
        name: `${names.ofWorkload(workload)}-${what}`,
        namespace: names.metricNamespace,
        metricName,
        statistic: "Sum",
        period,
        evaluationPeriods: 1,
        ...when,
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        tags: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
      },
      { parent },
    );
  };
  for (const workload of spec.workloads) {
    const { spiffeId, replicas } = workload;
    alarm(
      workload,
      "certificate-not-renewed",
      measured(workload, "certificates-to-renew", rounds.insideWindow),
      {
        alarmDescription: `The certificate of ${spiffeId} has less than ${String(spec.certificates.renewBeforeHours)} hours left: run pulumi up, which renews it.`,
        comparisonOperator: "GreaterThanThreshold",
        threshold: 0,
        treatMissingData: "notBreaching",
      },
    );
    alarm(workload, "certificate-agents-silent", measured(workload, "certificate-rounds", rounds.all), {
      alarmDescription: `A certificate agent of ${spiffeId} says nothing, so that nobody knows how long its certificate is good for.`,
      comparisonOperator: "LessThanThreshold",
      // Half an agent less than all: one that is silent is missed, and rounds that come late are not.
      threshold: (replicas - 0.5) * (period / roundSeconds),
      treatMissingData: "breaching",
    });
  }
}
