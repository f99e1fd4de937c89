import type { ZoneId } from "../model/zone";

import type { JudgedStack } from "./judged-stack";

/**
 * Whether nothing that the judge cannot read touches a zone, or may. Where something does, what else is in the zone shows
 * nothing: a rule that is not understood may belong to any filter.
 */
export function isWhollyRead({ facts }: JudgedStack, zone: ZoneId): boolean {
  return !facts.blind.some((blind) => blind.zone === undefined || blind.zone === zone);
}
