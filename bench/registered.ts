import type { StackResource } from "../policy-pack/stack-resource";
import { noOptions, type RegisteredResource } from "../preview/registered-resource";

/** A resource of a sketched stack as the engine shows it to a policy pack. */
export function registered({ providerInputs, inputs, ...resource }: StackResource): RegisteredResource {
  const [name = ""] = resource.type.split(":");
  return {
    ...resource,
    isCustom: providerInputs !== undefined,
    inputs: inputs ?? {},
    options: noOptions,
    provider:
      providerInputs === undefined
        ? undefined
        : {
            urn: `urn:pulumi:test::bulkhead::pulumi:providers:${name}::default`,
            type: `pulumi:providers:${name}`,
            name: "default",
            inputs: providerInputs,
          },
  };
}
