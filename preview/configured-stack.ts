import { existsSync } from "node:fs";
import { resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";

import { stackConfiguration, type StackConfiguration } from "../components/stack-configuration";
import type { CloudKind } from "../model/cloud-target";

import { CouldNotRun } from "./could-not-run";
import { programStack } from "./stack-file";

/** Which stack of which program, and what takes the place of its platform. */
export interface ChosenStack {
  readonly cloud?: CloudKind;
  /** A platform file, relative to the current folder. */
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
}

/**
 * Reads what a stack configures, as its program does that says nothing in code.
 *
 * @throws CouldNotRun with every finding, if the platform or the configuration is wrong.
 */
export function configuredStack({ cloud, platform, stack, program }: ChosenStack): StackConfiguration {
  if (platform !== undefined && !existsSync(platform)) {
    throw new CouldNotRun(`There is no platform file ${platform}.`);
  }
  const overrides = new Map(platform === undefined ? [] : [["bulkhead:platform", resolve(platform)]]);
  const { directory, config } = programStack(program, { stack, cloud, overrides });
  pulumi.runtime.setAllConfig(Object.fromEntries(config));
  // Files that the configuration names are relative to the program.
  const origin = process.cwd();
  process.chdir(directory);
  try {
    return stackConfiguration();
  } catch (error) {
    throw pulumi.RunError.isInstance(error) ? new CouldNotRun(error.message) : error;
  } finally {
    process.chdir(origin);
  }
}
