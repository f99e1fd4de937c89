import { z } from "zod";

/** How many evaluations one message may ask for. */
export const mostEvaluations = 256;

const properties = z.record(z.string(), z.unknown()).optional();

/** What is asked for (AuthZEN §5.1 to §5.4). What is not known here is passed over, and proves nothing. */
const parts = {
  subject: z.object({ type: z.string(), id: z.string(), properties }),
  action: z.object({ name: z.string(), properties }),
  resource: z.object({ type: z.string(), id: z.string(), properties }),
  context: z
    .object({
      /** The clinician's access token, or a context token. */
      token: z.string().optional(),
      /** The address that the request comes from, as an entrance sees it. */
      source_address: z.string().optional(),
      /** The SPIFFE ID of the agent that calls a tool, as the gateway of tools has verified it. */
      agent: z.string().optional(),
      /** The arguments of a tool call. */
      arguments: z.record(z.string(), z.unknown()).optional(),
    })
    .optional(),
};

/** One question (AuthZEN §6.1). */
export const evaluationSchema = z.object(parts);

export type Evaluation = z.output<typeof evaluationSchema>;

export const semantics = ["execute_all", "deny_on_first_deny", "permit_on_first_permit"] as const;

/** Several questions, with what they have in common (AuthZEN §7.1). Each of them is looked at for itself. */
export const evaluationsSchema = z.object({
  ...z.object(parts).partial().shape,
  evaluations: z.array(z.record(z.string(), z.unknown())).max(mostEvaluations).optional(),
  options: z.object({ evaluations_semantic: z.enum(semantics).default("execute_all") }).optional(),
});

export type Evaluations = z.output<typeof evaluationsSchema>;
