import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve, sep } from "node:path";

import { describe, expect, it } from "vitest";

import { savedReport } from "../../policy-pack/report/json-report";
import type { Report } from "../../policy-pack/report/report";
import { previewStack } from "../../preview/preview-stack";
import { programStack } from "../../preview/stack-file";

import { PassThroughProviders, type ProviderPackage } from "./pass-through-provider";

const root = resolve(__dirname, "../..");
const hasCli = spawnSync("pulumi", ["version"]).status === 0;

interface Refusal {
  readonly policy: string;
  readonly urn: string;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly refusals: readonly Refusal[];
  /** What the pack has written. */
  readonly report: Report;
}

interface PolicyEvent {
  readonly policyEvent?: {
    readonly policyName: string;
    readonly resourceUrn?: string;
    readonly enforcementLevel: string;
  };
}

async function run(
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly output: string }> {
  const child = spawn("pulumi", args, { cwd, env: { ...process.env, ...environment } });
  let stdout = "";
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const code = await new Promise<number | null>((done) => child.on("close", done));
  return { code, stdout, output };
}

/** Fills a folder with links to what another holds, but for what Git and npm keep there. */
function link(from: string, to: string, except: (name: string) => boolean = () => false): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter(
    (entry) => !entry.startsWith(".") && entry !== "node_modules" && !except(entry),
  )) {
    symlinkSync(join(from, name), join(to, name));
  }
}

/**
 * A folder that leads to the files of a program of this repository, at the same place under a root of its own, but with
 * its own copy of those of its stacks: the CLI writes its salt into them.
 */
function mirror(program: string): { readonly base: string; readonly folder: string } {
  const base = mkdtempSync(join(tmpdir(), "bulkhead-project-"));
  const isStackFile = (name: string): boolean => /^Pulumi\..+\.yaml$/.test(name);
  let [from, to] = [root, base];
  for (const part of relative(root, program)
    .split(sep)
    .filter((name) => name !== "")) {
    link(from, to, (name) => name === part);
    [from, to] = [join(from, part), join(to, part)];
  }
  link(from, to, isStackFile);
  for (const name of readdirSync(from).filter(isStackFile)) {
    cpSync(join(from, name), join(to, name));
  }
  symlinkSync(join(root, "node_modules"), join(base, "node_modules"));
  return { base, folder: to };
}

/** A stack, and the provider of its cloud. */
interface Target {
  readonly stack: string;
  readonly provider: Exclude<ProviderPackage, "tls">;
}

const onAws: Target = { stack: "dev", provider: "aws" };
const onAzure: Target = { stack: "dev-azure", provider: "azure-native" };
const onGoogle: Target = { stack: "dev-gcp", provider: "gcp" };

/** Runs `pulumi preview` with the policy pack, against providers that reach no cloud. */
async function preview(program: string, { stack, provider }: Target): Promise<Ended> {
  const state = mkdtempSync(join(tmpdir(), "bulkhead-state-"));
  const reports = realpathSync(mkdtempSync(join(tmpdir(), "bulkhead-reports-")));
  const { base, folder: project } = mirror(program);
  // The platform's own authority signs its certificates with the provider `tls`.
  const providers = new PassThroughProviders(root, [provider, "tls"]);
  try {
    const environment = {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "not a secret",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DEBUG_PROVIDERS: await providers.listen(),
    };
    const created = await run(["stack", "init", stack, "--non-interactive"], project, environment);
    expect(created.code, created.output).toBe(0);
    const { code, stdout, output } = await run(
      [
        ...["preview", "--non-interactive", "--json", "--stack", stack],
        ...["--policy-pack", join(root, "policy-pack")],
      ],
      project,
      {
        ...environment,
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
        // A relative path begins where Pulumi runs a pack, which is the pack's own folder.
        BULKHEAD_REPORT_DIRECTORY: relative(realpathSync(join(root, "policy-pack")), reports),
      },
    );
    // By this line whoever watches the gate knows that the pack has judged at all.
    expect(output).toMatch(
      /bulkhead judged the stack: \d+ resources, \d+ rules, \d+ mandatory, \d+ advisory/,
    );
    expect(output).toContain(`bulkhead wrote the report: ${reports}`);
    const report = savedReport(readFileSync(join(reports, "report.json"), "utf8"));
    const refusals = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .flatMap((line) => (JSON.parse(line) as PolicyEvent).policyEvent ?? [])
      .filter(({ enforcementLevel }) => enforcementLevel === "mandatory")
      .map(({ policyName, resourceUrn }) => ({ policy: policyName, urn: resourceUrn ?? "" }));
    return { code, output, refusals, report };
  } finally {
    providers.close();
    rmSync(state, { recursive: true });
    rmSync(reports, { recursive: true });
    rmSync(base, { recursive: true });
  }
}

async function offline(program: string, { stack }: Target): Promise<readonly Refusal[]> {
  const ofProgram = programStack(program, { stack, cloud: undefined, overrides: new Map() });
  const { violations } = await previewStack(ofProgram, join(root, "policy-pack"));
  return violations.filter(({ level }) => level === "mandatory").map(({ policy, urn }) => ({ policy, urn }));
}

describe("`pulumi preview` by the real CLI", () => {
  it.for([onAws, onAzure, onGoogle])(
    "accepts the reference platform on $provider, as the offline preview does",
    async (target, context) => {
      if (!hasCli) {
        context.skip("the pulumi CLI is not on PATH");
      }
      const { code, refusals, output, report } = await preview(root, target);
      expect({ code, refusals }, output).toEqual({ code: 0, refusals: [] });
      expect(report).toMatchObject({
        subject: "engine",
        verdict: "accepted",
        project: "bulkhead",
        stack: target.stack,
      });
      expect(await offline(root, target)).toEqual([]);
    },
  );

  it("refuses the platform with one hole, by the same policy at the same resource", async (context) => {
    if (!hasCli) {
      context.skip("the pulumi CLI is not on PATH");
    }
    const program = join(root, "examples/one-hole");
    const { code, refusals, output, report } = await preview(program, onAws);
    expect(code, output).not.toBe(0);
    expect(refusals, output).toEqual(await offline(program, onAws));
    expect(refusals).toHaveLength(1);
    expect(report.verdict).toBe("refused");
    expect(
      report.findings
        .filter(({ level }) => level === "mandatory")
        .map(({ rule, urn }) => ({ policy: rule, urn })),
    ).toEqual(refusals);
  });
});
