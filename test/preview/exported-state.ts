import type { StackResource } from "../../policy-pack/stack-resource";

/** A resource of an exported state, with the properties that tests change. */
export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A state as `pulumi stack export` writes it. */
export interface ExportedState {
  readonly version: number;
  readonly deployment: { readonly resources: readonly ExportedResource[]; readonly [key: string]: unknown };
}

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** A secret as an export has it: encrypted. */
export const encrypted = { [signatureKey]: secretSignature, ciphertext: "v1:AAAAAAAAAAAAAAAA:AAAAAAAAAAAA" };

/** A secret as an export with `--show-secrets` has it. */
export function decrypted(value: unknown): unknown {
  return { [signatureKey]: secretSignature, plaintext: JSON.stringify(value) };
}

/** The value as an export has it, with each secret of the engine's wire format in the form of the export. */
function serialized(value: unknown, secret: (held: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => serialized(item, secret));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const record = value as Readonly<Record<string, unknown>>;
  return record[signatureKey] === secretSignature
    ? secret(serialized(record["value"], secret))
    : Object.fromEntries(Object.entries(record).map(([key, item]) => [key, serialized(item, secret)]));
}

/**
 * The state with secrets where the engine keeps them: mocks hand a list over as a secret as a whole, if anything in it is
 * one, and the engine does not.
 *
 * @param key the property that holds the secret, anywhere in it.
 */
export function withEncrypted(state: ExportedState, key: string): ExportedState {
  const within = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(within);
    }
    if (typeof value !== "object" || value === null) {
      return value;
    }
    const record = value as Readonly<Record<string, unknown>>;
    return record[signatureKey] === secretSignature
      ? within(JSON.parse(String(record["plaintext"])))
      : Object.fromEntries(
          Object.entries(record).map(([name, item]) => [name, name === key ? encrypted : within(item)]),
        );
  };
  return within(state) as ExportedState;
}

const provider = "urn:pulumi:test::bulkhead::pulumi:providers:aws::default";
const providerId = "6d5bd4dd-1f5f-4e0c-8a0e-2b7d3c9a1f00";

/** The state of a stack whose resources are deployed, exported with `--show-secrets` or without. */
export function exportedState(
  resources: readonly StackResource[],
  secrets: "shown" | "encrypted" = "encrypted",
): ExportedState {
  const secret = secrets === "shown" ? decrypted : (): unknown => encrypted;
  const shown = (properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
    serialized(properties, secret) as Readonly<Record<string, unknown>>;
  const root = "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test";
  const ofCloud = resources.find(({ providerInputs }) => providerInputs !== undefined);
  return {
    version: 3,
    deployment: {
      manifest: { time: "2026-11-24T09:12:32Z", magic: "", version: "v3.248.0" },
      resources: [
        { urn: root, custom: false, type: "pulumi:pulumi:Stack" },
        {
          urn: provider,
          custom: true,
          id: providerId,
          type: "pulumi:providers:aws",
          inputs: { __internal: {}, ...ofCloud?.providerInputs },
          outputs: ofCloud?.providerInputs ?? {},
        },
        ...resources.map(
          ({
            urn,
            type,
            inputs,
            outputs,
            parent,
            dependencies,
            propertyDependencies,
            providerInputs,
          }): ExportedResource => ({
            urn,
            type,
            custom: providerInputs !== undefined,
            ...(providerInputs === undefined
              ? {}
              : { id: outputs["id"], provider: `${provider}::${providerId}` }),
            ...(inputs === undefined ? {} : { inputs: shown(inputs) }),
            outputs: shown(outputs),
            parent: parent ?? root,
            dependencies,
            propertyDependencies,
          }),
        ),
      ],
      metadata: {},
    },
  };
}

/** The state, with its resources as `change` makes them. */
export function withResources(
  state: ExportedState,
  change: (resources: readonly ExportedResource[]) => readonly ExportedResource[],
): ExportedState {
  return { ...state, deployment: { ...state.deployment, resources: change(state.deployment.resources) } };
}

/** The state, with one resource, told by its logical name, as `change` makes it. */
export function withResource(
  state: ExportedState,
  name: string,
  change: (resource: ExportedResource) => ExportedResource,
): ExportedState {
  const isNamed = ({ urn, type }: ExportedResource): boolean =>
    urn.endsWith(`::${name}`) && !type.startsWith("pulumi:");
  if (state.deployment.resources.filter(isNamed).length !== 1) {
    throw new Error(`not one resource ${name}`);
  }
  return withResources(state, (resources) =>
    resources.map((resource) => (isNamed(resource) ? change(resource) : resource)),
  );
}

/** The state, with properties of one resource set, among its inputs and its outputs. */
export function withProperties(
  state: ExportedState,
  name: string,
  properties: Readonly<Record<string, unknown>>,
): ExportedState {
  return withResource(state, name, (resource) => ({
    ...resource,
    inputs: { ...resource.inputs, ...properties },
    outputs: { ...resource.outputs, ...properties },
  }));
}
