import { z } from "zod";

import { environmentSettings } from "../program/settings";

/** The variables of the environment that the forwarder reads; `components/azure/log-forwarder.ts` sets them. */
const environmentSchema = z.object({
  BULKHEAD_LOGS_ENDPOINT: z.url({ protocol: /^https$/ }),
  BULKHEAD_LOGS_RULE: z.string().min(1),
  BULKHEAD_LOGS_STREAM: z.string().startsWith("Custom-", "is not a stream of our own form"),
  BULKHEAD_LOGS_CURSOR_FILE: z.string().startsWith("/", "is not an absolute path").optional(),
});

/** What the forwarder is told. */
export interface ForwarderSettings {
  /** The address of the endpoint. */
  readonly endpoint: string;
  /** The immutable id of the rule by which it sends. */
  readonly rule: string;
  /** What the rule calls the records. */
  readonly stream: string;
  /** Where it writes which entry of the journal was the last that arrived, for `journalctl --after-cursor`. */
  readonly cursorFile: string | undefined;
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists everything that is missing or wrong.
 */
export function forwarderSettings(environment: NodeJS.ProcessEnv): ForwarderSettings {
  const data = environmentSettings(environmentSchema, environment, "the forwarder");
  return {
    endpoint: data.BULKHEAD_LOGS_ENDPOINT,
    rule: data.BULKHEAD_LOGS_RULE,
    stream: data.BULKHEAD_LOGS_STREAM,
    cursorFile: data.BULKHEAD_LOGS_CURSOR_FILE,
  };
}
