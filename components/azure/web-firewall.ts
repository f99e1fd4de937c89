import type * as network from "@pulumi/azure-native/network";

import type { EdgeClient } from "../../model/edge";

import { identityHeaders } from "./client-headers";

/** Requests of one address in five minutes, above which it is refused for a while. */
const mostRequests = 2000;

/** The longest request, all of which is looked into (Azure documentation, "Web Application Firewall request size limits"). */
const longestRequestKb = 2000;

/** Azure's own groups of rules (Azure documentation, "Web Application Firewall DRS and CRS rule groups and rules"). */
const managedRuleSets = [
  { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion: "2.1" },
  { ruleSetType: "Microsoft_BotManagerRuleSet", ruleSetVersion: "1.1" },
];

type CustomRules = NonNullable<network.WebApplicationFirewallPolicyArgs["customRules"]>;

/** A rule that refuses. None allows: what a rule allows, no other rule looks at. */
interface Rule {
  /** Letters and digits only. */
  readonly name: string;
  readonly condition: {
    readonly variable: "RequestHeaders" | "RemoteAddr";
    readonly selector?: string;
    readonly operator: "Any" | "BeginsWith" | "IPMatch";
    readonly values: readonly string[];
    /** Whether it is what does not match that is refused. */
    readonly negated: boolean;
  };
  /** Whether it refuses only what comes too often from one address. */
  readonly isLimit?: true;
}

/** Whoever claims by himself what the entrance of programs says of its clients. */
function claimedIdentities(): readonly Rule[] {
  return Object.keys(identityHeaders).map((selector) => ({
    name: `Claimed${selector.replaceAll("-", "")}`,
    condition: { variable: "RequestHeaders", selector, operator: "Any", values: [], negated: false },
  }));
}

/** Whoever brings no token. `ai-gateway` verifies it; the firewall sees that there is one (RFC 6750 §2.1). */
const withoutToken: Rule = {
  name: "NoBearerToken",
  condition: {
    variable: "RequestHeaders",
    selector: "Authorization",
    operator: "BeginsWith",
    values: ["bearer "],
    negated: true,
  },
};

/** Any address: none is 255.255.255.255 (Azure documentation, "Create rate limiting custom rules"). */
const tooMany: Rule = {
  name: "TooManyRequests",
  condition: { variable: "RemoteAddr", operator: "IPMatch", values: ["255.255.255.255/32"], negated: true },
  isLimit: true,
};

function customRules(rules: readonly Rule[]): CustomRules {
  return rules.map(({ name, condition, isLimit }, index) => ({
    name,
    priority: index + 1,
    state: "Enabled",
    action: "Block",
    ...(isLimit === true
      ? {
          ruleType: "RateLimitRule",
          rateLimitDuration: "FiveMins",
          rateLimitThreshold: mostRequests,
          groupByUserSession: [{ groupByVariables: [{ variableName: "ClientAddr" }] }],
        }
      : { ruleType: "MatchRule" }),
    matchConditions: [
      {
        matchVariables: [
          {
            variableName: condition.variable,
            ...(condition.selector === undefined ? {} : { selector: condition.selector }),
          },
        ],
        operator: condition.operator,
        negationConditon: condition.negated,
        matchValues: [...condition.values],
        transforms: condition.operator === "BeginsWith" ? ["Lowercase"] : [],
      },
    ],
  }));
}

/**
 * The web firewall of an entrance. It refuses, rather than record, and what it records holds neither tokens nor what a
 * request asks for.
 */
export function webFirewall(
  client: EdgeClient,
): Pick<network.WebApplicationFirewallPolicyArgs, "policySettings" | "managedRules" | "customRules"> {
  return {
    policySettings: {
      state: "Enabled",
      mode: "Prevention",
      requestBodyCheck: true,
      requestBodyEnforcement: true,
      requestBodyInspectLimitInKB: longestRequestKb,
      maxRequestBodySizeInKb: longestRequestKb,
      fileUploadEnforcement: true,
      fileUploadLimitInMb: 100,
      logScrubbing: {
        state: "Enabled",
        scrubbingRules: [
          ...["Authorization", "Cookie"].map((selector) => ({
            matchVariable: "RequestHeaderNames",
            selectorMatchOperator: "Equals",
            selector,
            state: "Enabled",
          })),
          ...["RequestArgNames", "RequestPostArgNames", "RequestJSONArgNames", "RequestCookieNames"].map(
            (matchVariable) => ({ matchVariable, selectorMatchOperator: "EqualsAny", state: "Enabled" }),
          ),
        ],
      },
    },
    managedRules: { managedRuleSets, exclusions: [] },
    customRules: customRules([
      ...(client === "clinician" ? [...claimedIdentities(), withoutToken] : []),
      tooMany,
    ]),
  };
}
