import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { foreigners, mayBeForeign, own, service, type Perimeter } from "../../policy-pack/facts/aws/accounts";
import { admissions, matches, unrefused, type Caller } from "../../policy-pack/facts/aws/iam-evaluation";
import { namedPrincipals, readPolicy, type PolicyStatement } from "../../policy-pack/facts/aws/iam-policy";
import { reading } from "../../policy-pack/reading";

const account = "111122223333";
const endpoint = "urn:pulumi:test::bulkhead::aws:ec2/vpcEndpoint:VpcEndpoint::endpoint";
const role = "arn:aws:iam::111122223333:role/proxy";
const perimeter: Perimeter = {
  account,
  isOwnEndpoint: (text) => text === endpoint,
  isOwnNetwork: (text) => text === "vpc-own",
  trustsOrganizations: true,
};

const callers: Readonly<Record<string, readonly Caller[]>> = {
  proxy: [own(perimeter, { who: { forms: [role] }, by: { endpoint }, uses: "the stack's account" })],
  somebody: [
    own(perimeter, { who: "somebody whom nothing names", by: "no endpoint", uses: "the stack's account" }),
  ],
  foreigner: foreigners(perimeter, "the stack's account"),
  service: [service(perimeter, "another account")],
};
const [proxy] = callers["proxy"] ?? [];

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
  return Object.entries(callers).flatMap(([name, kinds]) =>
    kinds.some((caller) => admissions(policy, caller).length > 0) ? [name] : [],
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

  const everybody = ["proxy", "somebody", "foreigner", "service"];
  it.each([
    [{ ArnEquals: { "aws:PrincipalArn": role } }, ["proxy"]],
    [{ ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/*` } }, ["proxy", "somebody"]],
    [{ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/*" } }, ["proxy", "somebody", "foreigner"]],
    [{ StringLike: { "aws:PrincipalArn": `arn:aws:*:*:${account}:*` } }, ["proxy", "somebody", "foreigner"]],
    [{ ArnLikeIfExists: { "aws:PrincipalArn": `arn:aws:iam::${account}:role/*` } }, everybody],
    [{ StringEquals: { "AWS:principalaccount": account } }, ["proxy", "somebody"]],
    [
      { StringEquals: { "aws:PrincipalAccount": [account, "999999999999"] } },
      ["proxy", "somebody", "foreigner"],
    ],
    [{ StringNotEquals: { "aws:PrincipalAccount": account } }, ["foreigner", "service"]],
    // Whoever is nobody known says nothing of an account, and a key that is not there meets what only asks of it if it is.
    [{ StringEqualsIfExists: { "aws:PrincipalAccount": account } }, everybody],
    [{ "ForAllValues:StringEquals": { "aws:PrincipalAccount": account } }, everybody],
    [{ "ForAnyValue:StringEquals": { "aws:PrincipalAccount": account } }, ["proxy", "somebody"]],
    [{ Null: { "aws:PrincipalAccount": "true" } }, ["foreigner", "service"]],
    [{ StringEquals: { "kms:CallerAccount": account } }, ["proxy", "somebody"]],
    [{ StringEquals: { "s3:ResourceAccount": account } }, everybody],
    [{ StringEquals: { "aws:SourceVpce": endpoint } }, ["proxy"]],
    [{ StringEqualsIfExists: { "aws:SourceVpce": endpoint } }, everybody],
    [{ StringEquals: { "aws:SourceVpce": "vpce-0123" } }, ["foreigner"]],
    [{ StringEquals: { "aws:SourceVpc": "vpc-own" } }, ["proxy"]],
    [{ StringEquals: { "aws:SourceVpc": "vpc-0123" } }, ["proxy", "foreigner"]],
    [{ Null: { "aws:SourceVpce": "true" } }, ["somebody", "foreigner", "service"]],
    [{ Null: { "aws:SourceVpce": false } }, ["proxy", "foreigner"]],
    [{ Bool: { "aws:SecureTransport": "true" } }, everybody],
    [{ Bool: { "aws:SecureTransport": "false" } }, everybody],
    [{ Bool: { "aws:ViaAWSService": "true" } }, ["foreigner"]],
    [{ Bool: { "aws:PrincipalIsAWSService": true } }, ["service"]],
    [{ StringEquals: { "aws:SourceAccount": account } }, ["proxy", "somebody"]],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } }, ["proxy", "somebody"]],
    [{ StringLike: { "aws:PrincipalOrgID": "o-*" } }, ["proxy", "somebody", "foreigner"]],
    [{ Null: { "aws:PrincipalOrgID": "false" } }, ["proxy", "somebody", "foreigner"]],
    [{ "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "*" } }, ["proxy", "somebody", "foreigner"]],
    [
      { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-exampleorgid/r-1/ou-1/*" } },
      ["proxy", "somebody"],
    ],
    // A variable is another value for each request, but for the account of the stack's own.
    [{ StringEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } }, ["proxy", "somebody", "foreigner"]],
    [{ StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } }, everybody],
    // An operator that is not known may hold; a key that nobody knows may too.
    [{ BinaryEquals: { "aws:PrincipalAccount": account } }, ["proxy", "somebody", "foreigner"]],
    [{ StringEquals: { "aws:PrincipalTag/department": "radiology" } }, everybody],
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
    [
      "it to all but a variable",
      {
        Action: "s3:*",
        Resource: "*",
        Condition: { ArnNotEquals: { "aws:PrincipalArn": "${aws:PrincipalArn}" } },
      },
      ["proxy"],
    ],
    [
      "it over TLS alone",
      { Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
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
      proxy as Caller,
    );
    expect({ action: one?.action, resource: one?.resource }).toEqual({ action: "*", resource: "*" });
  });

  it("says which actions nothing refuses", () => {
    const refusing = statements({ Effect: "Deny", Principal: "*", Action: "s3:GetObject*", Resource: "*" });
    const actions = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"];
    expect(unrefused(refusing, proxy as Caller, actions, "arn:aws:s3:::records/x")).toEqual(["s3:PutObject"]);
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

  it.each([
    ["arn:aws:ec2:us-east-1::snapshot/*", true],
    ["arn:aws:s3*:::attacker/*", true],
    ["arn:aws:kms:*:111122223333:key/*", false],
    ["arn:aws:*:us-east-1:111122223333:*", true],
  ])("%s may be somebody else's: %s, also where no account or service is named", (resource, expected) => {
    expect(mayBeForeign(resource, account, isInStack)).toBe(expected);
  });

  it("may be somebody else's where the stack's account is not known", () => {
    expect(mayBeForeign(`arn:aws:kms:us-east-1:${account}:key/x`, undefined, isInStack)).toBe(true);
  });
});

describe("a principal that a policy names", () => {
  it("is found in statements and in their conditions, and an account is none", () => {
    expect(
      namedPrincipals(
        statements(
          { ...allow, Principal: { AWS: [role, account, "*"] } },
          { ...allow, Principal: undefined, NotPrincipal: { AWS: `arn:aws:iam::${account}:user/a` } },
          { ...allow, Condition: { ArnNotEquals: { "AWS:PrincipalArn": `arn:aws:iam::${account}:user/b` } } },
          { ...allow, Principal: { AWS: `arn:aws:iam::${account}:root` } },
        ),
      ),
    ).toEqual([role, `arn:aws:iam::${account}:user/a`, `arn:aws:iam::${account}:user/b`]);
  });
});

describe("an organisation that a policy names", () => {
  it("is nobody's in particular where the stack has a platform of ours, whose policies name none", () => {
    const [wild] = foreigners({ ...perimeter, trustsOrganizations: false }, "the stack's account");
    const policy = statements({
      ...allow,
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
    });
    expect(admissions(policy, wild as Caller)).toHaveLength(1);
  });
});
