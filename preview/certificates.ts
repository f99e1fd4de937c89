import { join, resolve } from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";

import { cloudKinds, type CloudKind } from "../model/cloud-target";
import { utcDay } from "../policy-pack/calendar-day";
import { judge } from "../policy-pack/judge";
import type { ReportedCertificate } from "../policy-pack/report/report";
import { reportedCertificates } from "../policy-pack/report/reported-certificates";
import { noWaivers } from "../policy-pack/waivers";

import { certificateLines } from "./certificate-lines";
import { CouldNotRun } from "./could-not-run";
import { paintWith, wantsColour } from "./paint";
import { previewStack } from "./preview-stack";
import { withProgress } from "./progress";
import type { RegisteredResource } from "./registered-resource";
import { exitCode, runCommand } from "./run-command";
import { stackResource } from "./stack-analysis";
import { programStack } from "./stack-file";
import { stackState } from "./stack-state";

interface Options {
  readonly state?: string;
  readonly cloud?: CloudKind;
  readonly stack?: string;
  readonly program: string;
  readonly policyPack: string;
  readonly days?: number;
  readonly today?: string;
  readonly json?: true;
}

const root = resolve(__dirname, "..");

function dayCount(text: string): number {
  const days = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(days)) {
    throw new InvalidArgumentError("It is a whole number of days.");
  }
  return days;
}

function calendarDay(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(Date.parse(text))) {
    throw new InvalidArgumentError("It is a day, as in 2026-11-30.");
  }
  return text;
}

function commandLine(): Command {
  return new Command("certificates")
    .description(
      "Lists the certificates of a stack: whose they are, how many days they have left, and what renews them when.",
    )
    .option(
      "--state <file>",
      "what `pulumi stack export` writes; without it, the certificates that are planned",
    )
    .addOption(
      new Option("--cloud <cloud>", "the cloud whose stack is planned")
        .choices([...cloudKinds])
        .conflicts("state"),
    )
    .addOption(
      new Option("--stack <name>", "the stack; without it, the first that is configured").conflicts("state"),
    )
    .option("--program <directory>", "the Pulumi program", root)
    .option("--policy-pack <directory>", "the policy pack", join(root, "policy-pack"))
    .option("--days <number>", "call a certificate due with fewer days left than these as well", dayCount)
    .option("--today <day>", "count from another day than today, in UTC", calendarDay)
    .option("--json", "print the list as JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0 none is due, 1 the newest certificate of a peer is due, or may be, 2 could not run.",
    );
}

/** What is listed, and where it is from. */
interface Listed {
  readonly subject: "state" | "preview";
  readonly stack: string;
  readonly certificates: readonly ReportedCertificate[];
}

/** The certificates of resources, on a day. */
function certificatesOf(
  resources: readonly RegisteredResource[],
  dryRun: boolean,
  today: string,
): readonly ReportedCertificate[] {
  const waivers = { ...noWaivers, today };
  return reportedCertificates(judge(resources.map(stackResource), { dryRun, waivers }));
}

async function listed({ state, cloud, stack, program, policyPack }: Options, today: string): Promise<Listed> {
  if (state !== undefined) {
    const { stack: name, resources } = stackState(state);
    return { subject: "state", stack: name, certificates: certificatesOf(resources, false, today) };
  }
  const chosen = programStack(program, { stack, cloud, overrides: new Map() });
  const outcome = await withProgress("The program is starting", (say) =>
    previewStack(chosen, policyPack, new Map(), { say }),
  );
  return {
    subject: "preview",
    stack: chosen.stack,
    certificates: certificatesOf(outcome.resources, true, today),
  };
}

/** A certificate that is due by a wider window as well. */
function withWindow(certificate: ReportedCertificate, days: number | undefined): ReportedCertificate {
  const { newest, daysLeft, place } = certificate;
  const isInside = days !== undefined && place === "leaf" && newest && daysLeft !== null && daysLeft < days;
  return isInside ? { ...certificate, due: true } : certificate;
}

async function run(options: Options): Promise<number> {
  const today = options.today ?? utcDay(new Date());
  const { subject, stack, certificates: all } = await listed(options, today);
  if (all.length === 0) {
    throw new CouldNotRun(`Stack ${stack} has no certificates, and asks for none.`);
  }
  const certificates = all.map((certificate) => withWindow(certificate, options.days));
  const due = certificates.filter((certificate) => certificate.due);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ subject, stack, today, certificates }, undefined, 2)}\n`);
  } else {
    const paint = paintWith(wantsColour());
    const peers = [...new Set(due.map(({ peer }) => peer))];
    const lines = [
      `${paint("bold", "Certificates")}  of stack ${stack}, ${subject === "state" ? "as deployed" : "as planned"}, on ${today}`,
      "",
      ...certificateLines(certificates, paint),
      "",
      due.length === 0
        ? "None is due: the newest certificate of each peer has time left. Older ones need none."
        : `DUE: the newest certificate of ${peers.join(", ")} has too little time left, and nothing newer is there. Deploy the stack.`,
      "",
    ];
    process.stdout.write(lines.join("\n"));
  }
  return due.length === 0 ? exitCode.accepted : exitCode.refused;
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
