import { existsSync } from "node:fs";
import { extname, join, resolve } from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";

import { cloudKinds, type CloudKind } from "../model/cloud-target";
import type { Report } from "../policy-pack/report/report";

import { baseReport, readBase } from "./base-report";
import type { CloudReport } from "./compared-clouds";
import { CouldNotRun } from "./could-not-run";
import { orErrorPage, pagesOf, writePages } from "./page/write-page";
import { policyConfig } from "./policy-config";
import { previewStack } from "./preview-stack";
import { printClouds } from "./print-clouds";
import { printReport } from "./print-report";
import { withProgress, type Say } from "./progress";
import { reportOf } from "./report";
import { writeReport } from "./report-directory";
import { exitCodeHelp, reportOption, runCommand } from "./run-command";
import { configuredClouds, programStack, type ProgramStack } from "./stack-file";
import { withWaivers } from "./waivers-option";
import { watch } from "./watch";

interface Options {
  readonly cloud?: readonly CloudKind[];
  readonly platform?: string;
  readonly stack?: string;
  readonly program: string;
  readonly policyPack: string;
  readonly policyPackConfig?: string;
  readonly base?: string;
  readonly waivers?: string;
  readonly json?: true;
  readonly report?: string;
  readonly page?: string;
  readonly watch?: true;
}

const root = resolve(__dirname, "..");

/** One cloud, or several with commas between them. */
function cloudList(text: string): readonly CloudKind[] {
  const said = text.split(",");
  const clouds = cloudKinds.filter((cloud) => said.includes(cloud));
  if (clouds.length !== said.length) {
    throw new InvalidArgumentError(
      `Allowed choices are ${cloudKinds.join(", ")}, or several of them with commas between them, each once.`,
    );
  }
  return clouds;
}

function commandLine(): Command {
  return new Command("preview")
    .description("Runs the program and the policy pack with no cloud, no credentials and no Pulumi CLI.")
    .addOption(
      new Option(
        "--cloud <clouds>",
        "the cloud to render; with several, such as aws,azure, who reaches whom on each, side by side; without it, all clouds that the program has stacks for",
      ).argParser(cloudList),
    )
    .option("--platform <file>", "a platform file, YAML or JSON, in the place of the stack's")
    .option("--stack <name>", "the stack; without it, the first that is configured for each cloud")
    .option("--program <directory>", "the Pulumi program", root)
    .option("--policy-pack <directory>", "the policy pack", join(root, "policy-pack"))
    .option("--policy-pack-config <file>", "settings of the pack's policies, as JSON")
    .option("--waivers <file>", "a file of waivers, YAML or JSON")
    .option("--base <file>", "a saved report or state: show what opens and closes since")
    .option("--json", "print the report as JSON")
    .option("--report <directory>", reportOption)
    .option("--page <file>", "write the report as one HTML page, which needs no network")
    .option("--watch", "preview again at each change, and show the page in a browser")
    .addHelpText("after", exitCodeHelp);
}

function stackOf(
  { platform, stack, program }: Pick<Options, "platform" | "stack" | "program">,
  cloud: CloudKind | undefined,
): ProgramStack {
  if (platform !== undefined && !existsSync(platform)) {
    throw new CouldNotRun(`There is no platform file ${platform}.`);
  }
  const overrides = new Map(platform === undefined ? [] : [["bulkhead:platform", resolve(platform)]]);
  return programStack(program, { stack, cloud, overrides });
}

/** Previews one stack, and compares it with a base if there is one. */
async function reportOn(stack: ProgramStack, options: Options, say: Say): Promise<Report> {
  const { policyPack, policyPackConfig, waivers, base } = options;
  const configured = policyPackConfig === undefined ? new Map() : policyConfig(policyPackConfig);
  const settings = waivers === undefined ? configured : withWaivers(configured, waivers);
  const read = base === undefined ? undefined : readBase(base);
  const outcome = await previewStack(stack, policyPack, settings, {
    say,
    hear: (line) => {
      // Whoever watches a pipeline looks for the pack's own word that it has judged; at a terminal the report says so.
      if (!process.stderr.isTTY) {
        process.stderr.write(`${line}\n`);
      }
    },
  });
  const compared = read === undefined ? undefined : await baseReport(read, policyPack, settings);
  return reportOf("preview", outcome, compared);
}

async function preview(options: Options, cloud: CloudKind | undefined): Promise<number> {
  const { program, json, report: directory } = options;
  const pages = pagesOf(options);
  return orErrorPage(
    pages,
    () => stackOf(options, cloud),
    async () => {
      const report = await withProgress("The program and the policy pack are starting", (say) =>
        reportOn(stackOf(options, cloud), options, say),
      );
      const code = printReport(report, { asJson: json === true, directory, program });
      await writePages(pages, report);
      return code;
    },
  );
}

/** A file of one cloud's, beside those of the others: `preview.html` is `preview.aws.html` on AWS. */
function fileOf(file: string, cloud: CloudKind): string {
  const extension = extname(file);
  return `${file.slice(0, file.length - extension.length)}.${cloud}${extension}`;
}

/** Previews the first stack of each cloud, all at once, and compares them. */
async function previewClouds(options: Options, clouds: readonly CloudKind[]): Promise<number> {
  const { stack, base, program, report: directory, page, json } = options;
  const useless = stack !== undefined ? "--stack" : base !== undefined ? "--base" : undefined;
  if (useless !== undefined) {
    throw new CouldNotRun(`${useless} is of one cloud. Leave it out, or name one cloud with --cloud.`);
  }
  const stacks = clouds.map((cloud) => ({ cloud, stack: stackOf(options, cloud) }));
  const filesOf = (cloud: CloudKind): Pick<Options, "page" | "report"> => ({
    ...(page === undefined ? {} : { page: fileOf(page, cloud) }),
    ...(directory === undefined ? {} : { report: join(directory, cloud) }),
  });
  const outcomes = await withProgress("The programs and their policy packs are starting", (say) =>
    Promise.allSettled(
      stacks.map(async ({ cloud, stack: own }): Promise<CloudReport> => {
        const report = await orErrorPage(
          pagesOf(filesOf(cloud)),
          () => own,
          () =>
            reportOn(own, options, (text) => {
              say(`${cloud}: ${text}`);
            }),
        );
        return { cloud, report };
      }),
    ),
  );
  const reports = outcomes.map((outcome) => {
    if (outcome.status === "rejected") {
      throw outcome.reason;
    }
    return outcome.value;
  });
  const code = printClouds(reports, json === true);
  for (const { cloud, report } of reports) {
    const files = filesOf(cloud);
    if (files.report !== undefined) {
      process.stderr.write(`The report is in ${writeReport(files.report, report, program)}.\n`);
    }
    await writePages(pagesOf(files), report);
  }
  return code;
}

/** The clouds to show where none is named: all that the program has stacks for, unless something is of one stack alone. */
function cloudsOf({ stack, base, watch: isWatched, program }: Options): readonly CloudKind[] {
  if (stack !== undefined || base !== undefined || isWatched === true) {
    return [];
  }
  const configured = configuredClouds(program);
  return cloudKinds.filter((cloud) => configured.has(cloud));
}

async function run(options: Options): Promise<number> {
  const { cloud, program, platform, policyPack, policyPackConfig, waivers, base, report, page } = options;
  const [first, ...others] = cloud ?? cloudsOf(options);
  if (options.watch !== true) {
    return first === undefined || others.length === 0
      ? preview(options, first)
      : previewClouds(options, [first, ...others]);
  }
  if (others.length > 0) {
    throw new CouldNotRun("--watch shows one cloud. Name one with --cloud.");
  }
  if (options.json === true) {
    throw new CouldNotRun("--watch shows each report on a page; --json prints one. Use one of them.");
  }
  return watch({
    args: process.argv.slice(2).filter((argument) => argument !== "--watch"),
    program,
    others: [policyPack, ...[platform, policyPackConfig, waivers, base].filter((path) => path !== undefined)],
    written: [page, report].filter((path) => path !== undefined),
    stack: () => stackOf(options, first),
  });
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
