import { z } from "zod";

import { zoneIds } from "../model/zone";

/** What a rule of the configuration looks at, from what decides first to what decides last. */
const criteria = ["urn", "tag", "name"] as const;

const glob = z.string().min(1);

export const zoneMatchSchema = z
  .union(
    [
      z.strictObject({ urn: glob }),
      z.strictObject({ tag: z.strictObject({ key: z.string().min(1), value: z.string().min(1) }) }),
      z.strictObject({ name: glob }),
    ],
    { error: 'it is {"urn": pattern}, {"tag": {"key": key, "value": value}} or {"name": pattern}' },
  )
  .meta({
    description:
      "What is put into the zone: resources with a tag of a value, or whose logical name or URN is like a pattern in which * stands for any text.",
  });

export const zoneRuleSchema = z.strictObject({
  zone: z.enum(zoneIds).meta({ description: "The zone." }),
  match: zoneMatchSchema,
});

/** A rule of the configuration that puts resources into a zone. */
export type ZoneRule = z.output<typeof zoneRuleSchema>;

/** What a rule is matched with. */
export interface MatchedResource {
  readonly urn: string;
  readonly name: string;
  /** The value of a tag: `undefined` where it is not set, `unknown` where it may be any. */
  readonly tag: (key: string) => { readonly kind: "known"; readonly value: string } | "unknown" | undefined;
}

/** What the configuration says of a resource. */
export interface ZoneMatch {
  /** The rules that match, whether they decide or not. */
  readonly matching: readonly ZoneRule[];
  /** The rules that decide; several, where they have equal weight. */
  readonly deciding: readonly ZoneRule[];
  /** Tags of which rules speak that would decide, and whose values are not known. */
  readonly unknownTags: readonly string[];
}

/** Whether a text is like a pattern in which `*` stands for any text, an empty one included. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split("*");
  const [first = "", ...others] = parts;
  const last = others.at(-1);
  if (last === undefined) {
    return text === pattern;
  }
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) {
    return false;
  }
  let rest = text.slice(first.length, text.length - last.length);
  for (const part of others.slice(0, -1)) {
    const at = rest.indexOf(part);
    if (at < 0) {
      return false;
    }
    rest = rest.slice(at + part.length);
  }
  return true;
}

interface Weighed {
  readonly rule: ZoneRule;
  /** The place of what it looks at: a lower one decides before a higher. */
  readonly criterion: number;
  /** The length of the text that is not left open: of two patterns the longer decides. */
  readonly literal: number;
}

/** How much a rule says about a resource; `undefined` where it does not match, `unknown` where that cannot be known. */
function weigh(rule: ZoneRule, resource: MatchedResource): Weighed | "unknown" | undefined {
  const { match } = rule;
  const weighed = (criterion: (typeof criteria)[number], pattern: string): Weighed => ({
    rule,
    criterion: criteria.indexOf(criterion),
    literal: pattern.replaceAll("*", "").length,
  });
  if ("urn" in match) {
    return isLike(resource.urn, match.urn) ? weighed("urn", match.urn) : undefined;
  }
  if ("name" in match) {
    return isLike(resource.name, match.name) ? weighed("name", match.name) : undefined;
  }
  const value = resource.tag(match.tag.key);
  if (value === "unknown" || value === undefined) {
    return value;
  }
  return value.value === match.tag.value ? weighed("tag", `${match.tag.key}${match.tag.value}`) : undefined;
}

/** A rule as a person reads it. */
export function zoneRuleText({ match }: ZoneRule): string {
  if ("urn" in match) {
    return `the configured URN ${match.urn}`;
  }
  return "name" in match
    ? `the configured name ${match.name}`
    : `the configured tag ${match.tag.key}=${match.tag.value}`;
}

/** What the rules of the configuration say of a resource: a URN before a tag before a name, then the longer literal text. */
export function matchZone(rules: readonly ZoneRule[], resource: MatchedResource): ZoneMatch {
  const found = rules.map((rule) => ({ rule, weighed: weigh(rule, resource) }));
  const matching = found.flatMap(({ weighed }) =>
    weighed === undefined || weighed === "unknown" ? [] : [weighed],
  );
  const [best] = [...matching].sort((a, b) => a.criterion - b.criterion || b.literal - a.literal);
  const deciding = matching.filter(
    ({ criterion, literal }) => criterion === best?.criterion && literal === best.literal,
  );
  return {
    matching: matching.map(({ rule }) => rule),
    deciding: deciding.map(({ rule }) => rule),
    unknownTags:
      best?.criterion === criteria.indexOf("urn")
        ? []
        : [
            ...new Set(
              found.flatMap(({ rule: { match }, weighed }) =>
                weighed === "unknown" && "tag" in match ? [match.tag.key] : [],
              ),
            ),
          ],
  };
}
