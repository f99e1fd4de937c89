import { readFileSync } from "node:fs";

import { z } from "zod";

import type { Breach } from "../model/finding";

import { breachList, pathUnder } from "./breach-list";
import { CouldNotRun } from "./could-not-run";
import { isProperties, type Properties } from "./property-values";

/** Versions of the format that are read (pulumi, `sdk/go/common/apitype/core.go`); 4 is 3 with features. */
const versions = [3, 4];

/** Features that change nothing in what is read here, or are read. */
const features = [
  "refreshBeforeUpdate",
  "views",
  "hooks",
  "taint",
  "replaceWith",
  "snippets-prototype",
  "extensionParameterization",
  "byteString",
];

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const properties = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((record) => record ?? {});

const flag = z.boolean().default(false);

const resourceSchema = z.object({
  urn: z.string().regex(/^urn:pulumi:.+?::.+?::.+?::./s, "This is no URN."),
  custom: z.boolean(),
  type: z.string(),
  id: z.string().default(""),
  inputs: properties,
  outputs: properties,
  parent: z.string().default(""),
  provider: z.string().default(""),
  dependencies: texts,
  propertyDependencies: z
    .record(z.string(), texts)
    .nullish()
    .transform((record) => record ?? {}),
  protect: flag,
  external: flag,
  delete: flag,
  pendingReplacement: flag,
  retainOnDelete: flag,
  deletedWith: z.string().default(""),
  ignoreChanges: texts,
  aliases: texts,
  additionalSecretOutputs: texts,
  sourcePosition: z.string().default(""),
  stackTrace: z
    .array(z.object({ sourcePosition: z.string().default("") }))
    .nullish()
    .transform((frames) => frames ?? []),
});

const deploymentSchema = z.object({
  resources: z.array(resourceSchema).default([]),
  pending_operations: z
    .array(z.object({ type: z.string(), resource: z.object({ urn: z.string() }) }))
    .nullish()
    .transform((list) => list ?? []),
});

/** A resource as a state holds it. */
export type StateResource = z.output<typeof resourceSchema>;

/** What is read of a state, before anything is made of it. */
export interface StateFile extends z.output<typeof deploymentSchema> {
  /** Where it is in its file; empty where it is the whole. */
  readonly path: string;
}

/** What to do about a state that is not whole. */
export const exportAgain = "Export the state again with `pulumi stack export`, and change nothing in it.";

/** A deployment, where it is in its file, and what is wrong with what is around it. */
interface Located {
  readonly deployment?: unknown;
  readonly path: string;
  readonly breaches: readonly Breach[];
}

/** What is wrong with what a file says of its own format. */
function formatBreaches({ version, features: used = [] }: Properties): readonly Breach[] {
  const unknown = (Array.isArray(used) ? used : [used]).filter(
    (feature) => !(features as readonly unknown[]).includes(feature),
  );
  return [
    ...((versions as readonly unknown[]).includes(version)
      ? []
      : [
          {
            path: "version",
            message: `Versions ${versions.join(" and ")} of the format are read, and this is ${version === undefined ? "none" : JSON.stringify(version)}.`,
            remedy: "Export the state with a current Pulumi CLI.",
          },
        ]),
    ...unknown.map((feature) => ({
      path: "features",
      message: `The state uses the feature ${JSON.stringify(feature)}, which is not known here, so that something in it may not be read.`,
      remedy: "Judge it with a newer version of this program.",
    })),
  ];
}

/** Finds the deployment in an export, in a checkpoint of a backend, or in the file as a whole. */
function located(raw: unknown): Located {
  if (!isProperties(raw)) {
    return { path: "", breaches: [{ path: "", message: "It is no JSON object.", remedy: exportAgain }] };
  }
  const { deployment, checkpoint, latest } = raw;
  if ("deployment" in raw) {
    return { deployment, path: "deployment", breaches: formatBreaches(raw) };
  }
  if ("checkpoint" in raw) {
    return {
      deployment: isProperties(checkpoint) ? checkpoint["latest"] : undefined,
      path: "checkpoint.latest",
      breaches: formatBreaches(raw),
    };
  }
  if ("latest" in raw) {
    return { deployment: latest, path: "latest", breaches: [] };
  }
  if ("resources" in raw || "manifest" in raw) {
    return { deployment: raw, path: "", breaches: [] };
  }
  return {
    path: "",
    breaches: [
      {
        path: "",
        message: "It has none of what a state has: deployment, checkpoint, latest or resources.",
        remedy: "Give the file that `pulumi stack export --file state.json` writes.",
      },
    ],
  };
}

/** Refuses a file, with everything that is wrong with it. */
export function refuseState(path: string, breaches: readonly Breach[]): never {
  throw new CouldNotRun(breachList(`${path} is no state of a stack that can be judged`, breaches));
}

/**
 * Reads a file that holds the state of a stack: what `pulumi stack export` writes, a checkpoint of a backend, or the
 * deployment in either.
 *
 * @throws CouldNotRun with everything that has not the form of a state.
 */
export function readStateFile(file: string): StateFile {
  let raw: unknown;
  try {
    raw = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new CouldNotRun(
      `${file} cannot be read as the state of a stack: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const { deployment, path, breaches } = located(raw);
  if (breaches.length > 0) {
    refuseState(file, breaches);
  }
  const parsed = deploymentSchema.safeParse(deployment);
  if (!parsed.success) {
    return refuseState(
      file,
      parsed.error.issues.map((issue) => ({
        path: pathUnder(path, z.core.toDotPath(issue.path)),
        message: issue.message,
        remedy: exportAgain,
      })),
    );
  }
  return { ...parsed.data, path };
}
