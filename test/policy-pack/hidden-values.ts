import { beforeAll, describe, expect, it } from "vitest";

import type { PlatformFile } from "../../model/platform-file";
import type { StackResource } from "../../policy-pack/stack-resource";

import { eachKind } from "./each-kind";
import { hiding, keysOf, type Properties } from "./hidden-value";
import { judge } from "./judge-on-a-day";
import type { Mutant } from "./mutants";
import { unknownText, type Knowledge, type Sketch } from "./stack-sketch";

/** Faults of the platform on one cloud, and how it is rendered there. */
export interface CloudFaults {
  /** What the platform is called in the names of tests. */
  readonly platform: string;
  /** The faults of which each value is hidden by itself. */
  readonly mutants: readonly Mutant[];
  /** Those of which all values of what is at fault are hidden at once; none, by default. */
  readonly others?: readonly Mutant[];
  readonly render: (file: PlatformFile, knowledge: Knowledge) => Promise<Sketch>;
}

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

/** The resource of which no value is known. */
function withoutValues(resource: StackResource): StackResource {
  const hidden = (properties: Properties): Properties =>
    Object.fromEntries(Object.keys(properties).map((key) => [key, unknownText]));
  return {
    ...resource,
    inputs: resource.inputs === undefined ? undefined : hidden(resource.inputs),
    outputs: hidden(resource.outputs),
  };
}

/** Describes what becomes of every fault when what shows it is hidden; each knowledge has a file, so that they run side by side. */
export function describeHiddenValues(
  { platform, mutants, others = [], render }: CloudFaults,
  knowledge: Knowledge,
): void {
  describe(`a fault in ${platform}, ${knowledge}`, () => {
    const options = { dryRun: knowledge === "preview" };
    const isRefused = (resources: readonly StackResource[]): boolean =>
      judge(resources, options).findings.some(({ level }) => level === "mandatory");
    let whole: Sketch;
    let faultless: ReadonlyMap<string, string>;
    /** The verdicts so far, by what differs from the platform without a fault: what a preview hides already is hidden once. */
    const verdicts = new Map<string, boolean>();
    beforeAll(async () => {
      whole = await render(eachKind, knowledge);
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
        const texts = resources.map((resource) => JSON.stringify(resource));
        const differs = resources.map(({ urn }, at) => faultless.get(urn) !== texts[at]);
        const urns = new Set(resources.map(({ urn }) => urn));
        const missing = [...faultless.keys()].filter((urn) => !urns.has(urn));
        /** The verdict on the stack with another resource in the place of one; one stack has one, and is judged once. */
        const stillRefused = (changed: readonly StackResource[], at: number): boolean => {
          const different = texts.flatMap((text, index) =>
            differs[index] === true ? [index === at ? JSON.stringify(changed[at]) : text] : [],
          );
          const stackText = [...missing, ...different].join("\n");
          const verdict = verdicts.get(stackText) ?? isRefused(changed);
          verdicts.set(stackText, verdict);
          return verdict;
        };
        const accepted = resources.flatMap((resource, at) => {
          if (differs[at] !== true) {
            return [];
          }
          const hidden = keysOf({ ...resource.outputs, ...resource.inputs })
            .filter((keys) => !stillRefused(hiding(resources, { resource: at, keys }), at))
            .map((keys) => `${resource.name} ${keys.join(".")} is hidden`);
          const lost =
            knowledge === "preview"
              ? Object.keys(resource.outputs)
                  .filter((key) => !stillRefused(losing(resources, at, key), at))
                  .map((key) => `${resource.name} ${key} is lost`)
              : [];
          return [...hidden, ...lost];
        });
        expect(accepted).toEqual([]);
      },
    );

    it.each(others)("$fault: stays refused when all values of what is at fault are hidden", ({ dig }) => {
      const stack = whole.copy();
      dig(stack);
      const resources = stack.resources();
      const accepted = resources.flatMap((resource, at) => {
        const hidden = resources.map((one, index) => (index === at ? withoutValues(one) : one));
        const differs = faultless.get(resource.urn) !== JSON.stringify(resource);
        return differs && !isRefused(hidden) ? [resource.name] : [];
      });
      expect(accepted).toEqual([]);
    });
  });
}
