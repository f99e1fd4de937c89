import { world, type Evidence, type Finding } from "../finding";
import type { JudgedStack } from "../judged-stack";
import { bindingPlatform } from "../undeclared";

interface Said {
  readonly summary: string;
  readonly assumption?: string | undefined;
  readonly leads: boolean;
}

function finding(
  rule: Finding["rule"],
  { urn, label }: Evidence,
  { summary, assumption, leads }: Said,
): Finding {
  return {
    rule,
    severity: assumption === undefined ? "critical" : "high",
    level: "mandatory",
    verdict: assumption === undefined ? "open" : "undetermined",
    urn,
    summary,
    packet: undefined,
    path: leads ? [label, "the Internet"] : [],
    ...(leads ? { passes: [urn, world] } : {}),
    openedBy: [{ urn, label }],
    notes: assumption === undefined ? [] : [`Not known: ${assumption}.`],
    remedy:
      "Take it away: the platform makes its egress zone from the external providers in the platform file, with the one way out that is inspected.",
    isGuiltyAlone: false,
  };
}

/**
 * What leads a platform of ours to the Internet besides the load balancer: a public address, or what translates addresses,
 * anywhere but in the egress zone; and anything in an egress zone where no external provider is declared. What is beside
 * several platforms, and says of none that it is its own, is held to be outside of each egress zone.
 */
export function undeclaredEgress(stack: JudgedStack, rule: Finding["rule"]): readonly Finding[] {
  const { facts, declarations } = stack;
  const withoutProviders = new Set(
    [...declarations.platforms.values()]
      .filter(({ llmProviders }) => !llmProviders.some(({ kind }) => kind === "external"))
      .map(({ name }) => name),
  );
  const ways = facts.waysToInternet.flatMap((way): readonly Finding[] => {
    const platform = bindingPlatform(stack, way.platform);
    if (platform !== undefined && way.zone === "egress" && !withoutProviders.has(platform)) {
      return [];
    }
    if (platform === undefined && declarations.platforms.size === 0) {
      return [];
    }
    return [
      finding(rule, way, {
        summary:
          platform === undefined
            ? `${way.label}: ${way.what}, and nothing says of which platform of the stack it is, so that it is in the egress zone of none.`
            : withoutProviders.has(platform)
              ? `${way.label}: ${way.what}, and platform ${platform} declares no external provider for whom anything would leave.`
              : `${way.label}: ${way.what}, and is not in the egress zone of platform ${platform}, by which alone anything leaves.`,
        assumption: way.assumption,
        leads: true,
      }),
    ];
  });
  const told = new Set(ways.map(({ urn }) => urn));
  // What is beside platforms of which none declares an external provider has no egress zone to be in either.
  const hasNone = declarations.platforms.size > 0 && withoutProviders.size === declarations.platforms.size;
  const inEgress = hasNone
    ? stack
        .zonedResources()
        .filter(({ urn, zone }) => zone === "egress" && !told.has(urn))
        .map(({ urn, label }) =>
          finding(
            rule,
            { urn, label },
            {
              summary: `${label} is in the egress zone, which a platform without external providers does not have.`,
              leads: false,
            },
          ),
        )
    : [];
  return [...ways, ...inEgress];
}
