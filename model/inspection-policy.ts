import { z } from "zod";

/**
 * The form of record numbers that the hospital gives out: `9` stands for a digit, `A` for a letter, `*` for a digit or a
 * letter; every other character stands for itself. A form is no regular expression, so that none can take for ever.
 */
export interface RecordNumberFormat {
  /** Name of the kind of number, by which findings call it. */
  readonly id: string;
  /** Its form, such as `MRN-9999999`. */
  readonly form: string;
  /** Words of which one has to stand near a number for it to count; none if the form alone says enough. */
  readonly context: readonly string[];
}

/** How prompts for external providers are inspected. */
export interface InspectionPolicy {
  /** The forms of the hospital's own record numbers, beside those that are known anyway. */
  readonly recordNumbers: readonly RecordNumberFormat[];
  /** The largest request that is inspected, in bytes; larger ones are refused. */
  readonly mostBodyBytes: number;
  /** How long the inspection of one request may take, in milliseconds; then it is refused. */
  readonly deadlineMilliseconds: number;
}

/** The bounds within which {@link InspectionPolicy} can be chosen. */
export const inspectionBounds = {
  bodyBytes: { least: 1024, most: 33_554_432, usual: 4_194_304 },
  deadlineMilliseconds: { least: 10, most: 10_000, usual: 1000 },
} as const;

export const inspectionPolicySchema = z
  .strictObject({
    recordNumbers: z
      .array(
        z.strictObject({
          id: z.string().meta({ description: "Name of the kind of number.", examples: ["medical_record"] }),
          form: z.string().meta({
            description: "Its form: `9` a digit, `A` a letter, `*` either, anything else itself.",
            examples: ["MRN-9999999"],
          }),
          context: z
            .array(z.string().min(2))
            .default([])
            .meta({ description: "Words of which one has to stand near it; none are needed when left out." }),
        }),
      )
      .default([])
      .meta({ description: "The forms of the hospital's own record numbers." }),
    mostBodyBytes: z
      .int()
      .min(inspectionBounds.bodyBytes.least)
      .max(inspectionBounds.bodyBytes.most)
      .default(inspectionBounds.bodyBytes.usual)
      .meta({ description: "The largest request that is inspected, in bytes: 4 MiB when left out." }),
    deadlineMilliseconds: z
      .int()
      .min(inspectionBounds.deadlineMilliseconds.least)
      .max(inspectionBounds.deadlineMilliseconds.most)
      .default(inspectionBounds.deadlineMilliseconds.usual)
      .meta({ description: "How long an inspection may take, in milliseconds: 1000 when left out." }),
  })
  .meta({ description: "How prompts for external providers are inspected." });

export type InspectionPolicyDocument = z.output<typeof inspectionPolicySchema>;
