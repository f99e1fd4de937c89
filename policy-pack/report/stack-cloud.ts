import { cloudKinds } from "../../model/cloud-target";
import { platformType } from "../declared-flows";

/** A resource, as far as it says what cloud it is on. */
interface PlacedResource {
  readonly type: string;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The cloud of each package whose resources are a cloud's. */
const clouds: ReadonlyMap<string, string> = new Map([
  ["aws", "aws"],
  ["aws-native", "aws"],
  ["azure", "azure"],
  ["azure-native", "azure"],
  ["gcp", "gcp"],
  ["google-native", "gcp"],
]);

/** The cloud that a stack is on: what its platforms declare, or else the packages of its resources. */
export function cloudOf(resources: readonly PlacedResource[]): string {
  const declared = resources
    .filter(({ type }) => type === platformType)
    .flatMap(({ outputs }) => cloudKinds.filter((kind) => kind === outputs["cloud"]));
  const found =
    declared.length > 0
      ? declared
      : resources.flatMap(({ type }) => clouds.get(type.split(/[:_]/)[0] ?? "") ?? []);
  return [...new Set(found)].sort().join(", ") || "unknown";
}
