import { loadRenderer } from "./load-renderer";
import type { PlatformArgs } from "./platform";
import type { PlatformSettings } from "./platform-settings";
import { stackConfiguration } from "./stack-configuration";

/**
 * Reads what a `Platform` is created with, from the program and from the configuration of the stack that is being run,
 * checks it, and loads the SDK of its cloud, and no other.
 *
 * @param settings what the program says in code. The configuration says the rest, and everything without them.
 * @returns the first argument of `Platform`. Its `spec` is the platform as it was understood.
 * @throws pulumi.RunError with every finding, its path and its remedy, and nothing is created: for a platform that breaks
 * an invariant, for configuration that is missing or malformed, and for a setting that is given twice.
 */
export function configuredPlatform(settings: PlatformSettings = {}): PlatformArgs {
  const { spec, target, surroundings } = stackConfiguration(settings);
  return { spec, renderer: loadRenderer(target, surroundings) };
}
