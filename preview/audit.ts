import { Command, InvalidArgumentError } from "commander";

import type { Verification, VerifiedChain } from "../services/audit/chain-verification";
import { recordUid, type ChainHead } from "../services/audit/record-chain";

import { breachList } from "./breach-list";
import { plural } from "./plural";
import { exitCode, runCommand } from "./run-command";
import { verifiedRecords } from "./verified-records";

interface Options {
  readonly head: readonly ChainHead[];
  readonly anyOrder?: true;
  readonly json?: true;
}

function headText(head: ChainHead): string {
  return `${recordUid(head)}=${head.fingerprint}`;
}

function headOf(text: string, others: readonly ChainHead[]): readonly ChainHead[] {
  const [, chain, sequence, fingerprint] = /^(.+)\/(\d+)=([0-9a-f]{64})$/.exec(text) ?? [];
  if (chain === undefined || fingerprint === undefined) {
    throw new InvalidArgumentError("It is no head, as a verification prints it: CHAIN/NUMBER=FINGERPRINT.");
  }
  return [...others, { chain, sequence: Number(sequence), fingerprint }];
}

const verifyCommand = new Command("verify")
  .description(
    "Verifies records of decisions and tool calls: that none was changed, taken out, put in or put elsewhere. The files hold them as they were written, or as CloudWatch Logs, Log Analytics and Cloud Logging give them out, plain or compressed by gzip. What is no record is counted and named.",
  )
  .argument("<files...>", "files with records, of one replica or of several")
  .option(
    "--head <head>",
    "the head of a chain at an earlier verification: its records up to there must be there still, or begin behind it; may be given more than once",
    headOf,
    [],
  )
  .option("--any-order", "the files come from a log that does not keep the order of lines")
  .option("--json", "print the result as JSON")
  .addHelpText("after", "\nExit codes: 0 every chain is whole, 1 not so, 2 could not run.")
  .exitOverride();

const command = new Command("audit")
  .description("Looks at records of decisions and tool calls.")
  .addCommand(verifyCommand);

function chainLines({ head, authority, first, records, isStopped }: VerifiedChain): string {
  return [
    `  ${head.chain} of ${authority}`,
    `      ${plural(records, "record")}, ${String(first)} to ${String(head.sequence)}; ${
      isStopped ? "its writer stopped" : "its writer did not say that it stopped"
    }`,
    `      head: ${headText(head)}`,
  ].join("\n");
}

function leftOutText({ lines, first }: Verification["leftOut"]): string {
  const more = lines - first.length;
  return `${plural(lines, "line")} left out, no record in ${lines === 1 ? "it" : "them"}: ${first.join(", ")}${more === 0 ? "" : ` and ${String(more)} more`}`;
}

function consoleText({ chains, repeated, leftOut, breaches }: Verification): string {
  return [
    breaches.length === 0 ? "Every chain is whole." : breachList("The records are not whole", breaches),
    `${plural(chains.length, "chain")}${repeated === 0 ? "" : `; ${plural(repeated, "record")} came again, unchanged`}:`,
    ...chains.map(chainLines),
    ...(leftOut.lines === 0 ? [] : [leftOutText(leftOut)]),
    "",
  ].join("\n");
}

function jsonText({ chains, repeated, leftOut, breaches }: Verification): string {
  return `${JSON.stringify(
    {
      isWhole: breaches.length === 0,
      chains: chains.map(({ head, ...rest }) => ({ ...rest, head: headText(head) })),
      repeated,
      leftOut,
      findings: breaches,
    },
    undefined,
    2,
  )}\n`;
}

function verify(files: readonly string[], { head, anyOrder, json }: Options): number {
  const result = verifiedRecords(files, { heads: head, isOrdered: anyOrder !== true });
  process.stdout.write(json === true ? jsonText(result) : consoleText(result));
  return result.breaches.length === 0 ? exitCode.accepted : exitCode.refused;
}

runCommand(command, () => Promise.resolve(verify(verifyCommand.args, verifyCommand.opts<Options>())));
