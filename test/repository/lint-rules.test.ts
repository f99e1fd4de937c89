import { resolve } from "node:path";

import { ESLint } from "eslint";
import ts from "typescript-eslint";
import { beforeAll, describe, expect, it } from "vitest";

const root = resolve(__dirname, "../..");
const bare = "@pulumi/aws/ec2";

/** What each folder must not import, and what it may, as written in a file of that folder. */
const directions: readonly {
  readonly file: string;
  readonly refused: readonly string[];
  readonly accepted: readonly string[];
}[] = [
  {
    file: "model/zone.ts",
    refused: [
      "../components/platform",
      "../policy-pack/judge",
      "../preview/report",
      "../services/decision-point",
      "../bench/main",
      "../docs/generate",
      "../examples/one-hole/index",
      "../test/model/platform-arbitrary",
      "../index",
      "..",
      "bulkhead",
      "@bulkhead/policy-pack",
      "@pulumi/pulumi",
      bare,
      "node:fs",
      "fs",
      "child_process",
      "yaml",
    ],
    accepted: ["./peer", "./invariants/draft", "zod", "ip-address"],
  },
  {
    file: "model/invariants/draft.ts",
    refused: ["../../components/platform", "../../policy-pack/judge", "../../index", "node:path"],
    accepted: ["../zone", "./shape", "zod"],
  },
  {
    file: "components/platform.ts",
    refused: [
      "./aws/renderer",
      "./azure/renderer",
      "./gcp/renderer",
      "../components/aws/renderer",
      "../policy-pack/judge",
      "../preview/report",
      "../services/decision-point",
      "../test/deploy",
      "../index",
      "@bulkhead/policy-pack",
      "@pulumi/aws",
      bare,
      "@pulumi/aws-native/ec2",
      "@pulumi/azure-native/network",
      "@pulumi/azure-native_network_v20240501/network",
      "@pulumi/gcp/compute",
      "@pulumi/google-native/compute",
    ],
    accepted: ["./renderer", "../model/zone", "@pulumi/pulumi", "node:fs"],
  },
  {
    file: "components/aws/renderer.ts",
    refused: [
      "../azure/renderer",
      "../gcp/renderer",
      "../../components/gcp/renderer",
      "../../policy-pack/judge",
      "../../preview/report",
      "../../services/decision-point",
      "../../test/deploy",
      "../../index",
      "@pulumi/aws",
      "@pulumi/azure-native/network",
      "@pulumi/gcp/compute",
    ],
    accepted: ["./segmentation", "../renderer", "../../model/zone", bare, "@pulumi/pulumi"],
  },
  {
    file: "components/azure/renderer.ts",
    refused: ["../aws/renderer", "../gcp/renderer", "@pulumi/azure-native", bare, "../../policy-pack/judge"],
    accepted: ["../renderer", "@pulumi/azure-native/network"],
  },
  {
    file: "components/gcp/renderer.ts",
    refused: ["../aws/renderer", "../azure/renderer", "@pulumi/gcp", bare, "../../policy-pack/judge"],
    accepted: ["../renderer", "@pulumi/gcp/compute"],
  },
  {
    file: "policy-pack/judge.ts",
    refused: [
      "../components/platform",
      "../preview/report",
      "../services/decision-point",
      "../test/policy-pack/stack-sketch",
      "../index",
      "@pulumi/aws",
      bare,
      "@pulumi/azure-native/network",
      "@pulumi/gcp/compute",
    ],
    accepted: ["./facts/aws", "../model/zone", "@pulumi/policy"],
  },
  {
    file: "policy-pack/facts/aws.ts",
    refused: ["../../components/aws/renderer", bare, "../../index"],
    accepted: ["./fact", "./aws/subnets", "../../model/tag"],
  },
  {
    file: "services/decision-point.ts",
    refused: ["../components/platform", "../policy-pack/judge", "../preview/report", "../test/deploy", bare],
    accepted: ["../model/access-policy", "node:http"],
  },
  {
    file: "preview/main.ts",
    refused: ["../test/deploy", "../index", "@pulumi/aws"],
    accepted: ["../policy-pack/judge", "../components/platform", "../model/zone"],
  },
  {
    file: "index.ts",
    refused: [
      "./components",
      "./components/",
      "./policy-pack/judge",
      "./preview/main",
      "./services/decision-point",
      "./test/deploy",
      bare,
      "@pulumi/aws",
    ],
    accepted: ["./components/index", "./components/platform", "./model/zone"],
  },
  {
    file: "examples/one-hole/index.ts",
    refused: ["@bulkhead/components", "@pulumi/aws"],
    accepted: ["../../index", bare],
  },
  {
    file: "examples/hospital-program/index.ts",
    refused: [
      "../../index",
      "../..",
      "../one-hole/index",
      "@bulkhead/policy-pack",
      "@bulkhead/components/dist/model/zone",
      "@pulumi/aws",
    ],
    accepted: ["@bulkhead/components", "./letters", bare, "@pulumi/pulumi"],
  },
  {
    file: "examples/stranger-gate-only/after/index.ts",
    refused: ["@bulkhead/components", "../../../components/platform", "../before/index", "@pulumi/aws"],
    accepted: [bare, "@pulumi/pulumi"],
  },
  {
    file: "test/model/cidr.test.ts",
    refused: [
      "@pulumi/aws",
      "@pulumi/azure-native",
      "@pulumi/gcp",
      "@bulkhead/policy-pack",
      "../../components",
      "../../policy-pack",
    ],
    accepted: ["../../components/platform", "../../policy-pack/judge", bare],
  },
];

/** The rules as they are, but for those that need types: these files need not exist. */
const untyped = new ESLint({
  cwd: root,
  overrideConfig: [
    ts.configs.disableTypeChecked,
    {
      files: ["**/*.ts"],
      rules: {
        "@pulumi/no-output-in-template-literal": "off",
        "@pulumi/no-output-instance-in-template-literal": "off",
      },
    },
  ],
});
const typed = new ESLint({ cwd: root });

async function rulesBrokenBy(eslint: ESLint, file: string, text: string): Promise<readonly string[]> {
  const [result] = await eslint.lintText(text, { filePath: resolve(root, file) });
  return [...new Set((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message))];
}

describe.each(directions)("a file such as $file", ({ file, refused, accepted }) => {
  it.each(refused)("must not import %s", async (specifier) => {
    for (const text of [
      `import * as imported from "${specifier}";\nexport const used = imported;\n`,
      `import type { Imported } from "${specifier}";\nexport type Used = Imported;\n`,
      `export * from "${specifier}";\n`,
    ]) {
      expect(await rulesBrokenBy(untyped, file, text), text).toEqual(["no-restricted-imports"]);
    }
  });

  it.each(accepted)("may import %s", async (specifier) => {
    const text = `import * as imported from "${specifier}";\nexport const used = imported;\n`;
    expect(await rulesBrokenBy(untyped, file, text)).toEqual([]);
  });
});

describe("linting", () => {
  beforeAll(async () => {
    // The first file that is linted by type loads the compiler's program.
    await typed.lintText("export {};\n", { filePath: resolve(root, "model/zone.ts") });
  });

  it.each([
    ["any", "model/zone.ts", "export const value: any = 1;\n", "@typescript-eslint/no-explicit-any"],
    [
      "a promise that nobody waits for",
      "preview/main.ts",
      "async function run() {\n  await Promise.resolve();\n}\nrun();\n",
      "@typescript-eslint/no-floating-promises",
    ],
    [
      "a switch that forgets a case",
      "model/peer.ts",
      'export function f(x: "a" | "b"): void {\n  switch (x) {\n    case "a":\n      break;\n  }\n}\n',
      "@typescript-eslint/switch-exhaustiveness-check",
    ],
    [
      "an output in a text",
      "components/platform.ts",
      'import * as pulumi from "@pulumi/pulumi";\nconst id = pulumi.output("a");\nexport const text = `x-${id}`;\n',
      "@pulumi/no-output-in-template-literal",
    ],
    [
      "`require`, which goes around the directions",
      "model/zone.ts",
      'export const fs: unknown = require("node:fs");\n',
      "@typescript-eslint/no-require-imports",
    ],
    [
      "`import()`, which goes around the directions",
      "components/platform.ts",
      'export const loaded: Promise<unknown> = import("../policy-pack/judge");\n',
      "no-restricted-syntax",
    ],
    [
      "a type by `import()`",
      "model/zone.ts",
      'export type Imported = import("../policy-pack/judge").Judgement;\n',
      "@typescript-eslint/consistent-type-imports",
    ],
    [
      "the model reading its surroundings",
      "model/zone.ts",
      'export const home = process.env["HOME"];\n',
      "no-restricted-globals",
    ],
  ])("refuses %s", async (_, file, text, rule) => {
    expect(await rulesBrokenBy(typed, file, text)).toContain(rule);
  });
});
