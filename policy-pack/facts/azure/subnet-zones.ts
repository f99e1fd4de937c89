import type { ZoneId } from "../../../model/zone";

import type { Reading } from "../../reading";
import type { Node } from "../../stack-graph";

/** Where ids of subnets lead, as the facts of networks know it. */
export interface SubnetZones {
  /**
   * The zones of the subnets that an id may name.
   *
   * @param key the property of the resource that holds the id, or of which the id is a part.
   */
  zonesAt(
    node: Node,
    key: string,
    id: Reading<unknown>,
  ): {
    readonly zones: readonly (ZoneId | undefined)[];
    /** Whether it is known which subnet the id names. */
    readonly isKnown: boolean;
  };
}
