import { beforeAll, describe, expect, it } from "vitest";

import type { FlowEntry, PlatformFile } from "../../../model/platform-file";
import { referencePlatform } from "../../../model/reference-platform";
import { judge } from "../../../policy-pack/judge";
import type { StackResource } from "../../../policy-pack/stack-resource";
import { hiding, keysOf } from "../hidden-value";
import type { Mutant } from "../mutants";
import { renderedOnAzure } from "../rendered-stack";
import type { Knowledge, Sketch } from "../stack-sketch";

import { azureMutants } from "./azure-mutants";

/**
 * One fault for each kind of resource that something is read from, and for each way of reading it: a list of rules, a rule
 * of its own, a route, an interface, a join, a setting, a copy, a role, an endpoint, a name, a perimeter, a record and a
 * listener. Others differ from these in which value is wrong, and not in how it is read.
 */
const faults: readonly string[] = [
  "PHI security group: egress 443 to the Internet",
  "PHI security group: a rule of its own, to the Internet",
  "PHI security group: ingress from a workload that no flow names",
  "PHI routes: a public /8, past the closed route",
  "PHI routes: a route of its own",
  "an interface in a PHI subnet, with a public address",
  "the network is joined to somebody's",
  "document store: it may be read with a key that can be given away",
  "document store: replicated to somebody's account",
  "document store: its calls are told to somebody's hub",
  "document store: a workload without a flow reads it",
  "vector index: it may be copied out by what it indexes",
  "PHI keys: a stranger is on their vault's own list",
  "PHI endpoint: it leads to somebody's account",
  "models: the account reaches whatever it likes",
  "names: the final block is off",
  "perimeter: it only learns",
  "perimeter: a way out to somebody's domain",
  "records: flows are not recorded, it is off",
  "records: the lock on those of services is off",
  "machine listener: HTTP",
];

const mutants: readonly Mutant[] = faults.map((fault) => {
  const found = azureMutants.find((mutant) => mutant.fault === fault);
  if (found === undefined) {
    throw new Error(`no fault ${fault}`);
  }
  return found;
});

/** What is left out of the reference platform: a workload like others, and the gateway's use of what processing uses. */
function isRepetition({ from, to }: FlowEntry): boolean {
  return (
    [from, to].includes("workload/async-ai-workers") ||
    (from === "zone/gateway" && to.startsWith("platform-service/"))
  );
}

/** The reference platform with each kind of thing once: it is judged some thousand times here. */
const platform: PlatformFile = {
  ...referencePlatform,
  workloads: referencePlatform.workloads.filter(({ id }) => id !== "async-ai-workers"),
  flows: referencePlatform.flows.filter((flow) => !isRepetition(flow)),
};

/** The resource without one of its outputs, as a preview may lose it. */
function losing(resources: readonly StackResource[], at: number, lost: string): StackResource[] {
  return resources.map((resource, index) =>
    index === at
      ? {
          ...resource,
          outputs: Object.fromEntries(Object.entries(resource.outputs).filter(([key]) => key !== lost)),
        }
      : resource,
  );
}

/** Describes what becomes of a fault when what shows it is hidden; each knowledge has a file, so that they run side by side. */
export function describeHiddenValuesOnAzure(knowledge: Knowledge): void {
  describe(`a fault in our platform on Azure, ${knowledge}`, () => {
    const options = { dryRun: knowledge === "preview" };
    const isRefused = (resources: readonly StackResource[]): boolean =>
      judge(resources, options).findings.some(({ level }) => level === "mandatory");
    let whole: Sketch;
    let faultless: ReadonlyMap<string, string>;
    beforeAll(async () => {
      whole = await renderedOnAzure(platform, knowledge);
      faultless = new Map(whole.resources().map((resource) => [resource.urn, JSON.stringify(resource)]));
    });

    it("is found, which the platform without it is not", () => {
      expect(isRefused(whole.resources())).toBe(false);
    });

    it.each(mutants)(
      "$fault: stays refused, whichever value of what is at fault is hidden or lost",
      ({ dig }) => {
        const stack = whole.copy();
        dig(stack);
        const resources = stack.resources();
        const accepted = resources.flatMap((resource, at) => {
          if (faultless.get(resource.urn) === JSON.stringify(resource)) {
            return [];
          }
          const hidden = keysOf({ ...resource.outputs, ...resource.inputs })
            .filter((keys) => !isRefused(hiding(resources, { resource: at, keys })))
            .map((keys) => `${resource.name} ${keys.join(".")} is hidden`);
          const lost =
            knowledge === "preview"
              ? Object.keys(resource.outputs)
                  .filter((key) => !isRefused(losing(resources, at, key)))
                  .map((key) => `${resource.name} ${key} is lost`)
              : [];
          return [...hidden, ...lost];
        });
        expect(accepted).toEqual([]);
      },
    );
  });
}
