import { z } from "zod";

import type {
  PolicyConfigSchema,
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { Finding, Severity } from "./finding";
import { hipaa } from "./framework";
import { judge, judgeAlone, type Judgement } from "./judge";
import { rawProperties } from "./raw-properties";
import { engineReport } from "./report/engine-report";
import { reportFiles } from "./report/report-files";
import { writeFiles } from "./report/write-files";
import { withChanges } from "./report/with-changes";
import { requestedReport, type ReportEnvironment } from "./report-request";
import { rules } from "./rules";
import { settings, settingSchemas, type ConfiguredPolicy, type RawSettings, type Settings } from "./settings";
import type { StackResource } from "./stack-resource";
import { violationText } from "./violation";
import { readWaivers, type Waivers } from "./waivers";

/** What CrossGuard takes besides a text, which its types do not show (@pulumi/policy, `makeReportViolationFun`). */
interface Violation {
  readonly name: string;
  readonly message: string;
  readonly urn: string;
  readonly severity: Severity;
  readonly enforcementLevel: "mandatory" | "advisory";
}

/**
 * How many bytes of violations are written out. The engine reads at most 4 MB of an answer (gRPC's default; pulumi,
 * policy_proxy.go); the rest is counted in one last violation, which refuses the stack like the others.
 */
const mostBytes = 2 * 1024 * 1024;

/** What an answer adds to each violation: the pack's name, the policy's description and the like. */
const bytesBesides = 1024;

/** The most of one text that is written out. */
const mostText = 16 * 1024;

function isConfigured(policy: string): policy is ConfiguredPolicy {
  return Object.hasOwn(settingSchemas, policy);
}

/** Judges the stacks that CrossGuard shows, and fails closed where CrossGuard by itself does not. */
export class Gate {
  /** Checked inputs by URN, as `Analyze` shows them before `AnalyzeStack` shows outputs. */
  readonly #inputs = new Map<string, Readonly<Record<string, unknown>>>();
  readonly #dryRun: boolean;
  readonly #say: (line: string) => void;
  readonly #report: ReportEnvironment;
  readonly #today: string;
  readonly #waiversFile: string | undefined;
  /** Configuration by the policy that was called with it. CrossGuard shows each policy its own, if it is on. */
  #configuration: RawSettings = {};
  #settings: Settings | undefined;
  #waivers: Waivers | undefined;
  #stackIsJudged = false;
  /** URNs of the resources of which a policy has been asked in this turn of the event loop; the others are silent. */
  readonly #judgedAlone = new Set<string>();
  /** The policy that reports for all. */
  #reporter: string | undefined;

  /**
   * @param options `dryRun` says whether the pack serves a preview, in which ids are not known; `say` writes a line for
   * whoever watches the run; `today` is the day in UTC, by which waivers end; `waiversFile`, the file of waivers that the
   * environment names; `report`, what it says of reports, whatever the configuration says.
   */
  constructor(options: {
    readonly dryRun: boolean;
    readonly say: (line: string) => void;
    readonly today: string;
    readonly waiversFile?: string | undefined;
    readonly report?: ReportEnvironment;
  }) {
    this.#dryRun = options.dryRun;
    this.#say = options.say;
    this.#today = options.today;
    this.#waiversFile = options.waiversFile;
    this.#report = options.report ?? {};
  }

  /**
   * Records a resource's checked inputs, and refuses what no other resource can make right. The first of the policies
   * that are called for a resource reports for all.
   *
   * @param policy the name of the policy that is called.
   */
  validateResource(policy: string, args: ResourceValidationArgs, report: ReportViolation): void {
    if (this.#stackIsJudged) {
      this.#inputs.clear(); // The next deployment has begun; its resources and settings are not those of the last one.
      this.#configuration = {};
      this.#settings = undefined;
      this.#waivers = undefined;
      this.#stackIsJudged = false;
    }
    this.#hear(policy, args);
    if (this.#judgedAlone.has(args.urn)) {
      return;
    }
    this.#judgedAlone.add(args.urn);
    setImmediate(() => {
      this.#judgedAlone.delete(args.urn);
    });
    const inputs = rawProperties(args.props);
    this.#inputs.set(args.urn, inputs);
    const resource: StackResource = {
      urn: args.urn,
      type: args.type,
      name: args.name,
      outputs: inputs,
      inputs,
      parent: undefined,
      dependencies: [],
      propertyDependencies: {},
      ignoreChanges: args.opts.ignoreChanges,
      protect: args.opts.protect,
      providerInputs: args.provider === undefined ? undefined : rawProperties(args.provider.props),
    };
    const findings = judgeAlone(resource, {
      settings: this.#currentSettings(),
      waivers: this.#currentWaivers(),
      urns: this.#inputs.keys(),
    });
    reportAll(findings, report);
  }

  /** Keeps the configuration of a policy that is on. */
  #hear(policy: string, args: ResourceValidationArgs | StackValidationArgs): void {
    if (isConfigured(policy) && !Object.hasOwn(this.#configuration, policy)) {
      this.#configuration = { ...this.#configuration, [policy]: args.getConfig() };
      this.#settings = undefined;
      this.#waivers = undefined;
    }
  }

  #currentSettings(): Settings {
    this.#settings ??= settings(this.#configuration);
    return this.#settings;
  }

  #currentWaivers(): Waivers {
    this.#waivers ??= readWaivers(this.#currentSettings(), {
      environment: this.#waiversFile,
      today: this.#today,
    });
    return this.#waivers;
  }

  /**
   * Judges the stack by all rules, and reports what they find under their own names.
   *
   * CrossGuard calls this for each policy that is switched on, always in the same order; the first reports for all, so
   * that switching one off changes nothing. All calls for one stack happen before the event loop turns, and calls for
   * another may come between them: the first policy reports for each stack.
   *
   * @param policy the name of the policy that is called.
   */
  validateStack(policy: string, args: StackValidationArgs, report: ReportViolation): void {
    this.#hear(policy, args);
    this.#reporter ??= policy;
    if (this.#reporter !== policy) {
      return;
    }
    setImmediate(() => {
      this.#reporter = undefined;
    });
    this.#stackIsJudged = true;
    const resources = args.resources.map((resource) => this.#stackResource(resource));
    const begin = performance.now();
    const judgement = judge(resources, {
      dryRun: this.#dryRun,
      settings: this.#currentSettings(),
      waivers: this.#currentWaivers(),
    });
    const { findings } = judgement;
    const problem = this.#writeReport(resources, judgement, begin);
    if (problem !== undefined) {
      // Whoever asked for a report would take the last one, or none, for what is said of this stack.
      const urn =
        resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? resources[0]?.urn ?? "";
      refuse(report, resourcePolicyName, urn, problem);
    }
    reportAll(findings, report);
    this.#say(heartbeat(resources.length, findings, problem === undefined ? 0 : 1));
  }

  /** Writes the report, if somebody asks for one; gives the reason why it could not. */
  #writeReport(resources: readonly StackResource[], judgement: Judgement, begin: number): string | undefined {
    const request = requestedReport(this.#configuration[resourcePolicyName], this.#report);
    if (request === undefined || "problem" in request) {
      return request?.problem;
    }
    try {
      const durationMs = Math.round(performance.now() - begin);
      const written = engineReport(resources, judgement, durationMs);
      writeFiles(request.directory, reportFiles(withChanges(written, request.base)));
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    this.#say(`bulkhead wrote the report: ${request.directory}`);
    return undefined;
  }

  #stackResource({
    urn,
    type,
    name,
    props,
    parent,
    opts,
    dependencies,
    propertyDependencies,
    provider,
  }: PolicyResource): StackResource {
    return {
      urn,
      type,
      name,
      outputs: rawProperties(props),
      inputs: this.#inputs.get(urn),
      parent: parent?.urn ?? opts.parent,
      dependencies: dependencies.map((dependency) => dependency.urn),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, values]) => [key, values.map((value) => value.urn)]),
      ),
      ignoreChanges: opts.ignoreChanges,
      protect: opts.protect,
      providerInputs: provider === undefined ? undefined : rawProperties(provider.props),
    };
  }
}

/**
 * The line that says that a stack was judged. Whoever watches the gate refuses a run without it: configuration that
 * switches every policy off leaves none to say so.
 *
 * @param others how many violations there are besides the findings.
 */
function heartbeat(resources: number, findings: readonly Finding[], others: number): string {
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  const waived = findings.filter(({ waivedBy }) => waivedBy !== undefined).length;
  const counts = [
    `${String(resources)} resources`,
    `${String(rules.length)} rules`,
    `${String(mandatory + others)} mandatory`,
    `${String(findings.length - mandatory)} advisory`,
    ...(waived === 0 ? [] : [`${String(waived)} of them waived`]),
  ];
  return `bulkhead judged the stack: ${counts.join(", ")}`;
}

function shortened(text: string): string {
  return text.length <= mostText
    ? text
    : `${text.slice(0, mostText)}... (${String(text.length - mostText)} more)`;
}

function reportAll(findings: readonly Finding[], report: ReportViolation): void {
  const give = report as unknown as (violation: Violation) => void;
  // What refuses comes first, so that nothing advisory takes its place.
  const inOrder = [...findings].sort(
    (a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"),
  );
  let bytes = 0;
  for (const [index, finding] of inOrder.entries()) {
    const message = shortened(violationText(finding));
    bytes += Buffer.byteLength(message) + Buffer.byteLength(finding.urn) + bytesBesides;
    const isFull = bytes > mostBytes;
    give({
      name: finding.rule,
      message: isFull
        ? `${String(inOrder.length - index)} more findings are not written out. Mend those above, and run again.`
        : message,
      urn: shortened(finding.urn),
      severity: finding.severity,
      enforcementLevel: finding.level,
    });
    if (isFull) {
      return;
    }
  }
}

/** Refuses a stack for what is no rule's matter. */
function refuse(report: ReportViolation, name: string, urn: string, message: string): void {
  const give = report as unknown as (violation: Violation) => void;
  give({ name, message, urn, severity: "critical", enforcementLevel: "mandatory" });
}

/**
 * Runs a policy so that a property which is not known refuses the stack. CrossGuard makes an advice of it, whatever the
 * policy's level (policy-pack, `docs/adr`): the judge reads no property that way, and this holds should it ever do so.
 */
function failingClosed(name: string, urn: string, report: ReportViolation, run: () => void): void {
  try {
    run();
  } catch (error) {
    // The class is exported without a type.
    if (!(error instanceof Error && error.constructor.name === "UnknownValueError")) {
      throw error;
    }
    refuse(
      report,
      name,
      urn,
      `The judge met a value that is not known, and nothing proves that it is harmless: ${error.message}.`,
    );
  }
}

/** The name of the policy that looks at single resources. */
export const resourcePolicyName = "resources-are-judged-before-creation";

/** The shape of a policy's configuration, as CrossGuard's clients show and check it. */
function configSchema(policy: ConfiguredPolicy): PolicyConfigSchema {
  const { properties } = z.toJSONSchema(settingSchemas[policy], { io: "input" });
  return { properties: properties as NonNullable<PolicyConfigSchema["properties"]> };
}

/**
 * The pack's policies: one that sees single resources, and one for each rule. Those that take configuration see single
 * resources as well, so that the configuration is there when the first of them judges the stack.
 */
export function policies(gate: Gate): readonly (ResourceValidationPolicy | StackValidationPolicy)[] {
  const perResource: ResourceValidationPolicy = {
    name: resourcePolicyName,
    displayName: "Resources are judged before creation",
    description:
      "Records the checked inputs of each resource, and refuses one that by itself is a way out of the PHI zone, takes connections of a zone without knowing whose they are, or is a certificate that breaks its rule.",
    enforcementLevel: "mandatory",
    severity: "critical",
    framework: hipaa("164.312(e)(1)"),
    remediationSteps: "Take away what the violation names.",
    url: `docs/rules.md#${resourcePolicyName}`,
    configSchema: configSchema(resourcePolicyName),
    validateResource: validateResource(gate, resourcePolicyName),
  };
  const ofRules = rules.map(
    (rule): StackValidationPolicy | (StackValidationPolicy & ResourceValidationPolicy) => {
      const policy: StackValidationPolicy = {
        name: rule.name,
        displayName: rule.title,
        description: rule.description,
        enforcementLevel: "mandatory",
        severity: rule.severity,
        framework: { ...rule.frameworks[0] },
        tags: [rule.id, ...rule.frameworks.map(({ name, reference }) => `${name} ${reference}`)],
        remediationSteps: rule.remediation,
        url: `docs/rules.md#${rule.name}`,
        validateStack: (args, report) => {
          failingClosed(rule.name, args.resources[0]?.urn ?? "", report, () => {
            gate.validateStack(rule.name, args, report);
          });
        },
      };
      return isConfigured(rule.name)
        ? {
            ...policy,
            configSchema: configSchema(rule.name),
            validateResource: validateResource(gate, rule.name),
          }
        : policy;
    },
  );
  // What assigns zones is called first, since all else hangs on it.
  const order = Object.keys(settingSchemas);
  const first = ofRules
    .filter(({ name }) => isConfigured(name))
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return [...first, perResource, ...ofRules.filter((policy) => !first.includes(policy))];
}

function validateResource(
  gate: Gate,
  name: string,
): NonNullable<ResourceValidationPolicy["validateResource"]> {
  return (args, report) => {
    failingClosed(name, args.urn, report, () => {
      gate.validateResource(name, args, report);
    });
  };
}
