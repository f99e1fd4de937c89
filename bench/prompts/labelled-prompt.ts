import type { IdentifierKind } from "../../services/egress-guard/detection/identifier-kind";

import type { Encoding } from "./encodings";

/** The two sets of prompts: one to look at while a detector is written, and one of which figures are reported. */
export const setNames = ["tuning", "reported"] as const;
export type SetName = (typeof setNames)[number];

/** The languages of prompts. */
export const languages = ["en", "de", "fr", "es"] as const;
export type Language = (typeof languages)[number];

/** What a prompt looks like. */
export const styles = ["summary", "letter", "lab", "json", "chat", "table"] as const;
export type Style = (typeof styles)[number];

/** Where text stands in the parts of a prompt. */
export interface Place {
  /** The number of the part. */
  readonly part: number;
  /** In UTF-16 code units; `end` is the first after it. */
  readonly start: number;
  readonly end: number;
}

/** What way an identifier is written so that it is not read as it is: encoded, or split over parts. */
export type Disguise = Encoding | "split";

/** An identifier in a prompt. */
export interface Label {
  readonly kind: IdentifierKind;
  /** What it says, in the open. */
  readonly value: string;
  /** Where it is: one place, or one in each of the parts over which it is split. */
  readonly places: readonly Place[];
  /** How it is disguised; left out when it stands there as it is. */
  readonly disguise?: Disguise;
}

/** A prompt, and all that identifies somebody in it. */
export interface LabelledPrompt {
  readonly id: string;
  /** The name of the template of the whole prompt. */
  readonly template: string;
  readonly language: Language;
  readonly style: Style;
  /** The texts of its messages. */
  readonly parts: readonly string[];
  /** Empty for a harmless prompt. */
  readonly labels: readonly Label[];
  /** What may be found and need not be, such as the name of a hospital or a state. */
  readonly neutral: readonly Place[];
}
