import * as logging from "@pulumi/gcp/logging";
import * as monitoring from "@pulumi/gcp/monitoring";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { agentName } from "../mesh/pod";
import { peerTagsOf, type ZoneRegister } from "../zone-facts";

import { dockerLog, type NetworkedZone, type PhysicalNames } from "./physical-names";

export interface CertificateAlarmsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
  /** What must stand before anything is measured: the APIs. */
  readonly ready: readonly pulumi.Resource[];
}

/** How often a certificate agent says what it has, at the least. */
const roundMinutes = 5;

/** How long what agents say is counted, in minutes. */
const periodMinutes = 60;

/** The metric of what certificate agents say, in the project of a zone. */
function metricName(names: PhysicalNames): string {
  return names.owned("certificate-rounds");
}

/** The same as queries write it (Cloud Monitoring documentation, "Mapping Cloud Monitoring metrics to PromQL"). */
function queriedName(names: PhysicalNames): string {
  return `logging_googleapis_com:user_${metricName(names).replaceAll("-", "_")}`;
}

/**
 * Counts what the certificate agents of a zone's workloads say: one line a round, which Docker's driver hands over as text,
 * by the workload and by whether its certificate should have been renewed.
 */
function measure(zone: NetworkedZone, args: CertificateAlarmsArgs, parent: pulumi.Resource): logging.Metric {
  const { spec, names, ready } = args;
  const told = (name: string): string => `jsonPayload.message:${JSON.stringify(name)}`;
  return new logging.Metric(
    `${spec.name}-${zone}-certificate-rounds`,
    {
      name: metricName(names),
      project: names.project(zone),
      description: "What certificate agents say",
      filter: [
        `LOG_ID("${dockerLog}")`,
        `jsonPayload.container.name=~"/?${agentName}$"`,
        told('"event":"certificate"'),
      ].join(" AND "),
      metricDescriptor: {
        metricKind: "DELTA",
        valueType: "INT64",
        unit: "1",
        labels: [
          { key: "workload", valueType: "STRING" },
          { key: "inside_window", valueType: "STRING" },
        ],
      },
      // A dot stands for each quotation mark.
      labelExtractors: {
        workload: 'REGEXP_EXTRACT(jsonPayload.message, "/workload/([-a-z0-9]+)")',
        inside_window: 'REGEXP_EXTRACT(jsonPayload.message, "insideWindow.:(true|false)")',
      },
      disabled: false,
    },
    { parent, dependsOn: [...ready] },
  );
}

/**
 * Alarms for the certificates of workloads, one for each: its certificate should have been renewed and was not, or an agent
 * says nothing, so that it is not known. They come from what the agents write into the log of their zone's workloads.
 *
 * Each opens an incident in its zone's project. Whom it tells besides is for the project to say: channels that are added to
 * it stay.
 */
export function certificateAlarms(
  args: CertificateAlarmsArgs,
  register: ZoneRegister,
  parent: pulumi.Resource,
): void {
  const { spec, names } = args;
  const metrics = new Map(
    names.networkedZones.map((zone) => [zone, register.add(zone, measure(zone, args, parent))]),
  );
  const period = `${String(periodMinutes)}m`;
  for (const workload of spec.workloads) {
    const { id, zone, spiffeId, replicas } = workload;
    const metric = metrics.get(workload.zone);
    const counted = `increase(${queriedName(names)}{monitored_resource="gce_instance",workload="${id}"`;
    // All but half an agent: a replica that is silent is missed, and one round that comes late is not.
    const least = (replicas - 0.5) * (periodMinutes / roundMinutes);
    register.add(
      zone,
      new monitoring.AlertPolicy(
        `${spec.name}-${id}-certificate-alarm`,
        {
          displayName: `${names.owned(id)}: certificate`,
          project: names.project(workload.zone),
          enabled: true,
          combiner: "OR",
          severity: "CRITICAL",
          conditions: [
            {
              displayName: "A certificate is not renewed",
              conditionPrometheusQueryLanguage: {
                query: `sum(${counted},inside_window="true"}[${period}])) > 0`,
                duration: "0s",
                evaluationInterval: "300s",
              },
            },
            {
              displayName: "A certificate agent says nothing",
              conditionPrometheusQueryLanguage: {
                // Nothing at all is no result, which would be no alarm.
                query: `(sum(${counted}}[${period}])) or vector(0)) < ${String(least)}`,
                duration: "0s",
                evaluationInterval: "300s",
              },
            },
          ],
          documentation: {
            mimeType: "text/markdown",
            content: `The certificate of ${spiffeId} has less than ${String(spec.certificates.renewBeforeHours)} hours left: run \`pulumi up\`, which renews it. Or an agent of it says nothing, so that nobody knows how long it is good for.`,
          },
          alertStrategy: { autoClose: "86400s" },
          userLabels: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
        },
        {
          parent,
          dependsOn: metric === undefined ? [] : [metric],
          // Whom it tells is added by whoever is on call.
          ignoreChanges: ["notificationChannels"],
        },
      ),
    );
  }
}
