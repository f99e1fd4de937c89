import { resolve } from "node:path";

import { Command, Option } from "commander";

import { cloudKinds } from "../model/cloud-target";
import { writeFiles } from "../policy-pack/report/write-files";

import { configuredStack, type ChosenStack } from "./configured-stack";
import { CouldNotRun } from "./could-not-run";
import { meshFiles } from "./mesh-files";
import { exitCode, runCommand } from "./run-command";

interface Options extends ChosenStack {
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

/** What is printed of several files: each under its name. */
function printed(files: ReadonlyMap<string, string>): string {
  return [...files].map(([name, text]) => `# ${name}\n${text}`).join("");
}

function run(options: Options): Promise<number> {
  const files = meshFiles(configuredStack(options));
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
