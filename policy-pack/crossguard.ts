import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationArgs,
  StackValidationPolicy,
} from "@pulumi/policy";

import type { Finding, Severity } from "./finding";
import { judge, judgeAlone } from "./judge";
import type { PolicyRule } from "./policy-rule";
import { rawProperties } from "./raw-properties";
import { rules } from "./rules";
import type { StackResource } from "./stack-resource";
import { violationText } from "./violation";

/** What CrossGuard takes besides a text, which its types do not show (@pulumi/policy, `makeReportViolationFun`). */
interface Violation {
  readonly name: string;
  readonly message: string;
  readonly urn: string;
  readonly severity: Severity;
  readonly enforcementLevel: "mandatory" | "advisory";
}

/**
 * The most violations that are written out. The engine reads at most 4 MB of an answer (gRPC's default); the rest is
 * counted in one last violation, which refuses the stack like the others.
 */
const mostViolations = 500;

type Properties = Readonly<Record<string, unknown>>;

/** Judges the stacks that CrossGuard shows, and fails closed where CrossGuard by itself does not. */
export class Gate {
  /** Checked inputs by URN, as `Analyze` shows them before `AnalyzeStack` shows outputs. */
  readonly #inputs = new Map<string, Properties>();
  readonly #dryRun: boolean;
  #stackIsJudged = false;
  /** The policy that reports for all. */
  #reporter: string | undefined;

  /** @param options `dryRun` says whether the pack serves a preview, in which ids are not known. */
  constructor(options: { readonly dryRun: boolean }) {
    this.#dryRun = options.dryRun;
  }

  /** Records a resource's checked inputs, and refuses what no other resource can make right. */
  validateResource(args: ResourceValidationArgs, report: ReportViolation): void {
    if (this.#stackIsJudged) {
      this.#inputs.clear(); // The next deployment has begun; its resources are not those of the last one.
      this.#stackIsJudged = false;
    }
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
      providerInputs: args.provider === undefined ? undefined : rawProperties(args.provider.props),
    };
    reportAll(judgeAlone(resource), report);
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
    this.#reporter ??= policy;
    if (this.#reporter !== policy) {
      return;
    }
    setImmediate(() => {
      this.#reporter = undefined;
    });
    this.#stackIsJudged = true;
    const resources = args.resources.map((resource) => this.#stackResource(resource));
    reportAll(judge(resources, { dryRun: this.#dryRun }).findings, report);
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
      providerInputs: provider === undefined ? undefined : rawProperties(provider.props),
    };
  }
}

function reportAll(findings: readonly Finding[], report: ReportViolation): void {
  const give = report as unknown as (violation: Violation) => void;
  const ruleOf = (name: Finding["rule"]): PolicyRule => {
    const rule = rules.find((candidate) => candidate.name === name);
    if (rule === undefined) {
      throw new Error(`no rule ${name}`);
    }
    return rule;
  };
  // What refuses comes first, so that nothing advisory takes its place.
  const inOrder = [...findings].sort(
    (a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"),
  );
  for (const finding of inOrder.slice(0, mostViolations)) {
    give({
      name: finding.rule,
      message: violationText(finding, ruleOf(finding.rule)),
      urn: finding.urn,
      severity: finding.severity,
      enforcementLevel: finding.level,
    });
  }
  const rest = inOrder.slice(mostViolations);
  const [first] = rest;
  if (first !== undefined) {
    give({
      name: first.rule,
      message: `${String(rest.length)} more findings are not written out. Mend those above, and run again.`,
      urn: first.urn,
      severity: first.severity,
      enforcementLevel: first.level,
    });
  }
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
    const give = report as unknown as (violation: Violation) => void;
    give({
      name,
      message: `The judge met a value that is not known, and nothing proves that it is harmless: ${error.message}.`,
      urn,
      severity: "critical",
      enforcementLevel: "mandatory",
    });
  }
}

/** The name of the policy that looks at single resources. */
export const resourcePolicyName = "resources-are-judged-before-creation";

/** The pack's policies: one that sees single resources, and one for each rule. */
export function policies(gate: Gate): readonly (ResourceValidationPolicy | StackValidationPolicy)[] {
  const perResource: ResourceValidationPolicy = {
    name: resourcePolicyName,
    displayName: "Resources are judged before creation",
    description:
      "Records the checked inputs of each resource, and refuses one that by itself is a way out of the PHI zone, or takes connections of a zone without knowing whose they are.",
    enforcementLevel: "mandatory",
    severity: "critical",
    framework: {
      name: "HIPAA Security Rule",
      version: "2013",
      reference: "45 CFR 164.312(e)(1)",
      specification: "Transmission security",
    },
    remediationSteps: "Take away what the violation names.",
    url: `docs/rules.md#${resourcePolicyName}`,
    validateResource: (args, report) => {
      failingClosed(resourcePolicyName, args.urn, report, () => {
        gate.validateResource(args, report);
      });
    },
  };
  return [
    perResource,
    ...rules.map((rule): StackValidationPolicy => ({
      name: rule.name,
      displayName: rule.title,
      description: rule.description,
      enforcementLevel: "mandatory",
      severity: rule.severity,
      framework: { ...rule.framework },
      remediationSteps: rule.remediation,
      url: `docs/rules.md#${rule.name}`,
      validateStack: (args, report) => {
        failingClosed(rule.name, args.resources[0]?.urn ?? "", report, () => {
          gate.validateStack(rule.name, args, report);
        });
      },
    })),
  ];
}
