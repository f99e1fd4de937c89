import type { StackResource } from "../../policy-pack/stack-resource";

import { unknownText, type Sketch } from "./stack-sketch";

/** The stack, with a property that holds the id of one of several resources, and nobody knows of which. */
export function ofEither(
  stack: Sketch,
  name: string,
  key: string,
  others: readonly string[],
): readonly StackResource[] {
  const resources = stack.resources();
  const urns = resources.filter((resource) => others.includes(resource.name)).map(({ urn }) => urn);
  return resources.map((resource) =>
    resource.name === name
      ? {
          ...resource,
          inputs: { ...resource.inputs, [key]: unknownText },
          outputs: { ...resource.outputs, [key]: unknownText },
          propertyDependencies: { ...resource.propertyDependencies, [key]: urns },
        }
      : resource,
  );
}
