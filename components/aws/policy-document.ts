/** The condition operators that the rendering uses (IAM user guide, "IAM JSON policy elements: Condition operators"). */
export type ConditionOperator =
  | "ArnEquals"
  | "ArnLike"
  | "ArnNotEquals"
  | "Bool"
  | "BoolIfExists"
  | "ForAllValues:StringEquals"
  | "ForAnyValue:StringEquals"
  | "NumericLessThan"
  | "Null"
  | "StringEquals"
  | "StringLike"
  | "StringNotEquals";

export type Conditions = Readonly<
  Partial<Record<ConditionOperator, Readonly<Record<string, string | readonly string[]>>>>
>;

/** Whom a statement speaks of. Statements of a role's own policies name nobody: they speak of the role. */
export type Principal = { readonly AWS: string } | { readonly Service: string };

/** A statement of a policy (IAM user guide, "IAM JSON policy elements"). Only a refusal may be of all but some actions. */
export type Statement = {
  readonly Sid: string;
  readonly Principal?: Principal;
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
} & (
  | { readonly Effect: "Allow" | "Deny"; readonly Action: readonly string[] }
  | { readonly Effect: "Deny"; readonly NotAction: readonly string[] }
);

/** Everybody, of whatever account: conditions say who is meant. */
export const anybody: Principal = { AWS: "*" };

/** A policy needs a statement (IAM user guide, "Grammar of the IAM JSON policy language"); what lets nothing through says so. */
const nothing: Statement = {
  Sid: "Nothing",
  Effect: "Deny",
  Principal: anybody,
  Action: ["*"],
  Resource: ["*"],
};

/** A policy's document, as AWS takes it. Without statements it is one of a resource, and refuses everything. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.length === 0 ? [nothing] : statements,
  });
}

/** Who may take on a role: a service of AWS, for resources of one account only (IAM user guide, "The confused deputy problem"). */
export function trustPolicy(service: string, accountId: string, sourceArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OwnAccountOnly",
        Effect: "Allow",
        Principal: { Service: service },
        Action: ["sts:AssumeRole"],
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": sourceArn },
        },
      },
    ],
  });
}
