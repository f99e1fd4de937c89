import { recordingPrograms } from "../../../model/audit-policy";

import { itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent } from "../../stack-graph";
import { peerOf } from "../../zone-claims";
import { referentsAt } from "../property-path";

import { labelOf, platformOf, type AzureStack } from "./azure-stack";
import { workspaceType } from "./diagnostics";
import { isPartOf } from "./part-of";
import type { RecordExport } from "./record-exports";
import { accountProblems } from "./record-keeping";

const ruleType = "azure-native:monitor:datacollectionrule";
const machineTypes: readonly ResourceType[] = [
  "azure-native:compute:virtualmachine",
  "azure-native:compute:virtualmachinescaleset",
];

/** What a program records, as the rule says by which it does, and what keeps a copy of it. */
export interface ProgramRecords {
  /** The rule; where there is none, what runs the program. */
  readonly node: Node;
  /** What keeps its records from being kept, written once, for six years. */
  readonly problems: readonly string[];
  readonly assumption: string | undefined;
  /** What keeps them: the export, and the account. */
  readonly kept: readonly Node[];
}

/** Whether a query leaves out nothing of what the container of a workload's program prints. */
function isWhole(query: string, workload: string): boolean {
  const said = query.replaceAll(/\s+/g, "");
  return said === "source" || said === `source|wheretostring(Record.container)=="${workload}"`;
}

function certain(referents: readonly Referent[]): Node | undefined {
  const [only, ...others] = referents;
  return only?.kind === "resource" && !only.assumed && others.length === 0 ? only.node : undefined;
}

/** What keeps the copy that an export makes from being kept. */
function exportProblems({ graph }: AzureStack, { node, isOn, accounts }: RecordExport): readonly string[] {
  const account = certain(accounts);
  return [
    ...(isOn ? [] : [`${labelOf(node)} is not enabled`]),
    ...(account === undefined
      ? [`${labelOf(node)} writes to no account of the stack`]
      : accountProblems(graph, account, false).map((problem) => `${labelOf(account)}: ${problem}`)),
  ];
}

/** What programs of the platforms of ours in a stack record of decisions and tool calls, by the rules by which they do. */
export function programRecords(
  stack: AzureStack,
  exports: readonly RecordExport[],
): readonly ProgramRecords[] {
  const { graph, platforms } = stack;
  if (platforms.size === 0) {
    return [];
  }
  const programOf = (node: Node): (typeof recordingPrograms)[number] | undefined =>
    platformOf(stack, node) === undefined
      ? undefined
      : recordingPrograms.find(({ workload }) => peerOf(graph, node) === `workload/${workload}`);
  const rules = graph.ofType(ruleType);
  const ruled = new Set(
    rules.map((node) => `${platformOf(stack, node) ?? ""}/${programOf(node)?.workload ?? ""}`),
  );
  const unruled = graph.ofType(...machineTypes).flatMap((node): readonly ProgramRecords[] => {
    const program = programOf(node);
    return program === undefined || ruled.has(`${platformOf(stack, node) ?? ""}/${program.workload}`)
      ? []
      : [{ node, problems: [`no rule takes ${program.records}`], assumption: undefined, kept: [] }];
  });
  const found = rules.flatMap((node): readonly ProgramRecords[] => {
    const program = programOf(node);
    if (program === undefined) {
      return [];
    }
    const flows = graph.read(node, "dataFlows");
    const workspace = certain(
      referentsAt(graph, node, ["destinations", "logAnalytics", "workspaceResourceId"], [workspaceType]),
    );
    const tables = itemsOf(flows).flatMap((item) => {
      const flow = recordOf(item);
      const query = memberReading(flow, "transformKql");
      const text = textOf(query);
      const [, table] = /^Custom-(.+)$/.exec(wordIn(memberReading(flow, "outputStream"))) ?? [];
      const takesAll =
        query.kind === "absent" || (text.kind === "known" && isWhole(text.value, program.workload));
      return table === undefined || !takesAll ? [] : [table.toLowerCase()];
    });
    const copies = exports
      .filter(
        (one) =>
          workspace !== undefined &&
          isPartOf(graph, one.node, "workspaceName", workspace, workspaceType) &&
          tables.some((table) => one.tables.has(table)),
      )
      .map((one) => {
        const account = certain(one.accounts);
        return {
          problems: exportProblems(stack, one),
          kept: [one.node, ...(account === undefined ? [] : [account])],
        };
      });
    const copy = copies.find(({ problems }) => problems.length === 0) ?? copies[0];
    return [
      {
        node,
        problems: copy?.problems ?? [
          `nothing copies ${program.records} to where nobody deletes them before their time`,
        ],
        assumption: copy === undefined && flows.kind === "unknown" ? "`dataFlows` is not known" : undefined,
        kept: copy?.kept ?? [],
      },
    ];
  });
  return [...found, ...unruled];
}

function wordIn(read: Parameters<typeof textOf>[0]): string {
  const text = textOf(read);
  return text.kind === "known" ? text.value : "";
}
