import { endingAgreement, missingAgreement, modelsWithPhi } from "../agreements";
import { declaring, type Declaring } from "../declared-providers";
import type { DeclaredProvider } from "../declared-flows";
import type { AllowedBy, HostAllowance } from "../facts/host-allowance";
import type { Evidence, Finding } from "../finding";
import { everyHost, hostText, isWithin, overlap, type HostPattern } from "../host-pattern";
import type { JudgedStack } from "../judged-stack";
import { llmApisWithin, type LlmApiDomain } from "../llm-api-domains";
import { placedZones } from "../placed-zones";
import type { RuleName } from "../rule-name";
import { toldInspection } from "../told-inspection";
import { bindingPlatform } from "../undeclared";

import { sentence } from "./sentence";

const rule: RuleName = "llm-providers-have-agreements";

/** What lets packets or requests out to a host of the Internet, and is a list of what may be. */
export const allowLists: ReadonlySet<AllowedBy> = new Set(["firewall", "proxy", "service"]);

interface Said {
  readonly summary: string;
  readonly assumption?: string | undefined;
  readonly level: Finding["level"];
  readonly remedy: string;
  readonly openedBy?: readonly Evidence[];
  readonly hosts?: readonly string[];
}

function finding(
  { urn, label }: Evidence,
  { summary, assumption, level, remedy, openedBy, hosts = [] }: Said,
): Finding {
  return {
    rule,
    severity: level === "mandatory" ? (assumption === undefined ? "critical" : "high") : "medium",
    level,
    verdict: assumption === undefined ? "open" : "undetermined",
    urn,
    summary,
    packet: undefined,
    path: hosts.length === 0 ? [] : [label, ...hosts],
    openedBy: openedBy ?? [{ urn, label }],
    notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
    remedy,
    isGuiltyAlone: false,
  };
}

/** The hosts of providers that are declared. */
function hostsOf({ external }: Declaring): readonly HostPattern[] {
  return external.flatMap(({ hosts }) => hosts);
}

/** Whose API is called at hosts, in words. */
function whose(apis: readonly LlmApiDomain[]): string {
  const names = [...new Set(apis.map(({ provider }) => provider))].sort();
  const [first = "", second, ...others] = names;
  return second === undefined
    ? `the API of ${first}`
    : others.length === 0
      ? `the APIs of ${first} and ${second}`
      : `APIs of models, of ${first}, ${second} and ${String(others.length)} more`;
}

/** The APIs of models that an entry leads out to: a cloud's own name is no way out where a private endpoint answers to it. */
function reached(
  { by }: HostAllowance,
  host: HostPattern,
  added: readonly LlmApiDomain[],
): readonly LlmApiDomain[] {
  const apis = llmApisWithin(host, added);
  return allowLists.has(by) ? apis : apis.filter(({ isOfCloud }) => !isOfCloud);
}

/** A host, or a pattern of hosts, that is let through and that nothing declares. */
interface Undeclared {
  readonly host: HostPattern;
  /** Which it is, and what is wrong with it, in the middle of a sentence. */
  readonly what: string;
  /** Whether it answers for much besides models. */
  readonly servesMore: boolean;
}

/** What is wrong with one host, or pattern of hosts, that is let through; nothing where it is declared. */
function ofHost(
  allowance: HostAllowance,
  host: HostPattern,
  {
    hosts,
    added,
    isOurs,
  }: {
    readonly hosts: readonly HostPattern[];
    /** The APIs of models that the configuration adds. */
    readonly added: readonly LlmApiDomain[];
    readonly isOurs: boolean;
  },
): Undeclared | undefined {
  const isListed = allowLists.has(allowance.by);
  // That a resolver answers every name, or a route leads to whatever host, opens no way by itself: other rules judge it.
  const isDeclared = hosts.some(
    (own) =>
      isWithin(host, own) ||
      // Azure's lists of names mean whatever is below them too; that a name is answered lets nothing out.
      (allowance.by === "resolver" && isWithin(host, `*.${own}`)),
  );
  if (isDeclared || (host === everyHost && !isListed && allowance.assumption === undefined)) {
    return undefined;
  }
  const apis = reached(allowance, host, added);
  const within = hosts.filter((own) => overlap(host, own));
  // Names of the platform's own are answered, and called, by whatever is in it; only what lists may leave is theirs alone.
  if (apis.length === 0 && within.length === 0 && !(isOurs && isListed)) {
    return undefined;
  }
  const isSeveral = host.includes("*");
  return {
    host,
    what:
      within.length > 0
        ? `${hostText(host)}, of which ${within.join(", ")} alone is declared`
        : apis.length === 0
          ? `${hostText(host)}, which is no host of a provider that is declared`
          : `${hostText(host)}, ${isSeveral ? "and with it " : "which is "}${whose(apis)}, and nothing declares ${apis.length === 1 && !isSeveral ? "that provider" : "those providers"}`,
    servesMore: apis.length > 0 && apis.every((api) => api.servesMore),
  };
}

/** How many hosts of one entry are told with what is wrong with them; the others are counted. */
const mostHosts = 8;

/** What is wrong with one entry: everything in one finding, so that no host hides another. */
function ofEntry(stack: JudgedStack, allowance: HostAllowance, holdsPhi: boolean): readonly Finding[] {
  const { label, assumption } = allowance;
  const isOurs = stack.declarations.platforms.size > 0;
  const declared = {
    hosts: hostsOf(declaring(stack, bindingPlatform(stack, allowance.platform))),
    added: stack.settings.llmApiDomains,
    isOurs,
  };
  const undeclared = [...allowance.hosts].sort().flatMap((host) => ofHost(allowance, host, declared) ?? []);
  if (undeclared.length === 0) {
    return [];
  }
  const shown = undeclared.slice(0, mostHosts).map(({ what }) => what);
  const more = undeclared.length - shown.length;
  return [
    finding(allowance, {
      summary: sentence(
        `${label} ${assumption === undefined ? "lets" : "may let"} through ${shown.join("; ")}${more === 0 ? "" : `; and ${String(more)} more`}.`,
      ),
      assumption,
      // Whoever names a model's API means to call it; that a name is not known says something only where PHI may be.
      level:
        isOurs || undeclared.some(({ host, servesMore }) => !servesMore && (holdsPhi || host !== everyHost))
          ? "mandatory"
          : "advisory",
      remedy: isOurs
        ? "Take the entry away: the allow-lists follow from the providers in the platform file, each of which has its hosts and its agreement there."
        : "Take the entry away, or declare the provider with its hosts, and its agreement if it may receive PHI, in the configuration of the pack: docs/rules.md#llm-providers-have-agreements shows how.",
      hosts: undeclared.map(({ host }) => hostText(host)),
    }),
  ];
}

/** A provider, and what declares it. */
interface Declared {
  readonly at: Evidence;
  readonly platform: string | undefined;
  readonly provider: DeclaredProvider;
  /** Its models to which a prompt with PHI is sent as it is. */
  readonly models: readonly string[];
}

/** The providers to which PHI may go. */
function receivingPhi({ declarations, settings, root }: JudgedStack): readonly Declared[] {
  const platforms = [...declarations.platforms.values()];
  const all = [
    ...platforms.flatMap(({ urn, name, llmProviders }) =>
      llmProviders.map((provider) => ({
        at: { urn, label: `Platform ${name}` },
        platform: name,
        provider,
      })),
    ),
    ...(platforms.length > 0
      ? []
      : settings.llmProviders.map((provider) => ({
          at: { urn: root, label: "Configuration of the pack" },
          platform: undefined,
          provider,
        }))),
  ];
  return all
    .map((declared) => ({ ...declared, models: modelsWithPhi(declared.provider) }))
    .filter(({ models }) => models.length > 0);
}

/** What lets something through to the hosts of a provider. */
function waysTo(stack: JudgedStack, { platform, provider }: Declared): readonly Evidence[] {
  return stack.facts.hostAllowances
    .filter(
      (allowance) =>
        bindingPlatform(stack, allowance.platform) === platform &&
        allowance.hosts.some((host) => provider.hosts.some((own) => overlap(host, own))),
    )
    .map(({ urn, label }) => ({ urn, label }));
}

/** Providers that may get PHI today without an agreement that holds, and those whose agreement ends soon. */
function unagreed(stack: JudgedStack): readonly Finding[] {
  const day = stack.waivers.today;
  return receivingPhi(stack).flatMap((declared): readonly Finding[] => {
    const { at, provider, models } = declared;
    const missing = missingAgreement(provider, day);
    const wrong = missing === undefined ? endingAgreement(provider, day) : `${missing} on ${day}`;
    if (wrong === undefined) {
      return [];
    }
    return [
      finding(at, {
        summary: `${at.label} lets PHI go to provider ${provider.id} (${models.join(", ")}), and ${wrong}.`,
        // Until its last day an agreement holds, and nothing is wrong; from then on the stack is refused.
        level: missing === undefined ? "advisory" : "mandatory",
        remedy: `Renew the agreement and write its days down, or let what happens on a finding be block or redact for ${models.join(", ")}.`,
        // Each provider is a matter of its own.
        openedBy: [
          { urn: at.urn, label: `${at.label}, provider ${provider.id}` },
          ...waysTo(stack, declared),
        ],
        hosts: provider.hosts,
      }),
    ];
  });
}

/** What a guard is told besides what its platform declares. */
function toldOtherwise(stack: JudgedStack): readonly Finding[] {
  return toldInspection(stack).flatMap(({ problems }) =>
    problems.map(({ at, what, assumption, remedy }) =>
      finding(at, {
        summary: `${at.label}: ${what}.`,
        assumption,
        level: "mandatory",
        remedy,
        openedBy: [{ urn: at.urn, label: what }],
      }),
    ),
  );
}

/** Whatever lets PHI, or anything, go to a provider that is not declared, or without an agreement that holds. */
export function unagreedProviders(stack: JudgedStack): readonly Finding[] {
  const zones = placedZones(stack.facts);
  const holdsPhi = (["phi", "processing", "egress"] as const).some((zone) => zones.has(zone));
  return [
    ...stack.facts.hostAllowances.flatMap((allowance) => ofEntry(stack, allowance, holdsPhi)),
    ...unagreed(stack),
    ...toldOtherwise(stack),
  ];
}
