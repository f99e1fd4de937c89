import { resolve } from "node:path";

import { CouldNotRun } from "./could-not-run";
import type { PolicyConfig } from "./policy-config";

const policy = "waivers-are-in-order";

/**
 * The settings of the policy pack with a file of waivers in them: the pack and the judge of this process then read the
 * same.
 *
 * @param file its path, from the folder of this process.
 * @throws CouldNotRun if the settings name another one.
 */
export function withWaivers(settings: PolicyConfig, file: string): PolicyConfig {
  const path = resolve(file);
  const own = settings.get(policy);
  const named = own?.properties["file"];
  if (named !== undefined && named !== path) {
    throw new CouldNotRun(
      `--waivers names ${path}, and the configuration of ${policy} names ${JSON.stringify(named)}. Name one file.`,
    );
  }
  return new Map([
    ...settings,
    [policy, { enforcementLevel: own?.enforcementLevel, properties: { ...own?.properties, file: path } }],
  ]);
}
