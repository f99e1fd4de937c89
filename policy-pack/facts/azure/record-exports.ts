import { flagOf, itemsOf, textOf } from "../../reading";
import type { Node, Referent, StackGraph } from "../../stack-graph";

import { accountType } from "./diagnostics";
import { referentsOf } from "./referents";

/** What copies tables of a workspace as records come into them. */
const exportType = "azure-native:operationalinsights:dataexport";

/** A copy of tables of a workspace that is made as records come into them. */
export interface RecordExport {
  readonly node: Node;
  /** The tables, in lower case, that are known. */
  readonly tables: ReadonlySet<string>;
  readonly isOn: boolean;
  readonly accounts: readonly Referent[];
}

/** The exports of a stack. */
export function recordExports(graph: StackGraph): readonly RecordExport[] {
  return graph.ofType(exportType).map((node) => {
    const enabled = flagOf(graph.read(node, "enable"));
    return {
      node,
      tables: new Set(
        itemsOf(graph.read(node, "tableNames")).flatMap((item) => {
          const name = textOf(item);
          return name.kind === "known" ? [name.value.toLowerCase()] : [];
        }),
      ),
      isOn: enabled.kind === "known" && enabled.value,
      accounts: referentsOf(graph, node, "resourceId", graph.read(node, "resourceId"), [accountType]),
    };
  });
}
