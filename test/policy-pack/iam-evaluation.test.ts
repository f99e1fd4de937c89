import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foreigner, mayBeForeign, own, serviceForOthers } from "../../policy-pack/facts/aws/accounts";
import { admissions, matches, unrefused, type Caller } from "../../policy-pack/facts/aws/iam-evaluation";
import { readPolicy, type PolicyStatement } from "../../policy-pack/facts/aws/iam-policy";
import { reading } from "../../policy-pack/reading";

const account = "111122223333";
const endpoint = "urn:pulumi:test::bulkhead::aws:ec2/vpcEndpoint:VpcEndpoint::endpoint";
const isOwnEndpoint = (text: string): boolean => text === endpoint;
const role = "arn:aws:iam::111122223333:role/proxy";

const callers = {
  proxy: own(
    account,
    { who: { forms: [role] }, by: { endpoint }, uses: "the stack's account" },
    isOwnEndpoint,
  ),
  somebody: own(
    account,
    { who: "somebody whom nothing names", by: "no endpoint", uses: "the stack's account" },
    isOwnEndpoint,
  ),
  foreigner: foreigner(account, "the stack's account", isOwnEndpoint),
  service: serviceForOthers(account),
} as const satisfies Record<string, Caller>;

function statements(...raw: readonly Readonly<Record<string, unknown>>[]): readonly PolicyStatement[] {
  const policy = readPolicy("policy", reading(JSON.stringify({ Statement: raw })), (text) => text);
  if (policy.kind !== "known") {
    throw new Error("not a policy");
  }
  return policy.statements;
}

const allow = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::records/*" };

/** Which of the callers a policy may let in. */
function letIn(...raw: readonly Readonly<Record<string, unknown>>[]): readonly string[] {
  const policy = statements(...raw);
  return Object.entries(callers).flatMap(([name, caller]) =>
    admissions(policy, caller).length > 0 ? [name] : [],
  );
}

describe("a policy", () => {
  it.each([
    ["*", ["proxy", "somebody", "foreigner", "service"]],
    [{ AWS: "*" }, ["proxy", "somebody", "foreigner", "service"]],
    [{ AWS: account }, ["proxy", "somebody"]],
    [{ AWS: `arn:aws:iam::${account}:root` }, ["proxy", "somebody"]],
    [{ AWS: ["arn:aws:iam::999999999999:root"] }, ["foreigner"]],
    [{ AWS: "999999999999" }, ["foreigner"]],
    [{ Service: "cloudtrail.amazonaws.com" }, ["service"]],
    [{ Federated: "cognito-identity.amazonaws.com" }, ["foreigner"]],
    [{ CanonicalUser: "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be" }, ["foreigner"]],
  ])("for principal %j may let in %j", (Principal, expected) => {
    expect(letIn({ ...allow, Principal })).toEqual(expected);
  });

  it.each([
    [{ ArnEquals: { "aws:PrincipalArn": role } }, ["proxy"]],
    [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/*` } }, ["proxy", "somebody"]],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } }, ["proxy", "somebody", "foreigner"]],
    [{ StringEquals: { "AWS:principalaccount": account } }, ["proxy", "somebody"]],
    [
      { StringEquals: { "aws:PrincipalAccount": [account, "999999999999"] } },
      ["proxy", "somebody", "foreigner"],
    ],
    [{ StringNotEquals: { "aws:PrincipalAccount": account } }, ["foreigner", "service"]],
    [{ StringEqualsIfExists: { "aws:PrincipalAccount": account } }, ["proxy", "somebody", "service"]],
    [{ "ForAllValues:StringEquals": { "aws:PrincipalAccount": account } }, ["proxy", "somebody", "service"]],
    [{ "ForAnyValue:StringEquals": { "aws:PrincipalAccount": account } }, ["proxy", "somebody"]],
    [{ StringEquals: { "aws:SourceVpce": endpoint } }, ["proxy"]],
    [{ StringEquals: { "aws:SourceVpce": "vpce-0123" } }, ["foreigner"]],
    [{ Null: { "aws:SourceVpce": "true" } }, ["somebody", "service"]],
    [{ Null: { "aws:SourceVpce": false } }, ["proxy", "foreigner"]],
    [{ Bool: { "aws:SecureTransport": "true" } }, ["proxy", "somebody", "foreigner", "service"]],
    [{ Bool: { "aws:SecureTransport": "false" } }, ["service"]],
    [{ Bool: { "aws:PrincipalIsAWSService": true } }, ["service"]],
    [{ StringEquals: { "aws:SourceAccount": account } }, ["proxy", "somebody"]],
    // An operator that is not known may hold; a key that nobody knows may too.
    [{ BinaryEquals: { "aws:PrincipalAccount": account } }, ["proxy", "somebody", "foreigner"]],
    [
      { StringEquals: { "aws:PrincipalTag/department": "radiology" } },
      ["proxy", "somebody", "foreigner", "service"],
    ],
    // All conditions have to hold.
    [{ StringEquals: { "aws:PrincipalAccount": account, "aws:SourceVpce": endpoint } }, ["proxy"]],
  ])("under the condition %j may let in %j", (Condition, expected) => {
    expect(letIn({ ...allow, Condition })).toEqual(expected);
  });

  it.each([
    ["everything", { Action: "*", Resource: "*" }, []],
    ["the action in other letters", { Action: "S3:getobject", Resource: "*" }, []],
    ["a wider action", { Action: "s3:Get*", Resource: "*" }, []],
    ["a narrower action", { Action: "s3:GetObjectVersion", Resource: "*" }, ["proxy"]],
    ["the same resource", { Action: "s3:*", Resource: "arn:aws:s3:::records/*" }, []],
    ["a narrower resource", { Action: "s3:*", Resource: "arn:aws:s3:::records/a" }, ["proxy"]],
    ["another resource", { Action: "s3:*", Resource: "arn:aws:s3:::other/*" }, ["proxy"]],
    ["all but another action", { NotAction: "s3:PutObject", Resource: "*" }, []],
    ["all but what may be the action", { NotAction: "s3:Get*", Resource: "*" }, ["proxy"]],
    ["all but another resource", { Action: "s3:*", NotResource: "arn:aws:s3:::other/*" }, []],
    ["all but what may be the resource", { Action: "s3:*", NotResource: "arn:aws:s3:::rec*" }, ["proxy"]],
    [
      "it under a condition that holds",
      { Action: "s3:*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalAccount": account } } },
      [],
    ],
    [
      "it under a condition that may not hold",
      { Action: "s3:*", Resource: "*", Condition: { StringEquals: { "aws:PrincipalTag/x": "y" } } },
      ["proxy"],
    ],
    [
      "it under a condition that does not hold",
      { Action: "s3:*", Resource: "*", Condition: { ArnNotEquals: { "aws:PrincipalArn": role } } },
      ["proxy"],
    ],
    ["it to somebody", { Action: "s3:*", Resource: "*", Principal: { AWS: role } }, ["proxy"]],
    [
      "it to all but somebody",
      { Action: "s3:*", Resource: "*", Principal: undefined, NotPrincipal: { AWS: "999999999999" } },
      ["proxy"],
    ],
  ])("that refuses %s", (_, refusal, expected) => {
    const only = {
      ...allow,
      Principal: { AWS: account },
      Condition: { ArnEquals: { "aws:PrincipalArn": role } },
    };
    expect(letIn(only, { Effect: "Deny", Principal: "*", ...refusal })).toEqual(expected);
  });

  it.each([
    ["StringNotEquals", []],
    ["StringNotEqualsIfExists", []],
    ["ForAllValues:StringNotEquals", []],
    ["StringEquals", ["somebody"]],
    ["StringEqualsIfExists", []],
    // What it means of a key that is not there, the guide does not say.
    ["ForAnyValue:StringNotEquals", ["somebody"]],
  ])("that refuses calls under %s of a key that they lack leaves %j", (operator, expected) => {
    const refusal = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" };
    const left = letIn(
      { ...allow, Principal: { AWS: account } },
      { ...refusal, Condition: { [operator]: { "aws:SourceVpce": endpoint } } },
    );
    expect(left.filter((name) => name === "somebody")).toEqual(expected);
  });

  it("lets in whom it does not name, if it says whom it leaves out", () => {
    expect(letIn({ ...allow, Principal: undefined, NotPrincipal: { AWS: role } })).toEqual([
      "proxy",
      "somebody",
      "foreigner",
      "service",
    ]);
  });

  it("allows on anything what it allows on all but something", () => {
    const [one] = admissions(
      statements({
        ...allow,
        Action: undefined,
        NotAction: "s3:Delete*",
        Resource: undefined,
        NotResource: "x",
      }),
      callers.proxy,
    );
    expect({ action: one?.action, resource: one?.resource }).toEqual({ action: "*", resource: "*" });
  });

  it("says which actions nothing refuses", () => {
    const refusing = statements({ Effect: "Deny", Principal: "*", Action: "s3:GetObject*", Resource: "*" });
    const actions = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"];
    expect(unrefused(refusing, callers.proxy, actions, "arn:aws:s3:::records/x")).toEqual(["s3:PutObject"]);
  });

  it("lets in no more when a refusal is added, and no less when something is allowed", () => {
    const effect = fc.constantFrom("Allow", "Deny");
    const one = fc.record({
      Effect: effect,
      Principal: fc.constantFrom<unknown>("*", { AWS: account }, { AWS: "999999999999" }),
      Action: fc.constantFrom("*", "s3:*", "s3:GetObject", "s3:Put*"),
      Resource: fc.constantFrom("*", "arn:aws:s3:::records/*", "arn:aws:s3:::records/a"),
      Condition: fc.constantFrom<unknown>(
        {},
        { StringEquals: { "aws:PrincipalAccount": account } },
        { StringNotEquals: { "aws:SourceVpce": endpoint } },
        { Bool: { "aws:SecureTransport": "false" } },
      ),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), one, (policy, added) => {
        const before = letIn(...policy);
        const after = letIn(...policy, added);
        const [fewer, more] = added.Effect === "Deny" ? [after, before] : [before, after];
        expect(more).toEqual(expect.arrayContaining([...fewer]));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a text that is no policy", () => {
  it.each([
    ["no JSON", "{"],
    ["no statements", "{}"],
    ["an effect that is none", JSON.stringify({ Statement: [{ ...allow, Effect: "allow" }] })],
    ["an element that is none", JSON.stringify({ Statement: [{ ...allow, Actions: "*" }] })],
    [
      "a kind of principal that is none",
      JSON.stringify({ Statement: [{ ...allow, Principal: { Role: "x" } }] }),
    ],
    ["a list", "[]"],
    ["a number", 7],
  ])("is not understood: %s", (_, text) => {
    expect(readPolicy("policy", reading(text), (one) => one).kind).toBe("unknown");
  });

  it("is absent where nothing is set", () => {
    expect(readPolicy("policy", reading(undefined), (one) => one)).toEqual({ kind: "absent" });
  });

  it("is read from a mapping as from a text, and one statement as a list of one", () => {
    const read = (value: unknown): unknown => readPolicy("policy", reading(value), (one) => one);
    expect(read({ Statement: allow })).toEqual(read(JSON.stringify({ Statement: [allow] })));
  });
});

describe("a pattern", () => {
  it.each([
    ["s3:Get*", "s3:GetObject", true],
    ["s3:Get?", "s3:GetX", true],
    ["s3:Get?", "s3:Get", false],
    ["s3.Get*", "s3:GetObject", false],
    ["*", "", true],
    ["a*c", "abbbc", true],
    ["a*c", "abbbcd", false],
  ])("%s and %s match: %s", (pattern, text, expected) => {
    expect(matches(pattern, text, { ignoreCase: false })).toBe(expected);
  });
});

describe("a resource", () => {
  const isInStack = (text: string): boolean => text === "arn:aws:s3:::records";
  it.each([
    ["*", true],
    ["arn:aws:s3:::records/*", false],
    ["arn:aws:s3:::records", false],
    ["arn:aws:s3:::records-*/x", true],
    ["arn:aws:s3:::elsewhere/*", true],
    ["arn:aws:secretsmanager:us-east-1:111122223333:secret:a", false],
    ["arn:aws:secretsmanager:us-east-1:999999999999:secret:a", true],
    ["arn:aws:secretsmanager:us-east-1:*:secret:a", true],
    ["arn:aws:bedrock:us-east-1::foundation-model/x", false],
    ["arn:aws:iam::aws:policy/X", false],
    ["urn:pulumi:test::bulkhead::aws:s3/bucket:Bucket::records", false],
    ["records", true],
  ])("%s may be somebody else's: %s", (resource, expected) => {
    expect(mayBeForeign(resource, account, isInStack)).toBe(expected);
  });

  it("may be somebody else's where the stack's account is not known", () => {
    expect(mayBeForeign(`arn:aws:kms:us-east-1:${account}:key/x`, undefined, isInStack)).toBe(true);
  });
});
