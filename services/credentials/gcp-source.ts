import { GoogleAuth } from "google-auth-library";
import { request } from "undici";
import { z } from "zod";

import { CredentialUnavailable, problemOfStatus, type CredentialSource } from "./credential-source";

const namePattern =
  /^projects\/[^/]+(?:\/locations\/(?<location>[a-z0-9-]+))?\/secrets\/[^/]+(?<version>\/versions\/[^/]+)?$/;

/** What `versions.access` answers (Secret Manager API v1, `AccessSecretVersionResponse`). */
const answerSchema = z.object({ payload: z.object({ data: z.base64() }) });

/** How Google's APIs say what is wrong (AIP-193). */
const errorSchema = z.object({ error: z.object({ status: z.string(), message: z.string() }) });

/** What differs where Google Cloud is stood in for. */
export interface GcpSourceOptions {
  /** Where Secret Manager answers. */
  readonly endpoint?: string;
  /** Who asks; otherwise the service account of the machine. */
  readonly auth?: Pick<GoogleAuth, "getAccessToken">;
}

/** A regional secret is kept, and answered for, in its region alone. */
function endpointOf(location: string | undefined): string {
  return location === undefined
    ? "https://secretmanager.googleapis.com"
    : `https://secretmanager.${location}.rep.googleapis.com`;
}

async function jsonOf(body: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await body.json();
  } catch {
    return undefined;
  }
}

/**
 * A secret in Google Secret Manager, read with the service account of the machine.
 *
 * @param name `projects/<project>/secrets/<secret>`, or `projects/<project>/locations/<region>/secrets/<secret>` for a
 *   regional one. Without a version behind it, the newest is read.
 * @throws {RangeError} if the name is not that of a secret.
 */
export function gcpSource(name: string, options: GcpSourceOptions = {}): CredentialSource {
  const { groups } = namePattern.exec(name) ?? {};
  if (groups === undefined) {
    throw new RangeError(
      `${name} is not the name of a secret: projects/<project>[/locations/<region>]/secrets/<secret>.`,
    );
  }
  const { endpoint = endpointOf(groups["location"]) } = options;
  const auth = options.auth ?? new GoogleAuth({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] });
  const version = groups["version"] === undefined ? `${name}/versions/latest` : name;
  const unavailable = (problem: CredentialUnavailable["problem"], why: string, cause?: unknown) =>
    new CredentialUnavailable(problem, `Google Secret Manager gave no ${name}: ${why}`, { cause });

  async function token(): Promise<string> {
    let given;
    try {
      given = await auth.getAccessToken();
    } catch (error) {
      throw unavailable("refused", `the machine has no access token: ${String(error)}`, error);
    }
    if (given === null || given === undefined) {
      throw unavailable("refused", "the machine has no access token");
    }
    return given;
  }

  return {
    place: name,
    async read(signal) {
      const authorization = `Bearer ${await token()}`;
      let answer;
      try {
        answer = await request(`${endpoint}/v1/${version}:access`, {
          headers: { authorization },
          signal,
          headersTimeout: 10_000,
          bodyTimeout: 10_000,
        });
      } catch (error) {
        throw unavailable("unreachable", String(error), error);
      }
      const { statusCode, body } = answer;
      const said = await jsonOf(body);
      if (statusCode !== 200) {
        const { data } = errorSchema.safeParse(said);
        const why = data === undefined ? "" : `: ${data.error.status}: ${data.error.message}`;
        throw unavailable(problemOfStatus(statusCode), `status ${String(statusCode)}${why}`);
      }
      const { data: accessed } = answerSchema.safeParse(said);
      if (accessed === undefined) {
        throw unavailable("not-text", "the answer has no payload");
      }
      return Buffer.from(accessed.payload.data, "base64").toString("utf8");
    },
  };
}
