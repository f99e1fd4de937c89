import { deviceStates, networkLocations, type AccessPolicy } from "./access-policy";
import { resourcesOf } from "./cedar-policies";

/** Something that is wrong with policies. */
export interface CedarFinding {
  /** The policy that is wrong; `undefined` if it is the schema. */
  readonly policyId: string | undefined;
  /** What is wrong, in Cedar's words where it is Cedar's finding. */
  readonly message: string;
}

type ValidationFinding = CedarFinding & { readonly policyId: string };

/** Policies by their ids, and the schema of requests. */
export interface CedarTexts {
  readonly schema: string;
  readonly policies: Readonly<Record<string, string>>;
}

/** The names that there are, of each kind; a kind that is left out has names that are not known here. */
export interface KnownNames {
  /** By type of entity, such as `Bulkhead::Resource`. */
  readonly entities: Readonly<Record<string, readonly string[] | undefined>>;
  /** By attribute of the context, such as `role`. */
  readonly attributes: Readonly<Record<string, readonly string[] | undefined>>;
}

/* Cedar is four megabytes of WebAssembly, and few platforms have policies of their own: it is loaded with the first. */
/* eslint-disable @typescript-eslint/no-require-imports */
function cedar(): typeof import("@cedar-policy/cedar-wasm/nodejs") {
  return require("@cedar-policy/cedar-wasm/nodejs") as typeof import("@cedar-policy/cedar-wasm/nodejs");
}
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * The names of an access policy that policies in Cedar may name.
 *
 * @param agents the SPIFFE IDs of the agents; `undefined` if they are not all known.
 */
export function knownNames(access: AccessPolicy, agents: readonly string[] | undefined): KnownNames {
  return {
    entities: {
      "Bulkhead::Resource": resourcesOf(access),
      "Bulkhead::Tool": access.tools.map(({ id }) => id),
      "Bulkhead::Agent": agents,
    },
    attributes: {
      role: access.roles.map(({ id }) => id),
      device: deviceStates,
      location: networkLocations,
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The attribute of the context that an expression of Cedar's JSON form reads, if that is all it does. */
function contextAttribute(expression: unknown): string | undefined {
  const access = isRecord(expression) ? expression["."] : undefined;
  const isContext = isRecord(access) && isRecord(access["left"]) && access["left"]["Var"] === "context";
  return isContext && typeof access["attr"] === "string" ? access["attr"] : undefined;
}

/** The texts that an expression is, or that the set that it writes out holds. */
function literalTexts(expression: unknown): readonly string[] {
  if (!isRecord(expression)) {
    return [];
  }
  const { Value: value, Set: elements } = expression;
  return typeof value === "string" ? [value] : Array.isArray(elements) ? elements.flatMap(literalTexts) : [];
}

/** What an expression compares with what: both operands of an operator. */
function compared(node: Readonly<Record<string, unknown>>): readonly (readonly [unknown, unknown])[] {
  return ["==", "!=", "contains", "containsAll", "containsAny", "in"].flatMap((operator) => {
    const operands = node[operator];
    return isRecord(operands) ? [[operands["left"], operands["right"]] as const] : [];
  });
}

/**
 * The names in a policy that are none of the platform's. A misspelt name in a policy that refuses would refuse nothing, and
 * Cedar's validator knows no names.
 */
function unknownNames(node: unknown, names: KnownNames): readonly string[] {
  if (Array.isArray(node)) {
    return node.flatMap((item: unknown) => unknownNames(item, names));
  }
  if (!isRecord(node)) {
    return [];
  }
  const { type, id } = node;
  const entities = typeof type === "string" ? names.entities[type] : undefined;
  const entity =
    typeof type === "string" && typeof id === "string" && entities?.includes(id) === false
      ? [`${type}::${JSON.stringify(id)}`]
      : [];
  const texts = compared(node).flatMap(([left, right]) =>
    [
      [left, right],
      [right, left],
    ].flatMap(([side, other]) => {
      const attribute = contextAttribute(side);
      const known = attribute === undefined ? undefined : names.attributes[attribute];
      return known === undefined
        ? []
        : literalTexts(other)
            .filter((text) => !known.includes(text))
            .map((text) => `${JSON.stringify(text)} as ${attribute ?? ""}`);
    }),
  );
  return [...entity, ...texts, ...Object.values(node).flatMap((value) => unknownNames(value, names))];
}

/**
 * A schema in Cedar's JSON form, which some services take alone.
 *
 * @throws {Error} with what Cedar finds wrong with it.
 */
export function schemaInJson(schema: string): string {
  const answer = cedar().schemaToJson(schema);
  if (answer.type === "failure") {
    throw new Error(answer.errors.map(sentence).join("; "));
  }
  return JSON.stringify(answer.json);
}

/** What Cedar says, and what it advises. */
function sentence({ message, help }: { readonly message: string; readonly help: string | null }): string {
  return help === null ? message : `${message} (${help})`;
}

/** Cedar finds in no order: this is the policies' own, and for each that of the alphabet. */
function inOrder(ids: readonly string[]): (a: ValidationFinding, b: ValidationFinding) => number {
  return (a, b) => ids.indexOf(a.policyId) - ids.indexOf(b.policyId) || (a.message < b.message ? -1 : 1);
}

/** What Cedar's strict validation finds, or `undefined` if not every policy parses. */
function validationFindings({ schema, policies }: CedarTexts): readonly CedarFinding[] | undefined {
  const answer = cedar().validate({
    schema,
    policies: { staticPolicies: policies },
    validationSettings: { mode: "strict" },
  });
  return answer.type === "failure"
    ? undefined
    : [...answer.validationErrors, ...answer.validationWarnings]
        .map(({ policyId, error }) => ({ policyId, message: sentence(error) }))
        .sort(inOrder(Object.keys(policies)));
}

function findingsOfPolicy(schema: string, policyId: string, text: string): readonly CedarFinding[] {
  const parsed = cedar().policyToJson(text);
  return parsed.type === "failure"
    ? parsed.errors.map((error) => ({ policyId, message: sentence(error) }))
    : (validationFindings({ schema, policies: { [policyId]: text } }) ?? [
        { policyId, message: "it is no policy by itself" },
      ]);
}

function findingsOfNames(policyId: string, text: string, names: KnownNames): readonly CedarFinding[] {
  const parsed = cedar().policyToJson(text);
  const unknown = parsed.type === "success" ? new Set(unknownNames(parsed.json, names)) : [];
  return [...unknown].map((name) => ({ policyId, message: `the platform has no ${name}` }));
}

/**
 * Everything that is wrong with policies: what does not parse, what the schema does not allow (Cedar's strict validation),
 * what can never apply, and names that are none of the platform's.
 */
export function cedarFindings({ schema, policies }: CedarTexts, names: KnownNames): readonly CedarFinding[] {
  const schemaAnswer = cedar().checkParseSchema(schema);
  if (schemaAnswer.type === "failure") {
    return schemaAnswer.errors.map((error) => ({ policyId: undefined, message: sentence(error) }));
  }
  const entries = Object.entries(policies);
  return [
    // What does not parse would hide what is wrong with the others: then each is looked at by itself.
    ...(validationFindings({ schema, policies }) ??
      entries.flatMap(([policyId, text]) => findingsOfPolicy(schema, policyId, text))),
    ...entries.flatMap(([policyId, text]) => findingsOfNames(policyId, text, names)),
  ];
}
