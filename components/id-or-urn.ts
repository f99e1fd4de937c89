import * as pulumi from "@pulumi/pulumi";

/** What an Output knows of itself, which its type does not show (@pulumi/pulumi, `output.ts`). */
interface Knowing {
  readonly isKnown?: Promise<boolean>;
}

/**
 * An id that the cloud gives, for use within a text: the id itself, or in a preview of what does not exist yet the
 * resource's URN in its place.
 *
 * A text that holds an unknown value is unknown as a whole, so that a preview could judge nothing of a policy that names
 * a private endpoint by its id. With the URN in its place, all else in the policy is known, and so is which resource it
 * names (ADR 11). The dependency on the resource is kept.
 *
 * @param id an output of `resource`.
 */
export function idOrUrn(id: pulumi.Output<string>, resource: pulumi.Resource): pulumi.Output<string> {
  const { isKnown } = id as unknown as Knowing;
  // Should a later Pulumi hide this, the text is unknown in a preview, and the judge refuses it.
  return isKnown === undefined
    ? id
    : pulumi.output(isKnown.then((known): pulumi.Output<string> => (known ? id : resource.urn)));
}
