import { itemsOf, reading, textOf } from "../../reading";
import type { StackGraph } from "../../stack-graph";

import type { Caller, KeyValue } from "./iam-evaluation";
import { jsonText } from "./json-text";

/** Types whose ARN, once AWS has given it, says which account the stack is in. */
const accountBound = ["aws:iam:role", "aws:iam:policy", "aws:kms:key", "aws:ec2:vpc"];

const arnPattern = /^arn:[^:]*:(?<service>[^:]*):(?<region>[^:]*):(?<account>[^:]*):(?<resource>.*)$/s;

/** The account that an ARN names; empty where it names none, `undefined` for what is no ARN. */
export function accountOf(arn: string): string | undefined {
  return arnPattern.exec(arn)?.groups?.["account"];
}

/** The accounts in which a provider may be used, which its configuration holds as a JSON text; none where that is not known. */
function allowedAccounts(providerInputs: Readonly<Record<string, unknown>>): readonly string[] {
  const value = reading(providerInputs["allowedAccountIds"]);
  const list = value.kind === "known" && typeof value.value === "string" ? jsonText(value) : value;
  return itemsOf(list).flatMap((item) => {
    const account = textOf(item);
    return account.kind === "known" ? [account.value] : [];
  });
}

/**
 * The account of a stack: the only one that its provider may be used in (`allowedAccountIds`), which the provider itself
 * checks, or that of what exists already. `undefined` where nothing shows it, or there are several.
 */
export function ownAccount(graph: StackGraph): string | undefined {
  const shown = new Set<string>();
  const providers = new Map<unknown, readonly string[]>();
  for (const { resourceType, outputs, providerInputs } of graph.nodes) {
    if (providerInputs !== undefined && resourceType.startsWith("aws:")) {
      const raw = providerInputs["allowedAccountIds"];
      const allowed = providers.get(raw) ?? allowedAccounts(providerInputs);
      providers.set(raw, allowed);
      if (allowed.length === 1) {
        shown.add(allowed[0] ?? "");
      }
    }
    if (accountBound.includes(resourceType)) {
      const arn = textOf(reading(outputs["arn"]));
      const account = arn.kind === "known" ? accountOf(arn.value) : undefined;
      if (account !== undefined && account !== "") {
        shown.add(account);
      }
    }
  }
  const [only, ...others] = shown;
  return others.length === 0 ? only : undefined;
}

const absent: KeyValue = { kind: "absent" };
const any: KeyValue = { kind: "any" };

/** What every request says that comes to AWS over TLS, from a principal and not from a service. */
const ofPrincipals: readonly (readonly [string, KeyValue])[] = [
  ["aws:securetransport", { kind: "is", forms: ["true"] }],
  ["aws:principalisawsservice", { kind: "is", forms: ["false"] }],
  ["aws:viaawsservice", { kind: "is", forms: ["false"] }],
  ["s3:tlsversion", any],
];

/** Whose resources a request uses: those of the stack's own account, or another's. */
export type Uses = "the stack's account" | "another account";

/** What a request says of the resource that it uses. */
function usedResources(account: string | undefined, uses: Uses): readonly (readonly [string, KeyValue])[] {
  return uses === "the stack's account"
    ? [["aws:resourceaccount", account === undefined ? any : { kind: "is", forms: [account] }]]
    : [
        ["aws:resourceaccount", { kind: "other-than", isExcluded: (text) => text === account }],
        ["aws:resourceorgid", absent],
        ["aws:resourceorgpaths", absent],
      ];
}

/** Whether an ARN is of an account; what is of the stack is named by its URN. */
function isOfAccount(account: string | undefined): (arn: string) => boolean {
  return (arn) => arn.startsWith("urn:pulumi:") || (account !== undefined && accountOf(arn) === account);
}

/** A principal of some other account, by no endpoint of the stack. The organisation that a policy names is the customer's own. */
export function foreigner(
  account: string | undefined,
  uses: Uses,
  isOwnEndpoint: (text: string) => boolean,
): Caller {
  const isOwn = (text: string): boolean => text === account;
  return {
    mayBe: ({ type, value }) => {
      switch (type) {
        case "AWS":
          return value === "*" || !isOwn(accountOf(value) ?? value);
        case "Service":
          return false;
        default:
          return true;
      }
    },
    keys: new Map<string, KeyValue>([
      ...ofPrincipals,
      ["aws:principalaccount", { kind: "other-than", isExcluded: isOwn }],
      ["aws:sourceaccount", { kind: "other-than", isExcluded: isOwn }],
      ["aws:principalarn", { kind: "other-than", isExcluded: isOfAccount(account) }],
      ["aws:principalorgid", absent],
      ["aws:principalorgpaths", absent],
      ["aws:sourceorgid", absent],
      ["aws:sourcevpce", { kind: "other-than", isExcluded: isOwnEndpoint }],
      ["aws:vpceaccount", { kind: "other-than", isExcluded: isOwn }],
      ...usedResources(account, uses),
    ]),
  };
}

/** What is known of a principal of the stack's own account. */
export interface OwnCaller {
  /** The forms in which a policy may name it; or that it may be any, or one that no policy names. */
  readonly who: { readonly forms: readonly string[] } | "anybody" | "somebody whom nothing names";
  /** The URN of the endpoint by which it calls, another endpoint than those of the stack, or none. */
  readonly by: { readonly endpoint: string } | "another endpoint" | "no endpoint";
  readonly uses: Uses;
}

/** A principal of the stack's own account. */
export function own(
  account: string | undefined,
  { who, by, uses }: OwnCaller,
  isOwnEndpoint: (text: string) => boolean,
): Caller {
  const isOwn = (text: string): boolean => text === account;
  const endpoint: KeyValue =
    by === "no endpoint"
      ? absent
      : by === "another endpoint"
        ? { kind: "other-than", isExcluded: isOwnEndpoint }
        : { kind: "is", forms: [by.endpoint] };
  return {
    mayBe: ({ type, value }) => type === "AWS" && (value === "*" || isOwn(accountOf(value) ?? value)),
    keys: new Map<string, KeyValue>([
      ...ofPrincipals,
      ["aws:principalaccount", account === undefined ? any : { kind: "is", forms: [account] }],
      [
        "aws:principalarn",
        who === "anybody"
          ? any
          : who === "somebody whom nothing names"
            ? { kind: "other-than", isExcluded: (text) => !/[*?]/.test(text) }
            : { kind: "is", forms: who.forms },
      ],
      ["aws:sourcevpce", endpoint],
      ["aws:sourcevpc", by === "no endpoint" ? absent : any],
      ["aws:vpceaccount", by === "no endpoint" ? absent : any],
      ...usedResources(account, uses),
    ]),
  };
}

/** A service of AWS that acts for somebody of another account (IAM user guide, "The confused deputy problem"). */
export function serviceForOthers(account: string | undefined): Caller {
  const isOwn = (text: string): boolean => text === account;
  return {
    mayBe: ({ type, value }) => type === "Service" || (type === "AWS" && value === "*"),
    keys: new Map<string, KeyValue>([
      ["aws:principalisawsservice", { kind: "is", forms: ["true"] }],
      ["aws:viaawsservice", { kind: "is", forms: ["false"] }],
      ["aws:sourceaccount", { kind: "other-than", isExcluded: isOwn }],
      ["aws:sourcearn", { kind: "other-than", isExcluded: isOfAccount(account) }],
      ["aws:sourceorgid", absent],
      ["aws:sourcevpce", absent],
      ["aws:sourcevpc", absent],
      ["aws:principalaccount", absent],
      ["aws:principalarn", absent],
      ["aws:principalorgid", absent],
    ]),
  };
}

/**
 * Whether an ARN, or a pattern of one, may be that of something that is neither the account's own nor AWS's.
 *
 * Buckets have no account in their ARN: they are the account's own if they are in the stack.
 */
export function mayBeForeign(
  resource: string,
  account: string | undefined,
  isInStack: (text: string) => boolean,
): boolean {
  if (resource.startsWith("urn:pulumi:")) {
    return false;
  }
  const parts = arnPattern.exec(resource)?.groups;
  if (parts === undefined) {
    return true;
  }
  const { service = "", account: named = "", resource: name = "" } = parts;
  if (service === "s3") {
    const [bucket = ""] = name.split("/");
    return !isInStack(`${resource.slice(0, resource.length - name.length)}${bucket}`);
  }
  // Models, managed policies and the like belong to AWS: their ARNs name no account, or `aws` for one.
  return named !== "" && named !== "aws" && named !== account;
}
