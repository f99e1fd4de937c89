import type { Zones } from "../../zones";
import type { PlatformStack } from "../platform-of";

export { labelOf } from "../label";
export { platformOf } from "../platform-of";

/** A stack as the facts of Google Cloud look at it. */
export interface GcpStack extends PlatformStack {
  readonly zones: Zones;
}
