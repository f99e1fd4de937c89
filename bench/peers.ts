import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { awsGuardOpinion, installedAwsGuard } from "./awsguard";
import { checkovOpinion, installedCheckov } from "./checkov";
import { scoreOf, type Opinion } from "./opinion";
import { packOpinion } from "./pack-opinion";
import { memoryText, processorText } from "./process-cost";
import { securityGroups, type Group } from "./security-groups";

const count = 1_000;

/** How often each tool is asked. */
const runs = 3;

/** Where peers are already installed. */
export interface InstalledPeers {
  /** The path of Checkov's command. */
  readonly checkov: string | undefined;
  /** The folder of a policy pack that uses AWSGuard. */
  readonly awsguard: string | undefined;
}

function show(groups: readonly Group[], opinion: Opinion): void {
  const { found, falseAlarms, indifferent } = scoreOf(groups, opinion);
  const open = groups.filter(({ isOpen }) => isOpen).length;
  const all = [...found.values()].reduce((sum, one) => sum + one.found, 0);
  const lines = [
    opinion.tool,
    `  asked:        ${opinion.asked}`,
    `  wall time:    ${(opinion.wall / 1000).toFixed(2)} s`,
    `  CPU time:     ${processorText(opinion.cost)}`,
    `  memory:       ${memoryText(opinion.cost)}`,
    `  found:        ${String(all)} of ${String(open)} open groups`,
    ...[...found].map(
      ([text, form]) => `                ${String(form.found)} of ${String(form.of)}: ${text}`,
    ),
    `  false alarms: ${String(falseAlarms)} of ${String(groups.length - open)} closed groups`,
    ...(opinion.advice > 0
      ? [`  besides:      ${String(opinion.advice)} pieces of advice, which refuse nothing`]
      : []),
    ...indifferent.map((check) => `  not counted, since it flags every group: ${check}`),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Asks a tool several times, and gives the answer that took neither the shortest nor the longest. */
async function asked(ask: () => Promise<Opinion>): Promise<Opinion> {
  const opinions: Opinion[] = [];
  for (let run = 0; run < runs; run += 1) {
    opinions.push(await ask());
  }
  const middle = opinions.sort((a, b) => a.wall - b.wall)[Math.floor(runs / 2)];
  if (middle === undefined) {
    throw new Error("nothing was asked");
  }
  return middle;
}

/** A tool to compare with. */
interface Peer {
  readonly name: string;
  readonly registry: string;
  /** Where it is already installed. */
  readonly path: string | undefined;
  readonly install: (into: string) => Promise<string>;
  readonly ask: (path: string) => Promise<Opinion>;
}

/** Where a peer is installed, perhaps only now; `undefined` where it cannot be, which is said. */
async function installed(
  { name, registry, path, install }: Peer,
  into: () => string,
): Promise<string | undefined> {
  if (path !== undefined) {
    return path;
  }
  process.stdout.write(`installing ${name} from ${registry}, which may take minutes ...\n`);
  try {
    return await install(into());
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stdout.write(`${name}: skipped, since it could not be installed: ${reason}\n`);
    return undefined;
  }
}

/**
 * Compares the pack with Checkov and AWSGuard on the same security groups, and prints what each says. What is not
 * installed is installed into a temporary folder; what cannot be is skipped, with the reason.
 *
 * @param pack the folder of our pack.
 */
export async function comparePeers(pack: string, paths: InstalledPeers): Promise<void> {
  const groups = securityGroups(count);
  process.stdout.write(
    [
      `${String(count)} AWS security groups in a PHI zone. A tenth lets connections out to the Internet, in four forms, 25 each.`,
      "Of the others a third each has no rule, TCP 443 to the zone's own subnet, and any protocol to itself.",
      "Found is an open group with a finding that makes the tool fail; a false alarm is a closed one with such a finding.",
      `Each tool is asked ${String(runs)} times; the run of middle length is shown.`,
    ].join("\n") + "\n",
  );
  show(groups, await asked(() => packOpinion("Bulkhead", pack, groups, "each policy at its own level")));
  const temporary = mkdtempSync(join(tmpdir(), "bulkhead-peers-"));
  const folder = (name: string): string => {
    const path = join(temporary, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const peers: readonly Peer[] = [
    {
      name: "Checkov",
      registry: "PyPI",
      path: paths.checkov,
      install: installedCheckov,
      ask: (command) => checkovOpinion(command, groups, folder("groups")),
    },
    {
      name: "AWSGuard",
      registry: "npm",
      path: paths.awsguard,
      install: installedAwsGuard,
      ask: (awsGuardPack) => awsGuardOpinion(awsGuardPack, groups),
    },
  ];
  try {
    for (const peer of peers) {
      const path = await installed(peer, () => folder(peer.name));
      if (path !== undefined) {
        process.stdout.write(`asking ${peer.name} ...\n`);
        show(groups, await asked(() => peer.ask(path)));
      }
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
