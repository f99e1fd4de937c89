import { readFileSync } from "node:fs";

import { z } from "zod";

import { inspectionDocumentSchema, type InspectionDocument } from "../../model/inspection-document";
import { sourceKinds, type SourceKind } from "../credentials/open-source";
import { environmentSettings, settingsError } from "../program/settings";

/** What errors call the guard. */
const guard = "the egress guard";

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/, "is not the number of a port")
  .transform(Number)
  .pipe(z.number().max(65_535));

/** The variables of the environment that the guard reads; `components/mesh/pod.ts` sets them. */
const environmentSchema = z.object({
  HOST: z.literal("127.0.0.1", "is not the loopback, on which the proxy alone says who calls").optional(),
  PORT: portSchema,
  BULKHEAD_SPIFFE_ID: z.string().startsWith("spiffe://", "is not a SPIFFE ID"),
  BULKHEAD_INSPECTION: z.string().optional(),
  BULKHEAD_INSPECTION_FILE: z.string().startsWith("/", "is not an absolute path").optional(),
  BULKHEAD_CLOUD: z.enum(sourceKinds),
  BULKHEAD_PROVIDER_KEYS: z.string().min(1),
  BULKHEAD_FIREWALL_AUTHORITY: z.string().min(1),
  BULKHEAD_EGRESS_PROXY: z.url({ protocol: /^https?$/ }).optional(),
});

/** What the guard is told. */
export interface GuardSettings {
  /** The port of the loopback on which it listens; 0 is any that is free. */
  readonly port: number;
  readonly document: InspectionDocument;
  /** Where the secrets are kept. */
  readonly cloud: SourceKind;
  /** The secret with the providers' keys, as the cloud's source wants its id. */
  readonly keys: string;
  /** The secret with the firewall's authority. */
  readonly authority: string;
  /** The address of the proxy through which providers are called. */
  readonly proxy: string | undefined;
}

/** The port on which a guard listens: all that the check of its health has to know. */
export function guardPort(environment: NodeJS.ProcessEnv): number {
  const { data } = portSchema.safeParse(environment["PORT"]);
  if (data === undefined) {
    throw settingsError(guard, ["PORT: is not the number of a port"]);
  }
  return data;
}

function toldText(text: string | undefined, file: string | undefined): string {
  if ((text === undefined) === (file === undefined)) {
    throw settingsError(guard, [
      "BULKHEAD_INSPECTION: either this or BULKHEAD_INSPECTION_FILE says what is inspected",
    ]);
  }
  if (text !== undefined) {
    return text;
  }
  try {
    return readFileSync(file ?? "", "utf8");
  } catch (error) {
    throw settingsError(guard, [`BULKHEAD_INSPECTION_FILE: cannot be read (${String(error)})`]);
  }
}

function parsedDocument(text: string): InspectionDocument {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw settingsError(guard, ["BULKHEAD_INSPECTION: is not JSON"]);
  }
  const { data, error } = inspectionDocumentSchema.safeParse(raw);
  if (data === undefined) {
    throw settingsError(
      guard,
      error.issues.map(
        ({ path, message }) => `BULKHEAD_INSPECTION: ${path.map(String).join(".")}: ${message}`,
      ),
    );
  }
  return data;
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists what is missing or wrong.
 */
export function guardSettings(environment: NodeJS.ProcessEnv): GuardSettings {
  const data = environmentSettings(environmentSchema, environment, guard);
  const document = parsedDocument(toldText(data.BULKHEAD_INSPECTION, data.BULKHEAD_INSPECTION_FILE));
  if (document.egressGuard !== data.BULKHEAD_SPIFFE_ID) {
    throw settingsError(guard, ["BULKHEAD_SPIFFE_ID: is not that of the egress guard in what is inspected"]);
  }
  return {
    port: data.PORT,
    document,
    cloud: data.BULKHEAD_CLOUD,
    keys: data.BULKHEAD_PROVIDER_KEYS,
    authority: data.BULKHEAD_FIREWALL_AUTHORITY,
    proxy: data.BULKHEAD_EGRESS_PROXY,
  };
}
