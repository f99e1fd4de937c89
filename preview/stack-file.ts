import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";

import { parse } from "yaml";
import { z } from "zod";

import { CouldNotRun } from "./could-not-run";

/** A program and one of its stacks, as its files say. */
export interface ProgramStack {
  readonly directory: string;
  readonly project: string;
  readonly stack: string;
  /** Arguments of node, before the program's. */
  readonly nodeArguments: readonly string[];
  /** Configuration by full key, such as `aws:region`; lists and mappings as JSON texts, as Pulumi hands them out. */
  readonly config: ReadonlyMap<string, string>;
  /** Keys whose values are secret. Their values are not known here, and {@link hiddenSecret} stands in their place. */
  readonly secretKeys: readonly string[];
}

/** What `pulumi policy analyze` puts in the place of a secret that it cannot decrypt, and the judge reads as unknown. */
export const hiddenSecret = "[secret]";

const projectSchema = z.object({
  name: z.string(),
  runtime: z.object({
    name: z.literal("nodejs"),
    options: z.object({ nodeargs: z.string().default("") }).prefault({}),
  }),
  config: z.record(z.string(), z.unknown()).default({}),
});

const stackSchema = z.object({ config: z.record(z.string(), z.unknown()).default({}) });

function read<S extends z.ZodType>(path: string, schema: S): z.output<S> {
  let raw: unknown;
  try {
    raw = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new CouldNotRun(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = schema.safeParse(raw ?? {});
  if (!parsed.success) {
    throw new CouldNotRun(`${path} is not what Pulumi takes:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}

/** Whether a value is, or holds, one that only the stack's own key decrypts. */
function holdsSecret(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    ("secure" in value || Object.values(value).some(holdsSecret))
  );
}

/** The value with each encrypted part hidden. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutSecrets);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return "secure" in value
    ? hiddenSecret
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function defaultOf(declaration: unknown): unknown {
  return typeof declaration === "object" && declaration !== null && "default" in declaration
    ? declaration.default
    : undefined;
}

const stackFile = /^Pulumi\.(.+)\.yaml$/;

function stacksIn(directory: string): readonly string[] {
  return readdirSync(directory)
    .flatMap((name) => stackFile.exec(name)?.[1] ?? [])
    .sort();
}

function configOf(directory: string, stack: string): Readonly<Record<string, unknown>> {
  return read(join(directory, `Pulumi.${stack}.yaml`), stackSchema).config;
}

/** The clouds for which the stacks of a program are configured, in no order. */
export function configuredClouds(programDirectory: string): ReadonlySet<unknown> {
  const directory = resolve(programDirectory);
  return new Set(
    existsSync(directory)
      ? stacksIn(directory).map((stack) => configOf(directory, stack)["bulkhead:cloud"])
      : [],
  );
}

/**
 * Reads a program's project and stack.
 *
 * @param options `stack` names the stack; without it, the first whose `bulkhead:cloud` is the cloud. `overrides` take the
 * place of the stack's own configuration.
 * @throws CouldNotRun if there is no such program or stack.
 */
export function programStack(
  programDirectory: string,
  options: {
    readonly stack: string | undefined;
    readonly cloud: string | undefined;
    readonly overrides: ReadonlyMap<string, string>;
  },
): ProgramStack {
  const directory = resolve(programDirectory);
  const projectPath = join(directory, "Pulumi.yaml");
  if (!existsSync(projectPath)) {
    throw new CouldNotRun(
      `${relative(process.cwd(), projectPath) || projectPath} is not there; --program names a folder with a Pulumi.yaml.`,
    );
  }
  const project = read(projectPath, projectSchema);
  const stacks = stacksIn(directory);
  const { cloud, overrides } = options;
  const stack =
    options.stack ??
    stacks.find(
      (candidate) => cloud === undefined || configOf(directory, candidate)["bulkhead:cloud"] === cloud,
    );
  if (stack === undefined || !stacks.includes(stack)) {
    const wanted =
      options.stack === undefined ? `with bulkhead:cloud ${cloud ?? "of any kind"}` : options.stack;
    throw new CouldNotRun(
      `There is no stack ${wanted} in ${directory}. The stacks are: ${stacks.join(", ") || "none"}.`,
    );
  }

  const config = new Map<string, string>();
  const secretKeys: string[] = [];
  const qualified = (key: string): string => (key.includes(":") ? key : `${project.name}:${key}`);
  for (const [key, declaration] of Object.entries(project.config)) {
    const value = defaultOf(declaration);
    if (value !== undefined) {
      config.set(qualified(key), text(value));
    }
  }
  for (const [key, value] of Object.entries(configOf(directory, stack))) {
    if (holdsSecret(value)) {
      secretKeys.push(qualified(key));
    }
    config.set(qualified(key), text(withoutSecrets(value)));
  }
  const own = config.get("bulkhead:cloud");
  if (cloud !== undefined && own !== undefined && own !== cloud) {
    throw new CouldNotRun(
      `Stack ${stack} is configured for ${own}, not for ${cloud}. Name a stack of that cloud with --stack.`,
    );
  }
  for (const [key, value] of overrides) {
    config.set(key, value);
  }
  return {
    directory,
    project: project.name,
    stack,
    nodeArguments: project.runtime.options.nodeargs.split(/\s+/).filter((argument) => argument !== ""),
    config,
    secretKeys,
  };
}
