import { egressGuardId } from "../../model/egress-guard";
import { AuditUnavailable } from "../audit/audit-event";
import { ChainedInspectionTrail } from "../audit/chained-inspection-trail";
import { openChain } from "../audit/open-chain";
import { openSource } from "../credentials/open-source";
import { sayLastWords } from "../program/last-words";
import { say } from "../program/say";
import { ending, serviceCommand } from "../program/service-command";
import { SettingsError } from "../program/settings";
import { toldToStop } from "../program/told-to-stop";

import { openDetector } from "./detection/open-detector";
import { faultText } from "./fault-text";
import { guardPort, guardSettings } from "./guard-settings";
import { KeptSecret } from "./kept-secret";
import { firewallAuthority, ProviderConnections } from "./provider-connections";
import { providerKeys } from "./provider-keys";
import { startEgressGuard } from "./running-egress-guard";

const exitCodes = { good: 0, ill: 1 } as const;
const checkMilliseconds = 3000;

/** What is wrong with what the program is told, in words that say it all. */
const saidErrors = [SettingsError, AuditUnavailable, RangeError] as const;

async function run(): Promise<number> {
  sayLastWords(faultText);
  const { port, document, cloud, keys, authority, proxy } = guardSettings(process.env);
  const stopped = toldToStop();
  const kept = <T>(secret: string, id: string, parse: (text: string) => T): KeptSecret<T> =>
    new KeptSecret(openSource(cloud, id), parse, (reading) => {
      say({ event: "secret", secret, ...reading });
    });
  const keptKeys = kept("provider-keys", keys, providerKeys);
  const keptAuthority = kept("firewall-authority", authority, firewallAuthority);
  const detector = openDetector(document.inspection);
  const trail = new ChainedInspectionTrail(
    openChain({ workload: egressGuardId, uid: document.egressGuard, environment: process.env }),
    document,
  );
  const connections = new ProviderConnections(proxy);
  const enough = new AbortController();
  try {
    await Promise.all([keptKeys.read(), keptAuthority.read()]);
    const guard = await startEgressGuard({
      port,
      document,
      detector,
      trail,
      keys: () => keptKeys.current,
      authority: () => keptAuthority.current,
      connections,
      onFault: (requestId, error) => {
        say({ event: "fault", requestId, problem: faultText(error) });
      },
    });
    const keeping = [keptKeys.keep(enough.signal), keptAuthority.keep(enough.signal)];
    say({ event: "started", port: guard.port, providers: document.providers.length });
    await stopped;
    enough.abort();
    await Promise.all([guard.close(), ...keeping]);
  } finally {
    // A chain whose writer does not say that it stops looks as if its end were taken away.
    trail.close();
  }
  say({ event: "stopped" });
  return exitCodes.good;
}

async function check(): Promise<number> {
  const port = guardPort(process.env);
  try {
    const response = await fetch(`http://127.0.0.1:${String(port)}/healthz`, {
      signal: AbortSignal.timeout(checkMilliseconds),
    });
    return response.ok ? exitCodes.good : exitCodes.ill;
  } catch (error) {
    process.stderr.write(`The egress guard does not answer: ${faultText(error)}\n`);
    return exitCodes.ill;
  }
}

void serviceCommand("egress-guard")
  .description("Calls external LLM providers for workloads, and looks into what is sent and answered.")
  .addHelpText(
    "after",
    `
It is told what to do by the environment (services/README.md).

Exit codes: 0 all is well; 1 (check) it does not answer, or cannot write records; 2 it cannot run.`,
  )
  .addCommand(
    serviceCommand("run").description("answer until told to stop").action(ending(run, saidErrors)),
    {
      isDefault: true,
    },
  )
  .addCommand(serviceCommand("check").description("ask whether it is well").action(ending(check, saidErrors)))
  .parseAsync();
