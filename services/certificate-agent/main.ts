import type { CredentialSource } from "../credentials/credential-source";
import { openSource } from "../credentials/open-source";
import { prepareSdsFolder, readSdsFiles } from "../credentials/sds-files";
import { CredentialRefused } from "../credentials/verified-credential";
import { ending, serviceCommand } from "../program/service-command";
import { SettingsError } from "../program/settings";
import { toldToStop } from "../program/told-to-stop";

import { agentLoop } from "./agent-loop";
import { agentSettings, type AgentSettings } from "./agent-settings";
import { certificateRound, certificateStatus, type Outcome, type Round } from "./certificate-round";

/** No store may keep a round from ever ending, since an alarm hears of that by silence alone. */
const roundMilliseconds = 30_000;

const exitCodes = { good: 0, noCertificate: 1, kept: 3 } as const;

const codeOfOutcome: Readonly<Record<Outcome, number>> = {
  replaced: exitCodes.good,
  current: exitCodes.good,
  kept: exitCodes.kept,
  none: exitCodes.noCertificate,
};

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function sourceOf({ source, credentialId }: AgentSettings): CredentialSource {
  try {
    return openSource(source, credentialId);
  } catch (error) {
    throw error instanceof RangeError ? new SettingsError(`BULKHEAD_CREDENTIAL: ${error.message}`) : error;
  }
}

async function oneRound(
  settings: AgentSettings,
  source: CredentialSource,
  signal: AbortSignal,
): Promise<Round> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(roundMilliseconds)]);
  const round = await certificateRound(settings, source, limited);
  // Of a round that was told to stop there is nothing to say: what it could not read says nothing of the certificate.
  if (!signal.aborted) {
    say(round);
  }
  return round;
}

/** A signal that is given when the container is told to stop. */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  void toldToStop().then(() => {
    stop.abort();
  });
  return stop.signal;
}

async function run(): Promise<number> {
  const settings = agentSettings(process.env);
  const source = sourceOf(settings);
  const signal = stopSignal();
  await prepareSdsFolder(settings.folder);
  say({
    event: "started",
    time: new Date().toISOString(),
    spiffeId: settings.spiffeId,
    source: source.place,
  });
  await agentLoop(
    () => oneRound(settings, source, signal),
    (error) => {
      say({ event: "fault", time: new Date().toISOString(), problems: [String(error)] });
    },
    settings.intervalSeconds,
    signal,
  );
  say({ event: "stopped", time: new Date().toISOString(), spiffeId: settings.spiffeId });
  return exitCodes.good;
}

async function once(): Promise<number> {
  const settings = agentSettings(process.env);
  const source = sourceOf(settings);
  await prepareSdsFolder(settings.folder);
  const { outcome } = await oneRound(settings, source, stopSignal());
  return codeOfOutcome[outcome];
}

async function check(): Promise<number> {
  const { folder, spiffeId, renewBeforeHours } = agentSettings(process.env);
  const now = new Date();
  try {
    const held = await readSdsFiles(folder, spiffeId, now);
    say({ event: "check", spiffeId, ...certificateStatus(held, renewBeforeHours, now) });
    return exitCodes.good;
  } catch (error) {
    if (error instanceof CredentialRefused) {
      process.stderr.write(`${spiffeId} has no valid certificate in ${folder}. ${error.message}\n`);
      return exitCodes.noCertificate;
    }
    throw error;
  }
}

void serviceCommand("certificate-agent")
  .description("Keeps the certificate of the proxy beside it, from the secret store of the cloud.")
  .addHelpText(
    "after",
    `
It is told what to do by the environment (services/README.md).

Exit codes: 0 all is well; 1 the proxy has no valid certificate; 2 the agent cannot run;
3 (once) the store has no certificate that can be used, and the proxy keeps a valid one.`,
  )
  .addCommand(
    serviceCommand("run")
      .description("fetch again and again, until told to stop")
      .action(ending(run, [SettingsError])),
    {
      isDefault: true,
    },
  )
  .addCommand(
    serviceCommand("once")
      .description("fetch once")
      .action(ending(once, [SettingsError])),
  )
  .addCommand(
    serviceCommand("check")
      .description("say whether the proxy has a valid certificate")
      .action(ending(check, [SettingsError])),
  )
  .parseAsync();
