/** A part of an Envoy configuration: JSON in the shape of Envoy's own API (v3). */
export type EnvoyPart = Readonly<Record<string, unknown>>;

/** A part that says of which of Envoy's extensions it is the configuration. */
export function typed(type: string, value: EnvoyPart): EnvoyPart {
  return { "@type": `type.googleapis.com/envoy.extensions.${type}`, ...value };
}
