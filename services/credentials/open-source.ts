import type { CloudKind } from "../../model/cloud-target";

import type { CredentialSource } from "./credential-source";

/** Where credentials are kept: with a cloud, or in a file. */
export const sourceKinds = ["aws", "azure", "gcp", "file"] as const satisfies readonly (CloudKind | "file")[];
export type SourceKind = (typeof sourceKinds)[number];

/* Only the client of the cloud that is asked is loaded: all of them take a second and a hundred megabytes, and a check of
   the files needs none. */
/* eslint-disable @typescript-eslint/no-require-imports */
const openings: Readonly<Record<CloudKind | "file", () => (id: string) => CredentialSource>> = {
  aws: () => (require("./aws-source") as typeof import("./aws-source")).awsSource,
  azure: () => (require("./azure-source") as typeof import("./azure-source")).azureSource,
  gcp: () => (require("./gcp-source") as typeof import("./gcp-source")).gcpSource,
  file: () => (require("./file-source") as typeof import("./file-source")).fileSource,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * The source of a workload's credential.
 *
 * @param id the id of the secret, as its cloud's source wants it, or the path of the file.
 * @throws {RangeError} if the id cannot be one.
 */
export function openSource(kind: SourceKind, id: string): CredentialSource {
  return openings[kind]()(id);
}
