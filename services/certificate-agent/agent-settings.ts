import { z } from "zod";

import { sourceKinds } from "../credentials/open-source";

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

/** The environment does not say what the agent has to know. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists everything that is missing or wrong.
 */
export function agentSettings(environment: NodeJS.ProcessEnv): AgentSettings {
  const { data, error } = environmentSchema.safeParse(environment);
  if (data === undefined) {
    throw new SettingsError(
      `The environment is not as the agent needs it (services/README.md):\n${error.issues
        .map(({ path, message }) => `  ${path.join(".")}: ${message}`)
        .join("\n")}`,
    );
  }
  return {
    folder: data.BULKHEAD_CERTIFICATE_FOLDER,
    spiffeId: data.BULKHEAD_SPIFFE_ID,
    source: data.BULKHEAD_CLOUD,
    credentialId: data.BULKHEAD_CREDENTIAL,
    renewBeforeHours: data.BULKHEAD_RENEW_BEFORE_HOURS,
    intervalSeconds: data.BULKHEAD_INTERVAL_SECONDS,
  };
}
