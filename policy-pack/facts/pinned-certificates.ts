import type { ResourceType } from "../resource-type";
import type { StackGraph } from "../stack-graph";

import type { Certificate, CertificateFault } from "./certificate";
import { labelOf } from "./label";

/** Properties that say nothing of a certificate. */
const besides = /^(?:tags|tagsAll|labels|description)\b/;

/**
 * Certificates and keys that resource options keep as they are: a property that stays as the cloud has it is not that
 * which the program says, and what may not be deleted is not replaced when it is due (Pulumi, "Resource options":
 * `ignoreChanges`, `protect`). Authorities may be protected.
 */
export function pinnedCertificates(
  graph: StackGraph,
  types: ReadonlySet<ResourceType>,
  certificates: readonly Certificate[],
): readonly CertificateFault[] {
  const leaves = new Set(
    certificates
      .filter(({ place }) => place.kind !== "known" || place.value === "leaf")
      .map(({ urn }) => urn),
  );
  return graph.ofType(...types).flatMap((node): readonly CertificateFault[] => {
    const fault = (what: string, remedy: string): CertificateFault => ({
      urn: node.urn,
      label: labelOf(node),
      what,
      assumption: undefined,
      remedy,
      refuses: true,
      isGuiltyAlone: true,
    });
    const ignored = node.ignoreChanges.filter((entry) => !besides.test(entry));
    return [
      ...(ignored.length === 0
        ? []
        : [
            fault(
              `what the program says of ${ignored.join(", ")} is ignored (ignoreChanges), so that an old certificate stays`,
              "Take ignoreChanges away.",
            ),
          ]),
      ...(node.protect && leaves.has(node.urn)
        ? [fault("it may not be replaced when it is due (protect)", "Take protect away.")]
        : []),
    ];
  });
}
