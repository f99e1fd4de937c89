import type { ZoneId } from "../../model/zone";

import type { Evidence } from "../finding";

/** Something that resources show to be closed, recorded or kept: the counterpart of an opening among the facts. */
export interface Safeguard {
  /** The zone that it is of; `undefined` where it is of a whole network or of the stack. */
  readonly zone: ZoneId | undefined;
  /** What is read, in a sentence. Nothing in it is assumed. */
  readonly what: string;
  readonly evidence: readonly Evidence[];
}

/**
 * What the resources of a stack show that is in order, as far as it is more than the absence of an opening. Nothing is
 * judged by it; proofs are made of it, of which those are taken out that lean on what a finding points at.
 */
export interface Safeguards {
  /** Policies of private endpoints, and what each lets through. */
  readonly endpointPolicies: readonly Safeguard[];
  /** Service perimeters, and what each holds back. */
  readonly perimeters: readonly Safeguard[];
  /** Stores, and the settings of theirs that were looked at. */
  readonly stores: readonly Safeguard[];
  /** What answers names, and what it blocks. */
  readonly resolvers: readonly Safeguard[];
  /** Private endpoints by which services are reached and found. */
  readonly endpoints: readonly Safeguard[];
  /** Stores, and services that are told PHI, that answer nobody past their endpoint. */
  readonly privateStores: readonly Safeguard[];
  /** What is recorded, and for how long records are kept. */
  readonly records: readonly Safeguard[];
  /** Defaults of the cloud that are stripped, and what stands in their place. */
  readonly seals: readonly Safeguard[];
}
