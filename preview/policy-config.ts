import { readFileSync } from "node:fs";

import { z } from "zod";

import { CouldNotRun } from "./could-not-run";

const levels = ["advisory", "mandatory", "remediate", "disabled"] as const;

const level = z.enum(levels);

const settings = z.union([
  level.transform((enforcementLevel) => ({ enforcementLevel })),
  z.looseObject({ enforcementLevel: level.optional() }),
]);

const policyConfigSchema = z.record(z.string(), settings);

/** How strict a policy is. */
export type EnforcementLevel = (typeof levels)[number];

/** What a user sets of a policy: its level, and properties of its own. */
export interface PolicySettings {
  readonly enforcementLevel: EnforcementLevel | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Settings by the name of the policy; those of `all` hold for each policy that sets no level of its own. */
export type PolicyConfig = ReadonlyMap<string, PolicySettings>;

/**
 * Reads a file as `pulumi preview --policy-pack-config` does
 * (https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/#configure-policies).
 *
 * @throws CouldNotRun if it is not there, or is not such a file.
 */
export function policyConfig(path: string): PolicyConfig {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CouldNotRun(
      `${path} cannot be read as policy configuration: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = policyConfigSchema.safeParse(raw);
  if (!parsed.success) {
    throw new CouldNotRun(`${path} is no policy configuration:\n${z.prettifyError(parsed.error)}`);
  }
  return new Map(
    Object.entries(parsed.data).map(([name, { enforcementLevel, ...properties }]) => [
      name,
      { enforcementLevel, properties },
    ]),
  );
}
