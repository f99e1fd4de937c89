import type { StackResource } from "../../policy-pack/stack-resource";

import { hiding, keysOf, type Place, type Properties } from "./hidden-value";

/** What CrossGuard may show in the place of a value (@pulumi/policy, proxy.ts), and what hides a secret. */
export const sentinels = [
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "[secret]",
] as const;

/** A change to what is shown of a stack that makes nothing in it more closed. */
export interface Transformation {
  readonly name: string;
  readonly resources: readonly StackResource[];
}

type Change = (
  resources: readonly StackResource[],
  choose: (options: number) => number,
) => Transformation | undefined;

function placeOf(
  resources: readonly StackResource[],
  choose: (options: number) => number,
): Place | undefined {
  const resource = choose(resources.length);
  const { outputs, inputs } = resources[resource] ?? { outputs: {}, inputs: {} };
  const all = keysOf({ ...outputs, ...inputs });
  const keys = all[choose(all.length)];
  return keys === undefined ? undefined : { resource, keys };
}

function at(resources: readonly StackResource[], { resource, keys }: Place): string {
  return `${resources[resource]?.name ?? ""} ${keys.join(".")}`;
}

/** Hides any value behind any sentinel. */
const masking: Change = (resources, choose) => {
  const place = placeOf(resources, choose);
  const sentinel = sentinels[choose(sentinels.length)] ?? sentinels[0];
  return place === undefined
    ? undefined
    : {
        name: `${at(resources, place)} is hidden by ${sentinel}`,
        resources: hiding(resources, place, sentinel),
      };
};

/** Loses an output, as the preview of a property with an unknown part does. */
const losing: Change = (resources, choose) => {
  const index = choose(resources.length);
  const resource = resources[index];
  const keys = Object.keys(resource?.outputs ?? {});
  const lost = keys[choose(keys.length)];
  return resource === undefined || lost === undefined || resource.inputs === undefined
    ? undefined
    : {
        name: `${resource.name} ${lost} is lost`,
        resources: resources.map((one, place) =>
          place === index
            ? {
                ...one,
                outputs: Object.fromEntries(Object.entries(one.outputs).filter(([key]) => key !== lost)),
              }
            : one,
        ),
      };
};

/** Wraps a value as a secret, in the engine's wire format (pulumi sdk, resource/plugin). */
const wrapping: Change = (resources, choose) => {
  const place = placeOf(resources, choose);
  return place === undefined
    ? undefined
    : {
        name: `${at(resources, place)} is a secret`,
        resources: hiding(resources, place, (value) => ({
          "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
          value,
        })),
      };
};

/** Shows the resources in another order. */
const permuting: Change = (resources, choose) => {
  const turn = choose(resources.length);
  return {
    name: `turned by ${String(turn)}`,
    resources: [...resources.slice(turn), ...resources.slice(0, turn)].reverse(),
  };
};

function withIds(value: unknown, id: string): unknown {
  if (typeof value === "string") {
    return value === sentinels[2] ? id : value;
  }
  if (Array.isArray(value)) {
    return value.map((item) => withIds(item, id));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIds(item, id)]))
    : value;
}

/** Reads a resource to which one of the PHI zone refers, in place of declaring it: it is not shown, and its id is known. */
const reading: Change = (resources, choose) => {
  const isPhi = ({ inputs }: StackResource): boolean => JSON.stringify(inputs ?? {}).includes('"phi"');
  // On Azure a zone is often said by what is referred to alone: by the filter of a subnet, by the store behind an endpoint.
  const saysZone = new Set(
    resources
      .filter((resource) => isPhi(resource) && resource.type.startsWith("azure-native"))
      .map(({ urn }) => urn),
  );
  const referredTo = [
    ...new Set(
      resources
        .filter(isPhi)
        .flatMap(({ propertyDependencies }) => Object.values(propertyDependencies).flat())
        .filter((urn) => !saysZone.has(urn)),
    ),
  ];
  const urn = referredTo[choose(referredTo.length)];
  if (urn === undefined) {
    return undefined;
  }
  const id = "read-0123456789abcdef0";
  return {
    name: `${urn} is read`,
    resources: resources
      .filter((resource) => resource.urn !== urn)
      .map((resource) => {
        // A property that was made of this resource alone is known once that is read.
        const known = Object.entries(resource.propertyDependencies)
          .filter(([, urns]) => urns.length === 1 && urns[0] === urn)
          .map(([key]) => key);
        const shown = (properties: Properties): Properties =>
          Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [
              key,
              known.includes(key) ? withIds(value, id) : value,
            ]),
          );
        return {
          ...resource,
          inputs: resource.inputs === undefined ? undefined : shown(resource.inputs),
          outputs: shown(resource.outputs),
          dependencies: resource.dependencies.filter((one) => one !== urn),
          propertyDependencies: Object.fromEntries(
            Object.entries(resource.propertyDependencies).map(([key, urns]) => [
              key,
              urns.filter((one) => one !== urn),
            ]),
          ),
        };
      }),
  };
};

/** The changes after which a stack that was refused is refused still. Outputs are lost in a dry run alone. */
export function changes(isDryRun: boolean): readonly Change[] {
  return [masking, masking, masking, wrapping, permuting, reading, ...(isDryRun ? [losing] : [])];
}

/** Gives every resource another logical name, wherever its URN stands. */
export function renamed(resources: readonly StackResource[]): readonly StackResource[] {
  const names = new Map(
    resources.map(({ urn, name }, index) => [
      urn,
      {
        urn: urn.replace(/::[^:]*$/, `::renamed-${String(index)}-${name.length.toString()}`),
        name: `renamed-${String(index)}`,
      },
    ]),
  );
  const one = (urn: string): string => names.get(urn)?.urn ?? urn;
  const within = (value: unknown): unknown => {
    if (typeof value === "string") {
      if (!value.includes("urn:")) {
        return value;
      }
      return [...names].reduce(
        (text, [urn, { urn: other }]) =>
          text.includes(urn) ? text.replaceAll(`"${urn}"`, `"${other}"`) : text,
        names.get(value)?.urn ?? value,
      );
    }
    if (Array.isArray(value)) {
      return value.map(within);
    }
    return typeof value === "object" && value !== null
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, within(item)]))
      : value;
  };
  return resources.map((resource) => ({
    ...resource,
    urn: one(resource.urn),
    name: names.get(resource.urn)?.name ?? resource.name,
    inputs: within(resource.inputs) as Properties | undefined,
    outputs: within(resource.outputs) as Properties,
    parent: resource.parent === undefined ? undefined : one(resource.parent),
    dependencies: resource.dependencies.map(one),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, urns.map(one)]),
    ),
  }));
}

/** The same in the other order, lists of lists and keys of mappings as well. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed).reverse();
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .map(([key, item]) => [key, reversed(item)] as const)
          .reverse(),
      )
    : value;
}

/** The same resources in another order, with all lists and mappings in theirs turned round. */
export function shuffled(
  resources: readonly StackResource[],
  order: readonly number[],
): readonly StackResource[] {
  return resources
    .map((resource, index) => ({ resource, at: ((index + 1) * (order[index % 8] ?? 0)) % 9973 }))
    .sort((a, b) => a.at - b.at)
    .map(({ resource }) => ({
      ...resource,
      inputs: reversed(resource.inputs) as Properties,
      outputs: reversed(resource.outputs) as Properties,
    }));
}
