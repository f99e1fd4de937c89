/**
 * The roles of Azure's own that the platform gives, by their ids (Azure documentation, "Azure built-in roles"). None of
 * them changes how a resource is reached, who else may use it, or where its data goes.
 */
export const roleDefinitions = {
  /** Pulls images of a registry. */
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  /** Asks the models that are deployed in an account, and deploys none. */
  "Cognitive Services OpenAI User": "5e0bd9bd-7b93-4f28-af87-19fc36ad61bd",
  /** Reads, writes and searches resources of FHIR, and neither exports nor imports them. */
  "FHIR Data Writer": "3f88fce4-5892-4214-ae73-ba5294559913",
  /** Wraps and unwraps the keys of a service's data with a key. */
  "Key Vault Crypto Service Encryption User": "e147488a-f6f5-4113-8e2d-b22465e65bf6",
  /** Uses a key, and neither changes it nor takes it out. */
  "Key Vault Crypto User": "12338af0-0e69-4776-bea7-57ae8d297424",
  /** Reads a secret. */
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  /** Sends records by the rule of which it is given. */
  "Monitoring Metrics Publisher": "3913510d-42f4-4e42-8a64-420c390055eb",
  /** Reads and writes documents of indexes, and makes no index. */
  "Search Index Data Contributor": "8ebe5a00-799e-43f5-93ac-243d3dce84a7",
  /** On a container: reads, writes and deletes its blobs. It signs no links, and versions that were replaced it cannot delete. */
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

/** A role of Azure's own that the platform gives. */
export type RoleName = keyof typeof roleDefinitions;
