import { decisionPointId } from "../../model/access-policy";
import { AuditUnavailable } from "../audit/audit-event";
import { openAuditTrail } from "../audit/open-audit-trail";
import { CredentialRefused } from "../credentials/verified-credential";
import { openCredentialFeed } from "../mtls-client/credential-feed";
import { sayLastWords } from "../program/last-words";
import { say } from "../program/say";
import { ending, serviceCommand } from "../program/service-command";
import { SettingsError } from "../program/settings";
import { toldToStop } from "../program/told-to-stop";

import { AccessDocumentError } from "./access-document-error";
import { accessDocumentText } from "./access-document-place";
import { DecisionEngine } from "./decision-engine";
import { decisionPointSettings } from "./decision-point-settings";
import { faultText } from "./fault-text";
import { parsedAccessDocument } from "./parsed-access-document";
import { runDecisionPoint } from "./running-decision-point";

const exitCodes = { good: 0, ill: 1 } as const;

/** What is wrong with what the program is told, in words that say it all. */
const saidErrors = [SettingsError, AccessDocumentError, AuditUnavailable, CredentialRefused] as const;

/** How long the check waits for an answer, in milliseconds. */
const checkMilliseconds = 3000;

function fault(error: unknown): void {
  say({ event: "fault", problem: faultText(error) });
}

async function run(): Promise<number> {
  sayLastWords(faultText);
  const { host, port, spiffeId, certificate, access } = decisionPointSettings(process.env);
  const document = parsedAccessDocument(accessDocumentText(access));
  if (document.decisionPoint !== spiffeId) {
    throw new SettingsError(
      `BULKHEAD_SPIFFE_ID: is ${spiffeId}, and the access policy's decision point is ${document.decisionPoint}.`,
    );
  }
  const engine = DecisionEngine.open(document);
  const stopped = toldToStop();
  const credential = await openCredentialFeed(certificate, spiffeId, {
    onProblem: fault,
  });
  const trail = openAuditTrail({ workload: decisionPointId, document, environment: process.env });
  try {
    const server = await runDecisionPoint({
      document,
      engine,
      trail,
      credential,
      host,
      port,
      onFault: fault,
    });
    say({ event: "started", spiffeId, host, port: server.port });
    await stopped;
    await server.close();
  } finally {
    // A chain whose writer does not say that it stops looks as if its end were taken away.
    trail.close();
  }
  credential.close();
  say({ event: "stopped", spiffeId });
  return exitCodes.good;
}

async function check(): Promise<number> {
  const { host, port } = decisionPointSettings(process.env);
  const name = host.includes(":") ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${name}:${String(port)}/healthz`, {
      signal: AbortSignal.timeout(checkMilliseconds),
    });
    if (response.ok) {
      return exitCodes.good;
    }
    process.stderr.write(`${await response.text()}\n`);
  } catch (error) {
    process.stderr.write(`The decision point does not answer: ${faultText(error)}\n`);
  }
  return exitCodes.ill;
}

void serviceCommand("decision-point")
  .description("Decides who may do what, by OpenID AuthZEN and by Envoy's external authorization.")
  .addHelpText(
    "after",
    `
It is told what to do by the environment (services/README.md).

Exit codes: 0 all is well; 1 (check) it does not answer, or would allow nothing; 2 it cannot run.`,
  )
  .addCommand(
    serviceCommand("run").description("answer until told to stop").action(ending(run, saidErrors)),
    {
      isDefault: true,
    },
  )
  .addCommand(serviceCommand("check").description("ask whether it is well").action(ending(check, saidErrors)))
  .parseAsync();
