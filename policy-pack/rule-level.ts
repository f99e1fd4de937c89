/**
 * How strict a rule is. The table in `docs/rules.md` is made of these; whoever writes a stack, or configures the pack,
 * cannot change them.
 */
export type RuleLevel =
  /** The first group: mandatory on any stack, and no waiver touches it. */
  | {
      readonly group: "first";
      /** What it finds that is advice nevertheless. */
      readonly except?: string;
    }
  /** Mandatory on a platform of ours; elsewhere as said. */
  | {
      readonly group: "second";
      readonly elsewhere: string;
      /** What it finds that is advice nevertheless. */
      readonly except?: string;
      /** Whether no waiver touches it either: it judges the gate itself. */
      readonly isNeverWaived?: true;
    };
