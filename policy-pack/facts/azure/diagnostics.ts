import { flagOf, itemsOf, memberReading, recordOf, textOf } from "../../reading";
import type { ResourceType } from "../../resource-type";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { referentsOf } from "./referents";
import { wordOf } from "./word";

const settingType = "azure-native:monitor:diagnosticsetting";
/** What records the calls to a whole subscription. */
export const activityType = "azure-native:monitor:subscriptiondiagnosticsetting";
export const workspaceType = "azure-native:operationalinsights:workspace";
export const accountType = "azure-native:storage:storageaccount";

/** Types by which services record. */
export const diagnosticTypes: readonly ResourceType[] = [settingType, activityType];

/** Groups of categories that hold all that tells who did what. */
const wholeGroups: readonly string[] = ["alllogs", "audit"];

/** What a service records, and where to. */
export interface Recording {
  readonly node: Node;
  /** What it is of; nothing for the subscription. */
  readonly of: readonly Referent[];
  /** Categories that are recorded for certain, in lower case, and groups of them. */
  readonly categories: ReadonlySet<string>;
  readonly groups: ReadonlySet<string>;
  /** Whether something of which categories are recorded is not known. */
  readonly isUnknown: boolean;
  readonly workspaces: readonly Referent[];
  readonly accounts: readonly Referent[];
}

function destination(graph: StackGraph, node: Node, key: string, type: ResourceType): readonly Referent[] {
  const id = graph.read(node, key);
  return id.kind === "absent" ? [] : referentsOf(graph, node, key, id, [type]);
}

function recording(graph: StackGraph, node: Node, of: readonly Referent[]): Recording {
  const logs = itemsOf(graph.read(node, "logs")).map(recordOf);
  const on = logs.filter((log) => {
    const enabled = flagOf(memberReading(log, "enabled"));
    return enabled.kind === "known" && enabled.value;
  });
  const words = (key: string): ReadonlySet<string> =>
    new Set(
      on.flatMap((log) => {
        const word = wordOf(memberReading(log, key));
        return word.kind === "known" ? [word.value] : [];
      }),
    );
  return {
    node,
    of,
    categories: words("category"),
    groups: words("categoryGroup"),
    isUnknown: logs.some(
      (log) =>
        log.kind === "unknown" ||
        flagOf(memberReading(log, "enabled")).kind === "unknown" ||
        [memberReading(log, "category"), memberReading(log, "categoryGroup")].some(
          (read) => textOf(read).kind === "unknown",
        ),
    ),
    workspaces: destination(graph, node, "workspaceId", workspaceType),
    accounts: destination(graph, node, "storageAccountId", accountType),
  };
}

/** What the services of a stack record. */
export class Diagnostics {
  /** Of resources. */
  readonly all: readonly Recording[];
  /** Of the calls to subscriptions. */
  readonly calls: readonly Recording[];

  constructor(graph: StackGraph) {
    this.all = graph
      .ofType(settingType)
      .map((node) =>
        recording(graph, node, referentsOf(graph, node, "resourceUri", graph.read(node, "resourceUri"))),
      );
    const ofSubscription = this.all
      .map(({ node }) => node)
      .filter((node) => {
        const uri = textOf(graph.read(node, "resourceUri"));
        return uri.kind === "known" && /^\/subscriptions\/[^/]+\/?$/i.test(uri.value);
      });
    this.calls = [...graph.ofType(activityType), ...ofSubscription].map((node) => recording(graph, node, []));
  }

  /** What is recorded of a resource, or of a part of it. */
  of(node: Node): readonly Recording[] {
    return this.all.filter(({ of }) =>
      of.some((referent) => referent.kind === "resource" && referent.node === node && !referent.assumed),
    );
  }
}

/** Whether a recording certainly leaves out nothing of some categories, and is written somewhere where it is kept. */
export function isWhole(
  { categories, groups, workspaces, accounts }: Recording,
  wanted: readonly string[],
): boolean {
  return (
    (wholeGroups.some((group) => groups.has(group)) ||
      (wanted.length > 0 && wanted.every((category) => categories.has(category.toLowerCase())))) &&
    workspaces.length + accounts.length > 0
  );
}
