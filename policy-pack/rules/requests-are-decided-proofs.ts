import type { RequestDecision } from "../facts/fact";
import { admissionText } from "../facts/envoy/admission";
import type { JudgedStack } from "../judged-stack";
import { proof, type Proof } from "../proof";
import { toldAccess } from "../told-access";

/** Whom something asks, in words; `undefined` where it asks nobody. */
function askedText(decision: RequestDecision): string | undefined {
  if (decision.kind !== "asked") {
    return undefined;
  }
  const names = decision.deciders.flatMap(({ label, servers }) =>
    servers === undefined || servers.length === 0 ? [label] : servers.map(admissionText),
  );
  return [...new Set(names)].sort().join(", ");
}

function counted(count: number, one: string): string {
  return `${String(count)} ${one}${count === 1 ? "" : "s"}`;
}

/** Who is asked about requests, and who is told who may do what. */
export function requestsAreDecidedProofs(stack: JudgedStack): readonly Proof[] {
  const { facts } = stack;
  const ways = facts.enforcementPoints.flatMap(({ urn, label, zone, ways: all, hidden }) =>
    hidden.length > 0
      ? []
      : all.flatMap((way) => {
          const asked = askedText(way.decision);
          return asked === undefined
            ? []
            : [
                proof(
                  `Requests${zone === undefined ? "" : ` of zone ${zone}`}: its Envoy asks ${asked} about each before it goes on, and lets none through about which it gets no answer.`,
                  { urn, label: `${label}, ${way.label}` },
                ),
              ];
        }),
  );
  const gates = facts.requestGates.flatMap(({ urn, label, zone, decision }) => {
    const asked = askedText(decision);
    return asked === undefined
      ? []
      : [
          proof(
            `Requests${zone === undefined ? "" : ` of zone ${zone}`}: ${asked} is asked about each before it goes on.`,
            { urn, label },
          ),
        ];
  });
  const told = toldAccess(stack).flatMap(({ platform: { name }, document, evidence }) =>
    document === undefined || evidence.length === 0
      ? []
      : [
          proof(
            `Decisions of platform ${name}: its decision points are all told the same, which is ${counted(document.access.roles.length, "role")}, ${counted(document.access.routes.length, "route")} and ${counted(document.access.agents.length, "agent")}, of the workloads that it declares.`,
            ...evidence,
          ),
        ],
  );
  return [...ways, ...gates, ...told];
}
