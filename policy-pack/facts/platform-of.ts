import type { CloudKind } from "../../model/cloud-target";
import { textOf, reading } from "../reading";
import type { Node, StackGraph } from "../stack-graph";
import { platformTagOf } from "../zone-claims";

/** A stack, and the platforms that it declares. */
export interface PlatformStack {
  readonly graph: StackGraph;
  /** The names of the platforms, by the URN of their component. */
  readonly platforms: ReadonlyMap<string, string>;
}

/**
 * The platform of ours to which a resource belongs: the one that it names, that it is under, or the only one in the
 * stack. What is beside a platform is held to the platform's rules, or a hole would only have to be dug beside it.
 */
export function platformOf({ graph, platforms }: PlatformStack, node: Node): string | undefined {
  const said = platformTagOf(graph, node);
  const above = graph.lineage(node).map(({ urn }) => platforms.get(urn));
  const [first, ...others] = platforms.values();
  return (
    above.find((platform) => platform !== undefined) ??
    // By itself a resource is shown without its platform. Beside a platform, one that it has not is none.
    (platforms.size === 0 ? said : [...platforms.values()].find((platform) => platform === said)) ??
    (others.length === 0 ? first : undefined)
  );
}

/** The platforms that are rendered on a cloud, or may be: what must exist with a cloud must exist for these alone. */
export function platformsOn(
  { graph, platforms }: PlatformStack,
  cloud: CloudKind,
): ReadonlyMap<string, string> {
  return new Map(
    [...platforms].filter(([urn]) => {
      const said = textOf(reading(graph.node(urn)?.outputs["cloud"]));
      return said.kind !== "known" || said.value === cloud;
    }),
  );
}
