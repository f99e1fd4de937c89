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
 * The account of a stack: the only one that its providers may be used in (`allowedAccountIds`), which the providers
 * themselves check, or that of what exists already. `undefined` where nothing shows it, where there are several, or where
 * one provider says nothing: what it makes may be in any account.
 */
export function ownAccount(graph: StackGraph): string | undefined {
  const shown = new Set<string>();
  const providers = new Map<unknown, readonly string[]>();
  for (const { resourceType, outputs, providerInputs } of graph.nodes) {
    if (providerInputs !== undefined && resourceType.startsWith("aws:")) {
      const raw = providerInputs["allowedAccountIds"];
      providers.set(raw, providers.get(raw) ?? allowedAccounts(providerInputs));
    }
    if (accountBound.includes(resourceType)) {
      const arn = textOf(reading(outputs["arn"]));
      const account = arn.kind === "known" ? accountOf(arn.value) : undefined;
      if (account !== undefined && account !== "") {
        shown.add(account);
      }
    }
  }
  const bound = [...providers.values()];
  if (bound.every(({ length }) => length === 1)) {
    bound.flat().forEach((account) => shown.add(account));
  }
  const [only, ...others] = shown;
  return others.length === 0 ? only : undefined;
}

/** What belongs to whoever owns the stack, as far as the stack shows it. */
export interface Perimeter {
  readonly account: string | undefined;
  /** Whether a text, in its one form, is an endpoint of the stack. */
  readonly isOwnEndpoint: (text: string) => boolean;
  /** Whether a text, in its one form, is a network of the stack. */
  readonly isOwnNetwork: (text: string) => boolean;
  /** Whether an organisation that a policy names is taken for the owner's. */
  readonly trustsOrganizations: boolean;
}

const absent: KeyValue = { kind: "absent" };
const any: KeyValue = { kind: "any" };

function otherThan(isExcluded: (text: string) => boolean): KeyValue {
  return { kind: "other-than", isExcluded };
}

/** A key that requests may lack, and otherwise say something else in than the owner's. */
function absentOrOtherThan(isExcluded: (text: string) => boolean): KeyValue {
  return { kind: "either", of: [absent, otherThan(isExcluded)] };
}

/** One organisation, or accounts below a part of it, and no pattern of several (IAM user guide, "aws:PrincipalOrgPaths"). */
const oneOrganization = /^o-[a-z0-9]{10,32}(?:\/[a-z0-9/*-]*)?$/;

/** The organisation of somebody who is not of the owner's. */
function otherOrganization({ trustsOrganizations }: Perimeter): KeyValue {
  return trustsOrganizations ? absentOrOtherThan((text) => oneOrganization.test(text)) : any;
}

/** Whose resources a request uses: those of the stack's own account, or another's. */
export type Uses = "the stack's account" | "another account";

/** What a request says of the resource that it uses. */
function usedResources(perimeter: Perimeter, uses: Uses): readonly (readonly [string, KeyValue])[] {
  const { account } = perimeter;
  const isOwn = (text: string): boolean => text === account;
  const ofOwner: KeyValue = account === undefined ? any : { kind: "is", forms: [account] };
  return uses === "the stack's account"
    ? [
        ["aws:resourceaccount", ofOwner],
        ["s3:resourceaccount", ofOwner],
      ]
    : [
        ["aws:resourceaccount", absentOrOtherThan(isOwn)],
        ["s3:resourceaccount", absentOrOtherThan(isOwn)],
        ["aws:resourceorgid", otherOrganization(perimeter)],
        ["aws:resourceorgpaths", otherOrganization(perimeter)],
      ];
}

/** Whether an ARN, or a pattern of one, is of an account alone; what is of the stack is named by its URN. */
function isOfAccount(account: string | undefined): (arn: string) => boolean {
  return (arn) => {
    const { service = "*", region = "*", account: named } = arnPattern.exec(arn)?.groups ?? {};
    // A star before the account may stand for more than one part, and so for another account.
    const isFixed = !/[*?]/.test(service + region);
    return arn.startsWith("urn:pulumi:") || (account !== undefined && isFixed && named === account);
  };
}

/** From where principals of other accounts call: from outside of the stack, or by an endpoint of it. */
export type ComesBy = "no endpoint of the stack" | "an endpoint of the stack";

/**
 * Principals of other accounts: whoever comes from where it is asked, and those that a policy names, wherever they come
 * from.
 */
export function foreigners(
  perimeter: Perimeter,
  uses: Uses,
  comesBy: ComesBy = "no endpoint of the stack",
): readonly Caller[] {
  const { account, isOwnEndpoint, isOwnNetwork } = perimeter;
  const isOwn = (text: string): boolean => text === account;
  const fromAnywhere = (isNamed: boolean): boolean => isNamed || comesBy === "an endpoint of the stack";
  const keys = (isNamed: boolean): Caller["keys"] =>
    new Map<string, KeyValue>([
      ["aws:principalisawsservice", { kind: "is", forms: ["false"] }],
      // Whoever is not known at all says nothing of a principal.
      ["aws:principalaccount", absentOrOtherThan(isOwn)],
      ["aws:principalarn", absentOrOtherThan(isOfAccount(account))],
      ["aws:sourceaccount", absentOrOtherThan(isOwn)],
      ["aws:sourceowner", absentOrOtherThan(isOwn)],
      ["aws:sourcearn", absentOrOtherThan(isOfAccount(account))],
      ["aws:principalorgid", otherOrganization(perimeter)],
      ["aws:principalorgpaths", otherOrganization(perimeter)],
      ["aws:sourceorgid", otherOrganization(perimeter)],
      ["aws:sourcevpce", fromAnywhere(isNamed) ? any : absentOrOtherThan(isOwnEndpoint)],
      ["aws:sourcevpc", fromAnywhere(isNamed) ? any : absentOrOtherThan(isOwnNetwork)],
      ["aws:vpceaccount", fromAnywhere(isNamed) ? any : absentOrOtherThan(isOwn)],
      ["kms:calleraccount", otherThan(isOwn)],
      ["s3:dataaccesspointaccount", absentOrOtherThan(isOwn)],
      ...usedResources(perimeter, uses),
    ]);
  const isAnybody = ({ type, value }: { readonly type: string; readonly value: string }): boolean =>
    type === "AWS" && value === "*";
  return [
    { mayBe: isAnybody, keys: keys(false) },
    {
      mayBe: (principal) => {
        switch (principal.type) {
          case "AWS":
            return !isAnybody(principal) && !isOwn(accountOf(principal.value) ?? principal.value);
          case "Service":
            return false;
          default:
            return true;
        }
      },
      keys: keys(true),
    },
  ];
}

/** What is known of a principal of the stack's own account. */
export interface OwnCaller {
  /** The forms in which a policy may name it; or that it may be any, or one that no policy names. */
  readonly who: { readonly forms: readonly string[] } | "anybody" | "somebody whom nothing names";
  /** The URN of the endpoint by which it calls, another endpoint than those of the stack, or none. */
  readonly by: { readonly endpoint: string } | "another endpoint" | "no endpoint";
  readonly uses: Uses;
}

const ownCallers = new WeakMap<Perimeter, Map<string, Caller>>();

/** A principal of the stack's own account, which calls by itself and not through a service. Each is made once. */
export function own(perimeter: Perimeter, asked: OwnCaller): Caller {
  const { who, by, uses } = asked;
  const key = [
    uses,
    typeof by === "string" ? by : `by ${by.endpoint}`,
    ...(typeof who === "string" ? [who] : ["forms", ...who.forms]),
  ].join("\n");
  const known = ownCallers.get(perimeter) ?? new Map<string, Caller>();
  ownCallers.set(perimeter, known);
  const caller = known.get(key) ?? ownCaller(perimeter, asked);
  known.set(key, caller);
  return caller;
}

function ownCaller(perimeter: Perimeter, { who, by, uses }: OwnCaller): Caller {
  const { account, isOwnEndpoint, isOwnNetwork } = perimeter;
  const isOwn = (text: string): boolean => text === account;
  const ofOwner: KeyValue = account === undefined ? any : { kind: "is", forms: [account] };
  const [endpoint, network]: readonly [KeyValue, KeyValue] =
    by === "no endpoint"
      ? [absent, absent]
      : by === "another endpoint"
        ? [otherThan(isOwnEndpoint), otherThan(isOwnNetwork)]
        : [{ kind: "is", forms: [by.endpoint] }, any];
  return {
    mayBe: ({ type, value }) => type === "AWS" && (value === "*" || isOwn(accountOf(value) ?? value)),
    keys: new Map<string, KeyValue>([
      ["aws:principalisawsservice", { kind: "is", forms: ["false"] }],
      ["aws:viaawsservice", { kind: "is", forms: ["false"] }],
      ["aws:principalaccount", ofOwner],
      ["kms:calleraccount", ofOwner],
      [
        "aws:principalarn",
        who === "anybody"
          ? any
          : who === "somebody whom nothing names"
            ? otherThan((text) => !/[*?]/.test(text))
            : { kind: "is", forms: who.forms },
      ],
      ["aws:sourcevpce", endpoint],
      ["aws:sourcevpc", network],
      ["aws:vpceaccount", by === "no endpoint" ? absent : any],
      ...usedResources(perimeter, uses),
    ]),
  };
}

/** A service of AWS that acts for somebody: of another account (IAM user guide, "The confused deputy problem"), or for whomever. */
export function service({ account }: Perimeter, actsFor: "another account" | "anybody"): Caller {
  const isOwn = (text: string): boolean => text === account;
  const ofOthers = (isExcluded: (text: string) => boolean): KeyValue =>
    actsFor === "anybody" ? any : absentOrOtherThan(isExcluded);
  return {
    mayBe: ({ type, value }) =>
      type === "Service" || (actsFor === "another account" && type === "AWS" && value === "*"),
    keys: new Map<string, KeyValue>([
      ["aws:principalisawsservice", { kind: "is", forms: ["true"] }],
      ["aws:viaawsservice", { kind: "is", forms: ["false"] }],
      ["aws:sourceaccount", ofOthers(isOwn)],
      ["aws:sourceowner", ofOthers(isOwn)],
      ["aws:sourcearn", ofOthers(isOfAccount(account))],
      ["aws:sourceorgid", ofOthers((text) => oneOrganization.test(text))],
      ["kms:encryptioncontext:aws:logs:arn", ofOthers(isOfAccount(account))],
      ["kms:encryptioncontext:aws:cloudtrail:arn", ofOthers(isOfAccount(account))],
      ["kms:calleraccount", ofOthers(isOwn)],
      ["aws:sourcevpce", absent],
      ["aws:sourcevpc", absent],
      ["aws:principalaccount", absent],
      ["aws:principalarn", absent],
      ["aws:principalorgid", absent],
      ["aws:principalorgpaths", absent],
    ]),
  };
}

/** ARNs without an account that are nevertheless AWS's own, and that nobody else can put anything into. */
const ofAws = /^arn:aws[a-z-]*:(?:bedrock:[a-z0-9-]+::foundation-model\/|iam::aws:)/;

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
  if (resource.startsWith("urn:pulumi:") || ofAws.test(resource)) {
    return false;
  }
  const parts = arnPattern.exec(resource)?.groups;
  if (parts === undefined) {
    return true;
  }
  const { service: of = "", account: named = "", resource: name = "" } = parts;
  if (of === "s3" && named === "") {
    const [bucket = ""] = name.split("/");
    return !isInStack(`${resource.slice(0, resource.length - name.length)}${bucket}`);
  }
  return named !== account || /[*?]/.test(of);
}
