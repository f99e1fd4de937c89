import { z } from "zod";

import { configuredFlow, configuredFlowSchema, type ConfiguredFlow } from "./configured-flow";
import {
  configuredApiDomain,
  configuredApiDomainSchema,
  configuredProvider,
  configuredProviderSchema,
} from "./configured-provider";
import type { DeclaredProvider } from "./declared-flows";
import type { LlmApiDomain } from "./llm-api-domains";
import { reportRequestSchema } from "./report-request";
import type { SettingProblem } from "./setting-problem";
import { zoneRuleSchema, type ZoneRule } from "./zone-matching";

const zoneAssignment = z.strictObject({
  zones: z.array(zoneRuleSchema).default([]).meta({
    description: "Rules that put resources into zones. A URN decides before a tag, a tag before a name.",
  }),
  noPhiZone: z
    .boolean()
    .default(false)
    .meta({ description: "Says that the stack is meant to have no PHI zone, although it has a network." }),
});

const declaredPeers = z.strictObject({
  flows: z.array(configuredFlowSchema).default([]).meta({
    description: "Flows that a stack without a platform of ours may have besides the edges between zones.",
  }),
});

/** The form of a path that means the same to whoever reads it, wherever it runs. */
const absolutePath = /^(?:\/|[A-Za-z]:[\\/]|\\\\)/;

const agreedProviders = z.strictObject({
  llmProviders: z.array(configuredProviderSchema).default([]).meta({
    description:
      "Providers of large language models on the Internet that a stack without a platform of ours may call.",
  }),
  llmApiDomains: z.array(configuredApiDomainSchema).default([]).meta({
    description: "Hosts of APIs of large language models besides those that the pack knows.",
  }),
});

const waiversInOrder = z.strictObject({
  file: z
    .string()
    .regex(absolutePath, "it is no absolute path: the pack runs in its own folder, and not in yours")
    .optional()
    .meta({ description: "The file of waivers, by its absolute path." }),
});

/** What the policies that take configuration take. */
export const settingSchemas = {
  "zone-assignment": zoneAssignment,
  "zones-reach-only-declared-peers": declaredPeers,
  "llm-providers-have-agreements": agreedProviders,
  "resources-are-judged-before-creation": reportRequestSchema,
  "waivers-are-in-order": waiversInOrder,
} as const satisfies Readonly<Record<string, z.ZodType>> & Record<SettingProblem["policy"], z.ZodType>;

/** A policy that takes configuration. */
export type ConfiguredPolicy = keyof typeof settingSchemas;

/** What the pack's user has configured. */
export interface Settings {
  readonly zones: readonly ZoneRule[];
  readonly noPhiZone: boolean;
  readonly flows: readonly ConfiguredFlow[];
  /** Providers that a stack without a platform of ours may call. */
  readonly llmProviders: readonly DeclaredProvider[];
  /** Hosts of APIs of large language models besides those that the pack knows. */
  readonly llmApiDomains: readonly LlmApiDomain[];
  /** The file of waivers that the configuration names. */
  readonly waiversFile: string | undefined;
  /**
   * Whether the policy that assigns zones runs, so that its configuration was shown. CrossGuard shows none of a policy
   * that is switched off.
   */
  readonly areZonesShown: boolean;
  /** What is refused of the configuration. Nothing of a policy's configuration counts if any of it is refused. */
  readonly problems: readonly SettingProblem[];
}

/** Configuration as CrossGuard hands it over, by policy; a policy that does not run hands none over. */
export type RawSettings = Readonly<Partial<Record<ConfiguredPolicy, unknown>>>;

/** Where a part of a value is, such as `zones[0].match`; empty for the whole. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${String(key)}]` : `${text}${text === "" ? "" : "."}${String(key)}`,
    "",
  );
}

/** An issue with a union is one with the alternative that has the keys that are written; if none has, with the union. */
function flattened(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): readonly z.core.$ZodIssue[] {
  const path = [...above, ...issue.path];
  const meant =
    issue.code === "invalid_union"
      ? issue.errors.find((inner) =>
          inner.every(({ code, path: within }) => code !== "unrecognized_keys" && within.length > 0),
        )
      : undefined;
  return meant === undefined ? [{ ...issue, path }] : meant.flatMap((inner) => flattened(inner, path));
}

function problems(policy: SettingProblem["policy"], error: z.ZodError): readonly SettingProblem[] {
  return error.issues
    .flatMap((issue) => flattened(issue))
    .map((issue) => ({
      policy,
      path: pathText(issue.path),
      what: issue.code === "unrecognized_keys" ? `there is no ${issue.keys.join(", ")}` : issue.message,
      remedy: `Write it as docs/rules.md#${policy} shows; npm run gate:check-config checks the file.`,
    }));
}

/** Reads what the pack's user has configured. What is not understood is refused, and nothing of it counts. */
export function settings(raw: RawSettings): Settings {
  const zones = zoneAssignment.safeParse(raw["zone-assignment"] ?? {});
  const peers = declaredPeers.safeParse(raw["zones-reach-only-declared-peers"] ?? {});
  const providers = agreedProviders.safeParse(raw["llm-providers-have-agreements"] ?? {});
  const waivers = waiversInOrder.safeParse(raw["waivers-are-in-order"] ?? {});
  return {
    zones: zones.success ? zones.data.zones : [],
    noPhiZone: zones.success && zones.data.noPhiZone,
    areZonesShown: Object.hasOwn(raw, "zone-assignment"),
    flows: peers.success ? peers.data.flows.flatMap(configuredFlow) : [],
    llmProviders: providers.success ? providers.data.llmProviders.map(configuredProvider) : [],
    llmApiDomains: providers.success ? providers.data.llmApiDomains.map(configuredApiDomain) : [],
    waiversFile: waivers.success ? waivers.data.file : undefined,
    problems: [
      ...(zones.success ? [] : problems("zone-assignment", zones.error)),
      ...(peers.success ? [] : problems("zones-reach-only-declared-peers", peers.error)),
      ...(providers.success ? [] : problems("llm-providers-have-agreements", providers.error)),
      ...(waivers.success ? [] : problems("waivers-are-in-order", waivers.error)),
    ],
  };
}

/** What holds where nothing is configured. */
export const noSettings: Settings = settings({ "zone-assignment": {} });
