/**
 * A container image in the platform's own private registry, pinned by digest (OCI image specification,
 * "Content Descriptors"). The registry's host is not part of it: the renderer of each cloud supplies that.
 */
export interface Image {
  /** Its repository in the platform's registry. */
  readonly repository: string;
  /** The digest of its manifest. */
  readonly digest: `sha256:${string}`;
}

/** Why a text is not such an image. */
export type ImageProblem = "public-registry" | "no-digest" | "malformed";

const repositoryPattern = /^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$/;
const digestPattern = /^[0-9a-f]{64}$/;

/** In a reference, a first component with a dot or a port, or `localhost`, is a host (distribution/reference grammar). */
function namesARegistry(reference: string): boolean {
  const [first, ...others] = reference.split("/");
  return first !== undefined && others.length > 0 && (/[.:]/.test(first) || first === "localhost");
}

/** Reads `<repository>@sha256:<64 hex digits>`. */
export function parseImage(text: string): Image | ImageProblem {
  if (namesARegistry(text)) {
    return "public-registry";
  }
  const [repository, digest, ...rest] = text.split("@sha256:");
  if (repository === undefined || digest === undefined) {
    return "no-digest";
  }
  if (rest.length > 0 || !repositoryPattern.test(repository) || !digestPattern.test(digest)) {
    return "malformed";
  }
  return { repository, digest: `sha256:${digest}` };
}
