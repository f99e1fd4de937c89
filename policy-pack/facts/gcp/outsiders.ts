import type { SideChannel } from "../fact";
import { labelOf } from "../label";
import { platformOf } from "../platform-of";

import type { GcpStack } from "./gcp-stack";
import { serviceOf, storesOfPhi } from "./held-stores";
import { resourcesByGrant } from "./grant-bearings";
import { grantsOf } from "./iam-grants";
import { callerOf, callerText } from "./iam-members";
import { opens, reachOf } from "./iam-roles";

/**
 * Service accounts of the stack, of zones that have no business with the PHI zone, whom roles let in to its stores. Those of a
 * platform are held against its flows instead.
 */
export function outsiders(stack: GcpStack): readonly SideChannel[] {
  const { zones } = stack;
  const stores = storesOfPhi(stack).filter((store) => platformOf(stack, store) === undefined);
  const opened = resourcesByGrant(stack, stores);
  return grantsOf(stack).flatMap((grant): readonly SideChannel[] => {
    const caller = callerOf(stack, grant.node, grant.key, grant.member);
    const zone = caller.kind === "account" ? zones.of(caller.node.urn) : undefined;
    if (zone === undefined || zone === "processing" || zone === "phi") {
      return [];
    }
    const reach = reachOf(stack, grant);
    const [first] = (opened.get(grant) ?? []).flatMap(({ resource: store, assumption }) =>
      opens(reach, serviceOf(store)) ? [{ store, assumption: assumption ?? reach.assumption }] : [],
    );
    return first === undefined
      ? []
      : [
          {
            urn: grant.node.urn,
            label: labelOf(grant.node),
            zone: "phi",
            platform: undefined,
            what: `${labelOf(first.store)}: ${callerText(caller)} of zone ${zone} is let in`,
            assumption: first.assumption,
            remedy: "Take the role away: what is in the PHI zone answers processing alone.",
            isGuiltyAlone: false,
          },
        ];
  });
}
