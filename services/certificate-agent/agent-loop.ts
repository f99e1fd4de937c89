import { setTimeout as sleep } from "node:timers/promises";

import type { Round } from "./certificate-round";

/** How long the first wait after a failure is. */
const firstRetrySeconds = 2;

/**
 * How long to wait for the next round, in seconds. Agents that were started together drift apart by a fifth either way;
 * after failures they come back soon, each time twice as late, and never later than without.
 *
 * @param failures how many rounds failed since the last that did not.
 * @param chance a number from 0 to 1.
 */
export function secondsToWait(intervalSeconds: number, failures: number, chance: number): number {
  const seconds =
    failures === 0 ? intervalSeconds : Math.min(intervalSeconds, firstRetrySeconds * 2 ** (failures - 1));
  return seconds * (1 + (chance - 0.5) * 0.4);
}

/**
 * Goes round until it is told to stop. What a round throws is told to `failed`, and is no reason to end: the proxy goes on
 * with what it has, and the next round may do better.
 */
export async function agentLoop(
  round: (signal: AbortSignal) => Promise<Round>,
  failed: (error: unknown) => void,
  intervalSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { outcome } = await round(signal);
      failures = outcome === "replaced" || outcome === "current" ? 0 : failures + 1;
    } catch (error) {
      failed(error);
      failures += 1;
    }
    try {
      await sleep(secondsToWait(intervalSeconds, failures, Math.random()) * 1000, undefined, { signal });
    } catch {
      return;
    }
  }
}
