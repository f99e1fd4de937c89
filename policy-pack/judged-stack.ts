import type { ZoneId } from "../model/zone";

import type { Declarations } from "./declared-flows";
import type { PublicKeyInfrastructure } from "./facts/certificate";
import type { NetworkFacts } from "./facts/fact";
import type { IgnoredChange } from "./ignored-changes";
import type { Reachability } from "./reachability";
import type { Settings } from "./settings";
import type { WaiverStanding } from "./waiver-standing";
import type { Waivers } from "./waivers";
import type { UnreadableClaim } from "./zone-claims";
import type { ZoneRule } from "./zone-matching";
import type { ZoneConflict } from "./zones";

/** A resource that is in a zone. */
export interface ZonedResource {
  readonly urn: string;
  readonly label: string;
  readonly zone: ZoneId;
  /** What says so, such as `its tag bulkhead-zone`. */
  readonly sources: readonly string[];
}

/** All that a rule may look at. */
export interface JudgedStack {
  readonly facts: NetworkFacts;
  readonly publicKeys: PublicKeyInfrastructure;
  readonly reachability: Reachability;
  readonly declarations: Declarations;
  readonly unreadableClaims: readonly UnreadableClaim[];
  readonly zoneConflicts: readonly ZoneConflict[];
  /** Properties that decided something, and that stay as the cloud has them. */
  readonly ignoredChanges: readonly IgnoredChange[];
  /** Rules of the configuration that match no resource of the stack. */
  readonly unusedZoneRules: readonly ZoneRule[];
  /** The first resource of the stack that is of a network, by URN; `undefined` if there is none. */
  readonly firstOfNetwork: string | undefined;
  /** The first resource in the PHI zone, by URN; `undefined` if there is none. */
  readonly firstInPhi: string | undefined;
  /** Every resource that is in a zone, in the order of their URNs. */
  readonly zonedResources: () => readonly ZonedResource[];
  /** The resource to which a finding belongs that is about the whole stack. */
  readonly root: string;
  readonly settings: Settings;
  /** The file of waivers, as far as it can be read. */
  readonly waivers: Waivers;
  /** What each of its waivers comes to before anything is found. */
  readonly waiverStandings: readonly WaiverStanding[];
}
