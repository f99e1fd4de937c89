import type { RuleName } from "./rule-name";

/** How bad a finding is, in CrossGuard's words. */
export type Severity = "low" | "medium" | "high" | "critical";

/** What stands in a way for all that is outside of the stack. */
export const world = "world";

/** Something that a finding points at. */
export interface Evidence {
  readonly urn: string;
  readonly label: string;
}

/**
 * A rule broken.
 *
 * - `open`: it is proved, with a witness.
 * - `undetermined`: something that is not known may break it, and nothing proves that it does not.
 */
export interface Finding {
  readonly rule: RuleName;
  readonly severity: Severity;
  /** Whether it refuses the stack. What is advisory is printed, and refuses nothing. */
  readonly level: "mandatory" | "advisory";
  readonly verdict: "open" | "undetermined";
  /** The resource at fault. */
  readonly urn: string;
  readonly summary: string;
  /** The packet that would pass, where packets are the matter. */
  readonly packet: string | undefined;
  /** What it passes on its way, in order. */
  readonly path: readonly string[];
  /**
   * URNs of what the packet passes, from its start to its end, `world` for what is outside of the stack. Without them
   * only the resource at fault is known.
   */
  readonly passes?: readonly string[];
  /** What opens the way. */
  readonly openedBy: readonly Evidence[];
  /** What was assumed because it is not known, and what still holds. */
  readonly notes: readonly string[];
  readonly remedy: string;
  /** Whether no other resource can make it right, so that it is refused even before the others are seen. */
  readonly isGuiltyAlone: boolean;
  /** Whether it is about the judge or its configuration, and not the stack, so that nothing waives it. */
  readonly isAboutGate?: true;
  /** The index, in the waivers of the judgement, of the waiver by which it refuses nothing. */
  readonly waivedBy?: number;
}
