import { z } from "zod";

import { calendarDateSchema, type CalendarDate } from "./calendar-date";
import type { CloudKind } from "./cloud-target";

export const findingPolicies = ["block", "redact", "allow"] as const;

/**
 * What happens to a prompt in which PHI is found: it is refused, its identifiers are replaced, or it passes and is
 * recorded. Only `allow` lets a provider receive PHI, and needs an agreement.
 */
export type FindingPolicy = (typeof findingPolicies)[number];

/**
 * A business associate agreement with the provider (45 CFR §164.504(e)). One that has expired counts as none.
 */
export interface Agreement {
  /** The day on which it was signed. */
  readonly signed: CalendarDate;
  /** The first day on which it no longer holds, or that it holds until a party ends it. */
  readonly expires: CalendarDate | "until-terminated";
  /** Where an auditor finds it. */
  readonly evidence: string;
}

/** What is the same of LLM providers of either kind. */
export interface ProviderTerms {
  /** Name of the provider, unique in the platform. */
  readonly id: string;
  /** The business associate agreement with it, if there is one. */
  readonly agreement: Agreement | undefined;
  /** What happens to a prompt in which PHI is found. */
  readonly onFinding: FindingPolicy;
}

/** The cloud's own service (Bedrock, Azure OpenAI, Vertex AI), reached by private endpoint only. */
export interface NativeProvider extends ProviderTerms {
  /** Native to the cloud. */
  readonly kind: "native";
  /** The models that may be called, by the name each cloud gives them. */
  readonly models: Readonly<Record<CloudKind, readonly string[]>>;
}

export const providerApis = ["openai", "anthropic", "gemini", "azure-openai"] as const;

/**
 * The API that an external provider speaks: the Chat Completions, Responses and Embeddings APIs of OpenAI, the Messages API
 * of Anthropic, the `generateContent` methods of the Gemini API, or OpenAI's APIs as Azure serves them to the Internet.
 */
export type ProviderApi = (typeof providerApis)[number];

/** A model of an external provider. */
export interface ProviderModel {
  /** Its name, as requests write it. */
  readonly name: string;
  /** What happens to a prompt for it in which PHI is found. */
  readonly onFinding: FindingPolicy;
}

/** A provider on the Internet, reached only through egress inspection. */
export interface ExternalProvider extends ProviderTerms {
  /** On the Internet. */
  readonly kind: "external";
  /** The API that it speaks. */
  readonly api: ProviderApi;
  /** The hosts of its API; the first is the one that is called unless a request needs another. */
  readonly fqdns: readonly string[];
  /** The models that may be called. */
  readonly models: readonly ProviderModel[];
}

/** A provider of large language models. */
export type LlmProvider = NativeProvider | ExternalProvider;

const agreementSchema = z
  .strictObject({
    signed: calendarDateSchema,
    expires: z.union([calendarDateSchema, z.literal("until-terminated")]),
    evidence: z.string().min(1).meta({ description: "Where the signed agreement is kept." }),
  })
  .meta({ description: "The business associate agreement with this provider." });

const terms = {
  id: z.string().meta({ description: "Name of the provider, unique in the platform." }),
  agreement: agreementSchema.optional(),
  onFinding: z.enum(findingPolicies).default("block").meta({
    description: "What happens to a prompt with PHI: block when left out. `allow` needs a valid agreement.",
  }),
};

const modelNames = z.array(z.string().min(1));

export const llmProviderSchema = z
  .discriminatedUnion("kind", [
    z.strictObject({
      ...terms,
      kind: z.literal("native"),
      models: z.strictObject({
        aws: modelNames.default([]),
        azure: modelNames.default([]),
        gcp: modelNames.default([]),
      } satisfies Record<CloudKind, unknown>),
    }),
    z.strictObject({
      ...terms,
      kind: z.literal("external"),
      api: z.enum(providerApis).meta({ description: "The API that it speaks." }),
      fqdns: z.array(z.string()).min(1).meta({ description: "The hosts of its API; no wildcard." }),
      models: z
        .array(
          z.union([
            z.string().min(1),
            z.strictObject({ name: z.string().min(1), onFinding: z.enum(findingPolicies) }),
          ]),
        )
        .min(1)
        .meta({
          description:
            "The models that may be called: names, or names with what happens to a prompt with PHI in the place of the provider's `onFinding`.",
        }),
    }),
  ])
  .meta({ description: "A provider of large language models: native to the cloud, or external." });

export type LlmProviderDocument = z.output<typeof llmProviderSchema>;

/** Whether the agreement holds on a day. */
export function isValid(agreement: Agreement | undefined, on: CalendarDate): boolean {
  if (agreement === undefined || agreement.signed > on) {
    return false;
  }
  return agreement.expires === "until-terminated" || agreement.expires > on;
}

/** An external provider as a platform file says it. */
export type ExternalProviderDocument = Extract<LlmProviderDocument, { readonly kind: "external" }>;

/** The models of an external provider, each with what happens to a prompt with PHI: the provider's own policy unless it has one. */
export function modelsOf({
  models,
  onFinding,
}: Pick<ExternalProviderDocument, "models" | "onFinding">): readonly ProviderModel[] {
  return models.map((model) => (typeof model === "string" ? { name: model, onFinding } : model));
}

/** Whether a prompt with PHI would be sent to the provider. */
export function mayReceivePhi(provider: LlmProvider | LlmProviderDocument): boolean {
  return provider.kind === "external"
    ? modelsOf({ onFinding: provider.onFinding, models: [...provider.models] }).some(
        ({ onFinding }) => onFinding === "allow",
      )
    : provider.onFinding === "allow";
}

/**
 * What happens on a day to a prompt with PHI: what was meant, but for `allow` without a valid agreement, which blocks. An
 * agreement ends on its day, whether or not somebody renders the platform anew.
 */
export function policyOn(
  onFinding: FindingPolicy,
  agreement: Agreement | undefined,
  on: CalendarDate,
): FindingPolicy {
  return onFinding === "allow" && !isValid(agreement, on) ? "block" : onFinding;
}
