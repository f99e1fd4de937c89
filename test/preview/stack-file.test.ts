import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { programStack, type ProgramStack } from "../../preview/stack-file";

const projectFile = `
name: ward
runtime:
  name: nodejs
  options:
    nodeargs: --require tsx/cjs
config:
  cloud: { type: string, default: aws }
  bulkhead:size: { default: 3 }
  aws:region: { type: string }
`;

function program(files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));
  for (const [name, text] of Object.entries({ "Pulumi.yaml": projectFile, ...files })) {
    writeFileSync(join(directory, name), text);
  }
  return directory;
}

function read(
  files: Readonly<Record<string, string>>,
  options: Partial<Parameters<typeof programStack>[1]> = {},
): ProgramStack {
  return programStack(program(files), {
    stack: undefined,
    cloud: undefined,
    overrides: new Map(),
    ...options,
  });
}

const dev = "config:\n  bulkhead:cloud: aws\n  zones: [a, b]\n  bulkhead:flag: true\n";

describe("a program and its stack", () => {
  it("are what their files say, with defaults, and lists as JSON", () => {
    const { project, stack, nodeArguments, config } = read({ "Pulumi.dev.yaml": dev });
    expect({ project, stack, nodeArguments }).toEqual({
      project: "ward",
      stack: "dev",
      nodeArguments: ["--require", "tsx/cjs"],
    });
    expect(Object.fromEntries(config)).toEqual({
      "ward:cloud": "aws",
      "bulkhead:size": "3",
      "bulkhead:cloud": "aws",
      "ward:zones": '["a","b"]',
      "bulkhead:flag": "true",
    });
  });

  it("are those of the cloud that is asked for, or of the stack that is named", () => {
    const files = { "Pulumi.a.yaml": "config:\n  bulkhead:cloud: gcp\n", "Pulumi.b.yaml": dev };
    expect(read(files).stack).toBe("a");
    expect(read(files, { cloud: "aws" }).stack).toBe("b");
    expect(read(files, { stack: "b" }).stack).toBe("b");
  });

  it("hide what is encrypted, wherever it stands, and say which keys are secret", () => {
    const { config, secretKeys } = read({
      "Pulumi.dev.yaml":
        "config:\n  token: { secure: v1:x }\n  signIn: { id: a, secret: { secure: v1:y }, more: [{ secure: v1:z }] }\n  plain: b\n",
    });
    expect(config.get("ward:token")).toBe("[secret]");
    expect(JSON.parse(config.get("ward:signIn") ?? "")).toEqual({
      id: "a",
      secret: "[secret]",
      more: ["[secret]"],
    });
    expect(secretKeys).toEqual(["ward:token", "ward:signIn"]);
  });

  it("give way to what the command line says", () => {
    const { config } = read({ "Pulumi.dev.yaml": dev }, { overrides: new Map([["bulkhead:cloud", "gcp"]]) });
    expect(config.get("bulkhead:cloud")).toBe("gcp");
  });

  it.each([
    ["no stack", {}, {}, "The stacks are: none"],
    [
      "no stack of the cloud",
      { "Pulumi.dev.yaml": dev },
      { cloud: "gcp" },
      "no stack with bulkhead:cloud gcp",
    ],
    [
      "a stack of another cloud",
      { "Pulumi.dev.yaml": dev },
      { stack: "dev", cloud: "gcp" },
      "is configured for aws",
    ],
    ["YAML that is none", { "Pulumi.dev.yaml": "config: [" }, {}, "cannot be read"],
    ["another language", { "Pulumi.yaml": "name: x\nruntime: go\n", "Pulumi.dev.yaml": dev }, {}, "runtime"],
  ] as const)("could not run with %s, and say so", (_, files, options, why) => {
    expect(() => read(files, options)).toThrow(why);
  });
});
