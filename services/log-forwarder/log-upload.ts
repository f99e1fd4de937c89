import { setTimeout as sleep } from "node:timers/promises";

import { AggregateLogsUploadError, LogsIngestionClient } from "@azure/monitor-ingestion";
import { ManagedIdentityCredential } from "@azure/identity";

import type { ForwarderSettings } from "./forwarder-settings";
import type { LogRecord } from "./journal-records";

/** What an upload came to. */
export interface Uploaded {
  readonly sent: number;
  /** Rows that Azure will never take. */
  readonly refused: number;
}

/** Is told of each try that failed, and when the next is. */
export type Failed = (problem: string, retryInSeconds: number) => void;

/** Sends rows, all of them at once. */
export type Send = (records: readonly LogRecord[], signal: AbortSignal) => Promise<void>;

/** What is known of why Azure did not take something. */
interface HttpFailure {
  readonly statusCode?: number;
  readonly code?: string;
  readonly message: string;
  readonly response?: { readonly headers: { get(name: string): string | undefined } };
}

/** Answers by which Azure says that it will never take these rows as they are (Logs Ingestion API, "Response codes"). */
const finalStatuses: ReadonlySet<number> = new Set([400, 413]);

const firstRetrySeconds = 1;
const longestRetrySeconds = 60;

/** Sends to the endpoint with the identity of the machine. */
export function azureSend({ endpoint, rule, stream }: ForwarderSettings): Send {
  const clientId = process.env["AZURE_CLIENT_ID"];
  const identity =
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  // It is tried again here, for as long as it takes.
  const client = new LogsIngestionClient(endpoint, identity, { retryOptions: { maxRetries: 0 } });
  return async (records, abortSignal) => {
    await client.upload(
      rule,
      stream,
      records.map((record) => ({ ...record })),
      { abortSignal, maxConcurrency: 1 },
    );
  };
}

function failureOf(error: unknown): HttpFailure {
  const cause = error instanceof AggregateLogsUploadError ? error.errors[0]?.cause : error;
  return (cause ?? error) as HttpFailure;
}

function secondsToWait({ response }: HttpFailure, tries: number): number {
  const asked = Number(response?.headers.get("retry-after"));
  const own = Math.min(longestRetrySeconds, firstRetrySeconds * 2 ** tries);
  return Number.isFinite(asked) && asked > 0 ? Math.min(asked, longestRetrySeconds) : own;
}

/**
 * Sends rows until Azure has taken them, or says that it never will: of a batch that it refuses each half is sent by itself,
 * until it is found which rows those are.
 *
 * @throws if the signal is given before that.
 */
export async function upload(
  records: readonly LogRecord[],
  send: Send,
  failed: Failed,
  signal: AbortSignal,
): Promise<Uploaded> {
  for (let tries = 0; ; tries += 1) {
    try {
      await send(records, signal);
      return { sent: records.length, refused: 0 };
    } catch (error) {
      signal.throwIfAborted();
      const failure = failureOf(error);
      const problem = `${String(failure.statusCode ?? failure.code ?? "error")}: ${failure.message}`;
      if (finalStatuses.has(failure.statusCode ?? 0)) {
        if (records.length === 1) {
          failed(problem, 0);
          return { sent: 0, refused: 1 };
        }
        const middle = Math.ceil(records.length / 2);
        const first = await upload(records.slice(0, middle), send, failed, signal);
        const second = await upload(records.slice(middle), send, failed, signal);
        return { sent: first.sent + second.sent, refused: first.refused + second.refused };
      }
      const seconds = secondsToWait(failure, tries);
      failed(problem, seconds);
      await sleep(seconds * 1000, undefined, { signal });
    }
  }
}
