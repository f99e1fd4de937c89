import type { Image } from "./image";
import type { PlatformSpec } from "./platform-spec";

/** The images that run beside every workload. */
export function meshImages({ mesh }: Pick<PlatformSpec, "mesh">): readonly Image[] {
  return mesh.kind === "envoy" ? [mesh.proxyImage, mesh.agentImage] : [];
}

/** One image of each repository that a platform needs, in the order of the repositories' names. */
export function platformImages(spec: Pick<PlatformSpec, "workloads" | "mesh">): readonly Image[] {
  const images = [...spec.workloads.map(({ image }) => image), ...meshImages(spec)];
  const byRepository = new Map(images.map((image) => [image.repository, image]));
  return [...byRepository].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, image]) => image);
}
