import { setImmediate } from "node:timers/promises";

import { cloudOf } from "../policy-pack/report/stack-cloud";

import { CouldNotRun } from "./could-not-run";
import { Engine } from "./engine";
import type { Outcome } from "./outcome";
import type { PolicyConfig } from "./policy-config";
import { PolicyPackServer, type Violation } from "./policy-pack-server";
import { runProgram } from "./program";
import type { Say } from "./progress";
import { analysedStack } from "./stack-analysis";
import type { ProgramStack } from "./stack-file";

/** Who watches a preview while it runs. */
export interface Watching {
  readonly say?: Say;
  readonly hear?: (line: string) => void;
}

/**
 * Previews a stack that does not exist yet: runs the program, shows each resource to the policy pack as it is
 * registered, and the whole stack at the end.
 *
 * @param settings what the user sets of the pack's policies.
 * @param watching `say` is told what is going on; `hear` is given each line that the pack writes, by one of which it says
 * that it has judged.
 * @throws CouldNotRun if the program or the pack fails, or if there is nothing to judge.
 */
export async function previewStack(
  program: ProgramStack,
  policyPack: string,
  settings: PolicyConfig = new Map(),
  { say = () => undefined, hear = () => undefined }: Watching = {},
): Promise<Outcome> {
  const begin = performance.now();
  const abort = new AbortController();
  // The pack is ready later than the first resource, whose analysis waits for it.
  let packIsReady: (server: PolicyPackServer) => void = () => undefined;
  const packReady = new Promise<PolicyPackServer>((resolve) => {
    packIsReady = resolve;
  });
  const analyses: Promise<readonly Violation[]>[] = [];
  const stopProgram = (error: unknown): never => {
    abort.abort(); // What it does from here on is not judged.
    throw error;
  };
  const engine = new Engine(program, (resource) => {
    const analysis = packReady.then((server) => server.analyze(resource)).catch(stopProgram);
    analysis.catch(() => undefined); // It is waited for below.
    analyses.push(analysis);
    say(`The program runs; resources so far: ${String(analyses.length)}`);
  });
  let pack: PolicyPackServer | undefined;
  try {
    const address = await engine.listen();
    const starting = PolicyPackServer.start(policyPack, program, address, settings).then((server) => {
      pack = server;
      packIsReady(server);
      return server;
    }, stopProgram);
    const running = runProgram(program, engine, address, abort.signal);
    const [started, ran] = await Promise.allSettled([starting, running]);
    if (started.status === "rejected") {
      throw started.reason;
    }
    const found = (await Promise.all(analyses)).flat();
    if (ran.status === "rejected") {
      throw ran.reason;
    }
    const resources = engine.resources;
    const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
    if (root === undefined || resources.length === 1) {
      throw new CouldNotRun("The program registered no resource, so there is nothing to judge.");
    }
    say(`The policy pack judges ${String(resources.length)} resources`);
    const { violations, judgement } = await analysedStack(started.value, resources, root.urn, {
      dryRun: true,
      config: settings,
    });
    await setImmediate(); // What the pack wrote before it answered is there, and is read in this turn.
    started.value.lines.forEach(hear);
    return {
      project: program.project,
      stack: program.stack,
      cloud: program.config.get("bulkhead:cloud") ?? cloudOf(resources),
      resources,
      policies: started.value.policies,
      violations: [...found, ...violations],
      judgement,
      warnings: engine.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text),
      durationMs: Math.round(performance.now() - begin),
    };
  } finally {
    abort.abort();
    pack?.close();
    engine.close();
  }
}
