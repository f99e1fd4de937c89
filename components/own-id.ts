import type * as pulumi from "@pulumi/pulumi";

/**
 * The id of a resource, which is known before the resource exists, as an output of it: whatever uses the id waits for the
 * resource. The resource's own output is not known in a preview, in which everything that names it has to be judged.
 *
 * @param resource what the id names, or what has to stand before it can be used.
 * @param id the id that `PhysicalNames` makes of the resource's names.
 */
export function ownId(resource: pulumi.Resource, id: string): pulumi.Output<string> {
  return resource.urn.apply(() => id);
}
