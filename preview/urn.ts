/** What a URN says of a resource. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, which is the last of the chain of types. */
  readonly type: string;
  readonly name: string;
}

/** The parts of a URN (https://www.pulumi.com/docs/iac/concepts/resources/names/#urns). */
export function urnParts(urn: string): UrnParts {
  const [stack = "", project = "", types = "", ...name] = urn.slice("urn:pulumi:".length).split("::");
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name: name.join("::") };
}
