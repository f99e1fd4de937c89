import type { RecordStream } from "../audit-log";

/** How long records can be searched at once, in days; Azure takes no more. */
export const searchableDays = 730;

/** The times for which a table can keep records altogether, in days (Azure Monitor REST API, `totalRetentionInDays`). */
const totalRetentions = [730, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383] as const;

/**
 * The shortest time for which a table keeps records that is no shorter than what is asked for, in days.
 *
 * @throws RangeError if that is longer than any, twelve years, which the model does not let through.
 */
export function tableRetentionDays(days: number): number {
  const found = totalRetentions.find((candidate) => candidate >= days);
  if (found === undefined) {
    throw new RangeError(`no table of Azure's keeps records for ${String(days)} days`);
  }
  return found;
}

/** The streams that Azure itself writes, and the tables that it writes them to (Azure Monitor Logs table reference). */
export const tablesOfStreams = {
  "network-flows": "NTANetAnalytics",
  "name-queries": "DNSQueryLogs",
  "web-firewall": "AGWFirewallLogs",
} as const satisfies Partial<Record<RecordStream, string>>;

/** The other tables to which the services of a platform write, and the one of calls to Azure, of the same source. */
export const tablesOfServices = [
  "AGWAccessLogs",
  "AZKVAuditLogs",
  "AzureActivity",
  "AzureDiagnostics",
  "ContainerRegistryLoginEvents",
  "ContainerRegistryRepositoryEvents",
  "LAQueryLogs",
  "MicrosoftHealthcareApisAuditLogs",
  "NSPAccessLogs",
  "StorageBlobLogs",
] as const;

/** The tables to which a firewall writes, there where the platform has one. */
export const tablesOfFirewalls = [
  "AZFWApplicationRule",
  "AZFWApplicationRuleAggregation",
  "AZFWDnsQuery",
  "AZFWFatFlow",
  "AZFWFlowTrace",
  "AZFWIdpsSignature",
  "AZFWInternalFqdnResolutionFailure",
  "AZFWNatRule",
  "AZFWNatRuleAggregation",
  "AZFWNetworkRule",
  "AZFWNetworkRuleAggregation",
  "AZFWThreatIntel",
] as const;

/** A column of a table of our own form. */
export interface RecordColumn {
  readonly name: string;
  readonly type: "datetime" | "dynamic";
}

/** What a record of our own form has: when it was made, which every table needs, and what it says. */
export const recordColumns: readonly RecordColumn[] = [
  { name: "TimeGenerated", type: "datetime" },
  { name: "Record", type: "dynamic" },
];

/** What workloads call the records that they send. */
export const recordStream = "Custom-Records";
