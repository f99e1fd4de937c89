import { z } from "zod";

import type { AccessDocument } from "../../model/access-document";
import { decisionPointId, toolGatewayId } from "../../model/access-policy";
import { upstreamVariable } from "../../model/program-environment";
import { accessDocumentText, type AccessDocumentPlace } from "../decision-point/access-document-place";
import { parsedAccessDocument } from "../decision-point/parsed-access-document";
import { environmentSettings, settingsError } from "../program/settings";

/** What errors call the gateway. */
const gateway = "the gateway of tools";

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/, "is not the number of a port")
  .transform(Number)
  .pipe(z.number().max(65_535));

/** The variables of the environment that the gateway reads; `components/mesh/pod.ts` sets them. */
const environmentSchema = z
  .object({
    HOST: z.literal("127.0.0.1", "is not the loopback, on which the proxy alone says who calls").optional(),
    PORT: portSchema,
    BULKHEAD_SPIFFE_ID: z.string().startsWith("spiffe://", "is not a SPIFFE ID"),
    BULKHEAD_ACCESS: z.string().optional(),
    BULKHEAD_ACCESS_FILE: z.string().startsWith("/", "is not an absolute path").optional(),
  })
  .transform(({ BULKHEAD_ACCESS: text, BULKHEAD_ACCESS_FILE: file, ...rest }, context) => {
    const [access, ...others] = [
      ...(text === undefined ? [] : [{ text }]),
      ...(file === undefined ? [] : [{ file }]),
    ];
    if (access === undefined || others.length > 0) {
      const message = "either this or BULKHEAD_ACCESS_FILE says who may do what";
      context.addIssue({ code: "custom", path: ["BULKHEAD_ACCESS"], message });
      return z.NEVER;
    }
    return { ...rest, access };
  });

/** The address of a peer: the pod's own proxy, which speaks mutual TLS for us. */
const addressSchema = z.url({ protocol: /^http$/ });

/** What the gateway is told. */
export interface GatewaySettings {
  /** The port of the loopback on which it listens; 0 is any that is free. */
  readonly port: number;
  readonly document: AccessDocument;
  /** Where the decision point answers. */
  readonly decisionPoint: string;
  /** Where each workload that offers tools answers, by its id. */
  readonly servers: Readonly<Record<string, string>>;
}

/** The port on which a gateway listens: all that the check of its health has to know. */
export function gatewayPort(environment: NodeJS.ProcessEnv): number {
  const { data } = portSchema.safeParse(environment["PORT"]);
  if (data === undefined) {
    throw settingsError(gateway, ["PORT: is not the number of a port"]);
  }
  return data;
}

function toldDocument(place: AccessDocumentPlace): AccessDocument {
  let text: string;
  try {
    text = accessDocumentText(place);
  } catch (error) {
    throw settingsError(gateway, [`BULKHEAD_ACCESS_FILE: cannot be read (${String(error)})`]);
  }
  return parsedAccessDocument(text);
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists everything that is missing or wrong.
 * @throws {AccessDocumentError} if the access policy is none.
 */
export function gatewaySettings(environment: NodeJS.ProcessEnv): GatewaySettings {
  const data = environmentSettings(environmentSchema, environment, gateway);
  const document = toldDocument(data.access);
  const problems: string[] = [];
  if (document.workloads[toolGatewayId] !== data.BULKHEAD_SPIFFE_ID) {
    problems.push(`BULKHEAD_SPIFFE_ID: is not that of ${toolGatewayId} in the access policy`);
  }
  const addressOf = (workloadId: string): string => {
    const name = upstreamVariable(workloadId);
    const { data: address } = addressSchema.safeParse(environment[name]);
    if (address === undefined) {
      problems.push(`${name}: is not an address that begins with http://`);
    }
    return address === undefined ? "" : new URL(address).origin;
  };
  const decisionPoint = addressOf(decisionPointId);
  const serverIds = new Set(document.access.tools.map(({ server }) => server));
  const servers = Object.fromEntries([...serverIds].map((id) => [id, addressOf(id)]));
  if (problems.length > 0) {
    throw settingsError(gateway, problems);
  }
  return { port: data.PORT, document, decisionPoint, servers };
}
