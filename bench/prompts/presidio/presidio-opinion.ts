import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { z } from "zod";

import type { LabelledPrompt } from "../labelled-prompt";
import type { InspectedPrompt, PlacedFinding } from "../score";

import { kindOfEntity } from "./kind-of-entity";

const entitySchema = z.object({ entity: z.string(), start: z.number(), end: z.number() });
const opinionSchema = z.object({
  model: z.string(),
  version: z.string(),
  recognizers: z.number(),
  found: z.object({
    installed: z.array(z.array(entitySchema)),
    everything: z.array(z.array(entitySchema)),
  }),
});

type Entities = z.output<typeof entitySchema>[][];

/** What Presidio finds. */
export interface PresidioOpinion {
  /** The language model, with its version. */
  readonly model: string;
  /** How many recognizers there are when all are on. */
  readonly recognizers: number;
  /** As it is installed: the recognizers that are on for English. */
  readonly installed: readonly InspectedPrompt[];
  /** With all recognizers on. */
  readonly everything: readonly InspectedPrompt[];
}

/** The texts that Presidio is shown of a prompt: each part, and all of them as one, so that what is split is whole there. */
function shown({ parts }: LabelledPrompt): readonly string[] {
  return parts.length > 1 ? [...parts, parts.join("")] : parts;
}

function placed(prompts: readonly LabelledPrompt[], entities: Entities): readonly InspectedPrompt[] {
  const left = entities.values();
  return prompts.map((prompt) => {
    const findings = shown(prompt).flatMap((text, part): PlacedFinding[] => {
      const found = left.next().value ?? [];
      if (part < prompt.parts.length) {
        return found.map(({ entity, start, end }) => {
          const kind = kindOfEntity(entity, text.slice(start, end));
          return { part, start, end, ...(kind === undefined ? {} : { kind }) };
        });
      }
      // What is found in the whole alone counts where it helps, and is not held against it.
      const begins = prompt.parts.map((_, index) => prompt.parts.slice(0, index).join("").length);
      return found.flatMap(({ start, end }) =>
        begins.map((begin, index) => ({
          part: index,
          start: Math.max(0, start - begin),
          end: Math.min(prompt.parts[index]?.length ?? 0, end - begin),
        })),
      );
    });
    return { prompt, findings: findings.filter(({ start, end }) => start < end) };
  });
}

/** What Presidio says of texts, as its program prints it. @throws Error if it fails. */
function printed(python: string, input: string): string {
  const program = join(__dirname, "analyse.py");
  // The same program says the same of the same texts, and takes minutes for it.
  const digest = createHash("sha256").update(readFileSync(program)).update(input).digest("hex").slice(0, 16);
  const kept = join(dirname(python), "..", `opinion-${digest}.json`);
  if (existsSync(kept)) {
    return readFileSync(kept, "utf8");
  }
  const { status, stdout, stderr } = spawnSync(python, [program], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) {
    throw new Error(`Presidio ended with ${String(status)}: ${stderr}`);
  }
  writeFileSync(kept, stdout);
  return stdout;
}

/**
 * Asks Presidio about prompts, without a network. What it said of the same prompts before is kept beside it.
 *
 * @param python the path of a Python that has it.
 * @throws Error if it fails.
 */
export function presidioOpinion(python: string, prompts: readonly LabelledPrompt[]): PresidioOpinion {
  const { model, version, recognizers, found } = opinionSchema.parse(
    JSON.parse(printed(python, JSON.stringify(prompts.flatMap(shown)))),
  );
  return {
    model: `${model} ${version}`,
    recognizers,
    installed: placed(prompts, found.installed),
    everything: placed(prompts, found.everything),
  };
}
