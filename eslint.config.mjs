import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

/** Packages that hold a cloud's whole SDK at their root: importing it there costs gigabytes. */
const sdkRoots = ["@pulumi/aws", "@pulumi/azure-native", "@pulumi/gcp"].map((name) => ({
  name,
  message: "Import the folder of a service, such as @pulumi/aws/ec2.",
}));

const sdks = {
  group: ["@pulumi/aws*", "@pulumi/azure-native*", "@pulumi/gcp*"],
  message: "No cloud's SDK here.",
};
const anyPulumi = { group: ["@pulumi/*"], message: "The model is pure: no Pulumi, no cloud." };
const inputAndOutput = {
  group: ["node:*", "fs", "path", "child_process"],
  message: "The model is pure: no input, no output.",
};

/** The folders that a folder must not import, and why (CONTRIBUTING.md, "Which folder may import which"). */
function not(folders, message) {
  return { regex: `^(?:\\.\\./)+(?:${folders.join("|")})(?:/|$)`, message };
}

const programFile = { regex: "^(?:\\.\\./)+index$", message: "Only an example imports the program." };

function imports(files, patterns, ignores = []) {
  return {
    files,
    ignores,
    rules: { "no-restricted-imports": ["error", { paths: sdkRoots, patterns }] },
  };
}

export default defineConfig(
  globalIgnores(["node_modules/", "coverage/", "policy-pack/serve.js"]),
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    files: ["**/*.ts"],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-import-type-side-effects": "error",
      // A resource is created by its constructor, whether or not anything refers to it.
      "no-new": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
    },
  },
  imports(["**/*.ts"], []),
  imports(
    ["model/**/*.ts"],
    [
      not(
        ["components", "policy-pack", "preview", "services", "bench", "test"],
        "The model imports nothing of ours.",
      ),
      anyPulumi,
      inputAndOutput,
      programFile,
    ],
  ),
  imports(
    ["components/*.ts"],
    [
      not(["policy-pack", "preview", "services", "bench", "test"], "Components know the model alone."),
      { regex: "^\\./(?:aws|azure|gcp)(?:/|$)", message: "Cloud-neutral files know no cloud." },
      sdks,
      programFile,
    ],
  ),
  ...["aws", "azure", "gcp"].map((cloud) =>
    imports(
      [`components/${cloud}/**/*.ts`],
      [
        not(["policy-pack", "preview", "services", "bench", "test"], "Components know the model alone."),
        not(
          ["aws", "azure", "gcp"].filter((other) => other !== cloud),
          "The clouds' folders never import each other.",
        ),
        programFile,
      ],
    ),
  ),
  imports(
    ["policy-pack/**/*.ts"],
    [
      not(["components", "preview", "services", "bench", "test"], "The judge must not trust what it judges."),
      sdks,
      programFile,
    ],
  ),
  imports(["preview/**/*.ts"], [not(["test"], "A preview needs no tests."), programFile]),
  {
    files: ["components/load-renderer.ts"],
    rules: { "@typescript-eslint/consistent-type-imports": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-confusing-void-expression": "off" },
  },
  { files: ["**/*.mjs", "**/*.mts"], extends: [ts.configs.disableTypeChecked] },
);
