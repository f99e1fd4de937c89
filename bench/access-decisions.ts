import { accessDocument } from "../model/access-document";
import { deviceStates, networkLocations } from "../model/access-policy";
import { resourcesOf } from "../model/cedar-policies";
import { platformSpec } from "../model/platform-spec";
import { referencePlatform } from "../model/reference-platform";
import type { ToolCall, UserRequest } from "../services/decision-point/decision";
import { DecisionEngine } from "../services/decision-point/decision-engine";

/** How many decisions are made before any is measured. */
const warmUp = 5_000;
const measured = 40_000;

/** What decisions of one kind cost, in process. */
export interface DecisionCost {
  /** How many one core makes in a second of its own time, whatever else the machine does. */
  readonly rate: number;
  /** Milliseconds: the median, and what one in a hundred exceeds. */
  readonly median: number;
  readonly slowest: number;
}

/** What the engine costs, with every request validated against the schema and none remembered. */
export interface EngineCost {
  /** What a request costs that is allowed. */
  readonly allowed: DecisionCost;
  /** What one costs of all that can be asked: roles, resources, devices, networks, second factors. */
  readonly any: DecisionCost;
  /** What a tool call costs that is allowed: two questions to Cedar. */
  readonly toolCall: DecisionCost;
}

/** Resident memory, in MB, after so many decisions. */
export interface MemoryAfter {
  readonly decisions: number;
  readonly megabytes: number;
}

const spec = platformSpec(referencePlatform);

const nurse: UserRequest = {
  user: "248289761001",
  role: "nurse",
  resource: "phi_clinical_rag",
  action: "use",
  device: "compliant",
  location: "vpn",
  secondFactor: false,
};

/** All that can be asked, of whom there is and of one who is not. */
function everyRequest(): readonly UserRequest[] {
  const roles = [...spec.access.roles.map(({ id }) => id), "visitor"];
  return roles.flatMap((role) =>
    resourcesOf(spec.access).flatMap((resource) =>
      deviceStates.flatMap((device) =>
        networkLocations.flatMap((location) =>
          [false, true].map((secondFactor) => ({ ...nurse, role, resource, device, location, secondFactor })),
        ),
      ),
    ),
  );
}

function allowedCall(): ToolCall {
  const agent = spec.workloads.find(({ id }) => id === "async-ai-workers");
  return {
    request: { ...nurse, role: "attending_physician" },
    agents: [agent?.spiffeId ?? ""],
    tool: "fhir_search",
    patient: "patient-7",
    arguments: { patient: "patient-7", count: 20 },
  };
}

function costOf(decide: (index: number) => unknown): DecisionCost {
  for (let index = 0; index < warmUp; index += 1) {
    decide(index);
  }
  const times = new Float64Array(measured);
  const begin = process.cpuUsage();
  for (let index = 0; index < measured; index += 1) {
    const start = performance.now();
    decide(index);
    times[index] = performance.now() - start;
  }
  const { user, system } = process.cpuUsage(begin);
  times.sort();
  const at = (part: number): number => times[Math.floor(measured * part)] ?? NaN;
  return { rate: measured / ((user + system) / 1e6), median: at(0.5), slowest: at(0.99) };
}

/**
 * Measures decisions of the reference platform, in this process.
 *
 * @throws Error if one is not what it is measured as.
 */
export function engineCost(): EngineCost {
  const engine = DecisionEngine.open(accessDocument(spec));
  const call = allowedCall();
  if (!engine.decide(nurse).allowed || !engine.decideToolCall(call).allowed) {
    throw new Error("what is measured as allowed is denied");
  }
  const requests = everyRequest();
  return {
    allowed: costOf(() => engine.decide(nurse)),
    any: costOf((index) => engine.decide(requests[index % requests.length] ?? nurse)),
    toolCall: costOf(() => engine.decideToolCall(call)),
  };
}

/** Resident memory after a hundred thousand decisions and after a million, each by another user about all that can be asked. */
export function memoryOverAMillion(): readonly MemoryAfter[] {
  const engine = DecisionEngine.open(accessDocument(spec));
  const requests = everyRequest();
  const points = [100_000, 1_000_000];
  const found: MemoryAfter[] = [];
  for (let index = 1; index <= 1_000_000; index += 1) {
    engine.decide({ ...(requests[index % requests.length] ?? nurse), user: `user-${String(index)}` });
    if (points.includes(index)) {
      found.push({ decisions: index, megabytes: process.memoryUsage.rss() / 1024 / 1024 });
    }
  }
  return found;
}
