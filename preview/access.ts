import { resolve } from "node:path";

import { Command, Option } from "commander";

import { accessDocument, type AccessDocument } from "../model/access-document";
import { deviceStates, decisionPointId, networkLocations } from "../model/access-policy";
import { cloudKinds } from "../model/cloud-target";
import { AccessDocumentError } from "../services/decision-point/access-document-error";
import { accessTable, type AccessTable } from "../services/decision-point/access-table";
import type { Decision } from "../services/decision-point/decision";
import { DecisionEngine } from "../services/decision-point/decision-engine";

import { configuredStack, type ChosenStack } from "./configured-stack";
import { CouldNotRun } from "./could-not-run";
import { exitCode, runCommand } from "./run-command";
import { textTable } from "./text-table";

interface Options extends ChosenStack {
  readonly role?: string;
  readonly resource?: string;
  readonly device?: string;
  readonly location?: string;
  readonly mfa?: true;
  readonly table?: true;
  readonly json?: true;
}

/** Who asks, where decisions are only explained. */
const whoAsks = "somebody";

function commandLine(): Command {
  return new Command("access")
    .description(
      "Explains what a decision point would decide of a request, by the policies that it would decide by; or lists who may do what.",
    )
    .option("--role <role>", "in which role is asked; without it, the role is not known")
    .option("--resource <resource>", "what is asked for")
    .option("--device <state>", `${deviceStates.join(" or ")}; without it, that is not known`)
    .option("--location <network>", `${networkLocations.join(", ")}; without it, that is not known`)
    .option("--mfa", "whoever asks showed a second factor")
    .addOption(
      new Option("--table", "list who may do what").conflicts([
        "role",
        "resource",
        "device",
        "location",
        "mfa",
      ]),
    )
    .option("--json", "print it as JSON")
    .addOption(new Option("--cloud <cloud>", "the cloud of the stack").choices([...cloudKinds]))
    .option("--platform <file>", "a platform file, YAML or JSON, in the place of the stack's")
    .option("--stack <name>", "the stack; without it, the first that is configured for the cloud")
    .option("--program <directory>", "the Pulumi program", resolve(__dirname, ".."))
    .addHelpText("after", "\nExit codes: 0 allowed or listed, 1 denied, 2 could not run.");
}

/** What the decision points of the chosen stack are told. */
function toldDocument(options: Options): AccessDocument {
  const { spec } = configuredStack(options);
  if (!spec.workloads.some(({ id }) => id === decisionPointId)) {
    throw new CouldNotRun(`The platform has no workload ${decisionPointId}, so that nothing is decided.`);
  }
  return accessDocument(spec);
}

function openEngine(document: AccessDocument): DecisionEngine {
  try {
    return DecisionEngine.open(document);
  } catch (error) {
    throw error instanceof AccessDocumentError ? new CouldNotRun(error.message) : error;
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** A decision as the interfaces of the decision point write it. */
function decisionJson({ policyIds, ...decision }: Decision): string {
  return json({ ...decision, policies: policyIds });
}

function decisionText(decision: Decision): string {
  const { allowed, trustLevel, reason, requiresMfa, sessionMinutes, policyIds } = decision;
  return [
    `${allowed ? "ALLOWED" : "DENIED"}  ${trustLevel}  ${reason}`,
    ...(requiresMfa ? ["  A second factor is asked for."] : []),
    ...(allowed ? [`  The session lasts ${String(sessionMinutes)} minutes.`] : []),
    `  Policies: ${policyIds.length === 0 ? "none permits it" : policyIds.join(", ")}`,
    "",
  ].join("\n");
}

function tableText({ roles, agents }: AccessTable): string {
  const roleRows = roles.map(({ role, resource, from }) => [
    role,
    resource,
    ...networkLocations.map((location) => from[location]),
  ]);
  const agentRows = agents.map(({ agent, tool, roles: actsFor, patientInContext, mostRows }) => [
    agent,
    tool,
    actsFor.length === 0 ? "nobody" : actsFor.join(", "),
    actsFor.length === 0 ? "" : patientInContext ? "in context" : "any",
    actsFor.length === 0 || mostRows === null ? "" : String(mostRows),
  ]);
  return [
    "Roles, on a compliant device; on any other nobody may do anything",
    ...textTable([["role", "resource", ...networkLocations], ...roleRows]),
    ...(agentRows.length === 0
      ? []
      : [
          "",
          "Agents, each within what the user may do",
          ...textTable([["agent", "tool", "for", "patient", "rows"], ...agentRows]),
        ]),
    "",
  ].join("\n");
}

function run(options: Options): Promise<number> {
  const { role, resource, device, location, mfa, table } = options;
  if (resource === undefined && table === undefined) {
    throw new CouldNotRun("Say what is asked for with --resource, or list who may do what with --table.");
  }
  const document = toldDocument(options);
  const engine = openEngine(document);
  if (resource === undefined) {
    const listed = accessTable(document, engine);
    process.stdout.write(options.json === true ? json(listed) : tableText(listed));
    return Promise.resolve(exitCode.accepted);
  }
  const decision = engine.decide({
    user: whoAsks,
    role,
    resource,
    action: "use",
    device,
    location,
    secondFactor: mfa === true,
  });
  process.stdout.write(options.json === true ? decisionJson(decision) : decisionText(decision));
  return Promise.resolve(decision.allowed ? exitCode.accepted : exitCode.refused);
}

const command = commandLine();
runCommand(command, () => run(command.opts<Options>()));
