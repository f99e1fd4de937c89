import type { Judgement } from "../judge";

import type { ReportedWaiver } from "./report";

/** What became of each waiver, as reports show it; a finding's `waiver` is an index of this list. */
export function reportedWaivers({ waivers }: Pick<Judgement, "waivers">): readonly ReportedWaiver[] {
  return waivers.map(({ rule, resource, reason, owner, expires, status, problem }) => ({
    rule,
    resource,
    reason,
    owner,
    expires,
    status,
    problem: problem ?? null,
  }));
}
