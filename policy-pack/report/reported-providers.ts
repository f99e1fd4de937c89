import { daysText } from "../agreements";
import type { Judgement } from "../judge";

import type { ReportedProvider } from "./report";

/** Providers, agreements and what may go where, as a report has them. */
export function reportedProviders({ providers }: Judgement): readonly ReportedProvider[] {
  return providers.map(({ platform, id, kind, hosts, models, agreement, calledBy, entries }) => ({
    platform: platform ?? null,
    id,
    kind,
    hosts: [...hosts],
    models: models.map((model) => ({ ...model })),
    agreement: agreement === undefined ? null : { ...agreement },
    calledBy: [...calledBy],
    entries: entries.map((evidence) => ({ ...evidence })),
  }));
}

/** What an agreement comes to, in words. */
export function agreementText({ agreement }: ReportedProvider): string {
  if (agreement === null) {
    return "none";
  }
  const { signed, expires, holds, daysLeft } = agreement;
  const end = expires === "until-terminated" ? "until terminated" : `to ${expires}`;
  const soon = daysLeft === undefined ? "" : `, ends in ${daysText(daysLeft)}`;
  return `${signed} ${end}${holds ? soon : ", does not hold"}`;
}

const outcomes = {
  block: "blocked",
  redact: "redacted",
  allow: "passes, recorded",
} as const;

/** What happens today to a prompt with PHI for each model, in words: models of which the same holds are told together. */
export function policyText({ models }: ReportedProvider): string {
  const groups = new Map<string, string[]>();
  for (const { name, onFinding, today } of models) {
    const text = `${outcomes[today]}${today === onFinding ? "" : ` (declared: ${onFinding})`}`;
    groups.set(text, [...(groups.get(text) ?? []), name]);
  }
  return [...groups].map(([text, names]) => `${names.join(", ")}: ${text}`).join("; ");
}

/** Where a provider is reached, in words. */
function whereText({ kind, hosts }: ReportedProvider): string {
  return kind === "native" ? "private endpoint" : hosts.join(", ");
}

/** Providers as rows of cells, of which the first is the head. */
export function providerTable(providers: readonly ReportedProvider[]): readonly (readonly string[])[] {
  return [
    ["provider", "hosts", "PHI in a prompt", "agreement", "called by"],
    ...providers.map((provider) => [
      provider.id,
      whereText(provider),
      policyText(provider),
      agreementText(provider),
      provider.calledBy.join(", "),
    ]),
  ];
}

/** What is said of the whole table. */
export const providersNote =
  "External providers are reached through the egress guard alone, which reads every prompt; the agreement is what the platform file says, and is reviewed with it.";
