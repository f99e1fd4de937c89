import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { controlPlaneFlowsOf } from "../../model/control-plane-flow";
import { platformSpec } from "../../model/platform-spec";
import { referencePlatform } from "../../model/reference-platform";
import { judgedBy } from "../../preview/judge-stack-state";
import type { Outcome } from "../../preview/outcome";
import { noEngine, PolicyPackServer, type Violation } from "../../preview/policy-pack-server";
import { savedReport } from "../../policy-pack/report/json-report";
import type { Report } from "../../policy-pack/report/report";
import { reportOf } from "../../preview/report";
import { stackState, type StackState } from "../../preview/stack-state";
import { nodeArgumentsOf } from "../npm-script";
import { addEgress } from "../policy-pack/mutants";
import { renderedPlatform } from "../policy-pack/rendered-stack";
import { stranger, withGroup } from "../policy-pack/stranger-corpus";

import {
  decrypted,
  encrypted,
  withEncrypted,
  exportedState,
  withProperties,
  withResource,
  withResources,
  type ExportedState,
} from "./exported-state";
import { runnablePlatform } from "./runnable-platform";

const root = resolve(__dirname, "../..");
const pack = join(root, "policy-pack");
const exported = resolve(__dirname, "fixtures/states/exported.json");
const directory = mkdtempSync(join(tmpdir(), "bulkhead-"));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

function read(state: unknown): StackState {
  return stackState(file("state.json", state));
}

/** To start a pack takes longer than to judge most states here, so that one judges all that no command shows it. */
let server: PolicyPackServer;
beforeAll(async () => {
  const served = { project: "bulkhead", stack: "test", config: new Map<string, string>(), dryRun: false };
  server = await PolicyPackServer.start(pack, served, noEngine);
});
afterAll(() => server.close());

async function judged(state: unknown): Promise<Outcome> {
  return { ...(await judgedBy(server, read(state), new Map())), durationMs: 0 };
}

function refusals({ violations }: Outcome): readonly Violation[] {
  return violations.filter(({ level }) => level === "mandatory");
}

/** What refuses a state: policy, the name of the resource, and whether it is for what is not known. */
async function refused(state: unknown): Promise<readonly string[]> {
  return refusals(await judged(state)).map(
    ({ policy, urn, message }) =>
      `${policy} at ${urn.split("::").at(-1) ?? ""}${message.includes("undetermined:") ? ", undetermined" : ""}`,
  );
}

/** How a state is judged: by npm at first, and then by the same command. */
let judging: readonly [string, ...string[]] = ["npm", "run", "--silent", "judge", "--"];

function command(...args: readonly string[]): {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
} {
  const [first, ...own] = judging;
  judging = [process.execPath, ...nodeArgumentsOf("judge")];
  const { status, stdout, stderr } = spawnSync(first, [...own, ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
  return { code: status, stdout, stderr };
}

const literal = (): ExportedState => JSON.parse(readFileSync(exported, "utf8")) as ExportedState;
const anywhere = { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] };
const inside = { ...anywhere, cidrBlocks: ["10.0.1.0/24"] };
const group = (egress: unknown): ExportedState =>
  withProperties(
    exportedState(withGroup(stranger("deployed"), { egress: [inside] }).resources()),
    "phi-group",
    {
      egress,
    },
  );

describe("npm run judge", () => {
  it("accepts the reference platform as deployed, with exit code 0", async () => {
    const stack = await renderedPlatform(referencePlatform, "deployed");
    const path = file("reference.json", exportedState(stack.resources(), "shown"));
    const { code, stdout } = command("--state", path);
    expect(stdout).toContain(
      "Bulkhead state replay  stack test on aws; nothing is created, no cloud is asked",
    );
    expect(stdout).toMatch(/workload\/fhir-proxy +data-store\/fhir-store +tcp +443 +provider-tls\+iam/);
    const spec = platformSpec(referencePlatform);
    const connections = spec.flows.length + controlPlaneFlowsOf(spec.edge, "aws").length;
    expect(stdout).toMatch(
      new RegExp(
        `\nACCEPTED {2}\\d+ resources, ${String(connections)} connections, no violation, \\d+\\.\\d s\n$`,
      ),
    );
    expect(stdout).not.toContain("Warnings");
    expect(code).toBe(0);
  });

  it("accepts a platform as well where its one secret is encrypted, which decides nothing", async () => {
    const stack = await renderedPlatform(runnablePlatform, "deployed");
    const outcome = await judged(withEncrypted(exportedState(stack.resources(), "shown"), "clientSecret"));
    expect(refusals(outcome)).toEqual([]);
    expect(outcome.warnings).toEqual([
      "2 values are encrypted, and count as not known. `pulumi stack export --show-secrets` shows them.",
    ]);
  });

  it("refuses the platform with one hole, with exit code 1, and shows the packet that gets out", async () => {
    const stack = await renderedPlatform(referencePlatform, "deployed");
    addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
    const { code, stdout } = command("--state", file("hole.json", exportedState(stack.resources(), "shown")));
    expect(code).toBe(1);
    expect(stdout).toContain("phi-zone-has-no-egress");
    expect(stdout).toContain("Packet:    tcp 443, from SecurityGroup bulkhead-fhir-store-filter to 1.0.0.0");
    expect(stdout).toMatch(/\nREFUSED {2}\d+ resources, 1 violation, \d+\.\d s\n$/);
  });

  it("points at the program's line where the state says it, and writes the report with --report", async () => {
    const stack = await renderedPlatform(runnablePlatform, "deployed");
    addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
    const state = withResource(exportedState(stack.resources(), "shown"), "hole", (resource) => ({
      ...resource,
      sourcePosition: "project:///node_modules/@acme/network/index.js#1,1",
      stackTrace: [{ sourcePosition: "project:///infra/holes.ts#12,3" }, {}],
    }));
    const folder = join(directory, "report");
    const { code } = command("--state", file("placed.json", state), "--report", folder);
    expect(code).toBe(1);
    const report = savedReport(readFileSync(join(folder, "report.json"), "utf8"));
    const position = { file: "infra/holes.ts", line: 12, column: 3 };
    expect(report.findings.map((finding) => [finding.id, finding.position])).toEqual([
      ["BH-101", position],
      ["BH-104", null],
    ]);
    expect(report.resources.filter((resource) => resource.position !== null).map(({ name }) => name)).toEqual(
      ["hole"],
    );
    expect(readdirSync(folder).sort()).toEqual([
      "compliance.md",
      "report.html",
      "report.json",
      "report.junit.xml",
      "report.md",
      "report.sarif",
    ]);
  });

  it("prints the same report as the preview for machines, and nothing else, with --json", () => {
    const { code, stdout } = command("--state", exported, "--json");
    const report = JSON.parse(stdout) as Report;
    expect(code).toBe(0);
    expect(report).toMatchObject({ verdict: "accepted", cloud: "aws", stack: "dev", matrix: [] });
    expect(report.findings.map(({ level }) => level)).toEqual(report.findings.map(() => "advisory"));
    expect(report.resources.map(({ name }) => name)).toEqual([
      "shared-routes",
      "records-a",
      "records",
      "records-a",
      "records",
      "records-https",
      "records",
    ]);
    expect(report.warnings).toEqual([
      "2 values are encrypted, and count as not known. `pulumi stack export --show-secrets` shows them.",
    ]);
  });

  it.each([
    ["no state", [], /required option '--state <file>' not specified/],
    [
      "a file that is not there",
      ["--state", join(directory, "none.json")],
      /none\.json cannot be read as the state of a stack: ENOENT/,
    ],
    [
      "no JSON",
      ["--state", file("text.json", "version: 3")],
      /text\.json cannot be read as the state of a stack: .*JSON/,
    ],
    ["a pack that is none", ["--state", exported, "--policy-pack", directory], /is no policy pack/],
    [
      "settings of a policy that the pack has not",
      ["--state", exported, "--policy-pack-config", file("settings.json", { "phi-zone": "mandatory" })],
      /The policy pack bulkhead has no policy phi-zone\./,
    ],
    [
      "what is no state",
      ["--state", file("other.json", { name: "bulkhead" })],
      /other\.json is no state of a stack that can be judged: 1 finding\.\n {2}\(the whole file\)\n {6}It has none of what a state has/,
    ],
  ])("says that it could not run, with exit code 2, given %s", (_, args, message) => {
    const { code, stdout, stderr } = command(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
  });
});

describe("what is only read", () => {
  const gateway = { cidrBlock: "0.0.0.0/0", gatewayId: "igw-0123456789abcdef0" };

  it("is judged: the route of a table that `.get()` reads", async () => {
    const state = withResource(literal(), "shared-routes", (table) => ({
      ...table,
      outputs: { ...table.outputs, routes: [gateway] },
    }));
    const [violation, ...others] = refusals(await judged(state));
    expect(others).toEqual([]);
    expect(violation).toMatchObject({ policy: "phi-zone-has-no-egress", level: "mandatory" });
    expect(violation?.message).toContain(
      "RouteTable shared-routes leads out of the PHI zone by gateway. [high]",
    );
    expect(violation?.message).toContain("-> RouteTable shared-routes routes[0]: 0.0.0.0/0 by gateway");
  });

  it("is not known where it is not in the state, as in a preview, and then refused as undetermined", async () => {
    const table =
      "urn:pulumi:dev::hospital::hospital:index:Network$aws:ec2/routeTable:RouteTable::shared-routes";
    const without = withResources(literal(), (resources) =>
      resources
        .filter(({ urn }) => urn !== table)
        .map((resource) =>
          resource.urn.endsWith("RouteTableAssociation::records-a")
            ? { ...resource, dependencies: [], propertyDependencies: {} }
            : resource,
        ),
    );
    expect(await refused(without)).toEqual(["phi-zone-has-no-egress at records-a, undetermined"]);
  });
});

describe("a secret of a state", () => {
  it("that is encrypted is not known, and refused where it decides in the PHI zone", async () => {
    const atGroup = ["phi-zone-has-no-egress at phi-group, undetermined"];
    expect(await refused(group([{ ...inside, cidrBlocks: [encrypted] }]))).toEqual(atGroup);
    expect(await refused(group([{ ...inside, cidrBlocks: encrypted }]))).toEqual(atGroup);
    expect(await refused(group(encrypted))).toEqual(atGroup);
    expect(await refused(withProperties(group([inside]), "phi-group", { tags: encrypted }))).toEqual([
      "zone-assignment at phi-group, undetermined",
    ]);
  });

  it("that is encrypted among the outputs alone is not known either, whatever the input is", async () => {
    const state = (inputs: Readonly<Record<string, unknown>>): ExportedState =>
      withResource(group([inside]), "phi-group", (resource) => ({
        ...resource,
        inputs,
        outputs: { ...resource.outputs, egress: encrypted },
      }));
    const tags = { "bulkhead-zone": "phi" };
    const atGroup = ["phi-zone-has-no-egress at phi-group, undetermined"];
    expect(await refused(state({ tags }))).toEqual(atGroup);
    expect(await refused(state({ tags, egress: [inside] }))).toEqual(atGroup);
  });

  it("is counted, and refuses nothing where it decides nothing", async () => {
    const outcome = await judged(withProperties(group([inside]), "phi-group", { description: encrypted }));
    expect(refusals(outcome)).toEqual([]);
    expect(outcome.warnings).toEqual([
      "2 values are encrypted, and count as not known. `pulumi stack export --show-secrets` shows them.",
    ]);
  });

  it("is read where the export shows it", async () => {
    const secretly = (egress: unknown): ExportedState =>
      group(decrypted([{ ...anywhere, cidrBlocks: decrypted(egress) }]));
    expect(await refused(secretly(["10.0.1.0/24"]))).toEqual([]);
    expect(await refused(secretly(["0.0.0.0/0"]))).toEqual(["phi-zone-has-no-egress at phi-group"]);
  });

  it("is not known where something else has hidden it", async () => {
    expect(await refused(group([{ ...inside, cidrBlocks: ["[secret]"] }]))).toEqual([
      "phi-zone-has-no-egress at phi-group, undetermined",
    ]);
    expect(await refused(group("[secret]"))).toEqual(["phi-zone-has-no-egress at phi-group, undetermined"]);
  });
});

describe("a state", () => {
  const open = group([anywhere]);

  it("gets the same findings whatever the order of its resources", async () => {
    const stack = await renderedPlatform(runnablePlatform, "deployed");
    addEgress(stack, { cidrIpv4: "0.0.0.0/0" });
    const state = exportedState(stack.resources(), "shown");
    const inOrder = await judged(state);
    expect(refusals(inOrder)).toHaveLength(1);
    const reversed = await judged(withResources(state, (resources) => [...resources].reverse()));
    const told = (outcome: Outcome): Report => ({ ...reportOf("state", outcome), durationMs: 0 });
    expect(told(reversed)).toEqual(told(inOrder));
  });

  it("is read from a checkpoint, or as a deployment alone, just as from an export", () => {
    const { deployment } = open;
    const latest = { stack: "organization/bulkhead/test", latest: deployment };
    const expected = read(open);
    expect(expected.resources.length).toBeGreaterThan(5);
    for (const form of [
      { version: 3, checkpoint: latest },
      latest,
      deployment,
      { version: 4, features: ["hooks"], deployment },
    ]) {
      expect(read(form)).toEqual(expected);
    }
  });

  it("says what its resources are under: the provider by URN and id, the parent, and the stack", () => {
    const { resources, stack, project, rootUrn } = stackState(exported);
    expect({ stack, project, rootUrn }).toEqual({
      stack: "dev",
      project: "hospital",
      rootUrn: "urn:pulumi:dev::hospital::pulumi:pulumi:Stack::hospital-dev",
    });
    const vpc = resources.find(({ type }) => type.endsWith(":Vpc"));
    expect(vpc).toMatchObject({
      name: "records",
      isCustom: true,
      parent: "urn:pulumi:dev::hospital::hospital:index:Network::records",
      provider: {
        name: "records-aws",
        inputs: { region: "us-east-1", allowedAccountIds: '["111122223333"]' },
      },
    });
    expect(vpc?.provider?.inputs).not.toHaveProperty("__internal");
    const component = resources.find(({ type }) => type === "hospital:index:Network");
    expect(component?.outputs).toEqual({ group: "sg-0a1b2c3d4e5f60718", networkId: "vpc-0a1b2c3d4e5f60718" });
  });

  it("takes a resource's tags from the provider that it names by URN and id, not from another of that URN", async () => {
    const tags = JSON.stringify({ tags: { "bulkhead-zone": "phi" } });
    const other = (id: string, inputs: Readonly<Record<string, unknown>>): ExportedState =>
      withResources(
        exportedState(
          stranger("deployed")
            .remove("phi-association")
            .change("phi-subnet", ({ vpcId, cidrBlock }) => ({ vpcId, cidrBlock, mapPublicIpOnLaunch: true }))
            .resources(),
        ),
        (resources) =>
          resources.flatMap((resource) => {
            if (!resource.type.startsWith("pulumi:providers:")) {
              return resource.urn.endsWith("::phi-subnet")
                ? [
                    {
                      ...resource,
                      provider: `urn:pulumi:test::bulkhead::pulumi:providers:aws::default::${id}`,
                    },
                  ]
                : [resource];
            }
            return [
              { ...resource, id: "old", delete: true, inputs: { defaultTags: tags } },
              resource,
              ...[{ ...resource, urn: `${resource.urn}-2`, id: "new", inputs }],
            ];
          }),
      );
    expect(await refused(other("old", {}))).toContain("phi-zone-has-no-egress at phi-subnet");
    expect(await refused(other("6d5bd4dd-1f5f-4e0c-8a0e-2b7d3c9a1f00", { defaultTags: tags }))).toEqual([
      "zone-assignment at phi-routes, undetermined", // Nothing of the stack is in the PHI zone.
    ]);
  });

  it("shows the id of a resource whose provider does not repeat it among the outputs", async () => {
    const withoutIds = (state: ExportedState): ExportedState =>
      withResources(state, (resources) =>
        resources.map((resource) => ({
          ...resource,
          outputs: Object.fromEntries(Object.entries(resource.outputs ?? {}).filter(([key]) => key !== "id")),
          dependencies: [],
          propertyDependencies: {},
        })),
      );
    const sketch = withGroup(stranger("deployed"), {});
    sketch.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "rule", {
      securityGroupId: sketch.id("phi-group"),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "0.0.0.0/0",
    });
    const state = exportedState(sketch.resources());
    expect(await refused(state)).toEqual(["phi-zone-has-no-egress at rule"]);
    expect(await refused(withoutIds(state))).toEqual(["phi-zone-has-no-egress at rule"]);
  });

  it("is shown assets and archives, and what of them is not known", () => {
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", hash: "00" };
    const archive = { "4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", hash: "00" };
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const state = withProperties(open, "phi-group", {
      text: { ...asset, text: "held" },
      hash: asset,
      archive: { ...archive, assets: { a: { ...asset, path: "a.txt" } } },
      partly: { ...archive, assets: { a: asset } },
      number: {
        "4dabf18193072939515e22adb298388d": "8ad145fe-0d11-4827-bfd7-1abcbf086f5c",
        value: "7ff0000000000000",
      },
      bytes: { "4dabf18193072939515e22adb298388d": "803fd3297a5875dc03ca845dda5d2a98", value: "/w==" },
      reference: {
        "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
        urn: "urn:x",
        id: { V: "held" },
      },
      component: {
        "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
        urn: "urn:x",
        id: { V: null },
      },
      later: {
        "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e",
        urn: "urn:x",
        id: { V: {} },
      },
    });
    const shown = read(state).resources.find(({ name }) => name === "phi-group");
    expect(shown?.outputs).toMatchObject({
      text: { ...asset, text: "held" },
      hash: unknown,
      archive: { ...archive, assets: { a: { ...asset, path: "a.txt" } } },
      partly: unknown,
      number: unknown,
      bytes: unknown,
      reference: "held",
      component: "urn:x",
      later: unknown,
    });
  });
});

describe("an update that has not ended", () => {
  const closed = group([inside]);
  const groupUrn = "urn:pulumi:test::bulkhead::aws:ec2/securityGroup:SecurityGroup::phi-group";
  const old = (state: ExportedState, more: Readonly<Record<string, unknown>>): ExportedState =>
    withResources(state, (resources) =>
      resources.flatMap((resource) =>
        resource.urn === groupUrn
          ? [
              resource,
              {
                ...resource,
                id: "sg-old",
                outputs: { ...resource.outputs, ...more, id: "sg-old" },
                inputs: { ...resource.inputs, ...more },
                delete: true,
              },
            ]
          : [resource],
      ),
    );

  it("leaves what is still to be deleted, which exists, and is judged", async () => {
    const state = withResource(group([anywhere]), "phi-group", (resource) => ({ ...resource, delete: true }));
    const outcome = await judged(state);
    expect(refusals(outcome).map(({ policy, urn }) => ({ policy, urn }))).toEqual([
      { policy: "phi-zone-has-no-egress", urn: groupUrn },
    ]);
    expect(outcome.warnings).toEqual([
      `${groupUrn} is still to be deleted: it exists, and is judged. \`pulumi up\` ends the update that left it so.`,
    ]);
  });

  it("leaves two of one URN, which are refused, because what names the URN may mean either", async () => {
    const both = old(closed, {});
    const understood = "resources-are-understood at phi-group, undetermined";
    expect(await refused(both)).toEqual([understood]);
    expect(await refused(withResources(both, (resources) => [...resources].reverse()))).toEqual([understood]);
    const open = old(closed, { egress: [anywhere] });
    expect(await refused(open)).toEqual(["phi-zone-has-no-egress at phi-group", understood]);
  });

  it("leaves what has been deleted and not been replaced, which holds nothing back and lets nothing out", async () => {
    const gone = (state: ExportedState, more: Readonly<Record<string, unknown>> = {}): ExportedState =>
      withResource(state, "phi-group", (resource) => ({ ...resource, pendingReplacement: true, ...more }));
    const outcome = await judged(gone(group([anywhere])));
    expect(refusals(outcome)).toEqual([]);
    expect(outcome.warnings).toEqual([
      `${groupUrn} has been deleted and not been replaced yet: it does not exist, and is not judged. \`pulumi up\` ends the update that left it so.`,
    ]);
    // To delete these is to do nothing with the cloud.
    for (const still of [{ external: true }, { retainOnDelete: true }, { deletedWith: groupUrn }]) {
      expect(await refused(gone(group([anywhere]), still))).toEqual(["phi-zone-has-no-egress at phi-group"]);
    }
  });

  it("could not be judged while it was changing something", () => {
    const state = {
      ...closed,
      deployment: {
        ...closed.deployment,
        pending_operations: [
          { type: "creating", resource: { urn: "urn:pulumi:test::bulkhead::aws:ec2/route:Route::new" } },
        ],
      },
    };
    expect(() => read(state)).toThrow(
      /: 1 finding\.\n {2}deployment\.pending_operations\[0\]\n {6}An update was interrupted while it was creating urn:\S+::new,/,
    );
  });
});

describe("what is no state that can be judged", () => {
  const closed = group([inside]);
  const [root_, , network] = closed.deployment.resources;
  const findings = (state: unknown): readonly string[] => {
    try {
      read(state);
    } catch (error) {
      const [heading = "", ...lines] = (error as Error).message.split("\n");
      const found = lines.flatMap((line, index) =>
        /^ {2}\S/.test(line) ? [`${line.trim()}: ${(lines[index + 1] ?? "").trim()}`] : [],
      );
      expect((error as Error).name).toBe("CouldNotRun");
      expect(heading).toContain(
        `: ${found.length === 1 ? "1 finding" : `${String(found.length)} findings`}.`,
      );
      expect(lines.filter((line) => /^ {6}Remedy: \S/.test(line))).toHaveLength(found.length);
      return found;
    }
    return [];
  };

  it.each<readonly [string, unknown, readonly string[]]>([
    ["a list", [], ["(the whole file): It is no JSON object."]],
    ["nothing", null, ["(the whole file): It is no JSON object."]],
    [
      "another version",
      { version: 2, deployment: closed.deployment },
      ["version: Versions 3 and 4 of the format are read, and this is 2."],
    ],
    [
      "no version, and features of later ones",
      { features: ["hooks", "mirrors"], deployment: closed.deployment },
      [
        "version: Versions 3 and 4 of the format are read, and this is none.",
        'features: The state uses the feature "mirrors", which is not known here, so that something in it may not be read.',
      ],
    ],
    [
      "no deployment",
      { version: 3, deployment: null },
      ["deployment: Invalid input: expected object, received null"],
    ],
    [
      "a stack that was never deployed",
      { version: 3, checkpoint: { stack: "dev" } },
      ["checkpoint.latest: Invalid input: expected object, received undefined"],
    ],
    [
      "no resource",
      { version: 3, deployment: { manifest: {} } },
      ["deployment.resources: It holds no resource of a cloud, so there is nothing to judge."],
    ],
    [
      "no resource but the stack",
      { manifest: {}, resources: [root_] },
      ["resources: It holds no resource of a cloud, so there is nothing to judge."],
    ],
    [
      "resources that have not the form of one",
      {
        version: 3,
        deployment: {
          resources: [
            { urn: "vpc", custom: "yes", type: 1 },
            "text",
            { ...network, inputs: [], dependencies: [1], delete: 0 },
          ],
        },
      },
      [
        "deployment.resources[0].urn: This is no URN.",
        "deployment.resources[0].custom: Invalid input: expected boolean, received string",
        "deployment.resources[0].type: Invalid input: expected string, received number",
        "deployment.resources[1]: Invalid input: expected object, received string",
        "deployment.resources[2].inputs: Invalid input: expected record, received array",
        "deployment.resources[2].dependencies[0]: Invalid input: expected string, received number",
        "deployment.resources[2].delete: Invalid input: expected boolean, received number",
      ],
    ],
    [
      "resources that name what is not there, or say what their URNs do not",
      {
        resources: [
          root_,
          {
            ...network,
            type: "aws:ec2/subnet:Subnet",
            parent: "urn:parent",
            provider: "urn:provider::id",
            dependencies: ["urn:a"],
            propertyDependencies: { vpcId: ["urn:b"] },
          },
        ],
      },
      [
        "resources[1].type: The URN says aws:ec2/vpc:Vpc, and this aws:ec2/subnet:Subnet.",
        "resources[1].parent: urn:parent is not in the state.",
        "resources[1].provider: urn:provider::id is not in the state.",
        "resources[1].dependencies[0]: urn:a is not in the state.",
        "resources[1].propertyDependencies.vpcId[0]: urn:b is not in the state.",
      ],
    ],
    [
      "a resource that is there twice",
      withResources(closed, (resources) => [...resources, ...(network === undefined ? [] : [network])]),
      ["deployment.resources[7].urn: urn:pulumi:test::bulkhead::aws:ec2/vpc:Vpc::vpc is there twice."],
    ],
    [
      "values that are not those of a state",
      withResource(closed, "phi-group", (resource) => ({
        ...resource,
        inputs: {
          a: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" },
          b: [{ ...encrypted, plaintext: '"both"' }],
          c: { ...(decrypted("") as object), plaintext: "not JSON" },
        },
        outputs: {
          d: { e: { "4dabf18193072939515e22adb298388d": "mirror" } },
          f: { "4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", id: "no URN" },
        },
      })),
      [
        "deployment.resources[6].inputs.a: A secret has either a ciphertext or a plaintext, as a text.",
        "deployment.resources[6].inputs.b[0]: A secret has either a ciphertext or a plaintext, as a text.",
        "deployment.resources[6].inputs.c: The plaintext of a secret is JSON, and this is none.",
        'deployment.resources[6].outputs.d.e: Its signature "mirror" is none that a state of this version has.',
        "deployment.resources[6].outputs.f: A reference to a resource has a URN, and an id that is a text.",
      ],
    ],
  ])("is %s, and each finding is listed with its path", (_, state, expected) => {
    expect(findings(state)).toEqual(expected);
  });

  it("is not shown in an error with the secrets that it holds", () => {
    const state = withProperties(closed, "phi-group", {
      password: { ...(decrypted("") as object), plaintext: "hunter2" },
    });
    expect(() => read(state)).toThrow("The plaintext of a secret is JSON");
    expect(() => read(state)).not.toThrow("hunter2");
  });
});
