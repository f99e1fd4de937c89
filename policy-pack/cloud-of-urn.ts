import type { CloudKind } from "../model/cloud-target";

import { packageOf, resourceType } from "./resource-type";

/** The cloud of each package whose resources the judge reads; all others are of none. */
const clouds: ReadonlyMap<string, CloudKind> = new Map([
  ["aws", "aws"],
  ["aws-native", "aws"],
  ["azure-native", "azure"],
  ["gcp", "gcp"],
]);

/** The cloud that a resource is of, by the type in its URN; `undefined` for a component, and for what is of no cloud. */
export function cloudOfUrn(urn: string): CloudKind | undefined {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return clouds.get(packageOf(resourceType(type)));
}
