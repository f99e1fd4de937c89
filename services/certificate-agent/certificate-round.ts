import { CredentialUnavailable, type CredentialSource } from "../credentials/credential-source";
import { readSdsFiles, writeSdsFiles } from "../credentials/sds-files";
import {
  CredentialRefused,
  verifiedCredential,
  type VerifiedCredential,
} from "../credentials/verified-credential";

import type { AgentSettings } from "./agent-settings";

/**
 * What a round came to.
 *
 * - `replaced`: the proxy has what the source holds now, and had something else before.
 * - `current`: the proxy has it already.
 * - `kept`: the source has nothing that can be used; the proxy keeps what it has, which is valid.
 * - `none`: the proxy has no valid certificate.
 */
export type Outcome = "replaced" | "current" | "kept" | "none";

/** What the agent says of one round, as one line of JSON. Alarms are made from it: `insideWindow`, and silence. */
export interface Round {
  readonly event: "certificate";
  readonly time: string;
  readonly outcome: Outcome;
  readonly spiffeId: string;
  readonly epoch?: number;
  readonly serial?: string;
  readonly notAfter?: string;
  /** How long the certificate is valid from now on; none if there is none. */
  readonly hoursLeft: number;
  /** Whether it should have been renewed already. So it is if there is none. */
  readonly insideWindow: boolean;
  /** What was wrong with what the source gave. */
  readonly problems: readonly string[];
}

const millisecondsPerHour = 3_600_000;

/** What is said of a workload's certificate. */
export function certificateStatus(
  held: VerifiedCredential | undefined,
  renewBeforeHours: number,
  now: Date,
): Pick<Round, "epoch" | "serial" | "notAfter" | "hoursLeft" | "insideWindow"> {
  if (held === undefined) {
    return { hoursLeft: 0, insideWindow: true };
  }
  const hoursLeft = (held.notAfter.getTime() - now.getTime()) / millisecondsPerHour;
  return {
    epoch: held.epoch,
    serial: held.serial,
    notAfter: held.notAfter.toISOString(),
    hoursLeft: Math.floor(hoursLeft * 10) / 10,
    insideWindow: hoursLeft < renewBeforeHours,
  };
}

/** What a source or a credential has to say of why it cannot be used; anything else is a fault of the agent's own. */
function problemsOf(error: unknown): readonly string[] {
  if (error instanceof CredentialRefused) {
    return error.problems;
  }
  if (error instanceof CredentialUnavailable) {
    return [error.message];
  }
  throw error;
}

/** What a source gives, unless it has been given up before. Not every client gives up when it is told to. */
function readBefore(signal: AbortSignal, source: CredentialSource): Promise<string> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      reject(new CredentialUnavailable("unreachable", `Nothing came from ${source.place} in time.`));
    };
    if (signal.aborted) {
      giveUp();
      return;
    }
    signal.addEventListener("abort", giveUp, { once: true });
    source
      .read(signal)
      .then(resolve, reject)
      .finally(() => {
        signal.removeEventListener("abort", giveUp);
      });
  });
}

async function heldNow(
  { folder, spiffeId }: Pick<AgentSettings, "folder" | "spiffeId">,
  now: Date,
): Promise<VerifiedCredential | undefined> {
  try {
    return await readSdsFiles(folder, spiffeId, now);
  } catch (error) {
    problemsOf(error);
    return undefined;
  }
}

/**
 * Fetches a workload's credential, verifies it, and gives it to the proxy. What is bad replaces nothing.
 *
 * @throws if the files cannot be written.
 */
export async function certificateRound(
  settings: AgentSettings,
  source: CredentialSource,
  signal: AbortSignal,
  clock: () => Date = () => new Date(),
): Promise<Round> {
  const { folder, spiffeId, renewBeforeHours } = settings;
  const said = (
    outcome: Outcome,
    held: VerifiedCredential | undefined,
    problems: readonly string[],
  ): Round => {
    const now = clock();
    return {
      event: "certificate",
      time: now.toISOString(),
      outcome,
      spiffeId,
      ...certificateStatus(held, renewBeforeHours, now),
      problems,
    };
  };
  let fetched: VerifiedCredential;
  try {
    fetched = verifiedCredential(await readBefore(signal, source), spiffeId, clock());
  } catch (error) {
    const problems = problemsOf(error);
    const held = await heldNow(settings, clock());
    return said(held === undefined ? "none" : "kept", held, problems);
  }
  const changed = await writeSdsFiles(folder, fetched);
  return said(changed ? "replaced" : "current", fetched, fetched.passedOver);
}
