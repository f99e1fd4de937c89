import type { StackResource } from "../stack-resource";

/** What the judge calls a resource: its type's last part and its logical name. */
export function labelOf({ type, name }: Pick<StackResource, "type" | "name">): string {
  return `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}
