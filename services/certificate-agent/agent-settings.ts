import { z } from "zod";

import { sourceKinds } from "../credentials/open-source";
import { environmentSettings } from "../program/settings";

/** The variables of the environment that the agent reads; `components/mesh/pod.ts` sets them. */
const environmentSchema = z.object({
  BULKHEAD_CERTIFICATE_FOLDER: z.string().startsWith("/", "is not an absolute path"),
  BULKHEAD_CLOUD: z.enum(sourceKinds),
  BULKHEAD_CREDENTIAL: z.string().min(1),
  BULKHEAD_RENEW_BEFORE_HOURS: z.coerce.number().int().positive(),
  BULKHEAD_SPIFFE_ID: z.string().startsWith("spiffe://", "is not a SPIFFE ID"),
  // With its spread never longer than the five minutes after which alarms count an agent as silent.
  BULKHEAD_INTERVAL_SECONDS: z.coerce.number().positive().default(240),
});

/** Where the files are, and whose certificate they hold. */
export interface FilesSettings {
  /** The folder that the agent shares with the proxy. */
  readonly folder: string;
  readonly spiffeId: string;
}

/** What the agent is told. */
export interface AgentSettings extends FilesSettings {
  /** Where the credential is kept. */
  readonly source: (typeof sourceKinds)[number];
  /** Its id there. */
  readonly credentialId: string;
  /** From when on a certificate should have been renewed, in hours before it expires. */
  readonly renewBeforeHours: number;
  /** How often it looks for a new one, more or less. */
  readonly intervalSeconds: number;
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists everything that is missing or wrong.
 */
export function agentSettings(environment: NodeJS.ProcessEnv): AgentSettings {
  const data = environmentSettings(environmentSchema, environment, "the agent");
  return {
    folder: data.BULKHEAD_CERTIFICATE_FOLDER,
    spiffeId: data.BULKHEAD_SPIFFE_ID,
    source: data.BULKHEAD_CLOUD,
    credentialId: data.BULKHEAD_CREDENTIAL,
    renewBeforeHours: data.BULKHEAD_RENEW_BEFORE_HOURS,
    intervalSeconds: data.BULKHEAD_INTERVAL_SECONDS,
  };
}
