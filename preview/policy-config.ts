import { readFileSync } from "node:fs";

import type { Breach } from "../model/finding";

import { breachList } from "./breach-list";
import { CouldNotRun } from "./could-not-run";
import { isProperties } from "./property-values";

/** The levels of policies, from the laxest to the strictest. */
export const levels = ["disabled", "advisory", "mandatory", "remediate"] as const;

/** How strict a policy is. */
export type EnforcementLevel = (typeof levels)[number];

/** What a user sets of a policy: its level, and properties of its own. */
export interface PolicySettings {
  readonly enforcementLevel: EnforcementLevel | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Settings by the name of the policy; those of `all` hold for each policy that sets no level of its own. */
export type PolicyConfig = ReadonlyMap<string, PolicySettings>;

/** What a file of policy configuration sets, and what of it cannot be read. */
export interface ReadPolicyConfig {
  readonly config: PolicyConfig;
  readonly breaches: readonly Breach[];
}

function isLevel(value: unknown): value is EnforcementLevel {
  return (levels as readonly unknown[]).includes(value);
}

function settingsOf(name: string, raw: unknown): PolicySettings | Breach {
  if (name === "environments") {
    return {
      path: name,
      message:
        "It names environments of Pulumi ESC. What they set is known to Pulumi's service alone, and cannot be read offline.",
      remedy: "Write what they set into this file.",
    };
  }
  const { enforcementLevel, ...properties } = isProperties(raw) ? raw : { enforcementLevel: raw };
  if (isLevel(enforcementLevel) || (isProperties(raw) && enforcementLevel === undefined)) {
    return { enforcementLevel, properties };
  }
  return {
    path: isProperties(raw) ? `${name}.enforcementLevel` : name,
    message: `${JSON.stringify(enforcementLevel)} is no level.`,
    remedy: `Use one of ${levels.join(", ")}.`,
  };
}

/**
 * Reads a file of policy configuration as `pulumi preview --policy-pack-config` does
 * (https://www.pulumi.com/docs/insights/policy/policy-packs/authoring/#configure-policies).
 *
 * @throws CouldNotRun if there is no such file.
 */
export function readPolicyConfig(path: string): ReadPolicyConfig {
  const nothing = (message: string): ReadPolicyConfig => ({
    config: new Map(),
    breaches: [{ path: "", message, remedy: "Write one JSON object, of settings by the names of policies." }],
  });
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new CouldNotRun(
      `${path} cannot be read as policy configuration: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  let raw: unknown;
  try {
    // Pulumi takes an empty file for one that sets nothing.
    raw = text.trim() === "" ? {} : JSON.parse(text);
  } catch (error) {
    return nothing(`It is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isProperties(raw)) {
    return nothing("It is no JSON object.");
  }
  const config = new Map<string, PolicySettings>();
  const breaches: Breach[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const settings = settingsOf(name, value);
    if ("message" in settings) {
      breaches.push(settings);
    } else {
      config.set(name, settings);
    }
  }
  return { config, breaches };
}

/**
 * The settings of a file of policy configuration.
 *
 * @throws CouldNotRun if it is not there, or is not such a file.
 */
export function policyConfig(path: string): PolicyConfig {
  const { config, breaches } = readPolicyConfig(path);
  if (breaches.length > 0) {
    throw new CouldNotRun(breachList(`${path} is no policy configuration`, breaches));
  }
  return config;
}
