/** The id of an invariant, `BH-001` and so on; `docs/invariants.md` lists them. */
export type InvariantId = `BH-${string}`;

/** A way in which a value breaks an invariant. */
export interface Breach {
  /** The field at fault, such as `workloads[2].image`; empty for the whole file. */
  readonly path: string;
  /** What is wrong, as a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly remedy: string;
}

/** An invariant broken in a platform: which one, where, how, and what to do about it. */
export interface Finding extends Breach {
  /** The invariant that is broken. */
  readonly id: InvariantId;
}
