import { join } from "node:path";

import { z } from "zod";

import type { CredentialOrigin } from "../mtls-client/credential-feed";
import { environmentSettings } from "../program/settings";

import type { AccessDocumentPlace } from "./access-document-place";

const absolute = z.string().startsWith("/", "is not an absolute path");

/** Where the certificate is with whose key the decision point signs. */
export type CertificatePlace = Exclude<CredentialOrigin, { readonly source: unknown }>;

/** The files of a secret of Kubernetes, mounted as a folder, as cert-manager writes it ("Certificate", target secret). */
function filesOfSecret(folder: string): CertificatePlace {
  return {
    certificate: join(folder, "tls.crt"),
    privateKey: join(folder, "tls.key"),
    trustBundle: join(folder, "ca.crt"),
  };
}

/** The one of two that is there; nothing, where both are. */
function onlyOne<T>(first: T | undefined, second: T | undefined): T | undefined {
  return first === undefined ? second : second === undefined ? first : undefined;
}

/** The variables of the environment that the decision point reads; `components/mesh/pod.ts` sets them. */
const environmentSchema = z
  .object({
    HOST: z.enum(["127.0.0.1", "::1"], "is not the loopback").default("127.0.0.1"),
    PORT: z
      .string()
      .regex(/^\d{1,5}$/, "is no port")
      .transform(Number)
      .pipe(z.number().max(65_535)),
    BULKHEAD_SPIFFE_ID: z.string().startsWith("spiffe://", "is not a SPIFFE ID"),
    BULKHEAD_CERTIFICATE_FOLDER: absolute.optional(),
    BULKHEAD_CERTIFICATE_SECRET: absolute.optional(),
    BULKHEAD_ACCESS: z.string().optional(),
    BULKHEAD_ACCESS_FILE: absolute.optional(),
  })
  .transform((variables, context) => {
    const { BULKHEAD_ACCESS: text, BULKHEAD_ACCESS_FILE: file } = variables;
    const { BULKHEAD_CERTIFICATE_FOLDER: agentFolder, BULKHEAD_CERTIFICATE_SECRET: secret } = variables;
    const access = onlyOne<AccessDocumentPlace>(
      text === undefined ? undefined : { text },
      file === undefined ? undefined : { file },
    );
    const certificate = onlyOne<CertificatePlace>(
      agentFolder === undefined ? undefined : { agentFolder },
      secret === undefined ? undefined : filesOfSecret(secret),
    );
    if (access === undefined) {
      context.addIssue({
        code: "custom",
        path: ["BULKHEAD_ACCESS"],
        message: "exactly one of BULKHEAD_ACCESS and BULKHEAD_ACCESS_FILE says what the access policy is",
      });
    }
    if (certificate === undefined) {
      context.addIssue({
        code: "custom",
        path: ["BULKHEAD_CERTIFICATE_FOLDER"],
        message:
          "exactly one of BULKHEAD_CERTIFICATE_FOLDER and BULKHEAD_CERTIFICATE_SECRET says where the certificate is",
      });
    }
    return access === undefined || certificate === undefined
      ? z.NEVER
      : { ...variables, access, certificate };
  });

/** What the decision point is told. */
export interface DecisionPointSettings {
  /** The address of the loopback that it listens on: who reaches it any other way is not known. */
  readonly host: string;
  readonly port: number;
  readonly spiffeId: string;
  /** Kept by a certificate agent, or on Kubernetes by cert-manager. */
  readonly certificate: CertificatePlace;
  readonly access: AccessDocumentPlace;
}

/**
 * What an environment says.
 *
 * @throws {SettingsError} that lists everything that is missing or wrong.
 */
export function decisionPointSettings(environment: NodeJS.ProcessEnv): DecisionPointSettings {
  const data = environmentSettings(environmentSchema, environment, "the decision point");
  return {
    host: data.HOST,
    port: data.PORT,
    spiffeId: data.BULKHEAD_SPIFFE_ID,
    certificate: data.certificate,
    access: data.access,
  };
}
