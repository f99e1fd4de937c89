/**
 * The form of every id in a platform: lower-case words joined by single hyphens, 2 to 40 characters.
 *
 * It is the intersection of what the clouds accept in names that are derived from ids (RFC 1035 labels, without the
 * double hyphen that RFC 5891 reserves).
 */
export const idPattern = /^(?=.{2,40}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** The form of the access policy's names for roles, resources and tools: lower-case words joined by underscores. */
export const policyNamePattern = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/;

/** Ids that would be taken for something else: peers that have a name of their own, and what every platform keeps. */
export const reservedIds: ReadonlySet<string> = new Set([
  "world",
  "load-balancer",
  "gateway",
  "processing",
  "phi",
  "egress",
  "audit-records",
  "edge-records",
  "authorities",
]);

/** Says what is wrong with an id, or `undefined` if nothing is. */
export function idProblem(id: string): string | undefined {
  if (!idPattern.test(id)) {
    return "is not two to forty characters of lower-case words joined by single hyphens";
  }
  if (id.split("-").includes("to")) {
    return "has the word `to` in it, which names of rules keep for `<source>-to-<destination>`";
  }
  return undefined;
}
