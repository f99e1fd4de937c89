import { ManagedIdentityCredential, type TokenCredential } from "@azure/identity";
import { SecretClient, type SecretClientOptions } from "@azure/keyvault-secrets";

import { CredentialUnavailable, problemOfStatus, type CredentialSource } from "./credential-source";

/** A secret's address without a version: `https://<vault>.vault.azure.net/secrets/<name>`. */
function parts(secretUri: string): { readonly vault: string; readonly name: string } {
  const [, vault, name] = /^(https:\/\/[^/?#]+)\/secrets\/([0-9A-Za-z-]{1,127})\/?$/.exec(secretUri) ?? [];
  if (vault === undefined || name === undefined) {
    throw new RangeError(
      `${secretUri} is not the address of a secret: https://<vault>.vault.azure.net/secrets/<name>.`,
    );
  }
  return { vault, name };
}

/** What the SDK's errors say of where they come from. */
interface SdkError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly statusCode?: number;
}

function unavailable(place: string, error: unknown): CredentialUnavailable {
  const { name, code, message, statusCode } = error as SdkError;
  const unsigned = name === "CredentialUnavailableError" || name === "AuthenticationError";
  return new CredentialUnavailable(
    unsigned ? "refused" : problemOfStatus(statusCode),
    `Azure Key Vault gave no ${place}: ${code ?? String(name)}: ${String(message)}`,
    { cause: error },
  );
}

/** What differs where Azure is stood in for. */
export interface AzureSourceOptions {
  /** Who asks; otherwise the managed identity that `AZURE_CLIENT_ID` names, or the machine's only one. */
  readonly identity?: TokenCredential;
  readonly client?: SecretClientOptions;
}

function managedIdentity(): TokenCredential {
  const clientId = process.env["AZURE_CLIENT_ID"];
  return clientId === undefined
    ? new ManagedIdentityCredential()
    : new ManagedIdentityCredential({ clientId });
}

/**
 * A secret in Azure Key Vault, read with the identity of the machine. The newest version is read.
 *
 * @throws {RangeError} if the address is not that of a secret.
 */
export function azureSource(
  secretUri: string,
  { identity = managedIdentity(), client: options = {} }: AzureSourceOptions = {},
): CredentialSource {
  const { vault, name } = parts(secretUri);
  const client = new SecretClient(vault, identity, options);
  return {
    place: secretUri,
    async read(signal) {
      let value;
      try {
        ({ value } = await client.getSecret(name, { abortSignal: signal }));
      } catch (error) {
        throw unavailable(secretUri, error);
      }
      if (value === undefined) {
        throw new CredentialUnavailable("not-text", `The secret ${secretUri} has no value.`);
      }
      return value;
    },
  };
}
