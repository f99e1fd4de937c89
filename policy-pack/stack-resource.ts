/** A resource as a stack analysis sends it, with the checked inputs that its own analysis recorded. */
export interface StackResource {
  readonly urn: string;
  /** The type token as it was sent, such as `aws:ec2/subnet:Subnet`. */
  readonly type: string;
  readonly name: string;
  /** Outputs, in which what is not known is one of CrossGuard's sentinels. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Checked inputs; `undefined` where none were recorded. */
  readonly inputs: Readonly<Record<string, unknown>> | undefined;
  /** URN of the parent. */
  readonly parent: string | undefined;
  /** URNs of the resources that it depends on. */
  readonly dependencies: readonly string[];
  /** For each input, the URNs of the resources from whose outputs it was made. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Paths of properties that stay as the cloud has them, whatever the program says. */
  readonly ignoreChanges: readonly string[];
  /** Whether it may not be deleted, nor replaced. */
  readonly protect: boolean;
  /** Inputs of its provider; a component has none. */
  readonly providerInputs: Readonly<Record<string, unknown>> | undefined;
}
