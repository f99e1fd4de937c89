import type * as pulumi from "@pulumi/pulumi";

/**
 * Gives a resource one of its properties as it is written here, and no more.
 *
 * The SDK fills in defaults of some properties by a function of the whole property (`ProvideDefaults`): it says what the
 * program does not, and a preview that does not know one part of the property knows nothing of the rest, and could not
 * judge it.
 */
export function asWritten(property: string, value: unknown): pulumi.ResourceTransformation {
  return ({ props, opts }) => ({ props: { ...(props as object), [property]: value }, opts });
}
