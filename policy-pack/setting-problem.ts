/** A part of the pack's configuration that is refused. */
export interface SettingProblem {
  /** The policy whose configuration it is in. */
  readonly policy:
    | "zone-assignment"
    | "zones-reach-only-declared-peers"
    | "llm-providers-have-agreements"
    | "waivers-are-in-order";
  /** Where it is, such as `zones[0].match`; empty for the whole. */
  readonly path: string;
  readonly what: string;
  readonly remedy: string;
}
