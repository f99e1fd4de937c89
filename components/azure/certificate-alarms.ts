import * as monitor from "@pulumi/azure-native/monitor";
import type * as pulumi from "@pulumi/pulumi";

import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { peerTagsOf, zoneTags } from "../zone-facts";

import type { PhysicalNames } from "./physical-names";
import { workloadPeer } from "./replica-addresses";

export interface CertificateAlarmsArgs {
  readonly spec: PlatformSpec;
  readonly names: PhysicalNames;
}

/** How often a certificate agent says what it has, in minutes, at the least. */
const roundMinutes = 5;

/** Over how many minutes what agents say is counted. */
const windowMinutes = 60;

/** The role whose holders in the subscription are told by mail: Owner (Azure documentation, "Azure built-in roles"). */
const ownerRole = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";

/**
 * Gives one row if a certificate was to be renewed and was not, or if an agent said too little, and none otherwise. A round
 * of an agent is one line of JSON in its workload's table.
 */
function query(table: string, fewest: number): string {
  return [
    table,
    "| extend said = parse_json(tostring(Record.message))",
    '| where tostring(said.event) == "certificate"',
    "| summarize rounds = count(), late = countif(tobool(said.insideWindow))",
    `| where late > 0 or rounds < ${String(fewest)}`,
  ].join("\n");
}

/**
 * Alarms for the certificates of workloads: one each, for a certificate that should have been renewed and was not, and for
 * agents that say nothing, so that it is not known. They come from what the agents write into their workload's table, and
 * tell nothing of what else is there. The owners of the subscription are told.
 */
export function certificateAlarms(
  { spec, names }: CertificateAlarmsArgs,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): void {
  const options = { parent: opts.parent, dependsOn: [...opts.dependsOn] };
  const receivers = new monitor.ActionGroup(
    `${spec.name}-alarms`,
    {
      actionGroupName: names.alarmReceivers,
      resourceGroupName: names.group("audit"),
      location: "Global",
      groupShortName: "bulkhead",
      enabled: true,
      armRoleReceivers: [{ name: "owners", roleId: ownerRole, useCommonAlertSchema: true }],
      tags: zoneTags(spec.name, sharedZone),
    },
    options,
  );
  const alarm = (workload: Workload): void => {
    const { id, zone, spiffeId, replicas } = workload;
    // All but half an agent: a replica that is silent is missed, and one round that comes late is not.
    const fewest = Math.ceil((replicas - 0.5) * (windowMinutes / roundMinutes));
    new monitor.ScheduledQueryRule(
      `${spec.name}-${id}-certificate-alarm`,
      {
        ruleName: names.certificateAlarm(workload),
        resourceGroupName: names.group("audit"),
        location: names.location,
        kind: "LogAlert",
        displayName: `${spec.name}: certificates of ${id}`,
        description: `A certificate of ${spiffeId} has less than ${String(spec.certificates.renewBeforeHours)} hours left: run pulumi up, which renews it. Or its agents say too little, so that nobody knows.`,
        severity: 1,
        enabled: true,
        scopes: [names.recordsWorkspaceId],
        evaluationFrequency: "PT15M",
        windowSize: `PT${String(windowMinutes)}M`,
        criteria: {
          allOf: [
            {
              query: query(names.outputTable(workload), fewest),
              timeAggregation: "Count",
              operator: "GreaterThan",
              threshold: 0,
              failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
            },
          ],
        },
        autoMitigate: true,
        // The table is new when the alarm is, and has nothing in it.
        skipQueryValidation: true,
        actions: { actionGroups: [names.alarmReceiversId] },
        tags: peerTagsOf(spec.name, zone, workloadPeer(workload)),
      },
      { ...options, dependsOn: [receivers, ...options.dependsOn] },
    );
  };
  spec.workloads.forEach(alarm);
}
