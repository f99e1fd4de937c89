import js from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import { defineConfig, globalIgnores } from "eslint/config";
import ts from "typescript-eslint";

/** Packages that hold a cloud's whole SDK at their root: importing it there costs gigabytes. */
const sdkRoots = ["@pulumi/aws", "@pulumi/azure-native", "@pulumi/gcp"].map((name) => ({
  name,
  message: "Import the folder of a service, such as @pulumi/aws/ec2.",
}));

/** How the names of each cloud's SDKs begin. */
const sdkNames = { aws: "aws", azure: "azure", gcp: "(?:gcp|google)" };

/** The SDKs of some clouds, every folder of them. */
function sdksOf(clouds, message) {
  return { regex: `^@pulumi/(?:${clouds.map((cloud) => sdkNames[cloud]).join("|")})(?:[/_-]|$)`, message };
}

/** The folders that a folder must not import, wherever the relative path to them begins (CONTRIBUTING.md, "Layout"). */
function not(folders, message) {
  return { regex: `^\\.{1,2}/(?:.*/)?(?:${folders.join("|")})(?:/|$)`, message };
}

const clouds = Object.keys(sdkNames);
/** What judges, shows, measures or tests the platform is no part of it. */
const outside = ["policy-pack", "preview", "services", "bench", "docs", "examples", "test"];
const ownPackages = { regex: "^(?:bulkhead|@bulkhead/.*)$", message: "Import by relative path." };
const programFile = {
  regex: "^\\.\\.(?:/\\.\\.)*/?(?:index)?$",
  message: "Only an example imports the program.",
};

/** A folder with a package.json is imported as what is packed of it, if that is there. */
const packageFolder = {
  regex: "^\\.{1,2}/(?:.*/)?(?:components|policy-pack)/?$",
  message: "Name the file, such as ./components/index.",
};

/** What an example that is copied out of the repository would not find there. */
const aroundIt = {
  regex: "^\\.\\.(?:/|$)",
  message: "This example works outside of the repository as well.",
};

function imports(files, ...patterns) {
  return importsBut(files, ownPackages, ...patterns);
}

/** The same, for what may import some of our own packages by name. */
function importsBut(files, own, ...patterns) {
  return {
    files,
    rules: {
      "no-restricted-imports": ["error", { paths: sdkRoots, patterns: [own, packageFolder, ...patterns] }],
      // The directions of imports are checked on declarations, so there is no other way to import.
      "no-restricted-syntax": [
        "error",
        { selector: "ImportExpression", message: "Import at the top of the file." },
      ],
    },
  };
}

export default defineConfig(
  globalIgnores(["node_modules/", "coverage/", "policy-pack/serve/", "components/dist/", "services/dist/"]),
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
  imports(["**/*.ts"]),
  imports(
    ["index.ts"],
    not(outside, "The program knows the components and the model."),
    sdksOf(clouds, "The program creates nothing itself: components do."),
  ),
  imports(
    ["model/**/*.ts"],
    not(["components", ...outside], "The model imports nothing of ours."),
    {
      regex: "^(?!\\.|zod$|ip-address$)",
      message: "The model is pure: no Pulumi, no cloud, no input, no output.",
    },
    programFile,
  ),
  {
    files: ["model/**/*.ts"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["process", "console", "fetch"].map((name) => ({ name, message: "The model is pure." })),
      ],
    },
  },
  imports(
    ["components/*.ts", "components/mesh/**/*.ts", "components/certificates/**/*.ts"],
    not(outside, "Components know the model alone."),
    not(clouds, "Cloud-neutral files know no cloud."),
    sdksOf(clouds, "Cloud-neutral files know no cloud."),
    programFile,
  ),
  ...clouds.map((cloud) => {
    const others = clouds.filter((other) => other !== cloud);
    return imports(
      [`components/${cloud}/**/*.ts`],
      not(outside, "Components know the model alone."),
      not(others, "The clouds' folders never import each other."),
      sdksOf(others, "Each cloud's folder knows the SDK of its own cloud alone."),
      programFile,
    );
  }),
  imports(
    ["policy-pack/**/*.ts"],
    not(
      ["components", ...outside.filter((folder) => folder !== "policy-pack")],
      "The judge must not trust what it judges.",
    ),
    sdksOf(clouds, "The judge reads resources as they are sent, and imports no cloud's SDK."),
    programFile,
  ),
  imports(
    ["services/**/*.ts"],
    not(
      ["components", ...outside.filter((folder) => folder !== "services")],
      "What enforces at run time knows the model alone.",
    ),
    sdksOf(clouds, "What enforces at run time runs on every cloud."),
    programFile,
  ),
  imports(["preview/**/*.ts"], not(["test"], "A preview needs no tests."), programFile),
  imports(["examples/stranger-gate-only/**/*.ts"], aroundIt),
  importsBut(
    ["examples/hospital-program/**/*.ts"],
    { ...ownPackages, regex: "^(?:bulkhead(?:/.*)?|@bulkhead/(?!components$).*)$" },
    aroundIt,
  ),
  {
    // Names the types of modules that it loads late, which has no other form.
    files: ["components/load-renderer.ts", "model/cedar-validator.ts", "services/credentials/open-source.ts"],
    rules: { "@typescript-eslint/consistent-type-imports": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-confusing-void-expression": "off", "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.mts"],
    extends: [ts.configs.disableTypeChecked],
  },
  {
    // CommonJS, which Pulumi requires.
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { __dirname: "readonly", __filename: "readonly", process: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    // Runs in a browser.
    files: ["preview/page/page.js"],
    languageOptions: {
      globals: { document: "readonly", window: "readonly", ResizeObserver: "readonly" },
    },
  },
);
