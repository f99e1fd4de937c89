import * as authorization from "@pulumi/azure-native/authorization";
import * as managedidentity from "@pulumi/azure-native/managedidentity";
import * as monitor from "@pulumi/azure-native/monitor";
import * as network from "@pulumi/azure-native/network";
import * as operationalinsights from "@pulumi/azure-native/operationalinsights";
import type * as pulumi from "@pulumi/pulumi";

import type { AzureTarget } from "../../model/cloud-target";
import type { PlatformSpec } from "../../model/platform-spec";
import { sharedZone } from "../../model/tag";
import type { Workload } from "../../model/workload";
import { AuditLog, programStreams, streamOfProgram, type RecordStream } from "../audit-log";
import { keyPurposes, type KeyPurpose } from "../encryption-keys";
import { peerTagsOf, zoneTags, ZoneRegister, type Tags, type ZoneMembers } from "../zone-facts";

import { closedStorageAccount, type ClosedStorageAccount } from "./closed-storage-account";
import type { CustomerKey } from "./customer-key";
import { egressGuardOf } from "./firewall-subnet";
import { diagnostics, type RecordsDestination } from "./diagnostic-settings";
import { ownId } from "../own-id";
import type { PhysicalNames, RecordsAccount } from "./physical-names";
import {
  recordColumns,
  recordStream,
  searchableDays,
  tableRetentionDays,
  tablesOfFirewalls,
  tablesOfServices,
  tablesOfStreams,
} from "./record-tables";
import type { AzureResourceGroups } from "./resource-groups";
import { roleAssignment } from "./role-assignment";

export interface AzureAuditLogArgs {
  readonly spec: PlatformSpec;
  readonly target: AzureTarget;
  readonly names: PhysicalNames;
  readonly resourceGroups: AzureResourceGroups;
  readonly networkId: pulumi.Input<string>;
  /** The keys: the audit trail's, which encrypts it, and all, whose use is recorded. */
  readonly keys: Readonly<Record<KeyPurpose, CustomerKey>>;
  /** Whether nobody may take back any more that records cannot be deleted. */
  readonly locksRecords: boolean;
}

/** What Azure records of calls to it (Azure documentation, "Azure activity log event schema", "Categories"). */
const activityCategories = [
  "Administrative",
  "Alert",
  "Autoscale",
  "Policy",
  "Recommendation",
  "ResourceHealth",
  "Security",
  "ServiceHealth",
] as const;

/** What a container printed, or all others, of the records that a workload sends (Kusto, "Transformations in Azure Monitor"). */
function printedBy(container: string, comparison: "==" | "!="): string {
  return `source | where tostring(Record.container) ${comparison} "${container}"`;
}

/** The least that a cluster of Log Analytics is bought for, in gigabytes a day; what is more is paid as it comes. */
const clusterGigabytes = 100;

/**
 * The audit trail on Azure: a workspace of Log Analytics in a cluster of its own, since only a cluster takes a key of the
 * customer's, with a table for each stream of records and for each workload's output; the flows of the whole network; and
 * every call to the subscription, with the reads and writes of the PHI zone's stores, in storage where nobody can delete
 * them before their time. Decisions and tool calls are copied to that storage as they come.
 */
export class AzureAuditLog extends AuditLog {
  readonly streamIds: Readonly<Record<RecordStream, pulumi.Output<string>>>;
  readonly workloadLogNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly zoneMembers: ZoneMembers;
  /** Where services of Azure's write what they record. */
  readonly destination: RecordsDestination;
  /** What workloads reach by the private link scope of Azure Monitor: where they send records, and where those go. */
  readonly linked: readonly {
    readonly what: string;
    readonly id: string;
    readonly resource: pulumi.Resource;
  }[];
  /** Where workloads send what they record, and the rules by which they do, by workload. */
  readonly collection: {
    readonly endpoint: monitor.DataCollectionEndpoint;
    readonly rules: ReadonlyMap<string, monitor.DataCollectionRule>;
  };
  readonly #args: AzureAuditLogArgs;
  readonly #tags: Tags;
  readonly #group: string;
  readonly #register = new ZoneRegister();

  constructor(name: string, args: AzureAuditLogArgs, opts: pulumi.ComponentResourceOptions) {
    const { spec, names, keys } = args;
    super(AuditLog.__pulumiType, name, { cloud: "azure", platform: spec.name }, opts);
    this.#args = args;
    this.#tags = zoneTags(spec.name, sharedZone);
    this.#group = names.group("audit");

    const workspace = this.#workspace();
    const services = this.#records("services", args.locksRecords ? "locked" : "immutable");
    const flows = this.#records("network-flows", "expiring");
    this.destination = {
      workspaceId: names.recordsWorkspaceId,
      accountId: names.recordsAccountId("services"),
      delivery: [...workspace.ready, ...services.closed],
    };

    const written = (stream: keyof typeof tablesOfStreams): pulumi.Output<string> =>
      ownId(
        this.#table(`${stream}-records`, tablesOfStreams[stream], workspace.ready),
        names.tableId(tablesOfStreams[stream]),
      );
    const own = (stream: RecordStream): operationalinsights.Table =>
      this.#ownTable(`${stream}-records`, names.streamTable(stream), workspace.ready);
    const ofPrograms = {
      "access-decisions": own("access-decisions"),
      "tool-calls": own("tool-calls"),
      "egress-inspections": own("egress-inspections"),
    };
    this.streamIds = {
      "network-flows": written("network-flows"),
      "name-queries": written("name-queries"),
      "web-firewall": written("web-firewall"),
      "access-decisions": ownId(
        ofPrograms["access-decisions"],
        names.tableId(names.streamTable("access-decisions")),
      ),
      "tool-calls": ownId(ofPrograms["tool-calls"], names.tableId(names.streamTable("tool-calls"))),
      "egress-inspections": ownId(
        ofPrograms["egress-inspections"],
        names.tableId(names.streamTable("egress-inspections")),
      ),
    };
    const copied = Object.values(ofPrograms);
    this.#export([...copied, ...workspace.ready, ...services.closed]);
    const ofServices = [...tablesOfServices, ...(egressGuardOf(spec) === undefined ? [] : tablesOfFirewalls)];
    for (const table of ofServices) {
      this.#table(`${table}-records`, table, workspace.ready);
    }

    const endpoint = this.#collectionEndpoint();
    this.linked = [
      { what: "records", id: names.recordsWorkspaceId, resource: workspace.workspace },
      { what: "records-endpoint", id: names.collectionEndpointId, resource: endpoint },
    ];
    const outputs = new Map(
      spec.workloads.map((workload) => [
        workload.id,
        this.#output(workload, [...workspace.ready, endpoint, ...copied]),
      ]),
    );
    this.workloadLogNames = Object.fromEntries(
      [...outputs].map(([id, { table, tableName }]) => [id, ownId(table, tableName)]),
    );
    this.collection = { endpoint, rules: new Map([...outputs].map(([id, { rule }]) => [id, rule])) };
    this.#networkFlows([...workspace.ready, ...flows.closed]);
    this.#calls();
    this.#keep("records-workspace", names.recordsWorkspaceId, workspace.ready);
    this.#keep("services-records-account", names.recordsAccountId("services"), services.closed);
    this.#keep("network-flows-records-account", names.recordsAccountId("network-flows"), flows.closed);
    for (const purpose of keyPurposes) {
      diagnostics(`${spec.name}-${purpose}-vault`, names.vaultId(purpose), this.destination, {
        parent: this,
        dependsOn: [keys[purpose].vault, ...this.destination.delivery],
      });
    }

    this.zoneMembers = this.#register.members();
    this.registerOutputs({
      streamIds: this.streamIds,
      workloadLogNames: this.workloadLogNames,
      zoneMembers: this.zoneMembers,
    });
  }

  /** The workspace, and what must stand before records come into it: they would be encrypted with a key of Azure's. */
  #workspace(): {
    readonly workspace: operationalinsights.Workspace;
    readonly ready: readonly pulumi.Resource[];
  } {
    const { spec, names, resourceGroups, keys } = this.#args;
    const group = resourceGroups.groups.audit;
    const cluster = new operationalinsights.Cluster(
      `${spec.name}-records-cluster`,
      {
        clusterName: names.recordsCluster,
        resourceGroupName: this.#group,
        location: names.location,
        sku: { name: "CapacityReservation", capacity: clusterGigabytes },
        billingType: "Cluster",
        identity: { type: "UserAssigned", userAssignedIdentities: [names.keyUserId("audit")] },
        keyVaultProperties: {
          keyVaultUri: names.vaultUri("audit"),
          keyName: names.key("audit"),
          // The newest, whichever that is (Azure documentation, "Customer-managed keys in Azure Monitor").
          keyVersion: "",
          keyRsaSize: 3072,
        },
        isDoubleEncryptionEnabled: true,
        tags: this.#tags,
      },
      { parent: this, protect: true, dependsOn: [group, ...keys.audit.usable] },
    );
    const workspace = new operationalinsights.Workspace(
      `${spec.name}-records-workspace`,
      {
        workspaceName: names.recordsWorkspace,
        resourceGroupName: this.#group,
        location: names.location,
        sku: { name: "PerGB2018" },
        retentionInDays: searchableDays,
        // No limit at which records would be dropped.
        workspaceCapping: { dailyQuotaGb: -1 },
        publicNetworkAccessForIngestion: "Disabled",
        publicNetworkAccessForQuery: "Disabled",
        features: {
          disableLocalAuth: true,
          // Of decisions and tool calls, to storage that is written once.
          enableDataExport: true,
          enableLogAccessUsingOnlyResourcePermissions: true,
          immediatePurgeDataOn30Days: false,
        },
        tags: this.#tags,
      },
      // Its price becomes that of the cluster once it is in it.
      { parent: this, protect: true, dependsOn: [group], ignoreChanges: ["sku"] },
    );
    const link = new operationalinsights.LinkedService(
      `${spec.name}-records-workspace-cluster`,
      {
        linkedServiceName: "Cluster",
        resourceGroupName: this.#group,
        workspaceName: names.recordsWorkspace,
        writeAccessResourceId: names.recordsClusterId,
        tags: this.#tags,
      },
      { parent: this, dependsOn: [cluster, workspace] },
    );
    // Who reads the records is recorded as well.
    const workspaceId = names.recordsWorkspaceId;
    diagnostics(
      `${spec.name}-records-workspace`,
      workspaceId,
      { workspaceId },
      {
        parent: this,
        dependsOn: [workspace, link],
      },
    );
    return { workspace, ready: [workspace, link] };
  }

  /** An account of records; Azure's services write to it by themselves, and get past its closed network for that. */
  #records(of: RecordsAccount, records: "expiring" | "immutable" | "locked"): ClosedStorageAccount {
    const { spec, target, names, resourceGroups, keys } = this.#args;
    const created = closedStorageAccount(
      `${spec.name}-${of}-records`,
      {
        names,
        target,
        accountName: names.recordsAccount(of),
        group: "audit",
        key: keys.audit,
        bypass: "AzureServices",
        retentionDays: spec.audit.retentionDays,
        records,
        tags: this.#tags,
      },
      { parent: this, dependsOn: [resourceGroups.groups.audit] },
    );
    const blobs = `${names.recordsAccountId(of)}/blobServices/default`;
    diagnostics(
      `${spec.name}-${of}-records-account`,
      blobs,
      { workspaceId: names.recordsWorkspaceId },
      {
        parent: this,
        dependsOn: [created.account],
      },
    );
    return created;
  }

  /** How long a table keeps what is written to it. */
  #retention(): { readonly retentionInDays: number; readonly totalRetentionInDays: number } {
    return {
      retentionInDays: searchableDays,
      totalRetentionInDays: tableRetentionDays(this.#args.spec.audit.retentionDays),
    };
  }

  /** A table of Azure's own. */
  #table(name: string, tableName: string, dependsOn: readonly pulumi.Resource[]): operationalinsights.Table {
    const { spec, names } = this.#args;
    return new operationalinsights.Table(
      `${spec.name}-${name}`,
      {
        tableName,
        workspaceName: names.recordsWorkspace,
        resourceGroupName: this.#group,
        plan: "Analytics",
        ...this.#retention(),
      },
      // It belongs to the workspace, which would not let it go.
      { parent: this, dependsOn: [...dependsOn], retainOnDelete: true },
    );
  }

  /** A table of our own form. */
  #ownTable(
    name: string,
    tableName: string,
    dependsOn: readonly pulumi.Resource[],
  ): operationalinsights.Table {
    const { spec, names } = this.#args;
    return new operationalinsights.Table(
      `${spec.name}-${name}`,
      {
        tableName,
        workspaceName: names.recordsWorkspace,
        resourceGroupName: this.#group,
        plan: "Analytics",
        schema: { name: tableName, columns: recordColumns.map((column) => ({ ...column })) },
        ...this.#retention(),
      },
      // A workload may go; what it wrote is kept for its time.
      { parent: this, dependsOn: [...dependsOn], retainOnDelete: true },
    );
  }

  /** Copies decisions and tool calls, as they come, to the account in which nobody can change or delete them. */
  #export(dependsOn: readonly pulumi.Resource[]): void {
    const { spec, names } = this.#args;
    new operationalinsights.DataExport(
      `${spec.name}-records-export`,
      {
        dataExportName: names.owned("records"),
        resourceGroupName: this.#group,
        workspaceName: names.recordsWorkspace,
        resourceId: names.recordsAccountId("services"),
        tableNames: programStreams.map((stream) => names.streamTable(stream)),
        enable: true,
      },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }

  /** Where workloads send their records, by private endpoint alone. */
  #collectionEndpoint(): monitor.DataCollectionEndpoint {
    const { spec, names, resourceGroups } = this.#args;
    return new monitor.DataCollectionEndpoint(
      `${spec.name}-records-endpoint`,
      {
        dataCollectionEndpointName: names.collectionEndpoint,
        resourceGroupName: this.#group,
        location: names.location,
        networkAcls: { publicNetworkAccess: "Disabled" },
        tags: this.#tags,
      },
      { parent: this, dependsOn: [resourceGroups.groups.audit] },
    );
  }

  /**
   * The table of a workload's output, and the rule by which it alone writes there. What the program prints of a workload
   * whose program writes a stream goes to that stream's table.
   */
  #output(
    workload: Workload,
    dependsOn: readonly pulumi.Resource[],
  ): {
    readonly table: operationalinsights.Table;
    readonly tableName: string;
    readonly rule: monitor.DataCollectionRule;
  } {
    const { spec, names } = this.#args;
    const { id, zone } = workload;
    const tableName = names.outputTable(workload);
    const table = this.#register.add(zone, this.#ownTable(`${id}-output`, tableName, dependsOn));
    const stream = streamOfProgram(workload);
    const flow = (transformKql: string, to: string) => ({
      streams: [recordStream],
      destinations: ["records"],
      transformKql,
      outputStream: `Custom-${to}`,
    });
    const rule = this.#register.add(
      zone,
      new monitor.DataCollectionRule(
        `${spec.name}-${id}-output-rule`,
        {
          dataCollectionRuleName: names.collectionRule(workload),
          resourceGroupName: this.#group,
          location: names.location,
          dataCollectionEndpointId: names.collectionEndpointId,
          streamDeclarations: { [recordStream]: { columns: recordColumns.map((column) => ({ ...column })) } },
          destinations: {
            logAnalytics: [{ name: "records", workspaceResourceId: names.recordsWorkspaceId }],
          },
          dataFlows:
            stream === undefined
              ? [flow("source", tableName)]
              : [flow(printedBy(id, "!="), tableName), flow(printedBy(id, "=="), names.streamTable(stream))],
          tags: peerTagsOf(spec.name, zone, { kind: "workload", id, zone }),
        },
        { parent: this, dependsOn: [table] },
      ),
    );
    return { table, tableName, rule };
  }

  /** The flows of the whole network, let through and refused. */
  #networkFlows(dependsOn: readonly pulumi.Resource[]): void {
    const { spec, names, resourceGroups, networkId } = this.#args;
    const storageId = names.recordsAccountId("network-flows");
    const identityId = names.networkFlowsIdentityId;
    const identity = new managedidentity.UserAssignedIdentity(
      `${spec.name}-network-flows-identity`,
      {
        resourceName: names.networkFlowsIdentity,
        resourceGroupName: this.#group,
        location: names.location,
        tags: this.#tags,
      },
      { parent: this, dependsOn: [resourceGroups.groups.audit] },
    );
    const write = roleAssignment(
      `${spec.name}-network-flows-permission`,
      { names, role: "Storage Blob Data Contributor", scope: storageId, identity, identityId },
      { parent: this, dependsOn: [...dependsOn] },
    );
    new network.FlowLog(
      `${spec.name}-network-flows`,
      {
        flowLogName: names.owned("network-flows"),
        // Azure makes the watcher of a region with its first network (Azure documentation, "Enable Network Watcher").
        networkWatcherName: `NetworkWatcher_${names.location}`,
        resourceGroupName: "NetworkWatcherRG",
        location: names.location,
        targetResourceId: networkId,
        enabled: true,
        format: { type: "JSON", version: 2 },
        storageId,
        // The account's own rule says how long they are kept; this one could say a year at most.
        retentionPolicy: { enabled: false, days: 0 },
        identity: { type: "UserAssigned", userAssignedIdentities: [identityId] },
        flowAnalyticsConfiguration: {
          networkWatcherFlowAnalyticsConfiguration: {
            enabled: true,
            trafficAnalyticsInterval: 10,
            workspaceRegion: names.location,
            workspaceResourceId: names.recordsWorkspaceId,
          },
        },
        tags: this.#tags,
      },
      { parent: this, dependsOn: [write] },
    );
  }

  /** Every call that changes something in the subscription. */
  #calls(): void {
    const { spec, names } = this.#args;
    const { workspaceId, accountId, delivery } = this.destination;
    new monitor.SubscriptionDiagnosticSetting(
      `${spec.name}-calls-recording`,
      {
        name: names.owned("records"),
        workspaceId,
        storageAccountId: accountId,
        logs: activityCategories.map((category) => ({ category, enabled: true })),
      },
      { parent: this, dependsOn: [...delivery] },
    );
  }

  /** Lets nobody delete what holds records, with all that is in it, before the lock is taken away by who may do that. */
  #keep(what: string, scope: string, dependsOn: readonly pulumi.Resource[]): void {
    const { spec, names } = this.#args;
    new authorization.ManagementLockByScope(
      `${spec.name}-${what}-lock`,
      { lockName: names.owned(what), scope, level: "CanNotDelete", notes: "It holds audit records" },
      { parent: this, dependsOn: [...dependsOn] },
    );
  }
}
