/** The values with a meaning of their own in the engine's wire format (pulumi sdk, `resource/plugin`). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const resourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** What stands for a value of any kind that is not known. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Properties = Readonly<Record<string, unknown>>;

function secret(value: unknown): unknown {
  return { [signatureKey]: secretSignature, value };
}

function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shown);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const record = value as Properties;
  switch (record[signatureKey]) {
    case resourceSignature: {
      // In a preview a resource that is to be created has no id; a component has none ever.
      const { urn, id } = record;
      return id === undefined ? urn : id === "" ? unknownValue : id;
    }
    case outputSignature: {
      const held = "value" in record ? shown(record["value"]) : unknownValue;
      return record["secret"] === true ? secret(held) : held;
    }
    case secretSignature:
      return secret(shown(record["value"]));
    default:
      return shownProperties(record);
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
