import type { StackGraph } from "../../stack-graph";
import type { Zones } from "../../zones";

/** What every part of the Azure facts is read from. */
export interface AzureStack {
  readonly graph: StackGraph;
  readonly zones: Zones;
  /** The names of the platforms that the stack declares, by the URN of their component. */
  readonly platforms: ReadonlyMap<string, string>;
}

export { labelOf } from "../label";
export { platformOf } from "../platform-of";
