import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { packedPolicyPack } from "../../bench/packed-policy-pack";
import { registered } from "../../bench/registered";
import { referencePlatform } from "../../model/reference-platform";
import { PolicyPackServer, type Violation } from "../../preview/policy-pack-server";
import type { RegisteredResource } from "../../preview/registered-resource";

import { addEgress, store } from "./mutants";
import { renderedPlatform } from "./rendered-stack";
import type { Sketch } from "./stack-sketch";
import { stranger, withGroup } from "./stranger-corpus";

const root = resolve(__dirname, "../..");
const source = join(root, "policy-pack");
/** What a build writes, and takes away again. */
const built = join(source, "serve", "index.js");

const temporary = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-package-")));
let packed: string;
/** The folder in which it was packed. */
let packedFrom: string;
beforeAll(() => {
  const pack = packedPolicyPack(temporary);
  packed = pack.installed;
  packedFrom = pack.folder;
});
afterAll(() => {
  rmSync(temporary, { recursive: true, force: true });
});

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

describe("the packed policy pack", () => {
  it("holds one compiled file and what describes it, and no source", () => {
    expect(filesOf(packed)).toEqual([
      "LICENSE",
      "PulumiPolicy.yaml",
      "README.md",
      "docs/rules.md",
      "docs/waivers.md",
      "package.json",
      "serve/index.js",
    ]);
  });

  it("loads Pulumi's packages and Node's own modules, and nothing else", () => {
    const code = readFileSync(join(packed, "serve/index.js"), "utf8");
    const required = [...code.matchAll(/\brequire\("?(.*?)"?\)/g)].map(([, argument = ""]) => argument);
    expect([...new Set(required)].filter((name) => !isBuiltin(name))).toEqual(["@pulumi/policy"]);
    expect(/\bimport\(/.test(code.replaceAll(/^\s*\/\/.*$/gm, ""))).toBe(false);
    expect(Object.keys(manifestOf(packed).dependencies)).toEqual(["@pulumi/policy", "@pulumi/pulumi"]);
    expect(manifestOf(packed).dependencies["@pulumi/pulumi"]).toBe(
      manifestOf(root).dependencies["@pulumi/pulumi"],
    );
  });

  it("names no path outside of itself", () => {
    for (const file of filesOf(packed)) {
      const text = readFileSync(join(packed, file), "utf8");
      expect(text.includes(root) || text.includes(temporary), file).toBe(false);
      expect(text.match(/(?<!\.)\.\.\/(?!\*)\S*/g), file).toBeNull();
      const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, link = ""]) => link);
      for (const link of file.endsWith(".md") ? links : []) {
        expect(existsSync(join(packed, dirname(file), link)), `${file} -> ${link}`).toBe(true);
      }
    }
  });

  it("holds the licences of the libraries that are compiled into it", () => {
    const code = readFileSync(join(packed, "serve/index.js"), "utf8");
    for (const library of ["ip-address", "yaml", "zod"]) {
      const licence = readFileSync(join(root, "node_modules", library, "LICENSE"), "utf8");
      expect(code.includes(licence.trim()), library).toBe(true);
    }
    expect(readFileSync(join(packed, "LICENSE"), "utf8")).toBe(readFileSync(join(root, "LICENSE"), "utf8"));
  });

  it("leaves nothing built behind", () => {
    expect(existsSync(join(packedFrom, "index.ts"))).toBe(true);
    expect(filesOf(packedFrom).filter((file) => /^(?:serve|docs)\//.test(file))).toEqual([]);
    expect(existsSync(built)).toBe(false);
  });
});

function start(pack: string): Promise<PolicyPackServer> {
  const program = {
    directory: pack,
    project: "bulkhead",
    stack: "test",
    nodeArguments: [],
    config: new Map(),
    secretKeys: [],
  };
  return PolicyPackServer.start(pack, program, "127.0.0.1:1");
}

/** All that a pack says of a stack, from its first resource to its end. */
async function judged(
  server: PolicyPackServer,
  stack: readonly RegisteredResource[],
): Promise<readonly Violation[]> {
  const early: Violation[] = [];
  for (const resource of stack) {
    early.push(...(await server.analyze(resource)));
  }
  return [
    ...early,
    ...(await server.analyzeStack(stack, "urn:pulumi:test::bulkhead::pulumi:pulumi:Stack::bulkhead-test")),
  ];
}

const mandatory = (violations: readonly Violation[]): readonly string[] =>
  violations.filter(({ level }) => level === "mandatory").map(({ policy }) => policy);

describe("the packed policy pack and the one of the repository, each served over CrossGuard's protocol", () => {
  let servers: readonly [PolicyPackServer, PolicyPackServer];
  beforeAll(async () => {
    servers = await Promise.all([start(packed), start(source)]);
  });
  afterAll(() => {
    servers.forEach((server) => {
      server.close();
    });
  });

  it("hold the same policies", () => {
    const [ofPackage, ofSource] = servers;
    expect(ofPackage.policies).toEqual(ofSource.policies);
    expect(ofPackage.policies).toContain("phi-zone-has-no-egress");
  });

  const opening = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };
  const platform = (): Promise<Sketch> => renderedPlatform(referencePlatform, "preview");
  const cases: readonly {
    readonly name: string;
    readonly stack: () => Sketch | Promise<Sketch>;
    readonly refusedBy: readonly string[];
  }[] = [
    { name: "accept the reference platform", stack: platform, refusedBy: [] },
    {
      name: "refuse it with a rule that leads out",
      stack: async () => {
        const stack = await platform();
        addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
        return stack;
      },
      refusedBy: ["phi-zone-has-no-egress"],
    },
    {
      name: "refuse a filter before it is created, and again at the end",
      stack: async () => (await platform()).change(store, (inputs) => ({ ...inputs, egress: [opening] })),
      refusedBy: ["phi-zone-has-no-egress", "phi-zone-has-no-egress"],
    },
    {
      name: "accept a stranger's stack that is closed",
      stack: () => withGroup(stranger("preview"), { egress: [] }),
      refusedBy: [],
    },
    {
      name: "refuse one that is open",
      stack: () => withGroup(stranger("preview"), { egress: [opening] }),
      refusedBy: ["phi-zone-has-no-egress"],
    },
  ];

  it.each(cases)("$name, in the same words", async ({ stack, refusedBy }) => {
    const shown = (await stack()).resources().map(registered);
    const [ofPackage, ofSource] = [await judged(servers[0], shown), await judged(servers[1], shown)];
    expect(mandatory(ofSource)).toEqual(refusedBy);
    expect(ofPackage).toEqual(ofSource);
  });
});

describe("the policy pack of the repository", () => {
  it("is compiled from its source, whatever was built before", async () => {
    mkdirSync(dirname(built), { recursive: true });
    writeFileSync(built, "throw new Error('built before')");
    try {
      const server = await start(source);
      server.close();
    } finally {
      rmSync(built);
    }
  });
});
