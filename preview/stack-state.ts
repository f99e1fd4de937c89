import type { Breach } from "../model/finding";

import { pathUnder } from "./breach-list";
import type { Properties } from "./property-values";
import type { Provider, RegisteredResource } from "./registered-resource";
import { statePositionIn } from "./source-position";
import {
  exportAgain as remedy,
  readStateFile,
  refuseState,
  type StateFile,
  type StateResource,
} from "./state-file";
import { statePropertiesShown, type StateNotes } from "./state-values";
import { urnParts } from "./urn";

/** A stack that has been deployed, as its exported state says. */
export interface StackState {
  readonly project: string;
  readonly stack: string;
  readonly rootUrn: string;
  /** What exists, in an order that does not depend on the file's: what is to be deleted stands before what replaced it. */
  readonly resources: readonly ExistingResource[];
  readonly warnings: readonly string[];
}

/** A resource of a state. */
export interface ExistingResource extends RegisteredResource {
  /** Whether it is still to be deleted. What has replaced it has the same URN. */
  readonly isToBeDeleted: boolean;
}

/** A resource of the file, where it is in it, and its properties as a policy pack is shown them. */
interface ReadResource {
  readonly resource: StateResource;
  readonly path: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** Providers by what names them in a state: URN and id. */
type Providers = ReadonlyMap<string, Provider>;

/**
 * Whether it was deleted to be replaced, and has not been replaced yet. To delete what is only read, is retained or goes
 * with something else is to do nothing with the cloud (pulumi, `resource/deploy/step.go`).
 */
function isGone({ pendingReplacement, external, retainOnDelete, deletedWith }: StateResource): boolean {
  return pendingReplacement && !external && !retainOnDelete && deletedWith === "";
}

/** What is wrong with a resource beside the others: a state that lacks something is not judged as if it were whole. */
function resourceBreaches(
  { resource, path }: ReadResource,
  urns: ReadonlySet<string>,
  providers: Providers,
): readonly Breach[] {
  const { urn, type, parent, provider, dependencies, propertyDependencies } = resource;
  const breach = (key: string, message: string): Breach => ({ path: pathUnder(path, key), message, remedy });
  const missing = (key: string, named: string): readonly Breach[] =>
    urns.has(named) ? [] : [breach(key, `${named} is not in the state.`)];
  return [
    ...(urnParts(urn).type === type
      ? []
      : [breach("type", `The URN says ${urnParts(urn).type}, and this ${type}.`)]),
    ...(parent === "" ? [] : missing("parent", parent)),
    ...(provider === "" || providers.has(provider) || isGone(resource)
      ? []
      : [breach("provider", `${provider} is not in the state.`)]),
    ...dependencies.flatMap((named, index) => missing(`dependencies[${String(index)}]`, named)),
    ...Object.entries(propertyDependencies).flatMap(([key, list]) =>
      list.flatMap((named, index) => missing(`propertyDependencies.${key}[${String(index)}]`, named)),
    ),
  ];
}

/** Resources of which the state says twice that they are there, with neither replaced by the other. */
function duplicateBreaches(read: readonly ReadResource[]): readonly Breach[] {
  const seen = new Set<string>();
  return read
    .filter(({ resource }) => !resource.delete)
    .flatMap(({ resource: { urn }, path }): readonly Breach[] => {
      const isFirst = !seen.has(urn);
      seen.add(urn);
      return isFirst ? [] : [{ path: pathUnder(path, "urn"), message: `${urn} is there twice.`, remedy }];
    });
}

/** What is wrong with a state as a whole. */
function stateBreaches(
  { path, pending_operations: operations }: StateFile,
  read: readonly ReadResource[],
  providers: Providers,
): readonly Breach[] {
  const urns = new Set(read.map(({ resource }) => resource.urn));
  return [
    ...operations.map(({ type, resource }, index) => ({
      path: pathUnder(path, `pending_operations[${String(index)}]`),
      message: `An update was interrupted while it was ${type} ${resource.urn}, so that the state does not say what is there.`,
      remedy: "Run `pulumi refresh`, and export the state again.",
    })),
    ...duplicateBreaches(read),
    ...read.flatMap((one) => resourceBreaches(one, urns, providers)),
    ...(read.every(({ resource }) => resource.type.startsWith("pulumi:"))
      ? [
          {
            path: pathUnder(path, "resources"),
            message: "It holds no resource of a cloud, so there is nothing to judge.",
            remedy: "Export the state of a stack that has been deployed.",
          },
        ]
      : []),
  ];
}

function warningsOf(resources: readonly StateResource[], { encrypted }: StateNotes): readonly string[] {
  const of = (is: (resource: StateResource) => boolean, what: string): readonly string[] =>
    resources
      .filter(is)
      .map(({ urn }) => `${urn} ${what}. \`pulumi up\` ends the update that left it so.`)
      .sort();
  return [
    ...of((resource) => resource.delete, "is still to be deleted: it exists, and is judged"),
    ...of(isGone, "has been deleted and not been replaced yet: it does not exist, and is not judged"),
    ...(encrypted === 0
      ? []
      : [
          `${encrypted === 1 ? "1 value is encrypted, and counts" : `${String(encrypted)} values are encrypted, and count`} as not known. \`pulumi stack export --show-secrets\` shows them.`,
        ]),
  ];
}

function existing({ resource, inputs, outputs }: ReadResource, providers: Providers): ExistingResource {
  const { urn, type, custom, id, parent, provider } = resource;
  return {
    urn,
    type,
    name: urnParts(urn).name,
    isCustom: custom,
    parent: parent === "" ? undefined : parent,
    inputs,
    // Not every provider repeats the id among the outputs, where a policy pack looks for it.
    outputs: custom && id !== "" ? { id, ...outputs } : outputs,
    options: {
      protect: resource.protect,
      ignoreChanges: resource.ignoreChanges,
      aliases: resource.aliases,
      additionalSecretOutputs: resource.additionalSecretOutputs,
      deleteBeforeReplace: undefined,
    },
    dependencies: resource.dependencies,
    propertyDependencies: resource.propertyDependencies,
    provider: providers.get(provider),
    position: statePositionIn([
      resource.sourcePosition,
      ...resource.stackTrace.map(({ sourcePosition }) => sourcePosition),
    ]),
    isToBeDeleted: resource.delete,
  };
}

/** The order in which resources are shown, whatever the file's is. */
function inOrder(a: ExistingResource, b: ExistingResource): number {
  if (a.urn !== b.urn) {
    return a.urn < b.urn ? -1 : 1;
  }
  return (
    Number(b.isToBeDeleted) - Number(a.isToBeDeleted) ||
    (JSON.stringify(a.outputs) < JSON.stringify(b.outputs) ? -1 : 1)
  );
}

/**
 * Reads the state of a stack: what exists, as a policy pack is shown it.
 *
 * What is marked for deletion still exists. What was deleted to be replaced, and has not been replaced yet, does not, and
 * is left out with a warning.
 *
 * @throws CouldNotRun with everything that is wrong with it.
 */
export function stackState(file: string): StackState {
  const state = readStateFile(file);
  const { resources, path } = state;
  const notes: StateNotes = { breaches: [], encrypted: 0 };
  const read = resources.map((resource, index): ReadResource => {
    const place = pathUnder(path, `resources[${String(index)}]`);
    return {
      resource,
      path: place,
      inputs: statePropertiesShown(resource.inputs, `${place}.inputs`, notes),
      outputs: statePropertiesShown(resource.outputs, `${place}.outputs`, notes),
    };
  });
  const providers: Providers = new Map(
    read
      .filter(({ resource: { type } }) => type.startsWith("pulumi:providers:"))
      .map(({ resource: { urn, type, id }, inputs }) => [
        `${urn}::${id}`,
        { urn, type, name: urnParts(urn).name, inputs },
      ]),
  );
  const breaches = [...stateBreaches(state, read, providers), ...notes.breaches];
  if (breaches.length > 0) {
    refuseState(file, breaches);
  }
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
  const { stack, project } = urnParts(root ?? resources[0]?.urn ?? "");
  return {
    project,
    stack,
    rootUrn: root ?? `urn:pulumi:${stack}::${project}::pulumi:pulumi:Stack::${project}-${stack}`,
    resources: read
      .filter(({ resource }) => !isGone(resource))
      .map((one) => existing(one, providers))
      .sort(inOrder),
    warnings: warningsOf(resources, notes),
  };
}
