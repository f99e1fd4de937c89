import { z } from "zod";

import { recordOf, type Reading } from "../../reading";

import { jsonText } from "./json-text";

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** Values of a condition may be written as texts, numbers or truth values, one or several. */
const conditionValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const conditionValues = z.union([conditionValue.transform((one) => [one]), z.array(conditionValue)]);

const principal = z.union([
  z.literal("*").transform(() => ({ AWS: ["*"] })),
  z.record(z.enum(["AWS", "Service", "Federated", "CanonicalUser"]), oneOrMore.optional()),
]);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: oneOrMore.optional(),
  NotAction: oneOrMore.optional(),
  Resource: oneOrMore.optional(),
  NotResource: oneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).optional(),
});

/**
 * The shape of a policy (IAM user guide, "Grammar of the IAM JSON policy language"). A statement with an element that the
 * grammar does not know is no statement that the judge understands.
 */
const policySchema = z.object({
  Statement: z
    .union([z.record(z.string(), z.unknown()).transform((one) => [one]), z.array(z.unknown())])
    .pipe(z.array(statementSchema)),
});

export type PolicyStatement = z.output<typeof statementSchema>;

type ParsedPolicy = ReturnType<typeof policySchema.safeParse>;

/** Texts of policies that have been parsed: several facts are drawn from one policy, and many resources have the same. */
const parsedTexts = new Map<string, ParsedPolicy>();
const mostParsedTexts = 1_000;

function parsedText(text: string): ParsedPolicy | undefined {
  const known = parsedTexts.get(text);
  if (known !== undefined) {
    return known;
  }
  const document = jsonText({ kind: "known", value: text });
  if (document.kind !== "known") {
    return undefined;
  }
  const parsed = policySchema.safeParse(document.value);
  if (parsedTexts.size >= mostParsedTexts) {
    parsedTexts.clear();
  }
  parsedTexts.set(text, parsed);
  return parsed;
}

/** Why the policy that a property holds cannot be judged. */
export interface UnreadPolicy {
  readonly why: string;
}

/** What is read of a policy: its statements, that none is set, or why it cannot be said what it holds. */
export type ReadPolicy =
  | { readonly kind: "known"; readonly statements: readonly PolicyStatement[] }
  | { readonly kind: "absent" }
  | ({ readonly kind: "unknown" } & UnreadPolicy);

/** The same statement with each text that stands for a resource of the stack in one form. */
function inOneForm(statement: PolicyStatement, canonical: (text: string) => string): PolicyStatement {
  const { Resource, NotResource, Condition } = statement;
  return {
    ...statement,
    ...(Resource === undefined ? {} : { Resource: Resource.map(canonical) }),
    ...(NotResource === undefined ? {} : { NotResource: NotResource.map(canonical) }),
    ...(Condition === undefined
      ? {}
      : {
          Condition: Object.fromEntries(
            Object.entries(Condition).map(([operator, keys]) => [
              operator,
              Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, values.map(canonical)])),
            ]),
          ),
        }),
  };
}

/**
 * Reads a policy from a property, which holds it as a JSON text or as a mapping.
 *
 * @param canonical the one form of a text that stands for a resource of the stack, by its id, its ARN or its URN.
 */
export function readPolicy(
  property: string,
  value: Reading<unknown>,
  canonical: (text: string) => string,
): ReadPolicy {
  if (value.kind === "absent") {
    return value;
  }
  if (value.kind === "unknown") {
    return { kind: "unknown", why: `\`${property}\` is not known` };
  }
  const record = recordOf(value);
  const parsed =
    typeof value.value === "string"
      ? parsedText(value.value)
      : record.kind === "known"
        ? policySchema.safeParse(record.value)
        : undefined;
  return parsed?.success === true
    ? {
        kind: "known",
        statements: parsed.data.Statement.map((statement) => inOneForm(statement, canonical)),
      }
    : { kind: "unknown", why: `\`${property}\` is not a policy that the judge understands` };
}

const accountRoot = /^arn:[^:]+:iam::\d{12}:root$/;

/** Every principal that a policy names by itself, and not as one of an account: in its statements, or in their conditions. */
export function namedPrincipals(statements: readonly PolicyStatement[]): readonly string[] {
  const named = statements.flatMap(({ Principal, NotPrincipal, Condition = {} }) => [
    ...[Principal, NotPrincipal].flatMap((principals) => principals?.AWS ?? []),
    ...Object.values(Condition).flatMap((keys) =>
      Object.entries(keys).flatMap(([key, values]) =>
        key.toLowerCase() === "aws:principalarn" ? values : [],
      ),
    ),
  ]);
  return [...new Set(named)].filter(
    (name) => name !== "*" && !/^\d{12}$/.test(name) && !accountRoot.test(name),
  );
}
