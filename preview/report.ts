import type { MatrixRow } from "../policy-pack/judge";

import { isAccepted, type Outcome } from "./outcome";
import type { Violation } from "./policy-pack-server";

/** What the judge says of a stack, in the shape that `--json` prints. */
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
  /** Who can open a connection to whom, computed from the resources. */
  readonly matrix: readonly MatrixRow[];
  readonly violations: readonly Violation[];
  readonly warnings: readonly string[];
  readonly durationMs: number;
}

/** The report on what was found. */
export function reportOf(outcome: Outcome): Report {
  const { stack, cloud, resources, violations, matrix, warnings, durationMs } = outcome;
  return {
    verdict: isAccepted(outcome) ? "accepted" : "refused",
    cloud,
    stack,
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
