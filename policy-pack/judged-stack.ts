import type { Declarations } from "./declared-flows";
import type { PublicKeyInfrastructure } from "./facts/certificate";
import type { NetworkFacts } from "./facts/fact";
import type { Reachability } from "./reachability";
import type { UnreadableClaim } from "./zone-claims";
import type { ZoneConflict } from "./zones";

/** All that a rule may look at. */
export interface JudgedStack {
  readonly facts: NetworkFacts;
  readonly publicKeys: PublicKeyInfrastructure;
  readonly reachability: Reachability;
  readonly declarations: Declarations;
  readonly unreadableClaims: readonly UnreadableClaim[];
  readonly zoneConflicts: readonly ZoneConflict[];
}
