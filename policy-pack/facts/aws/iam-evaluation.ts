import { rememberedByText } from "../../remembered-by-text";

import type { PolicyStatement } from "./iam-policy";

/**
 * What a request says of one condition key: a value, any value but some, nothing, or whatever whoever makes the request
 * chooses.
 */
export type KeyValue =
  /** The forms in which a policy may write the value. */
  | { readonly kind: "is"; readonly forms: readonly string[] }
  | { readonly kind: "other-than"; readonly isExcluded: (value: string) => boolean }
  | { readonly kind: "absent" }
  | { readonly kind: "any" }
  /** One of several, which whoever makes the request chooses. */
  | { readonly kind: "either"; readonly of: readonly KeyValue[] };

/** A kind of caller: which principals of a policy it may be, and must be. */
export interface Caller {
  /** Whether the principal of a statement may stand for the caller. */
  readonly mayBe: (principal: { readonly type: string; readonly value: string }) => boolean;
  /** What the caller's requests say of condition keys, in lower case; any value for a key that is not listed. */
  readonly keys: ReadonlyMap<string, KeyValue>;
}

/** A statement that lets something happen, with the action and the resource as it names them. */
export interface Admission {
  readonly statement: PolicyStatement;
  readonly action: string;
  readonly resource: string;
}

/** Whether something holds of every request that is meant, of none, or of some. */
type Truth = "always" | "never" | "sometimes";

function all(truths: readonly Truth[]): Truth {
  if (truths.includes("never")) {
    return "never";
  }
  return truths.includes("sometimes") ? "sometimes" : "always";
}

/** What holds of requests of several kinds. */
function either(truths: readonly Truth[]): Truth {
  const [first, ...others] = truths;
  return first !== undefined && others.every((truth) => truth === first) ? first : "sometimes";
}

function not(truth: Truth): Truth {
  return truth === "always" ? "never" : truth === "never" ? "always" : "sometimes";
}

/** Patterns as expressions, by whether the case counts. */
const patterns = { ofAnyCase: new Map<string, RegExp>(), ofItsCase: new Map<string, RegExp>() } as const;

/** Whether a text matches a pattern of IAM's, in which `*` is any text and `?` any character. */
export function matches(pattern: string, text: string, options: { readonly ignoreCase: boolean }): boolean {
  if (pattern === "*") {
    return true;
  }
  const known = options.ignoreCase ? patterns.ofAnyCase : patterns.ofItsCase;
  let expression = known.get(pattern);
  if (expression === undefined) {
    const source = pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".");
    expression = new RegExp(`^${source}$`, options.ignoreCase ? "is" : "s");
    known.set(pattern, expression);
  }
  return expression.test(text);
}

/** Whether everything that a pattern can stand for is matched by another. A star of the first is matched by a star alone. */
function covers(wide: string, narrow: string, options: { readonly ignoreCase: boolean }): boolean {
  // No action or resource holds these characters, so they stand for whatever the narrower pattern leaves open.
  return matches(wide, narrow.replaceAll("*", "\u0001").replaceAll("?", "\u0002"), options);
}

const actionsIgnoreCase = { ignoreCase: true } as const;
const resourcesDoNot = { ignoreCase: false } as const;

/** How one value of a condition compares with what a request says. */
type Comparison = (expected: string, actual: string) => boolean;

const equals: Comparison = (expected, actual) => expected === actual;
const equalsInAnyCase: Comparison = (expected, actual) => expected.toLowerCase() === actual.toLowerCase();
const like: Comparison = (expected, actual) => matches(expected, actual, resourcesDoNot);

const comparisons: Readonly<Record<string, { readonly compare: Comparison; readonly isNegated: boolean }>> = {
  StringEquals: { compare: equals, isNegated: false },
  StringNotEquals: { compare: equals, isNegated: true },
  StringEqualsIgnoreCase: { compare: equalsInAnyCase, isNegated: false },
  StringNotEqualsIgnoreCase: { compare: equalsInAnyCase, isNegated: true },
  StringLike: { compare: like, isNegated: false },
  StringNotLike: { compare: like, isNegated: true },
  ArnEquals: { compare: like, isNegated: false },
  ArnNotEquals: { compare: like, isNegated: true },
  ArnLike: { compare: like, isNegated: false },
  ArnNotLike: { compare: like, isNegated: true },
  Bool: { compare: equalsInAnyCase, isNegated: false },
};

/** Operators whose values the judge does not compare: whatever they ask for may hold, and may not. */
const uncompared: Truth = "sometimes";

/** A value with a variable in it is another for each request (IAM user guide, "Policy elements: Variables and tags"). */
function isVariable(value: string): boolean {
  return value.includes("${");
}

/** What an operator of a condition is made of. */
interface Operator {
  readonly quantifier: string | undefined;
  readonly ifExists: boolean;
  readonly name: string;
}

const operatorOf = rememberedByText((operator): Operator => {
  const [, quantifier, rest = ""] = /^(ForAllValues:|ForAnyValue:)?(.*)$/.exec(operator) ?? [];
  const ifExists = rest.endsWith("IfExists");
  return { quantifier, ifExists, name: ifExists ? rest.slice(0, -"IfExists".length) : rest };
});

/** Whether a condition holds of the requests of a caller (IAM user guide, "Condition operators"). */
function holds(operator: string, expected: readonly string[], actual: KeyValue): Truth {
  if (actual.kind === "either") {
    return either(actual.of.map((option) => holds(operator, expected, option)));
  }
  const { quantifier, ifExists, name } = operatorOf(operator);
  if (name === "Null") {
    const asksForAbsence = expected.some((value) => value.toLowerCase() === "true");
    const isAbsent: Truth =
      actual.kind === "absent" ? "always" : actual.kind === "any" ? "sometimes" : "never";
    return asksForAbsence ? isAbsent : not(isAbsent);
  }
  const comparison = comparisons[name];
  if (actual.kind === "any" || (comparison === undefined && actual.kind !== "absent")) {
    return uncompared;
  }
  const isNegated = comparison?.isNegated ?? /Not/.test(name);
  if (actual.kind === "absent") {
    // Without the key a condition fails, unless it is one of difference, of existence, or of each of no values. Of any of
    // no values it fails; what then counts where it is one of difference, the guide does not say.
    const mayHold = isNegated || ifExists || quantifier === "ForAllValues:";
    return mayHold ? (quantifier === "ForAnyValue:" ? "sometimes" : "always") : "never";
  }
  const compare = comparison?.compare ?? ((): boolean => false);
  const fixed = expected.filter((candidate) => !isVariable(candidate));
  const isOpen = fixed.length < expected.length;
  const isEqual: Truth =
    actual.kind === "is"
      ? actual.forms.some((form) => fixed.some((candidate) => compare(candidate, form)))
        ? "always"
        : isOpen
          ? "sometimes"
          : "never"
      : !isOpen && fixed.every((candidate) => actual.isExcluded(candidate))
        ? "never"
        : "sometimes";
  return isNegated ? not(isEqual) : isEqual;
}

/** The values of a condition, with the account of the caller in the place of its variable, where that is known. */
function withAccount(expected: readonly string[], { keys }: Caller): readonly string[] {
  const account = keys.get("aws:principalaccount");
  return account?.kind === "is" && expected.some(isVariable)
    ? expected.map((value) =>
        isVariable(value) ? value.replaceAll(/\$\{aws:PrincipalAccount\}/gi, account.forms[0] ?? "") : value,
      )
    : expected;
}

function conditionsHold({ Condition = {} }: PolicyStatement, caller: Caller): Truth {
  const truths: Truth[] = [];
  for (const operator in Condition) {
    const keys = Condition[operator] ?? {};
    for (const key in keys) {
      const expected = withAccount(keys[key] ?? [], caller);
      const truth = holds(operator, expected, caller.keys.get(key.toLowerCase()) ?? { kind: "any" });
      if (truth === "never") {
        return truth;
      }
      truths.push(truth);
    }
  }
  return all(truths);
}

function principalsOf(
  principal: PolicyStatement["Principal"],
): readonly { readonly type: string; readonly value: string }[] {
  return Object.entries(principal ?? {}).flatMap(([type, values]) =>
    (values ?? []).map((value) => ({ type, value })),
  );
}

/** Whether a statement speaks of a caller. A policy without principals is a role's own, and speaks of whoever has it. */
function mayBeMeant({ Principal, NotPrincipal }: PolicyStatement, caller: Caller): boolean {
  if (NotPrincipal !== undefined) {
    return true;
  }
  return Principal === undefined || principalsOf(Principal).some((principal) => caller.mayBe(principal));
}

/** Whether a statement speaks of every caller. */
function meansEverybody({ Principal, NotPrincipal }: PolicyStatement): boolean {
  return NotPrincipal === undefined && (Principal === undefined || Principal.AWS?.includes("*") === true);
}

/** Whether a statement speaks of every caller's requests on a resource, and refuses what actions it names. */
function refusesOn(statement: PolicyStatement, resource: string): boolean {
  const { Effect, Resource, NotResource } = statement;
  return (
    Effect === "Deny" &&
    meansEverybody(statement) &&
    (Resource?.some((pattern) => covers(pattern, resource, resourcesDoNot)) ??
      NotResource?.every((pattern) => !mayOverlap(pattern, resource, resourcesDoNot)) ??
      true)
  );
}

/** Whether a statement names an action by which it refuses. */
function namesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  return (
    Action?.some((pattern) => covers(pattern, action, actionsIgnoreCase)) ??
    // What is left out of a refusal must not be what the action may be.
    NotAction?.every((pattern) => !mayOverlap(pattern, action, actionsIgnoreCase)) ??
    false
  );
}

const refusingByPolicy = new WeakMap<readonly PolicyStatement[], Map<string, readonly PolicyStatement[]>>();

/** The statements of a policy that may refuse something on a resource: many callers are asked about on few of them. */
function refusing(statements: readonly PolicyStatement[], resource: string): readonly PolicyStatement[] {
  const ofPolicy = refusingByPolicy.get(statements) ?? new Map<string, readonly PolicyStatement[]>();
  refusingByPolicy.set(statements, ofPolicy);
  const found = ofPolicy.get(resource) ?? statements.filter((one) => refusesOn(one, resource));
  ofPolicy.set(resource, found);
  return found;
}

/** The statements that refuse something on a resource to a caller, whatever the caller does. */
function refusals(
  statements: readonly PolicyStatement[],
  resource: string,
  caller: Caller,
): readonly PolicyStatement[] {
  return refusing(statements, resource).filter((statement) => conditionsHold(statement, caller) === "always");
}

/** Whether two patterns may stand for one text: they do not if their beginnings before any star differ. */
function mayOverlap(a: string, b: string, options: { readonly ignoreCase: boolean }): boolean {
  if (covers(a, b, options) || covers(b, a, options)) {
    return true;
  }
  const literal = (pattern: string): string => (/^[^*?]*/.exec(pattern) ?? [""])[0];
  const [one, other] = [literal(a), literal(b)].map((text) =>
    options.ignoreCase ? text.toLowerCase() : text,
  ) as [string, string];
  const isOpen = one.length < a.length || other.length < b.length;
  return isOpen && (one.startsWith(other) || other.startsWith(one));
}

/**
 * What a policy may let a caller do: each action of each statement that allows, on each resource, which no statement
 * refuses for certain. What is not known counts as allowed, and never as refused.
 *
 * @param isMeant which resources are asked about: a pattern as the statement names it.
 */
export function admissions(
  statements: readonly PolicyStatement[],
  caller: Caller,
  isMeant: (resource: string, statement: PolicyStatement) => boolean = () => true,
): readonly Admission[] {
  // Many actions may be asked about on few resources.
  const known = new Map<string, readonly PolicyStatement[]>();
  const isRefused = (action: string, resource: string): boolean => {
    const refused = known.get(resource) ?? refusals(statements, resource, caller);
    known.set(resource, refused);
    return refused.some((statement) => namesAction(statement, action));
  };
  return statements
    .filter(
      (statement) =>
        statement.Effect === "Allow" &&
        mayBeMeant(statement, caller) &&
        conditionsHold(statement, caller) !== "never",
    )
    .flatMap((statement) =>
      // What is allowed but for some actions, or on all but some resources, is allowed on anything.
      (statement.Action ?? ["*"]).flatMap((action) =>
        (statement.Resource ?? ["*"])
          .filter((resource) => isMeant(resource, statement))
          .filter((resource) => !isRefused(action, resource))
          .map((resource) => ({ statement, action, resource })),
      ),
    );
}

/** The actions that no statement of a policy refuses to a caller on a resource, whatever it allows. */
export function unrefused(
  statements: readonly PolicyStatement[],
  caller: Caller,
  actions: readonly string[],
  resource: string,
): readonly string[] {
  const refused = refusals(statements, resource, caller);
  return actions.filter((action) => !refused.some((statement) => namesAction(statement, action)));
}
