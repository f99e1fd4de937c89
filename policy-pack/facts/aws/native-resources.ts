import { reading, textOf } from "../../reading";
import type { StackResource } from "../../stack-resource";

import { nativeShapes, type NativeShape, type Properties } from "./native-shapes";

const nativeToken = /^aws-native:([^:/]+)(?:\/[^:]*)?:([^:]+)$/i;

function classicProperties(shape: NativeShape, native: Properties): Properties {
  const classic: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(native)) {
    for (const { to, as } of shape.renamed?.[key] ?? [{ to: key }]) {
      if (classic[to] !== undefined && reading(value).kind === "absent") {
        continue; // Of several native properties that are one classic property, one is set.
      }
      classic[to] = as === undefined || reading(value).kind !== "known" ? value : as(unwrapped(value));
    }
  }
  return classic;
}

/** A value without the wrapping that says that it is secret. */
function unwrapped(value: unknown): unknown {
  const read = reading(value);
  return read.kind === "known" ? read.value : value;
}

/** What holds where nothing was given. A preview that has lost an output has not lost the input from which it was made. */
function withAbsent(shape: NativeShape, properties: Properties, inputs: Properties | undefined): Properties {
  const missing = Object.entries(shape.absent ?? {}).filter(
    ([key]) =>
      reading(properties[key]).kind === "absent" &&
      (inputs === undefined || reading(inputs[key]).kind === "absent"),
  );
  return { ...properties, ...Object.fromEntries(missing) };
}

function renamedDependencies(
  shape: NativeShape,
  dependencies: StackResource["propertyDependencies"],
): StackResource["propertyDependencies"] {
  const renamed: Record<string, readonly string[]> = {};
  for (const [key, urns] of Object.entries(dependencies)) {
    for (const { to } of shape.renamed?.[key] ?? [{ to: key }]) {
      renamed[to] = [...(renamed[to] ?? []), ...urns];
    }
  }
  return renamed;
}

/**
 * A resource of AWS's Cloud Control provider (`aws-native`) as its classic twin, which the rest of the judge reads. Types
 * that have no twin here stay as they are: nothing is drawn from them.
 */
export function inClassicShape(resource: StackResource): StackResource {
  const [, module = "", name = ""] = nativeToken.exec(resource.type) ?? [];
  const shape = nativeShapes.get(`${module}:${name}`.toLowerCase());
  if (shape === undefined) {
    return resource;
  }
  const inputs = resource.inputs === undefined ? undefined : classicProperties(shape, resource.inputs);
  const outputs = classicProperties(shape, resource.outputs);
  const id = [...shape.id.map((key) => resource.outputs[key]), resource.outputs["id"]].find(
    (value) => textOf(reading(value)).kind !== "absent",
  );
  return {
    ...resource,
    type: shape.type,
    inputs: inputs === undefined ? undefined : withAbsent(shape, inputs, undefined),
    outputs: withAbsent(shape, id === undefined ? outputs : { ...outputs, id }, inputs),
    propertyDependencies: renamedDependencies(shape, resource.propertyDependencies),
  };
}
