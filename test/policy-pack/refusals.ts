import { judge } from "./judge-on-a-day";
import type { Sketch } from "./stack-sketch";

/**
 * What the judge refuses of a stack, each refusal as its verdict, the logical name of the resource and what the summary says
 * of it: the same whatever the order of the resources, or it throws.
 */
export function refusals(
  stack: Sketch,
  change = (resources: ReturnType<Sketch["resources"]>) => resources,
): string[] {
  const options = { dryRun: stack.knowledge === "preview" };
  const texts = (resources: ReturnType<Sketch["resources"]>): string[] =>
    judge(resources, options)
      .findings.filter(({ level }) => level === "mandatory")
      .map(({ verdict, urn, summary }) => `${verdict} ${urn.split("::").at(-1) ?? ""}: ${summary}`)
      .sort();
  const resources = change(stack.resources());
  const found = texts(resources);
  const reversed = texts([...resources].reverse());
  if (found.join("\n") !== reversed.join("\n")) {
    throw new Error(`in another order: ${reversed.join("\n")}`);
  }
  return found;
}
