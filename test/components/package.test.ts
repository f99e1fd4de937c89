import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { packedWorkspace, runToEnd, type PackedWorkspace } from "../../bench/packed-workspace";
import type { Report } from "../../policy-pack/report/report";
import { previewed, previewedHospital, refusedBy } from "../examples/previewed";

const root = resolve(__dirname, "../..");

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-components-")));
/** A hospital's program outside of the repository, into which both packages are installed. */
const program = join(temporary, "program");
const installed = join(program, "node_modules/@bulkhead/components");
let components: PackedWorkspace;
let policyPack: PackedWorkspace;

interface Manifest {
  readonly version: string;
  readonly private: boolean;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** What a script prints as JSON that is run in the program's folder. */
function printedBy(script: string): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--eval", script], {
    cwd: program,
    encoding: "utf8",
  });
  if (status !== 0) {
    throw new Error(stderr);
  }
  return JSON.parse(stdout);
}

beforeAll(() => {
  components = packedWorkspace("components", join(temporary, "components"));
  policyPack = packedWorkspace("policy-pack", join(temporary, "policy-pack"));
  cpSync(join(root, "examples/hospital-program"), program, { recursive: true });
  const own = manifestOf(program);
  writeFileSync(
    join(program, "package.json"),
    JSON.stringify({
      ...own,
      dependencies: {
        ...own.dependencies,
        "@bulkhead/components": `file:${components.archive}`,
        "@bulkhead/policy-pack": `file:${policyPack.archive}`,
      },
    }),
  );
  runToEnd("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], program);
}, 300_000);
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

describe("the packages", () => {
  it("have the version of the repository, and are not published by mistake", () => {
    const { version } = manifestOf(root);
    for (const workspace of ["components", "policy-pack"]) {
      expect(manifestOf(join(root, workspace)), workspace).toMatchObject({ version, private: true });
    }
    expect(manifestOf(join(root, "examples/hospital-program")).dependencies["@bulkhead/components"]).toBe(
      version,
    );
  });
});

describe("the package of the components", () => {
  it("holds what is compiled, its declarations and what describes it, and no source", () => {
    const files = filesOf(installed);
    expect(files.filter((file) => !file.startsWith("dist/"))).toEqual([
      "LICENSE",
      "README.md",
      "docs/api.md",
      "docs/invariants.md",
      "docs/platform.schema.json",
      "package.json",
    ]);
    const compiled = files.filter((file) => file.startsWith("dist/"));
    const modules = compiled.filter((file) => file.endsWith(".js"));
    expect(compiled.filter((file) => file.endsWith(".d.ts"))).toEqual(
      modules.map((file) => file.replace(/\.js$/, ".d.ts")),
    );
    expect(compiled).toHaveLength(2 * modules.length);
    expect(modules).toEqual(
      ["components", "model"]
        .flatMap((folder) => filesOf(join(root, folder)).map((file) => join("dist", folder, file)))
        .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
        // Manifests for Kubernetes are written by a command of the repository, and by no program.
        .filter((file) => !file.startsWith("dist/components/mesh/istio/"))
        .map((file) => file.replace(/\.ts$/, ".js"))
        .sort(),
    );
    expect(readFileSync(join(installed, "LICENSE"), "utf8")).toBe(
      readFileSync(join(root, "LICENSE"), "utf8"),
    );
  });

  it("loads its own files, Node's modules, and what it depends on", () => {
    const { dependencies, peerDependencies } = manifestOf(installed);
    const loaded = new Set<string>();
    for (const file of filesOf(join(installed, "dist")).filter((name) => /\.(?:js|d\.ts)$/.test(name))) {
      const path = join(installed, "dist", file);
      const text = readFileSync(path, "utf8");
      for (const [, name = ""] of text.matchAll(
        /(?:(?<!\.)\brequire\(|\bimport\(|^(?:import|export) .*\bfrom )"([^"]+)"/gm,
      )) {
        if (name.startsWith(".")) {
          const target = resolve(dirname(path), name);
          expect(target.startsWith(`${installed}/`) && existsSync(`${target}.js`), `${file}: ${name}`).toBe(
            true,
          );
        } else if (!isBuiltin(name)) {
          loaded.add(/^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
        }
      }
    }
    expect([...loaded].sort()).toEqual(
      [...Object.keys(dependencies), ...Object.keys(peerDependencies)].sort(),
    );
  });

  it("depends on the versions that the repository is tested with", () => {
    const { dependencies } = manifestOf(root);
    const own = manifestOf(installed);
    expect(own.dependencies).toEqual(
      Object.fromEntries(
        ["@cedar-policy/cedar-wasm", "ip-address", "yaml", "zod"].map((name) => [name, dependencies[name]]),
      ),
    );
    expect(own.peerDependencies).toEqual(
      Object.fromEntries(
        ["@pulumi/aws", "@pulumi/azure-native", "@pulumi/gcp", "@pulumi/pulumi", "@pulumi/tls"].map(
          (name) => [name, `^${dependencies[name] ?? ""}`],
        ),
      ),
    );
    // A program installs the SDK of its own cloud.
    expect(own.peerDependenciesMeta).toEqual({
      "@pulumi/aws": { optional: true },
      "@pulumi/azure-native": { optional: true },
      "@pulumi/gcp": { optional: true },
    });
  });

  it("names no path outside of itself", () => {
    for (const file of filesOf(installed)) {
      const text = readFileSync(join(installed, file), "utf8");
      expect(text.includes(root) || text.includes(temporary), file).toBe(false);
      expect(text.includes("sourceMappingURL"), file).toBe(false);
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = ""]) => link);
      for (const link of extname(file) === ".md" ? links : []) {
        expect(existsSync(join(installed, dirname(file), link)), `${file} -> ${link}`).toBe(true);
      }
    }
  });

  it("leaves nothing built behind", () => {
    expect(existsSync(join(components.folder, "index.ts"))).toBe(true);
    expect(filesOf(components.folder).filter((file) => /^(?:dist|docs)\//.test(file))).toEqual([]);
  });

  it("exports the public names, and lets nothing past them", () => {
    expect(
      printedBy(`
        const names = Object.keys(require("@bulkhead/components")).sort();
        let past;
        try { require("@bulkhead/components/dist/components/platform.js"); } catch (error) { past = error.code; }
        console.log(JSON.stringify({ names, past }));
      `),
    ).toEqual({
      names: [
        "Platform",
        "PlatformError",
        "configuredPlatform",
        "platformSpec",
        "referencePlatform",
        "zoneTags",
      ],
      past: "ERR_PACKAGE_PATH_NOT_EXPORTED",
    });
  });

  it("loads a cloud's SDK only for that cloud, and by the folders of its services", () => {
    expect(
      printedBy(`
        const loaded = () => Object.keys(require.cache).filter((path) => path.includes("/@pulumi/aws/"));
        require("@bulkhead/components");
        const before = loaded().length;
        require(${JSON.stringify(join(installed, "dist/components/aws/renderer.js"))});
        const after = loaded();
        console.log(JSON.stringify({ before, isLoaded: after.length > 0, root: after.some((path) => path.endsWith("/@pulumi/aws/index.js")) }));
      `),
    ).toEqual({ before: 0, isLoaded: true, root: false });
  });

  it("says which SDK to install where that of the platform's cloud is not there", () => {
    expect(existsSync(join(program, "node_modules/@pulumi/azure-native"))).toBe(false);
    expect(
      printedBy(`
        const { loadRenderer } = require(${JSON.stringify(join(installed, "dist/components/load-renderer.js"))});
        const { RunError } = require("@pulumi/pulumi");
        let said;
        try { loadRenderer({ kind: "azure" }, {}); } catch (error) { said = { isForUsers: RunError.isInstance(error), message: error.message }; }
        console.log(JSON.stringify(said));
      `),
    ).toEqual({
      isForUsers: true,
      message:
        "A platform on azure is rendered with @pulumi/azure-native, which is not installed. Run `npm install @pulumi/azure-native`.",
    });
  });
});

describe("a program outside of the repository that has both packages installed", () => {
  it("has one copy of Pulumi's packages, and none of the repository's", () => {
    const copies = filesOf(join(program, "node_modules")).filter((file) =>
      /(?:^|\/)@pulumi\/(?:pulumi|aws)\/package\.json$/.test(file),
    );
    expect(copies).toEqual(["@pulumi/aws/package.json", "@pulumi/pulumi/package.json"]);
    expect(printedBy(`console.log(JSON.stringify(require.resolve("@bulkhead/components")))`)).toBe(
      join(installed, "dist/components/index.js"),
    );
  });

  it.each([
    { moduleResolution: "nodenext", module: "nodenext" },
    { moduleResolution: "bundler", module: "esnext" },
    // What Pulumi's own templates ask for.
    { moduleResolution: "node10", module: "commonjs", ignoreDeprecations: "6.0" },
  ])("is type-checked against the declarations, with modules by $moduleResolution", (options) => {
    writeFileSync(
      join(program, "tsconfig.json"),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: "es2022",
          ...options,
          // Pulumi's own declarations are not what is tested.
          skipLibCheck: true,
          types: [],
        },
        files: ["index.ts", "mistakes.ts"],
      }),
    );
    writeFileSync(
      join(program, "mistakes.ts"),
      [
        'import { configuredPlatform, referencePlatform, type Flow } from "@bulkhead/components";',
        "// @ts-expect-error there is no such cloud",
        'configuredPlatform({ cloud: "moon" });',
        "// @ts-expect-error a setting that is misspelt",
        'configuredPlatform({ acountId: "111122223333" });',
        "// @ts-expect-error there is no such store",
        'configuredPlatform({ platform: { ...referencePlatform, dataStores: [{ id: "a", kind: "tape" }] } });',
        "// @ts-expect-error a flow out of the PHI zone has no type",
        'export const out: Flow["from"] = { kind: "data-store", id: "fhir-store" };',
      ].join("\n"),
    );
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(root, "node_modules/typescript/bin/tsc"), "--project", program],
      { encoding: "utf8" },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  it("is accepted by the installed policy pack, as in the repository", async () => {
    const pack = join(program, "node_modules/@bulkhead/policy-pack");
    expect(existsSync(join(pack, "serve/index.js"))).toBe(true);
    const outside = await previewed(program, "--policy-pack", pack);
    const inside = await previewedHospital();
    expect(refusedBy(outside)).toEqual([]);
    expect(outside.verdict).toBe("accepted");
    const byUrn = ({ resources }: Report): Report["resources"] =>
      [...resources].sort((a, b) => (a.urn < b.urn ? -1 : 1));
    expect(byUrn(outside)).toEqual(byUrn(inside));
    expect(outside.findings).toEqual(inside.findings);
    expect(outside.matrix).toEqual(inside.matrix);
  });

  it("is refused once it has a way out", async () => {
    const pack = join(program, "node_modules/@bulkhead/policy-pack");
    const path = join(program, "index.ts");
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      `${text}
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc";
new SecurityGroupEgressRule("hole", {
  securityGroupId: ofWorkload(platform.filterIds, "data-store/fhir-store"),
  ipProtocol: "-1",
  cidrIpv4: "0.0.0.0/0",
});
`,
    );
    const report = await previewed(program, "--policy-pack", pack);
    writeFileSync(path, text);
    expect(new Set(refusedBy(report))).toEqual(new Set(["phi-zone-has-no-egress"]));
  });
});
