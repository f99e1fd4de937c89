import type { Mutant } from "../mutants";
import { put } from "../put";
import type { Properties } from "../service-mutants";
import type { Sketch } from "../stack-sketch";

/** The projects of the platform of tests, and one of somebody else's. */
export const projects = {
  gateway: "hospital-gateway",
  processing: "hospital-ai",
  phi: "hospital-phi",
  foreign: "somebodys-project",
} as const;

/** The same by their numbers, as perimeters name them. */
export const numbers = {
  gateway: "projects/100000000001",
  processing: "projects/100000000002",
  phi: "projects/100000000003",
  foreign: "projects/999999999999",
} as const;

/** The service account of a workload of processing. */
export function emailOf(workload: string): string {
  return `bulkhead-${workload}@${projects.processing}.iam.gserviceaccount.com`;
}

/** The same as a member of policies. */
export function memberOf(workload: string): string {
  return `serviceAccount:${emailOf(workload)}`;
}

/** A service account of somebody else's, as a member of policies. */
export const stranger = `serviceAccount:somebody@${projects.foreign}.iam.gserviceaccount.com`;

/** A fault that is one value within a resource. */
export function one(fault: string, rule: Mutant["rule"], name: string, path: string, value: unknown): Mutant {
  return {
    fault,
    rule,
    dig: (s) => {
      put(s, name, path, value);
    },
  };
}

/** Faults that are each one value at the same place. */
export function each(
  fault: string,
  rule: Mutant["rule"],
  name: string,
  path: string,
  values: readonly (readonly [what: string, value: unknown])[],
): readonly Mutant[] {
  return values.map(([what, value]) => one(`${fault} ${what}`, rule, name, path, value));
}

/** A fault that is one resource less. */
export function without(fault: string, rule: Mutant["rule"], name: string): Mutant {
  return { fault, rule, dig: (s) => s.remove(name) };
}

/** A fault that is one resource more. */
export function more(
  fault: string,
  rule: Mutant["rule"],
  type: string,
  inputs: Properties | ((stack: Sketch) => Properties),
): Mutant {
  return { fault, rule, dig: (s) => s.add(type, "hole", typeof inputs === "function" ? inputs(s) : inputs) };
}
