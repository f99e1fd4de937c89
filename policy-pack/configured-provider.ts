import { z } from "zod";

import { calendarDateSchema } from "../model/calendar-date";

import type { DeclaredProvider } from "./declared-flows";
import { everyHost, hostPattern } from "./host-pattern";
import type { LlmApiDomain } from "./llm-api-domains";

/** A host, or the hosts below a domain. What stands for every host declares nobody. */
const host = z
  .string()
  .refine((text) => hostPattern(text) !== everyHost && /^(?:\*\.)?[^*]*\.[^*]*$/.test(hostPattern(text)), {
    error: "it is no host such as api.example.com, nor *.example.com for all below a domain",
  })
  .meta({
    description: "A host, or with `*.` before it all below a domain.",
    examples: ["api.openai.com", "*.openai.azure.com"],
  });

/** A provider that the configuration of the pack declares. */
export const configuredProviderSchema = z
  .strictObject({
    hosts: z.array(host).min(1).meta({ description: "The hosts of its API." }),
    mayReceivePhi: z.boolean().default(false).meta({
      description: "Whether prompts with PHI go to it: no when left out. It needs an agreement then.",
    }),
    agreement: z
      .strictObject({
        signed: calendarDateSchema.meta({ description: "The day on which it was signed." }),
        expires: z
          .union([calendarDateSchema, z.literal("until-terminated")])
          .meta({ description: "The first day on which it no longer holds, or `until-terminated`." }),
        evidence: z.string().min(1).meta({ description: "Where the signed agreement is kept." }),
      })
      .optional()
      .meta({ description: "The business associate agreement with it." }),
  })
  .meta({ description: "A provider of large language models on the Internet." });

/** Hosts of an API of large language models that the configuration of the pack adds. */
export const configuredApiDomainSchema = z
  .strictObject({
    host,
    provider: z.string().min(1).meta({ description: "Whose API it is, as findings call it." }),
  })
  .meta({ description: "Hosts of an API of large language models." });

/** The provider that a valid document declares. It has one policy for all of its models. */
export function configuredProvider({
  hosts,
  mayReceivePhi,
  agreement,
}: z.output<typeof configuredProviderSchema>): DeclaredProvider {
  const patterns = hosts.map(hostPattern);
  return {
    id: patterns.join(", "),
    kind: "external",
    hosts: patterns,
    onFinding: { "every model": mayReceivePhi ? "allow" : "block" },
    agreement: agreement === undefined ? undefined : { signed: agreement.signed, expires: agreement.expires },
  };
}

/** The hosts that a valid document adds. */
export function configuredApiDomain({
  host: written,
  provider,
}: z.output<typeof configuredApiDomainSchema>): LlmApiDomain {
  return { pattern: hostPattern(written), provider, source: undefined, isOfCloud: false, servesMore: false };
}
