import { z } from "zod";

import type { ReportedWaiver } from "./report/report";

/** How many days ahead a waiver may end at most. */
export const longestWaiverDays = 90;

const tidy = (text: string): string => text.trim().replaceAll(/\s+/gu, " ");

/** What a report cannot show, or would show as something else. */
const hiddenCharacter = /[\p{Cc}\p{Cf}\p{Cs}]/u;

const shown = (text: string): boolean => !hiddenCharacter.test(text);
const hidden = "it holds a character that cannot be seen";

/** The words of a sentence, at least. */
const isSentence = (text: string): boolean => text.length >= 20 && text.split(" ").length >= 4;

/** One entry of a file of waivers. */
export const waiverSchema = z.strictObject({
  rule: z
    .string()
    .min(1)
    .max(100)
    .refine(shown, hidden)
    .meta({
      description: "The rule whose findings it waives, by its id or its name.",
      examples: ["BH-110", "network-defaults-are-sealed"],
    }),
  resource: z
    .string()
    .min(1)
    .max(1000)
    .refine(shown, hidden)
    .meta({
      description:
        "The URN of the resource at fault, or a pattern of URNs in which * stands for any text within one part.",
      examples: ["urn:pulumi:dev::clinic::aws:ec2/vpc:Vpc::clinic-vpc"],
    }),
  reason: z
    .string()
    .max(1000)
    .overwrite(tidy)
    .refine(shown, hidden)
    .refine(isSentence, "it is no sentence that says why: four words and 20 characters at least")
    .meta({ description: "Why the finding is borne until then: a sentence, at least." }),
  owner: z
    .string()
    .max(100)
    .overwrite(tidy)
    .regex(
      /^[\p{L}\p{N}@][\p{L}\p{N}@ ._+&/'-]+$/u,
      "it is no team and no e-mail address, such as @clinic/network or network@clinic.example",
    )
    .meta({ description: "The team or the e-mail address that answers for it." }),
  expires: z.iso.date("it is no date of the form YYYY-MM-DD").meta({
    description: `The last day on which it counts, in UTC: at most ${String(longestWaiverDays)} days ahead.`,
    examples: ["2027-01-31"],
  }),
});

/** What a waiver says. */
export type Waiver = z.output<typeof waiverSchema>;

/** A file of waivers. */
export const waiverFileSchema = z.array(waiverSchema).max(500).meta({
  title: "Bulkhead waivers",
  description: "Findings that refuse nothing for a while, each with who answers for it.",
});

/** What became of a waiver. */
export type WaiverStatus = ReportedWaiver["status"];

/** A waiver, and what became of it. */
export interface WaiverOutcome extends Waiver {
  readonly status: WaiverStatus;
  /** Why it does not count, where it does not. */
  readonly problem: string | undefined;
}
