import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { CredentialUnavailable, problemOfStatus, type CredentialSource } from "./credential-source";

/** The region in a secret's ARN: `arn:<partition>:secretsmanager:<region>:<account>:secret:<name>`. */
function regionOf(secretId: string): string | undefined {
  const [arn, , service, region] = secretId.split(":");
  return arn === "arn" && service === "secretsmanager" && region !== "" ? region : undefined;
}

/** What the SDK's errors say of where they come from. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

function unavailable(place: string, error: unknown): CredentialUnavailable {
  const { name, message, $metadata } = error as SdkError;
  const problem =
    name === "ResourceNotFoundException"
      ? "not-found"
      : name === "AccessDeniedException" || name === "CredentialsProviderError"
        ? "refused"
        : problemOfStatus($metadata?.httpStatusCode);
  return new CredentialUnavailable(
    problem,
    `AWS Secrets Manager gave no ${place}: ${String(name)}: ${String(message)}`,
    { cause: error },
  );
}

/**
 * A secret in AWS Secrets Manager, read with the role of the task.
 *
 * @param secretId its name or its ARN; with a name, the region is the one that the environment names.
 */
export function awsSource(secretId: string): CredentialSource {
  const region = regionOf(secretId);
  const client = new SecretsManagerClient({
    ...(region === undefined ? {} : { region }),
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  return {
    place: secretId,
    async read(signal) {
      let text;
      try {
        ({ SecretString: text } = await client.send(new GetSecretValueCommand({ SecretId: secretId }), {
          abortSignal: signal,
        }));
      } catch (error) {
        throw unavailable(secretId, error);
      }
      if (text === undefined) {
        throw new CredentialUnavailable("not-text", `The secret ${secretId} holds bytes, and not a text.`);
      }
      return text;
    },
  };
}
