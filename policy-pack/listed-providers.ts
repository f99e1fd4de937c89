import { egressGuardId } from "../model/egress-guard";
import type { FindingPolicy } from "../model/llm-provider";

import { daysLeft, holdsOn, policyFor } from "./agreements";
import type { DeclaredAgreement, DeclaredPlatform, DeclaredProvider } from "./declared-flows";
import type { Evidence } from "./finding";
import { overlap, type HostPattern } from "./host-pattern";
import type { JudgedStack } from "./judged-stack";
import { guardCallers } from "./told-inspection";
import { bindingPlatform } from "./undeclared";

/** A model of a provider, and what happens to a prompt for it in which PHI is found. */
export interface ListedModel {
  readonly name: string;
  /** What is declared. */
  readonly onFinding: FindingPolicy;
  /** What happens today: `block`, where PHI may pass and no agreement holds. */
  readonly today: FindingPolicy;
}

/** An agreement, and what it comes to on the day of the judgement. */
export interface ListedAgreement extends DeclaredAgreement {
  readonly holds: boolean;
  /** How many days it still holds, where these are fewer than the days of notice. */
  readonly daysLeft?: number;
}

/** A provider of large language models, and what may go to it. */
export interface ListedProvider {
  /** The platform that declares it; `undefined` where the configuration of the pack does. */
  readonly platform: string | undefined;
  readonly id: string;
  readonly kind: DeclaredProvider["kind"];
  /** The hosts of its API; none of a native one. */
  readonly hosts: readonly HostPattern[];
  readonly models: readonly ListedModel[];
  readonly agreement: ListedAgreement | undefined;
  /** The workloads that may call it: of an external one through the egress guard, and never past it. */
  readonly calledBy: readonly string[];
  /** What lets something through to its hosts. */
  readonly entries: readonly Evidence[];
}

/** The workloads that a platform lets call models of a provider. */
function callersOf(platform: DeclaredPlatform, { kind }: DeclaredProvider): readonly string[] {
  return kind === "external"
    ? guardCallers(platform)
    : [
        ...new Set(
          platform.flows.flatMap(({ from, to }) =>
            from.kind === "workload" &&
            from.id !== egressGuardId &&
            to.kind === "platform-service" &&
            to.id === "model-inference"
              ? [from.id]
              : [],
          ),
        ),
      ].sort();
}

function listed(
  stack: JudgedStack,
  platform: DeclaredPlatform | undefined,
  provider: DeclaredProvider,
): ListedProvider {
  const { id, kind, hosts, onFinding, agreement } = provider;
  const day = stack.waivers.today;
  const left = daysLeft(provider, day);
  const entries = stack.facts.hostAllowances.filter(
    (allowance) =>
      bindingPlatform(stack, allowance.platform) === platform?.name &&
      allowance.hosts.some((host) => hosts.some((own) => overlap(host, own))),
  );
  return {
    platform: platform?.name,
    id,
    kind,
    hosts,
    models: Object.entries(onFinding).map(([name, declared]) => ({
      name,
      onFinding: declared,
      today: policyFor(provider, declared, day),
    })),
    agreement:
      agreement === undefined
        ? undefined
        : {
            ...agreement,
            holds: holdsOn(provider, day),
            ...(left === undefined ? {} : { daysLeft: left }),
          },
    calledBy: platform === undefined ? [] : callersOf(platform, provider),
    entries: entries
      .map(({ urn, label }) => ({ urn, label }))
      .sort((one, other) => (one.urn + one.label < other.urn + other.label ? -1 : 1)),
  };
}

/** The providers of large language models that are declared for a stack, and what may go to each today. */
export function listedProviders(stack: JudgedStack): readonly ListedProvider[] {
  const { declarations, settings } = stack;
  const platforms = [...declarations.platforms.values()];
  return [
    ...platforms.flatMap((platform) =>
      platform.llmProviders.map((provider) => listed(stack, platform, provider)),
    ),
    ...(platforms.length > 0
      ? []
      : settings.llmProviders.map((provider) => listed(stack, undefined, provider))),
  ];
}
