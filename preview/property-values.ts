/** The values with a meaning of their own in the engine's wire format (pulumi sdk, `resource/plugin`). */
export const signatureKey = "4dabf18193072939515e22adb298388d";
export const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
export const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What stands for a value of any kind that is not known. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Readonly<Record<string, unknown>>;

/** Whether a value is a mapping. */
export function isProperties(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value marked as secret. */
export function secret(value: unknown): unknown {
  return { [signatureKey]: secretSignature, value };
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shown);
  }
  if (!isProperties(value)) {
    return value;
  }
  switch (value[signatureKey]) {
    case resourceSignature: {
      // In a preview a resource that is to be created has no id; a component has none ever.
      const { urn, id } = value;
      return id === undefined ? urn : id === "" ? unknownValue : id;
    }
    case outputSignature: {
      const held = "value" in value ? shown(value["value"]) : unknownValue;
      return value["secret"] === true ? secret(held) : held;
    }
    case secretSignature:
      return secret(shown(value["value"]));
    default:
      return shownProperties(value);
  }
}

/**
 * Properties as the engine shows them to a policy pack: references to resources as ids, outputs as their values, secrets
 * still marked, and the keys that providers keep to themselves (`__defaults` and the like) left out.
 */
export function shownProperties(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, value]) => [key, shown(value)]),
  );
}
