import { existsSync } from "node:fs";
import { resolve } from "node:path";

import * as pulumi from "@pulumi/pulumi";
import { Command, Option } from "commander";

import { stackConfiguration, type StackConfiguration } from "../components/stack-configuration";
import { cloudKinds, type CloudKind } from "../model/cloud-target";
import { writeFiles } from "../policy-pack/report/write-files";

import { CouldNotRun } from "./could-not-run";
import { meshFiles } from "./mesh-files";
import { exitCode, runCommand } from "./run-command";
import { programStack } from "./stack-file";

interface Options {
  readonly cloud?: CloudKind;
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
  readonly out?: string;
}

function commandLine(): Command {
  return new Command("mesh")
    .description(
      "Derives the mesh from the flows: manifests for Istio and cert-manager, or the configuration of each Envoy.",
    )
    .addOption(new Option("--cloud <cloud>", "the cloud of the load balancer").choices(cloudKinds))
    .option("--platform <file>", "a platform file, YAML or JSON, in the place of the stack's")
    .option("--stack <name>", "the stack; without it, the first that is configured for the cloud")
    .option("--program <directory>", "the Pulumi program", resolve(__dirname, ".."))
    .option("--out <directory>", "where to write the files; without it, they are printed")
    .addHelpText("after", "\nExit codes: 0 written, 2 could not run.");
}

/**
 * Reads what a stack configures, as its program does that says nothing in code.
 *
 * @throws CouldNotRun with every finding, if the platform or the configuration is wrong.
 */
function configurationOf({ cloud, platform, stack, program }: Options): StackConfiguration {
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

/** What is printed of several files: each under its name. */
function printed(files: ReadonlyMap<string, string>): string {
  return [...files].map(([name, text]) => `# ${name}\n${text}`).join("");
}

function run(options: Options): Promise<number> {
  const files = meshFiles(configurationOf(options));
  const { out } = options;
  if (out === undefined) {
    process.stdout.write(printed(files));
  } else {
    try {
      writeFiles(out, files, "The mesh");
    } catch (error) {
      throw new CouldNotRun(error instanceof Error ? error.message : String(error));
    }
    process.stderr.write(`${[...files.keys()].join(", ")} are in ${resolve(out)}.\n`);
  }
  return Promise.resolve(exitCode.accepted);
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
