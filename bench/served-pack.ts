import { PolicyPackServer, type Violation } from "../preview/policy-pack-server";
import type { RegisteredResource } from "../preview/registered-resource";
import type { ProgramStack } from "../preview/stack-file";

import { median } from "./median";
import { costOf, type ProcessCost } from "./process-cost";

/** What it costs to have a stack judged by a policy pack that serves in a process of its own. */
export interface ServedJudgement {
  /** Until the pack serves, in milliseconds. */
  readonly start: number;
  /** All calls of `Analyze`, one for each resource, in milliseconds. */
  readonly analyze: number;
  /** One call of `AnalyzeStack`, in milliseconds, with what the client needs to write the request. */
  readonly analyzeStack: number;
  /** What processors work in the pack for one call of `AnalyzeStack`, in milliseconds. */
  readonly stackProcessor: number | undefined;
  /** What the pack's process costs altogether. */
  readonly cost: ProcessCost | undefined;
  readonly violations: readonly Violation[];
}

/**
 * Has a stack judged by a pack, as the engine does: each resource by itself, then all together.
 *
 * @param pack the pack's folder.
 * @param runs how often the stack is shown; the time of `AnalyzeStack` is the median.
 */
export async function servedJudgement(
  pack: string,
  resources: readonly RegisteredResource[],
  runs: number,
): Promise<ServedJudgement> {
  const program: ProgramStack = {
    directory: pack,
    project: "bench",
    stack: "bench",
    nodeArguments: [],
    config: new Map(),
    secretKeys: [],
  };
  const violations: Violation[] = [];
  const begin = performance.now();
  const server = await PolicyPackServer.start(pack, program, "127.0.0.1:1");
  const cost = (): ProcessCost | undefined =>
    server.processId === undefined ? undefined : costOf(server.processId);
  try {
    const started = performance.now();
    for (const resource of resources) {
      violations.push(...(await server.analyze(resource)));
    }
    const analyzed = performance.now();
    const before = cost();
    const times: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const shown = performance.now();
      const found = await server.analyzeStack(
        resources,
        "urn:pulumi:bench::bench::pulumi:pulumi:Stack::bench",
      );
      times.push(performance.now() - shown);
      if (run === 0) {
        violations.push(...found);
      }
    }
    const after = cost();
    return {
      start: started - begin,
      analyze: analyzed - started,
      analyzeStack: median(times),
      stackProcessor:
        before === undefined || after === undefined ? undefined : (after.processor - before.processor) / runs,
      cost: after,
      violations,
    };
  } finally {
    server.close();
  }
}
