import { platformType } from "../declared-flows";
import { itemsOf, memberReading, reading, recordOf, textOf } from "../reading";
import type { StackGraph } from "../stack-graph";

/**
 * The hosts of the external providers that a platform of ours declares: those for which its egress zone alone has a way out.
 * What cannot be read declares none, and neither does a name with a wildcard.
 */
export function declaredHosts(graph: StackGraph, platform: string | undefined): ReadonlySet<string> {
  const declaring = graph
    .ofType(platformType)
    .filter(({ outputs }) => platform !== undefined && outputs["platform"] === platform);
  return new Set(
    declaring.flatMap(({ outputs }) =>
      itemsOf(reading(outputs["llmProviders"])).flatMap((item) => {
        const provider = recordOf(item);
        const kind = textOf(memberReading(provider, "kind"));
        return kind.kind === "known" && kind.value === "external"
          ? itemsOf(memberReading(provider, "hosts")).flatMap((host) => {
              const text = textOf(host);
              return text.kind === "known" && !text.value.includes("*") ? [text.value] : [];
            })
          : [];
      }),
    ),
  );
}
