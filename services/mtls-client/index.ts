export { CredentialUnavailable, type CredentialSource } from "../credentials/credential-source";
export { openSource, type SourceKind } from "../credentials/open-source";
export { CredentialRefused, type VerifiedCredential } from "../credentials/verified-credential";
export {
  openCredentialFeed,
  type CredentialFeed,
  type CredentialFeedOptions,
  type CredentialOrigin,
} from "./credential-feed";
export { openMtlsClient, type MtlsClient, type MtlsClientOptions } from "./mtls-client";
export { MtlsDispatcher, type MtlsDispatcherOptions } from "./mtls-dispatcher";
export { MtlsError, type MtlsProblem } from "./mtls-error";
export { createMtlsServer, type MtlsServerOptions } from "./mtls-server";
