import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { toolGatewayId } from "../../model/access-policy";
import { AuditUnavailable } from "../audit/audit-event";
import { openAuditTrail } from "../audit/open-audit-trail";
import { AccessDocumentError } from "../decision-point/access-document-error";
import { sayLastWords } from "../program/last-words";
import { say } from "../program/say";
import { ending, serviceCommand } from "../program/service-command";
import { SettingsError } from "../program/settings";
import { toldToStop } from "../program/told-to-stop";

import { faultText } from "./fault-text";
import { toolGatewayServer } from "./gateway-server";
import { gatewayPort, gatewaySettings } from "./gateway-settings";
import { ToolDecisions } from "./tool-decisions";
import { ToolGateway } from "./tool-gateway";
import { ToolServers } from "./tool-servers";

const exitCodes = { good: 0, ill: 1 } as const;
const loopback = "127.0.0.1";

/** What is wrong with what the program is told, in words that say it all. */
const saidErrors = [SettingsError, AccessDocumentError, AuditUnavailable] as const;

/**
 * How long the check waits for an answer; and when the container is told to stop, what is under way for its end, a connection
 * that has answered for its own, and a call whose connection was cut for its record.
 */
const patienceMilliseconds = { check: 3000, end: 20_000, idle: 100, settled: 3000 } as const;

async function run(): Promise<number> {
  sayLastWords(faultText);
  const { port, document, decisionPoint, servers } = gatewaySettings(process.env);
  const stopped = toldToStop();
  const trail = openAuditTrail({ workload: toolGatewayId, document, environment: process.env });
  const fault = (error: unknown, requestId?: string): void => {
    say({ event: "fault", requestId, problem: faultText(error) });
  };
  const gateway = new ToolGateway({
    document,
    decisions: new ToolDecisions(decisionPoint),
    servers: new ToolServers(servers),
    trail,
    onFault: (requestId, error) => {
      fault(error, requestId);
    },
  });
  try {
    const server = toolGatewayServer(gateway, fault);
    server.listen(port, loopback);
    await once(server, "listening");
    say({
      event: "started",
      port: (server.address() as AddressInfo).port,
      tools: document.access.tools.length,
    });
    await stopped;
    const closed = once(server, "close");
    server.close();
    // Connections that the proxy keeps for later wait for nothing, nor do those that have answered by and by.
    server.closeIdleConnections();
    const idle = setInterval(() => {
      server.closeIdleConnections();
    }, patienceMilliseconds.idle);
    setTimeout(() => {
      server.closeAllConnections();
    }, patienceMilliseconds.end).unref();
    await closed;
    clearInterval(idle);
    await Promise.race([gateway.settled(), sleep(patienceMilliseconds.settled)]);
  } finally {
    // A chain whose writer does not say that it stops looks as if its end were taken away.
    trail.close();
  }
  say({ event: "stopped" });
  return exitCodes.good;
}

async function check(): Promise<number> {
  const port = gatewayPort(process.env);
  try {
    const response = await fetch(`http://${loopback}:${String(port)}/healthz`, {
      signal: AbortSignal.timeout(patienceMilliseconds.check),
    });
    return response.ok ? exitCodes.good : exitCodes.ill;
  } catch (error) {
    process.stderr.write(`The gateway of tools does not answer: ${faultText(error)}\n`);
    return exitCodes.ill;
  }
}

void serviceCommand("agent-tools")
  .description("Offers tools to agents by the Model Context Protocol: those alone that they may call.")
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
