import { minimumRetentionDays } from "../../../model/audit-policy";

import { flagOf, integerOf, itemsOf, memberReading, recordOf, textOf, type Reading } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, StackGraph } from "../../stack-graph";

import { accountType, workspaceType } from "./diagnostics";
import { within } from "./gateway-parts";
import { mayBePartOf } from "./part-of";
import { wordOf } from "./word";

const tableType = "azure-native:operationalinsights:table";
const lifecycleType = "azure-native:storage:managementpolicy";
const containerPolicyType = "azure-native:storage:blobcontainerimmutabilitypolicy";

/** Types that say for how long records are kept. */
export const keepingTypes: readonly ResourceType[] = [tableType, lifecycleType, containerPolicyType];

/** Six years of HIPAA in the steps in which a table keeps records: 2191 days are six years with one leap year. */
const minimumTableDays = 2191;

const days = String(minimumRetentionDays);

/** Ages after which a rule deletes what is in an account. */
const ages = [
  "daysAfterCreationGreaterThan",
  "daysAfterModificationGreaterThan",
  "daysAfterLastAccessTimeGreaterThan",
] as const;

function isLong(read: Reading<number>, least: number): boolean {
  return read.kind === "known" && read.value >= least;
}

/** Tables of a workspace, that say themselves how long they keep what is in them. */
export function tablesOf(graph: StackGraph, workspace: Node): readonly Node[] {
  return graph
    .ofType(tableType)
    .filter((table) => mayBePartOf(graph, table, "workspaceName", workspace, workspaceType));
}

/** What keeps the records of a workspace from being kept; they are as long as each of its tables keeps them. */
export function workspaceProblems(graph: StackGraph, workspace: Node): readonly string[] {
  const tables = tablesOf(graph, workspace);
  const short = tables.filter(
    (table) => !isLong(integerOf(graph.read(table, "totalRetentionInDays")), minimumTableDays),
  );
  const own = integerOf(graph.read(workspace, "retentionInDays"));
  const purging = flagOf(within(recordOf(graph.read(workspace, "features")), "immediatePurgeDataOn30Days"));
  return [
    ...(tables.length > 0
      ? short.map(
          (table) => `its table ${table.name} does not keep records for ${days} days (totalRetentionInDays)`,
        )
      : [
          own.kind === "unknown"
            ? "for how long its records are kept is not known"
            : `its records are kept for ${own.kind === "known" ? `${String(own.value)} days` : "a month"}, and HIPAA's six years are ${days}`,
        ]),
    ...(purging.kind === "known" && purging.value ? ["what is in it can be purged at once"] : []),
  ];
}

/** Whether nothing deletes what is in an account before its time. */
function lifecycleProblems(graph: StackGraph, account: Node): readonly string[] {
  const policies = graph
    .ofType(lifecycleType)
    .filter((policy) => mayBePartOf(graph, policy, "accountName", account, accountType));
  const rules = policies.flatMap((policy) =>
    itemsOf(within(recordOf(graph.read(policy, "policy")), "rules")).map(recordOf),
  );
  const isDeleting = rules.some((rule) => {
    const enabled = flagOf(memberReading(rule, "enabled"));
    const deletion = recordOf(within(rule, "definition", "actions", "baseBlob", "delete"));
    const isOff = enabled.kind === "known" && !enabled.value;
    return (
      !isOff &&
      deletion.kind !== "absent" &&
      ages.some((age) => {
        const after = memberReading(deletion, age);
        return after.kind !== "absent" && !isLong(integerOf(after), minimumRetentionDays);
      })
    );
  });
  return isDeleting ? [`a rule of it deletes records before ${days} days`] : [];
}

/** Whether what is in an account cannot be changed or deleted for six years. */
export function isLocked(graph: StackGraph, account: Node): boolean {
  const storage = recordOf(graph.read(account, "immutableStorageWithVersioning"));
  const policy = recordOf(memberReading(storage, "immutabilityPolicy"));
  const enabled = flagOf(memberReading(storage, "enabled"));
  const state = wordOf(memberReading(policy, "state"));
  const isOfAccount =
    enabled.kind === "known" &&
    enabled.value &&
    // Azure takes none that is locked from the beginning; whoever has seen it at work locks it.
    state.kind === "known" &&
    (state.value === "locked" || state.value === "unlocked") &&
    isLong(integerOf(memberReading(policy, "immutabilityPeriodSinceCreationInDays")), minimumRetentionDays);
  return (
    isOfAccount ||
    graph
      .ofType(containerPolicyType)
      .some(
        (one) =>
          mayBePartOf(graph, one, "accountName", account, accountType) &&
          isLong(integerOf(graph.read(one, "immutabilityPeriodSinceCreationInDays")), minimumRetentionDays),
      )
  );
}

/** Whether a key of the customer's encrypts what is in an account. */
export function isEncrypted(graph: StackGraph, account: Node): boolean {
  const source = textOf(memberReading(recordOf(graph.read(account, "encryption")), "keySource"));
  return source.kind === "known" && source.value.toLowerCase() === "microsoft.keyvault";
}

/**
 * What keeps the records in an account from being kept.
 *
 * @param isRewritten whether records are written over while they grow, as those of flows are, so that they cannot be locked.
 */
export function accountProblems(graph: StackGraph, account: Node, isRewritten: boolean): readonly string[] {
  return [
    ...lifecycleProblems(graph, account),
    ...(isRewritten || isLocked(graph, account)
      ? []
      : ["nothing keeps its records from being deleted before their time (immutableStorageWithVersioning)"]),
    ...(isEncrypted(graph, account) ? [] : ["no key of the customer's encrypts it"]),
  ];
}
