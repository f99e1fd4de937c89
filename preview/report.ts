import type { MatrixRow } from "../policy-pack/judge";

import type { Violation } from "./policy-pack-server";
import type { Preview } from "./preview-stack";

/** What a preview says, in the shape that `--json` prints. */
export interface Report {
  readonly verdict: "accepted" | "refused";
  readonly cloud: string;
  readonly stack: string;
  readonly resources: readonly {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    readonly parent: string | null;
  }[];
  /** Who can open a connection to whom, computed from the rendered resources. */
  readonly matrix: readonly MatrixRow[];
  readonly violations: readonly Violation[];
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** The report on a preview. */
export function reportOf(preview: Preview): Report {
  const { program, resources, violations, matrix, isAccepted, warnings, durationMs } = preview;
  return {
    verdict: isAccepted ? "accepted" : "refused",
    cloud: program.config.get("bulkhead:cloud") ?? "unknown",
    stack: program.stack,
    resources: resources
      .filter(({ type }) => !type.startsWith("pulumi:"))
      .map(({ urn, type, name, parent }) => ({ urn, type, name, parent: parent ?? null })),
    matrix,
    violations: [...violations].sort(
      (a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"),
    ),
    warnings,
    durationMs,
  };
}
