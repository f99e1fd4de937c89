import type { Position } from "../policy-pack/report/report";

import type { Properties } from "./property-values";

/** A provider of the stack. */
export interface Provider {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** Options that a policy pack is shown. */
export interface ResourceOptions {
  readonly protect: boolean;
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly deleteBeforeReplace: boolean | undefined;
}

/** The options of a resource for which none are set. */
export const noOptions: ResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  additionalSecretOutputs: [],
  deleteBeforeReplace: undefined,
};

/** A resource that a program has registered. */
export interface RegisteredResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly isCustom: boolean;
  readonly parent: string | undefined;
  readonly inputs: Properties;
  /** What is known of it before it exists; of a component, what it registers when it is complete. */
  readonly outputs: Properties;
  readonly options: ResourceOptions;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider: Provider | undefined;
  /** Where the program creates it, if that is known. */
  readonly position?: Position | undefined;
}
