import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { breachList } from "./breach-list";
import { collected } from "./child-output";
import { CouldNotRun } from "./could-not-run";
import type { PolicyConfig } from "./policy-config";
import { settingBreaches } from "./policy-config-breaches";
import type { Properties } from "./property-values";
import type { Provider, RegisteredResource } from "./registered-resource";
import { protocolLevels, settablePolicies, type SettablePolicy } from "./settable-policy";
import type { ProgramStack } from "./stack-file";

/** What a policy says of a resource. */
export interface Violation {
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly severity: "unspecified" | "low" | "medium" | "high" | "critical";
  readonly urn: string;
  readonly message: string;
}

/** What a pack is told of the stack that it judges. */
export interface AnalyzedStack extends Pick<ProgramStack, "project" | "stack" | "config"> {
  /** Whether it is shown a preview, in which ids are not known; so it is where nothing else is said. */
  readonly dryRun?: boolean;
}

/** The engine's address where there is none: a pack is told one, and asks it for nothing. */
export const noEngine = "127.0.0.1:1";

/** The largest answer that the engine takes of a pack is gRPC's default of 4 MB; requests are larger. */
const requestLimit = 400 * 1024 * 1024;

/** How long a pack may take to begin to serve. */
const startTimeoutMs = 60_000;

const severities: Readonly<Record<number, Violation["severity"]>> = {
  [proto.PolicySeverity.POLICY_SEVERITY_UNSPECIFIED]: "unspecified",
  [proto.PolicySeverity.POLICY_SEVERITY_LOW]: "low",
  [proto.PolicySeverity.POLICY_SEVERITY_MEDIUM]: "medium",
  [proto.PolicySeverity.POLICY_SEVERITY_HIGH]: "high",
  [proto.PolicySeverity.POLICY_SEVERITY_CRITICAL]: "critical",
};

/** CrossGuard's own words for a policy that met what it did not know, and was given up (@pulumi/policy, server.ts). */
const givenUp = /^can't run policy/;

function struct(properties: Properties): Struct {
  return Struct.fromJavaScript(properties as Record<string, never>);
}

function optionsOf({ options, parent }: RegisteredResource): proto.AnalyzerResourceOptions {
  const shown = new proto.AnalyzerResourceOptions();
  shown.setProtect(options.protect);
  shown.setIgnorechangesList([...options.ignoreChanges]);
  shown.setAliasesList([...options.aliases]);
  shown.setAdditionalsecretoutputsList([...options.additionalSecretOutputs]);
  shown.setCustomtimeouts(new proto.AnalyzerResourceOptions.CustomTimeouts());
  shown.setDeletebeforereplacedefined(options.deleteBeforeReplace !== undefined);
  shown.setDeletebeforereplace(options.deleteBeforeReplace ?? false);
  shown.setParent(parent ?? "");
  return shown;
}

function providerOf({ urn, type, name, inputs }: Provider): proto.AnalyzerProviderResource {
  const shown = new proto.AnalyzerProviderResource();
  shown.setUrn(urn);
  shown.setType(type);
  shown.setName(name);
  shown.setProperties(struct(inputs));
  return shown;
}

function violationsOf(response: proto.AnalyzeResponse, subject: string): readonly Violation[] {
  return response.getDiagnosticsList().map((diagnostic): Violation => {
    const message = diagnostic.getMessage();
    const isAdvice = diagnostic.getEnforcementlevel() === proto.EnforcementLevel.ADVISORY;
    return {
      policy: diagnostic.getPolicyname(),
      // A policy that was given up has judged nothing, so it accepts nothing.
      level: isAdvice && !givenUp.test(message) ? "advisory" : "mandatory",
      severity: severities[diagnostic.getSeverity()] ?? "unspecified",
      urn: diagnostic.getUrn() === "" ? subject : diagnostic.getUrn(),
      message,
    };
  });
}

function stop(child: ChildProcess, client: AnalyzerClient): void {
  client.close();
  child.removeAllListeners("close");
  child.kill();
}

/** A policy pack that serves in a process of its own, as the engine runs it, over CrossGuard's protocol. */
export class PolicyPackServer {
  readonly #child: ChildProcess;
  readonly #client: AnalyzerClient;
  /** The pack's name, and the policies that it holds. */
  readonly name: string;
  readonly policies: readonly string[];
  /** The lines that the pack has written since it began to serve. */
  readonly lines: readonly string[];
  /** The same policies, with what may be set of each. */
  readonly settable: readonly SettablePolicy[];
  /** Whether a policy is at the level at which it may put a resource right. */
  #remediates = false;

  private constructor(
    child: ChildProcess,
    client: AnalyzerClient,
    info: proto.AnalyzerInfo,
    lines: readonly string[],
  ) {
    this.#child = child;
    this.#client = client;
    this.lines = lines;
    this.name = info.getName();
    this.settable = settablePolicies(info);
    this.policies = this.settable.map(({ name }) => name);
  }

  /** The id of the pack's process. */
  get processId(): number | undefined {
    return this.#child.pid;
  }

  /**
   * Starts a pack that judges.
   *
   * @param directory the pack's folder, with its PulumiPolicy.yaml.
   * @param settings what the user sets of its policies, over their own defaults.
   * @throws CouldNotRun if the pack does not begin to serve, or if it has no such settings.
   */
  static async start(
    directory: string,
    stack: AnalyzedStack,
    engineAddress: string,
    settings: PolicyConfig = new Map(),
  ): Promise<PolicyPackServer> {
    const server = await PolicyPackServer.open(directory, stack, engineAddress);
    try {
      await server.#configure(settings);
      return server;
    } catch (error) {
      server.close();
      throw error;
    }
  }

  /**
   * Starts a pack that says what it holds, and has no levels and settings to judge by.
   *
   * @param directory the pack's folder, with its PulumiPolicy.yaml.
   * @throws CouldNotRun if the pack does not begin to serve.
   */
  static async open(
    directory: string,
    { project, stack, config, dryRun = true }: AnalyzedStack,
    engineAddress: string,
  ): Promise<PolicyPackServer> {
    const folder = resolve(directory);
    if (!existsSync(join(folder, "PulumiPolicy.yaml"))) {
      throw new CouldNotRun(`${folder} holds no PulumiPolicy.yaml, so it is no policy pack.`);
    }
    let runner: string;
    try {
      runner = createRequire(join(folder, "package.json")).resolve("@pulumi/pulumi/cmd/run-policy-pack");
    } catch {
      throw new CouldNotRun(`The policy pack in ${folder} is not installed. Run npm ci.`);
    }
    const child = spawn(
      process.execPath,
      [
        "--max-semi-space-size=64",
        "--require",
        join(__dirname, "lean-runtime.js"),
        runner,
        engineAddress,
        folder,
      ],
      {
        cwd: folder,
        // What the language host's proxy tells the pack (pulumi-language-nodejs, policy_proxy.go).
        env: {
          ...process.env,
          PULUMI_NODEJS_ORGANIZATION: "organization",
          PULUMI_NODEJS_PROJECT: project,
          PULUMI_NODEJS_STACK: stack,
          PULUMI_NODEJS_DRY_RUN: String(dryRun),
          PULUMI_CONFIG: JSON.stringify(Object.fromEntries(config)),
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const standardError = collected(child.stderr);
    const lines: string[] = [];
    const port = await new Promise<string>((resolvePort, reject) => {
      const timer = setTimeout(() => {
        child.kill("SIGKILL");
        reject(
          new CouldNotRun(
            `The policy pack in ${folder} did not begin to serve within ${String(startTimeoutMs / 1000)} s.`,
          ),
        );
      }, startTimeoutMs);
      let text = "";
      let isServing = false;
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (isServing) {
          lines.push(line);
          return;
        }
        text += `${line}\n`;
        if (/^\d+\s*$/.test(line)) {
          isServing = true;
          clearTimeout(timer);
          resolvePort(line.trim());
        }
      });
      child.on("close", (code) => {
        clearTimeout(timer);
        reject(
          new CouldNotRun(
            `The policy pack in ${folder} ended with exit code ${String(code)}:\n${standardError() || text}`,
          ),
        );
      });
    });
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.max_send_message_length": requestLimit,
    });
    try {
      const info = await new Promise<proto.AnalyzerInfo>((resolveInfo, reject) => {
        client.getAnalyzerInfo(new Empty(), (error, response) => {
          if (error === null) {
            resolveInfo(response);
          } else {
            reject(
              new CouldNotRun(`The policy pack in ${folder} does not say what it holds: ${error.details}`),
            );
          }
        });
      });
      return new PolicyPackServer(child, client, info, lines);
    } catch (error) {
      stop(child, client);
      throw error;
    }
  }

  /** Gives each policy its level and its own defaults, as the engine does after it has merged and checked them. */
  async #configure(settings: PolicyConfig): Promise<void> {
    const breaches = settingBreaches(settings, this.name, this.settable);
    if (breaches.length > 0) {
      throw new CouldNotRun(breachList("The policy configuration does not fit the policy pack", breaches));
    }
    const request = new proto.ConfigureAnalyzerRequest();
    for (const policy of this.settable) {
      const own = settings.get(policy.name);
      const level = own?.enforcementLevel ?? settings.get("all")?.enforcementLevel ?? policy.level;
      this.#remediates ||= level === "remediate";
      const config = new proto.PolicyConfig();
      config.setEnforcementlevel(protocolLevels[level]);
      config.setProperties(struct({ ...policy.given, ...own?.properties }));
      request.getPolicyconfigMap().set(policy.name, config);
    }
    await this.#call("configure the policies", (done) => {
      this.#client.configure(request, done);
    });
  }

  async #call<Response>(
    what: string,
    start: (done: (error: grpc.ServiceError | null, response: Response) => void) => void,
  ): Promise<Response> {
    return new Promise((resolveCall, reject) => {
      start((error, response) => {
        if (error === null) {
          resolveCall(response);
        } else {
          reject(new CouldNotRun(`The policy pack ${this.name} failed to ${what}: ${error.details}`));
        }
      });
    });
  }

  /** Shows a resource's checked inputs to the policies of single resources, as the engine does before it creates it. */
  async analyze(resource: RegisteredResource): Promise<readonly Violation[]> {
    const request = new proto.AnalyzeRequest();
    request.setType(resource.type);
    request.setName(resource.name);
    request.setUrn(resource.urn);
    request.setProperties(struct(resource.inputs));
    request.setOptions(optionsOf(resource));
    if (resource.provider !== undefined) {
      request.setProvider(providerOf(resource.provider));
    }
    // The engine always asks what to put right; a pack answers only for policies whose level says so.
    if (this.#remediates) {
      await this.#call<proto.RemediateResponse>(`remediate ${resource.urn}`, (done) => {
        this.#client.remediate(request, done);
      });
    }
    const response = await this.#call<proto.AnalyzeResponse>(`analyze ${resource.urn}`, (done) => {
      this.#client.analyze(request, done);
    });
    return violationsOf(response, resource.urn);
  }

  /** Shows the whole stack, with outputs, to the policies of stacks. */
  async analyzeStack(
    resources: readonly RegisteredResource[],
    rootUrn: string,
  ): Promise<readonly Violation[]> {
    const request = new proto.AnalyzeStackRequest();
    request.setResourcesList(
      resources.map((resource) => {
        const shown = new proto.AnalyzerResource();
        shown.setType(resource.type);
        shown.setName(resource.name);
        shown.setUrn(resource.urn);
        shown.setProperties(struct(resource.outputs));
        shown.setOptions(optionsOf(resource));
        shown.setParent(resource.parent ?? "");
        shown.setDependenciesList([...resource.dependencies]);
        for (const [key, urns] of Object.entries(resource.propertyDependencies)) {
          const dependencies = new proto.AnalyzerPropertyDependencies();
          dependencies.setUrnsList([...urns]);
          shown.getPropertydependenciesMap().set(key, dependencies);
        }
        if (resource.provider !== undefined) {
          shown.setProvider(providerOf(resource.provider));
        }
        return shown;
      }),
    );
    const response = await this.#call<proto.AnalyzeResponse>("analyze the stack", (done) => {
      this.#client.analyzeStack(request, done);
    });
    return violationsOf(response, rootUrn);
  }

  close(): void {
    stop(this.#child, this.#client);
  }
}
