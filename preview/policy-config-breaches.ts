import { z } from "zod";

import type { Breach } from "../model/finding";

import { pathUnder } from "./breach-list";
import { CouldNotRun } from "./could-not-run";
import { levels, type EnforcementLevel, type PolicyConfig } from "./policy-config";
import { isProperties, type Properties } from "./property-values";
import type { SettablePolicy } from "./settable-policy";

/** What sets the level of all policies at once. */
const everyPolicy = "all";

/**
 * A JSON schema in which an object has the properties that are named and no others, wherever the schema does not say
 * itself what others it has: what a policy never reads is a slip of its user's.
 */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(closed);
  }
  if (!isProperties(schema)) {
    return schema;
  }
  const { properties } = schema;
  const parts = Object.entries(schema).map(([key, value]) => {
    switch (key) {
      case "properties":
      case "patternProperties":
        return [
          key,
          isProperties(value)
            ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, closed(part)]))
            : value,
        ];
      case "items":
      case "additionalProperties":
        return [key, closed(value)];
      case "anyOf":
      case "oneOf":
        // Alternatives beside properties say something about the same object, and name a part of it.
        return [key, properties === undefined ? closed(value) : value];
      default:
        return [key, value];
    }
  });
  const namesAll = !["additionalProperties", "patternProperties", "anyOf", "oneOf", "allOf"].some(
    (key) => key in schema,
  );
  return {
    // A schema of properties that names no type would let anything but an object pass.
    ...(properties === undefined ? {} : { type: "object" }),
    ...("items" in schema ? { type: "array" } : {}),
    ...Object.fromEntries(parts),
    ...(properties !== undefined && namesAll ? { additionalProperties: false } : {}),
  };
}

/** What is wrong with a value, in one line; of alternatives, what is wrong with each. */
function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) {
    return issue.message;
  }
  const alternatives = issue.errors.map((issues) =>
    issues
      .map((part) =>
        part.path.length === 0 ? messageOf(part) : `${z.core.toDotPath(part.path)}: ${messageOf(part)}`,
      )
      .join(", "),
  );
  return [...new Set(alternatives)].join("; or ");
}

/** The values of a policy's properties that do not fit its schema, and the properties that it does not have. */
function unfit(policy: SettablePolicy, own: Properties): readonly Breach[] {
  const { name, schemas, required, given } = policy;
  if (Object.keys(own).length === 0 && required.length === 0) {
    return [];
  }
  let schema: z.ZodType;
  try {
    schema = z.fromJSONSchema(
      closed({
        type: "object",
        properties: schemas,
        required: [...required],
      }) as z.core.JSONSchema.BaseSchema,
      { defaultTarget: "draft-7" },
    );
  } catch (error) {
    throw new CouldNotRun(
      `What may be set of the policy ${name} cannot be read from its schema: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = schema.safeParse({ ...given, ...own });
  const names = Object.keys(schemas);
  return (parsed.error?.issues ?? []).flatMap((issue): readonly Breach[] => {
    const path = (more: readonly string[] = []): string =>
      pathUnder(name, z.core.toDotPath([...issue.path, ...more]));
    if (issue.code !== "unrecognized_keys") {
      return [
        {
          path: path(),
          message: messageOf(issue),
          remedy: "Give it a value that the policy's schema takes.",
        },
      ];
    }
    return issue.keys.map((key) => ({
      path: path([key]),
      message: "There is no such property, so that nobody reads it.",
      remedy:
        names.length === 0
          ? `Take it away: ${name} has no properties.`
          : `Take it away, or spell it as the policy does. The properties of ${name} are: ${names.join(", ")}.`,
    }));
  });
}

/**
 * The settings that a pack has no use for: of policies and properties that it has not, and values that do not fit the
 * schemas of its policies. Pulumi itself refuses the last, and ignores the others.
 *
 * @throws CouldNotRun if a schema cannot be understood.
 */
export function settingBreaches(
  config: PolicyConfig,
  packName: string,
  policies: readonly SettablePolicy[],
): readonly Breach[] {
  const names = policies.map(({ name }) => name);
  const stray = [...config.keys()]
    .filter((name) => name !== everyPolicy && !names.includes(name))
    .map((name) => ({
      path: name,
      message: `The policy pack ${packName} has no policy ${name}.`,
      remedy: `Name one that it has: ${names.join(", ")}.`,
    }));
  const ofAll = Object.keys(config.get(everyPolicy)?.properties ?? {}).map((key) => ({
    path: `${everyPolicy}.${key}`,
    message: "Settings of all policies are their level alone, so that nobody reads it.",
    remedy: "Set it of the policy that has it.",
  }));
  return [
    ...stray,
    ...ofAll,
    ...policies.flatMap((policy) => unfit(policy, config.get(policy.name)?.properties ?? {})),
  ];
}

function isBelow(level: EnforcementLevel, { level: given }: SettablePolicy): boolean {
  return levels.indexOf(level) < levels.indexOf(given);
}

/** The settings that lower the level of a policy, by its name or for all. */
export function loweredLevels(config: PolicyConfig, policies: readonly SettablePolicy[]): readonly Breach[] {
  const remedy = "Take it away: levels are the pack's own. Change the stack, or the rule in the pack.";
  const ofAll = config.get(everyPolicy)?.enforcementLevel;
  const byAll = policies.filter(
    (policy) =>
      ofAll !== undefined &&
      config.get(policy.name)?.enforcementLevel === undefined &&
      isBelow(ofAll, policy),
  );
  const byName = policies.flatMap((policy): readonly Breach[] => {
    const own = config.get(policy.name)?.enforcementLevel;
    return own !== undefined && isBelow(own, policy)
      ? [{ path: policy.name, message: `It lowers the policy from ${policy.level} to ${own}.`, remedy }]
      : [];
  });
  return [
    ...(byAll.length === 0
      ? []
      : [
          {
            path: everyPolicy,
            message: `It lowers policies to ${String(ofAll)}: ${byAll.map(({ name, level }) => `${name} (${level})`).join(", ")}.`,
            remedy,
          },
        ]),
    ...byName,
  ];
}
