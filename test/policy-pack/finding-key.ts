import type { Finding } from "../../policy-pack/finding";

/**
 * What makes a finding the same in two stacks. One of the whole stack stands at the resource that comes first, which is
 * another one as soon as something is added.
 */
export function findingKey({ rule, urn, summary }: Finding): string {
  return `${rule} ${summary.startsWith("Stack: ") ? "" : urn} ${summary}`;
}
