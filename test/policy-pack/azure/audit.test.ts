import { describe, expect, it } from "vitest";

import { azureBase, textId, type Inputs } from "../corpus/azure-base";
import { here, logs, storage, vault } from "../corpus/azure-service-pieces";
import { amend } from "../corpus/changed-case";
import { ownGroup, ownSubscription, unknownText, type Knowledge, type Sketch } from "../stack-sketch";

import { azureFactsOf } from "./transport-of";

type Change = (stack: Sketch) => unknown;

const knowledges: readonly Knowledge[] = ["preview", "deployed"];
const platform = new Map([["urn:pulumi:test::bulkhead::bulkhead:platform:Platform::bulkhead", "bulkhead"]]);

/** An account that keeps records for six years, which nobody can change or delete. */
function records(stack: Sketch, name: string, more: Inputs = {}): string {
  return stack.add("azure-native:storage:StorageAccount", name, {
    ...here,
    accountName: name,
    encryption: { keySource: "Microsoft.Keyvault" },
    immutableStorageWithVersioning: {
      enabled: true,
      immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 2192, state: "Unlocked" },
    },
    ...more,
  });
}

function flowLog(stack: Sketch, more: Inputs = {}): Sketch {
  stack.add("azure-native:network:FlowLog", "flows", {
    resourceGroupName: "NetworkWatcherRG",
    networkWatcherName: "NetworkWatcher_eastus2",
    flowLogName: "flows",
    targetResourceId: stack.id("vnet"),
    storageId: records(stack, "flowrecords", { immutableStorageWithVersioning: undefined }),
    enabled: true,
    format: { type: "JSON", version: 2 },
    retentionPolicy: { enabled: false, days: 0 },
    ...more,
  });
  return stack;
}

/** A setting of what a service records, into an account that keeps it. */
function recording(stack: Sketch, resourceUri: string, more: Inputs = {}): Sketch {
  stack.add("azure-native:monitor:DiagnosticSetting", "recording", {
    name: "recording",
    resourceUri,
    storageAccountId: records(stack, "servicerecords"),
    logs: [{ categoryGroup: "allLogs", enabled: true }],
    ...more,
  });
  return stack;
}

describe.each(knowledges)("the audit trail on Azure, %s", (knowledge) => {
  const factsOf = (
    change: Change,
    platforms?: ReadonlyMap<string, string>,
  ): ReturnType<typeof azureFactsOf> => {
    const stack = azureBase(knowledge);
    change(stack);
    return azureFactsOf(stack.resources(), knowledge, platforms);
  };
  const unaudited = (
    change: Change,
    about: string,
    platforms?: ReadonlyMap<string, string>,
  ): readonly string[] =>
    factsOf(change, platforms)
      .unaudited.filter(({ urn, what }) => urn.endsWith(`::${about}`) && !what.startsWith("No query"))
      .map(({ what, assumption }) => `${assumption === undefined ? "" : "perhaps "}${what}`);

  it("records the flows of the whole network", () => {
    const missing = ["No flow of it is recorded."];
    expect(unaudited(() => undefined, "vnet")).toEqual(missing);
    expect(unaudited(flowLog, "vnet")).toEqual([]);
    expect(unaudited(flowLog, "flows")).toEqual([]);
    expect(unaudited(flowLog, "flowrecords")).toEqual([]);
    expect(
      unaudited(
        (s) =>
          flowLog(s, { targetResourceId: textId("Microsoft.Network/virtualNetworks", "VNET").toUpperCase() }),
        "vnet",
      ),
    ).toEqual([]);
    expect(unaudited((s) => flowLog(s, { targetResourceId: unknownText }), "vnet")).toEqual(missing);
    expect(unaudited((s) => flowLog(s, { targetResourceId: s.id("phi-nsg") }), "vnet")).toEqual([
      "No flow of it is recorded but by logs of network security groups, which leave out private endpoints, and end in 2027.",
    ]);
    expect(
      unaudited(
        (s) =>
          flowLog(s, { targetResourceId: textId("Microsoft.Network/virtualNetworks", "vnet/subnets/phi") }),
        "vnet",
      ),
    ).toEqual([
      "No flow of Subnet gateway of VirtualNetwork vnet, Subnet processing of VirtualNetwork vnet is recorded.",
    ]);
  });

  it.each<readonly [string, Inputs, string]>([
    ["is off", { enabled: false }, "it is not enabled"],
    ["may be off", { enabled: unknownText }, "it is not enabled"],
    ["says nothing of being on", { enabled: undefined }, "it is not enabled"],
    [
      "has an old format",
      { format: { type: "JSON", version: 1 } },
      "its format leaves out how much was sent (format.version)",
    ],
    [
      "filters",
      { enabledFilteringCriteria: "dstPort == 443" },
      "it leaves out some flows (enabledFilteringCriteria)",
    ],
    [
      "is kept a year",
      { retentionPolicy: { enabled: true, days: 365 } },
      "its records are kept for 365 days, and HIPAA's six years are 2192",
    ],
    [
      "is kept nobody knows how long",
      { retentionPolicy: { enabled: true, days: unknownText } },
      "for how long its records are kept is not known",
    ],
  ])("leaves something out where a flow log %s", (_what, inputs, problem) => {
    expect(unaudited((s) => flowLog(s, inputs), "flows")).toEqual([`FlowLog flows: ${problem}.`]);
  });

  it("keeps a flow log for ever, or for six years", () => {
    for (const retentionPolicy of [
      undefined,
      { enabled: true, days: 0 },
      { enabled: true, days: 2192 },
      {},
    ]) {
      expect(unaudited((s) => flowLog(s, { retentionPolicy }), "flows")).toEqual([]);
    }
    const lifecycle =
      (days: unknown): Change =>
      (s) => {
        flowLog(s).add("azure-native:storage:ManagementPolicy", "lifecycle", {
          resourceGroupName: ownGroup,
          accountName: "flowrecords",
          policy: {
            rules: [
              {
                name: "old",
                enabled: true,
                definition: { actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: days } } } },
              },
            ],
          },
        });
      };
    expect(unaudited(lifecycle(2192), "flowrecords")).toEqual([]);
    for (const days of [365, unknownText]) {
      expect(unaudited(lifecycle(days), "flowrecords")).toEqual([
        "StorageAccount flowrecords: a rule of it deletes records before 2192 days.",
      ]);
    }
  });

  it("records who calls the services of a zone", () => {
    const missing = ["Who calls Vault phi-vault, and for what, is not recorded."];
    const partial = ["What is recorded of Vault phi-vault leaves out who calls it, or is written nowhere."];
    const of = (more: Inputs = {}): readonly string[] =>
      unaudited((s) => recording(s, vault(s, "phi"), more), "phi-vault").filter((what) =>
        what.includes("ault phi"),
      );
    expect(unaudited((s) => vault(s, "phi"), "phi-vault")).toContain(missing[0]);
    expect(of()).toEqual([]);
    expect(of({ logs: [{ categoryGroup: "audit", enabled: true }] })).toEqual([]);
    expect(of({ logs: [{ category: "AuditEvent", enabled: true }] })).toEqual([]);
    expect(of({ logs: [{ category: "AzurePolicyEvaluationDetails", enabled: true }] })).toEqual(partial);
    expect(of({ logs: [{ categoryGroup: "allLogs", enabled: false }] })).toEqual(partial);
    expect(of({ logs: [{ categoryGroup: "allLogs" }] })).toEqual(partial);
    expect(of({ logs: unknownText })).toEqual([`perhaps ${String(partial[0])}`]);
    expect(of({ storageAccountId: undefined, eventHubAuthorizationRuleId: "/elsewhere" })).toEqual(partial);
    expect(of({ resourceUri: textId("Microsoft.KeyVault/vaults", "other") })).toEqual(missing);
  });

  it("records who reads a store by the part that keeps objects", () => {
    const of = (part: string): readonly string[] =>
      unaudited((s) => recording(s, `${storage(s, "phi")}${part}`), "phidocuments").filter((what) =>
        what.includes("Who calls"),
      );
    expect(of("/blobServices/default")).toEqual([]);
    expect(
      unaudited((s) => storage(s, "phi"), "phidocuments").filter((what) => what.includes("Who calls")),
    ).toHaveLength(1);
  });

  it("keeps what services record unchanged, under a key of the customer's", () => {
    const of = (more: Inputs): readonly string[] =>
      unaudited((s) => amend(recording(s, vault(s, "phi")), "servicerecords", more), "servicerecords");
    const deleted =
      "nothing keeps its records from being deleted before their time (immutableStorageWithVersioning)";
    const immutable = (policy: Inputs): Inputs => ({
      immutableStorageWithVersioning: { enabled: true, immutabilityPolicy: policy },
    });
    expect(of({})).toEqual([]);
    expect(of(immutable({ immutabilityPeriodSinceCreationInDays: 2192, state: "Locked" }))).toEqual([]);
    for (const more of [
      { immutableStorageWithVersioning: undefined },
      { immutableStorageWithVersioning: { enabled: true } },
      immutable({ immutabilityPeriodSinceCreationInDays: 2191, state: "Locked" }),
      immutable({ immutabilityPeriodSinceCreationInDays: 2192, state: "Disabled" }),
      immutable({ immutabilityPeriodSinceCreationInDays: unknownText, state: "Locked" }),
    ]) {
      expect(of(more)).toEqual([`StorageAccount servicerecords: ${deleted}.`]);
    }
    expect(of({ encryption: { keySource: "Microsoft.Storage" } })).toEqual([
      "StorageAccount servicerecords: no key of the customer's encrypts it.",
    ]);
  });

  it("keeps a workspace's records for as long as its tables do, or an account besides", () => {
    const of = (tables: readonly unknown[], more: Inputs = {}): readonly string[] =>
      unaudited((s) => {
        const workspaceId = logs(s, "phi");
        tables.forEach((totalRetentionInDays, index) => {
          s.add("azure-native:operationalinsights:Table", `table-${String(index)}`, {
            resourceGroupName: ownGroup,
            workspaceName: "phi-logs",
            tableName: `Table${String(index)}`,
            totalRetentionInDays,
          });
        });
        recording(s, vault(s, "phi"), { workspaceId, storageAccountId: undefined, ...more });
      }, "phi-logs");
    expect(of([2556, 2191])).toEqual([]);
    expect(of([2556, 730])).toEqual([
      "Workspace phi-logs: its table table-1 does not keep records for 2192 days (totalRetentionInDays).",
    ]);
    expect(of([unknownText])).toHaveLength(1);
    expect(of([])).toEqual([
      "Workspace phi-logs: its records are kept for 730 days, and HIPAA's six years are 2192.",
    ]);
    const besides = (s: Sketch): unknown => recording(s, vault(s, "phi"), { workspaceId: logs(s, "phi") });
    expect(unaudited(besides, "phi-logs")).toEqual([]);
  });

  it("records the calls to the subscription", () => {
    const calls = (change: Change): readonly string[] =>
      factsOf(change)
        .unaudited.map(({ what }) => what)
        .filter((what) => what.startsWith("Nothing keeps the record of the calls"));
    const setting =
      (
        logsOf: unknown,
        type = "azure-native:monitor:SubscriptionDiagnosticSetting",
        more: Inputs = {},
      ): Change =>
      (s) => {
        vault(s, "phi");
        s.add(type, "calls", {
          name: "calls",
          storageAccountId: records(s, "callrecords"),
          logs: logsOf,
          ...more,
        });
      };
    const all = ["Administrative", "Security", "Policy"].map((category) => ({ category, enabled: true }));
    expect(calls(() => undefined)).toEqual([]);
    expect(calls((s) => vault(s, "phi"))).toHaveLength(1);
    expect(calls(setting(all))).toEqual([]);
    expect(calls(setting(all.slice(1)))).toHaveLength(1);
    expect(calls(setting(unknownText))).toHaveLength(1);
    expect(
      calls(
        setting(all, "azure-native:monitor:DiagnosticSetting", {
          resourceUri: `/subscriptions/${ownSubscription}`,
        }),
      ),
    ).toEqual([]);
  });

  it("writes a platform's records to what is of the stack", () => {
    const elsewhere = (platforms?: ReadonlyMap<string, string>): readonly string[] =>
      unaudited(
        (s) =>
          recording(s, vault(s, "phi"), {
            storageAccountId: textId("Microsoft.Storage/storageAccounts", "anybodys"),
          }),
        "recording",
        platforms,
      );
    expect(elsewhere()).toEqual([]);
    expect(elsewhere(platform)).toEqual([
      "DiagnosticSetting recording writes to something that is not of the stack, and may be anybody's.",
    ]);
  });

  it("proves what is recorded and kept", () => {
    const { records: kept } = factsOf((s) => recording(flowLog(s), vault(s, "phi"))).safeguards();
    expect(
      kept.map(({ what, evidence }) => `${what}: ${evidence.map(({ label }) => label).join(", ")}`),
    ).toEqual([
      "a flow log records what the network accepts and what it rejects: FlowLog flows of VirtualNetwork vnet",
      "the service records who calls it, and for what: Vault phi-vault, DiagnosticSetting recording",
      "an account keeps records for six years, encrypted with a key of the customer's: StorageAccount servicerecords",
      "an account keeps records for six years, encrypted with a key of the customer's: StorageAccount flowrecords",
    ]);
  });

  it("asks nothing of what is in no zone", () => {
    expect(
      unaudited((s) => {
        vault(s, "plain");
        s.add("azure-native:network:FlowLog", "other-flows", {
          ...here,
          targetResourceId: s.add("azure-native:network:VirtualNetwork", "other", {
            ...here,
            virtualNetworkName: "other",
          }),
          enabled: false,
        });
      }, "other-flows"),
    ).toEqual([]);
    expect(unaudited((s) => vault(s, "plain"), "plain-vault")).toEqual([]);
  });
});
